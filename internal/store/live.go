package store

import (
	"context"
	"time"
)

// LiveArticle is an article's place in a live story, without the article: enough
// to see whether it changed.
type LiveArticle struct {
	Story, Title string
	ArticleID    string
	CopyOf       string
	Seq          int64 // number of its reading; 0 where it has none
}

// LiveArticles lists the articles of the stories that have one since a time: the
// story with the oldest last article first, and in it the oldest article. Of a
// story that was told for long those from a time before are left out.
func (v View) LiveArticles(ctx context.Context, since, from time.Time) ([]LiveArticle, error) {
	ss, err := list(ctx, v.q, func(row scanner) (s LiveArticle, err error) {
		err = row.Scan(&s.Story, &s.Title, &s.ArticleID, &s.CopyOf, &s.Seq)
		return s, err
	}, `SELECT s.id, s.title, sa.article_id, sa.copy_of, coalesce(r.seq, 0)
		FROM stories s JOIN story_articles sa ON sa.story_id = s.id LEFT JOIN readings r ON r.article_id = sa.article_id
		WHERE s.last_at >= $1 AND sa.at >= $2 ORDER BY s.last_at, s.id, sa.at, sa.article_id`, ms(since), ms(from))
	return ss, failed("list what stands in the live stories", err)
}

// ReadingsOf returns articles with their readings by id, in no order; those
// that are not read are left out.
func (v View) ReadingsOf(ctx context.Context, ids []string) ([]Shelf, error) {
	var out []Shelf
	err := among(ctx, v.q, func(row scanner) error {
		s, err := readShelf(row)
		out = append(out, s)
		return err
	}, `SELECT `+shelfColumns+` WHERE r.article_id IN ({ids})`, ids)
	return out, failed("look up readings", err)
}
