package index

import (
	"math/bits"
	"slices"
)

// set holds document numbers of one view: a bit each, 125 kB for a million.
type set []uint64

func (s *set) add(n uint64) {
	word := int(n / 64)
	for word >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[word] |= 1 << (n % 64)
}

func (s set) has(n uint64) bool { return int(n/64) < len(s) && s[n/64]&(1<<(n%64)) != 0 }

func (s set) remove(n uint64) {
	if int(n/64) < len(s) {
		s[n/64] &^= 1 << (n % 64)
	}
}

// minus is s without the documents of o.
func (s set) minus(o set) set {
	out := slices.Clone(s)
	for i := range min(len(out), len(o)) {
		out[i] &^= o[i]
	}
	return out
}

// keep leaves in s what is in o too.
func (s set) keep(o set) {
	for i := range s {
		if i < len(o) {
			s[i] &= o[i]
		} else {
			s[i] = 0
		}
	}
}

// drop takes from s what is in o.
func (s set) drop(o set) {
	for i := range min(len(s), len(o)) {
		s[i] &^= o[i]
	}
}

// join puts into s, which is at least as long, what is in o.
func (s set) join(o set) {
	for i, w := range o {
		s[i] |= w
	}
}

func (s set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// next is the first number from n on; ok is false if there is none.
func (s set) next(n uint64) (uint64, bool) {
	for word := int(n / 64); word < len(s); word++ {
		if w := s[word] >> (n % 64); w != 0 {
			return n + uint64(bits.TrailingZeros64(w)), true
		}
		n = uint64(word+1) * 64
	}
	return 0, false
}

// all walks the set in rising order; it can be ranged over.
func (s set) all(yield func(uint64) bool) {
	for n, ok := s.next(0); ok; n, ok = s.next(n + 1) {
		if !yield(n) {
			return
		}
	}
}

// last are the n highest numbers of a set; all if it has fewer.
func (s set) last(n int) set {
	out := slices.Clone(s)
	for i := len(s) - 1; i >= 0; i-- {
		w := s[i]
		switch ones := bits.OnesCount64(w); {
		case n >= ones:
			n -= ones
		default:
			for ; n > 0; n-- {
				w &^= 1 << (63 - bits.LeadingZeros64(w))
			}
			out[i] &^= w
		}
	}
	return out
}

// tally adds up, for every document, what the sets it is in are worth: the
// sums stand upright, one bit of all of them in each plane, so that 64
// documents are added or compared at a time.
type tally struct{ planes []set }

func (t *tally) add(s set, worth int) {
	for at := 0; worth>>at != 0; at++ {
		if worth>>at&1 == 1 {
			t.carry(slices.Clone(s), at)
		}
	}
}

// carry adds a set of ones at a plane, and what overflows to the next.
func (t *tally) carry(over set, at int) {
	for ; !over.empty(); at++ {
		for at >= len(t.planes) {
			t.planes = append(t.planes, nil)
		}
		if short := len(over) - len(t.planes[at]); short > 0 {
			t.planes[at] = append(t.planes[at], make(set, short)...)
		}
		plane := t.planes[at]
		for i, w := range over {
			over[i], plane[i] = plane[i]&w, plane[i]^w
		}
	}
}

// atLeast are the documents of a set whose sum is n or more.
func (t *tally) atLeast(n int, among set) set {
	if n>>len(t.planes) != 0 {
		return nil
	}
	more, even := make(set, len(among)), slices.Clone(among) // by the planes so far
	for at := len(t.planes) - 1; at >= 0; at-- {
		plane := t.planes[at]
		for i := range even {
			w := uint64(0)
			if i < len(plane) {
				w = plane[i]
			}
			if n>>at&1 == 0 {
				more[i] |= even[i] & w
				even[i] &^= w
			} else {
				even[i] &= w
			}
		}
	}
	more.join(even)
	return more
}

// best are about n documents of a set with the highest sums; of those with
// equal sums, the last.
func (t *tally) best(n int, among set) set {
	low, high := 0, 1<<len(t.planes) // at least n reach low, fewer reach high
	var head set
	for low+1 < high {
		mid := (low + high) / 2
		if s := t.atLeast(mid, among); s.count() >= n {
			low = mid
		} else {
			high, head = mid, s
		}
	}
	if head == nil {
		head = t.atLeast(high, among)
	}
	rest := t.atLeast(low, among)
	rest.drop(head)
	rest = rest.last(n - head.count())
	rest.join(head)
	return rest
}
