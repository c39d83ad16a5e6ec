package store

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Restored compares a table of a backup with what was restored.
type Restored struct {
	Table         string
	Before, After int64 // rows when the backup was made, rows now
}

// Restore brings a backup into an archive that does not exist yet: into the
// empty or missing directory o.Dir and, where o.DSN names PostgreSQL, into a
// database without an archive. It first verifies every digest and name, then
// loads, then counts; the index is not in a backup and is built anew by its
// reader. If it fails it leaves the directory empty; a PostgreSQL database it has
// begun to fill must be dropped before the next try.
func Restore(ctx context.Context, file string, o Options) (Manifest, []Restored, error) {
	doing := "restore " + file
	if err := empty(o.Dir); err != nil {
		return Manifest{}, nil, fmt.Errorf("%s: %w", doing, err)
	}
	m, err := Verify(file)
	if err != nil {
		return m, nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return m, nil, fmt.Errorf("%s: %w", doing, err)
	}
	counts, err := restore(ctx, file, m, o)
	if err != nil {
		return m, counts, errors.Join(fmt.Errorf("%s: %w", doing, err), removeAll(o.Dir))
	}
	return m, counts, nil
}

// empty holds that there is nothing in a directory.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		return fmt.Errorf("the directory %s is not empty (%s); name an empty one with --data", dir, entries[0].Name())
	}
	return err
}

// removeAll takes everything out of a directory.
func removeAll(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

func restore(ctx context.Context, file string, m Manifest, o Options) (counts []Restored, err error) {
	s, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	has, knows, err := s.Version(ctx)
	switch {
	case err != nil:
		return nil, err
	case has > 0:
		return nil, fmt.Errorf("the database holds an archive already (schema %d); name an empty one", has)
	case m.Schema > knows:
		return nil, fmt.Errorf("the backup has schema %d, this program knows %d: %w", m.Schema, knows, ErrNewer)
	}
	if err := s.migrate(ctx, m.Schema); err != nil {
		return nil, err
	}
	if err := s.load(ctx, file, m); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, 0); err != nil {
		return nil, err
	}
	return s.compare(ctx, m)
}

// compare counts the rows of all tables; a difference is an error.
func (s *Store) compare(ctx context.Context, m Manifest) (counts []Restored, err error) {
	for _, table := range tables {
		n, err := first(ctx, s.q, scan[int64], `SELECT count(*) FROM `+table)
		if err != nil {
			return counts, failed("count the rows of "+table, err)
		}
		counts = append(counts, Restored{table, m.Rows[table], n})
		if n != m.Rows[table] {
			return counts, fmt.Errorf("the table %s had %d rows and has %d now", table, m.Rows[table], n)
		}
	}
	return counts, nil
}

// Verify reads a backup to its end and holds that every member has a name that
// belongs there and the digest the manifest says, and that none is missing.
func Verify(file string) (m Manifest, err error) {
	digests := map[string]string{}
	err = eachMember(file, func(name string, r io.Reader) error {
		if name == manifestMember {
			return json.NewDecoder(io.LimitReader(r, 64<<20)).Decode(&m)
		}
		if !belongs(name) {
			return fmt.Errorf("the member %q does not belong into a backup", name)
		}
		sum := sha256.New()
		_, err := io.Copy(sum, r)
		digests[name] = hex.EncodeToString(sum.Sum(nil))
		return err
	})
	if err == nil {
		err = m.check(digests)
	}
	if err != nil {
		return m, fmt.Errorf("verify %s: %w; use another backup", file, err)
	}
	return m, nil
}

func (m Manifest) check(digests map[string]string) error {
	if m.Format != backupFormat {
		return fmt.Errorf("its format is %d, not %d", m.Format, backupFormat)
	}
	for name, digest := range m.SHA256 {
		if digests[name] != digest {
			return fmt.Errorf("the member %s is missing or not what it was", name)
		}
	}
	if len(digests) != len(m.SHA256) {
		return errors.New("it holds members that its manifest does not name")
	}
	return nil
}

// belongs reports whether a member may stand in a backup: its name is known
// and leads nowhere else.
func belongs(name string) bool {
	if !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || strings.Contains(name, `\`) {
		return false
	}
	if table, _, ok := strings.Cut(strings.TrimPrefix(name, tablesFolder), "/"); ok && strings.HasPrefix(name, tablesFolder) {
		return slices.Contains(tables, table)
	}
	return name == overlayMember || name == evidenceMember || strings.HasPrefix(name, evidenceFolder)
}

// eachMember reads the members of a backup in their order.
func eachMember(file string, f func(name string, r io.Reader) error) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close() // it was only read
	zip, err := gzip.NewReader(bufio.NewReaderSize(in, 1<<20))
	if err != nil {
		return fmt.Errorf("it is not a backup: %w", err)
	}
	members := tar.NewReader(zip)
	for {
		h, err := members.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is cut off or damaged: %w", err)
		}
		if h.Typeflag != tar.TypeReg {
			return fmt.Errorf("the member %q is not a file", h.Name)
		}
		err = f(h.Name, members)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("it is cut off or damaged: %w", err)
		}
		if err != nil {
			return err
		}
	}
}

// load brings the members of a verified backup to their places.
func (s *Store) load(ctx context.Context, file string, m Manifest) error {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	defer root.Close() // a handle on a directory
	if err := s.Do(ctx, func(tx *Tx) error { _, err := tx.q.exec(ctx, `DELETE FROM counters`); return err }); err != nil {
		return err
	}
	return eachMember(file, func(name string, r io.Reader) error {
		switch {
		case strings.HasPrefix(name, tablesFolder):
			table, _, _ := strings.Cut(strings.TrimPrefix(name, tablesFolder), "/")
			return failed("load the table "+table, s.loadRows(ctx, table, m.Columns[table], r))
		case name == overlayMember:
			return place(root, "diembao.yaml", r)
		case strings.HasPrefix(name, evidenceFolder):
			return place(root, strings.TrimPrefix(name, evidenceFolder), r)
		}
		return nil
	})
}

// loadRows inserts rows in transactions of a few hundred.
func (s *Store) loadRows(ctx context.Context, table string, columns []string, r io.Reader) error {
	has, err := s.columns(ctx, s.engine, table)
	if err != nil {
		return err
	}
	for _, c := range columns {
		if !slices.Contains(has, c) {
			return fmt.Errorf("there is no column %q", c)
		}
	}
	lines := bufio.NewReaderSize(r, 1<<20)
	for end := false; !end; {
		var rows [][]any
		for len(rows) < 512 && !end {
			line, err := lines.ReadBytes('\n')
			if end = err == io.EOF; err != nil && !end {
				return err
			}
			if len(line) > 0 {
				row, err := readRow(line, len(columns))
				if err != nil {
					return err
				}
				rows = append(rows, row)
			}
		}
		head := `INSERT INTO ` + table + ` (` + join(columns) + `)`
		if err := s.Do(ctx, func(tx *Tx) error { return tx.q.insert(ctx, head, "", rows) }); err != nil {
			return err
		}
	}
	return nil
}

// readRow reads one row of a backup; numbers are whole unless they show a point.
func readRow(line []byte, width int) ([]any, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var row []any
	if err := dec.Decode(&row); err != nil || len(row) != width {
		return nil, fmt.Errorf("a row is not %d values: %w", width, err)
	}
	for i, v := range row {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if row[i] = whole; err != nil {
				if row[i], err = n.Float64(); err != nil {
					return nil, fmt.Errorf("%s is not a number: %w", n, err)
				}
			}
		}
	}
	return row, nil
}

// place writes a file inside a directory that it cannot leave.
func place(root *os.Root, name string, r io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

func join(columns []string) string { return strings.Join(columns, ", ") }
