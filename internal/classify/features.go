package classify

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"diembao/internal/learn"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// sights are what the learned model sees of an article, by what it is asked.
type sights struct{ topics, tone, risk learn.Features }

// of returns what is seen when an axis is asked for.
func (s sights) of(axis string) learn.Features {
	return map[string]learn.Features{"topics": s.topics, "tone": s.tone, "risk": s.risk}[axis]
}

// features are what the learned model sees of an article: the pairs of
// syllables of title and lead, what was found where, and what the rules said.
// One syllable is rarely a word in Vietnamese; with single ones the model fits
// the labels better and the world no better. For tone it sees nothing of what
// the text is about, which tells none, however well it fits the labels. For
// risk it sees what it sees for topics, and whom the rules hold to blame.
func (v *view) features(r *news.Reading) sights {
	topics, tone := learn.Features{}, learn.Features{}
	both := func(name string, value float64) { topics[name], tone[name] = value, value }
	for _, part := range []struct {
		text   string
		weight float64
	}{{v.a.Title, 1}, {v.a.Lead, 0.5}} {
		before := ""
		for _, t := range vi.Tokens(part.text) {
			if before != "" {
				pair := "word:" + before + " " + t.Text
				both(pair, max(topics[pair], part.weight))
			}
			before = t.Text
		}
	}
	for _, m := range v.all {
		kind := kindOf(m.What)
		if m.Where == news.Body || forFindings[kind] {
			continue
		}
		anywhere, there := "found:"+kind, "found:"+string(m.Where)+":"+kind
		topics[anywhere], topics[there] = 1, 1
		if ofMood(kind) {
			tone[anywhere], tone[there] = 1, 1
		}
	}
	both("rule:tone:"+r.Tone, 1)
	if v.bad > 0 {
		both("heard:harm", min(v.bad, 3))
	}
	if v.good > 0 {
		both("heard:praise", min(v.good, 3))
	}
	for i, topic := range r.Topics {
		topics["rule:topic:"+topic] = 1
		if i == 0 {
			topics["rule:main:"+topic] = 1
		}
	}
	risk := maps.Clone(topics)
	for _, said := range []string{"role:" + r.Role, "target:" + r.Target, "risk:" + strconv.Itoa(r.Risk)} {
		risk["rule:"+said] = 1
	}
	return sights{topics, tone, risk}
}

// forFindings are the cues that events, claims and quotations are found by:
// everyday words, and no model gains by them.
var forFindings = map[string]bool{
	"cue:office": true, "cue:saying": true, "cue:model": true, "cue:model_praised": true, "cue:cancelled": true,
	"cue:planned": true, "cue:attended": true, "cue:counted": true, "cue:rate": true, "cue:nationwide": true,
}

// moods are the kinds of mention that may tell a tone.
var moods = []string{"cue:", "crisis:", "positive", "diminisher", "intensifier", "role:", "target:"}

func ofMood(kind string) bool {
	return slices.ContainsFunc(moods, func(m string) bool { return strings.HasPrefix(kind, m) })
}

// kindOf leaves out which word, province or office it was: there are too many
// of each to learn from.
func kindOf(what string) string {
	kind, rest, _ := strings.Cut(what, ":")
	switch kind {
	case "crisis":
		return kind + ":" + rest[:min(1, len(rest))]
	case "province", "unit", "namesake":
		return kind
	}
	return what
}

// Lesson returns what the model would see of an article on an axis.
func (c *Classifier) Lesson(axis string, a news.Article, mentions []news.Mention) learn.Features {
	v := newView(a, mentions)
	var r news.Reading
	r.Verdicts = map[string]news.Verdict{}
	c.byRules(v, &r)
	return v.features(&r).of(axis)
}

// Classes returns the classes of an axis that a value, as people write it, is
// an example of; none where it teaches nothing.
func (c *Classifier) Classes(axis, value string) []string {
	classes := strings.Split(value, ",")
	if axis == "risk" {
		classes = []string{calm}
		if value >= "2" {
			classes = []string{answer}
		}
	}
	known := c.Axes()[axis].Classes
	return slices.DeleteFunc(classes, func(class string) bool { return !slices.Contains(known, class) })
}

// The classes of risk: 0 and 1, which nobody has to answer, and 2 and 3.
const (
	calm   = "calm"
	answer = "answer"
)

// Axes are the questions the model answers, and how each is fitted. The
// penalties and the least count were chosen by cross-validation, see
// `diembao learn`.
func (c *Classifier) Axes() map[string]learn.Options {
	var ids []string
	for _, t := range c.topics {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	return map[string]learn.Options{
		"topics": {Classes: ids, Penalty: 0.5, Least: 3},
		"tone":   {Classes: []string{"negative", "neutral", "positive"}, Exclusive: true, Penalty: 1, Least: 3},
		"risk":   {Classes: []string{calm, answer}, Exclusive: true, Penalty: 2, Least: 3},
	}
}
