package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"diembao/internal/vi"
)

// What of a document tells it from others: so many of its most telling
// neighbourhoods, from its head, where a report says what it is about.
const (
	similarTerms = 24
	similarHead  = 300 // words
	similarNeed  = 3   // of them a similar document has at least
)

// Similar finds up to n documents that tell of the same as the one with the
// given ID, most alike first, without it and its copies. The schema's default
// filters apply. It is empty if the text is not known.
func (idx *Index) Similar(ctx context.Context, id string, n int) ([]Hit, error) {
	if idx.opts.Text == nil || n <= 0 {
		return nil, nil
	}
	texts, err := idx.opts.Text(ctx, []string{id})
	if err != nil {
		return nil, fmt.Errorf("find similar documents: read %s: %w", id, err)
	}
	text, ok := texts[id]
	if !ok {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	s := &seeker{idx: idx, q: Query{Limit: min(n, MaxLimit)}, matcher: matcher{others: idx.catalog.others}}
	s.limits = idx.catalog.unsaid(s.q, s.p)
	err = idx.look(func(v *view) error {
		s.view = v
		return s.similar(ctx, id, text)
	})
	return s.result.Hits, wrap(err, "find similar documents")
}

func (s *seeker) similar(ctx context.Context, id string, text Texts) error {
	terms, err := s.view.telling(text)
	if err != nil || len(terms) == 0 {
		return err
	}
	docs, err := s.all(ctx, s.limits)
	if err != nil {
		return err
	}
	var alike tally
	for _, t := range terms {
		has, err := s.view.having(t.field, t.term)
		if err != nil {
			return err
		}
		alike.add(has, 1)
	}
	docs = alike.atLeast(min(similarNeed, len(terms)), docs)
	if err := s.withoutItself(id, docs); err != nil {
		return err
	}
	if copies := s.idx.catalog.Copy; copies != "" {
		if docs, err = s.view.fold(ctx, copies, docs); err != nil {
			return err
		}
	}
	times, err := s.view.moments()
	if err != nil {
		return err
	}
	b := &best{view: s.view, times: times, size: s.q.Limit}
	if err := s.rank(ctx, b, docs, terms); err != nil {
		return err
	}
	return s.hits(ctx, b.inOrder())
}

// telling are the neighbourhoods of a text that are common in it and rare in
// the archive, the title counting three times.
func (v *view) telling(text Texts) ([]rankTerm, error) {
	times := map[string]float64{}
	for _, part := range []struct {
		text   string
		weight float64
	}{{text.Title, 3}, {text.Lead, 1}, {text.Body, 1}} {
		tokens := vi.Tokens(part.text)
		tokens = tokens[:min(len(tokens), similarHead)]
		for i := 1; i < len(tokens); i++ {
			if !endsBetween(part.text, tokens[i-1], tokens[i]) {
				times[vi.Fold(tokens[i-1].Text)+" "+vi.Fold(tokens[i].Text)] += part.weight
			}
		}
	}
	docs, err := v.DocCount()
	if err != nil {
		return nil, err
	}
	terms := make([]rankTerm, 0, len(times))
	worth := map[string]float64{}
	for t, n := range times {
		has, err := v.frequency(fieldPairs, t)
		if err != nil {
			return nil, err
		}
		if has < 2 {
			continue // its own alone
		}
		weight := 1 + math.Log(n)
		worth[t] = weight * math.Log(1+float64(docs)/float64(has))
		terms = append(terms, rankTerm{field: fieldPairs, term: t, weight: weight, times: 1, covers: true})
	}
	slices.SortFunc(terms, func(a, b rankTerm) int {
		return cmp.Or(cmp.Compare(worth[b.term], worth[a.term]), cmp.Compare(a.term, b.term))
	})
	return terms[:min(len(terms), similarTerms)], nil
}

// withoutItself takes the document and all its copies from the set.
func (s *seeker) withoutItself(id string, docs set) error {
	own, ok, err := s.view.numberOf(id)
	if err != nil || !ok {
		return err
	}
	docs.remove(own)
	field := s.idx.catalog.Copy
	if field == "" {
		return nil
	}
	kept, err := s.view.kept(own)
	if err != nil {
		return err
	}
	original := id
	if of := kept.Keywords[field]; len(of) > 0 {
		original = of[0]
	}
	if n, ok, err := s.view.numberOf(original); err != nil {
		return err
	} else if ok {
		docs.remove(n)
	}
	copies, err := s.view.having(keywordPrefix+field, original)
	docs.drop(copies)
	return err
}
