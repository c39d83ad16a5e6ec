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
	sampled      = 4   // one run in so many leads to candidates
	fewest       = 24  // runs below which a text is too short to be called a copy
	ample        = 150 // runs from which the plain share decides
	latest       = 64  // texts that a run leads to: one that more texts hold is a phrase, and the others lead to them
	mostVariants = 8   // edited copies remembered for an original
	verbatim     = 0.9 // share from which a copy is as good as its original
	tries        = 8   // candidates compared exactly
	leastOf      = 0.2 // of the longer text must be shared too: a report that quotes a flash is its own
)

// copies remembers the texts of the live articles: originals and edited copies.
type copies struct {
	at    map[uint32]uint32 // sampled run → its latest link
	links []link            // 0 is no link
	free  []uint32
}

// link is one text that holds a run, and the one before it.
type link struct {
	text   *article
	before uint32
}

func newCopies() copies { return copies{at: make(map[uint32]uint32, 1<<15), links: make([]link, 1)} }

// runs are the distinct runs of three syllables, sorted, 32 bits of each.
func runs(syllables []uint64) []uint32 {
	if len(syllables) < 3 {
		return nil
	}
	out := make([]uint32, 0, len(syllables)-2)
	for i := 2; i < len(syllables); i++ {
		out = append(out, uint32(mix(syllables[i-2]*5+syllables[i-1]*3+syllables[i])>>32))
	}
	return slices.Compact(sorted(out))
}

// original returns the earlier text that this one is a copy of, and the share
// of the shorter of the two found in the longer; nil where there is none.
func (c *copies) original(a *article, least float64) (*article, float64) {
	if len(a.runs) < fewest {
		return nil, 0
	}
	var best *article
	var most float64
	for _, b := range c.candidates(a.runs) {
		enough := max(asked(least, a, b), most)
		share, of := shared(a.runs, b.runs, enough)
		if share >= enough && share > most && of >= leastOf && places(a, b.story) == 1 {
			best, most = b, share
		}
	}
	return best, most
}

// asked is the share that makes a copy of one text of the other. A newsroom
// that took a text mostly took its title too; under a title of its own a short
// text is soon the greater part a quoted statement, so more is asked.
func asked(least float64, a, b *article) float64 {
	if 2*alike(a.headline, b.headline) >= min(len(a.headline), len(b.headline)) {
		return least
	}
	runs := min(len(a.runs), len(b.runs))
	short := min(1, max(0, float64(ample-runs)/(ample-fewest)))
	return least + short*max(0, verbatim-least)
}

// alike counts the words of one title that stand in the other.
func alike(a, b []uint64) (n int) {
	for _, w := range a {
		if slices.Contains(b, w) {
			n++
		}
	}
	return n
}

// shared is the share of two texts' common runs in the shorter and in the
// longer; where it is less than enough of the shorter, or leastOf of the
// longer, something less than it is.
func shared(a, b []uint32, enough float64) (short, long float64) {
	least, most := float64(min(len(a), len(b))), float64(max(len(a), len(b)))
	n := float64(common(a, b, int(max(enough*least, leastOf*most))))
	return n / max(1, least), n / max(1, most)
}

// candidates are the texts that share most sampled runs, the earlier first
// where they share alike.
func (c *copies) candidates(text []uint32) []*article {
	var found []*article
	for _, r := range text {
		if r%sampled != 0 {
			continue
		}
		at := c.at[r]
		for range latest {
			if at == 0 {
				break
			}
			l := c.links[at]
			if l.text.hits == 0 {
				found = append(found, l.text)
			}
			l.text.hits++
			at = l.before
		}
	}
	best := top(found, tries, func(a, b *article) bool {
		return a.hits > b.hits || a.hits == b.hits && a.serial < b.serial
	})
	for _, a := range found {
		a.hits = 0
	}
	return best
}

func (c *copies) add(a *article) {
	if len(a.runs) < fewest {
		return
	}
	for _, r := range a.runs {
		if r%sampled == 0 {
			c.at[r] = c.link(link{a, c.at[r]})
		}
	}
}

func (c *copies) link(l link) uint32 {
	if n := len(c.free); n > 0 {
		at := c.free[n-1]
		c.free = c.free[:n-1]
		c.links[at] = l
		return at
	}
	c.links = append(c.links, l)
	return uint32(len(c.links) - 1)
}

func (c *copies) remove(a *article) {
	if len(a.runs) < fewest {
		return
	}
	for _, r := range a.runs {
		if r%sampled == 0 {
			c.unlink(r, a)
		}
	}
}

func (c *copies) unlink(run uint32, a *article) {
	var after uint32
	for at := c.at[run]; at != 0; after, at = at, c.links[at].before {
		if c.links[at].text != a {
			continue
		}
		before := c.links[at].before
		switch {
		case after != 0:
			c.links[after].before = before
		case before != 0:
			c.at[run] = before
		default:
			delete(c.at, run)
		}
		c.links[at] = link{}
		c.free = append(c.free, at)
		return
	}
}

// top returns the n that come first, in order.
func top[T any](all []T, n int, first func(a, b T) bool) []T {
	best := make([]T, 0, n+1)
	for _, x := range all {
		best = insert(best, x, n, first)
	}
	return best
}

// insert puts one among the n that come first, if it is one of them.
func insert[T any](best []T, x T, n int, first func(a, b T) bool) []T {
	if len(best) == n && !first(x, best[n-1]) {
		return best
	}
	at := len(best)
	for at > 0 && first(x, best[at-1]) {
		at--
	}
	best = slices.Insert(best, at, x)
	return best[:min(n, len(best))]
}

// common counts what two sorted lists share; it gives up, with less than
// enough, as soon as enough cannot be reached.
func common(a, b []uint32, enough int) (n int) {
	spareA, spareB := len(a)-enough, len(b)-enough
	for i, j := 0, 0; i < len(a) && j < len(b) && i-n <= spareA && j-n <= spareB; {
		x, y := a[i], b[j]
		if x <= y {
			i++
		}
		if y <= x {
			j++
		}
		if x == y {
			n++
		}
	}
	return n
}

// sorted sorts by bytes, the lowest first: hashes are spread evenly, and
// comparing them would cost a third of what reading a text does.
func sorted(hashes []uint32) []uint32 {
	from, to := hashes, make([]uint32, len(hashes))
	for shift := 0; shift < 32; shift += 8 {
		var at [257]int
		for _, h := range from {
			at[h>>shift&0xff+1]++
		}
		for i := range 256 {
			at[i+1] += at[i]
		}
		for _, h := range from {
			b := h >> shift & 0xff
			to[at[b]] = h
			at[b]++
		}
		from, to = to, from
	}
	return from
}

func whyCopy(original *article, share float64) []news.Reason {
	return []news.Reason{{
		Rule:   "copy",
		Quote:  fmt.Sprintf("%s: %.0f%%", original.title, 100*share),
		Weight: share,
	}}
}
