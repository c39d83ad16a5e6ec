// Package learn fits linear models to what people labelled, and scores with
// them. It knows nothing of articles: a sample is named features and the
// classes that are true of it. A model is learned numbers only, small enough
// to be read by eye, and the same samples give the same model, byte for byte.
//
// An axis is one question. Where exactly one class is true (tone) the model is
// a softmax; where several may be (topics) it is one logistic regression a
// class. Both are fitted by L-BFGS with a quadratic penalty: Fan, Chang, Hsieh,
// Wang and Lin, "LIBLINEAR", JMLR 9 (2008), section 2 and appendix.
package learn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Features are a sample's features by name; absent is nought.
type Features map[string]float64

// Sample is one labelled example.
type Sample struct {
	Features Features
	Classes  []string // those that are true of it; exactly one where the axis is exclusive
	Weight   float64  // how much it counts; nought counts as one
}

// Options say how an axis is fitted.
type Options struct {
	Classes   []string // in the order of the model
	Exclusive bool     // exactly one class is true
	Penalty   float64  // of the squared weights, against one sample's loss of one
	Least     int      // samples a feature must stand in to be kept
	Prior     *Axis    // what is known already: weights are drawn to its, not to nought
}

// Axis is a fitted question.
type Axis struct {
	Classes   []string             `json:"classes"`
	Exclusive bool                 `json:"exclusive"`
	Bias      []float64            `json:"bias"`
	Weights   map[string][]float64 `json:"weights"` // feature → a weight a class
}

// Fit learns an axis. It is an error to have no sample, or a sample of a class
// that the options do not name.
func Fit(samples []Sample, o Options) (Axis, error) {
	p, err := newProblem(samples, o)
	if err != nil {
		return Axis{}, err
	}
	axis := Axis{Classes: o.Classes, Exclusive: o.Exclusive, Bias: make([]float64, len(o.Classes)), Weights: map[string][]float64{}}
	x, err := p.solve()
	if err != nil {
		return Axis{}, err
	}
	k := len(o.Classes)
	for c := range k {
		axis.Bias[c] = round(x[c])
	}
	for f, name := range p.names {
		row := make([]float64, k)
		telling := false
		for c := range k {
			row[c] = round(x[(f+1)*k+c])
			telling = telling || math.Abs(row[c]) >= 0.03
		}
		if telling {
			axis.Weights[name] = row
		}
	}
	return axis, nil
}

// round keeps two decimals: more says nothing, and a model stays readable.
func round(x float64) float64 { return math.Round(x*100)/100 + 0 }

// problem is the samples in numbers.
type problem struct {
	o      Options
	names  []string // kept features, sorted
	rows   [][]entry
	truth  [][]bool
	weight []float64
	start  []float64 // biases, then a row of weights a feature: the prior's, or nought
}

type entry struct {
	feature int
	value   float64
}

func newProblem(samples []Sample, o Options) (*problem, error) {
	if len(samples) == 0 || len(o.Classes) < 2 {
		return nil, fmt.Errorf("learn: %d samples and %d classes: give some samples and two classes at least", len(samples), len(o.Classes))
	}
	seen := map[string]int{}
	for _, s := range samples {
		for name := range s.Features {
			seen[name]++
		}
	}
	p := &problem{o: o}
	for name, n := range seen {
		if n >= o.Least {
			p.names = append(p.names, name)
		}
	}
	if o.Prior != nil {
		for name := range o.Prior.Weights {
			if seen[name] < o.Least {
				p.names = append(p.names, name)
			}
		}
	}
	slices.Sort(p.names)
	p.start = p.from(o.Prior)
	at := map[string]int{}
	for i, name := range p.names {
		at[name] = i
	}
	for n, s := range samples {
		truth := make([]bool, len(o.Classes))
		for _, class := range s.Classes {
			c := slices.Index(o.Classes, class)
			if c < 0 {
				return nil, fmt.Errorf("learn: sample %d is of class %q, which is none of %v", n+1, class, o.Classes)
			}
			truth[c] = true
		}
		if o.Exclusive && len(s.Classes) != 1 {
			return nil, fmt.Errorf("learn: sample %d has %d classes, and exactly one can be true", n+1, len(s.Classes))
		}
		var row []entry
		for name, v := range s.Features {
			if f, ok := at[name]; ok {
				row = append(row, entry{f, v})
			}
		}
		slices.SortFunc(row, func(a, b entry) int { return cmp.Compare(a.feature, b.feature) })
		p.rows, p.truth, p.weight = append(p.rows, row), append(p.truth, truth), append(p.weight, cmp.Or(s.Weight, 1))
	}
	return p, nil
}

// from lays a prior's numbers out as the solver wants them.
func (p *problem) from(prior *Axis) []float64 {
	k := len(p.o.Classes)
	out := make([]float64, (len(p.names)+1)*k)
	if prior == nil {
		return out
	}
	for c, class := range p.o.Classes {
		at := slices.Index(prior.Classes, class)
		if at < 0 {
			continue
		}
		out[c] = prior.Bias[at]
		for f, name := range p.names {
			if row, ok := prior.Weights[name]; ok {
				out[(f+1)*k+c] = row[at]
			}
		}
	}
	return out
}

// solve minimises loss and penalty. The biases are not punished; where there is
// a prior they stay as they are.
func (p *problem) solve() ([]float64, error) {
	problem := optimize.Problem{
		Func: func(x []float64) float64 { return p.loss(x, nil) },
		Grad: func(grad, x []float64) { p.loss(x, grad) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-4, MajorIterations: 400, Converger: &optimize.FunctionConverge{Relative: 1e-9, Iterations: 10}}
	result, err := optimize.Minimize(problem, slices.Clone(p.start), settings, &optimize.LBFGS{})
	if result == nil {
		return nil, fmt.Errorf("learn: fitting %d features: %w", len(p.names), err)
	}
	return result.X, nil // a line search that can gain no more stops with an error at the optimum
}

// loss returns the penalised loss at x, and its gradient where one is asked for.
func (p *problem) loss(x, grad []float64) float64 {
	k := len(p.o.Classes)
	total := 0.0
	for i := range grad {
		grad[i] = 0
	}
	for i := k; i < len(x); i++ {
		off := x[i] - p.start[i]
		total += p.o.Penalty / 2 * off * off
		if grad != nil {
			grad[i] = p.o.Penalty * off
		}
	}
	z, pull := make([]float64, k), make([]float64, k)
	for n, row := range p.rows {
		copy(z, x[:k])
		for _, e := range row {
			for c := range k {
				z[c] += e.value * x[(e.feature+1)*k+c]
			}
		}
		total += p.weight[n] * lose(z, p.truth[n], p.o.Exclusive, pull)
		if grad == nil {
			continue
		}
		for c := range k {
			if p.o.Prior == nil { // a few corrections say nothing of how common a class is
				grad[c] += p.weight[n] * pull[c]
			}
		}
		for _, e := range row {
			for c := range k {
				grad[(e.feature+1)*k+c] += p.weight[n] * pull[c] * e.value
			}
		}
	}
	return total
}

// lose returns the log-loss of the scores z against the truth, and in pull its
// derivative by each score: probability minus truth.
func lose(z []float64, truth []bool, exclusive bool, pull []float64) float64 {
	chances(z, exclusive, pull)
	total := 0.0
	for c := range z {
		switch {
		case truth[c]:
			total -= math.Log(max(pull[c], 1e-12))
			pull[c]--
		case !exclusive:
			total -= math.Log(max(1-pull[c], 1e-12))
		}
	}
	return total
}

// chances turns scores into probabilities: a softmax, or each for itself.
func chances(z []float64, exclusive bool, out []float64) {
	if !exclusive {
		for c := range z {
			out[c] = 1 / (1 + math.Exp(-z[c]))
		}
		return
	}
	top, sum := slices.Max(z), 0.0
	for c := range z {
		out[c] = math.Exp(z[c] - top)
		sum += out[c]
	}
	for c := range z {
		out[c] /= sum
	}
}
