package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Check reads every file that the index is in and compares it with its checksum;
// those that are just being written are not of it yet. The
// error wraps ErrRebuild if one is damaged, or if searching or writing met
// trouble before. It reads as much as the index is large: once a day is plenty.
func (idx *Index) Check(ctx context.Context) error {
	err := idx.look(func(v *view) error {
		if err := v.gen.faults.err(); err != nil {
			return fmt.Errorf("%w: %w", ErrRebuild, err)
		}
		for _, p := range v.parts {
			file, ok := p.Segment().(segment.PersistedSegment)
			if !ok {
				continue // in memory still
			}
			path := filepath.Join(idx.dir, v.gen.name, "store", filepath.Base(file.Path()))
			if err := intact(ctx, path); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "check the index")
}

// intact compares a segment with the checksum in its last four bytes.
func intact(ctx context.Context, path string) (err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // merged away meanwhile
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < 4 {
		return fmt.Errorf("%w: %s is cut short", ErrRebuild, path)
	}
	sum := crc32.NewIEEE()
	for left := info.Size() - 4; left > 0; {
		n, err := io.CopyN(sum, f, min(left, 4<<20))
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		left -= n
	}
	var want [4]byte
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if binary.BigEndian.Uint32(want[:]) != sum.Sum32() {
		return fmt.Errorf("%w: %s differs from its checksum", ErrRebuild, path)
	}
	return nil
}

// Heal checks the index and, if it is damaged, rebuilds it from feed while
// what is left of it answers. It reports whether it had to.
func (idx *Index) Heal(ctx context.Context, feed func(put func(Batch) error) error) (rebuilt bool, err error) {
	if err := idx.Check(ctx); !errors.Is(err, ErrRebuild) {
		return false, err
	}
	return true, idx.Rebuild(ctx, feed)
}

// Tidy compacts the index if it grew by many small batches and none has come
// for idle. It reports whether it did.
func (idx *Index) Tidy(ctx context.Context, idle time.Duration) (compacted bool, err error) {
	if time.Since(time.Unix(0, idx.wrote.Load())) < idle {
		return false, nil
	}
	files, err := idx.files()
	if err != nil || files <= tidyFiles {
		return false, err
	}
	return true, idx.Compact(ctx)
}

// tidyFiles is how many files are few enough.
const tidyFiles = 8

func (idx *Index) files() (n int, err error) {
	err = idx.use(func(g *generation) error {
		files, err := filepath.Glob(filepath.Join(idx.dir, g.name, "store", "*.zap"))
		n = len(files)
		return err
	})
	return n, err
}
