package index

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"diembao/internal/vi"
)

// The pairs say that the words of a phrase are neighbours somewhere, not that
// all are in one place, nor with the marks asked for; the text says it. Up to
// verifyLimit candidates of a phrase are read before the search.
const (
	verifyLimit = 1000
	verifyChunk = 200
)

// verifyPhrases finds the documents that hold each phrase.
func (s *seeker) verifyPhrases(ctx context.Context) error {
	for _, n := range phrases(s.p.root) {
		if n.certain() {
			continue
		}
		if s.idx.opts.Text == nil {
			s.result.Unverified = true
			continue
		}
		may, err := s.all(ctx, append(slices.Clip(s.limits), n))
		if err != nil {
			return err
		}
		if may.count() > verifyLimit {
			s.result.Unverified = true
			continue
		}
		wrong, err := s.wrongIn(ctx, n, may.all)
		if err != nil {
			return err
		}
		for _, w := range wrong {
			may.remove(w)
		}
		s.right[n] = may
	}
	return nil
}

// verifyPlaces reads the hits of a search that was only partly verified, and
// drops those that do not hold its phrases, here and from what matches.
func (s *seeker) verifyPlaces(ctx context.Context, places []place) ([]place, error) {
	if s.idx.opts.Text == nil {
		return places, nil
	}
	for _, n := range required(s.p.root) {
		if _, known := s.right[n]; known {
			continue
		}
		wrong, err := s.wrongIn(ctx, n, func(yield func(uint64) bool) {
			for _, p := range places {
				if !yield(p.num) {
					return
				}
			}
		})
		if err != nil {
			return nil, err
		}
		for _, w := range wrong {
			s.docs.remove(w)
		}
		places = slices.DeleteFunc(places, func(p place) bool { return slices.Contains(wrong, p.num) })
	}
	return places, nil
}

// required are the phrases every hit must hold.
func required(n node) []*phrase {
	switch n := n.(type) {
	case *phrase:
		if !n.certain() {
			return []*phrase{n}
		}
	case and:
		var out []*phrase
		for _, p := range n.parts {
			out = append(out, required(p)...)
		}
		return out
	}
	return nil
}

// wrongIn gives those of the documents whose text does not hold the phrase.
// Documents whose text the caller no longer has are wrong too.
func (s *seeker) wrongIn(ctx context.Context, n *phrase, docs iter.Seq[uint64]) (wrong []uint64, err error) {
	known := s.idx.verified.of(n.cacheKey())
	known.mu.Lock() // who asks the same at the same time waits for what is read here
	defer known.mu.Unlock()
	wrong, unread := known.sort(s.view, docs)
	for chunk := range slices.Chunk(unread, verifyChunk) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		names := make([]string, len(chunk))
		for i, num := range chunk {
			if names[i], err = s.view.name(num); err != nil {
				return nil, err
			}
		}
		texts, err := s.idx.opts.Text(ctx, names)
		if err != nil {
			return nil, fmt.Errorf("read texts to verify a phrase: %w", err)
		}
		for i, num := range chunk {
			text, ok := texts[names[i]]
			holds := ok && n.in(text)
			known.set(s.view, num, holds)
			if !holds {
				wrong = append(wrong, num)
			}
		}
	}
	return wrong, nil
}

func (n *phrase) cacheKey() string {
	key := fmt.Sprint(n.near, n.title, n.part, n.marked())
	for _, w := range n.list {
		key += " " + w.key
	}
	return key
}

// in reports whether a text holds the phrase, with its marks if it has any.
func (n *phrase) in(t Texts) bool {
	parts := []string{t.Title, t.Lead, t.Body}
	switch {
	case n.title:
		parts = parts[:1]
	case n.part == "lead":
		parts = parts[1:2]
	case n.part == "body":
		parts = parts[2:]
	}
	for _, part := range parts {
		if n.quick(part) {
			return true
		}
		if len(n.find(part, vi.Tokens(part))) > 0 {
			return true
		}
	}
	return false
}

// quick finds the phrase as it was typed, between spaces, without cutting
// the text into words. It misses other spellings, never finds too much.
func (n *phrase) quick(text string) bool {
	if n.near > 0 || !n.marked() {
		return false
	}
	var typed strings.Builder
	for i, w := range n.list {
		if i > 0 {
			typed.WriteByte(' ')
		}
		typed.WriteString(w.text)
	}
	return strings.Contains(text, " "+typed.String()+" ")
}

// find gives the places of the phrase as ranges of tokens.
func (n *phrase) find(text string, tokens []vi.Token) (places []vi.Span) {
	forms := make([]string, len(tokens))
	marked := n.marked()
	for i, t := range tokens {
		forms[i] = t.Text
		if !marked {
			forms[i] = vi.Fold(t.Text)
		}
	}
	want := make([]string, len(n.list))
	for i, w := range n.list {
		want[i] = w.key
		if !marked {
			want[i] = w.folded
		}
	}
	if n.near > 0 {
		return nearby(forms, want, n.near)
	}
	for i := 0; i+len(want) <= len(forms); i++ {
		if slices.Equal(forms[i:i+len(want)], want) && oneSentence(text, tokens[i:i+len(want)]) {
			places = append(places, vi.Span{Start: i, End: i + len(want)})
		}
	}
	return places
}

// oneSentence reports whether no sentence ends between the tokens.
func oneSentence(text string, tokens []vi.Token) bool {
	for i := 1; i < len(tokens); i++ {
		if endsBetween(text, tokens[i-1], tokens[i]) {
			return false
		}
	}
	return true
}

// nearby finds where all the words stand with at most near other words
// between the first and the last of them.
func nearby(forms, want []string, near int) (places []vi.Span) {
	need := map[string]int{}
	for _, w := range want {
		need[w]++
	}
	last := map[string][]int{} // the latest places of each word
	for i, f := range forms {
		if need[f] == 0 {
			continue
		}
		if last[f] = append(last[f], i); len(last[f]) > need[f] {
			last[f] = last[f][1:]
		}
		start := i
		for w, n := range need {
			if len(last[w]) < n {
				start = -1
				break
			}
			start = min(start, last[w][0])
		}
		if start >= 0 && i-start+1-len(want) <= near {
			places = append(places, vi.Span{Start: start, End: i + 1})
		}
	}
	return places
}

// verifiedCache remembers which texts were found to hold a phrase, so that
// the next page does not read them again.
type verifiedCache struct {
	mu      sync.Mutex
	phrases map[string]*verdicts
}

// cachedPhrases bounds the cache: at most a quarter of a megabyte each in an
// archive of a million.
const cachedPhrases = 64

func (c *verifiedCache) of(phrase string) *verdicts {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v := c.phrases[phrase]; v != nil {
		return v
	}
	if c.phrases == nil || len(c.phrases) >= cachedPhrases {
		c.phrases = map[string]*verdicts{} // rare; simpler than an order of use
	}
	v := &verdicts{parts: map[segment.Segment]*verdict{}}
	c.phrases[phrase] = v
	return v
}

func (c *verifiedCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phrases = nil
}

// verdicts are of one phrase. A document never changes its place in its
// segment: one that is put again stands in another.
type verdicts struct {
	mu    sync.Mutex // held while texts are read
	parts map[segment.Segment]*verdict
}

// verdict is of the documents of one segment, as numbered there.
type verdict struct{ read, holds set }

// sort tells the documents that are known not to hold the phrase and those
// that have not been read, and forgets segments that are merged away.
func (v *verdicts) sort(view *view, docs iter.Seq[uint64]) (wrong, unread []uint64) {
	live := make(map[segment.Segment]*verdict, len(view.parts))
	for _, p := range view.parts {
		if known := v.parts[p.Segment()]; known != nil {
			live[p.Segment()] = known
		}
	}
	v.parts = live
	for num := range docs {
		p, local := view.partOf(num)
		switch known := live[p.Segment()]; {
		case known == nil || !known.read.has(local):
			unread = append(unread, num)
		case !known.holds.has(local):
			wrong = append(wrong, num)
		}
	}
	return wrong, unread
}

func (v *verdicts) set(view *view, num uint64, holds bool) {
	p, local := view.partOf(num)
	known := v.parts[p.Segment()]
	if known == nil {
		known = &verdict{}
		v.parts[p.Segment()] = known
	}
	known.read.add(local)
	if holds {
		known.holds.add(local)
	}
}
