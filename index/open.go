package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/blevesearch/bleve/v2"
)

// ErrRebuild says that there is no index here that can be used: absent,
// damaged, or of another version or schema. The remedy is always the same:
// Create, and put every document again.
var ErrRebuild = errors.New("the index must be rebuilt")

// ErrClosed is returned by an index after Close.
var ErrClosed = errors.New("the index is closed")

// Index is an open index. Its methods may be called from several goroutines.
type Index struct {
	dir     string
	catalog *catalog
	opts    Options

	write sync.Mutex   // one writer at a time; held while lengths change
	swap  sync.RWMutex // held for reading by every use of gen, for writing by a swap
	gen   *generation  // nil once closed
	wrote atomic.Int64 // when last, in Unix nanoseconds

	readOnly bool

	verified verifiedCache
}

// generation is one Bleve index on disk. A rebuild makes the next one beside
// it and then swaps.
type generation struct {
	name    string // of its directory
	bleve   bleve.Index
	lengths atomic.Pointer[lengths]
	faults  *faults

	unwritten atomic.Int64 // bytes of text put since all was last on disk
}

// current names the file that names the live generation.
const current = "CURRENT"

// Keys of what the index remembers about itself, in the same batches as the
// documents.
var (
	keySchema  = []byte("diembao.schema")
	keyLengths = []byte("diembao.lengths")
	keyFlush   = []byte("diembao.flush")
)

const keyMark = "diembao.mark."

// Open opens the index in dir. The error wraps ErrRebuild, with the reason,
// if there is none that can be used.
func Open(dir string, schema Schema, opts Options) (*Index, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	name, err := liveName(dir)
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	idx := &Index{dir: dir, catalog: c, opts: opts}
	gen, err := openGeneration(dir, name, c.fingerprint(), nil, opts.OnError)
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	idx.gen = gen
	return idx, nil
}

// Create makes a new empty index in dir. One that was there is replaced and
// removed; it must not be open.
func Create(dir string, schema Schema, opts Options) (*Index, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	gen, err := createGeneration(dir, c.fingerprint(), nil, opts.OnError)
	if err != nil {
		return nil, fmt.Errorf("create index %s: %w", dir, err)
	}
	idx := &Index{dir: dir, catalog: c, opts: opts, gen: gen}
	if err := errors.Join(idx.publish(gen), idx.sweep(gen.name)); err != nil {
		return nil, errors.Join(fmt.Errorf("create index %s: %w", dir, err), gen.close())
	}
	return idx, nil
}

// config lets small batches gather in memory before they are written:
// fewer files, less merging. Documents and marks are written together, so a
// crash loses both or neither.
var config = map[string]any{
	"unsafe_batch":           true,
	"bolt_timeout":           "2s",
	"asyncErrorCallbackName": callbackName,
	"scorchPersisterOptions": map[string]any{"PersisterNapTimeMSec": 100, "PersisterNapUnderNumFiles": 500},
	"scorchMergePlanOptions": map[string]any{}, // Bleve's own, also for what was made with others
}

// bulk are the settings of an index that is made in one go: every batch is
// written as it is, and merged twice in all, thirty and then all at a time.
var bulk = map[string]any{
	"scorchPersisterOptions": map[string]any{"MemoryPressurePauseThreshold": 0},
	"scorchMergePlanOptions": map[string]any{"MaxSegmentsPerTier": 32, "SegmentsPerMergeTask": 32, "TierGrowth": 32, "FloorSegmentSize": 2000},
}

func settings(more map[string]any) map[string]any {
	own := maps.Clone(config)
	maps.Copy(own, more)
	return own
}

func newGeneration(path string, onError func(error)) *generation {
	g := &generation{name: filepath.Base(path), faults: watch(path, onError)}
	g.lengths.Store(&lengths{Words: map[string]int64{}})
	return g
}

func createGeneration(dir, fingerprint string, more map[string]any, onError func(error)) (gen *generation, err error) {
	defer recovered(&err)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path, err := os.MkdirTemp(dir, "gen-")
	if err != nil {
		return nil, err
	}
	gen = newGeneration(path, onError)
	if err := os.Remove(path); err != nil { // Bleve wants to make it itself
		return nil, err
	}
	gen.bleve, err = bleve.NewUsing(path, bleve.NewIndexMapping(), "scorch", "scorch", settings(more))
	if err != nil {
		return nil, errors.Join(err, gen.faults.close())
	}
	if err := errors.Join(gen.bleve.SetInternal(keySchema, []byte(fingerprint)), gen.flush()); err != nil {
		return nil, errors.Join(err, gen.close())
	}
	return gen, nil
}

func openGeneration(dir, name, fingerprint string, more map[string]any, onError func(error)) (gen *generation, err error) {
	path := filepath.Join(dir, name)
	if name == "" || filepath.Base(name) != name {
		return nil, fmt.Errorf("%w: %s names no generation", ErrRebuild, current)
	}
	gen = newGeneration(path, onError)
	defer func() {
		if err != nil {
			if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) { // what may not be opened is not lost
				err = fmt.Errorf("%w: %w", ErrRebuild, err)
			}
			err = errors.Join(err, gen.close())
			gen = nil
		}
	}()
	defer recovered(&err)
	opened, err := bleve.OpenUsing(path, settings(more))
	if err != nil {
		return gen, err // opened holds a nil pointer: it must not be closed
	}
	gen.bleve = opened
	was, err := gen.bleve.GetInternal(keySchema)
	if err != nil {
		return gen, err
	}
	if string(was) != fingerprint {
		return gen, fmt.Errorf("it was made by version %q, this is %q", was, fingerprint)
	}
	raw, err := gen.bleve.GetInternal(keyLengths)
	if err != nil || raw == nil {
		return gen, err
	}
	counts := &lengths{Words: map[string]int64{}}
	if err := json.Unmarshal(raw, counts); err != nil {
		return gen, fmt.Errorf("read its word counts: %w", err)
	}
	gen.lengths.Store(counts)
	return gen, nil
}

// recovered turns a panic of Bleve into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic in the index: %v\n%s", r, debug.Stack())
	}
}

// publish makes gen, which is flushed, the live generation on disk.
func (idx *Index) publish(gen *generation) error {
	file := filepath.Join(idx.dir, current)
	if err := writeSynced(file+".tmp", gen.name+"\n"); err != nil {
		return err
	}
	if err := os.Rename(file+".tmp", file); err != nil {
		return err
	}
	return syncDir(idx.dir)
}

func writeSynced(path, text string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	return f.Sync()
}

func syncDir(dir string) (err error) {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}

// sweep removes generations that a swap or a crash left behind.
func (idx *Index) sweep(keep string) error {
	entries, err := os.ReadDir(idx.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "gen-") && e.Name() != keep {
			err = errors.Join(err, os.RemoveAll(filepath.Join(idx.dir, e.Name())))
		}
	}
	return err
}

// close may be called again, and on one that never came to be.
func (g *generation) close() (err error) {
	if g == nil {
		return nil
	}
	defer recovered(&err)
	if opened := g.bleve; opened != nil {
		g.bleve = nil
		err = opened.Close()
	}
	return errors.Join(err, g.faults.close())
}

// use runs f on the live generation, which stays open meanwhile. What the
// background loops reported is returned before anything is trusted to them.
func (idx *Index) use(f func(*generation) error) (err error) {
	idx.swap.RLock()
	defer idx.swap.RUnlock()
	if idx.gen == nil {
		return ErrClosed
	}
	defer func() { // a panic while reading is damage: remembered, for Check and Heal
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in the index: %v\n%s", r, debug.Stack())
			idx.gen.faults.hear(err)
		}
	}()
	return f(idx.gen)
}

// Close writes what is still in memory and closes the index.
func (idx *Index) Close() error {
	idx.swap.Lock()
	defer idx.swap.Unlock()
	if idx.gen == nil {
		return ErrClosed
	}
	gen := idx.gen
	idx.gen = nil
	var err error
	if !idx.readOnly {
		err = gen.flush()
	}
	if err := errors.Join(err, gen.close()); err != nil {
		return fmt.Errorf("close index %s: %w", idx.dir, err)
	}
	return nil
}

// Count is the number of documents.
func (idx *Index) Count() (n int, err error) {
	err = idx.use(func(g *generation) error {
		c, err := g.bleve.DocCount()
		n = int(c)
		return err
	})
	return n, wrap(err, "count the documents of the index")
}

// Err is the first error or panic that the background loops of Bleve had; an
// index that had one answers from what it has but may no longer take writes,
// and should be opened again.
func (idx *Index) Err() error {
	return idx.use(func(g *generation) error { return g.faults.err() })
}

func wrap(err error, doing string) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
