// Package story says which event an article tells and which texts are copies
// of one another, as articles arrive one by one.
//
// An article is a bag of weighted words: syllables and pairs of neighbours of
// title, lead and the first hundred syllables of the body (whole bodies tell of
// too much else). It joins the live story it is most like, by the cosine of
// TF-IDF weights, where likeness fades with the time between them; where no
// story is like enough it founds one. The words' document frequencies are those
// of the live articles alone, so that the whole state follows from the live
// articles in order of arrival: fed again with the stories they are in, they
// give the same later decisions.
//
// Stories that grew towards one another are merged when an hour of arrivals is
// over, the elder's id standing for both; not those that a person closed or put
// an article into, and no branch into the story it grew out of. What is like a
// story that has run long, but less like it than its own reports are, founds a
// branch that names it: an affair of weeks has children, not one endless list.
//
// A copy is a text of which most runs of three syllables stand in an earlier
// one. It goes where the original is and adds nothing to the story's words, so
// that ten thousand copies weigh as much as one.
//
// What is absent here is absent on purpose: no clock (an article brings its times), no
// store, no judgement of what is relevant (the caller leaves out round-ups and
// what is not ours), no end of a story by verdict: a story that nobody adds to
// leaves the memory, and its id stands for ever.
package story

import (
	"cmp"
	"math"
	"slices"
	"time"

	"diembao/internal/news"
)

// Options are the measures of likeness. The zero value of a field means its default.
type Options struct {
	Join     float64       // least similarity that joins an article to a story
	Decay    time.Duration // similarity falls by 1/e with this much time between
	Live     time.Duration // a story nobody added to for so long leaves the memory
	Articles int           // most articles held in memory; the stories longest untouched go first
	Kin      float64       // share of Join that is asked where article and story both tell of harm, within a day
	Merge    float64       // least similarity of two stories that grew towards one another
	Branch   float64       // share of Join that is asked more where the story has run long
	Copy     float64       // least share of the shorter text's three-syllable runs found in the longer
}

// The defaults. On human clusters of news any Join from .14 to .17 gives BCubed
// F1 of .955 and more, alone and among strangers: it stands in the middle.
const (
	defaultJoin     = 0.155
	defaultDecay    = 120 * time.Hour
	defaultLive     = 10 * 24 * time.Hour
	defaultArticles = 16_000
	defaultKin      = 0.65
	defaultMerge    = 0.25 // at .22 and less strangers merge, from .25 on none of the human clusters lose
	defaultBranch   = 1.3
	defaultCopy     = 0.55
)

func (o Options) orDefault() Options {
	if o.Join == 0 {
		o.Join = defaultJoin
	}
	if o.Decay == 0 {
		o.Decay = defaultDecay
	}
	if o.Live == 0 {
		o.Live = defaultLive
	}
	if o.Articles == 0 {
		o.Articles = defaultArticles
	}
	if o.Kin == 0 {
		o.Kin = defaultKin
	}
	if o.Merge == 0 {
		o.Merge = defaultMerge
	}
	if o.Branch == 0 {
		o.Branch = defaultBranch
	}
	if o.Copy == 0 {
		o.Copy = defaultCopy
	}
	return o
}

// Doc is one article as it arrives.
type Doc struct {
	ID        string
	Outlet    string
	Title     string
	Lead      string
	Body      string    // may be empty
	Time      time.Time // published; zero where unknown
	Seen      time.Time // when it was first seen; zero: Time
	Provinces []string  // slugs, as read
	Grave     bool      // tells of harm: such reports of one day are seldom of two events
	Story     string    // the story it is already in, by an earlier reading or a person's word: kept
	CopyOf    string    // of an article with Story: the original it was found to be a copy of
	Parent    string    // of Story, where that is a branch
	Held      bool      // a person put it into Story: that story is merged by people alone
}

// Placed is where an article went and why.
type Placed struct {
	Story      string
	Founded    bool    // it told of something new
	Parent     string  // where it founded a branch: the long story that it grew out of
	CopyOf     string  // id of the original; empty where the text is its own
	Similarity float64 // 0..1 to the story, or the share of common runs for a copy
	Why        []news.Reason
	Merged     []Merged // stories that grew together in the hour before; done before the article was placed
}

// Stories is the memory of live stories. It is not safe for concurrent use.
type Stories struct {
	opt      Options
	words    vocabulary
	texts    copies
	byID     map[string]*article
	live     map[string]*story
	locked   map[string]bool // closed by people: nothing is added
	slots    []*story        // postings name a story by its slot
	free     []uint32
	arrivals uint64
	oldest   list // stories by when they were last touched
	clock    time.Time
	grown    []*story  // by an article since the last pass
	restored bool      // articles arrive that were placed before: what was merged then is merged
	score    []float64 // scratch, by slot
}

// New returns an empty memory.
func New(o Options) *Stories {
	o = o.orDefault()
	return &Stories{
		opt: o, words: newVocabulary(), texts: newCopies(),
		byID: map[string]*article{}, live: map[string]*story{},
	}
}

// ID is the id of the story that the article with this id founds.
func ID(article string) string { return "s-" + article }

// Add places one article. An article that is known, or that brings its Story,
// stays where it is (Story wins where the two differ: a person moved it).
func (s *Stories) Add(d Doc) Placed {
	if a := s.byID[d.ID]; a != nil {
		if d.Story == "" || d.Story == a.story.id {
			if d.Held && !a.held {
				a.held = true
				a.story.held++
			}
			return Placed{Story: a.story.id, CopyOf: a.copyOf, Similarity: 1}
		}
		s.forget(a)
	}
	seen, told := times(d)
	merged := s.hourly(seen)
	for _, m := range merged {
		if d.Story == m.From {
			d.Story = m.Into
		}
	}
	s.tick(seen)
	a := s.read(d, told)
	p := s.place(a, d)
	s.keep(a, p)
	p.Merged = merged
	return p
}

// Lock names the stories that people closed: an article that does not bring its
// story, though like one of these, founds its own. It replaces what was named
// before.
func (s *Stories) Lock(ids []string) {
	s.locked = make(map[string]bool, len(ids))
	for _, id := range ids {
		s.locked[id] = true
	}
}

// unlocked reports whether the machine may add to a story.
func (s *Stories) unlocked(st *story) bool { return !s.locked[st.id] }

// Restore fills the memory with articles already placed, in the order they
// arrived in, whatever order they come in here. Those without a Story are
// placed as by Add.
func (s *Stories) Restore(docs []Doc) {
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b Doc) int {
		x, _ := times(a)
		y, _ := times(b)
		return x.Compare(y)
	})
	s.restored = true
	for _, d := range docs {
		s.Add(d)
	}
	s.restored = false
}

// Len counts the live stories and the articles held for them.
func (s *Stories) Len() (stories, articles int) { return len(s.live), len(s.byID) }

// earliest is the first day a date of publication is believed: before it the
// Vietnamese press was not on the web, and 1970 is a missing date.
var earliest = time.Date(1997, 1, 1, 0, 0, 0, 0, time.UTC)

// times settles when the article arrived and when its story was told: a date
// of publication that is missing, impossible or still to come is replaced by
// the arrival.
func times(d Doc) (seen, told time.Time) {
	seen, told = d.Seen, d.Time
	if seen.IsZero() {
		seen = told
	}
	if told.Before(earliest) || told.After(seen) {
		told = seen
	}
	return seen, told
}

// place decides; the article is not yet in the memory.
func (s *Stories) place(a *article, d Doc) Placed {
	if d.Story != "" {
		return Placed{Story: d.Story, Parent: d.Parent, CopyOf: d.CopyOf, Similarity: 1, Founded: d.Story == ID(d.ID)}
	}
	if original, share := s.texts.original(a, s.opt.Copy); original != nil && s.unlocked(original.story) {
		if root := s.byID[original.copyOf]; root != nil {
			original = root
		}
		return Placed{Story: original.story.id, CopyOf: original.id, Similarity: share, Why: whyCopy(original, share)}
	}
	best, similarity := s.nearest(a, s.unlocked)
	if best != nil && similarity >= s.opt.Join*leniency(a.body) && !s.strangers(a, d, best) {
		if best.long() && similarity < s.opt.Branch*s.opt.Join*leniency(a.body) && !(a.grave && s.kin(a, best)) {
			return Placed{Story: ID(a.id), Founded: true, Parent: best.id, Similarity: similarity, Why: s.why(a, best, d)}
		}
		return Placed{Story: best.id, Similarity: similarity, Why: s.why(a, best, d)}
	}
	if a.grave {
		kin, alike := s.nearest(a, func(st *story) bool { return s.kin(a, st) })
		if kin != nil && alike >= s.opt.Kin*s.opt.Join*leniency(a.body) {
			return Placed{Story: kin.id, Similarity: alike, Why: s.why(a, kin, d)}
		}
	}
	return Placed{Story: ID(a.id), Founded: true, Similarity: similarity}
}

// kin reports whether a story tells of harm and was told within a day of the article.
func (s *Stories) kin(a *article, st *story) bool {
	return s.unlocked(st) && st.grave() && between(a.told, st) <= 24*time.Hour
}

// veryLike is how many times Join is asked of a text that is not of our field by its own words.
const veryLike = 1.5

// Like returns the story of harm that a text belongs to which says nothing of
// our field by itself: a report of the same event without its usual words. The
// text is not remembered; false where no such story is like enough.
func (s *Stories) Like(d Doc) (Placed, bool) {
	if a := s.byID[d.ID]; a != nil {
		return Placed{Story: a.story.id, CopyOf: a.copyOf, Similarity: 1}, a.story.grave()
	}
	seen, told := times(d)
	s.tick(seen)
	a := s.read(d, told)
	defer s.words.drop(a.words)
	if original, share := s.texts.original(a, s.opt.Copy); original != nil && s.unlocked(original.story) && original.story.grave() {
		return Placed{Story: original.story.id, CopyOf: cmp.Or(original.copyOf, original.id), Similarity: share, Why: whyCopy(original, share)}, true
	}
	best, similarity := s.nearest(a, func(st *story) bool { return s.kin(a, st) })
	if best == nil || similarity < veryLike*s.opt.Join*leniency(a.body) {
		return Placed{}, false
	}
	return Placed{Story: best.id, Similarity: similarity, Why: s.why(a, best, d)}, true
}

// Open reports whether a story is live and the machine may add to it.
func (s *Stories) Open(id string) bool {
	st := s.live[id]
	return st != nil && s.unlocked(st)
}

// Holds reports whether an article is in the memory.
func (s *Stories) Holds(article string) bool { return s.byID[article] != nil }

// Articles are the ids of a live story's articles, in the order they came in.
func (s *Stories) Articles(id string) []string {
	st := s.live[id]
	if st == nil {
		return nil
	}
	out := make([]string, len(st.articles))
	for i, a := range st.articles {
		out[i] = a.id
	}
	return out
}

// Told is the time from the first to the last report of a live story; zero where
// it is not known.
func (s *Stories) Told(id string) (first, last time.Time) {
	if st := s.live[id]; st != nil {
		first, last = st.first, st.last
	}
	return first, last
}

// Title is the title of a live story's first article; empty where it is not known.
func (s *Stories) Title(id string) string {
	if st := s.live[id]; st != nil {
		return st.articles[0].title
	}
	return ""
}

// leniency is how much less likeness is asked of a title and lead without a
// body: fewer words have fewer occasions to agree.
func leniency(body float64) float64 { return 0.8 + 0.2*body }

// decay is how much of a likeness is left over the time between.
func (s *Stories) decay(between time.Duration) float64 {
	return math.Exp(-between.Abs().Hours() / s.opt.Decay.Hours())
}
