package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// conn is the seam between our statements and the two engines.
type conn interface {
	exec(ctx context.Context, text string, args ...any) (int64, error)
	query(ctx context.Context, row func(scanner) error, text string, args ...any) error
	// insert writes many rows; head names the columns, tail follows the values.
	insert(ctx context.Context, head, tail string, rows [][]any) error
	// each runs one statement for every row of arguments.
	each(ctx context.Context, text string, rows [][]any) error
}

type scanner interface{ Scan(...any) error }

// lite speaks to SQLite by database/sql: a pool or a transaction.
type lite struct {
	q interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		PrepareContext(context.Context, string) (*sql.Stmt, error)
	}
}

func (l lite) exec(ctx context.Context, text string, args ...any) (int64, error) {
	res, err := l.q.ExecContext(ctx, text, cleanAll(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (l lite) query(ctx context.Context, row func(scanner) error, text string, args ...any) error {
	rows, err := l.q.QueryContext(ctx, text, cleanAll(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// insert runs the statement for one row for each: SQLite looks its
// placeholders up by name, which makes one statement of many rows slow.
func (l lite) insert(ctx context.Context, head, tail string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	return l.each(ctx, head+" VALUES "+tuples(1, len(rows[0]))+" "+tail, rows)
}

func (l lite) each(ctx context.Context, text string, rows [][]any) (err error) {
	if len(rows) == 0 {
		return nil
	}
	one, err := l.q.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, one.Close()) }()
	for _, r := range rows {
		if _, err := one.ExecContext(ctx, cleanAll(r)...); err != nil {
			return err
		}
	}
	return nil
}

// post speaks to PostgreSQL by pgx, so that River can share the transaction.
type post struct {
	q interface {
		Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
		Query(context.Context, string, ...any) (pgx.Rows, error)
	}
}

func (p post) exec(ctx context.Context, text string, args ...any) (int64, error) {
	tag, err := p.q.Exec(ctx, text, cleanAll(args)...)
	return tag.RowsAffected(), err
}

func (p post) query(ctx context.Context, row func(scanner) error, text string, args ...any) error {
	rows, err := p.q.Query(ctx, text, cleanAll(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// steps are the numbers of rows that go into one statement: few numbers mean
// few different texts, which pgx keeps prepared.
var steps = []int{64, 8, 1}

// insert puts many rows into each statement: every statement is a way to the
// server and back.
func (p post) insert(ctx context.Context, head, tail string, rows [][]any) error {
	for _, step := range steps {
		for len(rows) >= step {
			args := make([]any, 0, step*len(rows[0]))
			for _, r := range rows[:step] {
				args = append(args, r...)
			}
			if _, err := p.exec(ctx, head+" VALUES "+tuples(step, len(rows[0]))+" "+tail, args...); err != nil {
				return err
			}
			rows = rows[step:]
		}
	}
	return nil
}

// each leaves it to pgx to keep the statement prepared.
func (p post) each(ctx context.Context, text string, rows [][]any) error {
	for _, r := range rows {
		if _, err := p.exec(ctx, text, r...); err != nil {
			return err
		}
	}
	return nil
}

// cleanAll takes from every text what PostgreSQL refuses to hold, on both
// engines, so that both hold the same.
func cleanAll(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = clean(s)
		}
	}
	return args
}

func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	return s
}

// list collects the rows of a query.
func list[T any](ctx context.Context, c conn, read func(scanner) (T, error), text string, args ...any) ([]T, error) {
	var all []T
	err := c.query(ctx, func(row scanner) error {
		v, err := read(row)
		if err == nil {
			all = append(all, v)
		}
		return err
	}, text, args...)
	return all, err
}

// first returns the first row of a query, or ErrNotFound.
func first[T any](ctx context.Context, c conn, read func(scanner) (T, error), text string, args ...any) (T, error) {
	all, err := list(ctx, c, read, text, args...)
	if err != nil || len(all) > 0 {
		return append(all, *new(T))[0], err
	}
	return *new(T), ErrNotFound
}

// scan returns the reader of rows of a single value.
func scan[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// handful is how many ids go into one question.
const handful = 64

// tuples writes ($1,$2),($3,$4) for n rows of width values.
func tuples(n, width int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + places(i*width+1, width) + ")")
	}
	return b.String()
}

// places writes $from,$from+1,… for n values.
func places(from, n int) string {
	b := make([]byte, 0, n*4)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '$'), int64(from+i), 10)
	}
	return string(b)
}

// among runs a query once for each handful of ids; text holds IN (%s) written
// as {ids}. A short handful repeats its last id.
func among(ctx context.Context, c conn, row func(scanner) error, text string, ids []string) error {
	for len(ids) > 0 {
		size := 1
		if len(ids) > 1 {
			size = handful
		}
		args := make([]any, size)
		for i := range args {
			args[i] = ids[min(i, len(ids)-1)]
		}
		if err := c.query(ctx, row, strings.Replace(text, "{ids}", places(1, size), 1), args...); err != nil {
			return err
		}
		ids = ids[min(size, len(ids)):]
	}
	return nil
}
