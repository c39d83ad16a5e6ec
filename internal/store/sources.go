package store

import (
	"context"
	"time"
)

// SourceState is how a feed, sitemap or listing page of an outlet is doing.
type SourceState struct {
	Outlet       string
	URL          string
	ETag         string
	LastModified string // the server's own words
	State        string // ok, unchanged, empty, blocked, moved, layout-changed, slow, dead
	Code         string // how the last request ended, as fetch names it
	Since        time.Time
	Evidence     string // in words: what was seen that made it so
	Failures     int    // in a row
	LastOK       time.Time
	LastTry      time.Time
	LastNew      time.Time // when it last brought a link not seen before
	Next         time.Time // when it is due
	Pause        time.Duration
	Fresh        float64 // new links it was first to bring, older ones fading
	Lively       float64 // in so many lively hours, fading alike
}

const sourceColumns = `outlet, url, etag, last_modified, state, since, evidence, failures,
	last_ok, last_try, last_new, next_at, pause, code, fresh, lively`

// PutSource keeps the state of a source. Since is kept by the store: the time
// of LastTry at which State became what it is.
func (tx *Tx) PutSource(ctx context.Context, s SourceState) error {
	since := s.Since
	if since.IsZero() {
		since = s.LastTry
	}
	_, err := tx.q.exec(ctx, `INSERT INTO sources (`+sourceColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (outlet, url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
		since = CASE WHEN sources.state = excluded.state THEN sources.since ELSE excluded.since END,
		state = excluded.state, evidence = excluded.evidence, failures = excluded.failures, last_ok = excluded.last_ok,
		last_try = excluded.last_try, last_new = excluded.last_new, next_at = excluded.next_at, pause = excluded.pause,
		code = excluded.code, fresh = excluded.fresh, lively = excluded.lively`,
		s.Outlet, s.URL, s.ETag, s.LastModified, s.State, ms(since), s.Evidence, s.Failures,
		ms(s.LastOK), ms(s.LastTry), ms(s.LastNew), ms(s.Next), s.Pause.Milliseconds(),
		s.Code, s.Fresh, s.Lively)
	return failed("keep the state of "+s.URL, err)
}

// Source returns the state of one source; where it was never asked, a state
// with Outlet and URL alone.
func (v View) Source(ctx context.Context, outlet, url string) (SourceState, error) {
	ss, err := list(ctx, v.q, readSource, `SELECT `+sourceColumns+` FROM sources WHERE outlet = $1 AND url = $2`, outlet, url)
	if err != nil || len(ss) == 0 {
		return SourceState{Outlet: outlet, URL: url}, failed("look up the state of "+url, err)
	}
	return ss[0], nil
}

// Sources returns the states of an outlet's sources; of all outlets if it is empty.
func (v View) Sources(ctx context.Context, outlet string) ([]SourceState, error) {
	ss, err := list(ctx, v.q, readSource, `SELECT `+sourceColumns+` FROM sources
		WHERE $1 = '' OR outlet = $1 ORDER BY outlet, url`, outlet)
	return ss, failed("list the states of sources", err)
}

// Health is how an outlet is doing, over all its sources.
type Health struct {
	Outlet      string
	As          OutletState // the outlet as a whole; zero where it was never visited
	Sources     []SourceState
	LastOK      time.Time // of its best source
	LastNew     time.Time
	LastArticle time.Time // when its newest article came in
	Articles    int       // come in since the given time
	Kept        int       // of these, relevant or uncertain
}

// Health returns how every outlet known to the archive is doing, with its
// articles since a time, by outlet id.
func (v View) Health(ctx context.Context, since time.Time) ([]Health, error) {
	all := map[string]*Health{}
	var order []string
	of := func(outlet string) *Health {
		if all[outlet] == nil {
			all[outlet] = &Health{Outlet: outlet}
			order = append(order, outlet)
		}
		return all[outlet]
	}
	err := v.q.query(ctx, func(row scanner) error {
		var outlet string
		var newest int64
		err := row.Scan(&outlet, &newest)
		of(outlet).LastArticle = at(newest)
		return err
	}, `SELECT outlet, max(first_seen) FROM articles GROUP BY outlet ORDER BY outlet`)
	if err != nil {
		return nil, failed("look up the newest articles of outlets", err)
	}
	err = v.q.query(ctx, func(row scanner) error {
		var outlet string
		var n, kept int
		err := row.Scan(&outlet, &n, &kept)
		h := of(outlet)
		h.Articles, h.Kept = n, kept
		return err
	}, `SELECT a.outlet, count(*), count(CASE WHEN r.kept = 1 THEN 1 END)
		FROM articles a LEFT JOIN readings r ON r.article_id = a.id WHERE a.first_seen >= $1 GROUP BY a.outlet`, ms(since))
	if err != nil {
		return nil, failed("count the articles of outlets", err)
	}
	sources, err := v.Sources(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		h := of(s.Outlet)
		h.Sources = append(h.Sources, s)
		h.LastOK, h.LastNew = later(h.LastOK, s.LastOK), later(h.LastNew, s.LastNew)
	}
	states, err := v.OutletStates(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		of(s.Outlet).As = s
	}
	out := make([]Health, len(order))
	for i, id := range order {
		out[i] = *all[id]
	}
	return out, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func readSource(row scanner) (s SourceState, err error) {
	var since, ok, try, brought, next, pause int64
	err = row.Scan(&s.Outlet, &s.URL, &s.ETag, &s.LastModified, &s.State, &since, &s.Evidence, &s.Failures,
		&ok, &try, &brought, &next, &pause, &s.Code, &s.Fresh, &s.Lively)
	s.Since, s.LastOK, s.LastTry, s.LastNew, s.Next = at(since), at(ok), at(try), at(brought), at(next)
	s.Pause = time.Duration(pause) * time.Millisecond
	return s, err
}
