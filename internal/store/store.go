package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The engines.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// LongWrite is how long a write transaction may take before it is told to the
// log: a letter must not wait behind an import. Write in batches of 50 to 500.
const LongWrite = 250 * time.Millisecond

// Options say where the archive is.
type Options struct {
	DSN      string       // "" or "sqlite": the file archive.db in Dir; or postgres://…
	Dir      string       // the data directory; made where it is missing
	ReadOnly bool         // nothing is written, made or migrated
	Log      *slog.Logger // nil: silent
}

// View is what can be asked of the archive.
type View struct{ q conn }

// Store is an open archive; it is safe for use by many goroutines.
type Store struct {
	View
	engine string
	dir    string
	only   bool // read-only
	log    *slog.Logger
	write  *sql.DB       // SQLite: the one writer
	read   *sql.DB       // SQLite: the readers
	pool   *pgxpool.Pool // PostgreSQL: both
}

// Tx is a write transaction; it must not be used after Do returns, nor by two
// goroutines.
type Tx struct {
	View
	raw    any
	locked bool // holds the counter of changes
}

// Open opens the archive, makes it where there is none and brings its schema
// up to date. Errors: ErrOwner, ErrReadOnly, ErrNewer, ErrDamaged, ErrBusy,
// each with what to do.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, 0); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open connects without touching the schema.
func open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{dir: o.Dir, only: o.ReadOnly, log: o.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if strings.HasPrefix(o.DSN, "postgres://") || strings.HasPrefix(o.DSN, "postgresql://") {
		return s, s.openPostgres(ctx, o.DSN)
	}
	if o.DSN != "" && o.DSN != SQLite {
		return nil, fmt.Errorf("store %q: write sqlite, or postgres://user:password@host/database", o.DSN)
	}
	return s, s.openSQLite(ctx, o.Dir)
}

// Close ends all connections.
func (s *Store) Close() error {
	if s.pool != nil {
		s.pool.Close()
		return nil
	}
	var err error
	if s.write != nil {
		err = s.write.Close()
	}
	return errors.Join(err, s.read.Close())
}

// Engine returns SQLite or Postgres.
func (s *Store) Engine() string { return s.engine }

// Writer returns what the job queue works on: the *sql.DB that writes to
// SQLite, or the *pgxpool.Pool of PostgreSQL.
func (s *Store) Writer() any {
	if s.pool != nil {
		return s.pool
	}
	return s.write
}

// Raw returns the engine's own transaction, *sql.Tx or pgx.Tx, in which the
// job queue can write too.
func (tx *Tx) Raw() any { return tx.raw }

// Do runs f in one write transaction: all of it is kept, or nothing if f
// returns an error, panics or the process dies. On SQLite one Do runs at a
// time, so f must not call Do, and should take less than LongWrite. On
// PostgreSQL f may be run again when the engine gives way to another
// transaction: it must set, not add to, what it keeps outside.
func (s *Store) Do(ctx context.Context, f func(*Tx) error) error {
	if s.only {
		return failed("write to the archive", ErrReadOnly)
	}
	begin := s.doSQLite
	if s.pool != nil {
		begin = s.doPostgres
	}
	err := begin(ctx, f)
	for try := 0; try < 4 && again(ctx, err); try++ {
		err = begin(ctx, f)
	}
	return err
}

func (s *Store) doSQLite(ctx context.Context, f func(*Tx) error) error {
	raw, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return failed("begin to write to the archive", err)
	}
	defer raw.Rollback() // after Commit it does nothing
	began := time.Now()
	if err := f(&Tx{View: View{lite{raw}}, raw: raw}); err != nil {
		return err
	}
	if err := raw.Commit(); err != nil {
		return failed("keep what was written to the archive", err)
	}
	s.tellLong(ctx, time.Since(began))
	return nil
}

func (s *Store) doPostgres(ctx context.Context, f func(*Tx) error) error {
	raw, err := s.pool.Begin(ctx)
	if err != nil {
		return failed("begin to write to the archive", err)
	}
	defer raw.Rollback(context.WithoutCancel(ctx)) // after Commit it does nothing
	began := time.Now()
	if err := f(&Tx{View: View{post{raw}}, raw: raw}); err != nil {
		return err
	}
	if err := raw.Commit(ctx); err != nil {
		return failed("keep what was written to the archive", err)
	}
	s.tellLong(ctx, time.Since(began))
	return nil
}

func (s *Store) tellLong(ctx context.Context, took time.Duration) {
	if took > LongWrite {
		s.log.DebugContext(ctx, "a long write held up others", "took", took)
	}
}

// openPostgres connects to a PostgreSQL server.
func (s *Store) openPostgres(ctx context.Context, dsn string) error {
	s.engine = Postgres
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the address of the PostgreSQL server: %w", err)
	}
	if s.only {
		cfg.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL at %s: %w", cfg.ConnConfig.Host, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return fmt.Errorf("connect to PostgreSQL at %s, database %s, as %s: %w; is the server running and the password right?",
			cfg.ConnConfig.Host, cfg.ConnConfig.Database, cfg.ConnConfig.User, err)
	}
	s.pool, s.q = pool, post{pool}
	return nil
}

// snapshot runs f on a view of the archive that stays the same however long f
// takes, while others go on writing.
func (s *Store) snapshot(ctx context.Context, f func(View) error) error {
	if s.pool != nil {
		opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, s.pool, opts, func(tx pgx.Tx) error { return f(View{post{tx}}) })
	}
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return failed("begin to read the archive", err)
	}
	defer tx.Rollback() // nothing was written
	return f(View{lite{tx}})
}
