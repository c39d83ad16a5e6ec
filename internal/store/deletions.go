package store

import (
	"context"
	"time"
)

// Deletion is the record of something that was deleted because its time was over.
type Deletion struct {
	At     time.Time
	Kind   string // page, evidence, clip, letter, log, report
	What   string // a file relative to the data directory, the key of a letter, or words
	Why    string // the rule
	Pieces int    // texts, records, lines in it
	Bytes  int64  // 0 where they were not counted
	SHA256 string // of a file; empty otherwise
}

// PutDeletions records deletions, in the transaction that makes them true.
func (tx *Tx) PutDeletions(ctx context.Context, ds []Deletion) error {
	if len(ds) == 0 {
		return nil
	}
	id, err := tx.nextRow(ctx, len(ds))
	if err != nil {
		return err
	}
	rows := make([][]any, len(ds))
	for i, d := range ds {
		rows[i] = []any{id + int64(i), ms(d.At), d.Kind, d.What, d.Why, d.Pieces, d.Bytes, d.SHA256}
	}
	return failed("record what was deleted", tx.q.insert(ctx, `INSERT INTO deletions (id, at, kind, what, why, pieces, bytes, sha256)`, "", rows))
}

// Deletions lists what was deleted, the newest first, at most limit; of the
// kinds given, or of all.
func (v View) Deletions(ctx context.Context, limit int, kinds ...string) ([]Deletion, error) {
	w := where{}
	w.in(`kind IN ({…})`, kinds)
	ds, err := list(ctx, v.q, func(row scanner) (d Deletion, err error) {
		var when int64
		err = row.Scan(&when, &d.Kind, &d.What, &d.Why, &d.Pieces, &d.Bytes, &d.SHA256)
		d.At = at(when)
		return d, err
	}, `SELECT at, kind, what, why, pieces, bytes, sha256 FROM deletions`+w.sql()+` ORDER BY id DESC`+w.limit(limit, 1000), w.args...)
	return ds, failed("list what was deleted", err)
}

// DropEvidence takes a file of evidence from the list. The file itself is
// removed when this is kept.
func (tx *Tx) DropEvidence(ctx context.Context, file string) error {
	_, err := tx.q.exec(ctx, `DELETE FROM evidence WHERE file = $1`, file)
	return failed("take "+file+" from the list of evidence", err)
}

// IrrelevantBodies counts, by outlet, the articles whose bodies DropBodies
// would drop.
func (v View) IrrelevantBodies(ctx context.Context, before time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := v.q.query(ctx, func(row scanner) error {
		var outlet string
		var n int
		err := row.Scan(&outlet, &n)
		out[outlet] = n
		return err
	}, `SELECT r.outlet, count(*) FROM readings r JOIN bodies b ON b.article_id = r.article_id
		WHERE r.kept = 0 AND r.at < $1 AND r.article_id NOT IN (SELECT article_id FROM held_articles) GROUP BY r.outlet`, ms(before))
	return out, failed("count the bodies of irrelevant articles", err)
}

// OldRuns counts what DropRuns would forget.
func (v View) OldRuns(ctx context.Context, before time.Time) (int, error) {
	n, err := first(ctx, v.q, scan[int], `SELECT count(*) FROM runs WHERE started < $1
		AND id NOT IN (SELECT max(id) FROM runs GROUP BY job, item)`, ms(before))
	return n, failed("count old runs", err)
}

// OldLetters lists the letters made before a time that were sent or given up,
// but for those of incidents under legal hold; oldest first, without their
// texts and pictures.
func (v View) OldLetters(ctx context.Context, before time.Time) ([]LetterState, error) {
	holds, err := v.Holds(ctx)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, h := range holds {
		held[h.Incident] = true
	}
	ls, err := list(ctx, v.q, readLetter, `SELECT id, message_id, thread, recipient, subject, '', '', headers, made, state, sendings, next_at, changed, why, '', ''
		FROM letters WHERE made < $1 AND state IN ('sent', 'dead') ORDER BY made, id`, ms(before))
	var out []LetterState
	for _, l := range ls {
		if !held[l.Headers["X-DiemBao-Incident"]] {
			out = append(out, l)
		}
	}
	return out, failed("list old letters", err)
}

// DropLetter deletes a letter that was sent or given up.
func (tx *Tx) DropLetter(ctx context.Context, key string) error {
	_, err := tx.q.exec(ctx, `DELETE FROM letters WHERE id = $1 AND state IN ('sent', 'dead')`, key)
	return failed("delete the letter "+key, err)
}

// OldClips lists the clips entered before a time, but for those of incidents
// under legal hold.
func (v View) OldClips(ctx context.Context, before time.Time) ([]Clip, error) {
	cs, err := list(ctx, v.q, readClip, `SELECT `+clipColumns+` FROM clips
		WHERE added < $1 AND article_id NOT IN (SELECT article_id FROM held_articles) ORDER BY added, article_id`, ms(before))
	return cs, failed("list old clips", err)
}
