package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/store"
)

// One account flips 500 verdicts within the hour: most are refused with what
// to do, and what passed is taken back as one act, after which the word of
// others that it replaced stands again.
func TestAStormOfCorrections(t *testing.T) {
	now := time.Date(2026, 7, 8, 9, 0, 0, 0, config.VN)
	p := archive(t, now)
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf(`{"url":"https://bao-thu.example/luong-%d.html","title":"Xã số %d chi trả lương hưu tháng 7","published":"2026-07-08T08:00:00+07:00","outlet":"Báo Thử"}`, i, i))
	}
	done, err := p.Import(t.Context(), "thu.jsonl", strings.NewReader(strings.Join(lines, "\n")), nil)
	if err != nil || len(done.IDs) != 100 {
		t.Fatalf("imported %d, %v", len(done.IDs), err)
	}
	standing := func(id string) string {
		t.Helper()
		if _, err := p.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := p.Store.Reading(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return r.Tone
	}
	if _, err := p.Correct(t.Context(), store.Correction{ArticleID: done.IDs[0], Axis: "tone", Value: "positive", Who: "Lan", Why: "tin vui", At: now.Add(-3 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	passed, refused := 0, 0
	for i := range 500 {
		tone := []string{"negative", "neutral"}[i/100%2]
		_, err := p.Correct(t.Context(), store.Correction{ArticleID: done.IDs[i%100], Axis: "tone", Value: tone, Who: "ke-la", Why: "x", At: now.Add(time.Duration(i) * time.Second)})
		var many TooMany
		switch {
		case err == nil:
			passed++
		case errors.As(err, &many):
			if refused++; !strings.Contains(err.Error(), "--undo-all") || !strings.Contains(err.Error(), "corrections_per_hour") {
				t.Fatalf("the refusal does not say what to do: %v", err)
			}
		default:
			t.Fatal(err)
		}
	}
	if most := p.Rules().Pack.Site.Corrections; passed != most || refused != 500-most {
		t.Errorf("%d passed and %d were refused, with %d allowed", passed, refused, most)
	}
	if _, err := p.Correct(t.Context(), store.Correction{ArticleID: done.IDs[99], Axis: "tone", Value: "negative", Who: "Lan", Why: "kể khổ", At: now}); err != nil {
		t.Errorf("the storm of one stops another: %v", err)
	}
	if got := standing(done.IDs[0]); got != "negative" {
		t.Fatalf("before the undoing the tone is %s", got)
	}
	undone := 0
	err = p.Store.Do(t.Context(), func(tx *store.Tx) (err error) {
		undone, err = tx.UndoCorrections(t.Context(), "ke-la", now.Add(-time.Minute), now.Add(time.Hour))
		return err
	})
	if err != nil || undone != passed {
		t.Errorf("%d undone, want %d: %v", undone, passed, err)
	}
	if a, b, c := standing(done.IDs[0]), standing(done.IDs[5]), standing(done.IDs[99]); a != "positive" || b == "negative" || c != "negative" {
		t.Errorf("after the undoing: Lan's first word %s, an article nobody else spoke of %s, Lan's second word %s", a, b, c)
	}
}

// Whoever labels faster than a person reads is stopped; what passed is taken
// back as one act. Labels of articles that nobody keeps, or of values that
// nobody knows, teach nothing and stop nothing.
func TestAStormOfLabels(t *testing.T) {
	now := time.Date(2026, 7, 8, 9, 0, 0, 0, config.VN)
	p := archive(t, now)
	line := `{"url":"https://bao-thu.example/luong-1.html","title":"Xã An Hòa chi trả lương hưu tháng 7","published":"2026-07-08T08:00:00+07:00","outlet":"Báo Thử"}`
	done, err := p.Import(t.Context(), "thu.jsonl", strings.NewReader(line), nil)
	if err != nil {
		t.Fatal(err)
	}
	passed, refused := 0, 0
	for i := range 500 {
		id := fmt.Sprintf("%016x", i)
		err := p.KeepLabels(t.Context(), []store.Label{{ArticleID: id, Axis: "tone", Who: "ke-la", Value: "negative", At: now}, {ArticleID: id, Axis: "topics", Who: "ke-la", Value: "pension", At: now}})
		many := TooManyLabels{}
		switch {
		case err == nil:
			passed++
		case errors.As(err, &many):
			refused++
		default:
			t.Fatal(err)
		}
	}
	if most := p.Rules().Pack.Site.Corrections * askedFaster; passed != most || refused != 500-most {
		t.Errorf("%d articles passed and %d were refused, with %d allowed", passed, refused, most)
	}
	for _, l := range []store.Label{{Who: "Lan", Axis: "tone", Value: "positive"}, {Who: "Mai", Axis: "tone", Value: "positive"}, {Who: "Hoa", Axis: "topics", Value: "chuyện vui"}} {
		l.ArticleID, l.At = done.IDs[0], now
		if err := p.KeepLabels(t.Context(), []store.Label{l}); err != nil {
			t.Fatal(err)
		}
	}
	_, l, err := p.Teach(t.Context())
	if err != nil || l.Labels != 1 || l.People["Lan"] != 1 || l.People["Mai"] != 1 || len(l.People) != 2 {
		t.Errorf("taught by %+v: %v", l, err)
	}
	err = p.Store.Do(t.Context(), func(tx *store.Tx) error {
		n, err := tx.DropLabelsSince(t.Context(), "ke-la", now.Add(-time.Hour))
		if n != 2*passed {
			t.Errorf("%d answers were taken back, want %d", n, 2*passed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
