package crisis

import (
	"math"
	"slices"

	"diembao/internal/news"
)

// Weighed is a story at one moment, for the weights to learn from.
type Weighed struct {
	Factors []news.Factor
	Crisis  bool
	Share   float64 // how much it counts: the moments of one story together as much as those of another
}

// speaksAgainst are the factors that may only speak against an incident, speaksBoth
// those that may do either; all others may only speak for it, or not at all.
var (
	speaksAgainst = []string{"others", "doubt", "official"}
	speaksBoth    = []string{"bias"}
)

// held is how firmly the weights that stand are held to: stories of few writers
// are to mend them, not to replace them.
const held = 6.0

// LearnWeights fits the weights of the factors named, all others standing: a
// logistic regression by gradient descent, each weight drawn to where it stands
// (a normal prior; Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section
// 16.3) and held to its sign. The same stories give the same weights, to two
// decimals.
func LearnWeights(stories []Weighed, stand map[string]float64, free []string) map[string]float64 {
	at := make([]float64, len(free))
	for i, name := range free {
		at[i] = stand[name]
	}
	x, fixed := columns(stories, stand, free)
	step := 1 / (held + 0.25*curvature(stories, x))
	for range rounds * 5 {
		grad := make([]float64, len(free))
		for i, name := range free {
			grad[i] = held * (at[i] - stand[name])
		}
		for n, s := range stories {
			miss := (chance(fixed[n]+dot(at, x[n])) - verdictOf(s)) * s.Share
			for i := range grad {
				grad[i] += miss * x[n][i]
			}
		}
		for i, name := range free {
			at[i] = signed(name, at[i]-step*grad[i])
		}
	}
	out := map[string]float64{}
	for name, w := range stand {
		out[name] = w
	}
	for i, name := range free {
		out[name] = math.Round(at[i]*100) / 100
	}
	return out
}

// signed holds a weight to its sign.
func signed(factor string, w float64) float64 {
	switch {
	case slices.Contains(speaksBoth, factor):
		return w
	case slices.Contains(speaksAgainst, factor):
		return math.Min(0, w)
	}
	return math.Max(0, w)
}

// columns are the values of the free factors, and what the others come to.
func columns(stories []Weighed, stand map[string]float64, free []string) (x [][]float64, fixed []float64) {
	x, fixed = make([][]float64, len(stories)), make([]float64, len(stories))
	for n, s := range stories {
		x[n] = make([]float64, len(free))
		for _, f := range s.Factors {
			if i := slices.Index(free, f.Factor); i >= 0 {
				x[n][i] = f.Value
			} else {
				fixed[n] += f.Value * weightOf(f, stand)
			}
		}
	}
	return x, fixed
}

// curvature bounds how steep the loss can be.
func curvature(stories []Weighed, x [][]float64) (sum float64) {
	for n, s := range stories {
		sum += s.Share * dot(x[n], x[n])
	}
	return sum
}

// weightOf is the weight of a factor; that it was stored with, where none has its name.
func weightOf(f news.Factor, weights map[string]float64) float64 {
	if w, ok := weights[f.Factor]; ok {
		return w
	}
	return f.Weight
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func chance(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func verdictOf(s Weighed) float64 {
	if s.Crisis {
		return 1
	}
	return 0
}

// Loss is the mean logarithmic loss of weights over stories, in nats: .69 for who
// always says one half.
func Loss(stories []Weighed, weights map[string]float64) float64 {
	sum, all := 0.0, 0.0
	for _, s := range stories {
		z := 0.0
		for _, f := range s.Factors {
			z += f.Value * weightOf(f, weights)
		}
		p := min(1-1e-9, max(1e-9, chance(z)))
		if !s.Crisis {
			p = 1 - p
		}
		sum, all = sum-s.Share*math.Log(p), all+s.Share
	}
	return sum / math.Max(1e-9, all)
}
