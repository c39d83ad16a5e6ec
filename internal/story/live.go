package story

import (
	"cmp"
	"slices"
	"time"
)

// article is one text in memory. Copies keep no words, and runs only where they were edited.
type article struct {
	id, title string
	copyOf    string
	story     *story
	told      time.Time
	words     vector
	body      float64 // share of the words that count which the body has
	runs      []uint32
	headline  []uint64 // words of the title
	provinces []string
	grave     bool
	held      bool // a person put it where it is
	serial    uint64
	hits      int // scratch of copies.candidates
	variants  int // edited copies whose runs are kept
}

// story is one event and what is known of its words.
type story struct {
	id          string
	parent      string // of a branch: the story that it grew out of
	slot        uint32
	articles    []*article // copies too
	voices      []*article // the last originals, oldest first: what the story is like now
	sum         vector     // of voices
	first, last time.Time  // told
	held        int        // articles that a person put here
	touched     time.Time  // by the clock of arrivals
	prev, next  *story
}

// mostHeld is how many articles of one story are remembered: an affair that is
// told all year, or copied ten thousand times, must not push out all others.
const mostHeld = 400

// recent is how many of a story's latest originals say what it is like: enough
// for one day's reports, few enough that a long story follows its turns.
const recent = 8

// read makes an article of a document; its words get numbers in the vocabulary.
func (s *Stories) read(d Doc, told time.Time) *article {
	s.arrivals++
	a := &article{id: d.ID, title: d.Title, told: told, provinces: d.Provinces, grave: d.Grave, held: d.Held, serial: s.arrivals}
	s.words.read(a, d)
	return a
}

// keep puts a placed article into the memory.
func (s *Stories) keep(a *article, p Placed) {
	st := s.live[p.Story]
	if st == nil {
		st = s.open(p.Story)
	}
	a.story, a.copyOf = st, p.CopyOf
	st.parent = cmp.Or(st.parent, p.Parent)
	s.byID[a.id] = a
	st.articles = append(st.articles, a)
	if a.held {
		st.held++
	}
	st.span(a.told)
	s.touch(st)
	if p.CopyOf != "" {
		s.words.drop(a.words)
		a.words = nil
		if !s.variant(a) {
			a.runs, a.headline = nil, nil
		}
	} else {
		s.words.count(a.words, 1)
		s.texts.add(a)
		st.voices = append(st.voices, a)
		s.speak(st)
		if len(st.voices) > 1 {
			s.grown = append(s.grown, st)
		}
	}
	s.shorten(st)
	for len(s.byID) > s.opt.Articles && len(s.live) > 1 {
		s.retire(s.oldest.head)
	}
}

// shorten lets a story that grew by a quarter beyond what is remembered forget
// what came first, copies before originals; not what a person put there.
func (s *Stories) shorten(st *story) {
	if len(st.articles) <= mostHeld+mostHeld/4 {
		return
	}
	first := st.first // it stays as old as it is
	for _, copied := range []bool{true, false} {
		for _, a := range slices.Clone(st.articles) {
			if len(st.articles) > mostHeld && !a.held && (a.copyOf != "") == copied && a != st.articles[len(st.articles)-1] {
				s.forget(a)
			}
		}
	}
	st.first = first
}

// variant remembers the text of an edited copy beside its original, so that a
// copy of the edit is found too; the first few of an original are enough.
func (s *Stories) variant(a *article) bool {
	o := s.byID[a.copyOf]
	if o == nil || o.variants >= mostVariants {
		return false
	}
	if share, _ := shared(a.runs, o.runs, verbatim); share >= verbatim {
		return false
	}
	o.variants++
	s.texts.add(a)
	return true
}

// span widens the time the story was told in.
func (st *story) span(told time.Time) {
	if st.first.IsZero() || told.Before(st.first) {
		st.first = told
	}
	if told.After(st.last) {
		st.last = told
	}
}

// A story has run long from so many originals over so much time: reports of
// what follows from it are by then as like it as further reports of itself.
const (
	manyVoices = 20
	longTime   = 7 * 24 * time.Hour
)

func (st *story) long() bool {
	return len(st.voices) >= manyVoices && st.last.Sub(st.first) >= longTime
}

// grave reports whether one of the story's latest originals tells of harm.
func (st *story) grave() bool {
	return slices.ContainsFunc(st.voices[max(0, len(st.voices)-recent):], func(a *article) bool { return a.grave })
}

// open starts a story in a slot of its own.
func (s *Stories) open(id string) *story {
	st := &story{id: id}
	if n := len(s.free); n > 0 {
		st.slot = s.free[n-1]
		s.free = s.free[:n-1]
		s.slots[st.slot] = st
	} else {
		st.slot = uint32(len(s.slots))
		s.slots = append(s.slots, st)
		s.score = append(s.score, 0)
	}
	s.live[id] = st
	return st
}

// speak sums up the words of a story's latest originals and lists the story
// under those it did not have.
func (s *Stories) speak(st *story) {
	had := st.sum
	last := st.voices[max(0, len(st.voices)-recent):]
	st.sum = s.words.sum(last)
	for _, t := range had {
		s.words.mark[t.slot] = 1
	}
	for _, t := range st.sum {
		if s.words.mark[t.slot] == 0 {
			s.words.list(t.slot, st.slot)
		}
		s.words.mark[t.slot] = 2
	}
	for _, t := range had {
		if s.words.mark[t.slot] == 1 {
			s.words.unlist(t.slot, st.slot)
		}
		s.words.mark[t.slot] = 0
	}
	for _, t := range st.sum {
		s.words.mark[t.slot] = 0
	}
}

// tick moves the clock of arrivals, never back, and lets old stories go.
func (s *Stories) tick(seen time.Time) {
	if seen.After(s.clock) {
		s.clock = seen
	}
	for s.oldest.head != nil && s.clock.Sub(s.oldest.head.touched) > s.opt.Live {
		s.retire(s.oldest.head)
	}
}

// touch makes a story the latest touched.
func (s *Stories) touch(st *story) {
	st.touched = s.clock
	s.oldest.remove(st)
	s.oldest.push(st)
}

// retire takes a story out of the memory with all its articles.
func (s *Stories) retire(st *story) {
	for _, a := range st.articles {
		delete(s.byID, a.id)
		s.silence(a)
	}
	s.close(st)
}

// close frees a story's slot.
func (s *Stories) close(st *story) {
	for _, t := range st.sum {
		s.words.unlist(t.slot, st.slot)
	}
	s.words.drop(st.sum)
	for _, a := range st.articles {
		s.words.drop(a.words)
	}
	s.oldest.remove(st)
	delete(s.live, st.id)
	s.slots[st.slot] = nil
	s.free = append(s.free, st.slot)
}

// silence takes an article's words and runs out of the counts.
func (s *Stories) silence(a *article) {
	s.texts.remove(a)
	if a.copyOf == "" {
		s.words.count(a.words, -1)
	}
}

// forget takes one article out of its story, which goes too if it was the last.
func (s *Stories) forget(a *article) {
	st := a.story
	delete(s.byID, a.id)
	s.silence(a)
	if len(st.articles) == 1 {
		s.close(st)
		return
	}
	if a.held {
		st.held--
	}
	same := func(b *article) bool { return a == b }
	st.articles = slices.DeleteFunc(st.articles, same)
	st.voices = slices.DeleteFunc(st.voices, same)
	st.first, st.last = time.Time{}, time.Time{}
	for _, b := range st.articles {
		st.span(b.told)
	}
	s.speak(st)
	s.words.drop(a.words)
}

// list is a queue of stories that any one can leave at once.
type list struct{ head, tail *story }

func (l *list) push(st *story) {
	st.prev, st.next = l.tail, nil
	if l.tail != nil {
		l.tail.next = st
	} else {
		l.head = st
	}
	l.tail = st
}

// before puts a story where another stands, ahead of it.
func (l *list) before(next, st *story) {
	st.prev, st.next = next.prev, next
	if next.prev != nil {
		next.prev.next = st
	} else {
		l.head = st
	}
	next.prev = st
}

func (l *list) remove(st *story) {
	if st.prev == nil && l.head != st {
		return // not in the list
	}
	if st.prev != nil {
		st.prev.next = st.next
	} else {
		l.head = st.next
	}
	if st.next != nil {
		st.next.prev = st.prev
	} else {
		l.tail = st.prev
	}
	st.prev, st.next = nil, nil
}
