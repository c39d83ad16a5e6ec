package learn

import (
	"cmp"
	"math"
	"slices"
)

// Part is what one feature adds to a class.
type Part struct {
	Feature string
	Weight  float64 // weight × value; the logarithm of the odds it moves
}

// Sight is features in order: floating sums depend on it, and so would bytes.
type Sight []Seen

// Seen is one feature and its value.
type Seen struct {
	Name  string
	Value float64
}

// Sight puts features in order.
func (f Features) Sight() Sight {
	out := make(Sight, 0, len(f))
	for name, v := range f {
		out = append(out, Seen{name, v})
	}
	slices.SortFunc(out, func(a, b Seen) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Chances returns the probability of each class.
func (a Axis) Chances(s Sight) []float64 {
	z := slices.Clone(a.Bias)
	for _, seen := range s {
		for c, w := range a.Weights[seen.Name] {
			z[c] += w * seen.Value
		}
	}
	out := make([]float64, len(z))
	chances(z, a.Exclusive, out)
	return out
}

// Why returns what speaks most for (or against) a class, the strongest first.
// Of an exclusive axis it is what the feature adds over the mean of the classes.
func (a Axis) Why(s Sight, class string, most int) []Part {
	c := slices.Index(a.Classes, class)
	var out []Part
	for _, seen := range s {
		row, ok := a.Weights[seen.Name]
		if !ok || c < 0 {
			continue
		}
		w := row[c]
		if a.Exclusive {
			w -= mean(row)
		}
		if w *= seen.Value; math.Abs(w) >= 0.05 {
			out = append(out, Part{seen.Name, w})
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	return out[:min(len(out), most)]
}

// Strongest returns the features that speak most for each class, for a model card.
func (a Axis) Strongest(class string, most int) []Part {
	all := Features{}
	for name := range a.Weights {
		all[name] = 1
	}
	var out []Part
	for _, p := range a.Why(all.Sight(), class, len(all)) {
		if p.Weight > 0 && len(out) < most {
			out = append(out, p)
		}
	}
	return out
}

func mean(row []float64) float64 {
	s := 0.0
	for _, w := range row {
		s += w
	}
	return s / float64(len(row))
}
