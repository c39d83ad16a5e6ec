package index

import (
	"context"
	"math"
	"time"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	api "github.com/blevesearch/bleve_index_api"
)

// BM25 as Robertson and Zaragoza give it (The Probabilistic Relevance
// Framework, 2009, 3.15) with idf in Lucene's form, which is never negative.
// Bleve's own scorer takes the root of the frequency, squares the idf, and
// multiplies by the share of terms that matched; measured on Vietnamese news
// that loses two to three points of nDCG, so ranking is done here.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// Weights of the fields in the sum. Pairs are scored by idf alone, without
// frequency and length, which keeps their postings a third of the size.
const (
	weightWords  = 1
	weightFolded = .3 // beside weightWords, for a query with marks
	weightTitle  = .5
	weightPairs  = .4
)

// halfLife is the age at which Recency halves a score.
const halfLife = 30 * 24 * time.Hour

// rankTerm adds to the score of the documents that have it.
type rankTerm struct {
	field, term string
	weight      float64
	times       float64 // how often the query says it
}

// ranked finds what match finds, and scores it by terms. Which documents
// match and how they rank are two questions: words may rank that need not match.
type ranked struct {
	match   query.Query
	terms   []rankTerm
	lengths *lengths
	recent  time.Time // with Recency, the present; else zero
}

// Searcher is Bleve's way to run a query.
func (q *ranked) Searcher(ctx context.Context, r api.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	o.Score = "none"
	match, err := q.match.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	s := &rankSearcher{Searcher: match, recent: q.recent}
	if err := s.open(ctx, r, q); err != nil {
		return nil, errJoin(err, s.Close())
	}
	return s, nil
}

type rankSearcher struct {
	search.Searcher
	lists  []*postings
	recent time.Time
	times  api.DocValueReader
}

func (s *rankSearcher) open(ctx context.Context, r api.IndexReader, q *ranked) error {
	docs, err := r.DocCount()
	if err != nil {
		return err
	}
	for _, t := range q.terms {
		counted := t.field != fieldPairs
		list, err := r.TermFieldReader(ctx, []byte(t.term), t.field, counted, counted, false)
		if err != nil {
			return err
		}
		has := float64(list.Count())
		if has == 0 {
			if err := list.Close(); err != nil {
				return err
			}
			continue
		}
		idf := math.Log(1 + (float64(docs)-has+.5)/(has+.5))
		s.lists = append(s.lists, &postings{TermFieldReader: list, counted: counted, average: q.lengths.average(t.field), weight: t.weight * t.times * idf})
	}
	if !s.recent.IsZero() {
		s.times, err = r.DocValueReader([]string{fieldTime})
	}
	return err
}

func (s *rankSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	m, err := s.Searcher.Next(ctx)
	return s.score(m, err)
}

func (s *rankSearcher) Advance(ctx *search.SearchContext, id api.IndexInternalID) (*search.DocumentMatch, error) {
	m, err := s.Searcher.Advance(ctx, id)
	return s.score(m, err)
}

func (s *rankSearcher) score(m *search.DocumentMatch, err error) (*search.DocumentMatch, error) {
	if m == nil || err != nil {
		return m, err
	}
	m.Score = 0
	for _, list := range s.lists {
		part, err := list.score(m.IndexInternalID)
		if err != nil {
			return nil, err
		}
		m.Score += part
	}
	if s.times != nil {
		m.Score *= s.freshness(m.IndexInternalID, &err)
	}
	return m, err
}

// freshness is 1 for the present and falls by half every halfLife, to 1/8 at
// the least, so that an old text that fits far better still wins.
func (s *rankSearcher) freshness(id api.IndexInternalID, err *error) float64 {
	age := math.Inf(1)
	*err = s.times.VisitDocValues(id, func(_ string, term []byte) {
		if at, ok := parseSecond(term); ok {
			age = max(0, float64(s.recent.Unix()-at))
		}
	})
	return max(1./8, math.Exp2(-age/halfLife.Seconds()))
}

func (s *rankSearcher) Close() error {
	err := s.Searcher.Close()
	for _, list := range s.lists {
		err = errJoin(err, list.Close())
	}
	return err
}

func (s *rankSearcher) SetQueryNorm(float64) {}
func (s *rankSearcher) Weight() float64      { return 1 }

// postings walks one list in step with the matches.
type postings struct {
	api.TermFieldReader
	counted bool // it has frequencies and lengths
	average float64
	weight  float64
	now     api.TermFieldDoc
	at      uint64
	started bool
	done    bool
}

// score is what this list gives document id. Calls come in rising order.
func (p *postings) score(id api.IndexInternalID) (float64, error) {
	want := id.Value()
	if !p.done && (!p.started || p.at < want) {
		doc, err := p.TermFieldReader.Advance(id, p.now.Reset())
		if err != nil {
			return 0, err
		}
		p.started, p.done = true, doc == nil
		if doc != nil {
			p.at = doc.ID.Value()
		}
	}
	if p.done || p.at != want {
		return 0, nil
	}
	if !p.counted {
		return p.weight, nil
	}
	length := 1 / (p.now.Norm * p.now.Norm) // Bleve keeps 1/√length
	tf := float64(p.now.Freq)
	return p.weight * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*length/p.average)), nil
}
