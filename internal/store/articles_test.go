package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"diembao/internal/news"
)

func TestArticleComesBackAsItWentIn(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		in := article("mot", "Thẻ bảo hiểm y tế điện tử", "Người dân <không> cần & thẻ giấy.", "Đoạn một.\nĐoạn hai.")
		in.Author, in.Section, in.Tags, in.Form = "Lê Thị Mẫu", "Xã hội", []string{"thẻ", "bhyt"}, "news"
		in.Modified, in.FirstSeen = day0.Add(time.Hour), day0.Add(2*time.Minute+time.Millisecond)
		in.From, in.Doubts = map[string]string{"title": "h1", "published": `meta "x"`}, []string{"thân bài ngắn"}
		if put := putArticles(t, s, in); len(put.New) != 1 {
			t.Fatalf("put %+v", put)
		}
		in.Version = 1
		out, err := s.Article(ctx, in.ID)
		must(t, err)
		if d := cmp.Diff(in, out); d != "" {
			t.Error(d)
		}
		if _, err := s.Article(ctx, "0000000000000000"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown article: %v", err)
		}
		byURL, err := s.ArticleByURL(ctx, in.Canonical)
		must(t, err)
		many, err := s.Articles(ctx, []string{"nope", in.ID})
		must(t, err)
		texts, err := s.Texts(ctx, []string{in.ID})
		must(t, err)
		if byURL.ID != in.ID || len(many) != 1 || texts[in.ID].Body != in.Body {
			t.Errorf("by address %q, many %d, text %+v", byURL.ID, len(many), texts)
		}
	})
}

func TestTextThatPostgresRefusesIsKeptWithoutIt(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("hong", "Tiêu\x00 đề \xff hỏng", "", "thân\x00 bài")
		putArticles(t, s, a)
		if put := putArticles(t, s, a); len(put.Known) != 1 {
			t.Errorf("the same broken text again: %+v", put)
		}
		got, err := s.Article(ctx, a.ID)
		must(t, err)
		if got.Title != "Tiêu đề  hỏng" || got.Body != "thân bài" {
			t.Errorf("kept %q, %q", got.Title, got.Body)
		}
	})
}

func TestEditKeepsTheOldText(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("sua", "Quỹ chậm chi trả", "Lead.", "Thân bài cũ.")
		putArticles(t, s, a)
		b := a
		b.Title, b.Body, b.Via = "Quỹ đã chi trả", "Thân bài mới.", news.Import
		b.Via = news.Crawl
		do(t, s, func(tx *Tx) error {
			put, err := tx.PutArticles(ctx, []news.Article{b}, day0.Add(time.Hour))
			if len(put.Changed) != 1 {
				t.Errorf("an edit: %+v", put)
			}
			return err
		})
		vs, err := s.Versions(ctx, a.ID)
		must(t, err)
		want := []Version{{1, Text{a.Title, a.Lead, a.Body}, day0}, {2, Text{b.Title, a.Lead, b.Body}, day0.Add(time.Hour)}}
		if d := cmp.Diff(want, vs); d != "" {
			t.Error(d)
		}
	})
}

func TestPoorerTextDoesNotReplaceRicher(t *testing.T) {
	full := article("a", "Tiêu đề", "Lead đủ.", "Thân bài đủ.")
	for _, c := range []struct {
		name    string
		in      func(a *news.Article)
		changed bool
		want    Text
	}{
		{"an import without a body", func(a *news.Article) { a.Via, a.Body, a.Lead = news.Import, "", "" }, false, Text{"Tiêu đề", "Lead đủ.", "Thân bài đủ."}},
		{"an import with another title", func(a *news.Article) { a.Via, a.Title = news.Import, "Khác" }, false, Text{"Tiêu đề", "Lead đủ.", "Thân bài đủ."}},
		{"a crawl that found no body", func(a *news.Article) { a.Body = "" }, false, Text{"Tiêu đề", "Lead đủ.", "Thân bài đủ."}},
		{"a crawl that is in doubt", func(a *news.Article) { a.Body, a.Doubts = "Vụn.", []string{"ngắn"} }, false, Text{"Tiêu đề", "Lead đủ.", "Thân bài đủ."}},
		{"a crawl with a new title and no body", func(a *news.Article) { a.Title, a.Body = "Mới", "" }, true, Text{"Mới", "Lead đủ.", "Thân bài đủ."}},
		{"a crawl with a new body", func(a *news.Article) { a.Body = "Khác." }, true, Text{"Tiêu đề", "Lead đủ.", "Khác."}},
		{"a person's clip", func(a *news.Article) { a.Via, a.Lead = news.Clip, "Lead khác." }, true, Text{"Tiêu đề", "Lead khác.", "Thân bài đủ."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, o Options) {
				s := opened(t, o)
				putArticles(t, s, full)
				in := full
				c.in(&in)
				put := putArticles(t, s, in)
				texts, err := s.Texts(ctx, []string{full.ID})
				must(t, err)
				if got := texts[full.ID]; got != c.want || (len(put.Changed) == 1) != c.changed {
					t.Errorf("text %+v, put %+v", got, put)
				}
			})
		})
	}
}

func TestRicherTextFillsPoorer(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		poor := article("b", "Tiêu đề", "", "")
		poor.Via, poor.Published, poor.FirstSeen = news.Import, time.Time{}, day0.Add(time.Minute)
		putArticles(t, s, poor)
		full := article("b", "Tiêu đề", "Lead.", "Thân bài.")
		full.FirstSeen = day0.Add(time.Hour)
		putArticles(t, s, full)
		got, err := s.Article(ctx, full.ID)
		must(t, err)
		if got.Body != "Thân bài." || got.Version != 2 || got.Via != news.Import || !got.FirstSeen.Equal(poor.FirstSeen) || !got.Published.Equal(day0) {
			t.Errorf("got %+v", got)
		}
		gap := full
		gap.Author = "Trần Văn Mẫu"
		if put := putArticles(t, s, gap); len(put.Changed) != 1 {
			t.Errorf("a byline that was missing: %+v", put)
		}
		if got, err = s.Article(ctx, full.ID); err != nil || got.Version != 2 || got.Author != gap.Author {
			t.Errorf("a filled gap is no new version: %d %q %v", got.Version, got.Author, err)
		}
	})
}

// A second import of anything, in any order, in any batches, writes nothing.
func TestSecondImportChangesNothing(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		word := rapid.SampledFrom([]string{"", "một", "hai"})
		items := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) news.Article {
			a := article(fmt.Sprintf("%d-%d", run, rapid.IntRange(0, 3).Draw(rt, "article")), word.Draw(rt, "title"), word.Draw(rt, "lead"), word.Draw(rt, "body"))
			a.Via, a.Author = news.Import, word.Draw(rt, "author")
			return a
		}), 1, 12).Draw(rt, "items")
		cut := rapid.IntRange(0, len(items)).Draw(rt, "cut")
		putArticles(t, s, items[:cut]...)
		putArticles(t, s, items[cut:]...)
		again := rapid.Permutation(items).Draw(rt, "again")
		if put := putArticles(t, s, again...); len(put.New)+len(put.Changed) > 0 {
			rt.Fatalf("the second import wrote %+v", put)
		}
	})
}

func TestReaderThatRemembersANumberMissesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		done := make(chan error, 4)
		for w := range 4 {
			go func() {
				var err error
				for i := 0; i < 20 && err == nil; i++ {
					err = s.Do(ctx, func(tx *Tx) error {
						_, err := tx.PutArticles(ctx, []news.Article{article(fmt.Sprintf("w%d-%d", w, i), "Tiêu đề", "", ""),
							article("chung", fmt.Sprintf("Lần %d của %d", i, w), "", "")}, day0)
						return err
					})
				}
				done <- err
			}()
		}
		var seq int64
		seen := map[string]bool{}
		for running := 4; ; {
			as, err := s.ArticlesAfter(ctx, seq, 7)
			must(t, err)
			for _, a := range as {
				if a.Seq <= seq {
					t.Fatalf("number %d after %d", a.Seq, seq)
				}
				seq, seen[a.Canonical] = a.Seq, true
			}
			if len(as) == 0 && running == 0 {
				break
			}
			select {
			case err := <-done:
				must(t, err)
				running--
			default:
			}
		}
		if len(seen) != 81 {
			t.Errorf("saw %d articles of 81", len(seen))
		}
		last, _, err := s.LastSeq(ctx)
		must(t, err)
		if last != seq {
			t.Errorf("the last number is %d, seen %d", last, seq)
		}
	})
}

func TestDropBodiesDropsIrrelevantOnesAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		keep, drop := article("giu", "Giữ", "", "Thân."), article("bo", "Bỏ", "", "Thân cũ.")
		putArticles(t, s, keep, drop)
		edited := drop
		edited.Body = "Thân mới."
		putArticles(t, s, edited)
		putReadings(t, s, reading(keep), ArticleReading{ArticleID: drop.ID, Version: 2})
		n, err := s.DropBodies(ctx, day0.Add(time.Second))
		must(t, err)
		texts, err := s.Texts(ctx, []string{keep.ID, drop.ID})
		must(t, err)
		vs, err := s.Versions(ctx, drop.ID)
		must(t, err)
		if n != 1 || texts[keep.ID].Body == "" || texts[drop.ID].Body != "" || vs[0].Body != "" {
			t.Errorf("dropped %d, left %+v, versions %+v", n, texts, vs)
		}
		if put := putArticles(t, s, edited); len(put.Known) != 1 {
			t.Errorf("a dropped body that comes again: %+v", put)
		}
	})
}

func TestNewestPagesOverEverythingOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		var as []news.Article
		var rs []ArticleReading
		for i := range 23 {
			a := article(fmt.Sprintf("n%02d", i), strings.Repeat("x", i+1), "", "b")
			a.Published = day0.Add(time.Duration(i/3) * time.Hour) // some at the same time
			r := reading(a)
			if i%5 == 0 {
				r.Relevant, r.Tone = false, ""
			}
			as, rs = append(as, a), append(rs, r)
		}
		putArticles(t, s, as...)
		putReadings(t, s, rs...)
		for _, c := range []struct {
			f    Filter
			want int
		}{{Filter{}, 18}, {Filter{All: true}, 23}, {Filter{Topics: []string{"fraud"}, Provinces: []string{"hue"}, Tones: []string{"negative", "neutral"}}, 18},
			{Filter{Topics: []string{"none"}}, 0}, {Filter{From: day0.Add(time.Hour), To: day0.Add(2 * time.Hour)}, 2},
			{Filter{Insurance: []string{"bhyt"}, Levels: []string{"central"}, Outlets: []string{"bao-a"}, MinRisk: 2}, 18}, {Filter{MinRisk: 3}, 0}} {
			seen := map[string]bool{}
			last, cursor := day0.Add(1000*time.Hour), ""
			for first := true; first || cursor != ""; first = false {
				page, next, err := s.Newest(ctx, c.f, 4, cursor)
				must(t, err)
				for _, e := range page {
					if seen[e.ID] || When(e.Article).After(last) {
						t.Errorf("%+v: %s twice or out of order", c.f, e.ID)
					}
					seen[e.ID], last = true, When(e.Article)
				}
				cursor = next
			}
			if len(seen) != c.want {
				t.Errorf("%+v: %d articles, want %d", c.f, len(seen), c.want)
			}
		}
		if _, _, err := s.Newest(ctx, Filter{}, 4, "nonsense"); err == nil {
			t.Error("a cursor that is none was taken")
		}
	})
}

func TestReadingComesBackAsItWentIn(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a, b := article("r", "Tiêu đề", "", "Thân."), article("s", "Khác", "", "")
		putArticles(t, s, a, b)
		in, no := reading(a), reading(b)
		no.Relevant = false
		putReadings(t, s, in, no)
		putReadings(t, s, in) // again
		out, err := s.Reading(ctx, a.ID)
		must(t, err)
		if d := cmp.Diff(in, out); d != "" {
			t.Error(d)
		}
		out, err = s.Reading(ctx, b.ID)
		must(t, err)
		if len(out.Verdicts) != 1 || len(out.Topics) != 0 {
			t.Errorf("an irrelevant reading kept %+v", out)
		}
		shelf, err := s.ReadingsAfter(ctx, 0, 10)
		must(t, err)
		if len(shelf) != 2 || shelf[1].Article.ID != a.ID || shelf[1].Article.Body != "Thân." {
			t.Errorf("the shelf: %+v", shelf)
		}
		if d := cmp.Diff(in, shelf[1].Reading, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.PutReadings(ctx, []ArticleReading{{ArticleID: "ffff"}}) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("a reading of nothing: %v", err)
		}
	})
}
