package eval

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// The metric is that of the public article-extraction-benchmark
// (scrapinghub/article-extraction-benchmark, evaluate.py): four-word shingles
// with their counts, each page's counts divided by their sum so that a long
// page weighs no more than a short one.

// word is a token of the metric. Go's \w is ASCII and would cut Vietnamese
// words at their marks.
var word = regexp.MustCompile(`[\p{L}\p{M}\p{N}_]+`)

func words(text string) []string { return word.FindAllString(norm.NFC.String(text), -1) }

// overlap is one page's share of right, superfluous and missing shingles.
type overlap struct{ tp, fp, fn float64 }

func (o overlap) f1() float64 { return harmonic(ratio(o.tp, o.tp+o.fp), ratio(o.tp, o.tp+o.fn)) }

func compareShingles(want, got string) overlap {
	missing, o := shingles(want), overlap{}
	for key, n := range shingles(got) {
		both := min(n, missing[key])
		o.tp += float64(both)
		o.fp += float64(n - both)
		missing[key] -= both
	}
	for _, n := range missing {
		o.fn += float64(n)
	}
	if sum := o.tp + o.fp + o.fn; sum > 0 {
		o = overlap{o.tp / sum, o.fp / sum, o.fn / sum}
	}
	return o
}

// shingles counts the runs of four words; a shorter text is one shingle, even
// an empty one, as in the benchmark.
func shingles(text string) map[string]int {
	const n = 4
	w := words(text)
	count := map[string]int{}
	for i := range max(1, len(w)-n+1) {
		count[strings.Join(w[i:min(i+n, len(w))], " ")]++
	}
	return count
}

// sameNames compares bylines as sets of names, whatever stands between them.
func sameNames(a, b string) bool {
	names := func(s string) []string {
		parts := strings.FieldsFunc(norm.NFC.String(strings.ToLower(s)), func(r rune) bool { return strings.ContainsRune(";,&|/-–", r) })
		var out []string
		for _, p := range parts {
			if p = strings.Join(strings.Fields(p), " "); p != "" {
				out = append(out, p)
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(names(a), names(b))
}

func appendRatio(to []float64, part, whole float64) []float64 {
	if whole == 0 {
		return to
	}
	return append(to, part/whole)
}

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

func share(part, whole int) float64 { return round4(ratio(float64(part), float64(whole))) }

func harmonic(p, r float64) float64 { return ratio(2*p*r, p+r) }

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return round4(ratio(sum, float64(len(v))))
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func quantile(v []time.Duration, q float64) time.Duration {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}

func total(v []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range v {
		sum += d
	}
	return sum
}

// ms is a duration in milliseconds, to the microsecond.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
