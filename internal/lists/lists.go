// Package lists reads other people's lists: clip lists and exports of
// listening services in CSV and XLSX, and outlets in OPML. It finds out
// encoding, separator and what each column means, says what it took for what,
// and keeps values as they were written: reading dates and addresses is the
// caller's.
package lists

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"diembao/internal/vi"
)

// Item is one row of a list.
type Item struct {
	Line                          int // in the file, from 1
	URL, Title, Lead, Body        string
	Outlet, Author, Section       string
	Published                     string // as written; RFC 3339 where the file says that it is a date
	Medium                        string // as written; see Medium
	Page, Issue, Programme, Reach string
}

// columns are the fields of an item by their names in columns.yaml.
var columns = map[string]func(*Item) *string{
	"url": func(i *Item) *string { return &i.URL }, "title": func(i *Item) *string { return &i.Title },
	"lead": func(i *Item) *string { return &i.Lead }, "body": func(i *Item) *string { return &i.Body },
	"outlet": func(i *Item) *string { return &i.Outlet }, "author": func(i *Item) *string { return &i.Author },
	"section": func(i *Item) *string { return &i.Section }, "published": func(i *Item) *string { return &i.Published },
	"medium": func(i *Item) *string { return &i.Medium }, "page": func(i *Item) *string { return &i.Page },
	"issue": func(i *Item) *string { return &i.Issue }, "programme": func(i *Item) *string { return &i.Programme },
	"reach": func(i *Item) *string { return &i.Reach },
}

// Columns lists the names of the columns a person can map.
func Columns() []string {
	var names []string
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// List is what a file holds.
type List struct {
	Items   []Item
	Format  string            // e.g. "csv, separator ;, windows-1258"
	Service string            // the listening service it was exported from; empty where unknown
	Columns map[string]string // column → its header in the file, or "#3" where there is none
	Unused  []string          // headers that were taken for nothing
}

// Options say what a person knows better.
type Options struct {
	Map   map[string]string // column → header as written in the file, or "#3" for the third
	Sheet string            // of an XLSX file; empty: the first one with a list

	headed bool // only a table with headers
}

// Largest is how many bytes a list may have.
const Largest = 64 << 20

// ErrNoList says that no column of addresses or titles was found.
var ErrNoList = errors.New("no column of addresses or titles was found")

// Read reads a CSV or XLSX file, told apart by its content. Errors: ErrNoList,
// an unknown column or header in Options.Map, a damaged or too large file.
func Read(raw []byte, o Options) (List, error) {
	for name := range o.Map {
		if columns[name] == nil {
			return List{}, fmt.Errorf("there is no column %q; the columns are %s", name, strings.Join(Columns(), ", "))
		}
	}
	if len(raw) > Largest {
		return List{}, fmt.Errorf("the file is larger than %d MiB; cut it into pieces", Largest>>20)
	}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return workbook(raw, o)
	}
	t, err := separated(raw)
	if err != nil {
		return List{}, err
	}
	return t.list(o)
}

// row is the cells of one line.
type row struct {
	line  int
	cells []string
}

// table is a file as rows, before its columns are known.
type table struct {
	rows   []row
	format string
}

// list finds the columns and reads the rows below them.
func (t table) list(o Options) (List, error) {
	head, at, err := t.head(o)
	if err != nil {
		return List{}, err
	}
	l := List{Format: t.format, Service: head.service, Columns: head.names, Unused: head.unused}
	for _, r := range t.rows[at:] {
		item := Item{Line: r.line}
		filled := false
		for name, i := range head.at {
			if i < len(r.cells) {
				v := strings.TrimSpace(r.cells[i])
				*columns[name](&item) = v
				filled = filled || v != ""
			}
		}
		if filled && (item.URL != "" || item.Title != "") {
			l.Items = append(l.Items, item)
		}
	}
	return l, nil
}

// plain is the form in which headers are compared: folded words alone.
func plain(s string) string {
	var words []string
	for _, t := range vi.Tokens(strings.ReplaceAll(s, "_", " ")) {
		words = append(words, vi.Fold(t.Text))
	}
	return strings.Join(words, " ")
}

// Medium reads a medium as a list writes it: print, tv, radio, social; empty
// for the web and for what is not known.
func Medium(s string) string {
	words := plain(s)
	for _, m := range []string{"print", "tv", "radio", "social"} {
		for _, begin := range maps.Media[m] {
			if p := plain(begin); words == p || strings.HasPrefix(words, p+" ") {
				return m
			}
		}
	}
	return ""
}
