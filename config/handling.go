package config

import (
	"slices"
	"strings"
	"time"
)

// Handling is what the handling card of an incident suggests, and who must
// answer by when. All of it is text that the agency edits.
type Handling struct {
	Steps     []Step     `yaml:"steps"` // for every incident
	Types     []Stance   `yaml:"types"`
	Kinds     []Play     `yaml:"kinds"`
	Speakers  []Speaker  `yaml:"speakers"`
	Deadlines []Deadline `yaml:"deadlines"`
}

// Step is one thing to do. The words may hold {outlet}, the first to publish,
// and {unit}, the offices named.
type Step struct {
	ID     string        `yaml:"id"`
	Within time.Duration `yaml:"within"` // after the incident opened
	Do     string        `yaml:"do"`
	DoEN   string        `yaml:"do_en"`
}

// Stance is how to stand to a crisis that the agency is held responsible for so
// far. It says nothing of how grave an incident is.
type Stance struct {
	ID       string `yaml:"id"` // of the crisis configuration's types
	Stance   string `yaml:"stance"`
	StanceEN string `yaml:"stance_en"`
	Avoid    string `yaml:"avoid"`
	AvoidEN  string `yaml:"avoid_en"`
	Steps    []Step `yaml:"steps"`
}

// Play is a kind of incident: what is to be done about it beyond what every
// incident asks for. A step with the id of another stands in its place.
type Play struct {
	ID        string `yaml:"id"` // of the crisis configuration's kinds
	Steps     []Step `yaml:"steps"`
	Holding   string `yaml:"holding"` // statement for the time until more is known
	HoldingEN string `yaml:"holding_en"`
}

// Speaker is who may speak for the agency.
type Speaker struct {
	ID       string `yaml:"id"`
	Who      string `yaml:"who"`
	WhoEN    string `yaml:"who_en"`
	Scope    string `yaml:"scope"` // centre, province; empty: both
	From     Date   `yaml:"from"`
	To       Date   `yaml:"to"`
	Basis    string `yaml:"basis"`
	BasisEN  string `yaml:"basis_en"`
	Status   string `yaml:"status"` // as of a deadline
	Reviewer string `yaml:"reviewer"`
	Source   string `yaml:"source"`
	Seen     Date   `yaml:"seen"`
	Note     string `yaml:"note"`
	NoteEN   string `yaml:"note_en"`
}

// Deadline is who must do what by when, and by which law. At most one of Hours,
// Days and WorkingDays is given; with none the time is not settled.
type Deadline struct {
	ID          string   `yaml:"id"`
	Who         string   `yaml:"who"`
	WhoEN       string   `yaml:"who_en"`
	Must        string   `yaml:"must"`
	MustEN      string   `yaml:"must_en"`
	Hours       int      `yaml:"hours"`
	Days        int      `yaml:"days"`         // of the calendar
	WorkingDays int      `yaml:"working_days"` // without weekends, Tết and public holidays
	Since       string   `yaml:"since"`        // published, opened, asked
	Met         string   `yaml:"met"`          // spoken: once the press quotes the agency; empty: once a person says so
	Kinds       []string `yaml:"kinds"`        // of incident; empty: all
	Types       []string `yaml:"types"`        // empty: all
	MinLevel    int      `yaml:"min_level"`
	From        Date     `yaml:"from"`
	To          Date     `yaml:"to"`
	Basis       string   `yaml:"basis"`
	BasisEN     string   `yaml:"basis_en"`
	Status      string   `yaml:"status"`   // checked, cited, unsure, awaiting
	Reviewer    string   `yaml:"reviewer"` // who held it against the text of the law
	Source      string   `yaml:"source"`   // address at which it was read
	Seen        Date     `yaml:"seen"`     // when it was read there
	Note        string   `yaml:"note"`
	NoteEN      string   `yaml:"note_en"`
}

// TypeByID returns the stance to a type of crisis.
func (h Handling) TypeByID(id string) (Stance, bool) {
	return find(h.Types, func(s Stance) bool { return s.ID == id })
}

// KindByID returns what is known of a kind of incident.
func (h Handling) KindByID(id string) (Play, bool) {
	return find(h.Kinds, func(p Play) bool { return p.ID == id })
}

// In is the text of a language: English where it is asked for and written, else
// Vietnamese.
func In(lang, vi, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return vi
}

// The words a step may leave to be filled in.
var blanks = strings.NewReplacer("{outlet}", "", "{unit}", "")

// Fill writes what a step leaves open.
func (s Step) Fill(lang, outlet, unit string) string {
	return strings.NewReplacer("{outlet}", outlet, "{unit}", unit).Replace(In(lang, s.Do, s.DoEN))
}

// StepIDs are the ids of all steps and deadlines: what can be said to be done.
func (h Handling) StepIDs() []string {
	steps := slices.Clone(h.Steps)
	for _, t := range h.Types {
		steps = append(steps, t.Steps...)
	}
	for _, k := range h.Kinds {
		steps = append(steps, k.Steps...)
	}
	var out []string
	for _, s := range steps {
		out = append(out, s.ID)
	}
	for _, d := range h.Deadlines {
		out = append(out, d.ID)
	}
	return out
}
