package index

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func setOf(numbers ...uint64) (s set) {
	for _, n := range numbers {
		s.add(n)
	}
	return s
}

// The bits of the sums, plane by plane, say what adding them one by one does.
func TestTallyAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 300).Draw(t, "size")
		sums := make([]int, size)
		all := make(set, (size+63)/64)
		for n := range size {
			all.add(uint64(n))
		}
		var worth tally
		for range rapid.IntRange(0, 8).Draw(t, "lists") {
			steps := rapid.IntRange(1, promiseSteps).Draw(t, "steps")
			list := rapid.SliceOfDistinct(rapid.Uint64Range(0, uint64(size-1)), rapid.ID).Draw(t, "list")
			for _, n := range list {
				sums[n] += steps
			}
			worth.add(setOf(list...), steps)
		}
		least := rapid.IntRange(0, 8*promiseSteps).Draw(t, "least")
		for n, reach := 0, worth.atLeast(least, all); n < size; n++ {
			if reach.has(uint64(n)) != (sums[n] >= least) {
				t.Fatalf("document %d has %d, at least %d: %v", n, sums[n], least, reach.has(uint64(n)))
			}
		}
		wanted := rapid.IntRange(0, size).Draw(t, "wanted")
		order := make([]int, size)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(b, a)) })
		head := worth.best(wanted, all)
		if head.count() != wanted {
			t.Fatalf("%d of the best, not %d", head.count(), wanted)
		}
		for _, n := range order[:wanted] {
			if !head.has(uint64(n)) {
				t.Fatalf("document %d with %d is not among the best %d", n, sums[n], wanted)
			}
		}
	})
}

// Lists read as bitmaps over several segments, with documents replaced and
// removed, hold what was put last.
func TestListsOverSegments(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	s := newShelf(t)
	ctx := context.Background()
	now := map[string]string{} // ID → level
	for range 12 {
		var docs []Doc
		var gone []string
		for range 1 + r.IntN(90) {
			id, level := fmt.Sprint(r.IntN(300)), []string{"local", "central"}[r.IntN(2)]
			now[id] = level
			docs = append(docs, Doc{ID: id, Title: "tin " + level, Keywords: map[string][]string{"level": {level}}})
		}
		if err := s.Put(ctx, docs); err != nil {
			t.Fatal(err)
		}
		for id := range now {
			if r.IntN(20) == 0 {
				gone = append(gone, id)
			}
		}
		if err := s.Delete(ctx, gone); err != nil {
			t.Fatal(err)
		}
		for _, id := range gone {
			delete(now, id)
		}
		want := map[string]int{}
		for _, level := range now {
			want[level]++
		}
		err := s.look(func(v *view) error {
			for level, n := range want {
				found, err := v.having(keywordPrefix+"level", level)
				counted, countErr := v.frequency(fieldWords, level)
				if found.count() != n || counted != n || err != nil || countErr != nil {
					t.Errorf("%s: %d and %d of %d in %d segments, %v %v", level, found.count(), counted, n, len(v.parts), err, countErr)
				}
				for num := range found.all {
					if id, err := v.name(num); now[id] != level || err != nil {
						t.Errorf("document %q is %q, not %s, %v", id, now[id], level, err)
					}
				}
			}
			if n := v.everything().count(); n != len(now) {
				t.Errorf("%d documents of %d", n, len(now))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if res := s.search(t, Query{Facets: []string{"level"}, Limit: 1}); res.Total != len(now) || res.Facets["level"][0].Count != max(want["local"], want["central"]) {
			t.Errorf("total %d of %d, facets %v, want %v", res.Total, len(now), res.Facets, want)
		}
	}
}
