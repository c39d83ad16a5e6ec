package eval

import (
	"math"
	"time"
)

// The scoring of the Numenta Anomaly Benchmark, profile "standard": Lavin &
// Ahmad, Evaluating real-time anomaly detection algorithms – the Numenta Anomaly
// Benchmark, ICMLA 2015 (arXiv:1510.03336), section II-B.
const (
	nabFalse     = 0.11 // weight of a false alarm
	nabMissed    = 1.0  // weight of a window without alarm
	nabProbation = 0.15 // share of a series at its beginning that is not scored,
	nabLongest   = 5000 // counted on no more than so many rows
)

// nabSeries is one series with its labelled windows.
type nabSeries struct {
	name    string
	at      []time.Time
	values  []float64
	windows []nabWindow
}

// nabWindow is a labelled anomaly: rows from first to last.
type nabWindow struct{ first, last int }

// probation is the number of rows at the beginning that are not scored.
func (s nabSeries) probation() int {
	return int(nabProbation * float64(min(len(s.at), nabLongest)))
}

// nabResult is what alarms are worth on a series.
type nabResult struct {
	score float64 // raw: a perfect detector has the number of windows, one without alarms its negative
	found int
	false int
}

// judge scores alarms, row numbers in order. The earliest point of a window is
// worth 1, its end near 0; of several alarms in a window the best counts.
// A false alarm costs the more the farther it is after the last window.
func (s nabSeries) judge(alarms []int) nabResult {
	var r nabResult
	best := make([]float64, len(s.windows))
	hit := make([]bool, len(s.windows))
	for _, i := range alarms {
		if i < s.probation() {
			continue
		}
		in, before := s.place(i)
		if in < 0 {
			r.score += nabFalse * s.after(i, before)
			r.false++
			continue
		}
		w := s.windows[in]
		position := -float64(w.last-i+1) / float64(w.last-w.first+1)
		hit[in], best[in] = true, max(best[in], nabSigmoid(position)/nabSigmoid(-1))
	}
	for w := range s.windows {
		if hit[w] {
			r.found++
			r.score += best[w]
		} else {
			r.score -= nabMissed
		}
	}
	return r
}

// place is the window row i lies in and the last one that ended before it; -1 for none.
func (s nabSeries) place(i int) (in, before int) {
	in, before = -1, -1
	for w, win := range s.windows {
		if i >= win.first && i <= win.last {
			in = w
		}
		if win.last < i {
			before = w
		}
	}
	return in, before
}

// after is the worth, below 0, of a false alarm at row i, that many window
// lengths after the window before it.
func (s nabSeries) after(i, before int) float64 {
	if before < 0 {
		return -1
	}
	w := s.windows[before]
	return nabSigmoid(float64(i-w.last) / float64(max(1, w.last-w.first)))
}

// nabSigmoid is the scaled sigmoid 2/(1+e^{5y}) − 1 of the position relative to
// a window's end: -1 at its beginning, 0 at its end, 1 one length after it.
func nabSigmoid(position float64) float64 {
	if position >= 3 {
		return -1
	}
	return 2/(1+math.Exp(5*position)) - 1
}

// nabNormal brings a raw score to the scale on which a detector without alarms
// has 0 and a perfect one 100.
func nabNormal(raw float64, windows int) float64 {
	null, perfect := -nabMissed*float64(windows), float64(windows)
	return 100 * (raw - null) / (perfect - null)
}
