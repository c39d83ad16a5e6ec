package pipeline

import (
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Two incidents of one event become one when a person merges their stories:
// the elder goes on, the younger is closed as merged, nobody gets a second
// letter of what follows, and the ledger counts one alert.
func TestMergedIncidentsAreTold(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	r := newNewsroom(t, monday)
	elder := r.tell(0, "Bắt tạm giam giám đốc BHXH huyện Hòa Mạn", "Công an khởi tố ông Lê Văn Mô, giám đốc BHXH huyện Hòa Mạn, vì nhận hối lộ.")
	r.now = monday.Add(time.Hour)
	younger := r.tell(0, "Dữ liệu BHXH của hàng chục nghìn công nhân Suối Đá bị rao bán trên mạng", "Một nhóm tin tặc rao bán họ tên, số thẻ của người lao động.")
	if len(elder) != 1 || len(younger) != 1 {
		t.Fatalf("two events must be two incidents with a letter each, not %q and %q", elder, younger)
	}
	stories, err := r.Store.Stories(t.Context(), store.StoryFilter{})
	r.must(err)
	if len(stories) != 2 {
		t.Fatalf("%d stories, want 2", len(stories))
	}
	first, second := stories[0], stories[1]
	if second.First.Before(first.First) {
		first, second = second, first
	}
	r.now = monday.Add(90 * time.Minute)
	_, err = r.Merge(t.Context(), first.ID, second.ID, store.Word{Who: "Lan", Why: "cùng một vụ", At: r.now})
	r.must(err)
	if got := r.watch(); len(got) > 0 {
		t.Errorf("merging wrote %q", got)
	}
	r.now = monday.Add(2 * time.Hour)
	if got := r.tell(1, "Công nhân Suối Đá lo vì dữ liệu BHXH bị rao bán trên mạng", "Họ tên, số thẻ của hàng chục nghìn người lao động bị tin tặc rao bán."); len(got) > 1 {
		t.Errorf("what followed was told twice: %q", got)
	}
	states := map[news.State]int{}
	found, err := r.Store.Incidents(t.Context(), store.IncidentFilter{})
	r.must(err)
	for _, i := range found {
		states[i.State]++
	}
	if len(found) != 2 || states[news.Closed] != 1 || states[news.Open] != 1 {
		t.Errorf("the incidents are %v", states)
	}
	ledger, err := r.Store.Alerts(t.Context(), time.Time{}, time.Time{})
	r.must(err)
	if len(ledger) != 2 || ledger[0].Judgement != news.Merged || ledger[1].Judgement != news.Unjudged {
		t.Errorf("the ledger is %+v", ledger)
	}
}

// Harm told anew after a person has closed an incident opens the same one, and
// one letter says so.
func TestReopenedAsTheSame(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	r := newNewsroom(t, monday)
	for outlet := range 3 {
		r.now = r.now.Add(15 * time.Minute)
		r.refusal(outlet)
	}
	before := len(r.letters())
	id := r.incident().ID
	r.now = monday.AddDate(0, 0, 1)
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.SetIncident(t.Context(), id, news.Closed, store.Word{Who: "Lan", Why: "đã chi trả đủ", At: r.now})
	}))
	r.now = monday.AddDate(0, 0, 2)
	if got := r.watch(); len(got) > 0 {
		t.Fatalf("a closed incident wrote %q", got)
	}
	r.refusal(3)
	if in := r.incident(); in.State != news.Open || in.ID != id {
		t.Errorf("told anew, the incident is %s", in.State)
	}
	if n := len(r.letters()); n != before+1 {
		t.Errorf("%d letters tell that it is open again, want 1", n-before)
	}
}

// incident is the only one there is.
func (r *newsroom) incident() store.IncidentState {
	r.t.Helper()
	found, err := r.Store.Incidents(r.t.Context(), store.IncidentFilter{})
	r.must(err)
	if len(found) != 1 {
		r.t.Fatalf("%d incidents, want 1", len(found))
	}
	return found[0]
}
