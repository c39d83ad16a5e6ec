package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"diembao/internal/news"
)

// writeUntilKilled is the body of a process that TestKill ends with SIGKILL:
// it writes batches of ten articles with their readings and moves a mark with
// each, and says so when the batch is kept.
func writeUntilKilled() {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	s, err := Open(ctx, Options{DSN: os.Getenv("STORE_TEST_DSN"), Dir: os.Getenv("STORE_TEST_DIE_IN")})
	fail(err)
	from, err := s.Mark(ctx, "batches")
	fail(err)
	for n := from; ; n++ {
		fail(s.Do(ctx, func(tx *Tx) error {
			var as []news.Article
			for i := range 10 {
				as = append(as, article(fmt.Sprintf("%d-%d", n, i), "Tiêu đề", "Lead.", "Thân bài."))
			}
			if _, err := tx.PutArticles(ctx, as, day0); err != nil {
				return err
			}
			for _, a := range as {
				if err := tx.PutReadings(ctx, []ArticleReading{reading(a)}); err != nil {
					return err
				}
			}
			return tx.MoveMark(ctx, "batches", n, n+1)
		}))
		fmt.Println(n + 1)
	}
}

// A process that is killed at any point leaves what it said was kept, and
// nothing by halves.
func TestKill(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		for round := range 5 {
			kept := killed(t, o, time.Duration(round*7)*time.Millisecond)
			s, err := Open(ctx, o)
			must(t, err)
			mark, err := s.Mark(ctx, "batches")
			must(t, err)
			totals, err := s.Totals(ctx)
			must(t, err)
			last, _, err := s.LastSeq(ctx)
			must(t, err)
			if mark < kept || totals.Articles != int(mark)*10 || totals.Read != totals.Articles || last == 0 {
				t.Errorf("said %d batches, kept %d: %+v", kept, mark, totals)
			}
			if s.write != nil {
				if words, err := first(ctx, lite{s.write}, scan[string], `PRAGMA integrity_check`); err != nil || words != "ok" {
					t.Errorf("integrity: %s %v", words, err)
				}
			}
			must(t, s.Close())
		}
	})
}

// killed starts the writer, kills it some time after its first batches and
// returns the number of the last batch it said was kept.
func killed(t *testing.T, o Options, after time.Duration) (kept int64) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_DIE_IN="+o.Dir, "STORE_TEST_DSN="+o.DSN)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for said := 0; lines.Scan(); said++ {
		_, err := fmt.Sscan(lines.Text(), &kept)
		must(t, err)
		if said == 3 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the writer ended by itself: %v", err)
	}
	return kept
}
