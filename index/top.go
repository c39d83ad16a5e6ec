package index

import (
	"container/heap"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// place is where a document stands in an order: by score (0 when sorted by
// time), then newest, then by ID. It is also what a cursor keeps.
type place struct {
	num   uint64
	Tier  int     `json:"r,omitempty"`
	Score float64 `json:"s"`
	Time  int64   `json:"t"` // Unix seconds; none is the smallest
	ID    string  `json:"i"`
}

const noTime = math.MinInt64

// before reports whether p comes first.
func (p place) before(o place) bool {
	switch {
	case p.Tier != o.Tier:
		return p.Tier < o.Tier
	case p.Score != o.Score:
		return p.Score > o.Score
	case p.Time != o.Time:
		return p.Time > o.Time
	}
	return strings.Compare(p.ID, o.ID) < 0
}

func (p place) cursor() (string, error) {
	raw, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func openCursor(text string) (p place, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err == nil && p.ID == "" {
		err = errors.New("it names no document")
	}
	if err != nil {
		return p, fmt.Errorf("read the cursor of the page before: %w", err)
	}
	return p, nil
}

// best keeps the first size places of an order, those after a cursor only.
type best struct {
	view  *view
	times *moments
	size  int
	after *place
	tier  int
	heap  places
}

// places is a heap whose root is the last in order.
type places []place

func (h places) Len() int           { return len(h) }
func (h places) Less(i, j int) bool { return h[j].before(h[i]) }
func (h places) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *places) Push(x any)        { *h = append(*h, x.(place)) }
func (h *places) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// least is the score a document must have to be of use.
func (b *best) least() float64 {
	if len(b.heap) < b.size {
		return math.Inf(-1)
	}
	return b.heap[0].Score
}

// offer looks at a document. Its time and ID are read only if they matter.
func (b *best) offer(n uint64, score float64) error {
	if b.size == 0 || score < b.least() || b.after != nil && score > b.after.Score {
		return nil
	}
	p := place{num: n, Tier: b.tier, Score: score, Time: noTime}
	at, ok, err := b.times.of(n)
	if err != nil {
		return err
	}
	if ok {
		p.Time = at
	}
	return b.keep(p)
}

func (b *best) keep(p place) (err error) {
	full := len(b.heap) == b.size
	if full && p.Score == b.heap[0].Score && p.Time < b.heap[0].Time {
		return nil
	}
	if p.ID, err = b.view.name(p.num); err != nil {
		return err
	}
	if b.after != nil && !b.after.before(p) || full && !p.before(b.heap[0]) {
		return nil
	}
	if full {
		b.heap[0] = p
		heap.Fix(&b.heap, 0)
	} else {
		heap.Push(&b.heap, p)
	}
	return nil
}

// inOrder gives the places kept, first to last.
func (b *best) inOrder() []place {
	slices.SortFunc(b.heap, func(x, y place) int {
		if x.before(y) {
			return -1
		}
		return 1
	})
	return b.heap
}

// manyRanked is how many documents are scored in full at a time. Of more,
// those that have most of the rare words asked for come first, as a tier of
// their own; the next tier follows only where a page reaches it. On 26,000
// headlines a twentieth of it ranks the first ten as well. Tests lower it.
var manyRanked = 4000

// ranked offers the documents of a set by score.
func (b *best) ranked(ctx context.Context, docs set, s *scorer) error {
	all := docs.count()
	if all <= 2*manyRanked {
		return b.scored(ctx, docs, s)
	}
	worth, err := s.promises(docs)
	if err != nil {
		return err
	}
	tier := 0
	if b.after != nil {
		tier = b.after.Tier
	}
	above := worth.best(tier*manyRanked, docs)
	for after := b.after; len(b.heap) < b.size && tier*manyRanked < all; tier++ {
		reach := worth.best((tier+1)*manyRanked, docs)
		here := &best{view: b.view, times: b.times, size: b.size - len(b.heap), tier: tier, after: after}
		if err := here.scored(ctx, reach.minus(above), s); err != nil {
			return err
		}
		b.heap = append(b.heap, here.heap...)
		above, after = reach, nil
	}
	return nil
}

// promises tells of the documents of a set how much they have of what was
// asked, rare words counting more.
func (s *scorer) promises(docs set) (worth tally, err error) {
	most := 0.
	for _, l := range s.lists {
		most = max(most, l.promise())
	}
	for _, l := range s.lists {
		if l.promise() == 0 {
			continue
		}
		has, err := s.view.having(l.term.field, l.term.term)
		if err != nil {
			return worth, err
		}
		has.keep(docs)
		worth.add(has, max(1, int(promiseSteps*l.promise()/most)))
	}
	return worth, nil
}

// promiseSteps is how finely promise is told.
const promiseSteps = 63

// scored offers the documents of a set, each with its score.
func (b *best) scored(ctx context.Context, docs set, s *scorer) error {
	sheet, err := s.score(ctx, docs)
	if err != nil {
		return err
	}
	for i, n := range sheet.docs {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := b.offer(n, sheet.sum[i]); err != nil {
			return err
		}
	}
	return nil
}

// dated offers the documents of a set newest first. Of a large set only the
// latest days are looked at.
func (b *best) dated(ctx context.Context, docs set) error {
	if docs.count() <= manyDocs {
		return b.each(ctx, docs)
	}
	days, err := b.view.terms(fieldDay)
	if err != nil {
		return err
	}
	rest := slices.Clone(docs)
	for _, d := range slices.Backward(days) {
		if b.after != nil && b.after.Time != noTime && d > day(time.Unix(b.after.Time, 0)) {
			continue
		}
		of, err := b.view.having(fieldDay, d)
		if err != nil {
			return err
		}
		of.keep(rest)
		rest.drop(of)
		if err := b.each(ctx, of); err != nil || len(b.heap) >= b.size {
			return err
		}
	}
	return b.undated(ctx, rest)
}

// manyDocs is the size from which a set is not looked at document by document.
const manyDocs = 1000

// undated offers what is left of a set without a day.
func (b *best) undated(ctx context.Context, rest set) error {
	dated := b.view.none()
	if err := b.view.within(ctx, fieldDay, "", "", dated); err != nil {
		return err
	}
	rest.drop(dated)
	return b.each(ctx, rest)
}

// each offers documents that have no score.
func (b *best) each(ctx context.Context, docs set) error {
	for n := range docs.all {
		if err := b.offer(n, 0); err != nil {
			return err
		}
	}
	return ctx.Err()
}
