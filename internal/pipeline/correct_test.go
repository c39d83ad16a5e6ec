package pipeline

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// archive is a pipeline over an empty archive, by the rules of the pack.
func archive(t testing.TB, now time.Time) *Pipeline {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &Pipeline{Store: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	p.Use(rules)
	return p
}

// A person's word stands over a re-reading until it is undone.
func TestACorrectionStands(t *testing.T) {
	now := time.Date(2026, 7, 8, 9, 0, 0, 0, config.VN)
	p := archive(t, now)
	line := `{"url":"https://bao-thu.example/mot-1.html","title":"Lịch chi trả lương hưu tháng 7","summary":"BHXH Việt Nam thông báo lịch chi trả lương hưu.","published":"2026-07-08T08:00:00+07:00","outlet":"Báo Thử"}`
	done, err := p.Import(t.Context(), "thu.jsonl", strings.NewReader(line), nil)
	if err != nil || len(done.IDs) != 1 {
		t.Fatalf("imported %+v, %v", done, err)
	}
	id := done.IDs[0]
	read := func() news.Reading {
		t.Helper()
		if _, err := p.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := p.Store.Reading(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return r.Reading
	}
	if r := read(); !r.Relevant || r.Tone == "negative" {
		t.Fatalf("the rules read relevant %v, tone %s", r.Relevant, r.Tone)
	}
	var number int64
	err = p.Store.Do(t.Context(), func(tx *store.Tx) (err error) {
		if number, err = tx.PutCorrection(t.Context(), store.Correction{ArticleID: id, Axis: "tone", Value: "negative", Who: "Lan", Why: "bài kể chuyện chậm trả", At: now}); err != nil {
			return err
		}
		_, err = tx.PutCorrection(t.Context(), store.Correction{ArticleID: id, Axis: "provinces", Value: "thua-thien-hue, an-giang", Who: "Lan", Why: "nêu trong ảnh", At: now})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := read()
	if r.Tone != "negative" || !slices.Equal(r.Provinces, []string{"thua-thien-hue", "an-giang"}) || !slices.Contains(r.Current, "an-giang") {
		t.Errorf("corrected: tone %s, provinces %v, today %v", r.Tone, r.Provinces, r.Current)
	}
	if v := r.Verdicts["tone"]; len(v.Reasons) == 0 || !strings.Contains(v.Reasons[0].Rule, "Lan") || v.Confidence != 1 {
		t.Errorf("the verdict does not say whose word it is: %+v", v)
	}
	err = p.Store.Do(t.Context(), func(tx *store.Tx) error {
		mark, err := tx.Mark(t.Context(), store.MarkRead)
		if err != nil {
			return err
		}
		return tx.MoveMark(t.Context(), store.MarkRead, mark, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := read(); r.Tone != "negative" {
		t.Errorf("a re-reading took the word back: tone %s", r.Tone)
	}
	if err := p.Store.Do(t.Context(), func(tx *store.Tx) error { return tx.UndoCorrection(t.Context(), number, now) }); err != nil {
		t.Fatal(err)
	}
	if r := read(); r.Tone == "negative" {
		t.Error("the undone word still stands")
	}
}

func TestCorrectionsAreChecked(t *testing.T) {
	r := archive(t, time.Now()).Rules()
	for _, c := range []struct{ text, why string }{
		{"tone", "AXIS=VALUE"},
		{"tune=negative", "agency_role"},
		{"tone=negativ", `did you mean "negative"`},
		{"topics=pension,penson", `did you mean "pension"`},
		{"risk=7", "0, 1, 2, 3"},
		{"relevant=", "true"},
	} {
		if _, _, err := r.ReadCorrection(c.text); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q: %v, want it to say %q", c.text, err, c.why)
		}
	}
	for _, ok := range []string{"tone=negative", "topics=pension, policy_law", "insurance=", "relevant=false"} {
		if _, _, err := r.ReadCorrection(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
}
