package alarms

import (
	"cmp"
	"math"
	"slices"
	"time"

	"diembao/internal/vi"
)

// Case is an alert that people judged, with the words it was told in.
type Case struct {
	ID, Story, Title string
	At               time.Time
	True             bool     // false: a false alarm
	Texts            []string // titles and leads
}

// Past is the alerts that people judged, to hold stories against.
type Past struct {
	cases []remembered
	held  map[string]float64 // word → cases that hold it
}

type remembered struct {
	Case
	words map[string]float64 // share of its texts
}

// NewPast remembers alerts.
func NewPast(cases []Case) *Past {
	p := &Past{held: map[string]float64{}}
	for _, c := range cases {
		p.Add(c)
	}
	return p
}

// Add remembers one more.
func (p *Past) Add(c Case) {
	words := shares(c.Texts)
	for w := range words {
		p.held[w]++
	}
	p.cases = append(p.cases, remembered{c, words})
}

// Len is how many are remembered.
func (p *Past) Len() int { return len(p.cases) }

// Likeness is how like an alert a story is, 0 to 1.
type Likeness struct {
	Case
	Like float64
}

// few is the number of cases from which it can be told which words are common
// to all of them and make no two alike.
const few = 5

// Nearest are the true alert and the false alarm most like a story told in these
// texts, other than its own; zero where there is none or too little is remembered. Likeness is the
// cosine of the weights of neighbouring words, each by how many of its texts
// hold it and how few of the cases (Salton & Buckley, Term-weighting approaches
// in automatic text retrieval, 1988).
func (p *Past) Nearest(story string, texts []string) (rightly, wrongly Likeness) {
	if len(p.cases) < few {
		return rightly, wrongly
	}
	ours := shares(texts)
	own := p.length(ours)
	for _, c := range p.cases {
		if c.Story == story {
			continue
		}
		like := p.product(ours, c.words) / math.Max(1e-9, own*p.length(c.words))
		nearest := &wrongly
		if c.True {
			nearest = &rightly
		}
		if like > nearest.Like {
			*nearest = Likeness{c.Case, math.Min(1, like)}
		}
	}
	return rightly, wrongly
}

// rarity is the weight of a word: little where most cases hold it.
func (p *Past) rarity(w string) float64 {
	return math.Log((float64(len(p.cases)) + 1) / (p.held[w] + 0.5))
}

func (p *Past) product(a, b map[string]float64) float64 {
	sum := 0.0
	for _, w := range ordered(a) {
		if share, ok := b[w]; ok {
			r := p.rarity(w)
			sum += a[w] * share * r * r
		}
	}
	return sum
}

func (p *Past) length(a map[string]float64) float64 { return math.Sqrt(p.product(a, a)) }

// ordered is the words in order: sums of the same numbers come out the same.
func ordered(a map[string]float64) []string {
	out := make([]string, 0, len(a))
	for w := range a {
		out = append(out, w)
	}
	slices.SortFunc(out, cmp.Compare[string])
	return out
}

// shares are the pairs of neighbouring words with the share of texts that hold them.
func shares(texts []string) map[string]float64 {
	out := map[string]float64{}
	for _, text := range texts {
		seen := map[string]bool{}
		tokens := vi.Tokens(text)
		for i := 1; i < len(tokens); i++ {
			if w := tokens[i-1].Text + " " + tokens[i].Text; !seen[w] {
				seen[w] = true
				out[w] += 1 / float64(len(texts))
			}
		}
	}
	return out
}
