package eval

import (
	"maps"
	"slices"
)

// ReadFigures is how the reader's answers compare with the labels. F1 of a
// class nobody gave and nobody said is 0 and counts in no mean.
type ReadFigures struct {
	Items     int            `json:"items"`
	Relevant  Scores         `json:"relevant"`
	Insurance MultiScores    `json:"insurance"`
	Topics    TopicScores    `json:"topics"`
	Scope     ClassScores    `json:"scope"`
	Provinces Scores         `json:"provinces"` // micro-average over (item, province)
	Tone      ClassScores    `json:"tone"`
	Role      ClassScores    `json:"agency_role"`
	Digest    Scores         `json:"digest"`
	Risk      RiskScores     `json:"risk"`
	PerSecond float64        `json:"items_per_s"`
	Support   map[string]int `json:"support"` // axis → items compared
}

// Scores of one class: precision, recall, their harmonic mean, and how many
// items have it in the labels.
type Scores struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

// MultiScores of an axis of several values an item: micro-F1 over (item, value).
type MultiScores struct {
	MicroF1 float64           `json:"micro_f1"`
	Classes map[string]Scores `json:"classes"`
}

// TopicScores adds the mean F1 over topics with five labels and more, and how
// often the first topic is the labels' first.
type TopicScores struct {
	MicroF1 float64           `json:"micro_f1"`
	MacroF1 float64           `json:"macro_f1"`
	Main    float64           `json:"main_accuracy"`
	Classes map[string]Scores `json:"classes"`

	Confusion map[string]map[string]int `json:"confusion"` // main topic of the label → said → items
}

// ClassScores of an axis of one value an item; Confusion is label → said → items.
type ClassScores struct {
	Accuracy  float64                   `json:"accuracy"`
	MacroF1   float64                   `json:"macro_f1"`
	Classes   map[string]Scores         `json:"classes"`
	Confusion map[string]map[string]int `json:"confusion"`
}

// RiskScores: how often the risk is within one step, and F1 of "2 or more".
type RiskScores struct {
	WithinOne float64                   `json:"within_one"`
	F1At2     float64                   `json:"f1_at_2"`
	At2       Scores                    `json:"at_2"`
	Confusion map[string]map[string]int `json:"confusion"`
}

// leastSupport is how many labels a topic needs to count in the macro-average.
const leastSupport = 5

type readPair struct{ gold, said Label }

// agreement counts how answers and labels agree on one class.
type agreement struct{ hit, said, gold int }

func (t agreement) scores() Scores {
	s := Scores{Support: t.gold}
	if t.said > 0 {
		s.Precision = float64(t.hit) / float64(t.said)
	}
	if t.gold > 0 {
		s.Recall = float64(t.hit) / float64(t.gold)
	}
	if t.said+t.gold > 0 {
		s.F1 = 2 * float64(t.hit) / float64(t.said+t.gold)
	}
	return s
}

// agreements counts it on values of which an item may have several.
type agreements map[string]agreement

func (m agreements) add(gold, said []string) {
	for _, v := range gold {
		t := m[v]
		t.gold++
		if slices.Contains(said, v) {
			t.hit++
		}
		m[v] = t
	}
	for _, v := range said {
		t := m[v]
		t.said++
		m[v] = t
	}
}

func (m agreements) micro() agreement {
	var sum agreement
	for _, t := range m {
		sum = agreement{sum.hit + t.hit, sum.said + t.said, sum.gold + t.gold}
	}
	return sum
}

// macro is the mean F1 over classes with at least the given support; summed in
// order of name, so that it is the same number every time.
func (m agreements) macro(support int) float64 {
	sum, n := 0.0, 0
	for _, class := range slices.Sorted(maps.Keys(m)) {
		if t := m[class]; t.gold >= support {
			sum, n = sum+t.scores().F1, n+1
		}
	}
	return sum / float64(max(n, 1))
}

func (m agreements) classes() map[string]Scores {
	out := map[string]Scores{}
	for class, t := range m {
		out[class] = t.scores()
	}
	return out
}

// oneOf counts it on an axis of one value.
type oneOf struct {
	agreements agreements
	confusion  map[string]map[string]int
	hit, n     int
}

func newOneOf() *oneOf {
	return &oneOf{agreements: agreements{}, confusion: map[string]map[string]int{}}
}

func (s *oneOf) add(gold, said string) {
	s.agreements.add([]string{gold}, []string{said})
	if s.confusion[gold] == nil {
		s.confusion[gold] = map[string]int{}
	}
	s.confusion[gold][said]++
	s.n++
	if gold == said {
		s.hit++
	}
}

func (s *oneOf) scores() ClassScores {
	return ClassScores{Accuracy: share(s.hit, s.n), MacroF1: s.agreements.macro(1), Classes: s.agreements.classes(), Confusion: s.confusion}
}

// readFigures compares all answers with all labels.
func readFigures(pairs []readPair) ReadFigures {
	relevant, digest, at2 := agreements{}, agreements{}, agreements{}
	insurance, topics, provinces := agreements{}, agreements{}, agreements{}
	scope, tone, role, risk := newOneOf(), newOneOf(), newOneOf(), newOneOf()
	main, near := newOneOf(), 0
	for _, p := range pairs {
		relevant.add(flag(p.gold.Relevant), flag(p.said.Relevant))
		if !p.gold.Relevant {
			continue
		}
		digest.add(flag(p.gold.Digest), flag(p.said.Digest))
		at2.add(flag(p.gold.Risk >= 2), flag(p.said.Risk >= 2))
		insurance.add(p.gold.Insurance, p.said.Insurance)
		topics.add(p.gold.Topics, p.said.Topics)
		provinces.add(asNamed(p.gold.Provinces), asNamed(p.said.Provinces))
		scope.add(p.gold.Scope, p.said.Scope)
		tone.add(p.gold.Tone, p.said.Tone)
		role.add(p.gold.Role, p.said.Role)
		risk.add(string(rune('0'+p.gold.Risk)), string(rune('0'+p.said.Risk)))
		main.add(foremost(p.gold.Topics), foremost(p.said.Topics))
		if d := p.gold.Risk - p.said.Risk; d*d <= 1 {
			near++
		}
	}
	t := topics.micro().scores()
	return ReadFigures{
		Items: len(pairs), Relevant: relevant["yes"].scores(), Digest: digest["yes"].scores(),
		Insurance: MultiScores{MicroF1: insurance.micro().scores().F1, Classes: insurance.classes()},
		Topics:    TopicScores{MicroF1: t.F1, MacroF1: topics.macro(leastSupport), Main: share(main.hit, main.n), Classes: topics.classes(), Confusion: main.confusion},
		Provinces: provinces.micro().scores(), Scope: scope.scores(), Tone: tone.scores(), Role: role.scores(),
		Risk:    RiskScores{WithinOne: share(near, scope.n), F1At2: at2["yes"].scores().F1, At2: at2["yes"].scores(), Confusion: risk.confusion},
		Support: map[string]int{"all": len(pairs), "relevant": scope.n},
	}
}

// flag makes a class of a yes; a no is no class.
func flag(yes bool) []string {
	if yes {
		return []string{"yes"}
	}
	return nil
}

// foremost is the main topic; empty where there is none.
func foremost(topics []string) string {
	if len(topics) == 0 {
		return ""
	}
	return topics[0]
}

// asNamed gives one slug to the names that labellers and gazetteers write for
// the same unit.
func asNamed(slugs []string) []string {
	out := make([]string, 0, len(slugs))
	for _, s := range slugs {
		switch s {
		case "thua-thien-hue", "thua-thien---hue":
			s = "hue"
		case "ho-chi-minh", "tphcm", "sai-gon", "hcm":
			s = "tp-ho-chi-minh"
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
