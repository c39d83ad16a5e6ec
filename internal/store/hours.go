package store

import (
	"context"
	"time"
)

// Hour is one outlet's line in the ledger of one hour: what was to be
// expected, what came, and what its pages gave.
type Hour struct {
	Outlet   string
	At       time.Time // its beginning
	Asked    int       // visits to sources
	Answered int       // of these, answered
	Seen     int       // links that came out in it
	Expected float64   // links that were to be expected
	Judged   bool      // the hour is over and Expected is known
	Pages    int       // pages that had given no article yet
	Articles int       // of these, read as articles
	Gated    int       // of these, behind a gate
	Leads    int       // of the articles, with a lead
	Bodies   int
	Dates    int // with a time of publication
	Bylines  int
}

const hourColumns = `outlet, hour, asked, answered, seen, expected, judged, pages, articles, gated, leads, bodies, dates, bylines`

// CountHours adds to the ledger; Expected and Judged are JudgeHours' to set.
func (tx *Tx) CountHours(ctx context.Context, hours []Hour) error {
	rows := make([][]any, len(hours))
	for i, h := range hours {
		rows[i] = []any{h.Outlet, ms(h.At), h.Asked, h.Answered, h.Seen, 0.0, 0, h.Pages, h.Articles, h.Gated, h.Leads, h.Bodies, h.Dates, h.Bylines}
	}
	err := tx.q.insert(ctx, `INSERT INTO hours (`+hourColumns+`)`, `ON CONFLICT (outlet, hour) DO UPDATE SET
		asked = hours.asked + excluded.asked, answered = hours.answered + excluded.answered, seen = hours.seen + excluded.seen,
		pages = hours.pages + excluded.pages, articles = hours.articles + excluded.articles, gated = hours.gated + excluded.gated,
		leads = hours.leads + excluded.leads, bodies = hours.bodies + excluded.bodies, dates = hours.dates + excluded.dates,
		bylines = hours.bylines + excluded.bylines`, rows)
	return failed("keep the ledger of hours", err)
}

// JudgeHours closes hours that are over: what was to be expected in each.
func (tx *Tx) JudgeHours(ctx context.Context, hours []Hour) error {
	rows := make([][]any, len(hours))
	for i, h := range hours {
		rows[i] = []any{h.Outlet, ms(h.At), 0, 0, 0, h.Expected, 1, 0, 0, 0, 0, 0, 0, 0}
	}
	err := tx.q.insert(ctx, `INSERT INTO hours (`+hourColumns+`)`,
		`ON CONFLICT (outlet, hour) DO UPDATE SET expected = excluded.expected, judged = 1`, rows)
	return failed("close the hours of the ledger", err)
}

// Hours returns an outlet's lines of [from, to), the earliest first.
func (v View) Hours(ctx context.Context, outlet string, from, to time.Time) ([]Hour, error) {
	hs, err := list(ctx, v.q, readHour, `SELECT `+hourColumns+` FROM hours
		WHERE outlet = $1 AND hour >= $2 AND hour < $3 ORDER BY hour`, outlet, ms(from), ms(to))
	return hs, failed("look up the hours of "+outlet, err)
}

// DropHours forgets the lines of before a day. Gaps are kept for ever.
func (tx *Tx) DropHours(ctx context.Context, before time.Time) (int64, error) {
	n, err := tx.q.exec(ctx, `DELETE FROM hours WHERE hour < $1`, ms(before))
	return n, failed("forget old hours", err)
}

func readHour(row scanner) (h Hour, err error) {
	var hour int64
	var judged int
	err = row.Scan(&h.Outlet, &hour, &h.Asked, &h.Answered, &h.Seen, &h.Expected, &judged,
		&h.Pages, &h.Articles, &h.Gated, &h.Leads, &h.Bodies, &h.Dates, &h.Bylines)
	h.At, h.Judged = at(hour), judged == 1
	return h, err
}
