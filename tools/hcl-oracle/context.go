package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// variable is one of the names that the cases may use. Without a type its lists are tuples, its maps objects.
type variable struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
}

// readContext makes the variables of the given folder, and the functions.
func readContext(folder string) (*hcl.EvalContext, error) {
	path := filepath.Join(folder, "variables.json")
	var variables map[string]variable
	if err := readJSON(path, &variables); err != nil {
		return nil, err
	}
	context := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: functions(folder)}
	context.Functions["image"], context.Functions["secret"] = imageFunction, secretFunction
	for name, variable := range variables {
		value, err := variable.decode()
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, name, err)
		}
		context.Variables[name] = value
	}
	return context, nil
}

func (v variable) decode() (cty.Value, error) {
	implied, err := ctyjson.ImpliedType(v.Value)
	if err != nil {
		return cty.NilVal, err
	}
	value, err := ctyjson.Unmarshal(v.Value, implied)
	if err != nil || v.Type == "" {
		return value, err
	}
	expression, diagnostics := hclsyntax.ParseExpression([]byte(v.Type), "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return cty.NilVal, diagnostics
	}
	ty, diagnostics := typeexpr.TypeConstraint(expression)
	if diagnostics.HasErrors() {
		return cty.NilVal, diagnostics
	}
	return convert.Convert(value, ty)
}

// imageFunction knows the alias "web" only.
var imageFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "alias", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(arguments []cty.Value, _ cty.Type) (cty.Value, error) {
		if alias := arguments[0].AsString(); alias != "web" {
			return cty.NilVal, function.NewArgErrorf(0, "no image %q", alias)
		}
		return cty.StringVal("registry.example.com/web:1"), nil
	},
})

// referenceType is opaque, as references are to the language.
var referenceType = cty.Capsule("reference", reflect.TypeOf(""))

var secretFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "name", Type: cty.String}, {Name: "key", Type: cty.String}},
	Type:   function.StaticReturnType(referenceType),
	Impl: func(arguments []cty.Value, _ cty.Type) (cty.Value, error) {
		text := fmt.Sprintf("secret(%q, %q)", arguments[0].AsString(), arguments[1].AsString())
		return cty.CapsuleVal(referenceType, &text), nil
	},
})
