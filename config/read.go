package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// place is where something was written.
type place struct {
	file      string
	line, col int
}

// reader lays YAML files over a pack, one after the other, and remembers
// where each value stands. The files of the default pack and the overlay are
// read by the same rules: a field that is named is set, one that is not keeps
// its value, an entry of a list with ids changes the entry of that id or adds
// one, any other list is replaced as a whole.
//
// It walks the syntax tree itself instead of asking the library to decode,
// because the library stops at the first error and knows no lists by id.
type reader struct {
	file     string
	places   map[string]place // path → where its value stands
	problems Problems
}

// read lays text over whole, a pointer to a struct.
func (r *reader) read(file string, text []byte, whole any) {
	r.file = file
	root, ok := r.parse(text)
	if ok && root != nil {
		r.value(root, reflect.ValueOf(whole).Elem(), "")
	}
}

// parse returns the one document of text; nil where it is empty.
func (r *reader) parse(text []byte) (ast.Node, bool) {
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p := Problem{File: r.file, Reading: "YAML", Right: err.Error()}
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil && syntax.Token.Position != nil {
			p.Line, p.Col = syntax.Token.Position.Line, syntax.Token.Position.Column
			p.Text, p.Right = strings.TrimSpace(syntax.Token.Origin), "this is not YAML: "+syntax.Message
		}
		r.problems = append(r.problems, p)
		return nil, false
	}
	var root ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType:
		case root != nil:
			r.bad(doc.Body, "", "", "a second document; one file holds one, without ---")
		default:
			root = doc.Body
		}
	}
	return root, true
}

// value sets into from n. A key with nothing behind it says nothing: its
// entries may be commented out. An empty value is written "" or [].
func (r *reader) value(n ast.Node, into reflect.Value, path string) {
	if n == nil || n.Type() == ast.NullType {
		return
	}
	r.places[path] = r.at(n)
	if t, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		r.text(n, path, func(s string) error { return t.UnmarshalText([]byte(s)) })
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		r.fields(n, into, path)
	case reflect.Map:
		r.entries(n, into, path)
	case reflect.Slice:
		r.list(n, into, path)
	default:
		r.scalar(n, into, path)
	}
}

// fields sets the fields of a struct that n names.
func (r *reader) fields(n ast.Node, into reflect.Value, path string) {
	m, ok := r.mapping(n, path)
	if !ok {
		return
	}
	known := fieldsOf(into)
	for _, kv := range r.once(m, path) {
		key := kv.Key.GetToken().Value
		field, ok := known[key]
		if !ok {
			r.bad(kv.Key, path, key, suggest("no such key here", key, keysOf(known)))
			continue
		}
		r.value(kv.Value, field, join(path, key))
	}
}

// entries sets the entries of a map that n names, and keeps the others.
func (r *reader) entries(n ast.Node, into reflect.Value, path string) {
	m, ok := r.mapping(n, path)
	if !ok {
		return
	}
	if into.IsNil() {
		into.Set(reflect.MakeMap(into.Type()))
	}
	for _, kv := range r.once(m, path) {
		name := kv.Key.GetToken().Value
		key := reflect.New(into.Type().Key()).Elem()
		before := len(r.problems)
		r.scalar(kv.Key, key, join(path, name))
		if len(r.problems) > before {
			continue
		}
		v := reflect.New(into.Type().Elem()).Elem()
		r.value(kv.Value, v, join(path, name))
		into.SetMapIndex(key, v)
	}
}

// list replaces a list, or merges it by id where its entries have one.
func (r *reader) list(n ast.Node, into reflect.Value, path string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.bad(n, path, textOf(n), "a list belongs here, as in [a, b], not "+kindName(n))
		return
	}
	if id, ok := idField(into.Type().Elem()); ok {
		r.merge(seq, into, path, id)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(seq.Values), len(seq.Values)))
	for i, item := range seq.Values {
		r.value(item, into.Index(i), join(path, strconv.Itoa(i+1)))
	}
}

// merge changes the entries of a list by their ids; a new id adds an entry.
func (r *reader) merge(seq *ast.SequenceNode, into reflect.Value, path, idKey string) {
	index, here := map[string]int{}, map[string]place{}
	for i := range into.Len() {
		index[idText(into.Index(i), idKey)] = i
	}
	for _, item := range seq.Values {
		id, at := r.idOf(item, path, idKey)
		if id == "" {
			continue
		}
		if first, twice := here[id]; twice {
			r.bad(at, join(path, id), id, fmt.Sprintf("this %s stands twice; the first is on line %d", idKey, first.line))
			continue
		}
		here[id] = r.at(at)
		i, ok := index[id]
		if !ok {
			i = into.Len()
			into.Set(reflect.Append(into, reflect.Zero(into.Type().Elem())))
		}
		r.value(item, into.Index(i), join(path, id))
	}
}

// idOf finds the id of an entry and the node that holds it.
func (r *reader) idOf(item ast.Node, path, idKey string) (string, ast.Node) {
	m, ok := r.mapping(item, path)
	if !ok {
		return "", nil
	}
	for _, kv := range m.Values {
		if kv.Key.GetToken().Value == idKey {
			if id := strings.TrimSpace(textOf(kv.Value)); id != "" {
				return id, kv.Value
			}
		}
	}
	r.bad(item, path, "", fmt.Sprintf("an entry without %s; begin it with \"- %s: …\"", idKey, idKey))
	return "", nil
}

// scalar sets a string, number, truth value or duration.
func (r *reader) scalar(n ast.Node, into reflect.Value, path string) {
	r.text(n, path, func(s string) error { return parseInto(s, into) })
}

// text hands the text of a scalar to set and reports what set says of it.
func (r *reader) text(n ast.Node, path string, set func(string) error) {
	s, ok := scalarText(n)
	if !ok {
		r.bad(n, path, "", "one value belongs here, not "+kindName(n))
		return
	}
	if err := set(s); err != nil {
		r.bad(n, path, s, err.Error())
	}
}

// parseInto reads s as the kind of value that into is.
func parseInto(s string, into reflect.Value) error {
	if _, ok := into.Interface().(time.Duration); ok {
		d, err := time.ParseDuration(s)
		if err != nil {
			return errors.New("not a length of time; write it as 30s, 15m or 72h")
		}
		into.SetInt(int64(d))
		return nil
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(s)
	case reflect.Bool:
		if s != "true" && s != "false" {
			return errors.New("write true or false")
		}
		into.SetBool(s == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
		if err != nil {
			return errors.New("not a whole number; write it as 15")
		}
		into.SetInt(i)
	case reflect.Float64:
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f-f != 0 { // an infinity or not-a-number is no weight
			return errors.New("not a number; write it as 0.5")
		}
		into.SetFloat(f)
	default:
		panic(fmt.Sprintf("config: no way to read a %s", into.Type()))
	}
	return nil
}

// mapping returns n as keys and values.
func (r *reader) mapping(n ast.Node, path string) (*ast.MappingNode, bool) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.bad(n, path, textOf(n), "\"key: value\" lines belong here, not "+kindName(n))
	}
	return m, ok
}

// once returns the values of m and reports keys that stand twice.
func (r *reader) once(m *ast.MappingNode, path string) []*ast.MappingValueNode {
	seen := map[string]bool{}
	var out []*ast.MappingValueNode
	for _, kv := range m.Values {
		key := kv.Key.GetToken().Value
		if seen[key] {
			r.bad(kv.Key, path, key, "this key stands twice; keep one")
			continue
		}
		seen[key] = true
		out = append(out, kv)
	}
	return out
}

// bad reports what is wrong at n.
func (r *reader) bad(n ast.Node, path, text, right string) {
	at := r.at(n)
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Col: at.col, Reading: title(path), Text: text, Right: right})
}

// at is where n stands: for lines of keys the first key.
func (r *reader) at(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return place{file: r.file, line: 1, col: 1}
	}
	p := n.GetToken().Position
	return place{r.file, p.Line, p.Column}
}
