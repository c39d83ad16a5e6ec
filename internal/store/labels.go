package store

import (
	"context"
	"time"
)

// Label is what a person said of one axis of an article when asked. Unlike a
// correction it changes no reading: it teaches and measures.
type Label struct {
	ArticleID string
	Axis      string
	Who       string
	Value     string    // as a correction writes it: several values separated by commas
	Blind     bool      // of the random sample that measures; else chosen because the machine doubted
	At        time.Time // UTC
}

const labelColumns = `article_id, axis, who, value, blind, at`

// PutLabels keeps labels; a person's later word on an axis replaces the earlier.
func (tx *Tx) PutLabels(ctx context.Context, ls []Label) error {
	rows := make([][]any, len(ls))
	for i, l := range ls {
		rows[i] = []any{l.ArticleID, l.Axis, clean(l.Who), l.Value, flag(l.Blind), ms(l.At)}
	}
	return failed("keep labels", tx.q.insert(ctx, `INSERT INTO labels (`+labelColumns+`)`,
		`ON CONFLICT (article_id, axis, who) DO UPDATE SET value = excluded.value, blind = excluded.blind, at = excluded.at`, rows))
}

// Labels returns all labels, by article, axis and person.
func (v View) Labels(ctx context.Context) ([]Label, error) {
	ls, err := list(ctx, v.q, func(row scanner) (l Label, err error) {
		var blind int
		var made int64
		err = row.Scan(&l.ArticleID, &l.Axis, &l.Who, &l.Value, &blind, &made)
		l.Blind, l.At = blind == 1, at(made)
		return l, err
	}, `SELECT `+labelColumns+` FROM labels ORDER BY article_id, axis, who`)
	return ls, failed("list the labels", err)
}

// LabelledSince counts the articles that one person labelled since a time.
func (v View) LabelledSince(ctx context.Context, who string, since time.Time) (int, error) {
	n, err := first(ctx, v.q, scan[int], `SELECT count(DISTINCT article_id) FROM labels WHERE who = $1 AND at >= $2`, clean(who), ms(since))
	return n, failed("count the labels of "+who, err)
}

// DropLabels takes back what one person said of an article, and returns how
// many answers that were.
func (tx *Tx) DropLabels(ctx context.Context, who, articleID string) (int, error) {
	n, err := tx.q.exec(ctx, `DELETE FROM labels WHERE who = $1 AND article_id = $2`, clean(who), articleID)
	return int(n), failed("take back the labels of "+articleID, err)
}

// DropLabelsSince takes back all that one person labelled since a time, as one
// act, and returns how many answers that were.
func (tx *Tx) DropLabelsSince(ctx context.Context, who string, since time.Time) (int, error) {
	n, err := tx.q.exec(ctx, `DELETE FROM labels WHERE who = $1 AND at >= $2`, clean(who), ms(since))
	return int(n), failed("take back the labels of "+who, err)
}

// unlabelled holds back what a person has labelled already.
const unlabelled = ` FROM readings r WHERE r.kept = 1 AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.article_id = r.article_id AND l.who = $1)`

// ToLabel returns ids of articles of ours that a person has not labelled yet,
// the newest first; those whose relevance was close come before the others.
func (v View) ToLabel(ctx context.Context, who string, limit int) ([]string, error) {
	return v.queue(ctx, who, unlabelled+` ORDER BY r.uncertain DESC, r.at DESC, r.article_id LIMIT $2`, limit)
}

// ToDouble returns the same as a random sample that is one for all people: ids
// are digests of addresses, so their order is as good as random, and two
// people who go through it label the same articles without knowing.
func (v View) ToDouble(ctx context.Context, who string, limit int) ([]string, error) {
	return v.queue(ctx, who, unlabelled+` ORDER BY r.article_id LIMIT $2`, limit)
}

func (v View) queue(ctx context.Context, who, rest string, limit int) ([]string, error) {
	ids, err := list(ctx, v.q, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT r.article_id`+rest, clean(who), limit)
	return ids, failed("look up what to label", err)
}
