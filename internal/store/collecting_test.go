package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Counts of an hour add up; what was to be expected is said once it is over.
func TestLedgerAddsUp(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		hour := day0.Truncate(time.Hour)
		do(t, s, func(tx *Tx) error {
			must(t, tx.CountHours(ctx, []Hour{{Outlet: "a", At: hour, Asked: 1, Answered: 1, Seen: 4}, {Outlet: "b", At: hour, Asked: 1}}))
			must(t, tx.CountHours(ctx, []Hour{{Outlet: "a", At: hour, Asked: 1, Seen: 2, Pages: 3, Articles: 2, Leads: 1}}))
			return tx.JudgeHours(ctx, []Hour{{Outlet: "a", At: hour, Expected: 5.5}, {Outlet: "a", At: hour.Add(time.Hour), Expected: 6}})
		})
		got, err := s.Hours(ctx, "a", hour, hour.Add(24*time.Hour))
		must(t, err)
		want := []Hour{
			{Outlet: "a", At: hour, Asked: 2, Answered: 1, Seen: 6, Expected: 5.5, Judged: true, Pages: 3, Articles: 2, Leads: 1},
			{Outlet: "a", At: hour.Add(time.Hour), Expected: 6, Judged: true},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

// An outlet that is due is taken by one node, and by another when that died.
func TestClaimTakesEachOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		claim := func(now time.Time) (ids []string) {
			do(t, s, func(tx *Tx) error {
				ids = nil
				due, err := tx.Claim(ctx, now, now.Add(time.Hour), 2)
				for _, d := range due {
					ids = append(ids, d.Outlet)
				}
				return err
			})
			return ids
		}
		do(t, s, func(tx *Tx) error {
			return tx.Enlist(ctx, []OutletState{{Outlet: "a", Next: day0.Add(3 * time.Minute)}, {Outlet: "b", Next: day0.Add(time.Minute)},
				{Outlet: "c", Next: day0.Add(2 * time.Minute)}, {Outlet: "later", Next: day0.Add(2 * time.Hour)}})
		})
		now := day0.Add(10 * time.Minute)
		for i, want := range [][]string{{"b", "c"}, {"a"}, nil} {
			if d := cmp.Diff(want, claim(now)); d != "" {
				t.Errorf("claim %d: %s", i, d)
			}
		}
		do(t, s, func(tx *Tx) error { return tx.PutOff(ctx, "b", time.Time{}) })
		if d := cmp.Diff([]string{"a", "c"}, claim(now.Add(time.Hour))); d != "" {
			t.Errorf("after the lease: %s", d)
		}
	})
}

func TestGapsOfAPeriod(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		h := func(n int) time.Time { return day0.Add(time.Duration(n) * time.Hour) }
		open := Gap{ID: "open", Outlet: "a", From: h(5), State: "dead", Evidence: "no answer"}
		do(t, s, func(tx *Tx) error {
			for _, g := range []Gap{open, {ID: "made", Outlet: "a", From: h(1), To: h(2), MadeUp: true, Settled: h(2)},
				{ID: "past", Outlet: "b", From: h(0), To: h(3), Settled: h(4)}} {
				must(t, tx.PutGap(ctx, g))
			}
			return nil
		})
		ids := func(outlet string, from, to time.Time) (out []string) {
			gs, err := s.Gaps(ctx, outlet, from, to)
			must(t, err)
			for _, g := range gs {
				out = append(out, g.ID)
			}
			return out
		}
		for _, c := range []struct {
			outlet   string
			from, to int
			want     []string
		}{{"", 0, 9, []string{"past", "open"}}, {"a", 0, 9, []string{"open"}}, {"", 3, 5, nil}, {"", 7, 9, []string{"open"}}} {
			if d := cmp.Diff(c.want, ids(c.outlet, h(c.from), h(c.to))); d != "" {
				t.Errorf("%+v: %s", c, d)
			}
		}
		got, err := s.OpenGap(ctx, "a")
		must(t, err)
		if d := cmp.Diff(open, got); d != "" {
			t.Error(d)
		}
		if _, err := s.OpenGap(ctx, "b"); !errors.Is(err, ErrNotFound) {
			t.Errorf("b has an open gap: %v", err)
		}
		if n := open.Length(h(4), h(10), h(8)); n != 3*time.Hour {
			t.Errorf("the gap covers %s, want 3 h", n)
		}
	})
}
