package store

import (
	"testing"
	"time"

	"diembao/internal/news"
)

// What came out is counted by the hour on every axis; round-ups, what is not
// ours and what was crawled days late are not.
func TestHourly(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		var as []news.Article
		var rs []ArticleReading
		for i, late := range []time.Duration{0, time.Minute, 50 * time.Hour, 0, 0} {
			a := article("gio"+itoa(int64(i)), "Tiêu đề", "Lead", "Thân")
			a.Published = day0.Add(time.Duration(10*i) * time.Minute)
			a.FirstSeen, a.Via = a.Published.Add(late), news.Crawl
			r := reading(a)
			r.Reading.Digest = i == 3
			r.Reading.Relevant = i != 4
			as, rs = append(as, a), append(rs, r)
		}
		do(t, s, func(tx *Tx) error {
			_, err := tx.PutArticles(ctx, as, day0)
			return err
		})
		putReadings(t, s, rs...)
		counts, err := s.Hourly(ctx, day0.Add(-time.Hour))
		must(t, err)
		got := map[string]int{}
		for _, c := range counts {
			if !c.Hour.Equal(day0.Truncate(time.Hour)) {
				t.Errorf("%s of %s is in the hour of %s, want that of %s", c.Value, c.Axis, c.Hour, day0)
			}
			got[c.Axis+" "+c.Value] += c.N
		}
		for _, want := range []string{AxisTopic + " bhyt_claims", AxisTopic + " fraud", AxisProvince + " hue", ByNothing + " "} {
			if got[want] != 2 {
				t.Errorf("%s has %d articles, want 2: %v", want, got[want], got)
			}
		}
		if counts, err = s.Hourly(ctx, day0.Add(time.Hour)); err != nil || len(counts) != 0 {
			t.Errorf("of a later time %v, %v", counts, err)
		}
	})
}
