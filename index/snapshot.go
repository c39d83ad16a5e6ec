package index

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
)

// Snapshot copies the index as it is now into dir, which must not hold an
// index yet, while it goes on answering and taking changes. The copy is
// checked as Open checks, and is a whole index: Open opens it.
func (idx *Index) Snapshot(dir string) error {
	_, err := os.Stat(filepath.Join(dir, current))
	switch {
	case err == nil:
		return fmt.Errorf("copy the index to %s: there is an index already", dir)
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("copy the index to %s: %w", dir, err)
	}
	err = idx.use(func(g *generation) error {
		whole, ok := g.bleve.(bleve.IndexCopyable)
		if !ok {
			return fmt.Errorf("a %T cannot be copied", g.bleve)
		}
		to := filepath.Join(dir, g.name)
		if err := whole.CopyTo(bleve.FileSystemDirectory(to)); err != nil {
			return errors.Join(err, os.RemoveAll(to))
		}
		copied, err := openGeneration(dir, g.name, idx.catalog.fingerprint(), nil, idx.opts.OnError)
		if err != nil {
			return err
		}
		if err := errors.Join(copied.close(), onDisk(to)); err != nil {
			return err
		}
		return (&Index{dir: dir}).publish(g)
	})
	return wrap(err, "copy the index to "+dir)
}

// onDisk returns when every file below a directory is on disk.
func onDisk(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncDir(path) // which syncs files as well
	})
}
