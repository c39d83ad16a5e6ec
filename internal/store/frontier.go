package store

import (
	"context"
	"time"
)

// OutletState is how an outlet is doing as a whole, and when it is visited next.
type OutletState struct {
	Outlet   string
	State    string // ok, quiet, unchanged, empty, blocked, moved, layout-changed, slow, dead
	Since    time.Time
	Evidence string
	Odds     float64   // of a quiet outlet: how likely such a silence is
	Next     time.Time // when it is due
	Judged   time.Time // the hour up to which the ledger is closed
}

const outletStateColumns = `outlet, state, since, evidence, odds, next_at, judged`

// PutOutletState keeps the state of an outlet. While State stays, Since stays.
func (tx *Tx) PutOutletState(ctx context.Context, s OutletState) error {
	_, err := tx.q.exec(ctx, `INSERT INTO outlet_states (`+outletStateColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (outlet) DO UPDATE SET
		since = CASE WHEN outlet_states.state = excluded.state THEN outlet_states.since ELSE excluded.since END,
		state = excluded.state, evidence = excluded.evidence, odds = excluded.odds, next_at = excluded.next_at, judged = excluded.judged`,
		s.Outlet, s.State, ms(s.Since), s.Evidence, s.Odds, ms(s.Next), ms(s.Judged))
	return failed("keep the state of "+s.Outlet, err)
}

// OutletState returns the state of one outlet; where it was never visited, one
// with Outlet alone.
func (v View) OutletState(ctx context.Context, outlet string) (OutletState, error) {
	ss, err := list(ctx, v.q, readOutletState, `SELECT `+outletStateColumns+` FROM outlet_states WHERE outlet = $1`, outlet)
	if err != nil || len(ss) == 0 {
		return OutletState{Outlet: outlet}, failed("look up the state of "+outlet, err)
	}
	return ss[0], nil
}

// OutletStates returns the states of all outlets that were visited.
func (v View) OutletStates(ctx context.Context) ([]OutletState, error) {
	ss, err := list(ctx, v.q, readOutletState, `SELECT `+outletStateColumns+` FROM outlet_states ORDER BY outlet`)
	return ss, failed("list the states of outlets", err)
}

// Enlist puts outlets that were never visited on the list of visits, each with
// the time it is given; those on it stay as they are, but for those taken off.
func (tx *Tx) Enlist(ctx context.Context, visits []OutletState) error {
	rows := make([][]any, len(visits))
	for i, s := range visits {
		rows[i] = []any{s.Outlet, "", int64(0), "", 0.0, ms(s.Next), int64(0)}
	}
	err := tx.q.insert(ctx, `INSERT INTO outlet_states (`+outletStateColumns+`)`, `ON CONFLICT (outlet) DO UPDATE SET next_at = excluded.next_at WHERE outlet_states.next_at = 0`, rows)
	return failed("list the outlets to be visited", err)
}

// Claim takes up to limit outlets that are due at now, those that have waited
// longest first, and puts them off until lease: whoever took them says when
// they are due again, and if that node dies another one takes them then.
func (tx *Tx) Claim(ctx context.Context, now, lease time.Time, limit int) ([]OutletState, error) {
	due, err := list(ctx, tx.q, readOutletState, `SELECT `+outletStateColumns+` FROM outlet_states
		WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at, outlet LIMIT $2`, ms(now), limit)
	if err != nil {
		return nil, failed("list the outlets that are due", err)
	}
	var mine []OutletState
	for _, s := range due {
		n, err := tx.q.exec(ctx, `UPDATE outlet_states SET next_at = $3 WHERE outlet = $1 AND next_at = $2`, s.Outlet, ms(s.Next), ms(lease))
		if err != nil {
			return nil, failed("take the visit to "+s.Outlet, err)
		}
		if n == 1 {
			mine = append(mine, s)
		}
	}
	return mine, nil
}

// PutOff sets when an outlet is due; the zero time takes it off the list.
func (tx *Tx) PutOff(ctx context.Context, outlet string, next time.Time) error {
	_, err := tx.q.exec(ctx, `UPDATE outlet_states SET next_at = $2 WHERE outlet = $1`, outlet, ms(next))
	return failed("put off the visit to "+outlet, err)
}

// NextLink returns when the next link of an outlet is due; zero for none.
func (v View) NextLink(ctx context.Context, outlet string) (time.Time, error) {
	n, err := first(ctx, v.q, scan[int64], `SELECT coalesce(min(next_at), 0) FROM links WHERE outlet = $1 AND next_at > 0`, outlet)
	return at(n), failed("look up the next link of "+outlet, err)
}

func readOutletState(row scanner) (s OutletState, err error) {
	var since, next, judged int64
	err = row.Scan(&s.Outlet, &s.State, &since, &s.Evidence, &s.Odds, &next, &judged)
	s.Since, s.Next, s.Judged = at(since), at(next), at(judged)
	return s, err
}
