package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can go wrong with a store, to be told apart with errors.Is.
var (
	ErrNotFound  = errors.New("not in the archive")
	ErrHeld      = errors.New("a person holds one of the stories; ask what is held and go on from there")
	ErrMarkMoved = errors.New("another reader has moved the mark; ask for it again and go on from there")
	ErrTaken     = errors.New("another worker has taken it")
	ErrFull      = errors.New("the disk is full: free some space; what was already stored is safe and can still be read")
	ErrBusy      = errors.New("another process is writing to the archive for a long time: stop it, or wait and try again")
	ErrReadOnly  = errors.New("the archive may only be read here: check the owner and the permissions of the data directory and its files")
	ErrDamaged   = errors.New("the database file is damaged: stop the program and restore a backup with `diembao restore FILE`")
	ErrNewer     = errors.New("the archive was written by a newer version of this program: install that version or restore an older backup; nothing was changed")
	ErrOwner     = errors.New("the data directory belongs to another user: run as that user, or name another directory with --data")
)

// errNone is said of a directory without an archive that is not to be made.
var errNone = errors.New("there is none; the data directory is named with --data")

// failed says what was being done when err happened, with the plain words for
// the causes that a person can mend.
func failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	if cause := known(err); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%s: %w (%w)", doing, cause, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// known names the mendable cause of an engine's error; nil where there is none.
func known(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return knownSQLite(lite)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "53100":
			return ErrFull
		case "55P03":
			return ErrBusy
		case "25006", "42501":
			return ErrReadOnly
		case "XX001", "XX002":
			return ErrDamaged
		}
	}
	return nil
}

func knownSQLite(err *sqlite.Error) error {
	switch err.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_IOERR:
		if strings.Contains(err.Error(), "no space") {
			return ErrFull
		}
	}
	return nil
}

// again reports whether a whole transaction may be tried once more: PostgreSQL
// ended it in favour of another one and nothing of it was kept.
func again(ctx context.Context, err error) bool {
	var pg *pgconn.PgError
	return ctx.Err() == nil && errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
