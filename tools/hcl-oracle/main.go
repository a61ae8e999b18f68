// Command hcl-oracle records what hashicorp/hcl, and the functions of Terraform, make of the conformance cases of kdef-lang.
//
// It reads expressions.json, functions.json, variables.json and documents/*.kdef of a folder and writes
// expressions.recorded.json, functions.recorded.json and documents.recorded.json beside them:
//
//	cd tools/hcl-oracle && go run . ../../crates/kdef-lang/tests/conformance
//
// Of a folder of folders that hold an in.kdef, it records what hclwrite formats each as, in hclwrite.kdef beside it:
//
//	cd tools/hcl-oracle && go run . ../../crates/kdef-syntax/tests/format
//
// The recordings are committed, so that this program is needed only when cases change.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: hcl-oracle FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "hcl-oracle:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	if documents, err := formatCases(folder); err != nil || len(documents) > 0 {
		return errors.Join(err, recordFormatted(documents))
	}
	context, err := readContext(folder)
	if err != nil {
		return err
	}
	for _, name := range []string{"expressions", "functions"} {
		if err := recordExpressions(folder, name, context); err != nil {
			return err
		}
	}
	return recordDocuments(folder, context)
}

// recordedExpression is an expression and its value, or its first error.
type recordedExpression struct {
	Expression string         `json:"expression"`
	Result     recordedResult `json:"result"`
}

// recordExpressions evaluates the expressions of every group as the value of an attribute.
func recordExpressions(folder, name string, context *hcl.EvalContext) error {
	var groups map[string][]string
	if err := readJSON(filepath.Join(folder, name+".json"), &groups); err != nil {
		return err
	}
	recorded := map[string][]recordedExpression{}
	for group, expressions := range groups {
		for _, expression := range expressions {
			source := []byte("value = " + expression + "\n")
			recorded[group] = append(recorded[group], recordedExpression{expression, evaluateSource(source, context)})
		}
	}
	return writeJSON(filepath.Join(folder, name+".recorded.json"), recorded)
}

func evaluateSource(source []byte, context *hcl.EvalContext) recordedResult {
	file, diagnostics := hclsyntax.ParseConfig(source, "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return errorResult(diagnostics)
	}
	return evaluate(file.Body.(*hclsyntax.Body).Attributes["value"].Expr, context)
}

// recordDocuments parses every document and evaluates its attributes.
func recordDocuments(folder string, context *hcl.EvalContext) error {
	paths, err := filepath.Glob(filepath.Join(folder, "documents", "*.kdef"))
	if err != nil {
		return err
	}
	recorded := map[string]recordedDocument{}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		recorded[filepath.Base(path)] = parseDocument(source, context)
	}
	return writeJSON(filepath.Join(folder, "documents.recorded.json"), recorded)
}

// recordedDocument is the content of a document, or its first error.
type recordedDocument struct {
	Body  *recordedBody  `json:"body,omitempty"`
	Error *recordedError `json:"error,omitempty"`
}

// recordedBody is what stands in a file or between the braces of a block, in source order.
type recordedBody struct {
	Attributes []recordedAttribute `json:"attributes"`
	Blocks     []recordedBlock     `json:"blocks"`
}

type recordedAttribute struct {
	Name   string         `json:"name"`
	Result recordedResult `json:"result"`
}

type recordedBlock struct {
	Kind   string       `json:"kind"`
	Labels []string     `json:"labels"`
	Body   recordedBody `json:"body"`
}

func parseDocument(source []byte, context *hcl.EvalContext) recordedDocument {
	file, diagnostics := hclsyntax.ParseConfig(source, "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return recordedDocument{Error: errorResult(diagnostics).Error}
	}
	body := recordBody(file.Body.(*hclsyntax.Body), context)
	return recordedDocument{Body: &body}
}

func recordBody(body *hclsyntax.Body, context *hcl.EvalContext) recordedBody {
	recorded := recordedBody{Attributes: []recordedAttribute{}, Blocks: []recordedBlock{}}
	attributes := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, attribute := range body.Attributes {
		attributes = append(attributes, attribute)
	}
	sort.Slice(attributes, func(i, j int) bool {
		return attributes[i].SrcRange.Start.Byte < attributes[j].SrcRange.Start.Byte
	})
	for _, attribute := range attributes {
		result := evaluate(attribute.Expr, context)
		recorded.Attributes = append(recorded.Attributes, recordedAttribute{attribute.Name, result})
	}
	for _, block := range body.Blocks {
		labels := append([]string{}, block.Labels...)
		recorded.Blocks = append(recorded.Blocks, recordedBlock{block.Type, labels, recordBody(block.Body, context)})
	}
	return recorded
}

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func writeJSON(path string, value any) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	return os.WriteFile(path, buffer.Bytes(), 0o644)
}
