package store

import (
	"context"
	"fmt"

	"diembao/internal/news"
)

// ArticleReading is a reading and the article it is of.
type ArticleReading struct {
	ArticleID string
	Version   int // of the text that was read
	news.Reading
}

// The axes whose values are kept as tags, for counting and filtering; all but
// AxisUnit hold today's and the text's own names side by side.
const (
	AxisInsurance = "insurance"
	AxisTopic     = "topic"
	AxisProvince  = "province" // as the text names it
	AxisCurrent   = "current"  // today's province
	AxisUnit      = "unit"
	AxisForm      = "form"
	AxisSeries    = "series"   // its name
	AxisEvent     = "event"    // kind
	AxisEventAt   = "event-at" // kind/province, for events that have taken place
	AxisModel     = "model"    // its name
)

// lists are the many-valued fields of a reading.
type lists struct {
	Insurance []string `json:"insurance,omitempty"`
	Topics    []string `json:"topics,omitempty"`
	Provinces []string `json:"provinces,omitempty"`
	Current   []string `json:"current,omitempty"`
	Units     []string `json:"units,omitempty"`

	Weights map[string]float64 `json:"weights,omitempty"` // province → share of the text

	Unusual bool   `json:"unusual,omitempty"`
	Heard   string `json:"heard,omitempty"`  // the tone as the phrases hear it
	Feared  *int   `json:"feared,omitempty"` // the risk as the phrases hear it
	Role    string `json:"role,omitempty"`   // before a language model settled it; empty where none did

	Form   string       `json:"form,omitempty"`
	Series news.Series  `json:"series,omitzero"`
	Events []news.Event `json:"events,omitempty"`
	Models []news.Model `json:"models,omitempty"`
	Claims []news.Claim `json:"claims,omitempty"`
	Said   []news.Said  `json:"said,omitempty"`
}

// listsOf are the fields of a reading that have no column of their own.
func listsOf(r news.Reading) lists {
	role := ""
	if before := r.BeforeJudge().Role; before != r.Role {
		role = before
	}
	return lists{r.Insurance, r.Topics, r.Provinces, r.Current, r.Units, r.Weights, r.Unusual, r.Heard, r.Feared, role, r.Form, r.Series, r.Events, r.Models, r.Claims, r.Said}
}

// into gives a reading those fields.
func (l lists) into(r *news.Reading) {
	r.Insurance, r.Topics, r.Provinces, r.Current, r.Units, r.Unusual = l.Insurance, l.Topics, l.Provinces, l.Current, l.Units, l.Unusual
	r.Weights = l.Weights
	r.Heard, r.Feared, r.Form, r.Series, r.Events, r.Models, r.Claims, r.Said = l.Heard, l.Feared, l.Form, l.Series, l.Events, l.Models, l.Claims, l.Said
}

const readingColumns = `version, rules, relevant, uncertain, scope, tone, role, target, digest, risk, level, reach, lists, verdicts`

// PutReadings keeps readings in place of those the articles had. Of an article
// that is neither relevant nor uncertain only the verdict on relevance is kept.
// Every reading gets a new number, so that the index takes it up.
func (tx *Tx) PutReadings(ctx context.Context, rs []ArticleReading) error {
	if len(rs) == 0 {
		return nil
	}
	if err := tx.lockSeq(ctx); err != nil {
		return err
	}
	where, err := tx.whereabouts(ctx, rs)
	if err != nil {
		return failed("keep readings", err)
	}
	seq, err := tx.nextSeq(ctx, len(rs))
	if err != nil {
		return err
	}
	return failed("keep readings", tx.writeReadings(ctx, rs, where, seq))
}

// whereabout is what a reading repeats of its article.
type whereabout struct {
	at     int64
	outlet string
	read   bool // has a reading already
}

func (tx *Tx) whereabouts(ctx context.Context, rs []ArticleReading) (map[string]whereabout, error) {
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.ArticleID
	}
	found := make(map[string]whereabout, len(rs))
	err := among(ctx, tx.q, func(row scanner) error {
		var id string
		var w whereabout
		var read int
		err := row.Scan(&id, &w.at, &w.outlet, &read)
		w.read = read == 1
		found[id] = w
		return err
	}, `SELECT a.id, a.at, a.outlet, CASE WHEN r.article_id IS NULL THEN 0 ELSE 1 END
		FROM articles a LEFT JOIN readings r ON r.article_id = a.id WHERE a.id IN ({ids})`, ids)
	return found, err
}

func (tx *Tx) writeReadings(ctx context.Context, rs []ArticleReading, where map[string]whereabout, seq int64) error {
	var rows, tags [][]any
	seen := map[string]bool{}
	for i := len(rs) - 1; i >= 0; i-- { // of two readings of one article the last counts
		r := rs[i]
		w, ok := where[r.ArticleID]
		if !ok {
			return fmt.Errorf("article %s: %w", r.ArticleID, ErrNotFound)
		}
		if seen[r.ArticleID] {
			continue
		}
		seen[r.ArticleID] = true
		if w.read {
			if _, err := tx.q.exec(ctx, `DELETE FROM tags WHERE article_id = $1`, r.ArticleID); err != nil {
				return err
			}
		}
		row, err := readingRow(r, w, seq+int64(i))
		if err != nil {
			return err
		}
		rows, tags = append(rows, row), append(tags, tagRows(r, w.at)...)
	}
	if err := tx.q.insert(ctx, `INSERT INTO readings (article_id, seq, at, outlet, kept, `+readingColumns+`)`,
		`ON CONFLICT (article_id) DO UPDATE SET seq = excluded.seq, at = excluded.at, outlet = excluded.outlet,
		kept = excluded.kept, version = excluded.version, rules = excluded.rules, relevant = excluded.relevant,
		uncertain = excluded.uncertain, scope = excluded.scope, tone = excluded.tone, role = excluded.role,
		target = excluded.target, digest = excluded.digest, risk = excluded.risk, level = excluded.level,
		reach = excluded.reach, lists = excluded.lists, verdicts = excluded.verdicts`, rows); err != nil {
		return err
	}
	return tx.q.insert(ctx, `INSERT INTO tags (article_id, axis, value, at)`, "", tags)
}

// kept reports whether an article is held for reading, counting and stories.
func kept(r news.Reading) bool { return r.Relevant || r.Uncertain }

func readingRow(r ArticleReading, w whereabout, seq int64) ([]any, error) {
	many, verdicts := listsOf(r.Reading), r.Verdicts
	if !kept(r.Reading) {
		many, verdicts = lists{}, nil
		if v, ok := r.Verdicts["relevant"]; ok {
			verdicts = map[string]news.Verdict{"relevant": v}
		}
	}
	l, err := toJSON(many)
	if err != nil {
		return nil, err
	}
	v, err := toJSON(verdicts)
	return []any{r.ArticleID, seq, w.at, w.outlet, flag(kept(r.Reading)), r.Version, r.Rules, flag(r.Relevant), flag(r.Uncertain),
		r.Scope, r.Tone, r.Role, r.Target, flag(r.Digest), r.Risk, r.Level, r.Reach, l, v}, err
}

func tagRows(r ArticleReading, at int64) (rows [][]any) {
	if !kept(r.Reading) {
		return nil
	}
	seen := map[[2]string]bool{}
	add := func(axis string, values []string) {
		for _, v := range values {
			if k := [2]string{axis, v}; !seen[k] {
				seen[k] = true
				rows = append(rows, []any{r.ArticleID, axis, v, at})
			}
		}
	}
	add(AxisInsurance, r.Insurance)
	add(AxisTopic, r.Topics)
	add(AxisProvince, r.Provinces)
	add(AxisCurrent, r.Current)
	add(AxisUnit, r.Units)
	if r.Form != "" {
		add(AxisForm, []string{r.Form})
	}
	if r.Series.Name != "" {
		add(AxisSeries, []string{r.Series.Name})
	}
	for _, e := range r.Events {
		if !e.Planned {
			add(AxisEvent, []string{e.Kind})
			add(AxisEventAt, []string{e.Kind + "/" + e.Province})
		}
	}
	for _, m := range r.Models {
		add(AxisModel, []string{m.Name})
	}
	return rows
}

// Reading returns the reading of an article; ErrNotFound where it was not read yet.
func (v View) Reading(ctx context.Context, id string) (ArticleReading, error) {
	r, err := first(ctx, v.q, func(row scanner) (r ArticleReading, err error) {
		return r, newReadingScan(&r).from(row, &r.ArticleID)
	}, `SELECT article_id, `+readingColumns+` FROM readings WHERE article_id = $1`, id)
	return r, failed("look up the reading of "+id, err)
}

// Shelf is what the index needs of an article.
type Shelf struct {
	Seq     int64 // number of the reading
	Article news.Article
	Reading ArticleReading
	Story   string // empty where it is in none
	CopyOf  string // id of the article it copies; empty for an original
}

// ReadingsAfter returns what was read after the number seq, in the order of
// reading, at most limit, each with its article and story.
func (v View) ReadingsAfter(ctx context.Context, seq int64, limit int) ([]Shelf, error) {
	ss, err := list(ctx, v.q, readShelf, `SELECT `+shelfColumns+` WHERE r.seq > $1 ORDER BY r.seq LIMIT $2`, seq, limit)
	return ss, failed("read the readings that changed", err)
}

// shelfColumns are what readShelf reads, and where from.
const shelfColumns = fullColumns + `, coalesce(b.body, ''), r.seq, coalesce(sa.story_id, ''), coalesce(sa.copy_of, ''),
	r.version, r.rules, r.relevant, r.uncertain, r.scope, r.tone, r.role, r.target, r.digest, r.risk, r.level, r.reach, r.lists, r.verdicts
	FROM readings r JOIN articles a ON a.id = r.article_id LEFT JOIN bodies b ON b.article_id = a.id
	LEFT JOIN story_articles sa ON sa.article_id = a.id`

func readShelf(row scanner) (s Shelf, err error) {
	var hash string
	rs := newReadingScan(&s.Reading)
	err = readArticle(row, &s.Article, &hash, append([]any{&s.Article.Body, &s.Seq, &s.Story, &s.CopyOf}, rs.into()...)...)
	s.Reading.ArticleID = s.Article.ID
	if err == nil {
		err = rs.done()
	}
	return s, err
}

// readingScan reads readingColumns into a reading.
type readingScan struct {
	r                           *ArticleReading
	relevant, uncertain, digest int
	lists, verdicts             string
}

func newReadingScan(r *ArticleReading) *readingScan { return &readingScan{r: r} }

func (s *readingScan) into() []any {
	r := s.r
	return []any{&r.Version, &r.Rules, &s.relevant, &s.uncertain, &r.Scope, &r.Tone, &r.Role, &r.Target, &s.digest,
		&r.Risk, &r.Level, &r.Reach, &s.lists, &s.verdicts}
}

// from reads the columns before, then readingColumns.
func (s *readingScan) from(row scanner, before ...any) error {
	if err := row.Scan(append(before, s.into()...)...); err != nil {
		return err
	}
	return s.done()
}

func (s *readingScan) done() error {
	r := s.r
	r.Relevant, r.Uncertain, r.Digest = s.relevant == 1, s.uncertain == 1, s.digest == 1
	var l lists
	if err := fromJSON(s.lists, &l); err != nil {
		return err
	}
	l.into(&r.Reading)
	if err := fromJSON(s.verdicts, &r.Verdicts); err != nil {
		return err
	}
	for axis, v := range r.Verdicts {
		v.Value, v.Before = plain(v.Value), plain(v.Before)
		r.Verdicts[axis] = v
	}
	return nil
}
