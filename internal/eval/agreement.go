package eval

// Alpha is Krippendorff's alpha for nominal data. Each unit lists the values
// its observers gave it, in any order; a missing value is left out, and a unit
// with fewer than two values is not paired with anything. It is 1 where all
// agree, 0 where they agree as chance would have it, below 0 where they
// disagree systematically. ok is false where nothing can be said: no unit has
// two values, or all values are the same.
//
// With o_cc the coincidences of value c with itself (a unit of m values gives
// each of its ordered pairs 1/(m−1)), n_c how often c stands in pairable units
// and n their sum:
//
//	alpha = ((n−1) Σ o_cc − Σ n_c(n_c−1)) / (n(n−1) − Σ n_c(n_c−1))
//
// Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability",
// University of Pennsylvania, 2011, section C.
func Alpha(units [][]string) (alpha float64, ok bool) {
	counts := map[string]float64{}
	n, agreed := 0.0, 0.0
	for _, values := range units {
		m := float64(len(values))
		if m < 2 {
			continue
		}
		here := map[string]float64{}
		for _, v := range values {
			here[v]++
			counts[v]++
		}
		for _, k := range here {
			agreed += k * (k - 1) / (m - 1)
		}
		n += m
	}
	byChance := 0.0
	for _, c := range counts {
		byChance += c * (c - 1)
	}
	if n == 0 || n*(n-1) == byChance {
		return 0, false
	}
	return ((n-1)*agreed - byChance) / (n*(n-1) - byChance), true
}
