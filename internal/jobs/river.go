package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// engineOf is River on a database whose transactions are TTx.
type engineOf[TTx any] struct {
	client   *river.Client[TTx]
	driver   riverdriver.Driver[TTx]
	migrator *rivermigrate.Migrator[TTx]
}

func newEngine(q *Queue) (engine, error) {
	switch db := q.o.Writer.(type) {
	case *sql.DB:
		return riverOn[*sql.Tx](q, riversqlite.New(db))
	case *pgxpool.Pool:
		return riverOn[pgx.Tx](q, riverpgxv5.New(db))
	}
	return nil, fmt.Errorf("open the job queue: it runs on *sql.DB or *pgxpool.Pool, not on %T", q.o.Writer)
}

func riverOn[TTx any](q *Queue, driver riverdriver.Driver[TTx]) (engine, error) {
	client, err := river.NewClient(driver, q.config())
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: q.o.Log})
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	return &engineOf[TTx]{client, driver, migrator}, nil
}

func (e *engineOf[TTx]) migrate(ctx context.Context) error {
	has, knows, err := e.version(ctx)
	if err != nil || has == knows {
		return err
	}
	if has > knows {
		return fmt.Errorf("they have version %d, this program knows %d: install the newer version", has, knows)
	}
	_, err = e.migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (e *engineOf[TTx]) version(ctx context.Context) (has, knows int, err error) {
	for _, m := range e.migrator.AllVersions() {
		knows = max(knows, m.Version)
	}
	there, err := e.migrator.ExistingVersions(ctx)
	for _, m := range there {
		has = max(has, m.Version)
	}
	return has, knows, err
}

// insert writes a job; busy means that one like it runs, in the same slot.
func (e *engineOf[TTx]) insert(ctx context.Context, raw any, w wake, at time.Time) (busy bool, err error) {
	tx, ok := raw.(TTx)
	if !ok {
		return false, fmt.Errorf("the transaction is a %T, the queue's database wants a %T", raw, *new(TTx))
	}
	res, err := e.client.InsertTx(ctx, tx, w, insertOpts(w, at))
	if err != nil {
		return false, err
	}
	return res.UniqueSkippedAsDuplicate && res.Job.State == rivertype.JobStateRunning, nil
}

func (e *engineOf[TTx]) start(ctx context.Context) error  { return e.client.Start(ctx) }
func (e *engineOf[TTx]) stop(ctx context.Context) error   { return e.client.Stop(ctx) }
func (e *engineOf[TTx]) cancel(ctx context.Context) error { return e.client.StopAndCancel(ctx) }

// rescue makes the jobs wait again that a process of this name was running
// when it died. River itself would wait until they must have timed out.
func (e *engineOf[TTx]) rescue(ctx context.Context, node string) (int, error) {
	p := &riverdriver.JobRescueManyParams{StuckHorizon: time.Now().Add(time.Minute)}
	list := river.NewJobListParams().States(rivertype.JobStateRunning).First(1000)
	jobs, err := e.client.JobList(ctx, list)
	if err != nil {
		return 0, err
	}
	for _, j := range jobs.Jobs {
		if len(j.AttemptedBy) == 0 || j.AttemptedBy[len(j.AttemptedBy)-1] != node {
			continue
		}
		p.ID = append(p.ID, j.ID)
		p.Error = append(p.Error, []byte(`{"at":"`+time.Now().UTC().Format(time.RFC3339Nano)+`","attempt":1,"error":"the process died"}`))
		p.FinalizedAt = append(p.FinalizedAt, nil)
		p.ScheduledAt = append(p.ScheduledAt, time.Now())
		p.State = append(p.State, string(rivertype.JobStateRetryable))
	}
	if len(p.ID) == 0 {
		return 0, nil
	}
	_, err = e.driver.GetExecutor().JobRescueMany(ctx, p)
	return len(p.ID), err
}
