package index

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// timeLimit bounds one search, whatever was asked.
const timeLimit = 5 * time.Second

// facetSize bounds the values of one facet; days reach over centuries.
const facetSize = 200

// Search answers a query. A *SyntaxError says what is wrong with its text.
func (idx *Index) Search(ctx context.Context, q Query) (*Result, error) {
	started := time.Now()
	if q.Now.IsZero() {
		q.Now = started
	}
	p, err := idx.catalog.parse(q.Text, q.Now)
	if err != nil {
		return nil, err
	}
	said, err := idx.catalog.limits(q)
	if err != nil {
		return nil, err
	}
	limits := append(slices.Clip(said), idx.catalog.unsaid(q, p)...)
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	s := &seeker{idx: idx, q: q, p: p, said: said, limits: limits, compiler: compiler{marked: p.marked, any: q.AnyWord, wrong: map[*phrase][]string{}}}
	err = idx.use(func(g *generation) error {
		s.gen = g
		return s.run(ctx)
	})
	if err != nil {
		return nil, wrap(err, "search")
	}
	s.result.InWords = inWords(p, s.said, q.Lang)
	s.result.Took = time.Since(started)
	return &s.result, nil
}

// limits are the filters and dates that come with the query.
func (c *catalog) limits(q Query) (out []node, err error) {
	for _, f := range q.Filters {
		field := c.field(f.Field)
		if field == nil {
			return nil, fmt.Errorf("search: there is no field %q to filter by", f.Field)
		}
		if len(f.Values) > 0 {
			out = append(out, f.node(field))
		}
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		out = append(out, dates{q.From, q.To})
	}
	return out, nil
}

// unsaid are the default filters, where neither the query nor a filter
// speaks of their field.
func (c *catalog) unsaid(q Query, p parsed) (out []node) {
	if p.all {
		return nil
	}
	spoken := map[string]bool{}
	mentioned(p.root, spoken)
	for _, f := range q.Filters {
		spoken[c.field(f.Field).Name] = true
	}
	for _, f := range c.Default {
		if field := c.field(f.Field); !spoken[field.Name] {
			out = append(out, f.node(field))
		}
	}
	return out
}

func (f Filter) node(field *Field) node {
	if f.Not {
		return not{filter{field, f.Values}}
	}
	return filter{field, f.Values}
}

func mentioned(n node, fields map[string]bool) {
	switch n := n.(type) {
	case filter:
		fields[n.field.Name] = true
	case not:
		mentioned(n.part, fields)
	case and:
		for _, p := range n.parts {
			mentioned(p, fields)
		}
	case or:
		for _, p := range n.parts {
			mentioned(p, fields)
		}
	}
}

// seeker is one search under way.
type seeker struct {
	compiler
	idx    *Index
	gen    *generation
	q      Query
	p      parsed
	said   []node // filters and dates of the query
	limits []node // and those of the schema
	result Result
}

func (s *seeker) run(ctx context.Context) error {
	if err := s.verifyPhrases(ctx); err != nil {
		return err
	}
	found, err := s.find(ctx)
	if err != nil {
		return err
	}
	if found.Total == 0 && !s.any && relaxable(s.p.root) {
		s.any, s.result.Relaxed = true, true
		if found, err = s.find(ctx); err != nil {
			return err
		}
		s.result.Relaxed = found.Total > 0
	}
	if s.result.Unverified {
		if found, err = s.verifyHits(ctx, found); err != nil {
			return err
		}
	}
	s.result.Total = int(found.Total)
	s.result.Facets = s.facets(found.Facets)
	for _, m := range found.Hits {
		h, err := s.hit(m)
		if err != nil {
			return err
		}
		s.result.Hits = append(s.result.Hits, h)
	}
	if s.q.Highlight {
		return s.highlight(ctx)
	}
	return nil
}

// relaxable reports whether any word may stand for all: there are words
// without operators in the query.
func relaxable(n node) bool {
	switch n := n.(type) {
	case words:
		return !n.strict && len(n.list) > 1
	case and:
		return slices.ContainsFunc(n.parts, relaxable)
	}
	return false
}

// find asks Bleve.
func (s *seeker) find(ctx context.Context) (*bleve.SearchResult, error) {
	req, err := s.request()
	if err != nil {
		return nil, err
	}
	res, err := s.gen.bleve.SearchInContext(ctx, req)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("the search took longer than %v; narrow it down: %w", timeLimit, err)
	}
	return res, err
}

// match is everything a document must fulfil.
func (s *seeker) match() query.Query {
	parts := slices.Clone(s.limits)
	if s.p.root != nil {
		parts = append(parts, s.p.root)
	}
	return s.and(parts)
}

func (s *seeker) request() (*bleve.SearchRequest, error) {
	limit, offset := min(max(s.q.Limit, 0), MaxLimit), min(max(s.q.Offset, 0), MaxOffset)
	match := s.match()
	terms := rankTerms(s.p.root, s.marked)
	byTime := s.q.Sort == Newest || len(terms) == 0
	if !byTime {
		r := &ranked{match: match, terms: terms, lengths: s.gen.lengths.Load()}
		if s.q.Sort == Recency {
			r.recent = s.q.Now
		}
		match = r
	}
	req := bleve.NewSearchRequestOptions(match, limit, offset, false)
	req.Fields = []string{fieldStored}
	newest := &search.SortField{Field: fieldTime, Desc: true, Type: search.SortFieldAsString, Missing: search.SortFieldMissingLast}
	req.Sort = search.SortOrder{newest, &search.SortDocID{}}
	if byTime {
		req.Score = "none"
	} else {
		req.Sort = search.SortOrder{&search.SortScore{Desc: true}, newest, &search.SortDocID{}}
	}
	for _, f := range s.q.Facets {
		name, size := keywordPrefix+f, facetSize
		if f == FacetDay || f == FacetMonth {
			name, size = fieldDay, 1<<20
		} else if s.idx.catalog.field(f) == nil {
			return nil, fmt.Errorf("there is no field %q to count by", f)
		}
		req.AddFacet(f, bleve.NewFacetRequest(name, size))
	}
	if s.q.After == "" {
		return req, nil
	}
	after, err := openCursor(s.q.After, len(req.Sort))
	if err != nil {
		return nil, err
	}
	req.From = 0
	req.SetSearchAfter(after)
	return req, nil
}

// cursor keeps the place of a hit in its order, opaque to the caller.
func cursor(m *search.DocumentMatch) (string, error) {
	keys := slices.Clone(m.Sort)
	if len(keys) == 3 {
		keys[0] = strconv.FormatFloat(m.Score, 'g', -1, 64)
	}
	raw, err := json.Marshal(keys)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func openCursor(text string, n int) (keys []string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &keys)
	}
	if err == nil && len(keys) != n {
		err = errors.New("it belongs to another order of hits")
	}
	if err == nil && n == 3 {
		_, err = strconv.ParseFloat(keys[0], 64)
	}
	if err != nil {
		return nil, fmt.Errorf("read the cursor of the page before: %w", err)
	}
	return keys, nil
}

func (s *seeker) hit(m *search.DocumentMatch) (Hit, error) {
	h := Hit{ID: m.ID, Score: m.Score}
	raw, ok := m.Fields[fieldStored].(string)
	if !ok {
		return h, fmt.Errorf("document %s has no keywords kept", m.ID)
	}
	var kept stored
	if err := json.Unmarshal([]byte(raw), &kept); err != nil {
		return h, fmt.Errorf("read the keywords of document %s: %w", m.ID, err)
	}
	h.Keywords = kept.Keywords
	if kept.Time != nil {
		h.Time = time.Unix(*kept.Time, 0).In(home)
	}
	var err error
	h.Cursor, err = cursor(m)
	return h, err
}

func (s *seeker) facets(found search.FacetResults) map[string][]Count {
	if len(s.q.Facets) == 0 {
		return nil
	}
	out := map[string][]Count{}
	for _, f := range s.q.Facets {
		counts := map[string]int{}
		if r := found[f]; r != nil && r.Terms != nil {
			for _, t := range r.Terms.Terms() {
				counts[facetValue(f, t.Term)] += t.Count
			}
		}
		out[f] = sorted(f, counts)
	}
	return out
}

// facetValue writes days and months as people sort them.
func facetValue(facet, term string) string {
	switch facet {
	case FacetDay:
		return term[:4] + "-" + term[4:6] + "-" + term[6:]
	case FacetMonth:
		return term[:4] + "-" + term[4:6]
	}
	return term
}

// sorted puts days and months in time order, other values by count.
func sorted(facet string, counts map[string]int) []Count {
	out := make([]Count, 0, len(counts))
	for v, n := range counts {
		out = append(out, Count{v, n})
	}
	sort.Slice(out, func(i, j int) bool {
		if facet != FacetDay && facet != FacetMonth && out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return strings.Compare(out[i].Value, out[j].Value) < 0
	})
	return out
}
