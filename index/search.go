package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// timeLimit bounds one search, whatever was asked.
const timeLimit = 5 * time.Second

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
	within, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	s := &seeker{idx: idx, q: q, p: p, limits: limits, matcher: matcher{marked: p.marked, any: q.AnyWord, others: idx.catalog.others, right: map[*phrase]set{}}}
	err = idx.look(func(v *view) error {
		s.view = v
		return s.run(within)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = fmt.Errorf("it took longer than %v; narrow it down: %w", timeLimit, err)
	}
	if err != nil {
		return nil, wrap(err, "search")
	}
	s.result.InWords = inWords(p, said, idx.catalog.others, q.Lang)
	s.result.Took = time.Since(started)
	return &s.result, nil
}

// look runs f on the index as it is now.
func (idx *Index) look(f func(*view) error) error {
	return idx.use(func(g *generation) (err error) {
		v, err := g.view()
		if err != nil {
			return err
		}
		defer func() { err = errJoin(err, v.Close()) }()
		return f(v)
	})
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

// seeker is one search under way: first which documents match, as a set,
// then what is counted in it and which of it come first.
type seeker struct {
	matcher
	idx    *Index
	q      Query
	p      parsed
	limits []node // filters and dates of the query, and those of the schema
	docs   set    // what matches
	// originals are docs without their copies, once countBoth has found them.
	originals set
	result    Result
}

func (s *seeker) run(ctx context.Context) (err error) {
	if s.p.root, err = s.stands(ctx, s.p.root); err != nil {
		return err
	}
	if s.limits, err = s.standAll(ctx, s.limits); err != nil {
		return err
	}
	if err := s.verifyPhrases(ctx); err != nil {
		return err
	}
	if s.docs, err = s.all(ctx, s.asked()); err != nil {
		return err
	}
	if s.docs.count() == 0 && !s.any && relaxable(s.p.root) {
		s.any = true
		if s.docs, err = s.all(ctx, s.asked()); err != nil {
			return err
		}
		s.result.Relaxed = s.docs.count() > 0
	}
	if s.q.Both {
		if err := s.countBoth(ctx); err != nil {
			return err
		}
	}
	places, shown, err := s.first(ctx)
	if err != nil {
		return err
	}
	if !s.q.Both {
		if err := s.count(ctx, shown); err != nil {
			return err
		}
	}
	if err := s.hits(ctx, places); err != nil {
		return err
	}
	if s.q.Highlight {
		if err := s.highlight(ctx); err != nil {
			return err
		}
	}
	return s.suggest(ctx)
}

// count counts what is shown.
func (s *seeker) count(ctx context.Context, shown set) (err error) {
	s.result.Total = s.docs.count()
	if s.q.Fold {
		s.result.Originals = shown.count()
	}
	s.result.Facets, err = s.view.facets(ctx, s.idx.catalog, s.q.Facets, shown, facetSize)
	return err
}

// countBoth counts what matches as publications and as originals. It counts
// before hits are verified: the numbers are the same on every page and
// whatever number of hits is asked for.
func (s *seeker) countBoth(ctx context.Context) error {
	s.originals = s.docs
	var err error
	if s.idx.catalog.Copy != "" {
		if s.originals, err = s.view.fold(ctx, s.idx.catalog.Copy, s.docs); err != nil {
			return err
		}
	}
	s.result.Total, s.result.Originals = s.docs.count(), s.originals.count()
	if s.result.Facets, err = s.view.facets(ctx, s.idx.catalog, s.q.Facets, s.docs, facetSize); err != nil {
		return err
	}
	if s.result.Total == s.result.Originals { // no copies among them
		s.result.OriginalFacets = s.result.Facets
		return nil
	}
	s.result.OriginalFacets, err = s.view.facets(ctx, s.idx.catalog, s.q.Facets, s.originals, math.MaxInt) // each value above has its number here
	return err
}

// first finds the hits wanted, and the set they stand for: what matches, or
// with Fold one document for each original. Where a phrase has too many
// candidates to read, more hits than wanted are taken and read now, and those
// that do not hold it are dropped.
func (s *seeker) first(ctx context.Context) (places []place, shown set, err error) {
	limit, offset := min(max(s.q.Limit, 0), MaxLimit), min(max(s.q.Offset, 0), MaxOffset)
	if s.q.After != "" {
		offset = 0
	}
	want := limit + offset + 1 // one more tells whether there are more
	for spare := 0; ; spare = 4*spare + limit {
		shown = s.docs
		switch {
		case s.q.Fold && s.originals != nil && spare == 0:
			shown = s.originals
		case s.q.Fold && s.idx.catalog.Copy != "":
			if shown, err = s.view.fold(ctx, s.idx.catalog.Copy, s.docs); err != nil {
				return nil, nil, err
			}
		}
		if limit == 0 {
			return nil, shown, nil
		}
		if places, err = s.order(ctx, shown, want+spare); err != nil {
			return nil, nil, err
		}
		all := len(places) < want+spare
		if s.result.Unverified {
			if places, err = s.verifyPlaces(ctx, places); err != nil {
				return nil, nil, err
			}
		}
		if all || len(places) >= want {
			places = places[min(offset, len(places)):]
			s.result.More = len(places) > limit
			return places[:min(limit, len(places))], shown, nil
		}
	}
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

// asked is everything a document must fulfil.
func (s *seeker) asked() []node {
	if s.p.root == nil {
		return s.limits
	}
	return append(slices.Clip(s.limits), s.p.root)
}

// order finds the first size places among the documents shown.
func (s *seeker) order(ctx context.Context, shown set, size int) ([]place, error) {
	times, err := s.view.moments()
	if err != nil {
		return nil, err
	}
	b := &best{view: s.view, times: times, size: size}
	if s.q.After != "" {
		after, err := openCursor(s.q.After)
		if err != nil {
			return nil, err
		}
		b.after = &after
	}
	terms := s.rankTerms(s.p.root)
	if s.q.Sort == Newest || len(terms) == 0 {
		err = b.dated(ctx, shown)
	} else {
		err = s.rank(ctx, b, shown, terms)
	}
	return b.inOrder(), err
}

func (s *seeker) rank(ctx context.Context, b *best, shown set, terms []rankTerm) error {
	var recent time.Time
	if s.q.Sort == Recency {
		recent = s.q.Now
	}
	by, err := s.view.scorer(terms, recent)
	if err != nil {
		return err
	}
	return b.ranked(ctx, shown, by)
}

// hits reads what is shown of each place.
func (s *seeker) hits(ctx context.Context, places []place) error {
	for _, p := range places {
		k, err := s.view.kept(p.num)
		if err != nil {
			return err
		}
		h := Hit{ID: p.ID, Score: p.Score, Keywords: k.Keywords}
		if k.Time != nil {
			h.Time = time.Unix(*k.Time, 0).In(home)
		}
		if h.Cursor, err = p.cursor(); err != nil {
			return err
		}
		s.result.Hits = append(s.result.Hits, h)
	}
	if s.q.Fold && s.idx.catalog.Copy != "" {
		return s.view.copiesOf(s.idx.catalog.Copy, s.docs, s.result.Hits)
	}
	return nil
}
