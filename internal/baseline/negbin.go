package baseline

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// below is P(X ≤ n) of the negative binomial distribution with the given mean
// and variance phi·mean; that of Poisson where phi is 1 or less.
//
// Source: DLMF 8.17.24 (negative binomial as an incomplete beta function) with
// size r = mean/(phi-1) and success probability 1/phi, and DLMF 8.4.10 for
// Poisson.
func below(n int, mean, phi float64) float64 {
	switch {
	case n < 0:
		return 0
	case mean <= 0:
		return 1
	case phi <= 1+1e-9:
		return mathext.GammaIncRegComp(float64(n)+1, mean)
	}
	return mathext.RegIncBeta(mean/(phi-1), float64(n)+1, 1/phi)
}

// Tail is P(X ≥ n) of the negative binomial distribution with the given mean
// and variance phi·mean (phi is held at 1 or more, where it is Poisson's).
func Tail(n int, mean, phi float64) float64 {
	switch {
	case n <= 0:
		return 1
	case mean <= 0:
		return 0
	case phi <= 1+1e-9:
		return mathext.GammaIncReg(float64(n), mean)
	}
	return mathext.RegIncBeta(float64(n), mean/(phi-1), 1-1/phi)
}

// Quantile is the smallest n with P(X ≤ n) ≥ p of that distribution.
func Quantile(p, mean, phi float64) int {
	high := int(mean) + 1
	for below(high, mean, phi) < p {
		high *= 2
	}
	low := -1 // P(X ≤ low) < p
	for high-low > 1 {
		if mid := (low + high) / 2; below(mid, mean, phi) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// normal is the quantile function of the standard normal distribution.
func normal(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
