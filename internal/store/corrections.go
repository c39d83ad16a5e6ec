package store

import (
	"context"
	"fmt"
	"time"
)

// Correction is a person's word on one axis of a reading. It stands over every
// later reading of the article, until it is undone or another replaces it.
type Correction struct {
	ID        int64
	ArticleID string
	Axis      string // tone, topics, relevant…
	Value     string // as written by the person
	Who       string
	Why       string
	At        time.Time
	Undone    time.Time // zero while it stands
}

const correctionColumns = `id, article_id, axis, value, who, why, at, undone`

// PutCorrection keeps a correction and returns its number. The article counts
// as changed, so that Read takes it up. An earlier one on the same axis is undone.
func (tx *Tx) PutCorrection(ctx context.Context, c Correction) (int64, error) {
	if err := tx.touchArticle(ctx, c.ArticleID); err != nil {
		return 0, err
	}
	_, err := tx.q.exec(ctx, `UPDATE corrections SET undone = $3 WHERE article_id = $1 AND axis = $2 AND undone = 0`, c.ArticleID, c.Axis, ms(c.At))
	if err != nil {
		return 0, failed("replace a correction", err)
	}
	id, err := tx.nextRow(ctx, 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO corrections (`+correctionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		id, c.ArticleID, c.Axis, c.Value, c.Who, c.Why, ms(c.At))
	return id, failed("keep a correction", err)
}

// UndoCorrection ends a correction; ErrNotFound where none with this number stands.
func (tx *Tx) UndoCorrection(ctx context.Context, id int64, now time.Time) error {
	doing := fmt.Sprintf("undo correction %d", id)
	c, err := first(ctx, tx.q, readCorrection, `SELECT `+correctionColumns+` FROM corrections WHERE id = $1 AND undone = 0`, id)
	if err != nil {
		return failed(doing, err)
	}
	if _, err := tx.q.exec(ctx, `UPDATE corrections SET undone = $2 WHERE id = $1`, id, ms(now)); err != nil {
		return failed(doing, err)
	}
	return tx.touchArticle(ctx, c.ArticleID)
}

// CorrectionsSince counts what one person corrected since a time, undone or not.
func (v View) CorrectionsSince(ctx context.Context, who string, since time.Time) (int, error) {
	n, err := first(ctx, v.q, func(row scanner) (n int, err error) { return n, row.Scan(&n) },
		`SELECT count(*) FROM corrections WHERE who = $1 AND at >= $2`, clean(who), ms(since))
	return n, failed("count the corrections of "+who, err)
}

// UndoCorrections ends all that one person corrected since a time, as one act,
// and returns how many verdicts that changes. What others had said before, and
// these corrections replaced, stands again.
func (tx *Tx) UndoCorrections(ctx context.Context, who string, since, now time.Time) (int, error) {
	doing := "undo the corrections of " + who
	all, err := list(ctx, tx.q, readCorrection, `SELECT `+correctionColumns+` FROM corrections WHERE who = $1 AND at >= $2 ORDER BY id`, clean(who), ms(since))
	if err != nil {
		return 0, failed(doing, err)
	}
	n := 0
	begun := map[[2]string]Correction{} // the first of theirs on each verdict
	for _, c := range all {
		key := [2]string{c.ArticleID, c.Axis}
		if _, ok := begun[key]; !ok {
			begun[key] = c
		}
		if !c.Undone.IsZero() {
			continue
		}
		n++
		if _, err := tx.q.exec(ctx, `UPDATE corrections SET undone = $2 WHERE id = $1`, c.ID, ms(now)); err != nil {
			return 0, failed(doing, err)
		}
		if _, err := tx.q.exec(ctx, `UPDATE corrections SET undone = 0 WHERE id = (SELECT max(id) FROM corrections
			WHERE article_id = $1 AND axis = $2 AND id < $3 AND undone = $4)`, c.ArticleID, c.Axis, begun[key].ID, ms(begun[key].At)); err != nil {
			return 0, failed(doing, err)
		}
		if err := tx.touchArticle(ctx, c.ArticleID); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Corrections returns the corrections of an article, those undone too, oldest first.
func (v View) Corrections(ctx context.Context, articleID string) ([]Correction, error) {
	cs, err := list(ctx, v.q, readCorrection, `SELECT `+correctionColumns+` FROM corrections WHERE article_id = $1 ORDER BY id`, articleID)
	return cs, failed("look up the corrections of "+articleID, err)
}

// CorrectionsOf returns the standing corrections of many articles, by article id.
func (v View) CorrectionsOf(ctx context.Context, ids []string) (map[string][]Correction, error) {
	of := map[string][]Correction{}
	err := among(ctx, v.q, func(row scanner) error {
		c, err := readCorrection(row)
		of[c.ArticleID] = append(of[c.ArticleID], c)
		return err
	}, `SELECT `+correctionColumns+` FROM corrections WHERE article_id IN ({ids}) AND undone = 0 ORDER BY id`, ids)
	return of, failed("look up corrections", err)
}

// touchArticle gives an article a new number, so that it is read again.
func (tx *Tx) touchArticle(ctx context.Context, id string) error {
	if err := tx.lockSeq(ctx); err != nil {
		return err
	}
	seq, err := tx.nextSeq(ctx, 1)
	if err != nil {
		return err
	}
	n, err := tx.q.exec(ctx, `UPDATE articles SET seq = $2 WHERE id = $1`, id, seq)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("have the article "+id+" read again", err)
}

func readCorrection(row scanner) (c Correction, err error) {
	var made, undone int64
	err = row.Scan(&c.ID, &c.ArticleID, &c.Axis, &c.Value, &c.Who, &c.Why, &made, &undone)
	c.At, c.Undone = at(made), at(undone)
	return c, err
}
