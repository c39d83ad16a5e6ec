package baseline

import (
	"math"
	"slices"
	"time"
)

// Rank tells how seldom a series was ever as busy as in the last hour, by
// nothing but its own past: for counts in bins of minutes, of which nobody
// knows the distribution. It is online: a score is of the counts up to it.
//
// A bin's rise is the sum of the last hour over what an hour of the last week
// had; its score is -log10 of the share of bins of the last 90 days whose rise
// was at least as large. So 2 is a rise as seen once in a hundred bins. It is
// the conformal p-value of a ratio (Vovk, Gammerman & Shafer, Algorithmic
// Learning in a Random World, 2005, section 2.2), and needs no threshold of its
// own series.
type Rank struct {
	hour   window // the last hour
	week   window // the last week
	past   []float64
	order  []float64 // the same as they came, oldest at next where full
	next   int
	seen   int
	keep   int
	settle int // bins before anything is said
}

// Refractory is how long after an alarm the same series is not news again.
const Refractory = 24 * time.Hour

// NewRank begins a series of bins of that length, of an hour at most.
func NewRank(bin time.Duration) *Rank {
	perHour := max(1, int(math.Round(float64(time.Hour)/float64(bin))))
	return &Rank{
		hour:   window{size: perHour},
		week:   window{size: 7 * 24 * perHour},
		keep:   90 * 24 * perHour,
		settle: 24 * perHour,
	}
}

// Add takes the count of the next bin and scores it; 0 in the first day.
func (r *Rank) Add(count float64) float64 {
	hour, week := r.hour.add(count), r.week.add(count)
	usual := week / float64(len(r.week.values)) * float64(r.hour.size)
	rise := hour / (usual + 1) // one more, lest a quiet series rises out of nothing
	at, _ := slices.BinarySearch(r.past, rise)
	asMuch := len(r.past) - at
	score := 0.0
	if r.seen >= r.settle {
		score = -math.Log10(float64(asMuch+1) / float64(len(r.past)+1))
	}
	r.remember(rise, at)
	return score
}

// remember puts a rise at its place among the past and forgets the oldest.
func (r *Rank) remember(rise float64, at int) {
	r.seen++
	r.past = slices.Insert(r.past, at, rise)
	if len(r.order) < r.keep {
		r.order = append(r.order, rise)
		return
	}
	old, _ := slices.BinarySearch(r.past, r.order[r.next])
	r.past = slices.Delete(r.past, old, old+1)
	r.order[r.next] = rise
	r.next = (r.next + 1) % r.keep
}

// window sums the latest values.
type window struct {
	size   int
	values []float64
	next   int
	sum    float64
}

func (w *window) add(v float64) float64 {
	if len(w.values) < w.size {
		w.values = append(w.values, v)
		w.sum += v
		return w.sum
	}
	w.sum += v - w.values[w.next]
	w.values[w.next] = v
	w.next = (w.next + 1) % w.size
	return w.sum
}
