package jobs

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Job is one piece of work to be done.
type Job struct {
	Kind string    // who does it: a key of Options.Handlers
	Key  string    // what it is about; may be empty
	At   time.Time // not before; zero for at once
}

// Handler does one kind of work. It must be able to begin anew after a crash
// and after success, and should end soon when ctx ends.
type Handler = func(ctx context.Context, key string) error

// Options say what works on which database.
type Options struct {
	Writer    any                // *sql.DB of SQLite (one connection) or *pgxpool.Pool, as the store hands it out
	Handlers  map[string]Handler // kind → work; kinds are lower case with "-". Without any, jobs can only be enqueued
	Elsewhere []string           // kinds that other nodes do; they can be enqueued here, too
	Limits    map[string]int     // kind → jobs at the same time on this node; 1 where nothing is said
	Schedules []Schedule
	Ticks     Ticks
	Node      string           // name of this process among others on one database; the host name where empty
	Timeout   time.Duration    // after which a job's context ends; 0: 30 minutes
	Now       func() time.Time // nil: time.Now
	Speed     float64          // how many seconds of Now pass in a second; 0: 1
	Log       *slog.Logger     // nil: silent
}

// engine is River on one kind of database.
type engine interface {
	migrate(context.Context) error
	version(context.Context) (has, knows int, err error)
	insert(ctx context.Context, raw any, w wake, at time.Time) (busy bool, err error)
	start(context.Context) error
	stop(context.Context) error
	cancel(context.Context) error
	rescue(ctx context.Context, node string) (int, error)
}

// Queue is the standing work of one process.
type Queue struct {
	o      Options
	engine engine
	plan   []planned
	mu     sync.Mutex
	busy   map[wake]bool // what runs here now
	end    context.CancelFunc
	ended  chan struct{}
}

// kinds is how a kind may be written: it names a queue.
var kinds = regexp.MustCompile(`^[a-z0-9]+(?:[_-][a-z0-9]+)*$`)

// Open makes a queue ready; nothing runs before Start. Schedules that cannot
// be read and kinds nobody handles are errors.
func Open(o Options) (*Queue, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Minute
	}
	if o.Node == "" {
		o.Node = hostname()
	}
	q := &Queue{o: o, busy: map[wake]bool{}}
	for kind := range o.Handlers {
		if !kinds.MatchString(kind) {
			return nil, fmt.Errorf("the kind of work %q: write small letters and digits, with - between words", kind)
		}
	}
	var err error
	if q.plan, err = readSchedules(o.Schedules, o.Handlers); err != nil {
		return nil, err
	}
	q.engine, err = newEngine(q)
	return q, err
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "node"
	}
	return name
}

// Migrate brings the queue's own tables up to date.
func (q *Queue) Migrate(ctx context.Context) error {
	if err := q.engine.migrate(ctx); err != nil {
		return fmt.Errorf("bring the job queue's tables up to date: %w", err)
	}
	return nil
}

// Version returns the version of the queue's tables, 0 for none, and the one
// this program knows.
func (q *Queue) Version(ctx context.Context) (has, knows int, err error) {
	if has, knows, err = q.engine.version(ctx); err != nil {
		return 0, 0, fmt.Errorf("read the version of the job queue's tables: %w", err)
	}
	return has, knows, nil
}

// Enqueue writes a job down in the transaction raw, a *sql.Tx or pgx.Tx
// (store.Tx.Raw). Where one like it already waits nothing is written. One that
// stands as running may have ended, or its process died, with the record yet to
// come: then the job takes the next slot, so that no wake is lost.
func (q *Queue) Enqueue(ctx context.Context, raw any, j Job) error {
	if !kinds.MatchString(j.Kind) || (len(q.o.Handlers) > 0 && q.o.Handlers[j.Kind] == nil && !slices.Contains(q.o.Elsewhere, j.Kind)) {
		return fmt.Errorf("enqueue %s %s: nobody does this kind of work", j.Kind, j.Key)
	}
	for slot := 0; ; slot++ {
		busy, err := q.engine.insert(ctx, raw, wake{Do: j.Kind, Key: j.Key, Slot: slot}, q.real(j.At))
		if err != nil {
			return fmt.Errorf("enqueue %s %s: %w", j.Kind, j.Key, err)
		}
		if !busy {
			return nil
		}
	}
}

// real turns a time of the given clock into one of the wall clock.
func (q *Queue) real(at time.Time) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	return time.Now().Add(q.realTime(at.Sub(q.o.Now())))
}

func (q *Queue) realTime(d time.Duration) time.Duration {
	return time.Duration(float64(d) / q.o.Speed)
}

// Start begins to work and to tick. What this node was doing when it died is
// made to wait again first. ctx bounds starting alone; Stop ends the work.
func (q *Queue) Start(ctx context.Context) error {
	if len(q.o.Handlers) == 0 {
		return errors.New("start the job queue: it has nobody to do the work")
	}
	n, err := q.engine.rescue(ctx, q.o.Node)
	if err != nil {
		return fmt.Errorf("take up the jobs left by the last run: %w", err)
	}
	if n > 0 {
		q.o.Log.InfoContext(ctx, "took up jobs that the last run left", "jobs", n)
	}
	run, end := context.WithCancel(context.WithoutCancel(ctx))
	if err := q.engine.start(run); err != nil {
		end()
		return fmt.Errorf("start the job queue: %w", err)
	}
	q.end, q.ended = end, make(chan struct{})
	go func() {
		defer close(q.ended)
		q.keepTicking(run)
	}()
	return nil
}

// Stop ends ticking, takes no further job and waits for those that run until
// ctx ends; then it ends their contexts and waits for that.
func (q *Queue) Stop(ctx context.Context) error {
	if q.end == nil {
		return nil
	}
	err := q.engine.stop(ctx)
	if ctx.Err() != nil {
		hard, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer done()
		err = q.engine.cancel(hard)
	}
	q.end()
	<-q.ended
	q.end = nil
	if err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

// backoff is how long a failed job waits: 2 s, doubling, at most 5 minutes,
// spread by its name so that all do not come at once.
func backoff(attempt int, w wake) time.Duration {
	d := 5 * time.Minute
	if attempt < 8 {
		d = time.Second << attempt
	}
	h := fnv.New32a()
	h.Write([]byte(w.Do + "/" + w.Key))
	return d + d/10*time.Duration(h.Sum32()%3)
}
