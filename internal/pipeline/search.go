package pipeline

import (
	"context"
	"errors"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/store"
)

// Found is the answer to a search: the contract of `search --json`.
type Found struct {
	Query     string             `json:"query"`
	InWords   string             `json:"in_words"`
	Total     int                `json:"total"`     // publications
	Originals int                `json:"originals"` // different texts among them
	Relaxed   bool               `json:"relaxed"`
	Suggest   string             `json:"suggest"` // the query as it was probably meant; empty if there is nothing to say
	TookMS    float64            `json:"took_ms"`
	Hits      []Hit              `json:"hits"`
	Next      string             `json:"next"` // cursor for the hits after these; empty on the last page
	Facets    map[string][]Facet `json:"facets"`
	Counts    Counts             `json:"counts"`
	Behind    int                `json:"behind,omitempty"` // articles read that cannot be found yet: the index is being built
}

// Hit is one article of an answer.
type Hit struct {
	ID         string     `json:"id"`
	URL        string     `json:"url"`
	Title      string     `json:"title"`
	Outlet     string     `json:"outlet"`
	OutletName string     `json:"outlet_name"`
	Published  string     `json:"published"` // RFC 3339, +07:00; when first seen where unknown
	Level      string     `json:"level"`
	Provinces  []string   `json:"provinces"`
	Topics     []string   `json:"topics"`
	Insurance  []string   `json:"insurance"`
	Tone       string     `json:"tone"`
	Score      float64    `json:"score"`
	Highlights Highlights `json:"highlights"`
	Copies     []CopyHit  `json:"copies"`
	CopyOf     string     `json:"copy_of"` // id of the article whose text it repeats
	Story      string     `json:"story"`
	At         time.Time  `json:"-"`
}

// Highlights are the stretches that matched, as text in pieces.
type Highlights struct {
	Title   []Piece `json:"title"`
	Passage []Piece `json:"passage"`
}

// Piece is a stretch of plain text; Hit where it matched.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// CopyHit is a publication of the same text elsewhere.
type CopyHit struct {
	ID        string `json:"id"`
	Outlet    string `json:"outlet"`
	URL       string `json:"url"`
	Published string `json:"published"`
}

// Facet is one value and how many of the matching articles have it.
type Facet struct {
	Value     string `json:"value"`
	Label     string `json:"label"`
	Count     int    `json:"count"` // publications
	Originals int    `json:"originals"`
}

// Facets is what a search counts by default.
var Facets = []string{"level", "insurance", "topic", "province", "tone", "outlet", index.FacetMonth}

// ErrNoIndex says that this process has no index to search in.
var ErrNoIndex = errors.New("no index is open here")

// Search asks the index, adds what the store knows of the hits, and counts
// both ways: publications, and originals without their copies.
func (p *Pipeline) Search(ctx context.Context, q index.Query) (Found, error) {
	return p.SearchBy(ctx, q, Auto)
}

// SearchBy is Search with the counts over time in steps of a person's choice.
func (p *Pipeline) SearchBy(ctx context.Context, q index.Query, by Step) (Found, error) {
	if p.Index == nil {
		return Found{}, ErrNoIndex
	}
	q.Now = p.Now()
	r, err := p.Index.Search(ctx, counting(q))
	if err != nil {
		return Found{}, err
	}
	f := Found{Query: q.Text, InWords: r.InWords, Total: r.Total, Originals: r.Originals, Relaxed: r.Relaxed, Suggest: r.Suggest, Hits: []Hit{}}
	f.Facets = p.both(q, r)
	if r.More {
		f.Next = r.Hits[len(r.Hits)-1].Cursor
	}
	if f.Counts, _, err = p.overTime(ctx, q, r, by); err != nil {
		return Found{}, err
	}
	if f.Behind, err = p.Behind(ctx); err != nil {
		return Found{}, err
	}
	f.TookMS = float64(r.Took.Microseconds()) / 1000
	return f, p.hits(ctx, r, &f)
}

// Behind is how many articles the index has still to take in. The last batch
// or two are everyday business and count as none; more means that the index
// was lost, and that an answer lacks what is not in it yet.
func (p *Pipeline) Behind(ctx context.Context) (int, error) {
	if p.Index == nil {
		return 0, nil
	}
	seq, err := p.shelved()
	if err != nil {
		return 0, err
	}
	n, err := p.Store.ReadingsBehind(ctx, seq)
	if n <= everyday {
		n = 0
	}
	return n, err
}

// everyday is how many readings may wait for the index with nobody told.
const everyday = 100

// both are the facets asked for, each value counted both ways.
func (p *Pipeline) both(q index.Query, r *index.Result) map[string][]Facet {
	out := map[string][]Facet{}
	label := p.Labels(q.Lang)
	for _, name := range q.Facets {
		originals := map[string]int{}
		for _, n := range r.OriginalFacets[name] {
			originals[n.Value] = n.Count
		}
		out[name] = []Facet{}
		for _, n := range r.Facets[name] {
			out[name] = append(out[name], Facet{n.Value, label(name, n.Value), n.Count, originals[n.Value]})
		}
	}
	return out
}

func (p *Pipeline) hits(ctx context.Context, r *index.Result, f *Found) error {
	ids := make([]string, len(r.Hits))
	for i, h := range r.Hits {
		ids[i] = h.ID
	}
	arts, err := p.Store.Articles(ctx, ids)
	if err != nil {
		return err
	}
	byID := map[string]int{}
	for i, a := range arts {
		byID[a.ID] = i
	}
	copies, err := p.Store.CopiesOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, h := range r.Hits {
		i, ok := byID[h.ID]
		if !ok {
			continue // the index is ahead of a store that was restored
		}
		a := arts[i]
		hit := Hit{
			ID: a.ID, URL: a.URL, Title: a.Title, Outlet: a.Outlet, OutletName: p.Rules().Outlet(a.Outlet).Name,
			At: store.When(a), Published: rfc(store.When(a)), Score: h.Score,
			Level: one(h.Keywords["level"]), Tone: one(h.Keywords["tone"]), Story: one(h.Keywords["story"]),
			Provinces: list(h.Keywords["province"]), Topics: list(h.Keywords["topic"]), Insurance: list(h.Keywords["insurance"]),
			Highlights: Highlights{pieces(h.Title), pieces(h.Passage)}, Copies: []CopyHit{}, CopyOf: one(h.Keywords["copy"]),
		}
		for _, c := range copies[a.ID] {
			hit.Copies = append(hit.Copies, CopyHit{c.ID, c.Outlet, c.URL, rfc(c.At)})
		}
		f.Hits = append(f.Hits, hit)
	}
	return nil
}

// Labels returns how values of the index's fields are shown in a language.
func (p *Pipeline) Labels(lang string) func(field, value string) string {
	if lang != "en" {
		lang = "vi"
	}
	names := map[string]map[string]string{}
	for _, f := range Schema(p.Rules().Pack).Fields {
		names[f.Name] = map[string]string{}
		for _, v := range f.Values {
			names[f.Name][v.Name] = v.Label[lang]
		}
	}
	return func(field, value string) string {
		if l := names[field][value]; l != "" {
			return l
		}
		return value
	}
}

// pieces cuts marked text where its marks begin and end.
func pieces(m index.Marked) []Piece {
	out := []Piece{}
	at := 0
	for _, s := range m.Marks {
		if s.Start > at {
			out = append(out, Piece{m.Text[at:s.Start], false})
		}
		out = append(out, Piece{m.Text[s.Start:s.End], true})
		at = s.End
	}
	if at < len(m.Text) {
		out = append(out, Piece{m.Text[at:], false})
	}
	return out
}

func rfc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(config.VN).Format(time.RFC3339)
}

func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func list(values []string) []string { return append([]string{}, values...) }
