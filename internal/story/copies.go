package story

import (
	"fmt"
	"slices"

	"diembao/internal/news"
)

// Copies are found in two steps. A fixed fraction of each text's runs of three
// syllables, chosen by hash (MinHash with a fixed fraction, Irber et al. 2022:
// unlike a fixed number it estimates containment, for a short text in a long
// one too), leads to candidates; the exact share of common runs decides.
const (
	sampled    = 4   // one run in so many leads to candidates
	fewest     = 24  // runs below which a text is too short to be called a copy
	everywhere = 64  // texts that hold a run beyond which it is a phrase and leads nowhere
	tries      = 8   // candidates compared exactly
	leastOf    = 0.3 // of the longer text must be shared too: a report that quotes a flash is its own
)

// copies remembers the texts of the live articles that are not copies.
type copies struct {
	at map[uint32][]*article // sampled run → texts that hold it
}

func newCopies() copies { return copies{at: map[uint32][]*article{}} }

// runs are the distinct runs of three syllables, sorted, 32 bits of each.
func runs(syllables []uint64) []uint32 {
	if len(syllables) < 3 {
		return nil
	}
	out := make([]uint32, 0, len(syllables)-2)
	for i := 2; i < len(syllables); i++ {
		out = append(out, uint32(mix(syllables[i-2]*5+syllables[i-1]*3+syllables[i])>>32))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// original returns the earlier text that this one is a copy of, and the share
// of the shorter of the two found in the longer; nil where there is none.
func (c *copies) original(text []uint32, least float64) (*article, float64) {
	if len(text) < fewest {
		return nil, 0
	}
	var best *article
	var most float64
	for _, a := range c.candidates(text) {
		n := float64(common(text, a.runs))
		short, long := float64(min(len(text), len(a.runs))), float64(max(len(text), len(a.runs)))
		if share := n / short; share >= least && n/long >= leastOf && share > most {
			best, most = a, share
		}
	}
	return best, most
}

// candidates are the texts that share most sampled runs, the earlier first
// where they share alike.
func (c *copies) candidates(text []uint32) []*article {
	hits := map[*article]int{}
	var order []*article
	for _, r := range text {
		if r%sampled != 0 {
			continue
		}
		if len(c.at[r]) > everywhere {
			continue
		}
		for _, a := range c.at[r] {
			if hits[a]++; hits[a] == 1 {
				order = append(order, a)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b *article) int {
		if d := hits[b] - hits[a]; d != 0 {
			return d
		}
		return int(a.serial) - int(b.serial)
	})
	return order[:min(tries, len(order))]
}

func (c *copies) add(a *article) {
	if len(a.runs) < fewest {
		return
	}
	for _, r := range a.runs {
		if r%sampled == 0 {
			c.at[r] = append(c.at[r], a)
		}
	}
}

func (c *copies) remove(a *article) {
	for _, r := range a.runs {
		if r%sampled != 0 {
			continue
		}
		left := slices.DeleteFunc(c.at[r], func(b *article) bool { return a == b })
		if len(left) == 0 {
			delete(c.at, r)
			continue
		}
		c.at[r] = left
	}
}

// common counts what two sorted lists share.
func common(a, b []uint32) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

func whyCopy(original *article, share float64) []news.Reason {
	return []news.Reason{{
		Rule:   "copy",
		Quote:  fmt.Sprintf("%s: %.0f%%", original.title, 100*share),
		Weight: share,
	}}
}
