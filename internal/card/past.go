package card

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
)

// Past is an incident like this one, and what came of it.
type Past struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Opened  time.Time `json:"opened"`
	Level   string    `json:"level"`
	Outcome string    `json:"outcome"`
	Like    float64   `json:"likeness"` // 0 to 1
	Same    []string  `json:"same"`     // what makes it like this one, in words
}

// What makes incidents comparable: the words of their titles most, then the
// kind, then a province. Below enough nothing is shown.
const (
	byWords    = 0.6
	byKind     = 0.25
	byProvince = 0.15
	enough     = 0.2
	mostPast   = 3
)

// past are the incidents most like this one, the most alike first.
func (m *maker) past() []Past {
	ours, places := counts(m.Incident.Title), m.places()
	var out []Past
	for _, c := range m.Cases {
		if c.ID == m.Incident.ID || c.Opened.After(m.Incident.Opened) {
			continue
		}
		p := Past{ID: c.ID, Title: c.Title, Opened: c.Opened}
		if words := cosine(ours, counts(c.Title)); words > 0.1 {
			p.Like, p.Same = byWords*words, append(p.Same, m.w.Say("card.same.words"))
		}
		if k := m.Incident.Kind.Value; k != "" && k != "other" && c.Kind.Value == k {
			p.Like, p.Same = p.Like+byKind, append(p.Same, m.kindName(k))
		}
		if i := slices.IndexFunc(c.Provinces, func(id string) bool { return slices.Contains(places, id) }); i >= 0 {
			p.Like, p.Same = p.Like+byProvince, append(p.Same, m.province(c.Provinces[i]))
		}
		if p.Like >= enough {
			p.Level, _ = m.level(c.Level)
			p.Outcome, p.Like = m.outcome(c), math.Round(p.Like*100)/100
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Past) int {
		return cmp.Or(cmp.Compare(b.Like, a.Like), b.Opened.Compare(a.Opened), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), mostPast)]
}

// outcome tells how an incident ended, and the last that a person said of it.
func (m *maker) outcome(c Case) string {
	out := m.w.Say("card.outcome", "State", m.named("state."+string(c.State), string(c.State)),
		"Span", m.w.Span(c.Updated.Sub(c.Opened)), "N", len(c.URLs))
	for _, e := range slices.Backward(c.Life) {
		if e.Who != "" && e.Why != "" {
			return out + " · " + e.Who + ": “" + short(e.Why) + "”"
		}
	}
	return out
}

// places are the provinces the harm names.
func (m *maker) places() []string {
	var out []string
	for _, a := range m.harm {
		for _, p := range a.Reading.Current {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func counts(text string) map[string]float64 {
	out := map[string]float64{}
	for _, p := range pairsOf(text) {
		out[p]++
	}
	return out
}

func cosine(a, b map[string]float64) float64 {
	dot, aa, bb := 0.0, 0.0, 0.0
	for w, n := range a { // whole numbers: their sums are the same in any order
		dot += n * b[w]
		aa += n * n
	}
	for _, n := range b {
		bb += n * n
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}

// Proof is an article that tells of the harm, and what was kept of it.
type Proof struct {
	Article string    `json:"article"`
	Title   string    `json:"title"`
	Outlet  string    `json:"outlet"`
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
	Kept    int       `json:"kept"` // pieces of evidence
	Gone    bool      `json:"gone"` // its page was taken down
}

// proofs are the articles of the harm, the first first; of the whole story
// where none tells of harm.
func (m *maker) proofs() []Proof {
	told := originals(m.harm)
	if len(told) == 0 {
		told = originals(m.Articles)
	}
	var out []Proof
	for _, a := range told {
		out = append(out, Proof{Article: a.ID, Title: a.Title, Outlet: m.outlet(a.Outlet), URL: a.URL, At: a.At, Kept: m.Proofs[a.ID],
			Gone: slices.ContainsFunc(m.Gone, func(g Gone) bool { return g.Article == a.ID })})
	}
	return out
}

// lower tells what ends the incident or lowers it.
func (m *maker) lower() []string {
	var out []string
	say := func(id string, pairs ...any) { out = append(out, m.w.Say(id, pairs...)) }
	switch m.Incident.State {
	case news.Closed, news.False:
		say("card.lower.over")
		return out
	case news.Fading:
	default:
		if m.Fades.After(m.Now) {
			say("card.lower.fades", "At", m.w.Moment(m.Fades))
		} else if !m.Fades.IsZero() && m.Closes.After(m.Now) {
			say("card.lower.quiet")
		}
	}
	if m.Closes.After(m.Now) {
		say("card.lower.closes", "At", m.w.Moment(m.Closes))
	} else if !m.Closes.IsZero() {
		say("card.lower.overdue")
	}
	if m.Incident.Lowered > 0 {
		say("card.lower.stands", "N", 2*m.Incident.Lowered, "Now", len(m.Incident.URLs))
	}
	if may := m.Pack.Crisis.MayLower(m.Incident.Level); len(may) > 0 {
		say("card.lower.by", "Who", strings.Join(may, ", "))
	} else {
		say("card.lower.person")
	}
	say("card.lower.misread")
	return out
}

// raise tells what the next level asks for.
func (m *maker) raise() []string {
	for _, l := range m.Pack.Crisis.Levels {
		if l.Level == m.Incident.Level+1 && !m.over() {
			return []string{m.w.Say("card.raise", "Level", m.in(l.Name, l.NameEN), "N", cmp.Or(m.Raises, l.MinOutlets), "Have", m.figures().Voices, "Score", m.w.Percent(l.MinScore), "Now", m.w.Percent(m.Incident.Score))}
		}
	}
	return nil
}
