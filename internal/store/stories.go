package store

import (
	"cmp"
	"context"
	"time"

	"diembao/internal/news"
)

// Placement puts an article into a story.
type Placement struct {
	ArticleID string
	StoryID   string
	CopyOf    string // id of the article it copies; empty for an original
	Why       []news.Reason
	Held      bool // a person put it there; as read, Place does not set it
}

// StoryState is a story and whether people hold it.
type StoryState struct {
	news.Story
	Locked bool // a person has closed it: the machine adds nothing
}

const storyColumns = `id, title, first_at, last_at, articles, originals, outlets, locked, parent, merged_into`

// PutStories keeps new stories and the titles of known ones. Their counts and
// times follow from the articles placed in them.
func (tx *Tx) PutStories(ctx context.Context, stories []news.Story) error {
	for _, s := range stories {
		_, err := tx.q.exec(ctx, `INSERT INTO stories (`+storyColumns+`) VALUES ($1, $2, $3, $4, 0, 0, 0, 0, $5, '')
			ON CONFLICT (id) DO UPDATE SET title = excluded.title`, s.ID, s.Title, ms(s.First), ms(s.Last), s.Parent)
		if err != nil {
			return failed("keep the story "+s.ID, err)
		}
	}
	return nil
}

// Place puts articles into stories and counts the stories anew. An article is
// in one story at most; where a person has put it, it stays. Of a story that was
// merged meanwhile, the one that it is part of by now is meant.
func (tx *Tx) Place(ctx context.Context, ps []Placement) error {
	touched := map[string]bool{}
	for _, p := range ps {
		var err error
		if p.StoryID, err = tx.standing(ctx, p.StoryID); err == nil {
			err = tx.place(ctx, p, 0, touched)
		}
		if err != nil {
			return failed("place the article "+p.ArticleID+" in a story", err)
		}
	}
	return tx.recount(ctx, touched)
}

// standing is the story that a story is part of by now: itself where it was not merged.
func (tx *Tx) standing(ctx context.Context, id string) (string, error) {
	for {
		into, err := list(ctx, tx.q, scan[string], `SELECT merged_into FROM stories WHERE id = $1 AND merged_into <> ''`, id)
		if err != nil || len(into) == 0 {
			return id, err
		}
		id = into[0]
	}
}

// place writes one placement and notes which stories changed.
func (tx *Tx) place(ctx context.Context, p Placement, held int, touched map[string]bool) error {
	was, err := list(ctx, tx.q, scan[string], `SELECT story_id FROM story_articles WHERE article_id = $1`, p.ArticleID)
	if err != nil {
		return err
	}
	why, err := reasonsJSON(p.Why)
	if err != nil {
		return err
	}
	n, err := tx.q.exec(ctx, `INSERT INTO story_articles (article_id, story_id, copy_of, at, held, why)
		SELECT a.id, CAST($2 AS text), CAST($3 AS text), a.at, CAST($4 AS bigint), CAST($5 AS text) FROM articles a WHERE a.id = $1
		ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id, copy_of = excluded.copy_of,
		at = excluded.at, held = excluded.held, why = excluded.why WHERE story_articles.held = 0 OR excluded.held = 1`,
		p.ArticleID, p.StoryID, p.CopyOf, held, why)
	if err != nil || n == 0 {
		return err
	}
	touched[p.StoryID] = true
	for _, s := range was {
		touched[s] = true
	}
	return nil
}

// reasonsJSON is reasons as they are kept; nothing where there are none.
func reasonsJSON(why []news.Reason) (string, error) {
	if len(why) == 0 {
		return "", nil
	}
	return toJSON(why)
}

// Unplace takes articles out of their stories, such as those read anew as
// irrelevant; those held by a person stay.
func (tx *Tx) Unplace(ctx context.Context, ids []string) error {
	touched := map[string]bool{}
	for _, id := range ids {
		was, err := list(ctx, tx.q, scan[string], `DELETE FROM story_articles WHERE article_id = $1 AND held = 0 RETURNING story_id`, id)
		if err != nil {
			return failed("take the article "+id+" out of its story", err)
		}
		for _, s := range was {
			touched[s] = true
		}
	}
	return tx.recount(ctx, touched)
}

// recount brings the counts and times of stories up to date. An empty story
// keeps its times: people may still hold its address.
func (tx *Tx) recount(ctx context.Context, stories map[string]bool) error {
	for id := range stories {
		var n, originals, outlets int
		var from, to int64
		err := tx.q.query(ctx, func(row scanner) error { return row.Scan(&n, &originals, &outlets, &from, &to) },
			`SELECT count(*), count(CASE WHEN sa.copy_of = '' THEN 1 END), count(DISTINCT a.outlet),
			coalesce(min(a.at), 0), coalesce(max(a.at), 0)
			FROM story_articles sa JOIN articles a ON a.id = sa.article_id WHERE sa.story_id = $1`, id)
		if err == nil {
			_, err = tx.q.exec(ctx, `UPDATE stories SET articles = CAST($2 AS bigint), originals = $3, outlets = $4,
				merged_into = CASE WHEN CAST($2 AS bigint) > 0 THEN '' ELSE merged_into END,
				first_at = coalesce(nullif(CAST($5 AS bigint), 0), first_at),
				last_at = coalesce(nullif(CAST($6 AS bigint), 0), last_at) WHERE id = $1`, id, n, originals, outlets, from, to)
		}
		if err != nil {
			return failed("count the story "+id, err)
		}
	}
	return nil
}

// StoryFilter says which stories are asked for.
type StoryFilter struct {
	From, To    time.Time // told in [From, To): the last article not before From, the first before To; zero: open
	MinArticles int       // publications in the story; 0 is 1: empty stories are not listed
	ByArticles  bool      // those with most publications first, else the newest
	Limit       int       // 0: 100
}

// Stories lists stories.
func (v View) Stories(ctx context.Context, f StoryFilter) ([]StoryState, error) {
	w := where{}
	w.add(`articles >= {}`, max(1, f.MinArticles))
	w.since(`last_at`, f.From)
	w.until(`first_at`, f.To)
	order := `last_at DESC, id`
	if f.ByArticles {
		order = `articles DESC, last_at DESC, id`
	}
	ss, err := list(ctx, v.q, readStory, `SELECT `+storyColumns+` FROM stories`+w.sql()+` ORDER BY `+order+w.limit(f.Limit, 100), w.args...)
	return ss, failed("list the stories", err)
}

// StoryArticle is an article in a story.
type StoryArticle struct {
	news.Article
	CopyOf string
	Held   bool          // a person put it there
	Why    []news.Reason // why it joined; as Story returns it
}

// Member is an article of a live story, with what the story room must remember.
type Member struct {
	StoryArticle
	Seq     int64        // number of its reading: the order in which articles were placed
	Reading news.Reading // its provinces, tone, role, target and whether it is unusual, alone
}

// Story returns a story with its articles, bodies included, oldest first; ErrNotFound.
func (v View) Story(ctx context.Context, id string) (StoryState, []StoryArticle, error) {
	s, err := first(ctx, v.q, readStory, `SELECT `+storyColumns+` FROM stories WHERE id = $1`, id)
	if err != nil {
		return s, nil, failed("look up the story "+id, err)
	}
	as, err := list(ctx, v.q, readStoryArticle, `SELECT `+fullColumns+`, coalesce(b.body, ''), sa.copy_of, sa.held, sa.why
		FROM story_articles sa JOIN articles a ON a.id = sa.article_id LEFT JOIN bodies b ON b.article_id = a.id
		WHERE sa.story_id = $1 ORDER BY a.at, a.id`, id)
	return s, as, failed("read the articles of the story "+id, err)
}

// LockedStories lists the ids of the stories that people closed to the machine.
func (v View) LockedStories(ctx context.Context) ([]string, error) {
	ids, err := list(ctx, v.q, scan[string], `SELECT id FROM stories WHERE locked = 1 ORDER BY id`)
	return ids, failed("list the locked stories", err)
}

// StoryOf returns the placement of an article; ErrNotFound where it is in no story.
func (v View) StoryOf(ctx context.Context, articleID string) (Placement, error) {
	p, err := first(ctx, v.q, func(row scanner) (p Placement, err error) {
		var why string
		var held int
		if err = row.Scan(&p.ArticleID, &p.StoryID, &p.CopyOf, &held, &why); err == nil && why != "" {
			err = fromJSON(why, &p.Why)
		}
		p.Held = held == 1
		return p, err
	}, `SELECT article_id, story_id, copy_of, held, why FROM story_articles WHERE article_id = $1`, articleID)
	return p, failed("look up the story of "+articleID, err)
}

// LiveStory is a story with its articles.
type LiveStory struct {
	StoryState
	Members []Member // oldest first
}

// LiveStories returns the stories with an article since a time, with all their
// articles, for the story room to remember them after a restart: the story with
// the oldest last article first.
func (v View) LiveStories(ctx context.Context, since time.Time) ([]LiveStory, error) {
	ss, err := list(ctx, v.q, readStory, `SELECT `+storyColumns+` FROM stories WHERE last_at >= $1 AND articles > 0 ORDER BY last_at, id`, ms(since))
	if err != nil {
		return nil, failed("list the live stories", err)
	}
	out, index := make([]LiveStory, len(ss)), map[string]int{}
	for i, s := range ss {
		out[i].StoryState, index[s.ID] = s, i
	}
	err = v.q.query(ctx, func(row scanner) error {
		var m Member
		var hash, story, tags string
		var held int
		err := readArticle(row, &m.Article, &hash, &m.Body, &m.CopyOf, &held, &story, &m.Seq, &tags,
			&m.Reading.Tone, &m.Reading.Role, &m.Reading.Target)
		if err == nil {
			var l lists
			err = fromJSON(tags, &l)
			m.Reading.Provinces, m.Reading.Unusual, m.Reading.Heard, m.Reading.Feared = l.Provinces, l.Unusual, l.Heard, l.Feared
			m.Reading.Role = cmp.Or(l.Role, m.Reading.Role)
		}
		m.Held = held == 1
		if i, ok := index[story]; ok {
			out[i].Members = append(out[i].Members, m)
		}
		return err
	}, `SELECT `+fullColumns+`, coalesce(b.body, ''), sa.copy_of, sa.held, sa.story_id, coalesce(r.seq, 0), coalesce(r.lists, ''),
		coalesce(r.tone, ''), coalesce(r.role, ''), coalesce(r.target, '')
		FROM stories s JOIN story_articles sa ON sa.story_id = s.id JOIN articles a ON a.id = sa.article_id
		LEFT JOIN bodies b ON b.article_id = a.id LEFT JOIN readings r ON r.article_id = a.id
		WHERE s.last_at >= $1 ORDER BY a.at, a.id`, ms(since))
	return out, failed("read the articles of the live stories", err)
}

func readStory(row scanner) (s StoryState, err error) {
	var from, to int64
	var locked int
	err = row.Scan(&s.ID, &s.Title, &from, &to, &s.Articles, &s.Originals, &s.Outlets, &locked, &s.Parent, &s.Merged)
	s.First, s.Last, s.Locked = at(from), at(to), locked == 1
	return s, err
}

func readStoryArticle(row scanner) (a StoryArticle, err error) {
	var hash, why string
	var held int
	err = readArticle(row, &a.Article, &hash, &a.Body, &a.CopyOf, &held, &why)
	if err == nil && why != "" {
		err = fromJSON(why, &a.Why)
	}
	a.Held = held == 1
	return a, err
}
