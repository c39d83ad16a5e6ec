package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// StreamItem is one line of a stream to replay: a composed stream, or a dump
// of feeds (link, source, fetched).
type StreamItem struct {
	URL       string `json:"url"`
	Link      string `json:"link"`
	Outlet    string `json:"outlet"`
	Source    string `json:"source"`
	Domain    string `json:"domain"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	Body      string `json:"body"`
	Published string `json:"published"`
	Fetched   string `json:"fetched"`

	ID  string   `json:"-"` // of an article of the archive; empty: by its address
	Via news.Via `json:"-"` // empty: as if crawled

	at, out time.Time // heard, and published where that is another time
}

// Archived is an article of the archive as an item: heard when it was crawled
// or, where it came in by another door, when it came out.
func Archived(a news.Article) StreamItem {
	it := StreamItem{ID: a.ID, URL: a.URL, Outlet: a.Outlet, Title: a.Title, Summary: a.Lead, Body: a.Body, at: a.FirstSeen, out: a.Published}
	switch {
	case a.Via == news.Clip:
		it.Via = news.Clip
	case a.Via != news.Crawl && !a.Published.IsZero():
		it.at = a.Published
	}
	return it
}

// ReplayAlert is one line of alerts: an incident started, rose a level, or came
// back because another story told its event anew.
type ReplayAlert struct {
	At       string        `json:"at"`
	Level    int           `json:"level"`
	Incident string        `json:"incident"`
	Story    string        `json:"story"`
	Title    string        `json:"title"`
	Kind     news.Called   `json:"kind"`
	Type     news.Called   `json:"type"`
	URLs     []string      `json:"urls"`
	Score    float64       `json:"score"`
	Reasons  []news.Factor `json:"reasons"`
}

// ReplayReading is how one article that has a story was read.
type ReplayReading struct {
	At     string        `json:"at"`
	URL    string        `json:"url"`
	Title  string        `json:"title"`
	Story  string        `json:"story"`
	CopyOf string        `json:"copy_of,omitempty"`
	Tone   string        `json:"tone"`
	Role   string        `json:"agency_role"`
	Target string        `json:"target"`
	Risk   int           `json:"risk"`
	Why    []news.Reason `json:"why"` // of the tone
}

// ReplayFigures are the figures of `replay`.
type ReplayFigures struct {
	Articles  int            `json:"articles"`
	Relevant  int            `json:"relevant"`
	Stories   int            `json:"stories"`
	Incidents int            `json:"incidents"`
	Alerts    map[int]int    `json:"alerts"` // by level
	Kinds     map[string]int `json:"kinds"`  // of incidents that reached level 2
	Weeks     float64        `json:"weeks"`
	PerSecond float64        `json:"articles_per_s"`
	Bad       int            `json:"bad"` // lines without a readable time or address
}

// Replay runs the pipeline in memory on a clock driven by the articles' own
// times. The three stages are those that ship, given by the caller.
type Replay struct {
	Outlet func(a news.Article) config.Outlet                                 // a.Outlet is as the stream names it
	Read   func(a news.Article, now time.Time) (news.Reading, []news.Mention) // by many at once
	// Place finds an article its story: the article comes first, and behind it those that had waited for
	// its story, each as it is then read; none: it belongs to no story.
	Place    func(a news.Article, r news.Reading) []Settled
	Decide   func(now time.Time, tallies []crisis.Tally, open []news.Incident) []crisis.Change
	Again    *Again // nil: events told anew begin new incidents
	Around   Around // what stands around the stories; nil where nothing does
	Keys     news.Rules
	Alerts   io.Writer                         // ReplayAlerts as JSON Lines; nil for none
	Readings io.Writer                         // ReplayReadings as JSON Lines; nil for none
	Progress func(done int)                    // may be nil
	Heard    func(at time.Time, a ReplayAlert) // of every alert; may be nil

	seen    map[string]bool
	tallies map[string]*crisis.Tally
	joined  map[string]string // story → the one that it is part of, since it told its event anew
	watches []*watch
	outlets int
	figures ReplayFigures
	hour    time.Time
}

// watch follows the incidents that one set of rules decides.
type watch struct {
	decide    func(now time.Time, tallies []crisis.Tally, open []news.Incident) []crisis.Change
	tell      func(now time.Time, c crisis.Change) error // of every change
	again     *Again                                     // nil: events told anew begin new incidents
	ages      bool                                       // its incidents fade and close
	incidents map[string]news.Incident
	byStory   map[string][]string
}

func newWatch(decide func(time.Time, []crisis.Tally, []news.Incident) []crisis.Change, tell func(time.Time, crisis.Change) error) *watch {
	return &watch{decide: decide, tell: tell, ages: true, incidents: map[string]news.Incident{}, byStory: map[string][]string{}}
}

// Run replays the items of all streams, JSON Lines of StreamItem, by their times.
func (r *Replay) Run(streams ...io.Reader) (ReplayFigures, error) {
	items, bad, err := readStream(streams)
	if err != nil {
		return ReplayFigures{}, err
	}
	figures, err := r.Play(r.watched(items), func(yield func([]StreamItem, error) bool) {
		for part := range slices.Chunk(items, readAtOnce) {
			if !yield(part, nil) {
				return
			}
		}
	})
	figures.Bad = bad
	return figures, err
}

// Play replays items that come in the order of their times, a batch at once,
// as if so many outlets were switched on.
func (r *Replay) Play(outlets int, batches iter.Seq2[[]StreamItem, error]) (ReplayFigures, error) {
	shipped := newWatch(r.Decide, r.alert)
	shipped.again = r.Again
	r.begin(outlets, shipped)
	start, done, days := time.Now(), 0, map[string]bool{}
	for part, err := range batches {
		if err != nil {
			return r.figures, err
		}
		for _, a := range r.readAll(part) {
			if err := r.arrive(a); err != nil {
				return r.figures, fmt.Errorf("replaying %s: %w", a.URL, err)
			}
			days[a.FirstSeen.In(vietnam).Format(time.DateOnly)] = true
			if done++; r.Progress != nil {
				r.Progress(done)
			}
		}
	}
	r.figures.PerSecond = float64(done) / max(time.Since(start).Seconds(), 1e-9)
	r.figures.Stories, r.figures.Incidents = len(r.tallies), len(shipped.incidents)
	r.figures.Weeks = float64(len(days)) / 7 // days that have an article: a few with a date of years ago make it no longer
	return r.figures, nil
}

// begin forgets everything and lets these watches follow what comes.
func (r *Replay) begin(outlets int, watches ...*watch) {
	r.seen, r.tallies, r.joined = map[string]bool{}, map[string]*crisis.Tally{}, map[string]string{}
	r.figures, r.hour = ReplayFigures{Alerts: map[int]int{}, Kinds: map[string]int{}}, time.Time{}
	r.outlets, r.watches = outlets, watches
}

// watched counts the outlets of a stream: those this replay has switched on.
func (r *Replay) watched(items []StreamItem) int {
	seen := map[string]bool{}
	for _, it := range items {
		seen[r.Outlet(news.Article{URL: it.URL, Outlet: it.Outlet, Published: it.at}).ID] = true
	}
	return len(seen)
}

// readAtOnce is how many articles are read before the clock goes on: reading
// depends on nothing that happened, so all processors may share it.
const readAtOnce = 512

// Settled is an article that found its story, as it is then read.
type Settled struct {
	news.Article
	Reading news.Reading
	Placed  story.Placed
}

// arrival is an article as read.
type arrival struct {
	news.Article
	reading news.Reading
}

func (r *Replay) readAll(items []StreamItem) []arrival {
	out := make([]arrival, len(items))
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(items); i += workers {
				out[i] = r.read(items[i])
			}
		})
	}
	all.Wait()
	return out
}

func (r *Replay) read(it StreamItem) arrival {
	canonical := news.Canonical(it.URL, r.Keys)
	a := arrival{Article: news.Article{
		ID: cmp.Or(it.ID, news.ID(canonical)), URL: it.URL, Canonical: canonical, Outlet: it.Outlet, Via: cmp.Or(it.Via, news.Crawl),
		Title: it.Title, Lead: it.Summary, Body: it.Body, Published: it.at, FirstSeen: it.at,
	}}
	if !it.out.IsZero() {
		a.Published = it.out
	}
	a.Outlet = r.Outlet(a.Article).ID
	a.reading, _ = r.Read(a.Article, it.at)
	return a
}

// arrive places and decides on one article at its own time; one that came
// before is passed over.
func (r *Replay) arrive(a arrival) error {
	now := a.FirstSeen
	if err := r.tick(now); err != nil {
		return err
	}
	r.figures.Articles++
	if r.seen[a.ID] {
		return nil
	}
	r.seen[a.ID] = true
	var t *crisis.Tally
	for _, s := range r.Place(a.Article, a.reading) {
		var err error
		if t, err = r.settle(s, now); err != nil {
			return err
		}
	}
	if t == nil {
		return nil
	}
	return r.decide(now, t.Story)
}

// decide lets every watch look at a story.
func (r *Replay) decide(now time.Time, id string) error {
	r.describe(r.tallies[r.standing(id)])
	for _, w := range r.watches {
		if err := r.see(w, now, r.standing(id)); err != nil {
			return err
		}
	}
	return nil
}

// settle counts an article among those of its story, which it returns.
func (r *Replay) settle(s Settled, now time.Time) (*crisis.Tally, error) {
	r.figures.Relevant++
	if err := r.note(s); err != nil {
		return nil, err
	}
	for _, m := range s.Placed.Merged {
		if err := r.join(now, m); err != nil {
			return nil, err
		}
	}
	id := r.standing(s.Placed.Story)
	t := r.tallies[id]
	if t == nil {
		t = &crisis.Tally{Story: id, Title: s.Title, Outlets: r.outlets}
		r.tallies[id] = t
	}
	_, mentions := r.Read(s.Article, now)
	seen := crisis.See(s.Article, s.Reading, mentions, r.Outlet(s.Article), s.Placed.CopyOf)
	t.Articles = append(t.Articles, seen)
	if r.Around != nil {
		r.Around.Hear(seen)
	}
	return t, nil
}

// note writes how an article was read.
func (r *Replay) note(a Settled) error {
	if r.Readings == nil {
		return nil
	}
	e := json.NewEncoder(r.Readings)
	e.SetEscapeHTML(false)
	err := e.Encode(ReplayReading{
		At: a.FirstSeen.In(vietnam).Format(time.RFC3339), URL: a.URL, Title: a.Title, Story: a.Placed.Story, CopyOf: a.Placed.CopyOf,
		Tone: a.Reading.Tone, Role: a.Reading.Role, Target: a.Reading.Target, Risk: a.Reading.Risk,
		Why: a.Reading.Verdicts["tone"].Reasons,
	})
	if err != nil {
		return fmt.Errorf("writing a reading: %w", err)
	}
	return nil
}

// tick lets incidents age, once an hour.
func (r *Replay) tick(now time.Time) error {
	if now.Sub(r.hour) < time.Hour {
		return nil
	}
	r.hour = now
	for _, w := range r.watches {
		if !w.ages {
			continue
		}
		if err := w.age(now, r.tallies); err != nil {
			return err
		}
	}
	return nil
}

// alert counts an incident that began, rose or came back, and writes it.
func (r *Replay) alert(now time.Time, c crisis.Change) error {
	in := c.Incident
	if in.Level <= c.From && c.Joins == "" {
		return nil
	}
	r.figures.Alerts[in.Level]++
	if c.From < 2 && in.Level >= 2 {
		r.figures.Kinds[in.Kind.Value]++
	}
	a := ReplayAlert{
		At: now.In(vietnam).Format(time.RFC3339), Level: in.Level, Incident: in.ID, Story: in.Story,
		Title: in.Title, Kind: in.Kind, Type: in.Type, URLs: in.URLs, Score: in.Score, Reasons: in.Reasons,
	}
	if r.Heard != nil {
		r.Heard(now, a)
	}
	if r.Alerts == nil {
		return nil
	}
	if err := json.NewEncoder(r.Alerts).Encode(a); err != nil {
		return fmt.Errorf("writing an alert: %w", err)
	}
	return nil
}

// see lets a watch decide on one story that an article has joined.
func (r *Replay) see(w *watch, now time.Time, id string) error {
	var open []news.Incident
	for _, in := range w.byStory[id] {
		open = append(open, w.incidents[in])
	}
	changes := w.decide(now, []crisis.Tally{*r.tallies[id]}, open)
	for i, c := range changes {
		changes[i] = r.retold(w, now, c)
	}
	return w.keep(now, changes)
}

// age lets the incidents that live grow older.
func (w *watch) age(now time.Time, known map[string]*crisis.Tally) error {
	var tallies []crisis.Tally
	var open []news.Incident
	for _, in := range w.incidents {
		if in.State != news.Closed && in.State != news.False {
			open = append(open, in)
			tallies = append(tallies, *known[in.Story])
		}
	}
	return w.keep(now, w.decide(now, tallies, open))
}

func (w *watch) keep(now time.Time, changes []crisis.Change) error {
	for _, c := range changes {
		in := c.Incident
		if _, known := w.incidents[in.ID]; !known {
			w.byStory[in.Story] = append(w.byStory[in.Story], in.ID)
		}
		w.incidents[in.ID] = in
		if err := w.tell(now, c); err != nil {
			return err
		}
	}
	return nil
}

// readStream reads JSON Lines in order of time. Lines without an address or a
// readable time are counted, not fatal; a line that is no JSON is an error.
func readStream(streams []io.Reader) (items []StreamItem, bad int, err error) {
	for s, stream := range streams {
		lines := bufio.NewScanner(stream)
		lines.Buffer(nil, 16<<20)
		for n := 1; lines.Scan(); n++ {
			var it StreamItem
			if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
				return nil, bad, fmt.Errorf("reading stream %d, line %d: %w", s+1, n, err)
			}
			it.URL, it.Outlet = cmp.Or(it.URL, it.Link), cmp.Or(it.Outlet, it.Source)
			it.at = stamped(it)
			if it.URL == "" || it.at.IsZero() {
				bad++
				continue
			}
			items = append(items, it)
		}
		if err := lines.Err(); err != nil {
			return nil, bad, fmt.Errorf("reading stream %d: %w", s+1, err)
		}
	}
	slices.SortStableFunc(items, func(a, b StreamItem) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.URL, b.URL))
	})
	return items, bad, nil
}

// stamped is when an item was published: in a dump of feeds some dates are
// the time of fetching and the address tells better (…-20250811124401952.htm).
func stamped(it StreamItem) time.Time {
	if it.Link != "" {
		if t := inAddress(it.Link); !t.IsZero() {
			return t
		}
	}
	return firstTime(it.Published, it.Fetched)
}

// inAddress reads the time stamp that some papers put into their addresses:
// 20250811124401952, or 185 (100, 102, 169, 196) and the same without 20.
func inAddress(address string) time.Time {
	digits := strings.FieldsFunc(address, func(c rune) bool { return c < '0' || c > '9' })
	if len(digits) == 0 {
		return time.Time{}
	}
	d := digits[len(digits)-1]
	if len(d) >= 15 && slices.Contains([]string{"100", "102", "169", "185", "196"}, d[:3]) {
		d = "20" + d[3:]
	}
	if len(d) < 14 {
		return time.Time{}
	}
	t, err := time.ParseInLocation("20060102150405", d[:14], vietnam)
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}
	}
	return t
}
