// Package card makes the handling card of an incident: what happened, why it
// was flagged, who spreads it and how the claim changed, figures against the
// usual, what sort of crisis it is and how to stand to it, what to do by when,
// who must answer by when and by which law, what came of incidents like it, and
// what would lower the level.
//
// Whoever is shown the card alone, on a phone at night, can say what to do.
// Nothing in it is invented: what was told is quoted with its outlet and time,
// advice and deadlines are the agency's own text in handling.yaml, and a block
// of which nothing is known is empty and shown as such.
//
// The card is a pure function of what is known, in one language.
package card

import (
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
)

// Facts is what is known of an incident at Now.
type Facts struct {
	Now      time.Time
	Pack     config.Pack
	Incident news.Incident
	Owner    string
	Life     []Event   // of the incident, oldest first
	Articles []Article // of its story, oldest first
	Edits    []Edit    // headlines that their own papers changed
	Gone     []Gone    // pages taken down
	Usual    Usual
	Cases    []Case         // other incidents, to compare with
	Proofs   map[string]int // pieces of evidence kept, by article
	Raises   int            // newsrooms that the next level asks for
	Fades    time.Time      // when it fades if nothing more is told; zero: not known
	Closes   time.Time
}

// Event is a step in the life of the incident.
type Event struct {
	At       time.Time
	Did      string
	Level    int
	Who, Why string // empty who: the rules
}

// Article is an article of the story.
type Article struct {
	news.Article
	Reading news.Reading
	CopyOf  string
	Harm    bool      // it tells of harm that the agency has to answer for
	At      time.Time // published, or seen where that is not known
}

// Edit is a headline that its own paper changed.
type Edit struct {
	Article  string // id
	Was, Now string
	At       time.Time // when the change was seen
}

// Gone is a page that was taken down.
type Gone struct {
	Article string
	At      time.Time
}

// Usual is what the story's main topic brings on a day like this one.
type Usual struct {
	Topic     string // id; empty: the story has none
	Today     int    // publications since midnight
	Low, High int    // nine days of ten that are like it lie between
	Mean      float64
	Days      int // of history the mean rests on; 0: nothing is known
}

// Case is another incident.
type Case struct {
	news.Incident
	Provinces []string
	Life      []Event
}

// Card is the handling card, in words.
type Card struct {
	ID        string     `json:"id"`
	Story     string     `json:"story"`
	Title     string     `json:"title"`
	Level     int        `json:"level"`
	LevelName string     `json:"level_name"`
	Means     string     `json:"level_means"`
	State     news.State `json:"state"`
	StateName string     `json:"state_name"`
	Owner     string     `json:"owner"`
	Taken     string     `json:"taken_by"` // who took it on last; empty: nobody did
	TakenAt   time.Time  `json:"taken_at"`
	Score     float64    `json:"score"`
	Opened    time.Time  `json:"opened"`
	Updated   time.Time  `json:"updated"`
	AsOf      time.Time  `json:"as_of"`

	Happened  []Quote `json:"happened"`
	Corrected *Quote  `json:"corrected"`   // the last correction a paper printed: figures above it may be wrong; nil: none
	Agency    *Quote  `json:"agency_said"` // nil: it has not spoken

	Why     []Reason `json:"why"`
	Figures Figures  `json:"figures"`
	Hours   Hours    `json:"hours"`
	Outlets []Outlet `json:"outlets"`
	Turns   []Turn   `json:"turns"`

	Type    Sort   `json:"type"`
	Kind    Sort   `json:"kind"`
	Stance  string `json:"stance"`
	Avoid   string `json:"avoid"`
	Holding string `json:"holding"`
	Steps   []Step `json:"steps"`

	Speakers []Speaker `json:"speakers"`
	Due      []Due     `json:"due"`

	Past     []Past   `json:"past"`
	Evidence []Proof  `json:"evidence"`
	Lower    []string `json:"lower"`
	Raise    []string `json:"raise"`
}

// Quote is what an article says, with who said it when.
type Quote struct {
	Who     string    `json:"who"` // is quoted; empty: the article itself
	Text    string    `json:"text"`
	Outlet  string    `json:"outlet"`
	Article string    `json:"article"`
	At      time.Time `json:"at"`
}

// maker makes one card.
type maker struct {
	Facts
	w    *say.Words
	harm []Article // the articles that tell of harm, oldest first
}

// Make makes the card in a language.
func Make(f Facts, w *say.Words) Card {
	m := &maker{Facts: f, w: w}
	for _, a := range f.Articles {
		if a.Harm || slices.Contains(m.factor("outlets").Articles, a.ID) {
			m.harm = append(m.harm, a)
		}
	}
	in := f.Incident
	c := Card{ID: in.ID, Story: in.Story, Title: in.Title, Level: in.Level, State: in.State, Owner: f.Owner, Score: in.Score,
		Opened: in.Opened, Updated: in.Updated, AsOf: f.Now, StateName: m.named("state."+string(in.State), string(in.State))}
	c.LevelName, c.Means = m.level(in.Level)
	for _, e := range f.Life {
		if e.Who != "" && e.Did == string(news.Acked) {
			c.Taken, c.TakenAt = e.Who, e.At
		}
	}
	c.Happened, c.Corrected, c.Agency = m.happened(), m.corrected(), m.agency()
	c.Why, c.Figures, c.Hours = m.why(), m.figures(), m.hours()
	c.Outlets, c.Turns = m.spread(), m.turns()
	m.handle(&c)
	c.Speakers, c.Due = m.speakers(), m.due()
	c.Past, c.Evidence = m.past(), m.proofs()
	c.Lower, c.Raise = m.lower(), m.raise()
	return c
}

// factor is what spoke for the incident under a name; its zero value where
// nothing did.
func (m *maker) factor(name string) news.Factor {
	for _, f := range m.Incident.Reasons {
		if f.Factor == name {
			return f
		}
	}
	return news.Factor{}
}

// named says a message, or otherwise where there is none.
func (m *maker) named(id, otherwise string) string {
	if m.w.Has(id) {
		return m.w.Say(id)
	}
	return otherwise
}

// in chooses the text of the card's language.
func (m *maker) in(vi, en string) string { return config.In(m.w.Lang, vi, en) }

func (m *maker) level(n int) (name, means string) {
	for _, l := range m.Pack.Crisis.Levels {
		if l.Level == n {
			return m.in(l.Name, l.NameEN), m.in(l.Means, l.MeansEN)
		}
	}
	return "", ""
}

func (m *maker) outlet(id string) string {
	if o, ok := m.Pack.OutletByID(id); ok {
		return o.Name
	}
	return id
}

func (m *maker) province(id string) string {
	if p, ok := m.Pack.ProvinceByID(id); ok {
		return p.Name
	}
	return id
}

func (m *maker) article(id string) (Article, bool) {
	if i := slices.IndexFunc(m.Articles, func(a Article) bool { return a.ID == id }); i >= 0 {
		return m.Articles[i], true
	}
	return Article{}, false
}

func (m *maker) quote(a Article, text string) Quote {
	return Quote{Text: text, Outlet: m.outlet(a.Outlet), Article: a.ID, At: a.At}
}
