package web

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"diembao/config"
	handling "diembao/internal/card"
	"diembao/internal/news"
	"diembao/internal/store"
)

// incidentPage is one incident: what, how grave, why, since when.
type incidentPage struct {
	Said    string     // the word that was just taken; empty: none was
	Problem string     // why a word was not taken
	Repeats []claimRow // claims of the register
	Row     incidentRow
	Card    *handling.Card // nil where cards are not to be had here
	Drawn   bool           // its hours can be shown as a picture
	Act     *incidentForm  // nil where nothing can be said here
	Means   string
	Story   string
	Rules   string
	Factors []factor
	Silent  []factor       // factors that say nothing
	Sum     float64        // of value × weight
	Peak    *incidentEvent // when it was gravest; nil where that is now
	Events  []incidentEvent
	Cards   []card
	Summary *paragraph // of the story, by a language model; nil where there is none
	URLs    int
}

// factor is one number that spoke for or against the incident.
type factor struct {
	Label, Quote          string
	Value, Weight, Points float64
	Share                 float64 // of the strongest factor, 0 to 1
	Articles              []voice
}

// voice is an article that a factor rests on.
type voice struct{ ID, Outlet string }

// incidentEvent is a step in the life of an incident.
type incidentEvent struct {
	At                time.Time
	Did, Level, State string
	Grade             int
	Score             float64
	Who, Why          string
}

func (v *visit) incident() error { return v.incidentPage(http.StatusOK, "") }

// incidentPage shows an incident, with what was wrong in the form sent last.
func (v *visit) incidentPage(status int, problem string) error {
	id := v.r.PathValue("id")
	in, err := v.Store.Incident(v.ctx, id)
	if err != nil {
		return err
	}
	rows := v.incidentRows([]store.IncidentState{in})
	if err := v.hushed(rows); err != nil {
		return err
	}
	p := &incidentPage{Row: rows[0], Story: in.Story, Rules: in.Rules, URLs: len(in.URLs), Problem: problem}
	for _, l := range v.pack.Crisis.Levels {
		if l.Level == in.Level {
			p.Means = config.In(v.words.Lang, l.Means, l.MeansEN)
		}
	}
	if err := v.handling(p, in); err != nil {
		return err
	}
	if err := v.why(p, in); err != nil {
		return err
	}
	events, err := v.Store.IncidentEvents(v.ctx, id)
	if err != nil {
		return err
	}
	p.live(v.label, events)
	if v.r.URL.Query().Has("said") {
		p.Said = p.lastSaid()
	}
	if err := v.told(p, in); err != nil {
		return err
	}
	if p.Repeats, err = v.repeatsOf(p.Cards); err != nil {
		return err
	}
	if p.Summary, err = v.summary(in.Story); err != nil {
		return err
	}
	return v.write(status, "incident", in.Title, p)
}

// live tells the steps of an incident's life, the last first.
func (p *incidentPage) live(l labels, events []store.IncidentEvent) {
	for _, e := range slices.Backward(events) {
		p.Events = append(p.Events, incidentEvent{
			At: e.At, Did: p.deed(l, e.Did), Level: l.level(e.Level), Grade: e.Level,
			State: l.of("state", string(e.State)), Score: e.Score, Who: e.Who, Why: l.why(e.Who, e.Why),
		})
	}
	most := p.Row.Score
	for i, e := range p.Events {
		if e.Score > most {
			most, p.Peak = e.Score, &p.Events[i]
		}
	}
}

// deed names a step in the incident's life, a step of its card by what it asks for.
func (p *incidentPage) deed(l labels, did string) string {
	what, of, _ := strings.Cut(did, " ")
	if (what == "done" || what == "undone") && of != store.PaperAsked && p.Card != nil {
		return l.message("did."+what, what) + " " + p.Card.StepName(of)
	}
	return l.did(did)
}

// lastSaid is the last that a person said of the incident.
func (p *incidentPage) lastSaid() string {
	for _, e := range p.Events {
		if e.Who != "" {
			return e.Who + ": " + e.Did
		}
	}
	return ""
}

// why lists the factors, the weightiest first.
func (v *visit) why(p *incidentPage, in store.IncidentState) error {
	voices, err := v.voices(in.Reasons)
	if err != nil {
		return err
	}
	most := 0.0
	for _, r := range in.Reasons {
		f := factor{Label: v.label.factor(r.Factor), Quote: r.Quote, Value: r.Value, Weight: r.Weight, Points: r.Value * r.Weight}
		p.Sum += f.Points
		if f.Points == 0 {
			p.Silent = append(p.Silent, f)
			continue
		}
		most = max(most, math.Abs(f.Points))
		f.add(r.Articles, voices)
		p.Factors = append(p.Factors, f)
	}
	for i := range p.Factors {
		p.Factors[i].Share = math.Abs(p.Factors[i].Points) / most
	}
	slices.SortStableFunc(p.Factors, func(a, b factor) int { return cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)) })
	return nil
}

// maxVoices is how many outlets stand beside a factor.
const maxVoices = 8

// add names the outlets that a factor rests on, each with its first article.
func (f *factor) add(ids []string, outlets map[string]string) {
	for _, id := range ids {
		name, ok := outlets[id]
		if ok && len(f.Articles) < maxVoices && !slices.ContainsFunc(f.Articles, func(v voice) bool { return v.Outlet == name }) {
			f.Articles = append(f.Articles, voice{id, name})
		}
	}
}

// voices names the outlets of the articles that the factors rest on.
func (v *visit) voices(reasons []news.Factor) (map[string]string, error) {
	var ids []string
	for _, r := range reasons {
		for _, id := range r.Articles {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	articles, err := v.Store.Articles(v.ctx, ids)
	out := map[string]string{}
	for _, a := range articles {
		out[a.ID] = v.label.outlet(a.Outlet)
	}
	return out, err
}

// told are the articles of the incident's story, the newest first.
func (v *visit) told(p *incidentPage, in store.IncidentState) error {
	if in.Story == "" {
		return nil
	}
	list, _, err := v.Store.Newest(v.ctx, store.Filter{Story: in.Story, All: true}, 100, "")
	if err != nil {
		return err
	}
	p.Cards, err = v.entries(list)
	return err
}
