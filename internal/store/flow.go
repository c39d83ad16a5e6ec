package store

import (
	"context"
	"time"
)

// HourCount is how many articles with a value came out in an hour.
type HourCount struct {
	Axis, Value string    // ByNothing: all
	Hour        time.Time // full, in UTC
	N           int
}

// Hourly counts the articles of ours since a time by hour, all of them and by
// topic and province, in no order: without round-ups, and without what was crawled more
// than a day after it came out.
func (v View) Hourly(ctx context.Context, since time.Time) ([]HourCount, error) {
	const hour, ours = 60 * 60 * 1000, ` WHERE r.kept = 1 AND r.digest = 0 AND r.at >= $1 AND (a.via <> 'crawl' OR a.first_seen - r.at <= 86400000) GROUP BY 1, 2, 3`
	cs, err := list(ctx, v.q, func(row scanner) (c HourCount, err error) {
		var h int64
		err = row.Scan(&c.Axis, &c.Value, &h, &c.N)
		c.Hour = at(h * hour)
		return c, err
	}, `SELECT t.axis, t.value, r.at / 3600000, count(*) FROM readings r JOIN articles a ON a.id = r.article_id
		JOIN tags t ON t.article_id = r.article_id AND t.axis IN ('`+AxisTopic+`', '`+AxisProvince+`')`+ours+`
		UNION ALL SELECT '`+ByNothing+`', '', r.at / 3600000, count(*) FROM readings r JOIN articles a ON a.id = r.article_id`+ours, ms(since))
	return cs, failed("count what came out by the hour", err)
}
