package store

import (
	"context"
	"time"
)

// Standing is what decides how often an article's page is looked at again.
type Standing struct {
	Read     bool // it has a reading
	Kept     bool // relevant or uncertain
	Incident bool // its story is an open incident
	Seen     time.Time
}

// Standings returns the standing of articles, by id.
func (v View) Standings(ctx context.Context, ids []string) (map[string]Standing, error) {
	out := make(map[string]Standing, len(ids))
	err := among(ctx, v.q, func(row scanner) error {
		var id string
		var seen int64
		var read, kept, incidents int
		err := row.Scan(&id, &seen, &read, &kept, &incidents)
		out[id] = Standing{Read: read == 1, Kept: kept == 1, Incident: incidents > 0, Seen: at(seen)}
		return err
	}, `SELECT a.id, a.first_seen, CASE WHEN r.article_id IS NULL THEN 0 ELSE 1 END, coalesce(r.kept, 0),
		(SELECT count(*) FROM story_articles sa JOIN incidents i ON i.story_id = sa.story_id
			WHERE sa.article_id = a.id AND i.state IN ('open', 'acked', 'fading'))
		FROM articles a LEFT JOIN readings r ON r.article_id = a.id WHERE a.id IN ({ids})`, ids)
	return out, failed("look up how articles stand", err)
}

// Hurry brings forward to at the next look at the pages of a story's articles,
// where one was planned for later.
func (tx *Tx) Hurry(ctx context.Context, story string, at time.Time) error {
	_, err := tx.q.exec(ctx, `UPDATE links SET next_at = $2 WHERE next_at > $2
		AND article_id <> '' AND article_id IN (SELECT article_id FROM story_articles WHERE story_id = $1)`, story, ms(at))
	return failed("hurry the articles of the story "+story, err)
}
