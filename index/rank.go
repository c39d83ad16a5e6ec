package index

import (
	"math"
	"slices"
	"time"
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

// list is what one term gives to the documents that have it.
type list struct {
	term    rankTerm
	has     int     // documents
	counted bool    // it has frequencies and lengths
	titled  bool    // its lengths are the title's
	average float64 // length
	weight  float64 // with idf
	covers  float64 // idf, if the term covers
}

// lists are the terms that rank, weighed by how rare they are.
func (v *view) lists(terms []rankTerm) ([]*list, error) {
	docs, err := v.DocCount()
	if err != nil {
		return nil, err
	}
	lengths := v.gen.lengths.Load()
	out := make([]*list, len(terms))
	for i, t := range terms {
		has, err := v.frequency(t.field, t.term)
		if err != nil {
			return nil, err
		}
		idf := math.Pow(math.Log(1+(float64(docs)-float64(has)+.5)/(float64(has)+.5)), idfPower)
		l := &list{term: t, has: has, counted: t.field != fieldPairs, average: lengths.average(t.field), weight: t.weight * t.times * idf}
		l.titled = t.field == fieldTitle || t.field == fieldTitleFolded
		if t.covers {
			l.covers = idf
		}
		out[i] = l
	}
	return out, nil
}

// promise is about what the list gives a document that has it: for choosing
// which to look at. The other forms of a word promise nothing of their own.
func (l *list) promise() float64 {
	if l.term.field == fieldFolded && l.covers == 0 {
		return 0
	}
	return l.weight + l.covers
}

// part is what the list gives a document that has the term tf times; relative
// is the length of its text over the average.
func (l *list) part(tf, relative float64) float64 {
	return l.weight * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*relative))
}

// scorer sums up what the lists give documents.
type scorer struct {
	view    *view
	lists   []*list // by falling weight
	whole   float64 // idf of all that was asked
	choices []choice
	recent  time.Time // with Recency, the present; else zero
}

// choice is one thing that can be said in several ways: the best one counts.
type choice struct {
	ways   []way
	covers float64 // idf of the way typed
}

type way struct {
	scale float64 // makes the best score of each way alike
	all   float64 // idf of all its words
}

func (v *view) scorer(terms []rankTerm, recent time.Time) (*scorer, error) {
	lists, err := v.lists(terms)
	if err != nil {
		return nil, err
	}
	s := &scorer{view: v, lists: lists, recent: recent}
	s.weighChoices()
	s.lists = slices.DeleteFunc(s.lists, func(l *list) bool { return l.has == 0 })
	slices.SortStableFunc(s.lists, func(a, b *list) int { return compare(b.weight, a.weight) })
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

// weighChoices scales the ways of each choice to the one typed, so that a
// text with one rare short form is worth as much as one with four common words.
func (s *scorer) weighChoices() {
	best := map[[2]int]float64{}
	for _, l := range s.lists {
		c, w := l.term.choice, l.term.way
		if c == 0 {
			s.whole += l.covers
			continue
		}
		for len(s.choices) < c {
			s.choices = append(s.choices, choice{})
		}
		for len(s.choices[c-1].ways) <= w {
			s.choices[c-1].ways = append(s.choices[c-1].ways, way{scale: 1})
		}
		s.choices[c-1].ways[w].all += l.covers
		best[[2]int{c, w}] += l.weight
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
	for _, l := range s.lists {
		if c := l.term.choice; c > 0 {
			l.weight *= s.choices[c-1].ways[l.term.way].scale
		}
	}
}
