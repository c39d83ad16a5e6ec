package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"diembao/internal/news"
)

// Numbered is an article with the number of its last change.
type Numbered struct {
	Seq int64
	news.Article
}

const withBody = ` FROM articles a LEFT JOIN bodies b ON b.article_id = a.id `

// columns of a row of articles a and bodies b
const fullColumns = `a.id, a.url, a.canonical, a.outlet, a.title, a.lead, a.body_hash, a.author, a.section, a.tags, a.form, a.lang,
	a.published, a.modified, a.first_seen, a.via, a.version, a.sources, a.doubts`

// Article returns an article with its newest text; ErrNotFound.
func (v View) Article(ctx context.Context, id string) (news.Article, error) {
	a, err := first(ctx, v.q, readFull, `SELECT `+fullColumns+`, coalesce(b.body, '')`+withBody+`WHERE a.id = $1`, id)
	return a, failed("look up the article "+id, err)
}

// ArticleByURL returns the article with this canonical address, the one that
// has it as a further name, or the one that came of a link with it; ErrNotFound.
func (v View) ArticleByURL(ctx context.Context, canonical string) (news.Article, error) {
	a, err := first(ctx, v.q, readFull, `SELECT `+fullColumns+`, coalesce(b.body, '')`+withBody+`
		WHERE a.id = $1 OR a.id = (SELECT article_id FROM identities WHERE canonical = $2)
		OR a.id = (SELECT article_id FROM links WHERE canonical = $2)
		ORDER BY CASE WHEN a.id = $1 THEN 0 ELSE 1 END LIMIT 1`, news.ID(canonical), canonical)
	return a, failed("look up the article at "+canonical, err)
}

// Articles returns articles with their newest texts, in the order of ids;
// unknown ids are left out.
func (v View) Articles(ctx context.Context, ids []string) ([]news.Article, error) {
	found := map[string]news.Article{}
	err := among(ctx, v.q, func(row scanner) error {
		a, err := readFull(row)
		found[a.ID] = a
		return err
	}, `SELECT `+fullColumns+`, coalesce(b.body, '')`+withBody+`WHERE a.id IN ({ids})`, ids)
	if err != nil {
		return nil, failed("look up articles", err)
	}
	var out []news.Article
	for _, id := range ids {
		if a, ok := found[id]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}

// ArticlesAfter returns the articles changed after the number seq, in the
// order of change, at most limit.
func (v View) ArticlesAfter(ctx context.Context, seq int64, limit int) ([]Numbered, error) {
	as, err := list(ctx, v.q, func(row scanner) (n Numbered, err error) {
		var hash string
		err = readArticle(row, &n.Article, &hash, &n.Body, &n.Seq)
		return n, err
	}, `SELECT `+fullColumns+`, coalesce(b.body, ''), a.seq`+withBody+`WHERE a.seq > $1 ORDER BY a.seq LIMIT $2`, seq, limit)
	return as, failed("read the articles that changed", err)
}

// Unplaced returns the articles told since a time that have no story, of those
// changed up to the number seq: the last told, at most limit, in the order of
// change.
func (v View) Unplaced(ctx context.Context, since time.Time, seq int64, limit int) ([]Numbered, error) {
	as, err := list(ctx, v.q, func(row scanner) (n Numbered, err error) {
		var hash string
		err = readArticle(row, &n.Article, &hash, &n.Body, &n.Seq)
		return n, err
	}, `SELECT `+fullColumns+`, coalesce(b.body, ''), a.seq`+withBody+`WHERE a.at >= $1 AND a.seq <= $2
		AND NOT EXISTS (SELECT 1 FROM story_articles sa WHERE sa.article_id = a.id) ORDER BY a.at DESC, a.id LIMIT $3`, ms(since), seq, limit)
	slices.SortFunc(as, func(a, b Numbered) int { return cmp.Compare(a.Seq, b.Seq) })
	return as, failed("read the articles without a story", err)
}

// Text is what can be read of an article.
type Text struct{ Title, Lead, Body string }

// Texts returns the texts of articles by id.
func (v View) Texts(ctx context.Context, ids []string) (map[string]Text, error) {
	texts := make(map[string]Text, len(ids))
	err := among(ctx, v.q, func(row scanner) error {
		var id string
		var t Text
		err := row.Scan(&id, &t.Title, &t.Lead, &t.Body)
		texts[id] = t
		return err
	}, `SELECT a.id, a.title, a.lead, coalesce(b.body, '')`+withBody+`WHERE a.id IN ({ids})`, ids)
	return texts, failed("read texts", err)
}

// Version is one text that an article had.
type Version struct {
	Number int
	Text
	Since time.Time // when this system first saw it
}

// Versions returns all texts an article has had, oldest first, the present one last.
func (v View) Versions(ctx context.Context, id string) ([]Version, error) {
	vs, err := list(ctx, v.q, func(row scanner) (o Version, err error) {
		var since int64
		err = row.Scan(&o.Number, &o.Title, &o.Lead, &o.Body, &since)
		o.Since = at(since)
		return o, err
	}, `SELECT version, title, lead, body, since FROM versions WHERE article_id = $1
		UNION ALL SELECT a.version, a.title, a.lead, coalesce(b.body, ''), a.changed`+withBody+`WHERE a.id = $1 ORDER BY 1`, id)
	return vs, failed("read the versions of "+id, err)
}

// DropBodies drops the bodies, of all versions, of articles counted before a
// time that were read as irrelevant, but for those under legal hold; titles,
// leads and readings stay. It works
// in short transactions and returns how many articles lost their bodies.
func (s *Store) DropBodies(ctx context.Context, before time.Time) (int64, error) {
	var total int64
	for {
		var ids []string
		err := s.Do(ctx, func(tx *Tx) (err error) {
			ids, err = list(ctx, tx.q, scan[string], `SELECT r.article_id FROM readings r JOIN bodies b ON b.article_id = r.article_id
				WHERE r.kept = 0 AND r.at < $1 AND r.article_id NOT IN (SELECT article_id FROM held_articles) ORDER BY r.article_id LIMIT 200`, ms(before))
			for _, id := range ids {
				if err == nil {
					_, err = tx.q.exec(ctx, `DELETE FROM bodies WHERE article_id = $1`, id)
				}
				if err == nil {
					_, err = tx.q.exec(ctx, `UPDATE versions SET body = '' WHERE article_id = $1`, id)
				}
			}
			return err
		})
		if err != nil || len(ids) == 0 {
			return total, failed("drop the bodies of irrelevant articles", err)
		}
		total += int64(len(ids))
	}
}

func readFull(row scanner) (a news.Article, err error) {
	var hash string
	err = readArticle(row, &a, &hash, &a.Body)
	return a, err
}

// KeptSince returns the ids of articles held for reading and counted since a
// time, in the order in which they were heard of: when they were crawled or,
// where they came in by another door, when they came out.
func (v View) KeptSince(ctx context.Context, since time.Time) ([]string, error) {
	ids, err := list(ctx, v.q, scan[string], `SELECT a.id FROM readings r JOIN articles a ON a.id = r.article_id WHERE r.kept = 1 AND r.at >= $1
		ORDER BY CASE WHEN a.via = 'crawl' OR a.via = 'clip' OR a.published = 0 THEN a.first_seen ELSE a.published END, a.id`, ms(since))
	return ids, failed("list the articles of ours", err)
}
