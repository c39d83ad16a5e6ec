package store

import (
	"errors"
	"testing"
	"time"

	"diembao/internal/news"
)

// An incident enters the ledger once, when it first is an alert; what people
// do with it judges it until somebody judges it in words.
func TestLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s, err := Open(ctx, o)
		must(t, err)
		defer func() { must(t, s.Close()) }()
		in := news.Incident{ID: "i-1", Story: "s-1", Title: "Việc", Level: 1, State: news.Open, Opened: day0, Updated: day0}
		put := func(in news.Incident) { must(t, s.Do(ctx, func(tx *Tx) error { return tx.PutIncident(ctx, in) })) }
		ledger := func() []news.Alert {
			as, err := s.Alerts(ctx, day0.Add(-time.Hour), day0.Add(48*time.Hour))
			must(t, err)
			return as
		}
		put(in)
		if as := ledger(); len(as) != 0 {
			t.Errorf("level 1 is no alert, but the ledger has %+v", as)
		}
		in.Level, in.Updated, in.Reasons = 2, day0.Add(time.Hour), []news.Factor{{Factor: "threat:arrest", Value: 1}}
		put(in)
		in.Level, in.Updated, in.Reasons = 3, day0.Add(2*time.Hour), nil
		put(in)
		as := ledger()
		if len(as) != 1 || !as[0].At.Equal(day0.Add(time.Hour)) || as[0].Level != 2 || as[0].Threat != "arrest" || as[0].Judgement != news.Unjudged {
			t.Fatalf("the ledger is %+v", as)
		}
		for i, step := range []struct {
			do   func(tx *Tx, w Word) error
			want news.Judgement
			act  bool
		}{
			{func(tx *Tx, w Word) error { return tx.AssignIncident(ctx, "i-1", "Minh", w) }, news.Rightly, true},
			{func(tx *Tx, w Word) error { return tx.SetIncident(ctx, "i-1", news.False, w) }, news.Wrongly, true},
			{func(tx *Tx, w Word) error { return tx.SetIncident(ctx, "i-1", news.Open, w) }, news.Unjudged, true},
			{func(tx *Tx, w Word) error { return tx.MergeIncident(ctx, "i-1", w) }, news.Merged, true},
			{func(tx *Tx, w Word) error { return tx.JudgeAlert(ctx, "i-1", news.TooLate, w) }, news.TooLate, false},
			{func(tx *Tx, w Word) error { return tx.SetIncident(ctx, "i-1", news.Acked, w) }, news.TooLate, false},
			{func(tx *Tx, w Word) error { return tx.JudgeAlert(ctx, "i-1", news.Rightly, w) }, news.Rightly, false},
		} {
			w := Word{Who: "Lan", Why: "thử", At: day0.Add(time.Duration(3+i) * time.Hour)}
			must(t, s.Do(ctx, func(tx *Tx) error { return step.do(tx, w) }))
			if a := ledger()[0]; a.Judgement != step.want || a.Act != step.act || a.Who != "Lan" {
				t.Errorf("after step %d the alert is %+v, want %s", i, a, step.want)
			}
		}
		var row int64
		must(t, s.Do(ctx, func(tx *Tx) (err error) {
			row, err = tx.PutMissed(ctx, "Nghe qua điện thoại", day0.Add(90*time.Minute), Word{Who: "Hoa", At: day0.Add(20 * time.Hour)})
			return err
		}))
		if as := ledger(); len(as) != 2 || as[0].Judgement != news.Missed || as[0].Row != row || as[0].Who != "Hoa" {
			t.Errorf("the ledger is %+v", as)
		}
		must(t, s.Do(ctx, func(tx *Tx) error { return tx.DropMissed(ctx, row) }))
		err = s.Do(ctx, func(tx *Tx) error { return tx.DropMissed(ctx, row) })
		if !errors.Is(err, ErrNotFound) || len(ledger()) != 1 {
			t.Errorf("the missed alert was to be taken out once: %v", err)
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.JudgeAlert(ctx, "i-none", news.Rightly, Word{At: day0}) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("an incident that is not there: %v", err)
		}
	})
}
