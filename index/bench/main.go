// Command bench measures the index on a made archive of natural size, beside
// SQLite's FTS5 and PostgreSQL's tsvector on the same documents and questions
// in the same run: read the ratios, the times are this machine's.
//
//	go run ./index/bench                         # 100,000 documents
//	go run ./index/bench -docs 1000000 -alone    # a million, without the others
//	go run ./index/bench -postgres postgres://…  # with PostgreSQL
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	docs := flag.Int("docs", 100_000, "documents in the archive")
	alone := flag.Bool("alone", false, "without SQLite and PostgreSQL")
	postgres := flag.String("postgres", os.Getenv("DIEMBAO_TEST_POSTGRES"), "address of a database to fill with the table bench_doc")
	each := flag.Int("queries", 40, "questions of each kind")
	load := flag.Duration("load", 20*time.Second, "how long 50 users search while 50 documents a second arrive; 0 for not at all")
	scratch := flag.String("dir", "", "where to make the indexes; they are removed")
	keep := flag.String("keep", "", "keep the indexes in this directory, and use again those that are complete there")
	only := flag.Bool("others", false, "only fill SQLite and PostgreSQL, for a later run with -keep")
	some := flag.String("kinds", strings.Join(kinds, ","), "kinds of questions to ask")
	profile := flag.String("profile", "", "write a CPU profile of our own engine to this file")
	flag.Parse()
	b := bench{newArchive(*docs), *each, strings.Split(*some, ","), *alone, *postgres, *load}
	err := b.profiled(*profile, func() error { return b.in(*scratch, *keep, *only) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	*archive
	each     int
	kinds    []string
	alone    bool
	postgres string
	load     time.Duration
}

func (b bench) profiled(file string, measure func() error) error {
	if file == "" {
		return measure()
	}
	f, err := os.Create(file)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		return err
	}
	err = measure()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

// in measures in a directory that is removed, unless keep names one.
func (b bench) in(scratch, keep string, only bool) (err error) {
	dir := keep
	if keep == "" {
		if dir, err = os.MkdirTemp(scratch, "bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	} else if err := os.MkdirAll(keep, 0o700); err != nil {
		return err
	}
	ctx := context.Background()
	if only {
		_, err := others(ctx, dir, b.archive, b.postgres)
		return err
	}
	return b.run(ctx, dir)
}

func (b bench) run(ctx context.Context, dir string) error {
	o, kept, err := newOurs(filepath.Join(dir, "index"), b.archive)
	if err != nil {
		return err
	}
	if !kept {
		err = o.life(ctx)
	}
	engines := []engine{o}
	if err == nil && !b.alone {
		var more []engine
		more, err = others(ctx, dir, b.archive, b.postgres)
		engines = append(engines, more...)
	}
	if err == nil {
		err = b.table(ctx, engines)
	}
	memory("after the questions")
	if err == nil {
		err = o.underFire(ctx)
	}
	if err == nil && b.load > 0 {
		err = o.underLoad(ctx, b.load)
	}
	return errors.Join(err, o.Close())
}

// life fills the index and says what it cost.
func (o *ours) life(ctx context.Context) error {
	some := min(5000, o.archive.size)
	took, err := o.online(ctx, 0, some)
	if err != nil {
		return err
	}
	making := time.Now()
	bytes := 0
	for i := range some {
		t := o.archive.texts(i)
		bytes += len(t.Title) + len(t.Lead) + len(t.Body)
	}
	making0 := time.Since(making)
	fmt.Printf("%d documents of %d bytes; online, 50 at a time: %.0f/s\n", o.archive.size, bytes/some, float64(some)/(took-making0).Seconds())
	started, before := time.Now(), cpu()
	if err := o.rebuild(ctx, progress("rebuild", o.archive.size)); err != nil {
		return err
	}
	took = time.Since(started)
	size, err := bytesIn(o.dir)
	if err != nil {
		return err
	}
	perDoc := float64(bytes) / float64(some)
	worked := cpu() - before
	fmt.Printf("rebuild: %v, %.0f/s, %v of processor time, on %d quiet cores %.0f/s (making the documents took %v of it); %.2f bytes a text byte\n", took.Round(time.Second), float64(o.archive.size)/took.Seconds(),
		worked.Round(time.Second), runtime.NumCPU(), float64(o.archive.size)*float64(runtime.NumCPU())/worked.Seconds(),
		(making0 * time.Duration(o.archive.size) / time.Duration(some)).Round(time.Second), float64(size)/perDoc/float64(o.archive.size))
	memory("after the rebuild")
	return nil
}

// cpu is the processor time of this program so far: on a busy machine it tells
// more than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func progress(what string, all int) func(int) {
	last := time.Now()
	return func(done int) {
		if time.Since(last) > 10*time.Second {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "%s %d of %d\n", what, done, all)
		}
	}
}

func others(ctx context.Context, dir string, a *archive, postgres string) (list []engine, err error) {
	fts, err := openFTS5(dir, a)
	if err != nil {
		return nil, err
	}
	made := []*sqlEngine{fts}
	if postgres != "" {
		p, err := openPostgres(postgres, a)
		if err != nil {
			return nil, err
		}
		made = append(made, p)
	} else {
		fmt.Println("PostgreSQL is left out: give its address with -postgres")
	}
	for _, e := range made {
		list = append(list, e)
		if e.kept {
			continue
		}
		started := time.Now()
		if err := e.fill(ctx, progress("fill "+e.name(), a.size)); err != nil {
			return nil, err
		}
		size, err := e.size()
		if err != nil {
			return nil, err
		}
		fmt.Printf("%s: %.0f documents/s, %.0f MB with the texts\n", e.name(), float64(a.size)/time.Since(started).Seconds(), float64(size)/1e6)
	}
	return list, nil
}

// table asks every engine the same and prints milliseconds and ratios.
func (b bench) table(ctx context.Context, engines []engine) error {
	fmt.Printf("\n%-12s", "p50/p95 ms")
	for i, e := range engines {
		fmt.Printf(" %22s", e.name())
		if i > 0 {
			fmt.Printf(" %12s", "ratio")
		}
	}
	fmt.Println()
	for _, kind := range b.kinds {
		fmt.Printf("%-12s", kind)
		var own [2]time.Duration
		for i, e := range engines {
			n := b.each
			if i > 0 {
				n = min(b.each, 10)
			}
			took, err := clock(ctx, e, b.questions(kind, n))
			if err != nil {
				return err
			}
			p50, p95 := took[len(took)/2], took[len(took)*95/100]
			fmt.Printf(" %22s", fmt.Sprintf("%.1f / %.1f", ms(p50), ms(p95)))
			if i == 0 {
				own = [2]time.Duration{p50, p95}
			} else {
				fmt.Printf(" %12s", fmt.Sprintf("%.1f× / %.1f×", ms(p50)/ms(own[0]), ms(p95)/ms(own[1])))
			}
		}
		fmt.Println()
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// clock asks each question once to warm up and once by the clock.
func clock(ctx context.Context, e engine, list []question) (took []time.Duration, err error) {
	for _, q := range list {
		if err := e.ask(ctx, q); err != nil {
			return nil, err
		}
	}
	for _, q := range list {
		started := time.Now()
		if err := e.ask(ctx, q); err != nil {
			return nil, err
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	return took, nil
}

// memory prints the heap, and beside it what the system counts: mapped files
// are the page cache's, not the program's.
func memory(when string) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("memory %s: heap %d MB (of %d MB from the system)", when, m.HeapAlloc>>20, m.HeapSys>>20)
	if raw, err := os.ReadFile("/proc/self/status"); err == nil {
		for _, line := range strings.Split(string(raw), "\n") {
			if name, value, _ := strings.Cut(line, ":"); name == "VmRSS" || name == "RssAnon" || name == "RssFile" || name == "VmHWM" {
				fmt.Printf(", %s %s", name, strings.TrimSpace(value))
			}
		}
	}
	fmt.Println()
}
