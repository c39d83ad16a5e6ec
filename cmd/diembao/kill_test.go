package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/config"
	"diembao/internal/demo"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// TestKill kills the real process with SIGKILL, fifty times, at random points
// of Gather, Read and Shelve, on a press that stands at the end of the demo's
// week. Then it lets the process finish and holds the archive and the index
// against those of a process that nobody disturbed: nothing is lost, nothing
// is doubled. DIEMBAO_TEST_SEED=… repeats the kills of a run that failed.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the process fifty times")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	k := newKiller(t, ctx)
	calm, killed := t.TempDir(), t.TempDir()
	k.done("crawl", calm)
	k.whileGathering(killed, 30)
	k.whileReading(killed, 50-k.gathering)
	k.done("crawl", killed)
	t.Logf("killed %d times while gathering, %d while reading and shelving; seed %d", k.gathering, k.reading, k.seed)
	if k.gathering+k.reading < 50 {
		t.Errorf("%d kills, want 50: the process was too fast for the test", k.gathering+k.reading)
	}
	if k.gathering < 15 {
		t.Errorf("only %d kills met it gathering", k.gathering)
	}
	if diff := cmp.Diff(archived(t, calm), archived(t, killed)); diff != "" {
		t.Errorf("seed %d: the killed archive differs (-undisturbed +killed):\n%s", k.seed, diff)
	}
	if diff := cmp.Diff(k.found(calm), k.found(killed)); diff != "" {
		t.Errorf("seed %d: the killed index differs (-undisturbed +killed):\n%s", k.seed, diff)
	}
}

// killer runs the program against a press on loopback and ends it.
type killer struct {
	*testing.T
	ctx                context.Context
	seed               uint64
	dice               *rand.Rand
	exe, config        string
	pages              atomic.Int64 // article pages that were asked for
	gathering, reading int
}

func newKiller(t *testing.T, ctx context.Context) *killer {
	k := &killer{T: t, ctx: ctx, seed: uint64(time.Now().UnixNano())}
	if s := os.Getenv("DIEMBAO_TEST_SEED"); s != "" {
		seed, err := strconv.ParseUint(s, 10, 64)
		k.must(err)
		k.seed = seed
	}
	k.dice = rand.New(rand.NewPCG(k.seed, 0))
	exe, err := os.Executable()
	k.must(err)
	k.exe = exe
	k.press()
	return k
}

func (k *killer) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatalf("seed %d: %v", k.seed, err)
	}
}

// press serves the demo's papers as they stand at the end of the week, and
// writes a configuration that reads them one after the other: so the order in
// which articles arrive, and with it the stories, is the same each time.
func (k *killer) press() {
	press, err := demo.Open()
	k.must(err)
	papers := press.Handler(press.End)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "-") && strings.Contains(r.URL.Path, ".htm") || strings.Contains(r.URL.RawQuery, "ItemID") || strings.HasPrefix(r.URL.Path, "/2026/") {
			k.pages.Add(1)
		}
		if r.URL.Path == "/robots.txt" {
			w = hasty{w}
		}
		papers.ServeHTTP(w, r)
	}))
	k.Cleanup(srv.Close)
	pack, err := config.Default()
	k.must(err)
	overlay, err := press.Overlay(srv.Listener.Addr().(*net.TCPAddr).Port, "thu", pack.Outlets)
	k.must(err)
	k.config = filepath.Join(k.TempDir(), "diembao.yaml")
	overlay = bytes.Replace(overlay, []byte("fetch:\n"), []byte("fetch:\n  parallel: 1\n"), 1)
	k.must(os.WriteFile(k.config, overlay, 0o600))
}

// hasty leaves the Crawl-delay out of a robots.txt: the test has no time for it.
type hasty struct{ http.ResponseWriter }

func (h hasty) Write(b []byte) (int, error) {
	_, err := h.ResponseWriter.Write(bytes.Replace(b, []byte("Crawl-delay: 1\n"), []byte("Crawl-delay: 0\n"), 1))
	return len(b), err
}

// program is a command of the program on a data directory.
func (k *killer) program(verb, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(k.ctx, k.exe)
	cmd.Args = append([]string{"diembao", verb, "--config", k.config, "--data", dir}, args...)
	cmd.Stderr = &bytes.Buffer{}
	return cmd
}

// done runs a command to its end and returns its answer.
func (k *killer) done(verb, dir string, args ...string) []byte {
	k.Helper()
	cmd := k.program(verb, dir, args...)
	out, err := cmd.Output()
	if err != nil {
		k.Fatalf("seed %d: %s: %v\n%s", k.seed, verb, err, cmd.Stderr)
	}
	return out
}

// whileGathering kills `crawl` a moment after some pages were asked for. What
// came is read and shelved meanwhile, so that a kill may meet any of the three.
func (k *killer) whileGathering(dir string, times int) {
	for range times {
		after := k.pages.Load() + 1 + k.dice.Int64N(4)
		moment := time.Duration(k.dice.Int64N(int64(30 * time.Millisecond)))
		if !k.kill(k.program("crawl", dir), func() bool { return k.pages.Load() >= after }, moment) {
			return // it was all gathered
		}
		k.gathering++
	}
}

// whileReading kills `reread`, which reads and shelves everything anew; now and
// then the index is lost as well. Kills that came too late do not count.
func (k *killer) whileReading(dir string, times int) {
	begun := time.Now()
	k.done("reread", dir)
	whole := time.Since(begun)
	for try := 0; k.reading < times && try < 3*times; try++ {
		if try%4 == 3 {
			k.must(os.RemoveAll(filepath.Join(dir, "index")))
		}
		if k.kill(k.program("reread", dir), func() bool { return true }, time.Duration(k.dice.Int64N(int64(whole)))) {
			k.reading++
		}
	}
}

// kill starts a command and kills it a moment after it has come so far; it
// reports whether the command was still running then.
func (k *killer) kill(cmd *exec.Cmd, soFar func() bool, moment time.Duration) bool {
	k.Helper()
	k.must(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for !soFar() {
		select {
		case err := <-ended:
			return k.ended(cmd, err)
		case <-time.After(time.Millisecond):
		}
	}
	select {
	case err := <-ended:
		return k.ended(cmd, err)
	case <-time.After(moment):
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		k.must(err)
	}
	return k.ended(cmd, <-ended)
}

// ended reports whether a command was killed; one that failed by itself fails the test.
func (k *killer) ended(cmd *exec.Cmd, err error) bool {
	k.Helper()
	if err != nil && cmd.ProcessState.Exited() {
		k.Fatalf("seed %d: after %d kills %v: %v\n%s", k.seed, k.gathering+k.reading, cmd.Args[1:], err, cmd.Stderr)
	}
	return err != nil
}

// archived writes down everything in an archive but the times of this test.
func archived(t *testing.T, dir string) map[string]string {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	defer func() { check(s.Close()) }()
	out := map[string]string{}
	say := func(key string, v any) {
		raw, err := json.Marshal(v)
		check(err)
		out[key] = string(raw)
	}
	totals, err := s.Totals(ctx)
	check(err)
	say("totals", totals)
	entries, _, err := s.Newest(ctx, store.Filter{All: true}, 100_000, "")
	check(err)
	for _, e := range entries {
		a, err := s.Article(ctx, e.ID)
		check(err)
		l, err := s.Link(ctx, a.Canonical)
		check(err)
		r, err := s.Reading(ctx, e.ID)
		check(err)
		versions, err := s.Versions(ctx, e.ID)
		check(err)
		a.FirstSeen = time.Time{}
		for i := range versions {
			versions[i].Since = time.Time{}
		}
		say(a.URL, []any{a, r, e.Story, e.CopyOf, versions, l.Verdict, l.Why, l.ArticleID})
	}
	stories, err := s.Stories(ctx, store.StoryFilter{Limit: 10_000})
	check(err)
	for _, x := range stories {
		say("story "+x.ID, x)
	}
	tallies, err := s.LinkTallies(ctx, time.Time{}, time.Now().Add(time.Hour))
	check(err)
	say("links", tallies)
	sources, err := s.Sources(ctx, "")
	check(err)
	for _, x := range sources {
		say("source "+x.URL, []any{x.Failures > 0, x.Evidence})
	}
	return out
}

// found is what the index answers: totals, articles in the order of time, facets.
func (k *killer) found(dir string) map[string]string {
	out := map[string]string{}
	for _, q := range []string{"all:", "", "bảo hiểm y tế", "luong huu", `"lương hưu"`, "level:local", "tone:negative"} {
		var f pipeline.Found
		k.must(json.Unmarshal(k.done("search", dir, "--json", "--sort", "newest", "--limit", "1000", "--", q), &f))
		var b strings.Builder
		fmt.Fprintln(&b, f.Total, f.Facets)
		for _, h := range f.Hits {
			fmt.Fprintln(&b, h.ID, h.Title, h.Story, h.Copies, h.Topics, h.Provinces, h.Tone)
		}
		out[q] = b.String()
	}
	return out
}
