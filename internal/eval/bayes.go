package eval

import (
	"maps"
	"math"
	"slices"
	"strings"

	"diembao/internal/learn"
)

// bayes is a multinomial naive Bayes classifier over pairs of syllables, with
// one added to each count: the simplest that learns, to be beaten.
type bayes struct {
	n     map[string]float64            // class → examples
	words map[string]map[string]float64 // class → pair → how often
	total map[string]float64            // class → pairs
	known map[string]bool               // pairs of any class
}

func newBayes() *bayes {
	return &bayes{n: map[string]float64{}, words: map[string]map[string]float64{}, total: map[string]float64{}, known: map[string]bool{}}
}

func (b *bayes) learn(f learn.Features, class string) {
	if b.words[class] == nil {
		b.words[class] = map[string]float64{}
	}
	b.n[class]++
	for name := range f {
		if strings.HasPrefix(name, "word:") {
			b.words[class][name]++
			b.total[class]++
			b.known[name] = true
		}
	}
}

// says returns the likeliest class.
func (b *bayes) says(f learn.Features) string {
	best, top := "", math.Inf(-1)
	for _, class := range slices.Sorted(maps.Keys(b.n)) {
		score := math.Log(b.n[class])
		for _, seen := range f.Sight() { // in order: sums depend on it
			if b.known[seen.Name] {
				score += math.Log((b.words[class][seen.Name] + 1) / (b.total[class] + float64(len(b.known))))
			}
		}
		if score > top {
			best, top = class, score
		}
	}
	return best
}

// commonest is the class with most examples; of equals the first by name.
func (b *bayes) commonest() string {
	best := ""
	for _, class := range slices.Sorted(maps.Keys(b.n)) {
		if best == "" || b.n[class] > b.n[best] {
			best = class
		}
	}
	return best
}
