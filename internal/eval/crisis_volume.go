package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/internal/baseline"
)

// volumeRule is a rule as press-monitoring products document theirs: it counts
// articles of ours and knows nothing of what they say.
type volumeRule struct {
	Rule string  `json:"rule"`
	On   string  `json:"on"` // total, topic, story
	K    float64 `json:"k"`
	loud func(c counts, k float64) bool
	rest time.Duration // no second alarm of the same series before
}

// volumeRules are those measured beside ours. A story is no series: it has no
// week before it, so every mean is 0 and only a number of articles can be asked.
func volumeRules() []volumeRule {
	var out []volumeRule
	for _, on := range []string{"total", "topic"} {
		for _, k := range []float64{2, 3, 4, 6} {
			out = append(out, volumeRule{"today ÷ 7-day mean ≥ k", on, k, counts.ratio, 24 * time.Hour})
		}
		for _, k := range []float64{2, 3, 4, 6} {
			out = append(out, volumeRule{"24 h > 7-day mean + k·sd", on, k, counts.surge, 24 * time.Hour})
		}
		out = append(out, volumeRule{"EARS C2, day", on, 3, counts.ears, 24 * time.Hour})
	}
	for _, k := range []float64{3, 4, 5} {
		out = append(out, volumeRule{"24 h ≥ k articles", "story", k, counts.many, 7 * 24 * time.Hour})
	}
	return out
}

// counts are the times of one series up to now, and when counting began.
type counts struct {
	now, from time.Time
	times     []time.Time // in order, none after now
}

// between counts the articles after from, up to and with to.
func (c counts) between(from, to time.Time) float64 {
	first, _ := slices.BinarySearchFunc(c.times, from.Add(1), time.Time.Compare)
	last, _ := slices.BinarySearchFunc(c.times, to.Add(1), time.Time.Compare)
	return float64(last - first)
}

const day = 24 * time.Hour

// days are the numbers of n spans of 24 hours that end at to, the oldest first.
func (c counts) days(to time.Time, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		end := to.Add(-time.Duration(n-1-i) * day)
		out[i] = c.between(end.Add(-day), end)
	}
	return out
}

// midnight is the end of yesterday.
func (c counts) midnight() time.Time {
	t := c.now.In(vietnam)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, vietnam).Add(-1)
}

// known reports whether counting began so many days before today.
func (c counts) known(days int) bool {
	return !c.midnight().Add(-time.Duration(days) * day).Before(c.from.Add(-1))
}

// ratio compares today so far with the mean of the seven days before it.
func (c counts) ratio(k float64) bool {
	if !c.known(7) {
		return false
	}
	before, _ := spread(c.days(c.midnight(), 7))
	return c.between(c.midnight(), c.now) >= k*max(before, 1.0/7)
}

// surge compares the last 24 hours with those of the seven days before them.
func (c counts) surge(k float64) bool {
	if !c.known(8) {
		return false
	}
	mean, sd := spread(c.days(c.now.Add(-day), 7))
	return c.between(c.now.Add(-day), c.now) > mean+k*sd
}

// ears asks EARS C2 of today so far.
func (c counts) ears(float64) bool {
	if !c.known(9) {
		return false
	}
	series := append(c.days(c.midnight(), 9), c.between(c.midnight(), c.now))
	return baseline.Aberrations(series)[9].C2.Alarm
}

func (c counts) many(k float64) bool { return c.between(c.now.Add(-day), c.now) >= k }

// spread is the mean and the standard deviation of a sample.
func spread(x []float64) (mean, sd float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sd += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sd / float64(len(x)-1))
}

// alarms runs the rule over what was seen, article by article; from is when
// counting began. An alarm holds the articles of its last 24 hours.
func (v volumeRule) alarms(seen []sighting, from time.Time) []alarm {
	series := map[string][]sighting{}
	for _, s := range seen {
		key := ""
		switch v.On {
		case "topic":
			key = s.topic
		case "story":
			key = s.story
		}
		series[key] = append(series[key], s)
	}
	var out []alarm
	for key, all := range series {
		c, last := counts{from: from}, time.Time{}
		for i, s := range all {
			c.now, c.times = s.at, append(c.times, s.at)
			if s.at.Sub(last) < v.rest && !last.IsZero() || !v.loud(c, v.K) {
				continue
			}
			last = s.at
			out = append(out, alarm{at: s.at, level: 2, incident: fmt.Sprintf("%s %s", key, s.at), urls: lately(all[:i+1])})
		}
	}
	slices.SortFunc(out, func(a, b alarm) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.incident, b.incident)) })
	return out
}

// lately are the addresses of the 24 hours before the last sighting.
func lately(seen []sighting) []string {
	var out []string
	now := seen[len(seen)-1].at
	for _, s := range slices.Backward(seen) {
		if now.Sub(s.at) >= day {
			break
		}
		out = append(out, s.url)
	}
	return out
}
