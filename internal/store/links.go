package store

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/news"
)

// KeyedLink is a link with its identity, which the caller works out with
// news.Canonical.
type KeyedLink struct {
	Canonical string
	news.Link
}

// LinkState is a link and what became of it. Every link ever seen is kept.
type LinkState struct {
	KeyedLink
	FirstSeen time.Time
	Verdict   string // empty: not yet decided; else a word such as "article", "gone", "not-article"
	Why       string // in words
	ArticleID string // empty where no article came of it
	Attempts  int
	Next      time.Time // when it is due (again); zero: never
}

const linkColumns = `canonical, url, outlet, source, title, lead, published, date_from,
	first_seen, verdict, why, article_id, attempts, next_at`

// PutLinks keeps the links not seen before, due at now, and returns them.
// Known links stay as they are.
func (tx *Tx) PutLinks(ctx context.Context, links []KeyedLink, now time.Time) ([]KeyedLink, error) {
	known := map[string]bool{}
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.Canonical
	}
	err := among(ctx, tx.q, func(row scanner) error {
		id, err := scan[string](row)
		known[id] = true
		return err
	}, `SELECT canonical FROM links WHERE canonical IN ({ids})`, ids)
	if err != nil {
		return nil, failed("look up links", err)
	}
	var fresh []KeyedLink
	var rows [][]any
	for _, l := range links {
		if !known[l.Canonical] {
			known[l.Canonical] = true
			fresh = append(fresh, l)
			rows = append(rows, []any{l.Canonical, l.URL, l.Outlet, l.Source, l.Title, l.Lead, ms(l.Published), l.DateFrom,
				ms(now), "", "", "", 0, ms(now)})
		}
	}
	err = tx.q.insert(ctx, `INSERT INTO links (`+linkColumns+`)`, `ON CONFLICT (canonical) DO NOTHING`, rows)
	return fresh, failed("keep links", err)
}

// LinkDone records what became of a link; again is when to look at it once
// more (papers edit), zero for never.
func (tx *Tx) LinkDone(ctx context.Context, canonical, verdict, why, articleID string, again time.Time) error {
	return tx.LinksDone(ctx, []LinkEnd{{canonical, verdict, why, articleID, again}})
}

// LinkEnd is what became of a link; see LinkDone.
type LinkEnd struct {
	Canonical, Verdict, Why, ArticleID string
	Again                              time.Time
}

// LinksDone is LinkDone for many.
func (tx *Tx) LinksDone(ctx context.Context, ends []LinkEnd) error {
	rows := make([][]any, len(ends))
	for i, e := range ends {
		rows[i] = []any{e.Canonical, e.Verdict, e.Why, e.ArticleID, ms(e.Again)}
	}
	err := tx.q.each(ctx, `UPDATE links SET verdict = $2, why = $3, article_id = $4, next_at = $5, attempts = 0
		WHERE canonical = $1`, rows)
	return failed(fmt.Sprintf("record what became of %d links", len(ends)), err)
}

// Supersede ends the looking at an article's other links: the one at canonical
// is its living address.
func (tx *Tx) Supersede(ctx context.Context, articleID, canonical string) error {
	_, err := tx.q.exec(ctx, `UPDATE links SET next_at = 0 WHERE article_id = $1 AND article_id <> '' AND canonical <> $2 AND verdict = 'article'`, articleID, canonical)
	return failed("give the article "+articleID+" one living address", err)
}

// LinkFailed records that a link could not be read, why in words, and when to
// try again; a zero next gives it up.
func (tx *Tx) LinkFailed(ctx context.Context, canonical, why string, next time.Time) error {
	verdict := ""
	if next.IsZero() {
		verdict = "given-up"
	}
	_, err := tx.q.exec(ctx, `UPDATE links SET why = $2, next_at = $3, attempts = attempts + 1,
		verdict = CASE WHEN verdict = '' THEN $4 ELSE verdict END WHERE canonical = $1`, canonical, why, ms(next), verdict)
	return failed("record the failure of "+canonical, err)
}

// DueLinks returns the links of an outlet to be fetched at now: those never
// tried first, then the newest.
func (v View) DueLinks(ctx context.Context, outlet string, now time.Time, limit int) ([]LinkState, error) {
	ls, err := list(ctx, v.q, readLink, `SELECT `+linkColumns+` FROM links
		WHERE outlet = $1 AND next_at > 0 AND next_at <= $2
		ORDER BY attempts, CASE WHEN verdict = '' THEN 0 ELSE 1 END, published DESC, canonical LIMIT $3`, outlet, ms(now), limit)
	return ls, failed("list the due links of "+outlet, err)
}

// Link returns what is known of a link; ErrNotFound where it was never seen.
func (v View) Link(ctx context.Context, canonical string) (LinkState, error) {
	l, err := first(ctx, v.q, readLink, `SELECT `+linkColumns+` FROM links WHERE canonical = $1`, canonical)
	return l, failed("look up the link "+canonical, err)
}

// LinkTally counts the links of an outlet by what became of them.
type LinkTally struct {
	Outlet, Verdict string
	Links           int
}

// LinkTallies counts the links first seen in [from, to), by outlet and verdict.
func (v View) LinkTallies(ctx context.Context, from, to time.Time) ([]LinkTally, error) {
	ts, err := list(ctx, v.q, func(row scanner) (t LinkTally, err error) {
		err = row.Scan(&t.Outlet, &t.Verdict, &t.Links)
		return t, err
	}, `SELECT outlet, verdict, count(*) FROM links WHERE first_seen >= $1 AND first_seen < $2
		GROUP BY outlet, verdict ORDER BY outlet, verdict`, ms(from), ms(to))
	return ts, failed("count the links", err)
}

func readLink(row scanner) (l LinkState, err error) {
	var published, seen, next int64
	err = row.Scan(&l.Canonical, &l.URL, &l.Outlet, &l.Source, &l.Title, &l.Lead, &published, &l.DateFrom,
		&seen, &l.Verdict, &l.Why, &l.ArticleID, &l.Attempts, &next)
	l.Published, l.FirstSeen, l.Next = at(published), at(seen), at(next)
	return l, err
}
