package config

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// fieldsOf maps the YAML keys of a struct to its fields; an inline struct
// lends its own keys.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("yaml")
		if tag == ",inline" {
			maps.Copy(out, fieldsOf(v.Field(i).Elem()))
			continue
		}
		field := v.Field(i)
		if field.Kind() == reflect.Pointer {
			field = field.Elem()
		}
		out[tag] = field
	}
	return out
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// idField names the key that tells the entries of a list apart: id, or level
// for the levels of a crisis.
func idField(t reflect.Type) (string, bool) {
	if t.Kind() != reflect.Struct {
		return "", false
	}
	for _, key := range []string{"id", "level"} {
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("yaml") == key {
				return key, true
			}
		}
	}
	return "", false
}

// idText is the id of an entry as it is written.
func idText(entry reflect.Value, idKey string) string {
	v := fieldsOf(entry)[idKey]
	if v.Kind() == reflect.Int {
		return strconv.FormatInt(v.Int(), 10)
	}
	return v.String()
}

// scalarText is the text of a single value.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// textOf is the text of a single value, or nothing.
func textOf(n ast.Node) string {
	s, _ := scalarText(n)
	return s
}

// kindName says in words what n is.
func kindName(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode:
		return "\"key: value\" lines"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AliasNode, *ast.AnchorNode:
		return "a reference; write the value out"
	}
	if _, ok := scalarText(n); ok {
		return "one value"
	}
	return "a " + strings.ToLower(n.Type().String())
}

// join makes the path of a part: the keys and ids that lead to it.
func join(parts ...string) string {
	if len(parts) > 1 && parts[0] == "" {
		parts = parts[1:]
	}
	return strings.Join(parts, "\x00")
}

// title is a path for people.
func title(path string) string { return strings.ReplaceAll(path, "\x00", " › ") }
