package card

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Sort is what the incident is called on one axis, and why.
type Sort struct {
	Value string   `json:"value"`
	Name  string   `json:"name"`
	By    string   `json:"by"`  // the person who said so; empty: the rules
	Why   []string `json:"why"` // words of the articles that told, or the person's
}

// Step is one thing to do, and by when.
type Step struct {
	ID  string    `json:"id"`
	Do  string    `json:"do"`
	By  time.Time `json:"by"`
	Who string    `json:"done_by"` // empty: nobody has said that it is done
	At  time.Time `json:"done_at"`

	Late bool `json:"late"` // not done in time, while the incident asks for attention
}

// handle fills in type, kind, stance and steps.
func (m *maker) handle(c *Card) {
	in, h := m.Incident, m.Pack.Handling
	c.Kind = called(in.Kind, m.kindName(in.Kind.Value))
	c.Type = called(in.Type, m.typeName(in.Type.Value))
	stance, _ := h.TypeByID(in.Type.Value)
	c.Stance, c.Avoid = m.in(stance.Stance, stance.StanceEN), m.in(stance.Avoid, stance.AvoidEN)
	play, _ := h.KindByID(in.Kind.Value)
	c.Holding = m.in(play.Holding, play.HoldingEN)
	c.Steps = m.steps(stance, play)
}

// called puts into words what the incident is called, with the words that told.
func called(c news.Called, name string) Sort {
	s := Sort{Value: c.Value, Name: name, By: c.By}
	for _, r := range c.Why {
		if r.Quote != "" {
			s.Why = append(s.Why, short(r.Quote))
		}
	}
	return s
}

func (m *maker) kindName(id string) string {
	name, _ := m.Pack.Crisis.Called(id, "", m.w.Lang)
	return cmp.Or(name, id)
}

func (m *maker) typeName(id string) string {
	_, name := m.Pack.Crisis.Called("", id, m.w.Lang)
	return cmp.Or(name, id)
}

// steps are those of every incident, of the type and of the kind, by when they
// are to be done; of several with one id the most particular stands.
func (m *maker) steps(stance config.Stance, play config.Play) []Step {
	var all []config.Step
	for _, s := range slices.Concat(m.Pack.Handling.Steps, stance.Steps, play.Steps) {
		if i := slices.IndexFunc(all, func(o config.Step) bool { return o.ID == s.ID }); i >= 0 {
			all[i] = s
			continue
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b config.Step) int { return cmp.Compare(a.Within, b.Within) })
	var out []Step
	for _, s := range all {
		step := Step{ID: s.ID, Do: s.Fill(m.w.Lang, m.firstOutlet(), m.units()), By: m.Incident.Opened.Add(s.Within)}
		done, _ := m.done(s.ID)
		step.Who, step.At = done.Who, done.At
		step.Late = done.Who == "" && !m.over() && m.Now.After(step.By)
		out = append(out, step)
	}
	return out
}

// done is the word by which a step or deadline stands as done: the last that was
// said, unless it took an earlier one back.
func (m *maker) done(id string) (Event, bool) {
	for _, e := range slices.Backward(m.Life) {
		switch e.Did {
		case "done " + id:
			return e, true
		case "undone " + id:
			return Event{}, false
		}
	}
	return Event{}, false
}

// over reports whether the incident asks for no more attention.
func (m *maker) over() bool {
	return m.Incident.State == news.Closed || m.Incident.State == news.False
}

// stepName is the beginning of what a step or a deadline asks for.
func (m *maker) stepName(id string) string {
	stance, _ := m.Pack.Handling.TypeByID(m.Incident.Type.Value)
	play, _ := m.Pack.Handling.KindByID(m.Incident.Kind.Value)
	for _, s := range slices.Concat(play.Steps, stance.Steps, m.Pack.Handling.Steps) {
		if s.ID == id {
			return beginning(s.Fill(m.w.Lang, m.firstOutlet(), m.units()))
		}
	}
	for _, d := range m.Pack.Handling.Deadlines {
		if d.ID == id {
			return beginning(m.in(d.Must, d.MustEN))
		}
	}
	return id
}

// StepName is the beginning of what a step or a deadline of the card asks for;
// its id where the card has no such.
func (c Card) StepName(id string) string {
	for _, s := range c.Steps {
		if s.ID == id {
			return beginning(s.Do)
		}
	}
	for _, d := range c.Due {
		if d.ID == id {
			return beginning(d.Must)
		}
	}
	return id
}

// Late counts the steps that nobody has done in time.
func (c Card) Late() (n int) {
	for _, s := range c.Steps {
		if s.Late {
			n++
		}
	}
	return n
}

// beginning is what a text says before it goes into detail, quoted.
func beginning(text string) string {
	if i := strings.IndexAny(text, ":;"); i > 0 {
		text = text[:i]
	}
	return "“" + text + "”"
}

// firstOutlet is who published the harm first.
func (m *maker) firstOutlet() string {
	for _, list := range [][]Article{m.harm, m.Articles} {
		if len(list) > 0 {
			return m.outlet(list[0].Outlet)
		}
	}
	return m.w.Say("card.the-paper")
}

// mostUnits is how many offices a step names.
const mostUnits = 2

// units are the offices to ask: those the harm names most, or those of the
// provinces it names; what is named in passing is left alone.
func (m *maker) units() string {
	count := map[string]int{}
	for _, a := range m.harm {
		for _, u := range a.Reading.Units {
			count[u]++
		}
	}
	if len(count) == 0 {
		m.officesOf(count)
	}
	var ids []string
	for id := range count {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	var names []string
	for _, id := range ids[:min(len(ids), mostUnits)] {
		if u, ok := m.Pack.UnitByID(id); ok && u.Kind != "centre" && 2*count[id] >= count[ids[0]] {
			names = append(names, u.Name)
		}
	}
	if len(names) == 0 {
		return m.w.Say("card.the-unit")
	}
	return strings.Join(names, ", ")
}

// officesOf counts today's provincial offices of the provinces that the harm names.
func (m *maker) officesOf(count map[string]int) {
	for _, a := range m.harm {
		for _, p := range a.Reading.Current {
			for _, u := range m.Pack.Units {
				if u.Kind == "province" && slices.Contains(u.Area, p) && config.Covers(u.From, u.To, m.Incident.Opened) {
					count[u.ID]++
				}
			}
		}
	}
}
