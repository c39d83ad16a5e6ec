package store

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/news"
)

// An axis to count by: one of the tag axes, or one of these.
const (
	ByNothing = ""
	ByOutlet  = "outlet"
	ByLevel   = "level"
	ByReach   = "reach"
	ByScope   = "scope"
	ByTone    = "tone"
	ByRole    = "role"
	ByTarget  = "target"
	ByRisk    = "risk"
)

// Count is how many articles have a value.
type Count struct {
	Value        string
	Day          time.Time // midnight in Viet Nam, in UTC; zero where days were not asked for
	Publications int       // every article counts
	Originals    int       // copies do not
}

// countColumns are the columns behind the axes that are not tags.
var countColumns = map[string]string{
	ByNothing: `''`, ByOutlet: `r.outlet`, ByLevel: `r.level`, ByReach: `r.reach`, ByScope: `r.scope`,
	ByTone: `r.tone`, ByRole: `r.role`, ByTarget: `r.target`, ByRisk: `CAST(r.risk AS text)`,
}

// day is a calendar day in milliseconds, and vn how far Viet Nam is ahead of UTC.
const (
	day = 24 * 60 * 60 * 1000
	vn  = 7 * 60 * 60 * 1000
)

// Counts counts the articles of a filter by an axis, most first; an article
// with several values counts once for each.
func (v View) Counts(ctx context.Context, axis string, f Filter) ([]Count, error) {
	return v.counts(ctx, axis, f, false)
}

// CountsByDay does the same for each day in Viet Nam, oldest first; days and
// values without articles are not listed.
func (v View) CountsByDay(ctx context.Context, axis string, f Filter) ([]Count, error) {
	return v.counts(ctx, axis, f, true)
}

func (v View) counts(ctx context.Context, axis string, f Filter, daily bool) ([]Count, error) {
	f.All = false
	w, at := f.where()
	from := fromKept
	column, ok := countColumns[axis]
	switch axis {
	case AxisInsurance, AxisTopic, AxisProvince, AxisCurrent, AxisUnit, AxisForm, AxisSeries, AxisEvent, AxisEventAt, AxisModel:
		from += ` JOIN tags v ON v.article_id = r.article_id AND v.axis = '` + axis + `'`
		column, ok = `v.value`, true
	}
	if !ok {
		return nil, fmt.Errorf("count articles: there is no axis %q", axis)
	}
	days, order := `0`, `3 DESC, 1`
	if daily {
		days, order = fmt.Sprintf(`(%s + %d) / %d`, at, vn, day), `2, 3 DESC, 1`
	}
	group := ` GROUP BY 1, 2`
	if axis == ByNothing && !daily {
		group = ``
	}
	cs, err := list(ctx, v.q, readCount, `SELECT `+column+`, `+days+`, count(*), count(CASE WHEN coalesce(sa.copy_of, '') = '' THEN 1 END)`+
		from+w.sql()+group+` ORDER BY `+order, w.args...)
	return cs, failed("count articles by "+axis, err)
}

func readCount(row scanner) (c Count, err error) {
	var n int64
	err = row.Scan(&c.Value, &n, &c.Publications, &c.Originals)
	if n > 0 {
		c.Day = at(n*day - vn)
	}
	return c, err
}

// Telling is the events one article tells of, and the story it belongs to.
type Telling struct {
	Story  string // the article's own id where it is in none
	Events []news.Event
}

// Tellings returns the events of the articles of a filter, in the order of the archive.
func (v View) Tellings(ctx context.Context, f Filter) ([]Telling, error) {
	f.All = false
	w, _ := f.where()
	w.add(`EXISTS (SELECT 1 FROM tags e WHERE e.article_id = r.article_id AND e.axis = '` + AxisEvent + `')`)
	ts, err := list(ctx, v.q, func(row scanner) (t Telling, err error) {
		var raw string
		if err = row.Scan(&t.Story, &raw); err != nil {
			return t, err
		}
		var l lists
		err = fromJSON(raw, &l)
		t.Events = l.Events
		return t, err
	}, `SELECT coalesce(sa.story_id, r.article_id), r.lists`+fromKept+w.sql()+` ORDER BY r.seq`, w.args...)
	return ts, failed("list the events of a period", err)
}

// ProvinceWeights sums up, over the articles of a filter, how much of each is
// about a province, as the text names it.
func (v View) ProvinceWeights(ctx context.Context, f Filter) (map[string]float64, error) {
	f.All = false
	w, _ := f.where()
	w.add(`EXISTS (SELECT 1 FROM tags e WHERE e.article_id = r.article_id AND e.axis = '` + AxisProvince + `')`)
	shares, err := list(ctx, v.q, func(row scanner) (map[string]float64, error) {
		var raw string
		if err := row.Scan(&raw); err != nil {
			return nil, err
		}
		var l lists
		err := fromJSON(raw, &l)
		return l.Weights, err
	}, `SELECT r.lists`+fromKept+w.sql()+` ORDER BY r.seq`, w.args...)
	sums := map[string]float64{}
	for _, s := range shares {
		for slug, share := range s {
			sums[slug] += share
		}
	}
	return sums, failed("weigh the provinces of a period", err)
}

// TopStory is a story and its share of a period.
type TopStory struct {
	StoryState
	Publications int // in the period
	Originals    int
	Negative     int
}

// TopStories returns the stories with most publications among the articles of
// a filter, most first; limit 0 is 10.
func (v View) TopStories(ctx context.Context, f Filter, limit int) ([]TopStory, error) {
	f.All = false
	w, _ := f.where()
	ts, err := list(ctx, v.q, func(row scanner) (t TopStory, err error) {
		var from, to int64
		var locked int
		err = row.Scan(&t.ID, &t.Title, &from, &to, &t.Articles, &t.StoryState.Originals, &t.Outlets, &locked,
			&t.Publications, &t.Originals, &t.Negative)
		t.First, t.Last, t.Locked = at(from), at(to), locked == 1
		return t, err
	}, `SELECT s.id, s.title, s.first_at, s.last_at, s.articles, s.originals, s.outlets, s.locked, count(*),
		count(CASE WHEN sa.copy_of = '' THEN 1 END), count(CASE WHEN r.tone = 'negative' THEN 1 END)`+
		fromKept+` JOIN stories s ON s.id = sa.story_id`+w.sql()+`
		GROUP BY s.id, s.title, s.first_at, s.last_at, s.articles, s.originals, s.outlets, s.locked
		ORDER BY 9 DESC, s.last_at DESC, s.id`+w.limit(limit, 10), w.args...)
	return ts, failed("list the stories of a period", err)
}

// Totals is how much the archive holds.
type Totals struct {
	Links, Articles, Read, Relevant, Uncertain, Versions, Stories, Incidents, Letters int
	First, Last                                                                       time.Time // of the articles
}

// Totals counts the archive.
func (v View) Totals(ctx context.Context) (t Totals, err error) {
	var from, to int64
	err = v.q.query(ctx, func(row scanner) error {
		return row.Scan(&t.Links, &t.Articles, &t.Read, &t.Relevant, &t.Uncertain, &t.Versions, &t.Stories, &t.Incidents, &t.Letters, &from, &to)
	}, `SELECT (SELECT count(*) FROM links), (SELECT count(*) FROM articles), (SELECT count(*) FROM readings),
		(SELECT count(*) FROM readings WHERE kept = 1 AND relevant = 1), (SELECT count(*) FROM readings WHERE kept = 1 AND uncertain = 1),
		(SELECT count(*) FROM versions), (SELECT count(*) FROM stories WHERE articles > 0), (SELECT count(*) FROM incidents),
		(SELECT count(*) FROM letters), (SELECT coalesce(min(at), 0) FROM articles), (SELECT coalesce(max(at), 0) FROM articles)`)
	t.First, t.Last = at(from), at(to)
	return t, failed("count the archive", err)
}
