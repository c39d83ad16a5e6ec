package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// What reports count besides the axes is kept with a reading and counted, both
// ways; an event that is still to come is kept and not counted.
func TestFindingsAreKeptAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := news.Article{ID: "a1", URL: "https://bao.example/1", Canonical: "https://bao.example/1", Outlet: "bao", Title: "Ra quân", Published: day0, FirstSeen: day0, Via: news.Crawl, Version: 1}
		r := news.Reading{Relevant: true, Form: "news", Series: news.Series{Name: "Giữ lưới", Part: 2},
			Events: []news.Event{{Kind: "launch", Count: 3, Province: "an-giang", People: 40, Where: news.Title, Quote: "Ra quân"}, {Kind: "dialogue", Count: 1, Planned: true}},
			Models: []news.Model{{Name: "Mỗi ngày một nghìn"}}, Claims: []news.Claim{{Number: 95.15, Unit: "%"}}, Said: []news.Said{{Office: "Giám đốc", Quote: "Không ai chờ"}}}
		must(t, s.Do(ctx, func(tx *Tx) error {
			if _, err := tx.PutArticles(ctx, []news.Article{a}, day0); err != nil {
				return err
			}
			return tx.PutReadings(ctx, []ArticleReading{{ArticleID: "a1", Version: 1, Reading: r}})
		}))
		got, err := s.Reading(ctx, "a1")
		must(t, err)
		got.Reading.Verdicts = nil
		if d := cmp.Diff(r, got.Reading); d != "" {
			t.Errorf("kept differently:\n%s", d)
		}
		for axis, want := range map[string][]Count{
			AxisForm: {{Value: "news", Publications: 1, Originals: 1}}, AxisSeries: {{Value: "Giữ lưới", Publications: 1, Originals: 1}},
			AxisEvent: {{Value: "launch", Publications: 1, Originals: 1}}, AxisEventAt: {{Value: "launch/an-giang", Publications: 1, Originals: 1}},
			AxisModel: {{Value: "Mỗi ngày một nghìn", Publications: 1, Originals: 1}},
		} {
			counts, err := s.Counts(ctx, axis, Filter{})
			must(t, err)
			if d := cmp.Diff(want, counts); d != "" {
				t.Errorf("%s:\n%s", axis, d)
			}
		}
		told, err := s.Tellings(ctx, Filter{})
		must(t, err)
		if d := cmp.Diff([]Telling{{Story: "a1", Events: r.Events}}, told); d != "" {
			t.Errorf("tellings:\n%s", d)
		}
	})
}
