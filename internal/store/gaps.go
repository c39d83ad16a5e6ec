package store

import (
	"context"
	"time"
)

// Gap is a time in which nobody can vouch for an outlet: it did not answer, we
// did not ask, or its list had moved on before we came.
type Gap struct {
	ID       string
	Outlet   string
	From     time.Time // the last look before it
	To       time.Time // the first look after it; zero while it lasts
	State    string    // blocked, dead, slow…; "missed" where we came too late
	Evidence string
	MadeUp   bool      // the first look after it reached back to the last before: nothing was missed
	Told     time.Time // when operators were told; zero if they were not
	Settled  time.Time // when it was over for good; zero until then
}

// Length is how much of [from, to) the gap covers at now.
func (g Gap) Length(from, to, now time.Time) time.Duration {
	end := g.To
	if end.IsZero() {
		end = now
	}
	if g.From.After(from) {
		from = g.From
	}
	if end.Before(to) {
		to = end
	}
	return max(0, to.Sub(from))
}

const gapColumns = `id, outlet, from_at, to_at, state, evidence, made_up, told, settled`

// PutGap keeps a gap as it now stands.
func (tx *Tx) PutGap(ctx context.Context, g Gap) error {
	_, err := tx.q.exec(ctx, `INSERT INTO gaps (`+gapColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, state = excluded.state,
		evidence = excluded.evidence, made_up = excluded.made_up, told = excluded.told, settled = excluded.settled`,
		g.ID, g.Outlet, ms(g.From), ms(g.To), g.State, g.Evidence, flag(g.MadeUp), ms(g.Told), ms(g.Settled))
	return failed("keep the gap of "+g.Outlet, err)
}

// OpenGap returns the gap of an outlet that is not settled yet; ErrNotFound.
func (v View) OpenGap(ctx context.Context, outlet string) (Gap, error) {
	g, err := first(ctx, v.q, readGap, `SELECT `+gapColumns+` FROM gaps WHERE outlet = $1 AND settled = 0 ORDER BY from_at DESC LIMIT 1`, outlet)
	return g, failed("look up the gap of "+outlet, err)
}

// Gaps returns the gaps that touch [from, to) and were not made up, of all
// outlets or of one, the earliest first.
func (v View) Gaps(ctx context.Context, outlet string, from, to time.Time) ([]Gap, error) {
	gs, err := list(ctx, v.q, readGap, `SELECT `+gapColumns+` FROM gaps
		WHERE from_at < $1 AND (to_at = 0 OR to_at > $2) AND made_up = 0 AND ($3 = '' OR outlet = $3)
		ORDER BY from_at, outlet, id`, ms(to), ms(from), outlet)
	return gs, failed("list the gaps", err)
}

func readGap(row scanner) (g Gap, err error) {
	var from, to, told, settled int64
	var made int
	err = row.Scan(&g.ID, &g.Outlet, &from, &to, &g.State, &g.Evidence, &made, &told, &settled)
	g.From, g.To, g.Told, g.Settled, g.MadeUp = at(from), at(to), at(told), at(settled), made == 1
	return g, err
}
