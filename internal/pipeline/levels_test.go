package pipeline

import (
	"errors"
	"slices"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/store"
)

// Who is told follows the level: its groups beside those who are told of all.
// A level that a person lowered stays lowered, without a letter, until twice as
// many articles tell of the incident.
func TestLevelsAreData(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	r := newNewsroom(t, monday)
	pack := r.Rules().Pack
	pack.Site.Mail.Groups = map[string][]string{"lanh-dao": {"truong-ban@coquan.example", "truc@coquan.example"}, "dem": {"dem@coquan.example"}}
	pack.Crisis.Levels = slices.Clone(pack.Crisis.Levels)
	for i := range pack.Crisis.Levels {
		if pack.Crisis.Levels[i].Level == 3 {
			pack.Crisis.Levels[i].Groups = []string{"lanh-dao"}
		}
	}
	rules, err := Compile(pack)
	r.must(err)
	r.Use(rules)
	for outlet := range 5 {
		r.now = r.now.Add(15 * time.Minute)
		r.refusal(outlet)
	}
	if in := r.incident(); in.Level != 3 {
		t.Fatalf("five papers make level %d", in.Level)
	}
	told := map[string][]string{}
	for _, l := range r.letters() {
		told[l.Headers["X-DiemBao-Level"]] = append(told[l.Headers["X-DiemBao-Level"]], l.To)
	}
	slices.Sort(told["3"])
	if !slices.Equal(told["2"], []string{"truc@coquan.example"}) || !slices.Equal(told["3"], []string{"truc@coquan.example", "truong-ban@coquan.example"}) {
		t.Errorf("told were %v", told)
	}
	id, before := r.incident().ID, len(r.letters())
	r.now = r.now.Add(time.Hour)
	lower := func() error {
		return r.Store.Do(t.Context(), func(tx *store.Tx) error {
			return tx.LowerIncident(t.Context(), id, store.Word{Who: "Lan", Why: "đã chi trả", At: r.now})
		})
	}
	r.must(lower())
	r.now = r.now.Add(10 * time.Minute)
	r.refusal(5)
	if in := r.incident(); in.Level != 2 || len(r.letters()) != before {
		t.Errorf("one article more raised it to %d again, with %d letters", in.Level, len(r.letters())-before)
	}
	r.must(lower())
	if err := lower(); !errors.Is(err, store.ErrTaken) {
		t.Errorf("lowering level 1 gave %v", err)
	}
	for round := range 7 {
		r.now = r.now.Add(10 * time.Minute)
		r.tell(round%6, "Bệnh viện Suối Đá từ chối thẻ BHYT: người bệnh thứ "+string(rune('1'+round))+" bức xúc vì bị từ chối", "Người bệnh mất quyền lợi, tố cáo cơ quan bảo hiểm xã hội chậm thanh toán.")
	}
	if in := r.incident(); in.Level != 3 || in.Lowered != 0 {
		t.Errorf("with twice as many articles it stands at level %d", in.Level)
	}
	events, err := r.Store.IncidentEvents(t.Context(), id)
	r.must(err)
	if !slices.ContainsFunc(events, func(e store.IncidentEvent) bool { return e.Did == "lowered" && e.Who == "Lan" }) {
		t.Error("its history does not tell who lowered it")
	}
}
