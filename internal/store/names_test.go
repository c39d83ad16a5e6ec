package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

func TestFurtherNames(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		old := article("ten-cu-77.html", "Tựa cũ", "Sapo.", "Thân bài.")
		other := article("bai-khac.html", "Bài khác", "Sapo.", "Thân bài.")
		putArticles(t, s, old, other)
		do(t, s, func(tx *Tx) error { return tx.AddName(ctx, "bao-a.example#77", old.ID, "rules", day0) })
		do(t, s, func(tx *Tx) error { return tx.AddName(ctx, "bao-a.example#77", old.ID, "again", day0) })
		for name, id := range map[string]string{other.Canonical: old.ID, "bao-a.example#77": other.ID} {
			if err := s.Do(ctx, func(tx *Tx) error { return tx.AddName(ctx, name, id, "wrong", day0) }); !errors.Is(err, ErrNamed) {
				t.Errorf("naming %s %s: %v", id, name, err)
			}
		}
		edited := article("", "Tựa mới", "Sapo.", "Thân bài.")
		edited.URL, edited.Canonical = "https://bao-a.example/ten-moi-77.html", "bao-a.example#77"
		edited.ID = news.ID(edited.Canonical)
		found, err := s.Identified(ctx, []news.Article{edited, other})
		must(t, err)
		if found[0].ID != old.ID || found[1].ID != other.ID {
			t.Fatalf("identified as %s and %s", found[0].ID, found[1].ID)
		}
		if put := putArticles(t, s, found...); len(put.New) != 0 || len(put.Changed) != 1 {
			t.Fatalf("put %+v", put)
		}
		got, err := s.ArticleByURL(ctx, "bao-a.example#77")
		must(t, err)
		if got.ID != old.ID || got.Title != "Tựa mới" || got.Version != 2 || got.Canonical != old.Canonical {
			t.Errorf("found %+v", got)
		}
	})
}

func TestLinksAreRenamed(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		link := func(name string) KeyedLink {
			return KeyedLink{Canonical: name, Link: news.Link{URL: "https://" + name, Outlet: "bao-a"}}
		}
		do(t, s, func(tx *Tx) error {
			_, err := tx.PutLinks(ctx, []KeyedLink{link("a.example/x-7.html"), link("a.example/y-7.html")}, day0)
			return err
		})
		do(t, s, func(tx *Tx) error { return tx.RenameLink(ctx, "a.example/x-7.html", "a.example#7") })
		do(t, s, func(tx *Tx) error { return tx.RenameLink(ctx, "a.example/y-7.html", "a.example#7") })
		if l, err := s.Link(ctx, "a.example#7"); err != nil || l.URL != "https://a.example/x-7.html" || l.Next.IsZero() {
			t.Errorf("the first link: %+v %v", l, err)
		}
		if l, err := s.Link(ctx, "a.example/y-7.html"); err != nil || l.Verdict != "same" || !l.Next.IsZero() {
			t.Errorf("the second link: %+v %v", l, err)
		}
	})
}

func TestRemovalAndReturn(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("bai", "Tựa", "Sapo.", "Thân.")
		putArticles(t, s, a)
		gone := Removal{ArticleID: a.ID, At: day0, Code: "gone", Evidence: "the server answered 404"}
		for i, want := range []bool{true, false} {
			do(t, s, func(tx *Tx) error {
				fresh, err := tx.Removed(ctx, gone)
				if fresh != want {
					t.Errorf("telling %d: %v", i, fresh)
				}
				return err
			})
		}
		if n, err := s.RemovedSince(ctx, day0.Add(-time.Hour)); err != nil || n["bao-a"] != 1 {
			t.Errorf("removed: %v %v", n, err)
		}
		do(t, s, func(tx *Tx) error {
			back, err := tx.Returned(ctx, a.ID, day0.Add(time.Hour))
			if !back {
				t.Error("it did not return")
			}
			return err
		})
		gone.Back = day0.Add(time.Hour)
		rs, err := s.Removals(ctx, a.ID)
		must(t, err)
		if d := cmp.Diff([]Removal{gone}, rs); d != "" {
			t.Error(d)
		}
		if n, err := s.RemovedSince(ctx, day0.Add(-time.Hour)); err != nil || n["bao-a"] != 0 {
			t.Errorf("removed after its return: %v %v", n, err)
		}
	})
}

func TestStandingDecidesTheNextLook(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		hot, unread, off := article("nong", "Nóng", "", ""), article("chua", "Chưa đọc", "", ""), article("ngoai", "Ngoài", "", "")
		putArticles(t, s, hot, unread, off)
		outside := reading(off)
		outside.Relevant = false
		putReadings(t, s, reading(hot), outside)
		do(t, s, func(tx *Tx) error {
			if _, err := tx.PutLinks(ctx, []KeyedLink{{Canonical: hot.Canonical, Link: news.Link{URL: hot.URL, Outlet: "bao-a"}}}, day0); err != nil {
				return err
			}
			if err := tx.LinkDone(ctx, hot.Canonical, "article", "", hot.ID, day0.Add(24*time.Hour)); err != nil {
				return err
			}
			if err := tx.PutStories(ctx, []news.Story{{ID: "s-1", Title: "Nóng"}}); err != nil {
				return err
			}
			if err := tx.Place(ctx, []Placement{{ArticleID: hot.ID, StoryID: "s-1"}}); err != nil {
				return err
			}
			return tx.PutIncident(ctx, news.Incident{ID: "i-1", Story: "s-1", State: news.Open, Level: 1, Opened: day0, Updated: day0})
		})
		got, err := s.Standings(ctx, []string{hot.ID, unread.ID, off.ID})
		must(t, err)
		want := map[string]Standing{
			hot.ID: {Read: true, Kept: true, Incident: true, Seen: day0}, unread.ID: {Seen: day0}, off.ID: {Read: true, Seen: day0},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		for _, at := range []time.Time{day0.Add(time.Hour), day0.Add(2 * time.Hour)} {
			do(t, s, func(tx *Tx) error { return tx.Hurry(ctx, "s-1", at) })
			if l, err := s.Link(ctx, hot.Canonical); err != nil || !l.Next.Equal(day0.Add(time.Hour)) {
				t.Errorf("hurried to %s: next %s %v", at, l.Next, err)
			}
		}
	})
}

func TestClipComesBackAsItWentIn(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("clip", "Tựa trên báo in", "", "")
		a.Via = news.Clip
		putArticles(t, s, a)
		scan := ClipFile{Name: "trang3.pdf", Path: "evidence/clips/ab/abc.pdf", SHA256: "abc", Size: 7, Type: "application/pdf"}
		in := Clip{ArticleID: a.ID, Medium: "print", Page: "3", Issue: "12.345", Aired: day0, Length: 90 * time.Second,
			Reach: 1200, ReachAt: day0, SeenBy: "Chị Mẫu", Note: "góc phải", Files: []ClipFile{scan}, AddedBy: "trực ban", Added: day0}
		do(t, s, func(tx *Tx) error { return tx.PutClip(ctx, in) })
		second := in
		second.Note, second.Files = "góc trái", []ClipFile{scan, {Name: "2.png", Path: "evidence/clips/cd/cd.png", SHA256: "cd", Size: 9, Type: "image/png"}}
		do(t, s, func(tx *Tx) error { return tx.PutClip(ctx, second) })
		got, err := s.Clips(ctx, []string{a.ID, "unknown"})
		must(t, err)
		if d := cmp.Diff(map[string]Clip{a.ID: second}, got); d != "" {
			t.Error(d)
		}
	})
}
