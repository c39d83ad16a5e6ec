package index

import (
	"context"
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// sheet is where the scores of some documents are summed up, list after list.
// Reading each list once, from its start, is what Bleve's files are quick at.
type sheet struct {
	docs     []uint64 // numbers, rising
	starts   []int    // where each segment begins in docs
	locals   []*roaring.Bitmap
	sum      []float64
	covered  []float64
	relative []float64       // length over the average, as the last list told it
	ways     map[[2]int]sums // of choices
}

// sums are of one way to say something.
type sums struct{ score, covers []float64 }

func (v *view) sheet(docs set) *sheet {
	n := docs.count()
	s := &sheet{docs: make([]uint64, 0, n), locals: v.locals(docs), sum: make([]float64, n), covered: make([]float64, n), relative: make([]float64, n), ways: map[[2]int]sums{}}
	for d := range docs.all {
		s.docs = append(s.docs, d)
	}
	at := 0
	for i := range v.parts {
		s.starts = append(s.starts, at)
		at += int(s.locals[i].GetCardinality())
	}
	for i := range s.relative {
		s.relative[i] = 1
	}
	return s
}

// score gives the score of every document of a set, in rising order of their
// numbers. The order of each sum is always the same, and so is the sum.
func (s *scorer) score(ctx context.Context, docs set) (*sheet, error) {
	sh := s.view.sheet(docs)
	for _, l := range s.lists {
		for i, p := range s.view.parts {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err := sh.read(l, p, i); err != nil {
				return nil, fmt.Errorf("read where %q stands: %w", l.term.term, err)
			}
		}
	}
	sh.choose(s.choices)
	if s.whole > 0 {
		for i := range sh.sum {
			sh.sum[i] *= 1 - coverage + coverage*sh.covered[i]/s.whole
		}
	}
	return sh, s.age(sh)
}

// read adds what a list gives the documents of segment i.
func (sh *sheet) read(l *list, p part, i int) error {
	if sh.locals[i].IsEmpty() {
		return nil
	}
	dict, err := p.Segment().Dictionary(l.term.field)
	if err != nil {
		return err
	}
	if !l.counted {
		return sh.readPlain(l, p, i, dict)
	}
	postings, err := dict.PostingsList([]byte(l.term.term), nil, nil)
	if err != nil || postings.Count() == 0 {
		return err
	}
	walk := postings.Iterator(true, true, false, nil)
	raw, ok := walk.(segment.OptimizablePostingsIterator)
	if !ok {
		return fmt.Errorf("its list is a %T, not what this program makes", walk)
	}
	if _, one := raw.DocNum1Hit(); !one {
		wanted := roaring.And(raw.ActualBitmap(), sh.locals[i])
		if wanted.IsEmpty() {
			return nil
		}
		raw.ReplaceActual(wanted)
	}
	at := sh.starts[i]
	for {
		posting, err := walk.Next()
		if err != nil || posting == nil {
			return err
		}
		n := p.from + posting.Number()
		for at < len(sh.docs) && sh.docs[at] < n {
			at++
		}
		if at == len(sh.docs) || sh.docs[at] != n {
			continue // the only document of its list is not among those asked for
		}
		norm := posting.Norm()
		relative := lengthOf(1/(norm*norm)) / l.average // Bleve keeps 1/√code
		if !l.titled {
			sh.relative[at] = relative
		}
		sh.add(l, at, l.part(float64(posting.Frequency()), relative))
	}
}

// readPlain is for lists without frequencies.
func (sh *sheet) readPlain(l *list, p part, i int, dict segment.TermDictionary) error {
	has, one, err := bitmapOf(dict, l.term.term)
	if err != nil {
		return err
	}
	if one >= 0 {
		has = roaring.BitmapOf(uint32(one))
	}
	if has == nil {
		return nil
	}
	at := sh.starts[i]
	for it := roaring.And(has, sh.locals[i]).Iterator(); it.HasNext(); {
		for n := p.from + uint64(it.Next()); sh.docs[at] < n; {
			at++
		}
		sh.add(l, at, l.part(1, sh.relative[at]))
	}
	return nil
}

func (sh *sheet) add(l *list, at int, part float64) {
	if l.term.choice == 0 {
		sh.sum[at] += part
		sh.covered[at] += l.covers
		return
	}
	key := [2]int{l.term.choice - 1, l.term.way}
	w, ok := sh.ways[key]
	if !ok {
		w = sums{make([]float64, len(sh.docs)), make([]float64, len(sh.docs))}
		sh.ways[key] = w
	}
	w.score[at] += part
	w.covers[at] += l.covers
}

// choose adds of each choice the best way.
func (sh *sheet) choose(choices []choice) {
	for c, choice := range choices {
		most, share := make([]float64, len(sh.docs)), make([]float64, len(sh.docs))
		for w, way := range choice.ways {
			has, ok := sh.ways[[2]int{c, w}]
			if !ok {
				continue
			}
			for i := range most {
				most[i] = max(most[i], has.score[i])
				if way.all > 0 {
					share[i] = max(share[i], has.covers[i]/way.all)
				}
			}
		}
		for i := range most {
			sh.sum[i] += most[i]
			sh.covered[i] += share[i] * choice.covers
		}
	}
}

// age weighs scores by freshness, where that was asked for: 1 for the present,
// half as much every halfLife, 1/8 at the least, so that an old text that fits
// far better still wins.
func (s *scorer) age(sh *sheet) error {
	if s.recent.IsZero() {
		return nil
	}
	times, err := s.view.moments()
	if err != nil {
		return err
	}
	for i, n := range sh.docs {
		at, ok, err := times.of(n)
		if err != nil {
			return err
		}
		age := math.Inf(1)
		if ok {
			age = max(0, float64(s.recent.Unix()-at))
		}
		sh.sum[i] *= max(1./8, math.Exp2(-age/halfLife.Seconds()))
	}
	return nil
}
