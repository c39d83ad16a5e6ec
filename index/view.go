package index

import (
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	api "github.com/blevesearch/bleve_index_api"
)

// view is the index at one moment: all that one search does sees the same
// documents. A document is known in it by a number.
type view struct {
	api.IndexReader
	gen *generation
}

func (g *generation) view() (*view, error) {
	inner, err := g.bleve.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	return &view{r, g}, nil
}

// set holds document numbers of one view: a bit each, 125 kB for a million.
type set []uint64

func (s *set) add(n uint64) {
	word := int(n / 64)
	for word >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[word] |= 1 << (n % 64)
}

func (s set) has(n uint64) bool { return int(n/64) < len(s) && s[n/64]&(1<<(n%64)) != 0 }

func (s set) remove(n uint64) {
	if int(n/64) < len(s) {
		s[n/64] &^= 1 << (n % 64)
	}
}

// minus is s without the documents of o.
func (s set) minus(o set) set {
	out := slices.Clone(s)
	for i := range min(len(out), len(o)) {
		out[i] &^= o[i]
	}
	return out
}

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// next is the first number from n on; ok is false if there is none.
func (s set) next(n uint64) (uint64, bool) {
	for word := int(n / 64); word < len(s); word++ {
		if w := s[word] >> (n % 64); w != 0 {
			return n + uint64(bits.TrailingZeros64(w)), true
		}
		n = uint64(word+1) * 64
	}
	return 0, false
}

// all walks the set in rising order; it can be ranged over.
func (s set) all(yield func(uint64) bool) {
	for n, ok := s.next(0); ok; n, ok = s.next(n + 1) {
		if !yield(n) {
			return
		}
	}
}

// checkEvery is after how many documents a walk looks whether it should end.
const checkEvery = 4096

// matching runs a query to its end. Nothing is scored: Bleve answers most of
// it by joining bitmaps.
func (v *view) matching(ctx context.Context, q query.Query) (found set, err error) {
	s, err := q.Searcher(ctx, v.IndexReader, v.gen.bleve.Mapping(), search.SearcherOptions{Score: "none"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errJoin(err, s.Close()) }()
	if s, ok := s.(*setSearcher); ok {
		return slices.Clone(s.docs), nil
	}
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: v.IndexReader}
	for i := 1; ; i++ {
		m, err := s.Next(sc)
		if err != nil || m == nil {
			return found, err
		}
		found.add(m.IndexInternalID.Value())
		sc.DocumentMatchPool.Put(m)
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// number writes a document number as Bleve wants it.
func number(buf []byte, n uint64) api.IndexInternalID { return api.NewIndexInternalID(buf, n) }

// name is the ID the caller gave the document.
func (v *view) name(n uint64) (string, error) { return v.ExternalID(number(nil, n)) }

// numberOf finds a document by the caller's ID.
func (v *view) numberOf(id string) (n uint64, ok bool, err error) {
	internal, err := v.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return internal.Value(), true, nil
}

// kept reads what a hit shows.
func (v *view) kept(id string) (k stored, err error) {
	doc, err := v.Document(id)
	if err != nil {
		return k, err
	}
	found := false
	if doc != nil {
		doc.VisitFields(func(f api.Field) {
			if f.Name() == fieldStored && err == nil {
				found, err = true, json.Unmarshal(f.Value(), &k)
			}
		})
	}
	if err != nil {
		return k, fmt.Errorf("read the keywords of document %s: %w", id, err)
	}
	if !found {
		return k, fmt.Errorf("document %s has no keywords kept", id)
	}
	return k, nil
}

// moments reads the times of documents, in Unix seconds; ok is false for none.
type moments struct {
	values api.DocValueReader
	buf    []byte
}

func (v *view) moments() (*moments, error) {
	values, err := v.DocValueReader([]string{fieldTime})
	return &moments{values: values}, err
}

func (m *moments) of(n uint64) (at int64, ok bool, err error) {
	m.buf = number(m.buf, n)
	err = m.values.VisitDocValues(m.buf, func(_ string, term []byte) { at, ok = parseSecond(term) })
	return at, ok, err
}

// setQuery finds the documents of a set.
type setQuery struct{ docs set }

func (q setQuery) Searcher(context.Context, api.IndexReader, mapping.IndexMapping, search.SearcherOptions) (search.Searcher, error) {
	return &setSearcher{docs: q.docs}, nil
}

type setSearcher struct {
	docs set
	at   uint64
}

func (s *setSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	n, ok := s.docs.next(s.at)
	if !ok {
		s.at = uint64(len(s.docs)) * 64
		return nil, nil
	}
	s.at = n + 1
	m := ctx.DocumentMatchPool.Get()
	m.IndexInternalID = number(m.IndexInternalID, n)
	return m, nil
}

func (s *setSearcher) Advance(ctx *search.SearchContext, id api.IndexInternalID) (*search.DocumentMatch, error) {
	s.at = max(s.at, id.Value())
	return s.Next(ctx)
}

func (s *setSearcher) Close() error               { return nil }
func (s *setSearcher) Weight() float64            { return 0 }
func (s *setSearcher) SetQueryNorm(float64)       {}
func (s *setSearcher) Count() uint64              { return uint64(s.docs.count()) }
func (s *setSearcher) Min() int                   { return 0 }
func (s *setSearcher) Size() int                  { return len(s.docs) * 8 }
func (s *setSearcher) DocumentMatchPoolSize() int { return 1 }
