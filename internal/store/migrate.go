package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Pending lists the migrations that Open would run on the archive of o, by
// file name; it changes nothing. A missing archive needs all of them.
func Pending(ctx context.Context, o Options) ([]string, error) {
	o.ReadOnly = true
	var has int64
	s, err := open(ctx, o)
	if err == nil {
		has, err = s.look(ctx)
		err = errors.Join(err, s.Close())
	}
	if err != nil && !errors.Is(err, errNone) {
		return nil, err
	}
	files, err := sources()
	var names []string
	for _, f := range files {
		if f.Version > has {
			names = append(names, f.Path)
		}
	}
	return names, err
}

// look returns the version of the archive's schema; ErrNewer where the program
// does not know it.
func (s *Store) look(ctx context.Context) (has int64, err error) {
	has, knows, err := s.Version(ctx)
	if err == nil && has > knows {
		err = fmt.Errorf("open the archive: it has schema %d, this program knows %d: %w", has, knows, ErrNewer)
	}
	return has, err
}

// migrate brings the schema to version to; 0 means the newest. A read-only
// store is only looked at.
func (s *Store) migrate(ctx context.Context, to int64) error {
	has, err := s.look(ctx)
	if err != nil {
		return err
	}
	files, err := sources()
	if err != nil {
		return err
	}
	if to == 0 {
		to = files[len(files)-1].Version
	}
	if has == to {
		return nil
	}
	if s.only {
		return fmt.Errorf("open the archive: it has schema %d, this program needs %d; open it once for writing (`diembao serve`) to bring it up to date", has, to)
	}
	return failed("bring the archive's schema up to date", s.goose(ctx, func(p *goose.Provider) error {
		done, err := p.UpTo(ctx, to)
		for _, m := range done {
			s.log.InfoContext(ctx, "migrated the archive", "to", m.Source.Path, "took", m.Duration)
		}
		return err
	}))
}

// Version returns the version of the schema the archive has, 0 for none, and
// the one this program knows. (goose would make its table to tell.)
func (s *Store) Version(ctx context.Context) (has, knows int64, err error) {
	files, err := sources()
	if err != nil {
		return 0, 0, err
	}
	knows = files[len(files)-1].Version
	exists := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if s.engine == Postgres {
		exists = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`
	}
	n, err := first(ctx, s.q, scan[int64], exists)
	if err != nil || n == 0 {
		return 0, knows, failed("read the schema version", err)
	}
	has, err = first(ctx, s.q, scan[int64], `SELECT coalesce(max(version_id), 0) FROM goose_db_version`)
	return has, knows, failed("read the schema version", err)
}

// sources lists the embedded migrations, oldest first.
func sources() ([]*goose.Source, error) {
	p, err := provider(goose.DialectSQLite3, new(sql.DB))
	if err != nil {
		return nil, err
	}
	return p.ListSources(), nil
}

func provider(d goose.Dialect, db *sql.DB, opts ...goose.ProviderOption) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d, db, dir, opts...)
}

// goose runs f with goose on this archive. On PostgreSQL a session lock keeps
// two nodes from migrating at once; on SQLite goose has the one writer.
func (s *Store) goose(ctx context.Context, f func(*goose.Provider) error) error {
	if s.pool == nil {
		db := s.write
		if s.only {
			db = s.read
		}
		p, err := provider(goose.DialectSQLite3, db)
		if err != nil {
			return err
		}
		return f(p)
	}
	db := stdlib.OpenDBFromPool(s.pool)
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	p, err := provider(goose.DialectPostgres, db, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	return errors.Join(f(p), db.Close())
}
