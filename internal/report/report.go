// Package report turns a period's figures into what people read: the coverage
// report as HTML and as text, and the letter about an incident. It counts
// nothing itself and asks nobody: the same figures give the same bytes.
package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	texttemplate "text/template"
	"time"

	"diembao/internal/news"
	"diembao/internal/say"
)

//go:embed *.tmpl
var files embed.FS

// Count is one row of a table: publications (lượt đăng, what official figures
// count) and originals (tin gốc, copies folded), beside the period before.
type Count struct {
	Key          string `json:"key"`
	Label        string `json:"label"`
	Publications int    `json:"publications"`
	Originals    int    `json:"originals"`
	Before       int    `json:"before"` // publications in the period before

	Weight float64 `json:"weight,omitempty"` // of provinces: publications, each counted by the share of it that is about the province
}

// Day is one day's publications, for the picture.
type Day struct {
	Date         time.Time `json:"date"`
	Publications int       `json:"publications"`
	Negative     int       `json:"negative"`
	DarkHours    float64   `json:"dark_hours"` // outlet-hours in which nobody could look: the day may have had more
}

// Line is one article or story in a list.
type Line struct {
	Title        string    `json:"title"`
	URL          string    `json:"url"`
	Outlet       string    `json:"outlet"` // name
	Outlets      int       `json:"outlets,omitempty"`
	Publications int       `json:"publications,omitempty"`
	Tone         string    `json:"tone,omitempty"`
	At           time.Time `json:"at"`
}

// Source is an outlet that was not well in the period.
type Source struct {
	Name  string    `json:"name"`
	State string    `json:"state"` // in words
	Since time.Time `json:"since,omitzero"`
	Why   string    `json:"why"`
}

// Gap is a time of the period in which nobody can vouch for an outlet.
type Gap struct {
	Name     string    `json:"name"`
	State    string    `json:"state"` // in words
	Why      string    `json:"why"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`       // zero while it lasts
	Hours    float64   `json:"hours"`    // of the period
	Expected float64   `json:"expected"` // articles usual for these hours
	Seen     int       `json:"seen"`     // articles of these hours that came to light all the same
}

// Figures is all a coverage report says. [From, To) are instants in Viet Nam.
type Figures struct {
	Title     string          `json:"title"`
	Agency    string          `json:"agency"`
	From      time.Time       `json:"from"`
	To        time.Time       `json:"to"`
	AsOf      time.Time       `json:"as_of"`
	Rules     string          `json:"rules"` // versions of the rules the counted readings were made by
	Sections  []string        `json:"-"`
	Total     Count           `json:"total"`
	Channels  []Count         `json:"channels"`
	Insurance []Count         `json:"insurance"`
	Topics    []Count         `json:"topics"`
	Provinces []Count         `json:"provinces"`
	Tone      []Count         `json:"tone"`
	Roles     []Count         `json:"roles"`
	Forms     []Count         `json:"forms"`
	Events    []Count         `json:"events"`        // by kind
	EventsAt  []Count         `json:"events_at"`     // by kind and province
	EventsN   int             `json:"events_n"`      // told of, each story once
	People    int             `json:"events_people"` // who took part in them
	Series    []Count         `json:"series"`
	Models    []Count         `json:"models"`
	Days      []Day           `json:"days"`
	Incidents []news.Incident `json:"incidents"`
	Ledger    Ledger          `json:"alarms"`
	Stories   []Line          `json:"stories"`
	Negative  []Line          `json:"negative"`
	SourcesOn int             `json:"sources_on"` // outlets switched on
	Dark      []Source        `json:"dark"`       // those of them that were not well
	Gaps      []Gap           `json:"gaps"`       // what nobody can vouch for
}

// DarkHours adds up the gaps, in outlet-hours.
func (f Figures) DarkHours() float64 {
	sum := 0.0
	for _, g := range f.Gaps {
		sum += g.Hours
	}
	return sum
}

// Unseen is how many articles more were to be expected in the gaps than came
// to light.
func (f Figures) Unseen() float64 {
	sum := 0.0
	for _, g := range f.Gaps {
		sum += max(0, g.Expected-float64(g.Seen))
	}
	return sum
}

// sections is the order where the configuration names none.
var sections = []string{"figures", "insurance", "topics", "provinces", "tone", "communication", "incidents", "alarms", "stories", "sources"}

type view struct {
	Figures
	W *say.Words
}

// HTML writes the report as one page that needs nothing but itself.
func HTML(f Figures, w *say.Words) ([]byte, error) {
	return markup("coverage.html.tmpl", ordered(f, w), w)
}

// Text writes the report as plain text that stands alone in a mail.
func Text(f Figures, w *say.Words) ([]byte, error) {
	return text("coverage.text.tmpl", ordered(f, w), w)
}

func text(name string, data any, w *say.Words) ([]byte, error) {
	t, err := texttemplate.New("").Funcs(texttemplate.FuncMap(words(w))).ParseFS(files, "*.text.tmpl")
	if err != nil {
		return nil, fmt.Errorf("reading the template %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	return b.Bytes(), nil
}

func markup(name string, data any, w *say.Words) ([]byte, error) {
	t, err := template.New("").Funcs(template.FuncMap(words(w))).ParseFS(files, "*.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("reading the template %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	return b.Bytes(), nil
}

func ordered(f Figures, w *say.Words) view {
	if len(f.Sections) == 0 {
		f.Sections = sections
	}
	return view{f, w}
}
