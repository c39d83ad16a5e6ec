package card

import (
	"cmp"
	"slices"
	"time"

	"diembao/internal/when"
)

// Figures are how much is told, against the usual.
type Figures struct {
	Publications int     `json:"publications"`
	Voices       int     `json:"voices"` // newsrooms with a text of their own: copies of one text are one voice
	Copies       int     `json:"copies"`
	Harm         int     `json:"harm"`        // of these, newsrooms that tell of harm
	Today        int     `json:"today"`       // publications of the story since midnight
	LastHours    int     `json:"last_2h"`     // … in the last two hours
	Topic        string  `json:"topic"`       // the story's main topic, by name
	TopicToday   int     `json:"topic_today"` // publications on it since midnight
	Mean         float64 `json:"topic_usual"` // on a day like this one
	Low          int     `json:"topic_low"`
	High         int     `json:"topic_high"`
	Days         int     `json:"days"` // of history that usual rests on; 0: nothing is known
}

// figures counts the story.
func (m *maker) figures() Figures {
	f := Figures{Publications: len(m.Articles)}
	midnight := when.StartOfDay(m.Now)
	own, harm := map[string]bool{}, map[string]bool{}
	for _, a := range m.Articles {
		if !a.At.Before(midnight) {
			f.Today++
		}
		if m.Now.Sub(a.At) <= 2*time.Hour {
			f.LastHours++
		}
	}
	bad := ids(m.harm)
	for _, a := range originals(m.Articles) {
		own[a.Outlet] = true
		if bad[a.ID] {
			harm[a.Outlet] = true
		}
	}
	f.Voices, f.Harm, f.Copies = len(own), len(harm), len(m.Articles)-len(originals(m.Articles))
	if u := m.Usual; u.Topic != "" {
		f.Topic, f.TopicToday, f.Mean, f.Low, f.High, f.Days = m.topic(u.Topic), u.Today, u.Mean, u.Low, u.High, u.Days
	}
	return f
}

func (m *maker) topic(id string) string {
	if t, ok := m.Pack.TopicByID(id); ok {
		return m.in(t.Label, t.LabelEN)
	}
	return id
}

// Outlet is one that tells the story.
type Outlet struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	National bool      `json:"national"` // read nationwide
	First    time.Time `json:"first"`    // its first article
	Seen     time.Time `json:"seen"`     // when this system learned of that
	Article  string    `json:"article"`
	Articles int       `json:"articles"`
	Copies   bool      `json:"copies"` // it only repeats others' texts
	Harm     bool      `json:"harm"`   // it tells of harm
}

// spread lists the outlets, those read nationwide first, then who was first.
func (m *maker) spread() []Outlet {
	own, harm := ids(originals(m.Articles)), ids(m.harm)
	var out []Outlet
	for _, a := range m.Articles {
		i := slices.IndexFunc(out, func(o Outlet) bool { return o.ID == a.Outlet })
		if i < 0 {
			o, _ := m.Pack.OutletByID(a.Outlet)
			i = len(out)
			out = append(out, Outlet{ID: a.Outlet, Name: m.outlet(a.Outlet), National: o.Reach == "national", First: a.At, Seen: a.FirstSeen, Article: a.ID, Copies: true})
		}
		out[i].Articles++
		out[i].Copies = out[i].Copies && !own[a.ID]
		out[i].Harm = out[i].Harm || harm[a.ID]
	}
	slices.SortStableFunc(out, func(a, b Outlet) int {
		if a.National != b.National {
			return map[bool]int{true: -1, false: 1}[a.National]
		}
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID))
	})
	return out
}
