package baseline

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Farrington is the improved ("flexible") algorithm of Farrington for weekly
// counts, with the settings of its paper as Flexible gives them.
type Farrington struct {
	Years    int     // of history, 52 weeks each
	Half     int     // weeks to each side of this week that are compared with it
	Periods  int     // levels of the season factor: this time of the year, and others of equal length
	Skip     int     // latest weeks left out, so that an outbreak does not hide itself
	Outlier  float64 // Anscombe residual above which a week weighs less
	TrendP   float64 // a trend is kept where its p-value is below; above 1 always
	Quantile float64 // of the negative binomial that is the bound
}

// Flexible is the settings Noufaily et al. recommend.
var Flexible = Farrington{Years: 5, Half: 3, Periods: 10, Skip: 26, Outlier: 2.58, TrendP: 2, Quantile: 0.995}

// Forecast is what a week is expected to be.
type Forecast struct {
	Mean  float64
	Phi   float64 // variance over mean
	Bound int     // alarm above it
	Trend bool    // a trend was fitted and kept
	Alarm bool
}

// At judges the week at index t of a series of weeks by the weeks before it.
//
// Source: Noufaily, Enki, Farrington, Garthwaite, Andrews & Charlett, An improved
// algorithm for outbreak detection in multiple surveillance systems, Statistics
// in Medicine 32 (2013); for the steps it kept, Farrington, Andrews, Beale &
// Catchpole, A statistical algorithm for the early detection of outbreaks of
// infectious disease, JRSS A 159 (1996):
//
//  1. quasi-Poisson regression log μ = θ + β·week + δ(period), φ = max(1, Pearson/df);
//  2. residuals s = (3/2)(y^⅔ − μ^⅔) / (μ^⅙ √(φ(1−h))); weights γ·s^−2 where s
//     is above Outlier and γ elsewhere, which sum to the number of weeks; fit again;
//  3. the same without trend where the trend is not significant or leads above
//     all that was ever seen;
//  4. the bound is a quantile of the negative binomial of mean μ and variance φμ.
//
// It fails where the history is too short or cannot be fitted.
func (f Farrington) At(series []float64, t int) (Forecast, error) {
	from := t - 52*f.Years - f.Half
	if from < 0 || t >= len(series) {
		return Forecast{}, fmt.Errorf("week %d of %d cannot be judged: it needs %d weeks before it", t, len(series), 52*f.Years+f.Half)
	}
	weeks := series[from : t-f.Skip]
	fit, err := f.robust(weeks, f.design(from, t, true))
	if err != nil {
		return Forecast{}, fmt.Errorf("fitting the weeks before week %d: %w", t, err)
	}
	out := Forecast{Mean: math.Exp(fit.beta[0]), Phi: fit.phi, Trend: true}
	if fit.pValue(f.Periods) >= f.TrendP || out.Mean > highest(weeks) {
		if fit, err = f.robust(weeks, f.design(from, t, false)); err != nil {
			return Forecast{}, fmt.Errorf("fitting the weeks before week %d without trend: %w", t, err)
		}
		out = Forecast{Mean: math.Exp(fit.beta[0]), Phi: fit.phi}
	}
	out.Bound = Quantile(f.Quantile, out.Mean, out.Phi)
	out.Alarm = series[t] > float64(out.Bound)
	return out, nil
}

// design is a row for each week: one, the periods but the first, the weeks from
// t if there is a trend. So the first coefficient alone is log μ of week t.
func (f Farrington) design(from, t int, trend bool) [][]float64 {
	window := 2*f.Half + 1
	length := (52 - window + f.Periods - 2) / max(1, f.Periods-1)
	var rows [][]float64
	for week := from; week < t-f.Skip; week++ {
		row := make([]float64, f.Periods, f.Periods+1)
		row[0] = 1
		if off := ((week-t+f.Half)%52 + 52) % 52; off >= window {
			row[min(f.Periods-1, 1+(off-window)/length)] = 1
		}
		if trend {
			row = append(row, float64(week-t))
		}
		rows = append(rows, row)
	}
	return rows
}

// robust fits, gives outlying weeks less weight, and fits again.
func (f Farrington) robust(weeks []float64, design [][]float64) (regression, error) {
	weights := make([]float64, len(weeks))
	for i := range weights {
		weights[i] = 1
	}
	first, err := regress(weeks, weights, design)
	if err != nil {
		return first, err
	}
	sum := 0.0
	for i, y := range weeks {
		s := anscombe(y, first.mu[i]) / math.Sqrt(first.phi*(1-first.hat[i]))
		if s > f.Outlier {
			weights[i] = 1 / (s * s)
		}
		sum += weights[i]
	}
	for i := range weights {
		weights[i] *= float64(len(weeks)) / sum
	}
	return regress(weeks, weights, design)
}

// pValue is that of the coefficient k being 0, two-sided, by Student's t.
func (r regression) pValue(k int) float64 {
	t := r.beta[k] / math.Sqrt(r.phi*r.cov[k][k])
	return mathext.RegIncBeta(r.df/2, 0.5, r.df/(r.df+t*t)) // DLMF 8.17, Student's t as a beta
}

func highest(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		most = max(most, v)
	}
	return most
}
