package index

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary runs itself as the process that is killed, or that has no
// room on its disk.
const childDir = "DIEMBAO_INDEX_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir, os.Args[len(os.Args)-1]); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child writes without end, telling how far it is sure to have come.
func child(dir, work string) error {
	ctx := context.Background()
	idx, err := Open(dir, testSchema, Options{})
	if errors.Is(err, ErrRebuild) {
		idx, err = Create(dir, testSchema, Options{})
	}
	if err != nil {
		return err
	}
	if work == "full" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 200 << 10, Max: 200 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
	}
	docs := archive(40_000, 60)
	for n := 0; n < len(docs); n += 20 {
		if err := idx.Apply(ctx, Batch{Put: docs[n : n+20], Marks: map[string]string{"put": strconv.Itoa(n + 20)}}); err != nil {
			return err
		}
		if n%200 != 0 {
			continue
		}
		switch work {
		case "batch", "full":
			err = idx.gen.flush()
		case "merge":
			err = idx.Compact(ctx)
		case "swap":
			err = idx.Rebuild(ctx, func(put func(Batch) error) error {
				return put(Batch{Put: docs[:n+20], Marks: map[string]string{"put": strconv.Itoa(n + 20)}})
			})
		}
		if err != nil {
			return err
		}
		fmt.Println("sure", n+20)
	}
	return nil
}

func start(t *testing.T, dir, work string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	c := exec.Command(os.Args[0], work)
	c.Env = append(os.Environ(), childDir+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewScanner(out)
}

// holds checks that every document a mark speaks of is there and is found.
func holds(t *testing.T, dir string, sure int) {
	t.Helper()
	idx, err := Open(dir, testSchema, Options{})
	if err != nil {
		t.Fatalf("after %d documents: %v", sure, err)
	}
	defer func() {
		if err := idx.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := idx.Check(context.Background()); err != nil {
		t.Error(err)
	}
	text, err := idx.Mark("put")
	if err != nil {
		t.Fatal(err)
	}
	mark, _ := strconv.Atoi(text) // none before the first batch is on disk
	n, err := idx.Count()
	if err != nil || n < mark || mark < sure {
		t.Errorf("%d documents, mark %q, told to be sure of %d, %v", n, text, sure, err)
	}
	r, err := idx.Search(context.Background(), Query{Facets: []string{"level"}})
	if err != nil || r.Total != n {
		t.Errorf("a search for all finds %v of %d, %v", r, n, err)
	}
}

// kill -9 in a batch, in a merge, in a swap: what was said to be on disk is.
func TestKilled(t *testing.T) {
	for _, work := range []string{"batch", "merge", "swap"} {
		t.Run(work, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "index")
			for round := range 3 {
				c, out := start(t, dir, work)
				sure, started := 0, time.Now()
				for out.Scan() {
					if text, ok := strings.CutPrefix(out.Text(), "sure "); ok {
						sure, _ = strconv.Atoi(text) // printed by ourselves
					} else {
						t.Error(out.Text())
					}
					if time.Since(started) > time.Duration(150+130*round)*time.Millisecond {
						break
					}
				}
				if err := c.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				for out.Scan() {
					if text, ok := strings.CutPrefix(out.Text(), "sure "); ok {
						sure, _ = strconv.Atoi(text)
					}
				}
				if err := c.Wait(); err == nil {
					t.Error("the process ended before it was killed")
				}
				if sure == 0 {
					t.Fatal("the process wrote nothing")
				}
				holds(t, dir, sure)
			}
		})
	}
}

// No room: writing says so, and what was written before stays.
func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	c, out := start(t, dir, "full")
	sure, refused := 0, ""
	for out.Scan() {
		if text, ok := strings.CutPrefix(out.Text(), "sure "); ok {
			sure, _ = strconv.Atoi(text)
		} else if refused == "" {
			refused = out.Text()
		}
	}
	err := c.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(refused, "file too large") {
		t.Fatalf("%v: %s", err, refused)
	}
	idx, err := Open(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := idx.Count(); err != nil || n < sure {
		t.Errorf("%d documents, %d were written, %v", n, sure, err)
	}
	if err := idx.Put(context.Background(), archive(10, 20)); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := idx.Close(); err != nil {
		t.Error(err)
	}
}

// A byte that flipped is found, searches end in words, and healing mends it.
func TestFlippedByteIsHealed(t *testing.T) {
	docs := archive(600, 40)
	s := newShelf(t)
	s.opts.OnError = nil
	s.gen.faults.onError = nil
	s.put(t, docs...)
	ctx := context.Background()
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	feed := func(put func(Batch) error) error { return put(Batch{Put: docs}) }
	if healed, err := s.Heal(ctx, feed); healed || err != nil {
		t.Fatalf("a sound index was rebuilt: %v", err)
	}
	for _, part := range []float64{.1, .5, .9} {
		files, err := filepath.Glob(filepath.Join(s.dir, s.gen.name, "store", "*.zap"))
		if err != nil || len(files) == 0 {
			t.Fatal("no segment: ", err)
		}
		file := slices.MaxFunc(files, func(a, b string) int { return int(size(t, a) - size(t, b)) })
		f, err := os.OpenFile(file, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		at := int64(part * float64(size(t, file)))
		var b [1]byte
		_, err = f.ReadAt(b[:], at)
		b[0] ^= 0xFF
		_, second := f.WriteAt(b[:], at)
		if err := errors.Join(err, second, f.Close()); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"", "bả bã", `"bả bã"`, "kh*", "level:local", "bả OR bã OR khường"} {
			if r, err := s.Search(ctx, Query{Text: text, Limit: 20, Facets: []string{"level", FacetMonth}}); err == nil && r == nil {
				t.Errorf("%s: neither an answer nor an error", text)
			}
		}
		if err := s.Check(ctx); !errors.Is(err, ErrRebuild) {
			t.Fatalf("at %.0f %%: a flipped byte was not seen: %v", 100*part, err)
		}
		healed, err := s.Heal(ctx, feed)
		if !healed || err != nil {
			t.Fatalf("healed %v, %v", healed, err)
		}
		if n, err := s.Count(); n != len(docs) || err != nil {
			t.Errorf("%d documents after healing, %v", n, err)
		}
	}
}

func size(t *testing.T, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
