package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// recordedResult is the type and value of an expression, or its first error.
//
// Types are written as declarations have them. Numbers are written as text with all their digits, since JSON readers
// round them; the type tells them from strings. A null has no value.
type recordedResult struct {
	Type  string         `json:"type,omitempty"`
	Value any            `json:"value,omitempty"`
	Error *recordedError `json:"error,omitempty"`
}

type recordedError struct {
	Summary string `json:"summary"`
	Line    int    `json:"line"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
}

// evaluate records a panic as an error: what the library cannot compute has no value either.
func evaluate(expression hclsyntax.Expression, context *hcl.EvalContext) (result recordedResult) {
	defer func() {
		if recover() != nil {
			start := expression.Range()
			result = recordedResult{Error: &recordedError{"panic", start.Start.Line, start.Start.Byte, start.End.Byte}}
		}
	}()
	value, diagnostics := expression.Value(context)
	if diagnostics.HasErrors() {
		return errorResult(diagnostics)
	}
	return recordedResult{Type: typeText(value.Type()), Value: plain(value)}
}

// errorResult records the error that stands first in the source.
func errorResult(diagnostics hcl.Diagnostics) recordedResult {
	var first *hcl.Diagnostic
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity != hcl.DiagError || diagnostic.Subject == nil {
			continue
		}
		if first == nil || diagnostic.Subject.Start.Byte < first.Subject.Start.Byte {
			first = diagnostic
		}
	}
	if first == nil {
		return recordedResult{Error: &recordedError{Summary: diagnostics[0].Summary}}
	}
	return recordedResult{Error: &recordedError{
		Summary: first.Summary,
		Line:    first.Subject.Start.Line,
		Start:   first.Subject.Start.Byte,
		End:     first.Subject.End.Byte,
	}}
}

func plain(value cty.Value) any {
	ty := value.Type()
	switch {
	case value.IsNull():
		return nil
	case !value.IsKnown():
		return "(unknown)"
	case ty == cty.String:
		return value.AsString()
	case ty == cty.Number:
		return value.AsBigFloat().Text('f', -1)
	case ty == cty.Bool:
		return value.True()
	case ty.IsListType() || ty.IsSetType() || ty.IsTupleType():
		items := []any{}
		for it := value.ElementIterator(); it.Next(); {
			_, item := it.Element()
			items = append(items, plain(item))
		}
		return items
	case ty.IsMapType() || ty.IsObjectType():
		entries := map[string]any{}
		for it := value.ElementIterator(); it.Next(); {
			key, item := it.Element()
			entries[key.AsString()] = plain(item)
		}
		return entries
	case ty.IsCapsuleType():
		return *value.EncapsulatedValue().(*string)
	}
	panic("a value of type " + ty.FriendlyName())
}

func typeText(ty cty.Type) string {
	switch {
	case ty == cty.DynamicPseudoType:
		return "any"
	case ty.IsPrimitiveType():
		return ty.FriendlyName()
	case ty.IsListType():
		return fmt.Sprintf("list(%s)", typeText(ty.ElementType()))
	case ty.IsSetType():
		return fmt.Sprintf("set(%s)", typeText(ty.ElementType()))
	case ty.IsMapType():
		return fmt.Sprintf("map(%s)", typeText(ty.ElementType()))
	case ty.IsTupleType():
		elements := []string{}
		for _, element := range ty.TupleElementTypes() {
			elements = append(elements, typeText(element))
		}
		return fmt.Sprintf("tuple([%s])", strings.Join(elements, ", "))
	case ty.IsObjectType():
		attributes := []string{}
		for name, attribute := range ty.AttributeTypes() {
			attributes = append(attributes, fmt.Sprintf("%s = %s", name, typeText(attribute)))
		}
		sort.Strings(attributes)
		return fmt.Sprintf("object({%s})", strings.Join(attributes, ", "))
	case ty.IsCapsuleType():
		return "reference"
	}
	panic("the type " + ty.FriendlyName())
}
