package learn

import "math"

// Line maps a model's chances to the probability of being right: a straight
// line through their log-odds. J. Platt, "Probabilistic Outputs for Support
// Vector Machines", Advances in Large Margin Classifiers (1999), section 2.
type Line struct {
	Slope float64 `json:"slope"`
	Start float64 `json:"start"`
}

// Verdict is a chance that a model gave, and whether what it said was right.
type Verdict struct {
	Chance float64
	Right  bool
}

// At returns the probability that a verdict of that chance is right.
func (l Line) At(chance float64) float64 {
	return 1 / (1 + math.Exp(-(l.Slope*odds(chance) + l.Start)))
}

// odds are the log-odds of a chance, kept finite.
func odds(chance float64) float64 {
	chance = min(max(chance, 0.005), 0.995)
	return math.Log(chance / (1 - chance))
}

// Trust fits the line to verdicts of texts that the model had not seen.
func Trust(verdicts []Verdict) (Line, error) {
	const right, wrong = "right", "wrong"
	var samples []Sample
	for _, v := range verdicts {
		class := wrong
		if v.Right {
			class = right
		}
		samples = append(samples, Sample{Features: Features{"odds": odds(v.Chance)}, Classes: []string{class}})
	}
	axis, err := Fit(samples, Options{Classes: []string{right, wrong}, Penalty: 0.01, Least: 1})
	if err != nil {
		return Line{}, err
	}
	line := Line{Start: axis.Bias[0]}
	if w, ok := axis.Weights["odds"]; ok {
		line.Slope = w[0]
	}
	return line, nil
}

// Miscalibration is the expected calibration error in ten bins: how far the
// chances are from how often they are right. 0 is perfect. M. Naeini, G. Cooper
// and M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
// Binning", AAAI 2015.
func Miscalibration(verdicts []Verdict) float64 {
	var chance, right, n [10]float64
	for _, v := range verdicts {
		bin := min(int(v.Chance*10), 9)
		n[bin]++
		chance[bin] += v.Chance
		if v.Right {
			right[bin]++
		}
	}
	off := 0.0
	for bin := range n {
		off += math.Abs(chance[bin] - right[bin])
	}
	return off / float64(max(len(verdicts), 1))
}
