package eval

import (
	"slices"
	"time"

	past "diembao/internal/alarms"
	"diembao/internal/crisis"
)

// Around is what stands around the stories: how much comes on other days, what
// people made of earlier alerts. It hears every article of ours, and puts what it
// knows of a story into its tally.
type Around interface {
	Hear(a crisis.Article)
	Judged(c past.Case)
	Describe(t *crisis.Tally)
}

func (r *Replay) describe(t *crisis.Tally) {
	if r.Around != nil {
		r.Around.Describe(t)
	}
}

// officer judges alerts as a person would who knows what is true: each a day
// after it came, those on planted stories alone.
type officer struct {
	own    owned
	heard  *listener
	next   int
	judged map[string]bool // incidents
}

// patience is how long an officer takes to judge an alert.
const patience = 24 * time.Hour

// judge passes on what is to be judged by now.
func (o *officer) judge(r *Replay, now time.Time) {
	for r.Around != nil && o.next < len(o.heard.alarms) && now.Sub(o.heard.alarms[o.next].at) >= patience {
		a := o.heard.alarms[o.next]
		o.next++
		match, touches := o.own.match(a.urls)
		if a.level < 2 || !touches || o.judged[a.incident] || r.tallies[r.standing(a.story)] == nil {
			continue
		}
		o.judged[a.incident] = true
		is := slices.ContainsFunc(match, func(id string) bool { return o.own.stories[id].Crisis })
		r.Around.Judged(past.Case{ID: a.incident, Story: a.story, Title: a.title, At: a.at, True: is, Texts: texts(r.tallies[r.standing(a.story)].Articles)})
	}
}

func texts(articles []crisis.Article) []string {
	out := make([]string, len(articles))
	for i, a := range articles {
		out[i] = a.Title + ". " + a.Lead
	}
	return out
}
