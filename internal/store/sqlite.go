package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// File is the name of the SQLite database in the data directory.
const File = "archive.db"

// openSQLite opens the writer and the readers. The file is in WAL mode:
// readers never wait for the writer, nor it for them. synchronous=FULL: what
// Do has returned from survives a power cut.
func (s *Store) openSQLite(ctx context.Context, dir string) error {
	s.engine = SQLite
	if err := s.prepareDir(dir); err != nil {
		return err
	}
	file := filepath.Join(dir, File)
	if _, err := os.Stat(file); s.only && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open the archive in %s: %w", dir, errNone)
	}
	if !s.only {
		s.write = openFile(file, url.Values{"_txlock": {"immediate"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"},
			"_pragma": {"wal_autocheckpoint(2000)", "journal_size_limit(67108864)", "cache_size(-16000)"}}, 1)
		if err := s.write.PingContext(ctx); err != nil {
			return errors.Join(failed("open "+file, err), s.write.Close())
		}
	}
	s.read = openFile(file, url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_pragma": {"cache_size(-4000)", "mmap_size(268435456)"}},
		max(4, 2*runtime.NumCPU()))
	if err := s.read.PingContext(ctx); err != nil {
		return errors.Join(failed("open "+file, err), s.Close())
	}
	s.q = lite{s.read}
	return nil
}

func openFile(file string, params url.Values, conns int) *sql.DB {
	params.Set("_busy_timeout", "10000")
	params.Set("_foreign_keys", "1")
	name := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file), RawQuery: params.Encode()}
	if !filepath.IsAbs(file) {
		name = url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath(), RawQuery: params.Encode()}
	}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		panic("store: the SQLite driver is not linked in: " + err.Error()) // cannot happen: imported above
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// prepareDir makes the data directory and holds that it is ours to write to.
func (s *Store) prepareDir(dir string) error {
	if s.only {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory %s: %w; choose another with --data", dir, err)
	}
	for _, name := range []string{dir, filepath.Join(dir, File)} {
		if err := ours(name); err != nil {
			return err
		}
	}
	return writable(dir)
}

// ours holds that a file belongs to the user we run as; a missing one does.
func ours(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", name, err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("open the archive: %s belongs to user %d and this is user %d: %w", name, st.Uid, os.Geteuid(), ErrOwner)
	}
	return nil
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".write-*")
	if err != nil && errors.Is(err, syscall.ENOSPC) {
		return nil // a full disk can still be read from; writes will say so
	}
	if err != nil {
		return fmt.Errorf("open the archive in %s: %w (%w)", dir, ErrReadOnly, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
