package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Move is a verdict that other rules would give otherwise.
type Move struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Published time.Time `json:"published"`
	Axis      string    `json:"axis"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Because   Because   `json:"because"`
}

// Because is the strongest of what one side of a move has and the other lacks.
type Because struct {
	Rule   string `json:"rule"`
	Phrase string `json:"phrase,omitempty"` // as the text has it
	Quote  string `json:"quote,omitempty"`
	Gone   bool   `json:"gone,omitempty"` // only the old rules have it
}

// Moved is what other rules would change in the archive.
type Moved struct {
	Read     int                    `json:"read"`     // articles that were tried
	Articles int                    `json:"articles"` // in which something would move
	Axes     map[string]int         `json:"axes"`     // axis → verdicts
	Topics   map[string]TopicChange `json:"topics"`   // topic → its articles
	Moves    []Move                 `json:"moves"`    // the newest articles first
}

// TopicChange is how many articles a topic would win and lose.
type TopicChange struct {
	Won  int `json:"won"`
	Lost int `json:"lost"`
}

// Changed compiles another configuration, with the model that is in force here.
func (p *Pipeline) Changed(pack config.Pack) (*Rules, error) {
	pack.Model = p.Rules().Pack.Model
	return Compile(pack)
}

// WhatIf reads the newest articles by the rules in force and by others, and
// returns the verdicts that would move; it keeps nothing. People's words stand
// over both. Articles that are not ours are read too, unless only the model is
// another: it has no say in what is ours.
func (p *Pipeline) WhatIf(ctx context.Context, other *Rules, t Trial) (Moved, error) {
	today, now := p.Rules(), p.Now()
	both := [2]*glass{{today, crisis.Compile(today.Pack.Crisis)}, {other, crisis.Compile(other.Pack.Crisis)}}
	all := Moved{Axes: map[string]int{}, Topics: map[string]TopicChange{}, Moves: []Move{}}
	var err error
	all.Read, err = p.newest(ctx, store.Filter{All: today.Pack.Version != other.Pack.Version}, t, func(page []store.Entry) error {
		ids := make([]string, len(page))
		for i, e := range page {
			ids[i] = e.ID
		}
		words, err := p.Store.CorrectionsOf(ctx, ids)
		if err != nil {
			return err
		}
		seen := make([][2]sight, len(page))
		shared(len(page), func(i int) {
			for k, g := range both {
				seen[i][k] = g.see(page[i].Article, words[page[i].ID], now)
			}
		})
		for i, e := range page {
			all.add(e.Article, seen[i][0], seen[i][1])
		}
		return nil
	})
	return all, err
}

// glass is rules to look at an article through.
type glass struct {
	rules *Rules
	watch *crisis.Rules
}

// sight is what one glass shows.
type sight struct {
	news.Reading
	mentions []news.Mention
	alarms   map[string]string // what the watch hears → its sentence
}

func (g *glass) see(a news.Article, words []store.Correction, now time.Time) sight {
	r, mentions := ReadOne(a, g.rules, now)
	s := sight{Reading: g.rules.Corrected(r, words), mentions: mentions}
	if s.Relevant {
		s.alarms = g.watch.Alarms(a.Title, a.Lead)
	}
	return s
}

// compared are the axes of a move, in the order they are told.
var compared = []string{"relevant", "insurance", "topics", "tone", "agency_role", "target", "risk", "scope", "provinces", "units", "level", "reach", "digest", "form", "events", "alarm"}

// said is what a sight says of an axis.
func (s sight) said(axis string) string {
	switch axis {
	case "alarm":
		return strings.Join(slices.Sorted(maps.Keys(s.alarms)), ",")
	case "units":
		return strings.Join(s.Units, ",")
	}
	switch value := s.Verdicts[axis].Value.(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(value, ",")
	default:
		return fmt.Sprint(value)
	}
}

// add takes up what moves in one article. Where it becomes ours, or stops
// being it, that alone is the move; its topics are counted all the same.
func (m *Moved) add(a news.Article, before, after sight) {
	if !before.Relevant && !after.Relevant {
		return
	}
	m.count(before, after)
	axes := compared
	if before.Relevant != after.Relevant {
		axes = axes[:1]
	}
	moved := false
	for _, axis := range axes {
		from, to := before.said(axis), after.said(axis)
		if from == to {
			continue
		}
		moved = true
		m.Axes[axis]++
		m.Moves = append(m.Moves, Move{ID: a.ID, Title: a.Title, Published: store.When(a), Axis: axis, From: from, To: to, Because: because(a, axis, before, after)})
	}
	if moved {
		m.Articles++
	}
}

// count adds what topics win and lose.
func (m *Moved) count(before, after sight) {
	for _, id := range topicsOf(after) {
		if !slices.Contains(topicsOf(before), id) {
			c := m.Topics[id]
			c.Won++
			m.Topics[id] = c
		}
	}
	for _, id := range topicsOf(before) {
		if !slices.Contains(topicsOf(after), id) {
			c := m.Topics[id]
			c.Lost++
			m.Topics[id] = c
		}
	}
}

func topicsOf(s sight) []string {
	if !s.Relevant {
		return nil
	}
	return s.Topics
}

// because finds what moved an axis: first a reason that only one side has and
// that rests on a phrase only that side found, then any reason of one side
// alone, then any such phrase.
func because(a news.Article, axis string, before, after sight) Because {
	switch axis {
	case "alarm":
		return alarmed(before, after)
	case "level", "reach": // of the outlet: no word of the article
		return entry(after.Verdicts[axis])
	}
	var reason, phrase *Because
	for _, side := range []struct {
		in, out sight
		gone    bool
	}{{after, before, false}, {before, after, true}} {
		found := alone(side.in.mentions, side.out.mentions)
		for _, r := range alone(side.in.Verdicts[axis].Reasons, side.out.Verdicts[axis].Reasons) {
			why := Because{Rule: r.Rule, Quote: r.Quote, Gone: side.gone}
			i := slices.IndexFunc(found, func(m news.Mention) bool { return m.Where == r.Where && m.Quote == r.Quote })
			if i >= 0 {
				why.Phrase = phraseOf(a, found[i])
				return why
			}
			if reason == nil {
				reason = &why
			}
		}
		if phrase == nil && len(found) > 0 {
			phrase = &Because{Rule: found[0].Rule, Phrase: phraseOf(a, found[0]), Quote: found[0].Quote, Gone: side.gone}
		}
	}
	switch {
	case reason != nil:
		return *reason
	case phrase != nil:
		return *phrase
	}
	return Because{}
}

// entry names the outlet whose entry says so.
func entry(v news.Verdict) Because {
	if len(v.Reasons) == 0 {
		return Because{}
	}
	return Because{Rule: v.Reasons[0].Rule, Quote: v.Reasons[0].Quote}
}

// alarmed names the sentence in which the watch hears what it did not, or no
// longer hears what it did.
func alarmed(before, after sight) Because {
	for _, side := range []struct {
		in, out map[string]string
		gone    bool
	}{{after.alarms, before.alarms, false}, {before.alarms, after.alarms, true}} {
		for _, what := range slices.Sorted(maps.Keys(side.in)) {
			if _, ok := side.out[what]; !ok {
				return Because{Rule: what, Quote: side.in[what], Gone: side.gone}
			}
		}
	}
	return Because{}
}

// alone are those that the other side lacks.
func alone[T comparable](in, out []T) []T {
	has := make(map[T]bool, len(out))
	for _, x := range out {
		has[x] = true
	}
	var found []T
	for _, x := range in {
		if !has[x] {
			found = append(found, x)
		}
	}
	return found
}

// phraseOf is the words of a mention as the text has them.
func phraseOf(a news.Article, m news.Mention) string {
	switch m.Where {
	case news.Title:
		return a.Title[m.Start:m.End]
	case news.Lead:
		return a.Lead[m.Start:m.End]
	}
	return a.Body[m.Start:m.End]
}
