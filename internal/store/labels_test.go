package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// A person is asked once of each article; the sample for double coding is the
// same for two people, however much one of them is ahead.
func TestLabelsAndTheirQueues(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		var arts []news.Article
		var rs []ArticleReading
		for i, id := range []string{"c3", "a1", "b2", "d4"} {
			arts = append(arts, news.Article{ID: id, URL: "https://bao.example/" + id, Canonical: "https://bao.example/" + id, Title: id, Published: day0.Add(time.Duration(i) * time.Hour), FirstSeen: day0, Via: news.Crawl, Version: 1})
			rs = append(rs, ArticleReading{ArticleID: id, Version: 1, Reading: news.Reading{Relevant: id != "d4", Uncertain: id == "a1"}})
		}
		do(t, s, func(tx *Tx) error {
			if _, err := tx.PutArticles(ctx, arts, day0); err != nil {
				return err
			}
			return tx.PutReadings(ctx, rs)
		})
		queue := func(f func(who string) ([]string, error), who string, want ...string) {
			t.Helper()
			ids, err := f(who)
			must(t, err)
			if !slices.Equal(ids, want) {
				t.Errorf("%s is asked of %v, want %v", who, ids, want)
			}
		}
		single := func(who string) ([]string, error) { return s.ToLabel(ctx, who, 10) }
		double := func(who string) ([]string, error) { return s.ToDouble(ctx, who, 10) }
		queue(single, "lan", "a1", "b2", "c3")
		put := func(l Label) {
			do(t, s, func(tx *Tx) error { return tx.PutLabels(ctx, []Label{l}) })
		}
		put(Label{"a1", "tone", "lan", "neutral", false, day0})
		put(Label{"a1", "tone", "lan", "negative", true, day0.Add(time.Hour)})
		queue(single, "lan", "b2", "c3")
		queue(double, "lan", "b2", "c3")
		queue(double, "mai", "a1", "b2", "c3")
		got, err := s.Labels(ctx)
		must(t, err)
		if d := cmp.Diff([]Label{{"a1", "tone", "lan", "negative", true, day0.Add(time.Hour)}}, got); d != "" {
			t.Errorf("a later word replaces the earlier:\n%s", d)
		}
		put(Label{"a1", "scope", "lan", "local", true, day0.Add(time.Hour)})
		put(Label{"b2", "tone", "lan", "neutral", false, day0.Add(2 * time.Hour)})
		put(Label{"b2", "tone", "mai", "neutral", false, day0.Add(2 * time.Hour)})
		if n, err := s.LabelledSince(ctx, "lan", day0); err != nil || n != 2 {
			t.Errorf("lan labelled %d articles: %v", n, err)
		}
		drop := func(want int, f func(*Tx) (int, error)) {
			t.Helper()
			do(t, s, func(tx *Tx) error {
				n, err := f(tx)
				if n != want {
					t.Errorf("%d answers were taken back, want %d", n, want)
				}
				return err
			})
		}
		drop(2, func(tx *Tx) (int, error) { return tx.DropLabels(ctx, "lan", "a1") })
		drop(1, func(tx *Tx) (int, error) { return tx.DropLabelsSince(ctx, "lan", day0.Add(2*time.Hour)) })
		if got, err = s.Labels(ctx); err != nil || len(got) != 1 || got[0].Who != "mai" {
			t.Errorf("left are %v: %v", got, err)
		}
	})
}
