package eval

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
)

// parts is how many parts the stories are cut into to cross-validate.
const parts = 5

// WeightFigures are what fitting the weights came to.
type WeightFigures struct {
	Stories int                `json:"stories"`
	Crises  int                `json:"crises"`
	Free    []string           `json:"free"`
	Stand   map[string]float64 `json:"stand"`
	Fitted  map[string]float64 `json:"fitted"`
	Before  float64            `json:"log_loss_before"` // of the weights that stand, wording learned without a story's part
	After   float64            `json:"log_loss_after"`  // of weights fitted without a story's part
	Alone   map[string]float64 `json:"log_loss_alone"`  // the same, with one factor free beside the bias
}

// Weights fits the weights of factors to invented stories planted in real
// streams. The wording is learned five times, each time without a fifth of the
// stories, and a story is weighed by the wording that has not seen it; the
// losses are those of weights that have not seen it either.
func Weights(dirs []string, streams []io.Reader, free []string, o CrisisOptions) (WeightFigures, error) {
	t, err := newTrial(dirs, streams, o)
	if err != nil {
		return WeightFigures{}, err
	}
	var rules [parts]config.Crisis
	for k := range rules {
		rules[k] = t.without(k)
	}
	var cut [parts][]crisis.Weighed
	for seed := 1; seed <= o.Seeds; seed++ {
		if err := t.weigh(seed, rules, &cut); err != nil {
			return WeightFigures{}, err
		}
	}
	stand := o.Rules.Weights
	all := slices.Concat(cut[:]...)
	f := WeightFigures{Free: free, Stand: stand, Fitted: crisis.LearnWeights(all, stand, free), Before: crisis.Loss(all, stand), Alone: map[string]float64{}}
	f.After = crossed(cut, stand, free)
	for _, name := range free {
		f.Alone[name] = crossed(cut, stand, []string{name})
	}
	for _, s := range t.scripts {
		if f.Stories++; s.Crisis {
			f.Crises++
		}
	}
	return f, nil
}

// crossed is the loss of stories by weights fitted to the other parts.
func crossed(cut [parts][]crisis.Weighed, stand map[string]float64, free []string) float64 {
	loss, all := 0.0, 0.0
	for k := range cut {
		var others []crisis.Weighed
		for j := range cut {
			if j != k {
				others = append(others, cut[j]...)
			}
		}
		n := 0.0
		for _, s := range cut[k] {
			n += s.Share
		}
		loss += n * crisis.Loss(cut[k], crisis.LearnWeights(others, stand, free))
		all += n
	}
	return loss / all
}

// moments are the steps of one story that two newsrooms told.
type moments map[string][][]news.Factor

// weigh composes a stream and adds the moments of its stories to their parts.
func (t *trial) weigh(seed int, rules [parts]config.Crisis, cut *[parts][]crisis.Weighed) error {
	stories := newComposer(t.Onsets, t.from, t.to, seed).plant(t.scripts)
	own, r := owners(stories), t.Stages()
	stream := t.mixed(r, stories)
	var watches []*watch
	var heard [parts]moments
	for k := range heard {
		heard[k] = moments{}
		watches = append(watches, ageless(withoutGates(rules[k]), func(_ time.Time, c crisis.Change) error {
			if twoHosts(c.Incident.URLs) {
				heard[k].note(own, c.Incident, func(id string) bool { return t.part(id) == k })
			}
			return nil
		}))
	}
	var shipped listener
	watches = append(watches, ageless(t.Rules, shipped.hear))
	r.begin(outletsOf(stream), watches...)
	person := officer{own: own, heard: &shipped, judged: map[string]bool{}}
	for _, a := range stream {
		person.judge(r, a.FirstSeen)
		if err := r.arrive(*a); err != nil {
			return fmt.Errorf("replaying %s: %w", a.URL, err)
		}
	}
	for k := range heard {
		for _, id := range slices.Sorted(maps.Keys(heard[k])) {
			if k > 0 && own.stories[id].ID == "" || shipped.alerted(id) {
				continue
			}
			for _, f := range heard[k][id] {
				cut[k] = append(cut[k], crisis.Weighed{Factors: f, Crisis: own.stories[id].Crisis, Share: 1 / float64(len(heard[k][id])*t.Seeds)})
			}
		}
	}
	return nil
}

// note keeps the factors of a story as it was at one moment: by the scripts it
// matches, if they are ours to note, or by its own id where it is a real one.
func (m moments) note(own owned, in news.Incident, ours func(script string) bool) {
	match, touches := own.match(in.URLs)
	for _, id := range match {
		if ours(id) {
			m[id] = append(m[id], in.Reasons)
		}
	}
	if !touches {
		m[in.Story] = append(m[in.Story], in.Reasons)
	}
}

// alerted reports whether people were told of a story.
func (l *listener) alerted(story string) bool {
	return slices.ContainsFunc(l.alarms, func(a alarm) bool { return a.story == story && a.level >= 2 })
}

// part is the part a script is left out with.
func (t *trial) part(id string) int {
	return slices.IndexFunc(t.scripts, func(s crisisScript) bool { return s.ID == id }) % parts
}

// without is the configuration with the wording learned from all parts but one.
func (t *trial) without(k int) config.Crisis {
	c := t.Rules
	var told []crisis.Told
	for _, s := range t.scripts {
		if t.part(s.ID) == k {
			continue
		}
		one := crisis.Told{Crisis: s.Crisis}
		for _, a := range s.Articles {
			one.Articles = append(one.Articles, crisis.Wording{Title: a.Title, Lead: a.Summary})
		}
		told = append(told, one)
	}
	c.Wording = crisis.Learn(told)
	return c
}
