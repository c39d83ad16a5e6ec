package index

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"diembao/internal/vi"

	"github.com/blevesearch/bleve/v2/document"
	api "github.com/blevesearch/bleve_index_api"
)

// The text fields inside Bleve. Words of title, lead and body stand together
// in the first three; the title stands once more on its own, so that it
// weighs more.
const (
	fieldWords       = "w" // syllables with marks
	fieldFolded      = "f" // syllables without
	fieldPairs       = "p" // unmarked neighbours: "bao hiem"
	fieldTitle       = "t"
	fieldTitleFolded = "u"
	fieldTime        = "s" // seconds since 1970, as sortable text
	fieldDay         = "d" // 20260701, Vietnamese time
	fieldCopied      = "c" // one term, on copies
	fieldStored      = "k" // what a hit shows, as JSON
)

const copied = "1"

// keyword fields carry this prefix, so that no schema name meets ours.
const keywordPrefix = "k."

// home is the time zone of days and of dates written without one.
var home = time.FixedZone("+07:00", 7*60*60)

// stored is what the index gives back with a hit without asking the caller.
type stored struct {
	Time     *int64              `json:"t,omitempty"` // Unix seconds
	Keywords map[string][]string `json:"k,omitempty"`
}

// lengths counts the words put into each ranked field, for the average
// length that BM25 asks for. It only grows: the average stays right.
type lengths struct {
	Docs  int64
	Words map[string]int64
}

func (l *lengths) add(field string, n int) { l.Words[field] += int64(n) }

func (l *lengths) clone() *lengths {
	return &lengths{Docs: l.Docs, Words: maps.Clone(l.Words)}
}

func (l *lengths) average(field string) float64 {
	if l.Docs == 0 || l.Words[field] == 0 {
		return 1
	}
	return float64(l.Words[field]) / float64(l.Docs)
}

// analyse turns a document into Bleve's. The words are cut once and shared
// by all fields.
func (c *catalog) analyse(d Doc, l *lengths) (*document.Document, error) {
	var all []vi.Token
	var ends []int // pairs never reach over the end of a sentence
	title := 0
	for i, part := range []string{d.Title, d.Lead, d.Body} {
		tokens := vi.Tokens(part)
		for j := 1; j < len(tokens); j++ {
			if endsBetween(part, tokens[j-1], tokens[j]) {
				ends = append(ends, len(all)+j)
			}
		}
		all = append(all, tokens...)
		ends = append(ends, len(all))
		if i == 0 {
			title = len(tokens)
		}
	}
	words := make([]string, len(all))
	folded := make([]string, len(all))
	for i, t := range all {
		words[i], folded[i] = t.Text, vi.Fold(t.Text)
	}
	doc := document.NewDocument(d.ID)
	l.Docs++
	for _, f := range []struct {
		name  string
		terms []string
	}{
		{fieldWords, words}, {fieldFolded, folded},
		{fieldTitle, words[:title]}, {fieldTitleFolded, folded[:title]},
	} {
		doc.AddField(newTextField(f.name, f.terms, api.IndexField))
		l.add(f.name, len(f.terms))
	}
	doc.AddField(newTextField(fieldPairs, pairs(folded, ends), api.IndexField|api.SkipFreqNorm))
	return doc, c.keywords(doc, d)
}

// endsBetween reports whether a sentence ends between two neighbours. The
// point after a short word in capitals ("GS. Lê", "TP. Huế") ends none.
func endsBetween(text string, a, b vi.Token) bool {
	for i := a.End; i < b.Start; i++ {
		switch text[i] {
		case '\n', '!', '?', ';':
			return true
		case '.':
			if i+1 < len(text) && text[i+1] > ' ' {
				continue // 1.2, A.B
			}
			first := text[a.Start]
			return b.Start == i+1 || a.End-a.Start > 4 || first < 'A' || first > 'Z'
		}
	}
	return false
}

// pairs joins neighbours, not over the given ends.
func pairs(terms []string, ends []int) []string {
	out := make([]string, 0, len(terms))
	var joined strings.Builder // one buffer for all pairs of the document
	start := 0
	for _, end := range ends {
		for i := start + 1; i < end; i++ {
			from := joined.Len()
			joined.WriteString(terms[i-1])
			joined.WriteByte(' ')
			joined.WriteString(terms[i])
			out = append(out, joined.String()[from:])
		}
		start = end
	}
	return out
}

// keywords adds the facets, the time and what a hit shows.
func (c *catalog) keywords(doc *document.Document, d Doc) error {
	for name, values := range d.Keywords {
		if f := c.fields[vi.Fold(name)]; f == nil || f.Name != name {
			return fmt.Errorf("index document %s: no keyword field %q in the schema", d.ID, name)
		}
		if len(values) > 0 {
			doc.AddField(newTextField(keywordPrefix+name, values, api.IndexField|api.DocValues|api.SkipFreqNorm))
		}
	}
	if c.Copy != "" && len(d.Keywords[c.Copy]) > 0 {
		doc.AddField(newTextField(fieldCopied, []string{copied}, api.IndexField|api.SkipFreqNorm))
	}
	s := stored{Keywords: d.Keywords}
	if !d.Time.IsZero() {
		at := d.Time.Unix()
		s.Time = &at
		doc.AddField(newTextField(fieldTime, []string{second(d.Time)}, api.IndexField|api.DocValues|api.SkipFreqNorm))
		doc.AddField(newTextField(fieldDay, []string{day(d.Time)}, api.IndexField|api.DocValues|api.SkipFreqNorm))
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("index document %s: encode its keywords: %w", d.ID, err)
	}
	doc.AddField(document.NewTextFieldCustom(fieldStored, nil, raw, api.StoreField, nil))
	return nil
}

// second writes t so that text order is time order, also before 1970.
func second(t time.Time) string { return fmt.Sprintf("%011x", t.Unix()+epochShift) }

// parseSecond reads it back as Unix seconds.
func parseSecond(term []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(term), 16, 64)
	return n - epochShift, err == nil
}

const epochShift = 1 << 40

func day(t time.Time) string { return t.In(home).Format("20060102") }
