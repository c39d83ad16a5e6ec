package store

import (
	"context"
	"time"
)

// Copy is an article that repeats the text of another.
type Copy struct {
	ID, Of, URL, Outlet string
	At                  time.Time // as counted, see When
}

// CopiesOf returns the copies of articles, by the id of the original, oldest first.
func (v View) CopiesOf(ctx context.Context, ids []string) (map[string][]Copy, error) {
	out := map[string][]Copy{}
	err := among(ctx, v.q, func(row scanner) error {
		var c Copy
		var t int64
		err := row.Scan(&c.ID, &c.Of, &c.URL, &c.Outlet, &t)
		c.At = at(t)
		out[c.Of] = append(out[c.Of], c)
		return err
	}, `SELECT a.id, sa.copy_of, a.url, a.outlet, a.at FROM story_articles sa JOIN articles a ON a.id = sa.article_id
		WHERE sa.copy_of IN ({ids}) ORDER BY a.at, a.id`, ids)
	return out, failed("look up copies", err)
}
