package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib" // PostgreSQL
	_ "modernc.org/sqlite"           // SQLite with FTS5
)

// sqlEngine is SQLite's FTS5 or PostgreSQL's tsvector, each with its texts
// beside it, as both need them.
type sqlEngine struct {
	*sql.DB
	postgres bool
	file     string
	archive  *archive
	kept     bool // filled by an earlier run
}

func (e *sqlEngine) name() string {
	if e.postgres {
		return "PostgreSQL tsvector"
	}
	return "SQLite FTS5"
}

func openFTS5(dir string, a *archive) (*sqlEngine, error) {
	file := filepath.Join(dir, "fts5.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	e := &sqlEngine{DB: db, file: file, archive: a}
	if e.kept = e.full(`SELECT count(*) FROM doc`); e.kept {
		return e, nil
	}
	return e, run(db,
		`PRAGMA journal_mode = off`, `PRAGMA synchronous = off`,
		`CREATE TABLE doc (n INTEGER PRIMARY KEY, at BIGINT, level TEXT, outlet TEXT, province TEXT, topic TEXT, tone TEXT)`,
		`CREATE INDEX doc_at ON doc (at)`,
		`CREATE VIRTUAL TABLE words USING fts5 (title, lead, body, tokenize = "unicode61 remove_diacritics 0")`)
}

func openPostgres(address string, a *archive) (*sqlEngine, error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	e := &sqlEngine{DB: db, postgres: true, archive: a}
	if e.kept = e.full(`SELECT count(*) FROM bench_doc`); e.kept {
		return e, nil
	}
	return e, run(db,
		`DROP TABLE IF EXISTS bench_doc`,
		`CREATE TABLE bench_doc (n INTEGER PRIMARY KEY, at BIGINT, level TEXT, outlet TEXT, province TEXT, topic TEXT, tone TEXT, title TEXT, lead TEXT, body TEXT,
			words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || lead || ' ' || body)) STORED)`)
}

// full reports whether an earlier run left all documents here. Where there is
// no table yet, counting fails, and it is not.
func (e *sqlEngine) full(count string) bool {
	var n int
	return e.QueryRow(count).Scan(&n) == nil && n == e.archive.size
}

func run(db *sql.DB, statements ...string) error {
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func (e *sqlEngine) fill(ctx context.Context, progress func(int)) error {
	put := e.insert
	if e.postgres {
		put = e.copyIn
	}
	for i := 0; i < e.archive.size; i += 1000 {
		end := min(i+1000, e.archive.size)
		if err := put(ctx, i, end); err != nil {
			return fmt.Errorf("fill %s: %w", e.name(), err)
		}
		progress(end)
	}
	if e.postgres {
		return run(e.DB, `CREATE INDEX ON bench_doc USING gin (words)`, `CREATE INDEX ON bench_doc (at)`, `ANALYZE bench_doc`)
	}
	return nil
}

// facts of a document that stand beside its texts.
func (e *sqlEngine) facts(i int) []any {
	k := keywords(i)
	return []any{i + 1, e.archive.time(i).Unix(), k["level"][0], k["outlet"][0], k["province"][0], k["topic"][0], k["tone"][0]}
}

func (e *sqlEngine) insert(ctx context.Context, from, to int) error {
	tx, err := e.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i := from; i < to && err == nil; i++ {
		t := e.archive.texts(i)
		if _, err = tx.ExecContext(ctx, `INSERT INTO doc VALUES (?,?,?,?,?,?,?)`, e.facts(i)...); err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO words (rowid, title, lead, body) VALUES (?,?,?,?)`, i+1, t.Title, t.Lead, t.Body)
		}
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// copyIn is PostgreSQL's own quick way in.
func (e *sqlEngine) copyIn(ctx context.Context, from, to int) error {
	conn, err := e.Conn(ctx)
	if err != nil {
		return err
	}
	columns := []string{"n", "at", "level", "outlet", "province", "topic", "tone", "title", "lead", "body"}
	err = conn.Raw(func(raw any) error {
		_, err := raw.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"bench_doc"}, columns, pgx.CopyFromSlice(to-from, func(i int) ([]any, error) {
			t := e.archive.texts(from + i)
			return append(e.facts(from+i), t.Title, t.Lead, t.Body), nil
		}))
		return err
	})
	return errors.Join(err, conn.Close())
}

// match is the question in the engine's own language.
func (e *sqlEngine) match(q question) string {
	var parts []string
	for _, w := range q.words {
		if q.kind == "wildcard" {
			w = string([]rune(w)[:2])
		}
		if e.postgres {
			w = strings.Join(strings.Fields(w), " <-> ")
		} else {
			w = `"` + w + `"`
		}
		if q.kind == "wildcard" {
			w += map[bool]string{true: ":*", false: "*"}[e.postgres]
		}
		parts = append(parts, w)
	}
	between := map[bool]string{true: " | ", false: " OR "}[e.postgres]
	if q.kind == "and" {
		between = map[bool]string{true: " & ", false: " AND "}[e.postgres]
	}
	return strings.Join(parts, between)
}

// statements of a question. Each gives the total as well, as a page shows it.
func (e *sqlEngine) statements(q question) (list []string) {
	from, where, score, highlight := `words JOIN doc ON doc.n = words.rowid`, `words MATCH $1`, `bm25(words)`, `snippet(words, 2, '[', ']', '…', 30)`
	if e.postgres {
		from, where, score, highlight = `bench_doc AS doc`, `words @@ to_tsquery('simple', $1)`, `-ts_rank(words, to_tsquery('simple', $1))`, `ts_headline('simple', body, to_tsquery('simple', $1))`
	}
	switch q.kind {
	case "90d+facets":
		where += fmt.Sprintf(` AND at >= %d`, lastMoment.Add(-90*24*time.Hour).Unix())
		for _, f := range fields {
			list = append(list, `SELECT `+f+`, count(*) FROM `+from+` WHERE `+where+` GROUP BY 1`)
		}
		if e.postgres { // headlines of what is shown, not of all that matches
			list = append(list, `SELECT n, `+strings.Replace(highlight, "body", "x.body", 1)+` FROM (SELECT n, body FROM `+from+` WHERE `+where+` ORDER BY `+score+` LIMIT 20) AS x`)
		} else {
			list = append(list, `SELECT n, `+highlight+` FROM `+from+` WHERE `+where+` ORDER BY `+score+` LIMIT 20`)
		}
	case "newest":
		list = append(list, `SELECT n FROM `+from+` WHERE `+where+` ORDER BY at DESC LIMIT 20`)
	case "weeks":
		return []string{`SELECT at / 604800, count(*) FROM ` + from + ` WHERE ` + where + ` GROUP BY 1`}
	default:
		list = append(list, `SELECT n FROM `+from+` WHERE `+where+` ORDER BY `+score+` LIMIT 20`)
	}
	return append(list, `SELECT count(*) FROM `+from+` WHERE `+where)
}

func (e *sqlEngine) ask(ctx context.Context, q question) error {
	for _, statement := range e.statements(q) {
		rows, err := e.QueryContext(ctx, statement, e.match(q))
		if err != nil {
			return fmt.Errorf("%s, %s: %w", e.name(), statement, err)
		}
		for rows.Next() { // an engine that computes a row only when it is read has to be read
			continue
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("%s, %s: %w", e.name(), statement, err)
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}

// size of what the engine keeps, texts included.
func (e *sqlEngine) size() (n int64, err error) {
	if e.postgres {
		err = e.QueryRow(`SELECT pg_total_relation_size('bench_doc')`).Scan(&n)
		return n, err
	}
	info, err := os.Stat(e.file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
