package eval

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
)

// CrisisOptions are how to run Crisis.
type CrisisOptions struct {
	Stages                func() *Replay                    // the stages that ship, with nothing remembered; called once a run
	Rules                 config.Crisis                     // those of Stages: the curve moves their threshold
	Known                 func(outlet, domain string) bool  // whether the configuration has an outlet
	Seeds                 int                               // composed streams: seeds 1, 2, …
	Onsets                string                            // one of Onsets
	BackgroundOutletsOnly bool                              // plant only articles of outlets that the stream has too
	Noise                 []string                          // of Noises, each measured beside the clean run
	Out                   io.Writer                         // planted stories and alerts as JSON Lines; nil for none
	Progress              func(stage string, done, all int) // called by many at once; may be nil
}

// Crisis plants invented stories in a real stream, once a seed, replays what
// came of it through the stages that ship, and says how many crises were heard
// of, how soon, and how often wolf was cried. The stream is read once: how an
// article reads depends on nothing that happened before it.
func Crisis(dirs []string, streams []io.Reader, o CrisisOptions) (CrisisFigures, error) {
	t, err := newTrial(dirs, streams, o)
	if err != nil {
		return CrisisFigures{}, err
	}
	clean, err := t.runs("")
	if err != nil {
		return CrisisFigures{}, err
	}
	if err := t.writeAnswers(clean); err != nil {
		return CrisisFigures{}, err
	}
	f := t.figures(clean)
	for _, noise := range o.Noise {
		noisy, err := t.runs(noise)
		if err != nil {
			return f, err
		}
		f.Noise = append(f.Noise, t.noiseFigures(noise, noisy, f))
	}
	return f, nil
}

// trial is what all runs share.
type trial struct {
	CrisisOptions
	scripts    []crisisScript
	strangers  []string
	background []*arrival // as read
	from, to   time.Time
	moved      time.Duration
}

func newTrial(dirs []string, streams []io.Reader, o CrisisOptions) (*trial, error) {
	if o.Seeds < 1 || !slices.Contains(Onsets, o.Onsets) {
		return nil, fmt.Errorf("cannot compose %d streams with onsets %q: want a seed or more and one of %s", o.Seeds, o.Onsets, strings.Join(Onsets, ", "))
	}
	scripts, err := readScripts(dirs)
	if err != nil {
		return nil, err
	}
	items, _, err := readStream(streams)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, errors.New("the stream holds no article with an address and a time; name files of articles, a JSON object a line")
	}
	t := &trial{CrisisOptions: o, scripts: scripts, strangers: strangers(scripts, o.Known)}
	t.from, t.to = window(items)
	items = slices.DeleteFunc(items, func(it StreamItem) bool { return it.at.Before(t.from) || !it.at.Before(t.to) })
	if o.BackgroundOutletsOnly {
		domains := map[string]bool{}
		for _, it := range items {
			domains[host(it)] = true
		}
		if t.scripts = only(scripts, domains); len(t.scripts) == 0 {
			return nil, errors.New("no script has two articles of the stream's own outlets")
		}
	}
	t.read(items)
	if o.Onsets == "tet" {
		t.move(toTet(t.to))
	}
	return t, nil
}

// read reads the background.
func (t *trial) read(items []StreamItem) {
	r := t.Stages()
	for from := 0; from < len(items); from += readAtOnce {
		part := r.readAll(items[from:min(from+readAtOnce, len(items))])
		for i := range part {
			t.background = append(t.background, &part[i])
		}
		t.progress("reading", from+len(part), len(items))
	}
}

// move shifts the clock of the background. Its articles stay as they were read.
func (t *trial) move(by time.Duration) {
	t.moved, t.from, t.to = by, t.from.Add(by), t.to.Add(by)
	for _, a := range t.background {
		a.Published, a.FirstSeen = a.Published.Add(by), a.FirstSeen.Add(by)
	}
}

func (t *trial) progress(stage string, done, all int) {
	if t.Progress != nil {
		t.Progress(stage, done, all)
	}
}

func (t *trial) weeks() float64 { return t.to.Sub(t.from).Hours() / (7 * 24) }

// runs replays all seeds, as many at once as there are processors.
func (t *trial) runs(noise string) ([]seedRun, error) {
	out, errs := make([]seedRun, t.Seeds), make([]error, t.Seeds)
	seeds := make(chan int)
	var all sync.WaitGroup
	var lock sync.Mutex
	done, articles := 0, t.Seeds*len(t.background)
	heard := func(n int) {
		lock.Lock()
		defer lock.Unlock()
		done = min(articles, done+n)
		t.progress(cmp.Or(noise, "replaying"), done, articles)
	}
	for range min(runtime.GOMAXPROCS(0), t.Seeds) {
		all.Go(func() {
			for i := range seeds {
				out[i], errs[i] = t.run(i+1, noise, heard)
			}
		})
	}
	for i := range t.Seeds {
		seeds <- i
	}
	close(seeds)
	all.Wait()
	return out, errors.Join(errs...)
}

// seedRun is what came of one composed stream.
type seedRun struct {
	seed    int
	stories []planted
	written []alarm         // by the rules that ship, of every level
	levels  map[int]verdict // threshold of level 2 in thousandths → what its alarms came to; shipped: as it ships
	volume  []verdict       // of volumeRules
	scored  []scored        // stories with the highest score they had
	threats threatFigures
}

// shipped names the threshold as it ships, in seedRun.levels.
const shipped = -1

// thresholds are those of the curve, in thousandths.
func thresholds() []int {
	var out []int
	for th := 300; th <= 975; th += 25 {
		out = append(out, th)
	}
	return out
}

// run composes a stream and replays it before every set of rules at once.
func (t *trial) run(seed int, noise string, heard func(articles int)) (seedRun, error) {
	out := seedRun{seed: seed, levels: map[int]verdict{}}
	out.stories = newComposer(t.Onsets, t.from, t.to, seed).plant(t.scripts)
	r := t.Stages()
	stream := t.mixed(r, out.stories)
	disturb(r, noise)
	var seen sightings
	seen.listen(r)

	ours, open, moved := listener{}, listener{}, map[int]*listener{}
	watches := []*watch{newWatch(r.Decide, ours.hear), ageless(withoutGates(t.Rules), open.hearAll)}
	for _, th := range thresholds() {
		moved[th] = &listener{}
		watches = append(watches, ageless(withThreshold(t.Rules, float64(th)/1000), moved[th].hear))
	}
	watches[0].again = r.Again
	r.begin(outletsOf(stream), watches...)
	own := owners(out.stories)
	person := officer{own: own, heard: &ours, judged: map[string]bool{}}
	for i, a := range stream {
		person.judge(r, a.FirstSeen)
		if err := r.arrive(*a); err != nil {
			return out, fmt.Errorf("replaying %s: %w", a.URL, err)
		}
		if (i+1)%readAtOnce == 0 {
			heard(readAtOnce)
		}
	}
	heard(len(stream) % readAtOnce)

	out.written = ours.alarms
	out.levels[shipped] = own.judge(ours.alarms)
	for th, l := range moved {
		out.levels[th] = own.judge(l.alarms)
	}
	for _, rule := range volumeRules() {
		out.volume = append(out.volume, own.judge(rule.alarms(seen.all, t.from)))
	}
	out.scored = own.scored(open.alarms)
	out.threats = own.threats(ours.alarms)
	return out, nil
}

// ageless is a watch whose incidents never end: when each is first heard of is
// the same, and most of the work of a watch is ageing.
func ageless(c config.Crisis, tell func(time.Time, crisis.Change) error) *watch {
	w := newWatch(crisis.Compile(c).Decide, tell)
	w.ages = false
	return w
}

// mixed is the background with the planted stories, by time.
func (t *trial) mixed(r *Replay, stories []planted) []*arrival {
	var items []StreamItem
	for _, s := range stories {
		items = append(items, s.items...)
	}
	read := r.readAll(items)
	stream := slices.Clone(t.background)
	for i := range read {
		stream = append(stream, &read[i])
	}
	slices.SortStableFunc(stream, func(a, b *arrival) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	return stream
}

func outletsOf(stream []*arrival) int {
	seen := map[string]bool{}
	for _, a := range stream {
		seen[a.Outlet] = true
	}
	return len(seen)
}

// withThreshold is the configuration with another threshold of level 2.
func withThreshold(c config.Crisis, th float64) config.Crisis {
	c.Levels = slices.Clone(c.Levels)
	for i, l := range c.Levels {
		switch {
		case l.Level == 2:
			c.Levels[i].MinScore = th
		case l.Level > 2:
			c.Levels[i].MinScore = max(th, l.MinScore)
		}
	}
	return c
}

// withoutGates is a configuration by which every story is an incident of level
// 1 from its first article on: its score is heard at every step.
func withoutGates(c config.Crisis) config.Crisis {
	c.MinOutlets, c.Threats, c.Kinds = 0, nil, nil
	c.Levels = []config.CrisisLevel{{Level: 1}}
	return c
}

// alarm is an incident as it was when it began or rose.
type alarm struct {
	at              time.Time
	level           int
	incident, story string
	title           string
	kind, blamed    string // of incident, and of how much blame lies on the agency
	score           float64
	urls            []string
	threat          bool
}

// listener keeps what a watch tells.
type listener struct{ alarms []alarm }

// hear keeps what began, rose or came back.
func (l *listener) hear(now time.Time, c crisis.Change) error {
	if c.Incident.Level > c.From || c.Joins != "" {
		return l.hearAll(now, c)
	}
	return nil
}

// hearAll keeps every step.
func (l *listener) hearAll(now time.Time, c crisis.Change) error {
	in := c.Incident
	l.alarms = append(l.alarms, alarm{
		at: now, level: in.Level, incident: in.ID, story: in.Story, title: in.Title, kind: in.Kind.Value, blamed: in.Type.Value, score: in.Score, urls: in.URLs,
		threat: slices.ContainsFunc(in.Reasons, func(f news.Factor) bool { return strings.HasPrefix(f.Factor, "threat:") }),
	})
	return nil
}

// crisisAnswer is a planted story or an alert, as written with --out.
type crisisAnswer struct {
	Seed      int      `json:"seed"`
	Script    string   `json:"script,omitempty"`
	Kind      string   `json:"kind,omitempty"` // as the script, or the rules, call it
	Type      string   `json:"type,omitempty"`
	Crisis    *bool    `json:"crisis,omitempty"`
	Articles  []string `json:"articles,omitempty"`
	Published []string `json:"published,omitempty"`
	At        string   `json:"at,omitempty"`
	Level     int      `json:"level,omitempty"`
	Incident  string   `json:"incident,omitempty"`
	URLs      []string `json:"urls,omitempty"`
	Score     float64  `json:"score,omitempty"`
}

// writeAnswers writes each seed's planted stories, then its alerts.
func (t *trial) writeAnswers(runs []seedRun) error {
	if t.Out == nil {
		return nil
	}
	e := json.NewEncoder(t.Out)
	e.SetEscapeHTML(false)
	write := func(a crisisAnswer) error {
		if err := e.Encode(a); err != nil {
			return fmt.Errorf("writing the alerts: %w", err)
		}
		return nil
	}
	for _, run := range runs {
		for _, s := range run.stories {
			a := crisisAnswer{Seed: run.seed, Script: s.ID, Kind: s.Kind, Crisis: &s.Crisis}
			for _, it := range s.items {
				a.Articles, a.Published = append(a.Articles, it.URL), append(a.Published, it.Published)
			}
			if err := write(a); err != nil {
				return err
			}
		}
		for _, x := range run.written {
			a := crisisAnswer{Seed: run.seed, At: x.at.In(vietnam).Format(time.RFC3339), Level: x.level, Kind: x.kind, Type: x.blamed, Incident: x.incident, URLs: x.urls, Score: x.score}
			if err := write(a); err != nil {
				return err
			}
		}
	}
	return nil
}
