package store

import (
	"context"
	"time"
)

// Removal is that an article's page was found gone, and perhaps came back.
type Removal struct {
	ArticleID string
	At        time.Time // when it was found gone
	Code      string    // how the server said so: gone, soft-gone
	Evidence  string    // what was seen, in words
	Back      time.Time // when the page was there again; zero while it is gone
}

// Removed records that an article's page is gone. It returns false where that
// was known already.
func (tx *Tx) Removed(ctx context.Context, r Removal) (bool, error) {
	n, err := tx.q.exec(ctx, `INSERT INTO removals (article_id, at, code, evidence, back)
		SELECT a.id, CAST($2 AS bigint), CAST($3 AS text), CAST($4 AS text), 0 FROM articles a WHERE a.id = $1
		AND NOT EXISTS (SELECT 1 FROM removals r WHERE r.article_id = a.id AND r.back = 0)`, r.ArticleID, ms(r.At), r.Code, r.Evidence)
	return n > 0, failed("record the removal of "+r.ArticleID, err)
}

// Returned records that a removed article's page is there again. It returns
// false where it was not removed.
func (tx *Tx) Returned(ctx context.Context, articleID string, now time.Time) (bool, error) {
	n, err := tx.q.exec(ctx, `UPDATE removals SET back = $2 WHERE article_id = $1 AND back = 0`, articleID, ms(now))
	return n > 0, failed("record the return of "+articleID, err)
}

const removalColumns = `r.article_id, r.at, r.code, r.evidence, r.back`

// Removals lists the removals of an article, the newest first.
func (v View) Removals(ctx context.Context, articleID string) ([]Removal, error) {
	rs, err := list(ctx, v.q, readRemoval, `SELECT `+removalColumns+` FROM removals r WHERE r.article_id = $1 ORDER BY r.at DESC`, articleID)
	return rs, failed("look up the removals of "+articleID, err)
}

// RemovedSince counts, by outlet, the articles found gone since a time and not
// there again.
func (v View) RemovedSince(ctx context.Context, since time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := v.q.query(ctx, func(row scanner) error {
		var outlet string
		var n int
		err := row.Scan(&outlet, &n)
		out[outlet] = n
		return err
	}, `SELECT a.outlet, count(DISTINCT a.id) FROM removals r JOIN articles a ON a.id = r.article_id
		WHERE r.at >= $1 AND r.back = 0 GROUP BY a.outlet`, ms(since))
	return out, failed("count the removed articles", err)
}

func readRemoval(row scanner) (r Removal, err error) {
	var gone, back int64
	err = row.Scan(&r.ArticleID, &gone, &r.Code, &r.Evidence, &back)
	r.At, r.Back = at(gone), at(back)
	return r, err
}
