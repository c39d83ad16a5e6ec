// Package export writes the answer to a search as it leaves the house: CSV,
// XLSX and DOCX files, JSON Lines, RSS and Atom feeds. Each of them says what
// was asked, when and by which rules, and counts both ways: publications and
// originals. Of an article they hold title, link and a short excerpt, for the
// article belongs to its paper.
package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"diembao/internal/say"
)

// ExcerptLetters is the most that is taken from an article, in characters.
const ExcerptLetters = 300

// Formats are the files that Write knows.
var Formats = []string{"csv", "xlsx", "docx", "jsonl"}

// Types are the media types of files and feeds.
var Types = map[string]string{
	"csv":   "text/csv; charset=utf-8",
	"xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"docx":  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"jsonl": "application/jsonl; charset=utf-8",
	"rss":   "application/rss+xml; charset=utf-8",
	"atom":  "application/atom+xml; charset=utf-8",
}

// Answer is the answer to one search.
type Answer struct {
	Query        string   // as typed
	Filters      []Filter // beside the words, in the order of the search page
	InWords      string   // the whole as it was understood
	AsOf         time.Time
	Rules        string // version of the rules by which the articles were read
	Address      string // the search page, absolute
	Publications int
	Originals    int
	Folded       bool // Items are originals with their copies; otherwise publications
	Relaxed      bool // nothing matched as asked; these match any of the words
	Items        []Item
	Periods      []Period
}

// Filter is a condition beside the words of a query, in words.
type Filter struct{ Name, Value string }

// Item is one article.
type Item struct {
	ID, Title, Excerpt, Outlet, URL string
	Page                            string // our page about it, absolute
	At                              time.Time
	Level, Tone                     string // in words
	Topics, Provinces, Insurance    []string
	CopyOf                          string   // id of the article whose text it repeats
	Copies                          []string // where its text was published again
	Story                           string
}

// Period is a day, a week from Monday or a month, and what was published in it.
type Period struct {
	From, To     time.Time // [From, To), midnights in Viet Nam
	Publications int
	Originals    int
	// Lost is the share of the outlets' time, from 0 to 1, in which nobody can
	// vouch for them; Dark is how many outlets that concerns.
	Lost float64
	Dark int
}

// Write writes an answer in one of Formats, headings in the language of w.
func Write(out io.Writer, format string, a Answer, w *say.Words) error {
	writers := map[string]func(io.Writer, Answer, *say.Words) error{"csv": writeCSV, "xlsx": writeXLSX, "docx": writeDOCX, "jsonl": writeJSONL}
	write, ok := writers[format]
	if !ok {
		return fmt.Errorf("there is no format %q; the formats are %s", format, strings.Join(Formats, ", "))
	}
	if err := write(out, a, w); err != nil {
		return fmt.Errorf("writing the %s file: %w", format, err)
	}
	return nil
}

// facts are what is said above the articles, in order.
func facts(a Answer, w *say.Words) []Filter {
	out := []Filter{{w.Say("export.query"), a.Query}}
	out = append(out, a.Filters...)
	out = append(out,
		Filter{w.Say("export.in-words"), a.InWords},
		Filter{w.Say("export.as-of"), w.Moment(a.AsOf)},
		Filter{w.Say("export.rules"), a.Rules},
		Filter{w.Say("export.publications"), fmt.Sprint(a.Publications)},
		Filter{w.Say("export.originals"), fmt.Sprint(a.Originals)},
		Filter{w.Say("export.listed"), listed(a, w)},
		Filter{w.Say("export.address"), a.Address},
	)
	return slices.DeleteFunc(out, func(f Filter) bool { return f.Value == "" })
}

// listed says what the rows are, and whether some are missing.
func listed(a Answer, w *say.Words) string {
	kind, all := "export.rows.publications", a.Publications
	if a.Folded {
		kind, all = "export.rows.originals", a.Originals
	}
	s := w.Say(kind, "N", len(a.Items))
	if len(a.Items) < all {
		s += " " + w.Say("export.rows.cut", "All", all)
	}
	if a.Relaxed {
		s += " " + w.Say("web.relaxed")
	}
	return s
}

// columns are the headings of the table of articles; row is a line of it.
func columns(w *say.Words) []string {
	ids := []string{"published", "outlet", "level", "title", "excerpt", "url", "tone", "topics", "provinces", "insurance", "copies", "copy-of", "id"}
	for i, id := range ids {
		ids[i] = w.Say("export.column." + id)
	}
	return ids
}

func row(i Item, w *say.Words) []string {
	return []string{
		strings.TrimSpace(w.Date(i.At) + " " + w.Clock(i.At)), i.Outlet, i.Level, i.Title, Excerpt(i.Excerpt), i.URL, i.Tone,
		strings.Join(i.Topics, ", "), strings.Join(i.Provinces, ", "), strings.Join(i.Insurance, ", "), strings.Join(i.Copies, ", "), i.CopyOf, i.ID,
	}
}

// Excerpt cuts a text at the last word within ExcerptLetters characters, the
// mark of what is left out among them.
func Excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= ExcerptLetters {
		return s
	}
	s = string(r[:ExcerptLetters-1])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + "…"
}

// Harmless is a cell that no spreadsheet takes for a formula: one that begins
// as a formula does, behind spaces or not, gets an apostrophe before it.
func Harmless(cell string) string {
	begin := strings.TrimLeft(cell, " \u00a0\u200b\ufeff")
	if begin != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(begin)[0]) {
		return "'" + cell
	}
	return cell
}
