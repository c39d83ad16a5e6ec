package pipeline

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// The power fails after the watch has decided and while it writes: at the
// letter, the last thing written. Of the decision nothing stands, the stories it
// would have joined are apart; a machine started anew decides the same, once.
func TestPowerFailsBetweenDecisionAndOutbox(t *testing.T) {
	monday := time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
	for name, c := range map[string]struct {
		before func(*newsroom) // what happened; the last that is decided on is left to watch
		stands int             // incidents after it
		did    string          // the last step of the last incident
	}{
		"opened": {func(r *newsroom) {
			r.quietly(1, hospital[0])
			r.quietly(2, hospital[1])
		}, 1, "opened"},
		"told anew": {func(r *newsroom) {
			r.tell(1, hospital[0][0], hospital[0][1])
			r.tell(2, hospital[1][0], hospital[1][1])
			r.rest(monday.AddDate(0, 0, 9))
			r.quietly(3, hospital[2])
			r.quietly(4, hospital[3])
		}, 1, "reopened"},
		"closed, then told in the same story": {func(r *newsroom) {
			r.tell(1, hospital[0][0], hospital[0][1])
			r.tell(2, hospital[1][0], hospital[1][1])
			id := r.incident().ID
			r.must(r.Store.Do(r.t.Context(), func(tx *store.Tx) error {
				return tx.SetIncident(r.t.Context(), id, news.Closed, store.Word{Who: "Lan", At: r.now})
			}))
			r.now = r.now.Add(24 * time.Hour)
			r.quietly(3, hospital[3])
		}, 1, "reopened"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			r := newNewsroom(t, monday)
			c.before(r)
			letters, state := len(r.letters()), r.state()
			r.fuse("letters")
			if _, err := r.Watch(t.Context()); err == nil || !strings.Contains(err.Error(), "power cut") {
				t.Fatalf("the watch was not cut off: %v\n%s", err, r.state())
			}
			if got := r.state(); got != state || len(r.letters()) != letters {
				t.Errorf("after the cut there stands\n%s, before\n%s", got, state)
			}
			r.fuse("")
			r.memory, r.lookout = memory{}, lookout{}
			for range 3 {
				_, err := r.Read(t.Context())
				r.must(err)
				_, err = r.Watch(t.Context())
				r.must(err)
			}
			if n := len(incidentIDs(r)); n != c.stands || len(r.letters()) != letters+1 {
				t.Errorf("%d incidents, %d letters more; want %d and 1: %s", n, len(r.letters())-letters, c.stands, r.state())
			}
			life, err := r.Store.IncidentEvents(t.Context(), incidentIDs(r)[0])
			r.must(err)
			if len(life) == 0 || life[len(life)-1].Did != c.did {
				t.Errorf("its life is %+v", life)
			}
		})
	}
}

// The power fails while two stories with an incident each are merged, where the
// younger is closed for the elder: both stand as they stood, and are merged once
// the machine reads again.
func TestPowerFailsWhileMerging(t *testing.T) {
	r := newNewsroom(t, time.Date(2026, 7, 6, 9, 0, 0, 0, config.VN))
	sides := at(t, r.Pipeline, take(t, r.Pipeline, twoSides))
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error {
		for i, id := range []string{sides[0], sides[2]} {
			in := news.Incident{ID: "i-" + id, Story: id, Title: id, Level: 2, State: news.Open, Rules: "c", Opened: r.now.Add(time.Duration(i) * time.Minute), Updated: r.now, URLs: []string{}}
			if err := tx.PutIncident(t.Context(), in); err != nil {
				return err
			}
		}
		return nil
	}))
	before := r.state()
	r.fuse("incident_events")
	_, err := r.Import(t.Context(), "thu.jsonl", strings.NewReader(strings.TrimSpace(together)), nil)
	r.must(err)
	if _, err := r.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "power cut") {
		t.Fatalf("the reading was not cut off: %v", err)
	}
	if got := r.state(); got != before {
		t.Errorf("after the cut there stands\n%s, before\n%s", got, before)
	}
	r.fuse("")
	r.memory = memory{}
	_, err = r.Read(t.Context())
	r.must(err)
	letters := r.watch()
	living, err := r.Store.Incidents(t.Context(), store.IncidentFilter{States: []news.State{news.Open}})
	r.must(err)
	if len(living) != 1 || living[0].Story != sides[0] || len(letters) > 1 {
		t.Errorf("after the merging %d incidents live, and %q was written: %s", len(living), letters, r.state())
	}
}

// hospital is one event, told twice in two ways.
var hospital = [][2]string{
	{"Bệnh viện Suối Đá từ chối thẻ BHYT, người bệnh bức xúc", "Người bệnh ở Bệnh viện Suối Đá phải về vì cơ quan bảo hiểm xã hội chậm thanh toán."},
	{"Người bệnh kêu cứu vì Bệnh viện Suối Đá từ chối thẻ BHYT", "Lãnh đạo Bệnh viện Suối Đá nói bảo hiểm xã hội nợ tiền khám chữa bệnh nhiều tháng, người bệnh mất quyền lợi."},
	{"Lại có người bệnh bị trả về ở Bệnh viện Suối Đá dù còn thẻ BHYT", "Gia đình bức xúc vì bảo hiểm xã hội vẫn chưa thanh toán, người bệnh mất quyền lợi lần thứ hai."},
	{"Suối Đá: người bệnh BHYT lại bị từ chối, kêu cứu", "Bệnh viện Suối Đá tiếp tục từ chối thẻ, cơ quan bảo hiểm xã hội bị tố cáo chậm thanh toán."},
}

// quietly lets an outlet publish and the machine read, but not watch.
func (r *newsroom) quietly(outlet int, text [2]string) {
	r.t.Helper()
	p := &stage{newsroom: r}
	r.must(r.Store.Do(r.t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(r.t.Context(), []news.Article{p.written(fmt.Sprintf(`bao-%d "%s" "%s"`, outlet, text[0], text[1]), 0)}, r.now)
		return err
	}))
	_, err := r.Read(r.t.Context())
	r.must(err)
}

// rest lets time go by.
func (r *newsroom) rest(until time.Time) {
	for ; r.now.Before(until); r.now = r.now.Add(3 * time.Hour) {
		r.watch()
	}
}

// fuse makes the store fail where a row of a table is written, or mends it.
func (r *newsroom) fuse(table string) {
	does := `DROP TRIGGER power_cut`
	if table != "" {
		does = `CREATE TRIGGER power_cut BEFORE INSERT ON ` + table + ` BEGIN SELECT RAISE(ABORT, 'power cut'); END`
	}
	r.must(r.Store.Do(r.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Raw().(*sql.Tx).ExecContext(r.t.Context(), does)
		return err
	}))
}

// state is how the incidents and the stories stand, in words.
func (r *newsroom) state() string {
	var b strings.Builder
	all, err := r.Store.Incidents(r.t.Context(), store.IncidentFilter{})
	r.must(err)
	for _, in := range all {
		fmt.Fprintf(&b, "%s in %s: %s, level %d, %d articles\n", in.ID, in.Story, in.State, in.Level, len(in.URLs))
	}
	stories, err := r.Store.Stories(r.t.Context(), store.StoryFilter{})
	r.must(err)
	for _, s := range stories {
		fmt.Fprintf(&b, "%s: %d articles\n", s.ID, s.Articles)
	}
	return b.String()
}
