package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tree lists the files of a directory with what tells whether they changed.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil {
			files[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestReadOnlyWritesNothing(t *testing.T) {
	dir, scratch := filepath.Join(t.TempDir(), "index"), t.TempDir()
	t.Setenv("TMPDIR", scratch)
	ctx := context.Background()
	if _, err := OpenReadOnly(dir, testSchema, Options{}); !errors.Is(err, ErrRebuild) {
		t.Errorf("nothing there: %v", err)
	}
	idx, err := Create(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(idx.Apply(ctx, Batch{Put: archive(80, 20), Marks: map[string]string{"put": "80"}}), idx.Close()); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	reader, err := OpenReadOnly(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := reader.Search(ctx, Query{Limit: 5, Facets: []string{"level"}}); err != nil || r.Total != 80 || len(r.Hits) != 5 {
		t.Errorf("%v, %v", r, err)
	}
	if mark, err := reader.Mark("put"); mark != "80" || err != nil {
		t.Errorf("mark %q, %v", mark, err)
	}
	if err := reader.Check(ctx); err != nil {
		t.Error(err)
	}
	nothing := func(func(Batch) error) error { return nil }
	for what, err := range map[string]error{"put": reader.Put(ctx, archive(1, 1)), "delete": reader.Delete(ctx, []string{"a"}), "compact": reader.Compact(ctx), "rebuild": reader.Rebuild(ctx, nothing)} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	after := tree(t, dir)
	if len(after) != len(before) {
		t.Errorf("%d files, then %d", len(before), len(after))
	}
	for path, was := range before {
		if after[path] != was {
			t.Errorf("%s changed: %s, then %s", path, was, after[path])
		}
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary directory: %v, %v", left, err)
	}
}

// Beside a process that writes, merges and swaps, a reader opens at any time,
// and goes on seeing what it saw.
func TestReadOnlyBesideAWriter(t *testing.T) {
	docs := archive(1200, 20)
	s := newShelf(t, docs[:200]...)
	ctx := context.Background()
	if err := s.gen.flush(); err != nil {
		t.Fatal(err)
	}
	first, err := OpenReadOnly(s.dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for n := 200; n < len(docs); n += 20 {
				if err := s.Put(ctx, docs[n:n+20]); err != nil {
					return err
				}
				if n%300 == 0 {
					if err := s.Compact(ctx); err != nil {
						return err
					}
				}
			}
			return s.Rebuild(ctx, func(put func(Batch) error) error { return put(Batch{Put: docs}) })
		}()
	}()
	last := 200
	for opened := 0; ; opened++ {
		r, err := OpenReadOnly(s.dir, testSchema, Options{})
		if err != nil {
			t.Fatalf("reader %d: %v", opened, err)
		}
		found, err := r.Search(ctx, Query{Limit: 3})
		if err != nil || found.Total < last || found.Total > len(docs) {
			t.Fatalf("reader %d finds %v after %d, %v", opened, found, last, err)
		}
		last = found.Total
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if err != nil || opened < 3 {
				t.Fatalf("the writer ended after %d readers: %v", opened, err)
			}
			if r, err := first.Search(ctx, Query{Text: "bả OR bã OR bá", Limit: 10}); err != nil || len(r.Hits) != 10 {
				t.Errorf("the first reader: %v, %v", r, err)
			}
			if n, err := first.Count(); n != 200 || err != nil {
				t.Errorf("the first reader has %d documents, %v", n, err)
			}
			if err := first.Close(); err != nil {
				t.Error(err)
			}
			return
		default:
		}
	}
}

// A copy made while documents come and go is a whole index: what its mark
// speaks of is in it.
func TestSnapshotOfALiveIndex(t *testing.T) {
	docs := archive(1000, 20)
	s := newShelf(t)
	ctx := context.Background()
	put := func(n int) error {
		return s.Apply(ctx, Batch{Put: docs[n : n+20], Marks: map[string]string{"put": fmt.Sprint(n + 20)}})
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for n := 20; n < len(docs); n += 20 {
				if err := put(n); err != nil {
					return err
				}
			}
			return s.Compact(ctx)
		}()
	}()
	for i := range 4 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("copy-", i))
		if err := s.Snapshot(dir); err != nil {
			t.Fatal(err)
		}
		if err := s.Snapshot(dir); err == nil {
			t.Error("a copy was made over another")
		}
		copied, err := Open(dir, testSchema, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n, err := copied.Count()
		mark, markErr := copied.Mark("put")
		if marked, _ := strconv.Atoi(mark); marked < 20 || marked > n || err != nil || markErr != nil { // no number is below 20
			t.Errorf("%d documents, mark %q, %v, %v", n, mark, err, markErr)
		}
		r, err := copied.Search(ctx, Query{Limit: 1, Facets: []string{"level"}})
		if err != nil || r.Total != n {
			t.Errorf("a search finds %v of %d, %v", r, n, err)
		}
		if err := errors.Join(copied.Check(ctx), copied.Put(ctx, docs[:1]), copied.Close()); err != nil {
			t.Error(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Whoever puts more than the disk takes waits: memory stays bounded.
func TestPutWaitsForTheDisk(t *testing.T) {
	s := newShelf(t)
	body := strings.Repeat("trạm y tế huyện Mây phát thẻ. ", 4000)
	docs := make([]Doc, 1+unwrittenBytes/len(body))
	for i := range docs {
		docs[i] = Doc{ID: fmt.Sprint(i), Body: body}
	}
	if err := s.Put(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
	if left := s.gen.unwritten.Load(); left >= unwrittenBytes {
		t.Errorf("%d bytes wait for the disk", left)
	}
	files, err := s.files()
	if err != nil || files == 0 {
		t.Errorf("%d files written, %v", files, err)
	}
}

// What is just being written is not taken for damage.
func TestCheckOfABusyIndex(t *testing.T) {
	docs := archive(2000, 40)
	s := newShelf(t)
	ctx := context.Background()
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for n := 0; n < len(docs); n += 25 {
				if err := s.Put(ctx, docs[n:n+25]); err != nil {
					return err
				}
			}
			return s.Compact(ctx)
		}()
	}()
	for checks := 0; ; checks++ {
		if err := s.Check(ctx); err != nil {
			t.Fatalf("check %d: %v", checks, err)
		}
		select {
		case err := <-done:
			if err != nil || checks == 0 {
				t.Errorf("%d checks, %v", checks, err)
			}
			return
		default:
		}
	}
}
