package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestOpenAsksForARebuild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	if _, err := Open(dir, testSchema, Options{}); !errors.Is(err, ErrRebuild) {
		t.Fatalf("nothing there: %v", err)
	}
	idx, err := Create(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := idx.Apply(context.Background(), Batch{Put: archive(50, 20), Marks: map[string]string{"shelve": "50"}}); err != nil {
		t.Fatal(err)
	}
	if err := idx.Close(); err != nil {
		t.Fatal(err)
	}
	reopened, err := Open(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := reopened.Count()
	mark, markErr := reopened.Mark("shelve")
	if n != 50 || mark != "50" || err != nil || markErr != nil {
		t.Errorf("%d documents, mark %q, %v %v", n, mark, err, markErr)
	}
	if err := reopened.Close(); err != nil {
		t.Fatal(err)
	}
	other := testSchema
	other.Version = "2"
	if _, err := Open(dir, other, Options{}); !errors.Is(err, ErrRebuild) {
		t.Errorf("another version: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "gen-*", "store", "root.bolt"))
	if err != nil || len(files) != 1 {
		t.Fatal("no root file: ", files, err)
	}
	if err := os.WriteFile(files[0], []byte("not an index any more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, testSchema, Options{}); !errors.Is(err, ErrRebuild) {
		t.Errorf("damaged: %v", err)
	}
	fresh, err := Create(dir, testSchema, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := fresh.Count(); n != 0 || err != nil {
		t.Errorf("%d documents in a new index, %v", n, err)
	}
	if err := fresh.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "gen-*"))
	if err != nil || len(left) != 1 {
		t.Errorf("generations left: %v %v", left, err)
	}
}

func TestPutReplacesAndDeletes(t *testing.T) {
	s := newShelf(t, Doc{ID: "a", Title: "Mưa ở huyện Mây"}, Doc{ID: "b", Title: "Mưa ở huyện Gió"})
	s.put(t, Doc{ID: "a", Title: "Nắng ở huyện Mây"})
	if err := s.Delete(context.Background(), []string{"b", "never was"}); err != nil {
		t.Fatal(err)
	}
	if r := s.search(t, Query{Text: "mưa"}); r.Total != 0 {
		t.Errorf("the old text is still found: %v", ids(r))
	}
	if r := s.search(t, Query{Text: "huyện"}); !slices.Equal(ids(r), []string{"a"}) {
		t.Errorf("got %v", ids(r))
	}
	if err := s.Put(context.Background(), []Doc{{ID: "c", Keywords: map[string][]string{"nosuch": {"x"}}}}); err == nil {
		t.Error("an unknown keyword field was taken")
	}
}

// A verified phrase is forgotten when its text changes.
func TestPhraseFollowsTheText(t *testing.T) {
	s := newShelf(t, Doc{ID: "a", Title: "Thẻ bảo hiểm y tế mới"})
	if r := s.search(t, Query{Text: `"bảo hiểm y tế"`}); r.Total != 1 {
		t.Fatalf("total %d", r.Total)
	}
	s.put(t, Doc{ID: "a", Title: "Bảo hiểm; hiểm y; y tế"})
	if r := s.search(t, Query{Text: `"bảo hiểm y tế"`}); r.Total != 0 {
		t.Errorf("found %v after the text changed", ids(r))
	}
}

func TestRebuildBesideTheLiveIndex(t *testing.T) {
	docs := archive(400, 20)
	s := newShelf(t, docs...)
	ctx := context.Background()
	stop, failed := make(chan struct{}), make(chan error, 1)
	var readers sync.WaitGroup
	readers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if r, err := s.Search(ctx, Query{Limit: 1}); err != nil || r.Total != len(docs) {
				failed <- fmt.Errorf("during the rebuild: %v, %w", r, err)
				return
			}
		}
	})
	err := s.Rebuild(ctx, func(put func(Batch) error) error {
		for chunk := range slices.Chunk(docs, 100) {
			if err := put(Batch{Put: chunk}); err != nil {
				return err
			}
		}
		return put(Batch{Marks: map[string]string{"shelve": "400"}})
	})
	close(stop)
	readers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-failed:
		t.Error(err)
	default:
	}
	if mark, err := s.Mark("shelve"); mark != "400" || err != nil {
		t.Errorf("mark %q, %v", mark, err)
	}
	boom := errors.New("the store is gone")
	if err := s.Rebuild(ctx, func(func(Batch) error) error { return boom }); !errors.Is(err, boom) {
		t.Errorf("a failed feed: %v", err)
	}
	if n, err := s.Count(); n != len(docs) || err != nil {
		t.Errorf("%d documents after a failed rebuild, %v", n, err)
	}
}

func TestClosedIndexSaysSo(t *testing.T) {
	s := newShelf(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Search(context.Background(), Query{}); !errors.Is(err, ErrClosed) {
		t.Errorf("search: %v", err)
	}
	if err := s.Put(context.Background(), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("put: %v", err)
	}
}

// Every page by cursor, together, is the whole result in the order of one
// large page; equal scores are told apart by time and ID.
func TestPagesByCursor(t *testing.T) {
	s := newShelf(t, archive(500, 30)...)
	for _, order := range []Sort{Relevance, Newest, Recency} {
		q := Query{Text: "bả OR bã OR bá OR ba", Sort: order, Limit: 1000}
		whole := s.search(t, q)
		if whole.Total < 50 || len(whole.Hits) != whole.Total {
			t.Fatalf("%s: %d of %d hits", order, len(whole.Hits), whole.Total)
		}
		var paged []string
		for q.Limit = 7; ; {
			r := s.search(t, q)
			if r.Total != whole.Total {
				t.Fatalf("%s: total %d on a page, %d in all", order, r.Total, whole.Total)
			}
			paged = append(paged, ids(r)...)
			if len(r.Hits) < q.Limit {
				break
			}
			q.After = r.Hits[len(r.Hits)-1].Cursor
		}
		if !slices.Equal(paged, ids(whole)) {
			t.Errorf("%s: pages give %d documents, the whole %d, or another order", order, len(paged), whole.Total)
		}
	}
	if _, err := s.Search(context.Background(), Query{After: "nonsense", Limit: 1}); err == nil {
		t.Error("a cursor that is none was taken")
	}
}

// Pages still join when only the promising documents are scored at first, and
// what comes first is what came first without that short cut.
// The largest page says, too, that there is another.
func TestLargestPageHasANext(t *testing.T) {
	docs := make([]Doc, MaxLimit+5)
	for i := range docs {
		docs[i] = Doc{ID: fmt.Sprint(i), Title: "Lương hưu", Time: testNow.Add(-time.Duration(i) * time.Minute)}
	}
	s := newShelf(t, docs...)
	q := Query{Text: "lương hưu", Sort: Newest, Limit: MaxLimit, Both: true}
	r, err := s.Search(context.Background(), q)
	if err != nil || !r.More || len(r.Hits) != MaxLimit || r.Total != len(docs) || r.Originals != len(docs) {
		t.Fatalf("%d hits of %d/%d, more %v, %v", len(r.Hits), r.Total, r.Originals, r.More, err)
	}
	q.After = r.Hits[MaxLimit-1].Cursor
	if r, err = s.Search(context.Background(), q); err != nil || r.More || len(r.Hits) != 5 {
		t.Errorf("the page after has %d hits, more %v, %v", len(r.Hits), r.More, err)
	}
}

func TestPagesOverTheTiers(t *testing.T) {
	s := newShelf(t, archive(900, 30)...)
	q := Query{Text: "bả OR bã OR khường OR thưu", Limit: 1000}
	exact := ids(s.search(t, q))
	was := manyRanked
	manyRanked = 60
	defer func() { manyRanked = was }()
	whole := ids(s.search(t, q))
	if len(whole) != len(exact) || len(exact) < 300 || !slices.Equal(whole[:5], exact[:5]) {
		t.Fatalf("%d and %d hits, first %v and %v", len(whole), len(exact), whole[:5], exact[:5])
	}
	var paged []string
	for q.Limit = 17; ; {
		r := s.search(t, q)
		paged = append(paged, ids(r)...)
		if len(r.Hits) < q.Limit {
			break
		}
		q.After = r.Hits[len(r.Hits)-1].Cursor
	}
	if !slices.Equal(paged, whole) {
		t.Errorf("pages give %d documents, the whole %d, or another order", len(paged), len(whole))
	}
}

func TestFacetsCountEveryMatch(t *testing.T) {
	s := newShelf(t, archive(360, 10)...)
	r := s.search(t, Query{Filters: []Filter{{Field: "level", Values: []string{"local"}}}, Facets: []string{"level", "topic", FacetDay, FacetMonth}, Limit: 1})
	if r.Total != 180 || len(r.Facets["level"]) != 1 || r.Facets["level"][0] != (Count{"local", 180}) || len(r.Facets["topic"]) != 9 {
		t.Errorf("total %d, facets %v", r.Total, r.Facets)
	}
	days := 0
	for _, c := range r.Facets[FacetDay] {
		days += c.Count
	}
	if days != 180 || r.Facets[FacetMonth][0] != (Count{"2026-07", 180}) {
		t.Errorf("by day %d, by month %v", days, r.Facets[FacetMonth])
	}
}

// Dates to the second at the ends, by whole days between.
func TestDatesAreExact(t *testing.T) {
	docs := archive(400, 5)
	s := newShelf(t, docs...)
	ends := []time.Time{{}, testNow.Add(-90 * time.Hour), testNow.Add(-50*time.Hour + time.Second), midnight(testNow), testNow.Add(-time.Hour), testNow}
	for _, from := range ends {
		for _, to := range ends {
			want := 0
			for _, d := range docs {
				if (from.IsZero() || !d.Time.Before(from)) && (to.IsZero() || d.Time.Before(to)) {
					want++
				}
			}
			if r := s.search(t, Query{From: from, To: to}); r.Total != want {
				t.Errorf("from %v to %v: %d, want %d", from, to, r.Total, want)
			}
		}
	}
}

func TestHighlights(t *testing.T) {
	s := newShelf(t, Doc{ID: "a", Title: "Thẻ bảo hiểm y tế mới", Lead: "Trời nắng đẹp ở huyện Mây.",
		Body: "Chợ phiên đông. Em Lê Hoà nhận thẻ BHYT và bảo hiểm khác. Rồi về."})
	marked := func(m Marked) (out []string) {
		for _, x := range m.Marks {
			out = append(out, m.Text[x.Start:x.End])
		}
		return out
	}
	for text, want := range map[string][2][]string{
		"thẻ bảo hiểm":    {{"Thẻ bảo hiểm"}, {"thẻ", "bảo hiểm"}},
		"the bao hiem":    {{"Thẻ bảo hiểm"}, {"thẻ", "bảo hiểm"}},
		`"bảo hiểm y tế"`: {{"bảo hiểm y tế"}, nil},
		`"thẻ khác"~9`:    {nil, {"thẻ", "khác"}},
		"hòa":             {nil, {"Hoà"}},
		"hiể*":            {{"hiểm"}, {"hiểm"}},
	} {
		h := s.search(t, Query{Text: text, Highlight: true}).Hits[0]
		if got := [2][]string{marked(h.Title), marked(h.Passage)}; !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
			t.Errorf("%s: marked %q in %q", text, got, h.Passage.Text)
		}
	}
}
