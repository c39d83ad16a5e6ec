package crisis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// weighed is a story with its factors, score and level at one moment.
type weighed struct {
	story, title string
	factors      []news.Factor
	score        float64
	level        int
	last         time.Time // when harm was last told
	urls         []string  // of all its articles, oldest first
	provinces    []string
	spoken       bool // the agency has spoken
	kind         news.Called
	blamed       news.Called // how much of the blame lies on the agency
}

// late is how long after publication an article may be found and still be news.
const late = 24 * time.Hour

// weigh weighs a story as it is known at now.
func (r *Rules) weigh(now time.Time, t Tally) weighed {
	known := knownAt(now, t.Articles)
	e := r.evidence(now, known, t.Outlets)
	e.surprise, e.likeness = t.Surprise, t.Likeness
	c := weighed{story: t.Story, title: t.Title, provinces: e.provinces(), spoken: e.spoken()}
	for _, a := range known {
		if a.URL != "" { // a printed or broadcast piece has none
			c.urls = append(c.urls, a.URL)
		}
	}
	c.last = e.last()
	c.factors = r.factors(e)
	c.score = r.logistic(c.factors)
	if len(e.voices) > 0 && (e.threat != nil || c.score >= r.least()) {
		kind, gate := r.kind(e)
		c.kind, c.blamed = kind, r.responsibility(e, kind)
		c.level = r.level(e, c.score, max(gate, r.MinOutlets))
	}
	return c
}

// least is the score below which no level begins.
func (r *Rules) least() float64 {
	least := 1.0
	for _, l := range r.Levels {
		least = min(least, l.MinScore)
	}
	return least
}

// knownAt is the story's own articles, oldest first, without what was not yet
// seen and what never counts.
func knownAt(now time.Time, articles []Article) []Article {
	var out []Article
	for _, a := range articles {
		if a.Relevant && !a.Digest && !a.FirstSeen.After(now) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b Article) int {
		return cmp.Or(a.told().Compare(b.told()), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(out, func(a, b Article) bool { return a.ID == b.ID })
}

// earliest is the first day a date of publication is believed: 1970 is none.
var earliest = time.Date(1997, 1, 1, 0, 0, 0, 0, time.UTC)

// told is when an article was published; when it was seen, where its date is
// missing, impossible or still to come.
func (a Article) told() time.Time {
	if a.Published.Before(earliest) || a.Published.After(a.FirstSeen) {
		return a.FirstSeen
	}
	return a.Published
}

// heard is when this system learned of an article.
func (a Article) heard() time.Time { return a.FirstSeen }

// fresh reports whether an article may start or raise an incident.
func (a Article) fresh() bool {
	return a.Via == news.Crawl && a.FirstSeen.Sub(a.told()) <= late && !a.undated()
}

// undated articles whose date is plainly wrong are not news until a person says so.
func (a Article) undated() bool {
	return !a.Published.IsZero() && a.Published.Before(earliest)
}

// level is the highest whose score and gates are met; so many newsrooms are
// needed that tell of harm.
func (r *Rules) level(e evidence, score float64, needed int) int {
	level := 0
	for _, l := range r.Levels {
		if score >= l.MinScore && r.enough(l, e) && e.grounds(r.gate(needed, e.on)) {
			level = max(level, l.Level)
		}
	}
	if e.threat != nil {
		level = max(level, e.threat.Level)
	}
	return level
}

// enough reports whether so many newsrooms tell the story as a level asks for.
func (r *Rules) enough(l config.CrisisLevel, e evidence) bool {
	return len(e.telling) >= r.gate(l.MinOutlets, e.on) && (l.Level < highest || len(e.blaming) >= plainly)
}

// puzzled is how many newsrooms must puzzle for a story to have all the attention there is.
const puzzled = 3

// plain is how much the wording of a story must speak for a crisis where
// nobody calls it bad in words that a list knows.
const plain = 0.35

// grounds reports whether so many newsrooms tell of what is harm, or of what
// puzzles beside one that does or in the words of a crisis: what nobody tells
// as bad is no crisis, however many tell it.
func (e evidence) grounds(needed int) bool {
	return len(e.circle()) >= needed && (len(e.blaming) > 0 || e.worded() >= plain)
}

// logistic is the probability by the weights.
func (r *Rules) logistic(factors []news.Factor) float64 {
	sum := 0.0
	for _, f := range factors {
		sum += f.Value * f.Weight
	}
	return math.Round(1e4/(1+math.Exp(-sum))) / 1e4
}

// write puts what was weighed into the incident.
func (c weighed) write(in news.Incident, now time.Time, version string) news.Incident {
	in.Score, in.Reasons, in.Rules, in.Updated = c.score, c.factors, version, now
	if c.kind.Value != "" {
		in.Kind, in.Type = call(in.Kind, c.kind), call(in.Type, c.blamed)
	}
	in.URLs = slices.Clone(in.URLs)
	known := make(map[string]bool, len(in.URLs))
	for _, u := range in.URLs {
		known[u] = true
	}
	for _, u := range c.urls {
		if !known[u] {
			known[u] = true
			in.URLs = append(in.URLs, u)
		}
	}
	if in.Title == "" {
		in.Title = c.title
	}
	return in
}

// news says what is materially new against the incident as stored; empty where nothing is.
func (c weighed) news(in news.Incident) string {
	if c.spoken && !factor(in, "official").present {
		return "cơ quan BHXH đã lên tiếng"
	}
	known := strings.Split(factor(in, "provinces").Quote, ", ")
	for _, p := range c.provinces {
		if !slices.Contains(known, p) {
			return "lan sang " + p
		}
	}
	return ""
}

type stored struct {
	news.Factor
	present bool
}

func factor(in news.Incident, name string) stored {
	for _, f := range in.Reasons {
		if f.Factor == name {
			return stored{f, f.Value > 0}
		}
	}
	return stored{}
}

// because names the two factors that speak most for the incident.
func (c weighed) because() string {
	f := slices.Clone(c.factors)
	slices.SortStableFunc(f, func(a, b news.Factor) int { return cmp.Compare(b.Value*b.Weight, a.Value*a.Weight) })
	var parts []string
	for _, f := range f[:min(2, len(f))] {
		parts = append(parts, fmt.Sprintf("%s %.2g", f.Factor, f.Value))
	}
	return strings.Join(parts, ", ")
}
