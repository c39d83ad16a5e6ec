package card

import (
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/when"
)

// Due is who must do what by when, and by which law.
type Due struct {
	ID     string    `json:"id"`
	Who    string    `json:"who"`
	Must   string    `json:"must"`
	Long   string    `json:"within"` // "24 giờ"; empty: no text settles it yet
	Since  string    `json:"since"`  // from when it is counted, in words
	By     time.Time `json:"by"`     // zero: its time has not begun, or is not settled
	Late   bool      `json:"late"`
	Left   string    `json:"left"`  // until then, or since, in words
	Met    string    `json:"met"`   // how it was kept, in words; empty: not yet
	Said   bool      `json:"said"`  // a person said so, and can take it back
	Asked  bool      `json:"asked"` // it runs since a paper asked, by a person's word
	Basis  string    `json:"basis"`
	Source string    `json:"source"` // where the text was read; empty: nowhere
	Status string    `json:"status"` // how far the row may be relied on, in words
	Note   string    `json:"note"`
	Sure   bool      `json:"checked"`
}

// Speaker is who may speak for the agency.
type Speaker struct {
	Who    string `json:"who"`
	Basis  string `json:"basis"`
	Source string `json:"source"`
	Status string `json:"status"`
	Note   string `json:"note"`
}

// due is the rows in force on the day the incident opened, those with a time
// first, the nearest first.
func (m *maker) due() []Due {
	var out []Due
	for _, d := range m.Pack.Handling.Deadlines {
		if m.binds(d) {
			out = append(out, m.deadline(d))
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		if a.By.IsZero() != b.By.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.By.IsZero()]
		}
		return a.By.Compare(b.By)
	})
	return out
}

// Running are the deadlines that run or were met; Waiting those whose time has
// not begun.
func (c Card) Running() []Due { return c.dues(false) }

// Waiting are the deadlines whose time has not begun, or is not settled.
func (c Card) Waiting() []Due { return c.dues(true) }

func (c Card) dues(waiting bool) (out []Due) {
	for _, d := range c.Due {
		if (d.Met == "" && d.By.IsZero()) == waiting {
			out = append(out, d)
		}
	}
	return out
}

// Next is the deadline that comes first of those not met; nil where none runs.
func (c Card) Next() *Due {
	for i, d := range c.Due {
		if d.Met == "" && !d.By.IsZero() {
			return &c.Due[i]
		}
	}
	return nil
}

// binds reports whether a row is in force for this incident.
func (m *maker) binds(d config.Deadline) bool {
	in := m.Incident
	return config.Covers(d.From, d.To, in.Opened) && in.Level >= d.MinLevel &&
		(len(d.Kinds) == 0 || slices.Contains(d.Kinds, in.Kind.Value)) && (len(d.Types) == 0 || slices.Contains(d.Types, in.Type.Value))
}

func (m *maker) deadline(d config.Deadline) Due {
	out := Due{ID: d.ID, Who: m.in(d.Who, d.WhoEN), Must: m.in(d.Must, d.MustEN), Basis: m.in(d.Basis, d.BasisEN),
		Note: m.in(d.Note, d.NoteEN), Source: d.Source, Status: m.status(d.Status, d.Reviewer, d.Seen), Sure: d.Status == "checked", Since: m.w.Say("card.since." + d.Since)}
	_, out.Said = m.done(d.ID)
	who, at := m.met(d)
	if who != "" {
		out.Met = m.w.Say("card.met", "Who", who, "At", Clock(m.w, at, m.Now))
	} else {
		at = m.Now
	}
	from := m.since(d.Since)
	out.Asked = d.Since == "asked" && !from.IsZero()
	switch {
	case d.Hours > 0:
		out.Long, out.By = m.w.Say("card.hours", "N", d.Hours), from.Add(time.Duration(d.Hours)*time.Hour)
	case d.Days > 0:
		out.Long, out.By = m.w.Say("card.days", "N", d.Days), from.AddDate(0, 0, d.Days)
	case d.WorkingDays > 0 && !from.IsZero():
		out.Long, out.By = m.w.Say("card.working-days", "N", d.WorkingDays), when.AddWorkingDays(from, d.WorkingDays, when.Decided{})
	case d.WorkingDays > 0:
		out.Long = m.w.Say("card.working-days", "N", d.WorkingDays)
	}
	if from.IsZero() || out.Long == "" {
		out.By = time.Time{}
		return out
	}
	out.Late = at.After(out.By)
	out.Left = m.w.Say(map[bool]string{false: "card.left", true: "card.late"}[out.Late], "Span", m.w.Span(out.By.Sub(at).Abs()))
	return out
}

// met tells who met a deadline, and when: by a person's word, or by the agency's
// in the press. Nobody is the empty string.
func (m *maker) met(d config.Deadline) (who string, at time.Time) {
	if e, ok := m.done(d.ID); ok {
		return e.Who, e.At
	}
	for _, a := range m.Articles {
		if d.Met == "spoken" && m.speaks(a) {
			return m.outlet(a.Outlet), a.At
		}
	}
	return "", time.Time{}
}

// since is the moment a deadline is counted from; zero where it has not come.
func (m *maker) since(what string) time.Time {
	switch what {
	case "opened":
		return m.Incident.Opened
	case "published":
		for _, list := range [][]Article{m.harm, m.Articles} {
			if len(list) > 0 {
				return list[0].At
			}
		}
		return m.Incident.Opened
	}
	var asked time.Time
	for _, e := range m.Life {
		switch {
		case e.Did == "asked" && asked.IsZero():
			asked = e.At
		case e.Did == "undone asked":
			asked = time.Time{}
		}
	}
	return asked
}

func (m *maker) status(status, reviewer string, seen config.Date) string {
	return m.w.Say("card.status."+status, "Who", reviewer, "At", m.w.Date(seen.Time))
}

// speakers are who may speak: of the province where the harm is told of one
// alone, and always of the centre.
func (m *maker) speakers() []Speaker {
	var out []Speaker
	for _, s := range m.Pack.Handling.Speakers {
		if config.Covers(s.From, s.To, m.Incident.Opened) && (s.Scope != "province" || m.local()) {
			out = append(out, Speaker{m.in(s.Who, s.WhoEN), m.in(s.Basis, s.BasisEN), s.Source, m.status(s.Status, s.Reviewer, s.Seen), m.in(s.Note, s.NoteEN)})
		}
	}
	return out
}

// local reports whether the harm is told of somewhere.
func (m *maker) local() bool {
	return slices.ContainsFunc(m.harm, func(a Article) bool { return len(a.Reading.Current) > 0 })
}
