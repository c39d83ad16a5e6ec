package pipeline

import "math"

// Estimate is how many articles there were in truth, told from two lists made
// independently of one another, with a 95 % interval.
type Estimate struct {
	Total float64 `json:"total"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Error float64 `json:"standard_error"`
	Few   bool    `json:"few,omitempty"` // fewer than seven in both: the estimate is biased low
}

// Recapture estimates the number of articles from how many each of two lists
// has and how many stand in both: Chapman's estimator
//
//	N = (n₁+1)(n₂+1)/(m+1) − 1
//
// (D. G. Chapman, Univ. Calif. Publ. Statist. 1, 1951) with the variance
//
//	(n₁+1)(n₂+1)(n₁−m)(n₂−m) / ((m+1)²(m+2))
//
// (G. A. F. Seber, Biometrika 57, 1970). The interval is log-normal in what
// neither list has (A. Chao, Biometrics 45, 1989), so that it never lies below
// what was seen. Robson and Regier (Trans. Am. Fish. Soc. 93, 1964) ask for
// seven in both. It holds where both lists may find each article alike: a list
// made with the machine's help makes the total too small.
func Recapture(first, second, both int) Estimate {
	n1, n2, m := float64(first), float64(second), float64(both)
	n := (n1+1)*(n2+1)/(m+1) - 1
	variance := (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2))
	seen := n1 + n2 - m
	e := Estimate{Total: n, Low: n, High: n, Error: math.Sqrt(variance), Few: both < 7}
	unseen := n - seen
	if unseen <= 0 || variance <= 0 {
		e.Total, e.Low, e.High = math.Max(n, seen), seen, math.Max(n, seen)
		return e
	}
	c := math.Exp(1.96 * math.Sqrt(math.Log(1+variance/(unseen*unseen))))
	e.Low, e.High = seen+unseen/c, seen+unseen*c
	return e
}
