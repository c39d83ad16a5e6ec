package index

import (
	"context"
	"math"
	"slices"
	"time"

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

// Three things are added to it, each worth a point of nDCG on headlines and
// none a loss on long texts: rare words count a little more than their idf
// says, pairs are weighed by the length of the text as words are, and a text
// that has more of what was asked counts for more than one that repeats some
// of it.
const (
	idfPower = 1.1
	coverage = .7 // the share of a score that is in proportion to what the text covers
)

// Weights of the fields in the sum. Pairs have no frequency, which keeps
// their postings a third of the size.
const (
	weightWords  = 1
	weightFolded = .5 // beside weightWords, for a query with marks
	weightTitle  = .5
	weightPairs  = .4
	weightOther  = .9 // of a text that says it in other words than the query
)

// halfLife is the age at which Recency halves a score.
const halfLife = 30 * 24 * time.Hour

// rankTerm adds to the score of the documents that have it.
type rankTerm struct {
	field, term string
	weight      float64
	times       float64 // how often the query says it
	covers      bool    // it is one of the words asked for, not a field beside them
	choice      int     // from 1: one of several ways to say the same; 0 for none
	way         int     // which of them; 0 as typed
}

// postings walks the list of one term.
type postings struct {
	api.TermFieldReader
	term    rankTerm
	counted bool // it has frequencies and lengths
	titled  bool // its lengths are the title's
	average float64
	weight  float64 // with idf
	covers  float64 // idf, if the term covers
	now     api.TermFieldDoc
	at      uint64
	started bool
	done    bool
	buf     []byte
}

// open starts the lists of the terms that the archive has.
func (v *view) lists(ctx context.Context, terms []rankTerm) (lists []*postings, err error) {
	docs, err := v.DocCount()
	if err != nil {
		return nil, err
	}
	lengths := v.gen.lengths.Load()
	for _, t := range terms {
		counted := t.field != fieldPairs
		r, err := v.TermFieldReader(ctx, []byte(t.term), t.field, counted, counted, false)
		if err != nil {
			return lists, err
		}
		has := float64(r.Count())
		idf := math.Pow(math.Log(1+(float64(docs)-has+.5)/(has+.5)), idfPower)
		p := &postings{TermFieldReader: r, term: t, counted: counted, average: lengths.average(t.field), weight: t.weight * t.times * idf}
		p.titled = t.field == fieldTitle || t.field == fieldTitleFolded
		if t.covers {
			p.covers = idf
		}
		lists = append(lists, p)
	}
	return lists, nil
}

// to moves to document want, or past it if it is not there. Calls rise.
func (p *postings) to(want uint64) (here bool, err error) {
	if !p.done && (!p.started || p.at < want) {
		p.buf = number(p.buf, want)
		if err := p.settle(p.TermFieldReader.Advance(p.buf, p.now.Reset())); err != nil {
			return false, err
		}
	}
	return !p.done && p.at == want, nil
}

// step moves to the next document.
func (p *postings) step() error { return p.settle(p.TermFieldReader.Next(p.now.Reset())) }

func (p *postings) settle(doc *api.TermFieldDoc, err error) error {
	p.started, p.done = true, doc == nil
	if doc != nil {
		p.at = doc.ID.Value()
	}
	return err
}

// bound is the most this list can give any document.
func (p *postings) bound() float64 { return p.weight * (bm25K1 + 1) }

// promise is about what the list gives a document that has it: for choosing
// which to look at. The other forms of a word promise nothing of their own.
func (p *postings) promise() float64 {
	if p.term.field == fieldFolded && p.covers == 0 {
		return 0
	}
	return p.weight + p.covers
}

// length of the document the list is at.
func (p *postings) length() float64 { return lengthOf(1 / (p.now.Norm * p.now.Norm)) } // Bleve keeps 1/√code

// part is what the list gives the document it is at; relative is the length
// of its text over the average, for lists that do not know it.
func (p *postings) part(relative float64) float64 {
	tf := 1.
	if p.counted {
		tf, relative = float64(p.now.Freq), p.length()/p.average
	}
	return p.weight * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*relative))
}

// scorer sums up what the lists give a document.
type scorer struct {
	terms   []rankTerm
	lists   []*postings // by falling bound
	rest    []float64   // rest[i] bounds the score of documents that are only in lists from i on
	last    uint64      // the last document that next gave
	whole   float64     // idf of all that was asked
	choices []choice
	recent  time.Time // with Recency, the present; else zero
	times   *moments
}

// choice is one thing that can be said in several ways: the best one counts.
type choice struct {
	ways   []way
	covers float64 // idf of the way typed
}

type way struct {
	scale       float64 // makes the best score of each way alike
	score       float64
	covers, all float64 // idf of its words in the document, and of all its words
}

func (v *view) scorer(ctx context.Context, terms []rankTerm, recent time.Time) (*scorer, error) {
	s := &scorer{recent: recent, terms: terms}
	lists, err := v.lists(ctx, terms)
	s.lists = lists
	if err == nil && !recent.IsZero() {
		s.times, err = v.moments()
	}
	if err != nil {
		return nil, errJoin(err, s.close())
	}
	s.weighChoices()
	s.lists = slices.DeleteFunc(s.lists, func(p *postings) bool {
		return p.Count() == 0 && p.Close() == nil
	})
	slices.SortStableFunc(s.lists, func(a, b *postings) int { return compare(b.bound(), a.bound()) })
	s.bounds()
	return s, nil
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// again is the same scorer at its start.
func (s *scorer) again(v *view) (*scorer, error) {
	return v.scorer(context.Background(), s.terms, s.recent)
}

// weighChoices scales the ways of each choice to the one typed, so that a
// text with one rare short form is worth as much as one with four common words.
func (s *scorer) weighChoices() {
	best := map[[2]int]float64{}
	for _, p := range s.lists {
		c, w := p.term.choice, p.term.way
		if c == 0 {
			s.whole += p.covers
			continue
		}
		for len(s.choices) < c {
			s.choices = append(s.choices, choice{})
		}
		for len(s.choices[c-1].ways) <= w {
			s.choices[c-1].ways = append(s.choices[c-1].ways, way{scale: 1})
		}
		s.choices[c-1].ways[w].all += p.covers
		best[[2]int{c, w}] += p.weight
	}
	for i := range s.choices {
		c := &s.choices[i]
		c.covers = c.ways[0].all
		s.whole += c.covers
		for w := 1; w < len(c.ways); w++ {
			if own := best[[2]int{i + 1, w}]; own > 0 && best[[2]int{i + 1, 0}] > 0 {
				c.ways[w].scale = weightOther * best[[2]int{i + 1, 0}] / own
			}
		}
	}
	for _, p := range s.lists {
		if c := p.term.choice; c > 0 {
			p.weight *= s.choices[c-1].ways[p.term.way].scale
		}
	}
}

// bounds sums the bounds from the end: MaxScore of Turtle and Flood (1995).
func (s *scorer) bounds() {
	s.rest = make([]float64, len(s.lists)+1)
	for i := len(s.lists) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1] + s.lists[i].bound()
	}
}

// score of a document; enough is false if it was given up because it cannot
// reach least. The order of the sum is always the same, and so is the sum.
func (s *scorer) score(n uint64, least float64) (score float64, enough bool, err error) {
	covered, sum, relative := 0., 0., 1.
	for i := range s.choices {
		for w := range s.choices[i].ways {
			s.choices[i].ways[w].score, s.choices[i].ways[w].covers = 0, 0
		}
	}
	known := 0. // of all lists so far, as if every way counted: for giving up
	for i, p := range s.lists {
		if known+s.rest[i] < least {
			return 0, false, nil
		}
		here, err := p.to(n)
		if err != nil {
			return 0, false, err
		}
		if !here {
			continue
		}
		if p.counted && !p.titled {
			relative = p.length() / p.average
		}
		part := p.part(relative)
		known += part
		if c := p.term.choice; c > 0 {
			w := &s.choices[c-1].ways[p.term.way]
			w.score, w.covers = w.score+part, w.covers+p.covers
			continue
		}
		sum, covered = sum+part, covered+p.covers
	}
	for _, c := range s.choices {
		most, share := 0., 0.
		for _, w := range c.ways {
			most = max(most, w.score)
			if w.all > 0 {
				share = max(share, w.covers/w.all)
			}
		}
		sum, covered = sum+most, covered+share*c.covers
	}
	if s.whole > 0 {
		sum *= 1 - coverage + coverage*covered/s.whole
	}
	if s.times != nil {
		fresh, err := s.freshness(n)
		return sum * fresh, true, err
	}
	return sum, true, nil
}

// freshness is 1 for the present and falls by half every halfLife, to 1/8 at
// the least, so that an old text that fits far better still wins.
func (s *scorer) freshness(n uint64) (float64, error) {
	age := math.Inf(1)
	at, ok, err := s.times.of(n)
	if ok {
		age = max(0, float64(s.recent.Unix()-at))
	}
	return max(1./8, math.Exp2(-age/halfLife.Seconds())), err
}

func (s *scorer) close() (err error) {
	for _, p := range s.lists {
		err = errJoin(err, p.Close())
	}
	return err
}
