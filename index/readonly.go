package index

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrReadOnly is returned by what would change an index that is open for
// reading alone.
var ErrReadOnly = errors.New("the index is open for reading alone")

// OpenReadOnly opens the index in dir as it is on disk at this moment and
// writes nothing there: beside a process that keeps the index, or where dir
// may only be read. What is put later is not seen. The error wraps ErrRebuild
// as that of Open.
func OpenReadOnly(dir string, schema Schema, opts Options) (*Index, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	var gen *generation
	for patience := range 5 { // what is merged away while it is being opened is found at the next try
		if gen, err = borrow(dir, c.fingerprint(), opts.OnError); err == nil {
			return &Index{dir: dir, catalog: c, opts: opts, gen: gen, readOnly: true}, nil
		}
		time.Sleep(20 * time.Millisecond << patience)
	}
	return nil, fmt.Errorf("open index %s for reading: %w", dir, err)
}

// borrow opens the live generation through a directory of links to its files,
// with a copy of the list of them: the list itself is locked by whoever writes
// it. Once it is open the links are needed no more, nor are the files' names.
func borrow(dir, fingerprint string, onError func(error)) (gen *generation, err error) {
	name, err := liveName(dir)
	if err != nil {
		return nil, err
	}
	links, err := os.MkdirTemp("", "diembao-index-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(links)) }()
	if err := link(filepath.Join(dir, name), filepath.Join(links, name)); err != nil {
		return nil, err
	}
	return openGeneration(links, name, fingerprint, map[string]any{"read_only": true}, onError)
}

// link fills a directory with what stands for the files of a generation.
func link(from, to string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(to, "store"), 0o700); err != nil {
		return err
	}
	for _, file := range []string{"index_meta.json", filepath.Join("store", "root.bolt")} {
		raw, err := readStill(filepath.Join(from, file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, file), raw, 0o600); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(from, "store", "*.zap"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Symlink(file, filepath.Join(to, "store", filepath.Base(file))); err != nil {
			return err
		}
	}
	return nil
}

// readStill reads a small file that another process may be writing: until it
// is twice the same.
func readStill(path string) ([]byte, error) {
	before, err := os.ReadFile(path)
	for range 20 {
		if err != nil {
			return nil, err
		}
		var now []byte
		if now, err = os.ReadFile(path); bytes.Equal(before, now) {
			return now, err
		}
		before = now
	}
	return nil, fmt.Errorf("%s changes all the time", path)
}

// liveName reads which generation is live.
func liveName(dir string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, current))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%w: there is none yet", ErrRebuild)
	}
	return strings.TrimSpace(string(raw)), err
}
