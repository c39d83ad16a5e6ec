package index

import (
	"fmt"
	"slices"
	"strings"

	"diembao/internal/vi"
)

// Schema says which keyword fields the documents of an index have and how
// people name them. A change of Version or of field names means a rebuild.
type Schema struct {
	Version string // the caller's own
	Fields  []Field
	Default []Filter // apply to every query unless it says all:
	// Synonyms are groups of words that mean the same: BHYT, bảo hiểm y tế. A
	// search for any finds all. They may change without a rebuild, and so may
	// Renames.
	Synonyms [][]string
	Renames  []Rename
	// Copy is the keyword field that holds the ID of the document that this
	// one is a copy of; copies of copies name the first. "" if there is none.
	Copy string
}

// Field is one keyword field.
type Field struct {
	Name    string            // in queries and in Doc.Keywords
	Aliases []string          // other names in queries: cap, tinh
	Label   map[string]string // the field in words, by language: "vi": "cấp"
	Values  []Value           // known values; others are taken as they are
	// Names says that the values are names, of which people type a part, in any
	// case, with marks or without.
	Names bool
	// Of names the field that this one stands for: documents have no values of
	// it, and Options.Means tells which of the other field are meant.
	Of string
}

// Value is a known value of a keyword field.
type Value struct {
	Name    string            // as in Doc.Keywords: local
	Aliases []string          // as people write it: "địa phương"
	Label   map[string]string // in words, by language: "vi": "báo địa phương"
}

// names used by the query language itself or kept for text.
var reserved = []string{"title", "lead", "body", "from", "to", "date", "all", FacetDay, FacetMonth}

// catalog is a schema made ready for look-ups: by folded names.
type catalog struct {
	Schema
	fields map[string]*Field
	values map[string]map[string]string // field → folded name or alias → value
	others *others
}

func newCatalog(s Schema) (*catalog, error) {
	c := &catalog{Schema: s, fields: map[string]*Field{}, values: map[string]map[string]string{}}
	for i := range s.Fields {
		f := &s.Fields[i]
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			key := vi.Fold(name)
			if key == "" || c.fields[key] != nil || slices.Contains(reserved, key) || strings.ContainsAny(key, " :\"()") {
				return nil, fmt.Errorf("index schema: field name %q is empty, taken or reserved", name)
			}
			c.fields[key] = f
		}
		c.values[f.Name] = map[string]string{}
		for _, v := range f.Values {
			for _, name := range append([]string{v.Name}, v.Aliases...) {
				c.values[f.Name][vi.Fold(vi.Key(name))] = v.Name
			}
		}
	}
	for _, f := range s.Default {
		if c.fields[vi.Fold(f.Field)] == nil {
			return nil, fmt.Errorf("index schema: default filter on unknown field %q", f.Field)
		}
	}
	for _, f := range s.Fields {
		if of := c.fields[vi.Fold(f.Of)]; f.Of != "" && (of == nil || of.Of != "") {
			return nil, fmt.Errorf("index schema: field %q stands for a field %q that documents do not have", f.Name, f.Of)
		}
	}
	if s.Copy != "" && (c.fields[vi.Fold(s.Copy)] == nil || c.fields[vi.Fold(s.Copy)].Name != s.Copy) {
		return nil, fmt.Errorf("index schema: copies are told by a field %q that it does not have", s.Copy)
	}
	var err error
	c.others, err = newOthers(s)
	return c, err
}

// field finds a field by name or alias, as typed.
func (c *catalog) field(name string) *Field { return c.fields[vi.Fold(vi.Key(name))] }

// value is the value of f that people may have meant by text.
func (c *catalog) value(f *Field, text string) string {
	text = strings.TrimSpace(text)
	if v, ok := c.values[f.Name][vi.Fold(vi.Key(text))]; ok {
		return v
	}
	return text
}

// label is the name of a field in words.
func (f *Field) label(lang string) string {
	if l := f.Label[lang]; l != "" {
		return l
	}
	return f.Name
}

// valueLabel is a value in words; named tells whether the label is one of
// the schema's, which needs no field name before it.
func (f *Field) valueLabel(value, lang string) (text string, named bool) {
	for _, v := range f.Values {
		if v.Name == value && v.Label[lang] != "" {
			return v.Label[lang], true
		}
	}
	return value, false
}

// fingerprint changes when documents must be indexed anew.
func (s Schema) fingerprint() string {
	var names []string
	for _, f := range s.Fields {
		if f.Of == "" {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return strings.Join([]string{Version, s.Version, strings.Join(names, ","), s.Copy}, "|")
}
