package store

import (
	"context"
	"time"
)

// Run is one piece of standing work that was begun.
type Run struct {
	ID      int64
	Job     string // kind of work: gather, read, report-weekly…
	Item    string // what it was about: an outlet, a period; may be empty
	Started time.Time
	Ended   time.Time // zero while it runs, or if the process died
	Why     string    // the error in words; empty where it went well
}

// RunStarted records that a job began and returns the number of the run.
func (tx *Tx) RunStarted(ctx context.Context, job, item string, now time.Time) (int64, error) {
	id, err := tx.nextRow(ctx, 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO runs (id, job, item, started, ended, why) VALUES ($1, $2, $3, $4, 0, '')`, id, job, item, ms(now))
	return id, failed("record the start of "+job, err)
}

// RunEnded records that a run ended; why is the error, nil where it went well.
func (tx *Tx) RunEnded(ctx context.Context, id int64, now time.Time, why error) error {
	words := ""
	if why != nil {
		words = why.Error()
	}
	_, err := tx.q.exec(ctx, `UPDATE runs SET ended = $2, why = $3 WHERE id = $1`, id, ms(now), words)
	return failed("record the end of a run", err)
}

// LastRun returns the newest run of a job on an item; ErrNotFound if there is none.
func (v View) LastRun(ctx context.Context, job, item string) (Run, error) {
	r, err := first(ctx, v.q, readRun, `SELECT id, job, item, started, ended, why FROM runs
		WHERE job = $1 AND item = $2 ORDER BY started DESC, id DESC LIMIT 1`, job, item)
	return r, failed("look up the last run of "+job, err)
}

// Runs returns the newest runs first.
func (v View) Runs(ctx context.Context, limit int) ([]Run, error) {
	rs, err := list(ctx, v.q, readRun, `SELECT id, job, item, started, ended, why FROM runs ORDER BY id DESC LIMIT $1`, limit)
	return rs, failed("list the runs", err)
}

// DropRuns forgets the runs that ended before a day, but for the last of each job.
func (tx *Tx) DropRuns(ctx context.Context, before time.Time) (int64, error) {
	n, err := tx.q.exec(ctx, `DELETE FROM runs WHERE started < $1
		AND id NOT IN (SELECT max(id) FROM runs GROUP BY job, item)`, ms(before))
	return n, failed("forget old runs", err)
}

func readRun(row scanner) (r Run, err error) {
	var started, ended int64
	err = row.Scan(&r.ID, &r.Job, &r.Item, &started, &ended, &r.Why)
	r.Started, r.Ended = at(started), at(ended)
	return r, err
}
