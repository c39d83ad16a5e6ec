package baseline

import "math"

// Burn is the memory of a slow burn: a rise too small for any one day that goes
// on for days. The zero Burn has seen nothing.
type Burn struct {
	Score float64 // in standard deviations
	Days  int     // bins since it last stood at 0
}

// What is taken off each bin, and the most one bin may add: a burst of one day
// is what Surprise is for.
const (
	slack = 0.5
	most  = 2.0
)

// Smoulders is the score from which a burn is worth a look. By simulation,
// Poisson counts that are only usual reach it about once in two years of days
// (685 days at a mean of 30, 1,237 at a mean of 1).
const Smoulders = 4.0

// Add is the burn after one more bin in which n came and the model expected mean
// with variance phi·mean: S ← max(0, S + min(2, z) − ½), where z is Anscombe's
// residual of the count. It is the cumulative sum of Page (Continuous
// inspection schemes, Biometrika 41, 1954) for a shift of one standard
// deviation, made nearly normal as in Rossi, Lampugnani & Marchi (An approximate
// CUSUM procedure for surveillance of health events, Statistics in Medicine 18,
// 1999).
func (b Burn) Add(n int, mean, phi float64) Burn {
	z := math.Min(most, anscombe(float64(n), mean)/math.Sqrt(max(1, phi)))
	b.Score = max(0, b.Score+z-slack)
	if b.Days++; b.Score == 0 {
		b.Days = 0
	}
	return b
}

// anscombe is the residual (3/2)(y^⅔ − μ^⅔)/μ^⅙, about standard normal for
// Poisson counts y of mean μ (McCullagh & Nelder 1989, section 2.4.2).
func anscombe(y, mu float64) float64 {
	if mu <= 0 {
		mu = 1e-3
	}
	return 1.5 * (math.Cbrt(y*y) - math.Cbrt(mu*mu)) / math.Pow(mu, 1.0/6)
}
