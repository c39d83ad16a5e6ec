package eval

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
)

// owned is whose articles a composed stream holds.
type owned struct {
	stories map[string]planted // by script
	owner   map[string]string  // address → script
}

func owners(stories []planted) owned {
	o := owned{map[string]planted{}, map[string]string{}}
	for _, s := range stories {
		o.stories[s.ID] = s
		for _, it := range s.items {
			o.owner[it.URL] = s.ID
		}
	}
	return o
}

// verdict is what alarms of level 2 and more came to on one composed stream.
type verdict struct {
	found      map[string]alarm // crisis → its first alarm
	wrong      []wrongAlarm     // one for each incident and benign script
	background []alarm          // incidents of real articles alone: a person must judge them
}

type wrongAlarm struct{ incident, script string }

// lumped names alarms that hold planted articles and match no script.
const lumped = "unmatched"

// judge matches alarms to scripts: one matches a script that at least half of
// its addresses belong to, or at least three. Any later alarm of an incident
// that was false or of the background adds nothing.
func (o owned) judge(alarms []alarm) verdict {
	v := verdict{found: map[string]alarm{}}
	told := map[wrongAlarm]bool{}
	for _, a := range alarms {
		if a.level < 2 {
			continue
		}
		match, touches := o.match(a.urls)
		crises := slices.DeleteFunc(slices.Clone(match), func(id string) bool { return !o.stories[id].Crisis })
		switch {
		case len(crises) > 0:
			for _, id := range crises {
				if _, known := v.found[id]; !known {
					v.found[id] = a
				}
			}
			continue
		case len(match) == 0 && touches:
			match = []string{lumped}
		case len(match) == 0:
			match = []string{""}
		}
		for _, id := range match {
			w := wrongAlarm{a.incident, id}
			switch {
			case told[w]:
			case id == "":
				v.background = append(v.background, a)
			default:
				v.wrong = append(v.wrong, w)
			}
			told[w] = true
		}
	}
	return v
}

// match names the scripts that addresses match, and whether any is planted.
func (o owned) match(urls []string) (scripts []string, touches bool) {
	hits := map[string]int{}
	for _, u := range urls {
		if id, ok := o.owner[u]; ok {
			hits[id]++
		}
	}
	for id, n := range hits {
		if 2*n >= len(urls) || n >= 3 {
			scripts = append(scripts, id)
		}
	}
	slices.Sort(scripts)
	return scripts, len(hits) > 0
}

// delay is how long after its onset a crisis was heard of; false where never.
func (v verdict) delay(s planted) (time.Duration, bool) {
	a, ok := v.found[s.ID]
	return max(0, a.at.Sub(s.onset())), ok
}

// scored is a story with the highest score it ever had.
type scored struct {
	story  string
	score  float64
	crisis bool // most of its articles are of a crisis
}

// scored keeps, of the steps of every story, the highest score of those that
// two newsrooms told: no other can pass the gates.
func (o owned) scored(steps []alarm) []scored {
	most := map[string]scored{}
	for _, a := range steps {
		if !twoHosts(a.urls) {
			continue
		}
		match, _ := o.match(a.urls)
		s := most[a.story]
		s.story, s.score = a.story, max(s.score, a.score)
		s.crisis = slices.ContainsFunc(match, func(id string) bool { return o.stories[id].Crisis })
		most[a.story] = s
	}
	out := make([]scored, 0, len(most))
	for _, s := range most {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b scored) int { return cmp.Or(cmp.Compare(a.score, b.score), strings.Compare(a.story, b.story)) })
	return out
}

func twoHosts(urls []string) bool {
	for _, u := range urls {
		if news.Host(u) != news.Host(urls[0]) {
			return true
		}
	}
	return false
}

// threatFigures are incidents that came to level 2 by the fast path of a named threat.
type threatFigures struct {
	Fired      int      `json:"fired"`
	Crisis     int      `json:"crisis"`
	Benign     int      `json:"benign"`
	Background int      `json:"background"` // real articles: for a person to judge
	Precision  *float64 `json:"precision"`  // of those on planted stories; null where none fired on any
}

func (o owned) threats(alarms []alarm) (f threatFigures) {
	known := map[string]bool{}
	for _, a := range alarms {
		if a.level < 2 || known[a.incident] {
			continue
		}
		known[a.incident] = true
		if !a.threat {
			continue
		}
		f.Fired++
		match, touches := o.match(a.urls)
		switch {
		case slices.ContainsFunc(match, func(id string) bool { return o.stories[id].Crisis }):
			f.Crisis++
		case touches:
			f.Benign++
		default:
			f.Background++
		}
	}
	return f
}

func (f *threatFigures) add(g threatFigures) {
	f.Fired, f.Crisis, f.Benign, f.Background = f.Fired+g.Fired, f.Crisis+g.Crisis, f.Benign+g.Benign, f.Background+g.Background
	if f.Crisis+f.Benign > 0 {
		f.Precision = number(float64(f.Crisis) / float64(f.Crisis+f.Benign))
	}
}

// calledFigures are crises heard of that were called policy anger at once.
type calledFigures struct {
	Found  int `json:"found"`  // crises in which a rule is blamed
	Called int `json:"called"` // of them
	Wrong  int `json:"wrong"`  // others that were called so
}

// policyAnger is the kind of incident in which a rule is blamed and nobody is named.
const policyAnger = "policy-anger"

func (f *calledFigures) add(r seedRun) {
	for _, s := range r.stories {
		a, found := asShipped(r).found[s.ID]
		called := a.kind == policyAnger
		switch {
		case found && s.Target == "policy" && called:
			f.Found, f.Called = f.Found+1, f.Called+1
		case found && s.Target == "policy":
			f.Found++
		case called:
			f.Wrong++
		}
	}
}
