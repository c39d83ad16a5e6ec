package config

import (
	"maps"
	"path"
	"slices"
	"strconv"
)

// Phrase is one entry of a list of words, and where a person wrote it.
type Phrase struct {
	Family string // what the list tells: topic, hint, form, event, role, target, crisis, threat, cue, …
	Of     string // which of them: a topic's id, a severity; empty where the family is one
	List   string // the way to the list, for people: "topics › pension › strong"
	Text   string
	File   string // config/… for the pack's own, else as the overlay was named
	Line   int    // from 1
}

// Phrases returns the phrases of the pack with an overlay laid over it, each
// with its file and line, in the order of the lists: those of topics.yaml and
// crisis.yaml. Names of places and offices are no phrases, nor are words that
// were learned. Errors are those of Load.
func Phrases(overlay string) ([]Phrase, error) {
	sources, err := laid(overlay)
	if err != nil {
		return nil, err
	}
	pack, places, err := written(sources)
	if err != nil {
		return nil, err
	}
	l := &lister{places: places, own: map[string]bool{}}
	for _, s := range sources {
		l.own[s.name] = s.overlay
	}
	l.topics(pack.Topics)
	l.crisis(pack.Crisis)
	return l.out, nil
}

// lister walks the lists of a pack.
type lister struct {
	places map[string]place
	own    map[string]bool // file → laid over the pack here
	out    []Phrase
}

// add takes up one list, which stands at the end of way.
func (l *lister) add(family, of string, list []string, way ...string) {
	for i, text := range list {
		at := l.places[join(append(slices.Clone(way), strconv.Itoa(i+1))...)]
		if !l.own[at.file] {
			at.file = path.Join("config", at.file)
		}
		l.out = append(l.out, Phrase{Family: family, Of: of, List: title(join(way[1:]...)), Text: text, File: at.file, Line: at.line})
	}
}

// named takes up lists that have names.
func (l *lister) named(family string, lists map[string][]string, way ...string) {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		l.add(family, name, lists[name], append(slices.Clone(way), name)...)
	}
}

func (l *lister) signs(family string, signs []Sign, way ...string) {
	for _, s := range signs {
		here := append(slices.Clone(way), s.ID)
		l.add(family, s.ID, s.Phrases, append(slices.Clone(here), "phrases")...)
		l.add("opens", s.ID, s.Opens, append(slices.Clone(here), "opens")...)
		l.add("not", s.ID, s.Not, append(slices.Clone(here), "not")...)
	}
}

func (l *lister) topics(t Topics) {
	l.named("anchor", t.Anchors, "topics", "anchors")
	l.add("agency", "", t.Agency, "topics", "agency")
	for _, topic := range t.Topics {
		l.add("topic", topic.ID, topic.Strong, "topics", "topics", topic.ID, "strong")
		l.add("hint", topic.ID, topic.Weak, "topics", "topics", topic.ID, "weak")
		l.add("not", topic.ID, topic.Not, "topics", "topics", topic.ID, "not")
	}
	for _, x := range t.Exclude {
		l.add("exclude", x.ID, x.Phrases, "topics", "exclude", x.ID, "phrases")
		l.add("unless", x.ID, x.Unless, "topics", "exclude", x.ID, "unless")
	}
	l.add("digest", "", t.Digest, "topics", "digest")
	l.add("positive", "", t.Positive, "topics", "positive")
	l.named("role", t.Roles, "topics", "roles")
	l.named("target", t.Targets, "topics", "targets")
	l.signs("form", t.Forms, "topics", "forms")
	l.signs("event", t.Events, "topics", "events")
	l.named("cue", t.Cues, "topics", "cues")
}

func (l *lister) crisis(c Crisis) {
	for _, severity := range slices.Sorted(maps.Keys(c.Lexicon.Negative)) {
		n := strconv.Itoa(severity)
		l.add("crisis", n, c.Lexicon.Negative[severity], "crisis", "lexicon", "negative", n)
	}
	l.add("negator", "", c.Lexicon.Negators, "crisis", "lexicon", "negators")
	l.add("diminisher", "", c.Lexicon.Diminishers, "crisis", "lexicon", "diminishers")
	l.add("intensifier", "", c.Lexicon.Intensifiers, "crisis", "lexicon", "intensifiers")
	for _, t := range c.Threats {
		l.add("threat", t.ID, t.What, "crisis", "threats", t.ID, "what")
		l.add("whom", t.ID, t.Whom, "crisis", "threats", t.ID, "whom")
		l.add("unless", t.ID, t.Unless, "crisis", "threats", t.ID, "unless")
	}
	l.add("leader", "", c.Leaders, "crisis", "leaders")
	l.add("drill", "", c.Drills, "crisis", "drills")
	l.add("authority", "", c.Authorities, "crisis", "authorities")
}
