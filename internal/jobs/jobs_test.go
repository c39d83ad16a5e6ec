package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// db is a database to queue on.
type db struct {
	writer any
	do     func(t testing.TB, f func(raw any) error)
}

// onBoth runs a test on SQLite and, where DIEMBAO_TEST_POSTGRES names a
// server, on PostgreSQL.
func onBoth(t *testing.T, f func(t *testing.T, d db)) {
	t.Run("sqlite", func(t *testing.T) { f(t, sqlite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, postgres(t)) })
}

func sqlite(t testing.TB) db {
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "q.db")+"?_txlock=immediate&_journal_mode=WAL&_busy_timeout=10000")
	must(t, err)
	pool.SetMaxOpenConns(1)
	t.Cleanup(func() { must(t, pool.Close()) })
	return db{pool, func(t testing.TB, f func(any) error) {
		tx, err := pool.BeginTx(ctx, nil)
		must(t, err)
		must(t, f(tx))
		must(t, tx.Commit())
	}}
}

func postgres(t testing.TB) db {
	dsn := os.Getenv("DIEMBAO_TEST_POSTGRES")
	if dsn == "" && os.Getenv("CI") == "true" {
		t.Fatal("DIEMBAO_TEST_POSTGRES is not set: CI must try PostgreSQL; see .ci/run")
	}
	if dsn == "" {
		t.Skip("NOT TRIED ON POSTGRESQL: set DIEMBAO_TEST_POSTGRES=postgres://user:password@host:port/database")
	}
	admin, err := pgxpool.New(ctx, dsn)
	must(t, err)
	schema := "j_" + strings.ToLower(rand.Text())
	_, err = admin.Exec(ctx, "CREATE SCHEMA "+schema)
	must(t, err)
	u, err := url.Parse(dsn)
	must(t, err)
	u.RawQuery = url.Values{"search_path": {schema}}.Encode()
	pool, err := pgxpool.New(ctx, u.String())
	must(t, err)
	t.Cleanup(func() {
		pool.Close()
		_, err := admin.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE")
		must(t, err)
		admin.Close()
	})
	return db{pool, func(t testing.TB, f func(any) error) {
		tx, err := pool.Begin(ctx)
		must(t, err)
		must(t, f(tx))
		must(t, tx.Commit(ctx))
	}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened opens a migrated queue; started starts it for the length of a test.
func opened(t testing.TB, d db, o Options) *Queue {
	t.Helper()
	o.Writer = d.writer
	q, err := Open(o)
	must(t, err)
	must(t, q.Migrate(ctx))
	return q
}

func started(t testing.TB, d db, o Options) *Queue {
	t.Helper()
	q := opened(t, d, o)
	must(t, q.Start(ctx))
	t.Cleanup(func() { must(t, q.Stop(ctx)) })
	return q
}

// diary notes what ran.
type diary struct {
	mu  sync.Mutex
	ran []string
}

func (d *diary) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ran = append(d.ran, what)
}

func (d *diary) read() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.ran, " ")
}

// soon waits until a condition holds.
func soon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

func TestJobRunsExactlyIfItsTransactionIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		var notes diary
		q := started(t, d, Options{Handlers: map[string]Handler{"read": func(_ context.Context, key string) error { notes.note(key); return nil }}})
		d.do(t, func(raw any) error { return q.Enqueue(ctx, raw, Job{Kind: "read", Key: "kept"}) })
		soon(t, "the kept job ran", func() bool { return notes.read() == "kept" })
		if err := q.Enqueue(ctx, "no transaction", Job{Kind: "read"}); err == nil {
			t.Error("enqueued without a transaction")
		}
		d.do(t, func(raw any) error {
			if err := q.Enqueue(ctx, raw, Job{Kind: "dance"}); err == nil {
				t.Error("enqueued what nobody does")
			}
			q.o.Elsewhere = []string{"sing"}
			if err := q.Enqueue(ctx, raw, Job{Kind: "sing"}); err != nil {
				t.Error("what another node does must be enqueued: ", err)
			}
			return nil
		})
	})
}

func TestWaitingJobIsNotWrittenTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		var notes diary
		q := opened(t, d, Options{Handlers: map[string]Handler{"gather": func(_ context.Context, key string) error { notes.note(key); return nil }}})
		for range 3 {
			d.do(t, func(raw any) error {
				return errors.Join(q.Enqueue(ctx, raw, Job{Kind: "gather", Key: "a"}), q.Enqueue(ctx, raw, Job{Kind: "gather", Key: "a"}))
			})
		}
		d.do(t, func(raw any) error { return q.Enqueue(ctx, raw, Job{Kind: "gather", Key: "b"}) })
		must(t, q.Start(ctx))
		soon(t, "b ran", func() bool { return strings.Contains(notes.read(), "b") })
		must(t, q.Stop(ctx))
		if got := notes.read(); got != "a b" {
			t.Errorf("ran %s", got)
		}
	})
}

// What happens while a job runs may have come after it looked: it runs again,
// after it, never beside it.
func TestWakeDuringARunIsNotLost(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		var runs, beside atomic.Int32
		inside, on := make(chan bool), make(chan bool)
		q := started(t, d, Options{Limits: map[string]int{"read": 4}, Handlers: map[string]Handler{"read": func(context.Context, string) error {
			if beside.Add(1) > 1 {
				t.Error("two jobs of one key ran beside each other")
			}
			defer beside.Add(-1)
			runs.Add(1)
			inside <- true
			<-on
			return nil
		}}})
		wake := func() { d.do(t, func(raw any) error { return q.Enqueue(ctx, raw, Job{Kind: "read"}) }) }
		wake()
		<-inside
		wake()
		wake()
		time.Sleep(200 * time.Millisecond)
		on <- true
		<-inside
		on <- true
		time.Sleep(300 * time.Millisecond)
		if runs.Load() != 2 {
			t.Errorf("ran %d times", runs.Load())
		}
	})
}

// River records the end of jobs in batches: those just ended still stand as
// running when the next ones come.
func TestQuickWakesAreNotLost(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		ran := make(chan bool, 100)
		q := started(t, d, Options{Handlers: map[string]Handler{"read": func(context.Context, string) error { ran <- true; return nil }}})
		for i := range 12 {
			d.do(t, func(raw any) error { return q.Enqueue(ctx, raw, Job{Kind: "read"}) })
			select {
			case <-ran:
			case <-time.After(10 * time.Second):
				t.Fatalf("wake %d was lost", i)
			}
		}
	})
}

func TestFailingAndSlowJobsDelayNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		var notes diary
		var tries atomic.Int32
		q := opened(t, d, Options{Limits: map[string]int{"gather": 2}, Handlers: map[string]Handler{
			"gather": func(ctx context.Context, key string) error {
				switch key {
				case "slow":
					<-ctx.Done()
					return ctx.Err()
				case "broken":
					panic("nil outlet")
				case "failing":
					if tries.Add(1) < 2 {
						return errors.New("503")
					}
				}
				notes.note(key)
				return nil
			},
			"notify": func(context.Context, string) error { notes.note("letter"); return nil },
		}})
		must(t, q.Start(ctx))
		d.do(t, func(raw any) error {
			for _, key := range []string{"slow", "broken", "failing", "good"} {
				must(t, q.Enqueue(ctx, raw, Job{Kind: "gather", Key: key}))
			}
			return q.Enqueue(ctx, raw, Job{Kind: "notify"})
		})
		soon(t, "the good outlet and the letter came through", func() bool {
			return strings.Contains(notes.read(), "good") && strings.Contains(notes.read(), "letter")
		})
		soon(t, "the failing outlet was tried again", func() bool { return strings.Contains(notes.read(), "failing") })
		short, end := context.WithTimeout(ctx, 100*time.Millisecond)
		defer end()
		must(t, q.Stop(short)) // ends the slow one
	})
}

func TestJobLeftByADeadProcessIsTakenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		var notes diary
		first := opened(t, d, Options{Node: "n1"})
		d.do(t, func(raw any) error { return first.Enqueue(ctx, raw, Job{Kind: "read", Key: "x"}) })
		// What a process leaves that dies: the job stands as running, by its name.
		d.do(t, func(raw any) error { return markRunning(raw, "n1") })
		started(t, d, Options{Node: "n1", Handlers: map[string]Handler{"read": func(_ context.Context, key string) error { notes.note(key); return nil }}})
		soon(t, "the job ran", func() bool { return notes.read() == "x" })
	})
}

func TestTimesAreThoseOfTheGivenClock(t *testing.T) {
	d := sqlite(t)
	var notes diary
	began := time.Now()
	day0 := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	q := started(t, d, Options{Speed: 10000, Now: func() time.Time { return day0.Add(10000 * time.Since(began)) },
		Handlers: map[string]Handler{"read": func(_ context.Context, key string) error { notes.note(key); return nil }}})
	d.do(t, func(raw any) error {
		return errors.Join(q.Enqueue(ctx, raw, Job{Kind: "read", Key: "in an hour", At: day0.Add(time.Hour)}),
			q.Enqueue(ctx, raw, Job{Kind: "read", Key: "in a year", At: day0.AddDate(1, 0, 0)}))
	})
	soon(t, "the hour passed", func() bool { return notes.read() == "in an hour" })
}

func TestVersionIsShown(t *testing.T) {
	onBoth(t, func(t *testing.T, d db) {
		q, err := Open(Options{Writer: d.writer})
		must(t, err)
		if has, knows, err := q.Version(ctx); err != nil || has != 0 || knows == 0 {
			t.Errorf("before: %d of %d, %v", has, knows, err)
		}
		must(t, q.Migrate(ctx))
		must(t, q.Migrate(ctx))
		if has, knows, err := q.Version(ctx); err != nil || has != knows {
			t.Errorf("after: %d of %d, %v", has, knows, err)
		}
		if err := q.Start(ctx); err == nil {
			t.Error("started with nobody to do the work")
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	work := map[string]Handler{"read": func(context.Context, string) error { return nil }}
	d := sqlite(t)
	for name, o := range map[string]Options{
		"a database it does not know":  {Writer: 7},
		"a kind that names no queue":   {Writer: d.writer, Handlers: map[string]Handler{"Đọc": work["read"]}},
		"a schedule that says nothing": {Writer: d.writer, Handlers: work, Schedules: []Schedule{{Name: "a", Spec: "", Kind: "read"}}},
		"a schedule with a wrong hour": {Writer: d.writer, Handlers: work, Schedules: []Schedule{{Name: "a", Spec: "0 25 * * *", Kind: "read"}}},
		"a schedule of unknown work":   {Writer: d.writer, Handlers: work, Schedules: []Schedule{{Name: "a", Spec: "@hourly", Kind: "dance"}}},
		"two schedules of one name":    {Writer: d.writer, Handlers: work, Schedules: []Schedule{{"a", "@hourly", "read", ""}, {"a", "@daily", "read", ""}}},
	} {
		if _, err := Open(o); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
