package store

import (
	"context"
	"fmt"
	"time"
)

// The marks: how far a reader has followed the archive.
const (
	MarkRead   = "read"   // follows the numbers of articles
	MarkShelve = "shelve" // follows the numbers of readings
)

// Mark returns how far the named reader has come; 0 at the beginning.
func (v View) Mark(ctx context.Context, name string) (int64, error) {
	n, err := first(ctx, v.q, scan[int64], `SELECT coalesce(max(seq), 0) FROM marks WHERE name = $1`, name)
	return n, failed("read the mark "+name, err)
}

// MoveMark moves a mark from where the caller saw it. It fails with
// ErrMarkMoved where another node has moved it meanwhile: roll back, ask for
// the mark again, go on from there. Moving it back has the archive read anew.
func (tx *Tx) MoveMark(ctx context.Context, name string, from, to int64) error {
	if _, err := tx.q.exec(ctx, `INSERT INTO marks (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, name); err != nil {
		return failed("make the mark "+name, err)
	}
	n, err := tx.q.exec(ctx, `UPDATE marks SET seq = $3 WHERE name = $1 AND seq = $2`, name, from, to)
	if err == nil && n == 0 {
		err = ErrMarkMoved
	}
	return failed(fmt.Sprintf("move the mark %s from %d to %d", name, from, to), err)
}

// LastSeq returns the highest number given to an article and to a reading:
// where the marks stand when their readers have caught up.
func (v View) LastSeq(ctx context.Context) (articles, readings int64, err error) {
	articles, err = first(ctx, v.q, scan[int64], `SELECT coalesce(max(seq), 0) FROM articles`)
	if err == nil {
		readings, err = first(ctx, v.q, scan[int64], `SELECT coalesce(max(seq), 0) FROM readings`)
	}
	return articles, readings, failed("read how far the archive goes", err)
}

// MostBehind is how far ReadingsBehind counts.
const MostBehind = 100_000

// ReadingsBehind counts the readings after the number seq, up to MostBehind.
func (v View) ReadingsBehind(ctx context.Context, seq int64) (int, error) {
	n, err := first(ctx, v.q, scan[int], `SELECT count(*) FROM (SELECT 1 FROM readings WHERE seq > $1 LIMIT $2) AS later`, seq, MostBehind)
	return n, failed("count what the index has not taken in", err)
}

// lockSeq keeps the counter of changes for this transaction, so that the order
// of its numbers is the order of commits. It is taken before the articles are
// looked at: two writers of the same article then go one after the other.
func (tx *Tx) lockSeq(ctx context.Context) error {
	if tx.locked {
		return nil
	}
	_, err := tx.q.exec(ctx, `UPDATE counters SET n = n WHERE name = 'seq'`)
	tx.locked = err == nil
	return failed("take the counter of changes", err)
}

// nextSeq takes n numbers of the counter of changes and returns the first.
func (tx *Tx) nextSeq(ctx context.Context, n int) (int64, error) { return tx.count(ctx, "seq", n) }

// nextRow takes n numbers for rows that have no name of their own.
func (tx *Tx) nextRow(ctx context.Context, n int) (int64, error) { return tx.count(ctx, "row", n) }

func (tx *Tx) count(ctx context.Context, counter string, n int) (int64, error) {
	last, err := first(ctx, tx.q, scan[int64], `UPDATE counters SET n = n + $1 WHERE name = $2 RETURNING n`, n, counter)
	return last - int64(n) + 1, failed("take numbers of the counter "+counter, err)
}

// LastTick returns when the named schedule last came due; zero if it never did.
func (v View) LastTick(ctx context.Context, name string) (time.Time, error) {
	n, err := first(ctx, v.q, scan[int64], `SELECT coalesce(max(at), 0) FROM ticks WHERE name = $1`, name)
	return at(n), failed("read the last tick of "+name, err)
}

// TakeTick records that a schedule came due at due and reports whether it was
// this node that took it: false where another took this tick or a later one.
func (tx *Tx) TakeTick(ctx context.Context, name string, due time.Time) (bool, error) {
	n, err := tx.q.exec(ctx, `INSERT INTO ticks (name, at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE ticks.at < excluded.at`, name, ms(due))
	return n > 0, failed("take the tick of "+name, err)
}
