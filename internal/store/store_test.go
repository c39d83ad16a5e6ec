package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

func TestDoKeepsAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		stop := errors.New("stop")
		err := s.Do(ctx, func(tx *Tx) error {
			if _, err := tx.PutArticles(ctx, []news.Article{article("x", "t", "", "b")}, day0); err != nil {
				return err
			}
			if a, err := tx.Article(ctx, news.ID("bao-a.example/x")); err != nil || a.Body != "b" {
				t.Errorf("a transaction does not see what it wrote: %v", err)
			}
			return stop
		})
		if err != stop {
			t.Errorf("the error came back as %v", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.Do(ctx, func(tx *Tx) error {
				if _, err := tx.PutArticles(ctx, []news.Article{article("y", "t", "", "b")}, day0); err != nil {
					return err
				}
				panic("in the middle")
			})
		}()
		if n, err := s.Totals(ctx); err != nil || n.Articles != 0 {
			t.Errorf("kept %+v, %v", n, err)
		}
		if put := putArticles(t, s, article("x", "t", "", "b")); len(put.New) != 1 {
			t.Errorf("after a panic nothing can be written: %+v", put)
		}
	})
}

func TestMarkMovesFromWhereItStands(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		do(t, s, func(tx *Tx) error { return tx.MoveMark(ctx, MarkRead, 0, 7) })
		err := s.Do(ctx, func(tx *Tx) error { return tx.MoveMark(ctx, MarkRead, 0, 9) })
		if !errors.Is(err, ErrMarkMoved) {
			t.Errorf("another node's move: %v", err)
		}
		do(t, s, func(tx *Tx) error { return tx.MoveMark(ctx, MarkRead, 7, 0) })
		if n, err := s.Mark(ctx, MarkRead); err != nil || n != 0 {
			t.Errorf("moved back to %d, %v", n, err)
		}
	})
}

func TestTickIsTakenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		take := func(at time.Time) (mine bool) {
			do(t, s, func(tx *Tx) (err error) { mine, err = tx.TakeTick(ctx, "week", at); return err })
			return mine
		}
		if !take(day0) || take(day0) || take(day0.Add(-time.Hour)) || !take(day0.Add(time.Hour)) {
			t.Error("a tick was taken twice, or not at all")
		}
		if last, err := s.LastTick(ctx, "week"); err != nil || !last.Equal(day0.Add(time.Hour)) {
			t.Errorf("last %v, %v", last, err)
		}
		if last, err := s.LastTick(ctx, "other"); err != nil || !last.IsZero() {
			t.Errorf("never: %v, %v", last, err)
		}
	})
}

func TestRunsAreRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		var second int64
		do(t, s, func(tx *Tx) error {
			id, err := tx.RunStarted(ctx, "gather", "bao-a", day0)
			must(t, err)
			must(t, tx.RunEnded(ctx, id, day0.Add(time.Second), errors.New("bị chặn")))
			second, err = tx.RunStarted(ctx, "gather", "bao-b", day0)
			return err
		})
		r, err := s.LastRun(ctx, "gather", "bao-a")
		must(t, err)
		if r.Why != "bị chặn" || !r.Ended.Equal(day0.Add(time.Second)) {
			t.Errorf("run %+v", r)
		}
		rs, err := s.Runs(ctx, 5)
		must(t, err)
		if len(rs) != 2 || rs[0].ID != second || !rs[0].Ended.IsZero() {
			t.Errorf("runs %+v", rs)
		}
		if _, err := s.LastRun(ctx, "read", ""); !errors.Is(err, ErrNotFound) {
			t.Errorf("never run: %v", err)
		}
		do(t, s, func(tx *Tx) error {
			must(t, tx.RunEnded(ctx, second, day0, nil))
			_, err := tx.RunStarted(ctx, "gather", "bao-b", day0.Add(time.Hour))
			must(t, err)
			n, err := tx.DropRuns(ctx, day0.Add(time.Minute))
			if n != 1 {
				t.Errorf("forgot %d runs; the last of each job stays", n)
			}
			return err
		})
	})
}

func link(path string, published time.Time) KeyedLink {
	return KeyedLink{"bao-a.example/" + path, news.Link{URL: "https://bao-a.example/" + path + "?utm_source=x", Outlet: "bao-a",
		Source: "https://bao-a.example/rss", Title: "Tiêu đề", Lead: "Lead", Published: published, DateFrom: "pubDate"}}
}

func TestLinksAreKeptForEverAndComeDue(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a, b, c := link("a", day0), link("b", day0.Add(time.Hour)), link("c", time.Time{})
		var fresh []KeyedLink
		put := func(now time.Time, ls ...KeyedLink) {
			do(t, s, func(tx *Tx) (err error) { fresh, err = tx.PutLinks(ctx, ls, now); return err })
		}
		due := func(now time.Time) (ids string) {
			ls, err := s.DueLinks(ctx, "bao-a", now, 10)
			must(t, err)
			for _, l := range ls {
				ids += strings.TrimPrefix(l.Canonical, "bao-a.example/")
			}
			return ids
		}
		put(day0, a, b, a)
		if len(fresh) != 2 {
			t.Errorf("new: %+v", fresh)
		}
		if put(day0.Add(time.Hour), a, c); len(fresh) != 1 || fresh[0].Canonical != c.Canonical {
			t.Errorf("new the second time: %+v", fresh)
		}
		if got := due(day0); got != "ba" {
			t.Errorf("due: %s, want b (newer), a", got)
		}
		do(t, s, func(tx *Tx) error {
			must(t, tx.LinkDone(ctx, b.Canonical, "article", "", "id-b", day0.Add(5*time.Hour)))
			must(t, tx.LinkFailed(ctx, a.Canonical, "503", day0.Add(2*time.Hour)))
			return tx.LinkFailed(ctx, c.Canonical, "404", time.Time{})
		})
		if got := due(day0.Add(3*time.Hour)) + " " + due(day0.Add(5*time.Hour)); got != "a ba" {
			t.Errorf("due later: %q", got)
		}
		l, err := s.Link(ctx, c.Canonical)
		must(t, err)
		want := LinkState{KeyedLink: c, FirstSeen: day0.Add(time.Hour), Verdict: "given-up", Why: "404", Attempts: 1}
		if d := cmp.Diff(want, l); d != "" {
			t.Error(d)
		}
		tallies, err := s.LinkTallies(ctx, day0, day0.Add(time.Minute))
		must(t, err)
		if d := cmp.Diff([]LinkTally{{"bao-a", "", 1}, {"bao-a", "article", 1}}, tallies); d != "" {
			t.Error(d)
		}
	})
}

func TestSourceKeepsSinceWhenItIsHowItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		at := func(h int) time.Time { return day0.Add(time.Duration(h) * time.Hour) }
		for h, state := range []string{"ok", "blocked", "blocked", "blocked"} {
			do(t, s, func(tx *Tx) error {
				return tx.PutSource(ctx, SourceState{Outlet: "bao-a", URL: "u", State: state, LastTry: at(h), LastOK: at(0),
					Evidence: "403", Failures: h, Pause: time.Minute, Next: at(h + 1)})
			})
		}
		got, err := s.Source(ctx, "bao-a", "u")
		must(t, err)
		want := SourceState{Outlet: "bao-a", URL: "u", State: "blocked", Since: at(1), Evidence: "403", Failures: 3,
			LastOK: at(0), LastTry: at(3), Next: at(4), Pause: time.Minute}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if got, err := s.Source(ctx, "bao-a", "v"); err != nil || got.State != "" || got.URL != "v" {
			t.Errorf("a source never asked: %+v, %v", got, err)
		}
		a := article("a", "t", "", "b")
		a.FirstSeen = at(2)
		putArticles(t, s, a)
		putReadings(t, s, reading(a))
		hs, err := s.Health(ctx, at(1))
		must(t, err)
		if len(hs) != 1 || hs[0].Articles != 1 || hs[0].Kept != 1 || len(hs[0].Sources) != 1 || !hs[0].LastOK.Equal(at(0)) || !hs[0].LastArticle.Equal(at(2)) {
			t.Errorf("health %+v", hs)
		}
	})
}

func TestCorrectionStandsUntilUndone(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("a", "t", "", "b")
		putArticles(t, s, a)
		before, _, err := s.LastSeq(ctx)
		must(t, err)
		var id int64
		for _, tone := range []string{"neutral", "positive"} {
			do(t, s, func(tx *Tx) (err error) {
				id, err = tx.PutCorrection(ctx, Correction{ArticleID: a.ID, Axis: "tone", Value: tone, Who: "hoa", Why: "đọc lại", At: day0})
				return err
			})
		}
		of, err := s.CorrectionsOf(ctx, []string{a.ID, "x"})
		must(t, err)
		if len(of[a.ID]) != 1 || of[a.ID][0].Value != "positive" {
			t.Errorf("standing: %+v", of)
		}
		if after, _, err := s.LastSeq(ctx); err != nil || after <= before {
			t.Errorf("a correction does not have the article read again: %d, %v", after, err)
		}
		do(t, s, func(tx *Tx) error { return tx.UndoCorrection(ctx, id, day0.Add(time.Hour)) })
		all, err := s.Corrections(ctx, a.ID)
		must(t, err)
		if len(all) != 2 || all[1].Undone.IsZero() {
			t.Errorf("all: %+v", all)
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.UndoCorrection(ctx, id, day0) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestOpenRefusesInWords(t *testing.T) {
	t.Run("a newer archive", func(t *testing.T) {
		onBoth(t, func(t *testing.T, o Options) {
			s, err := Open(ctx, o)
			must(t, err)
			do(t, s, func(tx *Tx) error {
				_, err := tx.q.exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, $1)`, true)
				return err
			})
			must(t, s.Close())
			if _, err = Open(ctx, o); !errors.Is(err, ErrNewer) {
				t.Errorf("opened: %v", err)
			}
			if _, err := Pending(ctx, o); !errors.Is(err, ErrNewer) {
				t.Errorf("dry run: %v", err)
			}
		})
	})
	t.Run("a damaged file", func(t *testing.T) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, File), []byte(strings.Repeat("not a database", 1000)), 0o600))
		if _, err := Open(ctx, Options{Dir: dir}); !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
	})
	t.Run("a file in place of the directory", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(file, nil, 0o600))
		if _, err := Open(ctx, Options{Dir: file}); err == nil || !strings.Contains(err.Error(), "--data") {
			t.Error(err)
		}
	})
	t.Run("somebody else's directory", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("only root can give a directory away")
		}
		dir := t.TempDir()
		must(t, os.Chown(dir, 12345, 12345))
		if _, err := Open(ctx, Options{Dir: dir}); !errors.Is(err, ErrOwner) {
			t.Error(err)
		}
	})
	t.Run("a wrong address", func(t *testing.T) {
		for _, dsn := range []string{"mysql://x", "postgres://nobody:secret@127.0.0.1:1/none"} {
			_, err := Open(ctx, Options{DSN: dsn})
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Error(err)
			}
		}
	})
	t.Run("nothing to read", func(t *testing.T) {
		if _, err := Open(ctx, Options{Dir: t.TempDir(), ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "there is none") {
			t.Error(err)
		}
	})
}

func TestReadOnlyReadsAndDoesNotWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		w := opened(t, o)
		putArticles(t, w, article("a", "t", "", "b"))
		o.ReadOnly = true
		r := opened(t, o)
		if n, err := r.Totals(ctx); err != nil || n.Articles != 1 {
			t.Errorf("read %+v, %v", n, err)
		}
		if err := r.Do(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrReadOnly) {
			t.Errorf("wrote: %v", err)
		}
	})
}

func TestPendingChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		for range 2 {
			if names, err := Pending(ctx, o); err != nil || len(names) == 0 {
				t.Fatalf("pending %v, %v", names, err)
			}
		}
		s := opened(t, o)
		if has, knows, err := s.Version(ctx); err != nil || has != knows || has == 0 {
			t.Errorf("version %d of %d, %v", has, knows, err)
		}
		if names, err := Pending(ctx, o); err != nil || len(names) != 0 {
			t.Errorf("pending after: %v, %v", names, err)
		}
	})
}

// A disk that is full is said in words, what is stored can still be read, and
// writing goes on when there is space again.
func TestFullDiskHeals(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	putArticles(t, s, article("a", "t", "", "b"))
	pages, err := first(ctx, lite{s.write}, scan[int64], `PRAGMA page_count`)
	must(t, err)
	limit := func(n int64) {
		_, err := lite{s.write}.exec(ctx, `PRAGMA max_page_count = `+itoa(n))
		must(t, err)
	}
	limit(pages)
	big := article("b", "t", "", strings.Repeat("Thân bài. ", 100_000))
	err = s.Do(ctx, func(tx *Tx) error { _, err := tx.PutArticles(ctx, []news.Article{big}, day0); return err })
	if !errors.Is(err, ErrFull) {
		t.Errorf("a full disk: %v", err)
	}
	if n, err := s.Totals(ctx); err != nil || n.Articles != 1 {
		t.Errorf("on a full disk: %+v, %v", n, err)
	}
	limit(1 << 30)
	if put := putArticles(t, s, big); len(put.New) != 1 {
		t.Errorf("with space again: %+v", put)
	}
}

func TestAnotherProcessThatWritesIsNamed(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	s, other := opened(t, o), opened(t, o)
	_, err := lite{s.write}.exec(ctx, `PRAGMA busy_timeout = 50`)
	must(t, err)
	do(t, other, func(*Tx) error {
		if err := s.Do(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrBusy) {
			t.Errorf("locked: %v", err)
		}
		return nil
	})
	do(t, s, func(*Tx) error { return nil })
}

func TestKnownCauses(t *testing.T) {
	if again(ctx, syscall.ENOENT) || known(syscall.ENOENT) != nil {
		t.Error("a strange error has no known cause")
	}
}
