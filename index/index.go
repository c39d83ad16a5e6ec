// Package index is a full-text index for Vietnamese on Bleve: it knows
// documents, keywords and queries, and nothing of what they are about.
//
// A reader may type with marks or without, with operators or without; the
// index answers both from the same postings. Each document is kept as
// syllables with marks, syllables without, and pairs of unmarked neighbours;
// a query with marks is ranked by all three, one without by the folded two.
// The text itself is not stored: the caller gives it back through
// Options.Text when a phrase has to be verified or a passage shown.
//
// A search first finds which documents match, as a set of bits, mostly by
// joining Bleve's bitmaps. From that set it counts, folds copies behind their
// originals and takes the best or the newest, looking no longer at documents
// that cannot be among them. Everything one search does sees the index at one
// moment.
//
// The index may be lost at any time: Check finds damage, Heal and Rebuild make
// it anew beside the one that answers. One process keeps an index; others may
// open it with OpenReadOnly. Snapshot copies it while it lives.
//
//	idx, err := index.Open(dir, schema, index.Options{Text: texts})
//	if errors.Is(err, index.ErrRebuild) {
//		idx, err = index.Create(dir, schema, index.Options{Text: texts}) // and feed it again
//	}
//	err = idx.Put(ctx, docs)
//	res, err := idx.Search(ctx, index.Query{Text: `"thẻ bảo hiểm" level:local`})
package index

import (
	"context"
	"time"

	"diembao/internal/vi"
)

// Version of the analysis and of the layout on disk. An index of another
// version is built anew.
const Version = "2"

// Doc is one document as it is put into the index.
type Doc struct {
	ID                string // the caller's; putting the same ID again replaces the document
	Title, Lead, Body string
	Keywords          map[string][]string // by the schema's field names; compared whole
	Time              time.Time           // kept to the second; zero if unknown
}

// Texts is the text of a document as the caller stores it.
type Texts struct{ Title, Lead, Body string }

// Options are what an index needs besides its schema.
type Options struct {
	// Text returns the texts of documents by ID; unknown IDs are left out.
	// Without it phrases are answered from the pairs alone, unverified, and
	// there are no highlights.
	Text func(ctx context.Context, ids []string) (map[string]Texts, error)
	// Means tells what values of a field stand for: values of its Field.Of, none
	// where there are none. Required where a field has Of.
	Means func(ctx context.Context, field string, values []string) ([]string, error)
	// OnError hears of errors and panics in the background loops of Bleve.
	// It must not block.
	OnError func(error)
}

// Sort is an order of hits.
type Sort string

// The orders. Relevance is the default; Recency is relevance weighed by age
// (halved about every thirty days); Newest is by time alone.
const (
	Relevance Sort = "relevance"
	Recency   Sort = "recency"
	Newest    Sort = "newest"
)

// Query is one question to the index.
type Query struct {
	Text      string // in the query language; empty asks for everything
	Filters   []Filter
	From, To  time.Time // From inclusive, To exclusive; zero for open
	Sort      Sort
	Limit     int    // hits wanted, at most MaxLimit; 0 for none (counts and facets only)
	Offset    int    // at most MaxOffset; deeper pages go by After
	After     string // Hit.Cursor of the last hit of the page before
	Facets    []string
	Highlight bool
	// Fold shows one hit for each original, with the copies that also match
	// behind it. Facets then count originals.
	Fold bool
	// Both counts both ways in the same search, folded or not: Result.Facets
	// of publications, Result.OriginalFacets of originals.
	Both    bool
	AnyWord bool      // rank by any word from the start, as evaluations do
	Now     time.Time // for 7d and "tuần này"; zero means the present
	Lang    string    // of InWords: "vi" (default) or "en"
}

// Filter keeps documents whose field has one of the values, or, if Not, none of them.
type Filter struct {
	Field  string
	Values []string
	Not    bool
}

// Bounds of one search.
const (
	MaxLimit  = 1000
	MaxOffset = 10_000
)

// Result answers a Query.
type Result struct {
	Total     int // documents that match: publications
	Originals int // with Query.Fold or Query.Both, different texts among them
	Hits      []Hit
	More      bool               // there are hits after these; Hit.Cursor of the last leads there
	Facets    map[string][]Count // highest count first
	// OriginalFacets are the Facets of originals, with Query.Both.
	OriginalFacets map[string][]Count
	InWords        string // the query as it was understood, in words
	Relaxed        bool   // nothing matched as asked; these match any of the words
	// Suggest is the query as it was probably meant: with marks where there
	// were none, slips of the finger mended, both by the archive's own words.
	// Empty if there is nothing to say.
	Suggest string
	// Unverified is true when a phrase had so many candidates that Total and
	// Facets count some whose text was not read. Hits are always verified.
	Unverified bool
	Took       time.Duration
}

// Hit is one document that matches.
type Hit struct {
	ID       string
	Score    float64 // comparable within one result only; 0 when sorted by time
	Time     time.Time
	Keywords map[string][]string
	Title    Marked   // with Query.Highlight
	Passage  Marked   // the best passage, with Query.Highlight
	Cursor   string   // for Query.After
	Copies   []string // with Query.Fold, IDs of the matching copies behind this hit
}

// Marked is plain text, not HTML, with the stretches that matched.
type Marked struct {
	Text  string
	Marks []vi.Span // in order, apart, byte offsets in Text
}

// Count is one value of a facet.
type Count struct {
	Value string
	Count int
}

// The facets every index has besides its keywords: publications by day and
// by month, in Vietnamese time, as 2026-07-01 and 2026-07.
const (
	FacetDay   = "day"
	FacetMonth = "month"
)
