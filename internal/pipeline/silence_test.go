package pipeline

import (
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

func (r *newsroom) silence(s news.Silence) int64 {
	r.t.Helper()
	s.From, s.Made, s.Who, s.Why = r.now, r.now, "Lan", "đã biết"
	r.must(r.Store.Do(r.t.Context(), func(tx *store.Tx) error { return tx.PutSilence(r.t.Context(), &s) }))
	return s.ID
}

// A silenced incident is kept and shown; its letters are held back until the
// silence is over, when one letter tells of them all. Its author is reminded
// once. What is gravest is told all the same.
func TestSilence(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	r := newNewsroom(t, monday)
	r.silence(news.Silence{Words: "Suối Đá", Until: monday.Add(48 * time.Hour), Mail: "lan@coquan.example"})
	for outlet := range 2 {
		r.now = r.now.Add(20 * time.Minute)
		if got := r.refusal(outlet); len(got) > 0 {
			t.Fatalf("a silenced incident wrote %q", got)
		}
	}
	held, err := r.Store.HeldNow(t.Context(), incidentIDs(r))
	r.must(err)
	if len(held) != 1 {
		t.Fatalf("the incident is not marked as silenced: %v", held)
	}
	for outlet := 2; outlet < 6; outlet++ {
		r.now = r.now.Add(10 * time.Minute)
		r.refusal(outlet)
	}
	if ls := r.letters(); len(ls) != 1 || ls[0].Headers["X-DiemBao-Level"] != "3" {
		t.Fatalf("level 3 must be told, once: %d letters", len(ls))
	}
	r.now = monday.Add(25 * time.Hour)
	for range 3 {
		r.now = r.now.Add(time.Minute)
		if got := r.watch(); len(got) > 0 && r.now.Sub(monday) > 25*time.Hour+time.Minute {
			t.Errorf("the author is reminded again: %q", got)
		}
	}
	reminder := r.letters()[0]
	if reminder.To != "lan@coquan.example" || !strings.Contains(reminder.Subject, "Sắp hết tắt thư: “Suối Đá”") || !strings.Contains(reminder.Text, "Trong lúc tắt thư đã có") {
		t.Errorf("the reminder to %s is %q\n%s", reminder.To, reminder.Subject, reminder.Text)
	}
	r.now = monday.Add(48 * time.Hour)
	got := r.watch()
	if len(got) != 2 || !strings.Contains(got[0], "Hết tắt thư") {
		t.Errorf("the end of the silence wrote %q", got)
	}
	if got := r.watch(); len(got) > 0 {
		t.Errorf("the end was told again: %q", got)
	}
	left, err := r.Store.Silences(t.Context(), false)
	r.must(err)
	if len(left) != 0 {
		t.Errorf("the silence still stands: %+v", left)
	}
}

// Named threats, other matters and what comes after the end are told.
func TestSilenceEnds(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	r := newNewsroom(t, monday)
	id := r.silence(news.Silence{Words: "Hòa Mạn", Until: monday.Add(24 * time.Hour)})
	if got := r.tell(0, "Bắt tạm giam giám đốc BHXH huyện Hòa Mạn", "Công an khởi tố ông Lê Văn Mô, giám đốc BHXH huyện Hòa Mạn, vì nhận hối lộ."); len(got) != 1 {
		t.Errorf("a named threat must be told: %q", got)
	}
	r.silence(news.Silence{Words: "Suối Đá", Until: monday.Add(time.Hour)})
	r.refusal(1)
	r.now = monday.Add(10 * time.Minute)
	r.refusal(2)
	before := len(r.letters())
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.EndSilence(t.Context(), id, store.Word{Who: "Hoa", At: r.now})
	}))
	if got := r.watch(); len(got) != 0 {
		t.Errorf("a silence that held nothing back needs no letter: %q", got)
	}
	r.now = monday.Add(2 * time.Hour)
	got := r.watch()
	if len(got) != 1 || !strings.Contains(got[0], "Hết tắt thư") || before+1 != len(r.letters()) {
		t.Errorf("one letter tells of what was held back, not %q", got)
	}
}
