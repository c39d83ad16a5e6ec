package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// wake is the one kind of job that River knows. Of a kind, key and slot there is
// at most one that waits or runs.
type wake struct {
	Do   string `json:"do"`
	Key  string `json:"key"`
	Slot int    `json:"slot"`
}

// Kind names the job for River.
func (wake) Kind() string { return "wake" }

// waits is when another job of the same kind, key and slot is not written.
var waits = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
	rivertype.JobStateRetryable, rivertype.JobStateScheduled}

func insertOpts(w wake, at time.Time) *river.InsertOpts {
	return &river.InsertOpts{Queue: w.Do, ScheduledAt: at, UniqueOpts: river.UniqueOpts{ByArgs: true, ByQueue: true, ByState: waits}}
}

// worker hands River's jobs to the handlers.
type worker struct {
	river.WorkerDefaults[wake]
	q *Queue
}

// NextRetry says when a failed job is tried again.
func (w worker) NextRetry(job *river.Job[wake]) time.Time {
	return time.Now().Add(backoff(job.Attempt, job.Args))
}

// Work runs the handler of a job. While the same work runs here it waits.
func (w worker) Work(ctx context.Context, job *river.Job[wake]) (err error) {
	same := wake{Do: job.Args.Do, Key: job.Args.Key}
	if !w.q.take(same) {
		return river.JobSnooze(time.Second)
	}
	defer w.q.leave(same)
	log := w.q.o.Log.With("job", same.Do, "key", same.Key)
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s %s: a mistake in the program: %v", same.Do, same.Key, v)
			log.ErrorContext(ctx, "a job broke down; it will be tried again", "attempt", job.Attempt, "panic", v, "stack", string(debug.Stack()))
		}
	}()
	if err = w.q.o.Handlers[same.Do](ctx, same.Key); err != nil {
		log.WarnContext(ctx, "a job failed; it will be tried again", "attempt", job.Attempt, "why", err)
	}
	return err
}

func (q *Queue) take(w wake) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy[w] {
		return false
	}
	q.busy[w] = true
	return true
}

func (q *Queue) leave(w wake) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, w)
}

// config is how River runs for a queue.
func (q *Queue) config() *river.Config {
	c := &river.Config{ID: q.o.Node, Logger: q.o.Log, MaxAttempts: 12, JobTimeout: q.o.Timeout,
		RescueStuckJobsAfter: q.o.Timeout + time.Minute, FetchPollInterval: 2 * time.Second,
		CompletedJobRetentionPeriod: 6 * time.Hour}
	if len(q.o.Handlers) == 0 {
		return c
	}
	c.Queues, c.Workers = map[string]river.QueueConfig{}, river.NewWorkers()
	for kind := range q.o.Handlers {
		c.Queues[kind] = river.QueueConfig{MaxWorkers: max(1, q.o.Limits[kind])}
	}
	river.AddWorker(c.Workers, worker{q: q})
	return c
}
