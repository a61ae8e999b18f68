package main

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// The functions of this file behave as Terraform's documentation says of those that it does not share with a library.

func text(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.String}
}

func anyValue(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType}
}

func typed(ty cty.Type, parameters []function.Parameter, compute func([]cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: parameters,
		Type:   function.StaticReturnType(ty),
		Impl:   func(arguments []cty.Value, _ cty.Type) (cty.Value, error) { return compute(arguments) },
	})
}

// untyped is a function whose type is that of its value.
func untyped(
	parameters []function.Parameter, variadic *function.Parameter, compute func([]cty.Value) (cty.Value, error),
) function.Function {
	return function.New(&function.Spec{
		Params:   parameters,
		VarParam: variadic,
		Type: func(arguments []cty.Value) (cty.Type, error) {
			value, err := compute(arguments)
			if err != nil {
				return cty.NilType, err
			}
			return value.Type(), nil
		},
		Impl: func(arguments []cty.Value, _ cty.Type) (cty.Value, error) { return compute(arguments) },
	})
}

var bools = []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}}

var allTrue = typed(cty.Bool, bools, func(arguments []cty.Value) (cty.Value, error) {
	for _, value := range arguments[0].AsValueSlice() {
		if value.IsNull() || value.False() {
			return cty.False, nil
		}
	}
	return cty.True, nil
})

var anyTrue = typed(cty.Bool, bools, func(arguments []cty.Value) (cty.Value, error) {
	for _, value := range arguments[0].AsValueSlice() {
		if !value.IsNull() && value.True() {
			return cty.True, nil
		}
	}
	return cty.False, nil
})

var nullable = &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true}

var coalesce = untyped(nil, nullable, func(arguments []cty.Value) (cty.Value, error) {
	types := make([]cty.Type, len(arguments))
	for i, value := range arguments {
		types[i] = value.Type()
	}
	common, _ := convert.UnifyUnsafe(types)
	if common == cty.NilType {
		return cty.NilVal, errors.New("all arguments must have the same type")
	}
	for _, value := range arguments {
		value, err := convert.Convert(value, common)
		if err != nil {
			return cty.NilVal, err
		}
		if !value.IsNull() && !value.RawEquals(cty.StringVal("")) {
			return value, nil
		}
	}
	return cty.NilVal, errors.New("no argument is there")
})

func textPredicate(second string, compute func(string, string) bool) function.Function {
	return typed(cty.Bool, []function.Parameter{text("str"), text(second)}, func(arguments []cty.Value) (cty.Value, error) {
		return cty.BoolVal(compute(arguments[0].AsString(), arguments[1].AsString())), nil
	})
}

var (
	startsWith  = textPredicate("prefix", strings.HasPrefix)
	endsWith    = textPredicate("suffix", strings.HasSuffix)
	strContains = textPredicate("substr", strings.Contains)
)

func isList(ty cty.Type) bool {
	return ty.IsListType() || ty.IsSetType() || ty.IsTupleType()
}

var index = typed(cty.Number, []function.Parameter{anyValue("list"), anyValue("value")},
	func(arguments []cty.Value) (cty.Value, error) {
		if ty := arguments[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, errors.New("a list is required")
		}
		for i, value := range arguments[0].AsValueSlice() {
			if value.Equals(arguments[1]).True() {
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, errors.New("the value is not in the list")
	})

var length = typed(cty.Number, []function.Parameter{anyValue("value")}, func(arguments []cty.Value) (cty.Value, error) {
	ty := arguments[0].Type()
	switch {
	case ty == cty.String:
		return stdlib.Strlen(arguments[0])
	case isList(ty) || ty.IsMapType():
		return cty.NumberIntVal(int64(arguments[0].LengthInt())), nil
	case ty.IsObjectType():
		return cty.NumberIntVal(int64(len(ty.AttributeTypes()))), nil
	}
	return cty.NilVal, errors.New("the value has no length")
})

var lookup = untyped([]function.Parameter{anyValue("map"), text("key")}, nullable,
	func(arguments []cty.Value) (cty.Value, error) {
		ty, key := arguments[0].Type(), arguments[1].AsString()
		if !ty.IsMapType() && !ty.IsObjectType() || len(arguments) > 3 {
			return cty.NilVal, errors.New("a map, a key and at most one default are required")
		}
		fallback := cty.NilVal
		if len(arguments) == 3 {
			fallback = arguments[2]
			if ty.IsMapType() {
				var err error
				if fallback, err = convert.Convert(fallback, ty.ElementType()); err != nil {
					return cty.NilVal, err
				}
			}
		}
		if value, there := arguments[0].AsValueMap()[key]; there {
			return value, nil
		}
		if fallback == cty.NilVal {
			return cty.NilVal, errors.New("the key is not there")
		}
		return fallback, nil
	})

var dynamicList = cty.List(cty.DynamicPseudoType)

var matchKeys = untyped(
	[]function.Parameter{{Name: "values", Type: dynamicList}, {Name: "keys", Type: dynamicList}, {Name: "searchset", Type: dynamicList}},
	nil,
	func(arguments []cty.Value) (cty.Value, error) {
		common, _ := convert.UnifyUnsafe([]cty.Type{arguments[1].Type(), arguments[2].Type()})
		if common == cty.NilType {
			return cty.NilVal, errors.New("keys and searchset must be of one type")
		}
		keys, err := convert.Convert(arguments[1], common)
		if err != nil {
			return cty.NilVal, err
		}
		wanted, err := convert.Convert(arguments[2], common)
		if err != nil {
			return cty.NilVal, err
		}
		values := arguments[0].AsValueSlice()
		if len(values) != keys.LengthInt() {
			return cty.NilVal, errors.New("keys and values must be of one length")
		}
		found := []cty.Value{}
		for i, key := range keys.AsValueSlice() {
			for _, item := range wanted.AsValueSlice() {
				if key.Equals(item).True() {
					found = append(found, values[i])
					break
				}
			}
		}
		if len(found) == 0 {
			return cty.ListValEmpty(arguments[0].Type().ElementType()), nil
		}
		return cty.ListVal(found), nil
	})

var one = untyped([]function.Parameter{anyValue("list")}, nil, func(arguments []cty.Value) (cty.Value, error) {
	ty := arguments[0].Type()
	if !isList(ty) || arguments[0].LengthInt() > 1 {
		return cty.NilVal, errors.New("a list of no or one element is required")
	}
	for _, value := range arguments[0].AsValueSlice() {
		return value, nil
	}
	if ty.IsTupleType() {
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	return cty.NullVal(ty.ElementType()), nil
})

var replace = typed(cty.String, []function.Parameter{text("string"), text("substring"), text("replacement")},
	func(arguments []cty.Value) (cty.Value, error) {
		value, search, replacement := arguments[0].AsString(), arguments[1].AsString(), arguments[2].AsString()
		if len(search) > 1 && strings.HasPrefix(search, "/") && strings.HasSuffix(search, "/") {
			pattern, err := regexp.Compile(search[1 : len(search)-1])
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(pattern.ReplaceAllString(value, replacement)), nil
		}
		return cty.StringVal(strings.ReplaceAll(value, search, replacement)), nil
	})

var sum = typed(cty.Number, []function.Parameter{anyValue("list")}, func(arguments []cty.Value) (cty.Value, error) {
	if !isList(arguments[0].Type()) || arguments[0].LengthInt() == 0 {
		return cty.NilVal, errors.New("a list with elements is required")
	}
	total := cty.Zero
	for _, value := range arguments[0].AsValueSlice() {
		number, err := convert.Convert(value, cty.Number)
		if err != nil || number.IsNull() {
			return cty.NilVal, errors.New("numbers are required")
		}
		total = total.Add(number)
	}
	return total, nil
})

var timeCmp = typed(cty.Number, []function.Parameter{text("a"), text("b")}, func(arguments []cty.Value) (cty.Value, error) {
	left, err := time.Parse(time.RFC3339, arguments[0].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	right, err := time.Parse(time.RFC3339, arguments[1].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	return cty.NumberIntVal(int64(left.Compare(right))), nil
})

var textLists = cty.Map(cty.List(cty.String))

var transpose = typed(textLists, []function.Parameter{{Name: "values", Type: textLists}},
	func(arguments []cty.Value) (cty.Value, error) {
		found := map[string][]string{}
		for key, list := range arguments[0].AsValueMap() {
			for _, value := range list.AsValueSlice() {
				found[value.AsString()] = append(found[value.AsString()], key)
			}
		}
		if len(found) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		result := map[string]cty.Value{}
		for value, keys := range found {
			sort.Strings(keys)
			items := make([]cty.Value, len(keys))
			for i, key := range keys {
				items[i] = cty.StringVal(key)
			}
			result[value] = cty.ListVal(items)
		}
		return cty.MapVal(result), nil
	})

var hashes = map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

func digest(name string, content []byte, base64Text bool) cty.Value {
	sum := hashes[name]()
	sum.Write(content)
	if base64Text {
		return cty.StringVal(base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	}
	return cty.StringVal(hex.EncodeToString(sum.Sum(nil)))
}

func base64Hash(name string) function.Function {
	return typed(cty.String, []function.Parameter{text("str")}, func(arguments []cty.Value) (cty.Value, error) {
		return digest(name, []byte(arguments[0].AsString()), true), nil
	})
}

func fileHash(base, name string, base64Text bool) function.Function {
	return typed(cty.String, []function.Parameter{text("path")}, func(arguments []cty.Value) (cty.Value, error) {
		content, err := os.ReadFile(filepath.Join(base, arguments[0].AsString()))
		if err != nil {
			return cty.NilVal, err
		}
		return digest(name, content, base64Text), nil
	})
}

func templateFile(base string, table map[string]function.Function) function.Function {
	return untyped([]function.Parameter{text("path"), anyValue("vars")}, nil, func(arguments []cty.Value) (cty.Value, error) {
		path := arguments[0].AsString()
		content, err := os.ReadFile(filepath.Join(base, path))
		if err != nil || !utf8.Valid(content) {
			return cty.NilVal, fmt.Errorf("%s cannot be read", path)
		}
		if ty := arguments[1].Type(); !ty.IsMapType() && !ty.IsObjectType() {
			return cty.NilVal, errors.New("the variables must be a map")
		}
		template, diagnostics := hclsyntax.ParseTemplate(content, path, hcl.InitialPos)
		if diagnostics.HasErrors() {
			return cty.NilVal, diagnostics
		}
		context := &hcl.EvalContext{Variables: arguments[1].AsValueMap(), Functions: map[string]function.Function{}}
		for name := range context.Variables {
			if !hclsyntax.ValidIdentifier(name) {
				return cty.NilVal, fmt.Errorf("%q is no name of a variable", name)
			}
		}
		for name, function := range table {
			if name != "templatefile" {
				context.Functions[name] = function
			}
		}
		value, diagnostics := template.Value(context)
		if diagnostics.HasErrors() {
			return cty.NilVal, diagnostics
		}
		return value, nil
	})
}

var charsets = map[string]encoding.Encoding{
	"UTF-8":    unicode.UTF8,
	"UTF-16LE": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"UTF-16BE": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

var textEncodeBase64 = typed(cty.String, []function.Parameter{text("string"), text("encoding")},
	func(arguments []cty.Value) (cty.Value, error) {
		charset, there := charsets[strings.ToUpper(arguments[1].AsString())]
		if !there {
			return cty.NilVal, errors.New("the encoding is not supported")
		}
		encoded, err := charset.NewEncoder().Bytes([]byte(arguments[0].AsString()))
		return cty.StringVal(base64.StdEncoding.EncodeToString(encoded)), err
	})

var textDecodeBase64 = typed(cty.String, []function.Parameter{text("source"), text("encoding")},
	func(arguments []cty.Value) (cty.Value, error) {
		charset, there := charsets[strings.ToUpper(arguments[1].AsString())]
		if !there {
			return cty.NilVal, errors.New("the encoding is not supported")
		}
		encoded, err := base64.StdEncoding.DecodeString(arguments[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		decoded, err := charset.NewDecoder().Bytes(encoded)
		return cty.StringVal(string(decoded)), err
	})
