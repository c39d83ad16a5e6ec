package eval

import (
	"slices"

	"diembao/internal/learn"
	"diembao/internal/news"
)

// crossing collects what was said of held-out texts.
type crossing struct {
	pairs  map[string]map[string][]readPair  // who said it → set →
	chance map[string][folds][]learn.Verdict // axis → fold →
}

func newCrossing() *crossing {
	return &crossing{pairs: map[string]map[string][]readPair{}, chance: map[string][folds][]learn.Verdict{}}
}

// note keeps what was said of a lesson.
func (x *crossing) note(who string, l Lesson, said Label) {
	if x.pairs[who] == nil {
		x.pairs[who] = map[string][]readPair{}
	}
	x.pairs[who][l.Set] = append(x.pairs[who][l.Set], readPair{gold: l.Label, said: said})
}

// believe keeps how sure the reader was of each learned verdict, and whether it
// was right; of several topics the main one counts.
func (x *crossing) believe(f int, l Lesson, said Label, r news.Reading, t Teacher) {
	if !l.Label.Relevant || !r.Relevant {
		return
	}
	for axis := range t.Axes {
		gold, answer := l.Label.values(axis), said.values(axis)
		if len(gold) == 0 || len(answer) == 0 {
			continue
		}
		v := learn.Verdict{Chance: r.Verdicts[axis].Confidence, Right: slices.Equal(t.Classes(axis, gold[0]), t.Classes(axis, answer[0]))}
		held := x.chance[axis]
		held[f] = append(held[f], v)
		x.chance[axis] = held
	}
}

// table works the figures out.
func (x *crossing) table() (Learned, error) {
	out := Learned{Trust: map[string]Trusted{}}
	for _, set := range []string{"dev", "own", "danes"} {
		if n := len(x.pairs["rules"][set]); n > 0 {
			by := func(who string) ReadFigures { return readFigures(x.pairs[who][set]) }
			out.Sets = append(out.Sets, LearnedSet{Set: set, Items: n, Commonest: by("commonest"), Bayes: by("bayes"), Rules: by("rules"), Model: by("model")})
		}
	}
	for axis, held := range x.chance {
		found, err := trusted(held)
		if err != nil {
			return out, err
		}
		out.Trust[axis] = found
	}
	return out, nil
}

// trusted lays the line through all verdicts, and measures lines through the
// verdicts of four folds on the fifth.
func trusted(held [folds][]learn.Verdict) (Trusted, error) {
	all := slices.Concat(held[:]...)
	line, err := learn.Trust(all)
	if err != nil {
		return Trusted{}, err
	}
	var after []learn.Verdict
	for f := range held {
		rest := slices.Concat(slices.Concat(held[:f]...), slices.Concat(held[f+1:]...))
		other, err := learn.Trust(rest)
		if err != nil {
			return Trusted{}, err
		}
		for _, v := range held[f] {
			after = append(after, learn.Verdict{Chance: other.At(v.Chance), Right: v.Right})
		}
	}
	return Trusted{Verdicts: len(all), Before: learn.Miscalibration(all), After: learn.Miscalibration(after), Line: line}, nil
}

// simple are the baselines: naive Bayes, and always the commonest.
type simple struct{ topic, tone *bayes }

func newSimple(lessons []Lesson, t Teacher) simple {
	s := simple{newBayes(), newBayes()}
	for _, l := range lessons {
		if !l.Label.Relevant {
			continue
		}
		f := t.Lesson("tone", l.Article)
		s.tone.learn(f, l.Label.Tone)
		if len(l.Label.Topics) > 0 {
			s.topic.learn(f, l.Label.Topics[0])
		}
	}
	return s
}

// say returns what the baselines say of a lesson.
func (s simple) say(l Lesson, t Teacher) map[string]Label {
	f := t.Lesson("tone", l.Article)
	return map[string]Label{
		"bayes":     {Relevant: true, Topics: []string{s.topic.says(f)}, Tone: s.tone.says(f)},
		"commonest": {Relevant: true, Topics: []string{s.topic.commonest()}, Tone: s.tone.commonest()},
	}
}
