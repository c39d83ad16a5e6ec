package crisis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"diembao/config"
	"diembao/internal/vi"
)

// program changes whenever this room weighs a story differently.
const program = "c6"

// Rules are the crisis configuration with its phrases made ready. They are safe
// for concurrent use.
type Rules struct {
	config.Crisis
	version     string
	leaders     phrases
	authorities phrases
	drills      phrases
	rumours     phrases
	threats     []threat
	wording     wording
	kinds       []kind
	types       []responsibility
}

type threat struct {
	config.Threat
	what, whom, unless phrases
}

// Compile makes the rules of a configuration ready.
func Compile(c config.Crisis) *Rules {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%+v", c)))
	r := &Rules{
		Crisis: c, version: program + "+" + hex.EncodeToString(sum[:4]),
		leaders: ready(c.Leaders), authorities: ready(c.Authorities), drills: ready(c.Drills), rumours: ready(c.Rumours), wording: worded(c.Wording),
	}
	for _, t := range c.Threats {
		r.threats = append(r.threats, threat{t, ready(t.What), ready(t.Whom), ready(t.Unless)})
	}
	for _, k := range c.Kinds {
		r.kinds = append(r.kinds, kind{k, ready(k.Signs), ready(k.What), ready(k.Unless)})
	}
	for _, t := range c.Types {
		r.types = append(r.types, responsibility{t, ready(t.Signs)})
	}
	return r
}

// gate is how many outlets a gate asks for where so many are switched on: as
// written, but no more than gate_share of them, and never fewer than two.
func (r *Rules) gate(asked, on int) int {
	if on == 0 || r.GateShare == 0 {
		return asked
	}
	return min(asked, max(2, int(math.Ceil(r.GateShare*float64(on)))))
}

// Newsrooms is how many must tell a story for a level, where so many outlets are
// switched on; 0 where there is no such level.
func (r *Rules) Newsrooms(level, on int) int {
	for _, l := range r.Levels {
		if l.Level == level && level >= highest {
			return max(plainly, r.gate(l.MinOutlets, on))
		} else if l.Level == level {
			return r.gate(l.MinOutlets, on)
		}
	}
	return 0
}

// For the highest level so many newsrooms must plainly tell of harm, however few
// outlets are switched on.
const (
	highest = 3
	plainly = 3
)

// phrases are in the form that words are compared in: syllables in Key form,
// each with a space on both sides.
type phrases []string

func ready(list []string) phrases {
	out := make(phrases, 0, len(list))
	for _, p := range list {
		if w := spaced(p); w != " " {
			out = append(out, w)
		}
	}
	return out
}

func spaced(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range vi.Tokens(text) {
		b.WriteString(t.Text)
		b.WriteByte(' ')
	}
	return b.String()
}

// in reports whether one of the phrases stands in a text made by spaced.
func (p phrases) in(text string) bool {
	for _, w := range p {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// sentence is one sentence of title or lead, as written and as compared.
type sentence struct{ written, spaced string }

// text is title and lead of an article, made ready once: an article is weighed
// anew with every other that joins its story.
type text struct {
	sentences []sentence
	grams     []string
}

func read(a Article) text {
	var t text
	for _, part := range []string{a.Title, a.Lead} {
		for _, s := range vi.Sentences(part) {
			w := part[s.Start:s.End]
			t.sentences = append(t.sentences, sentence{w, spaced(w)})
		}
	}
	t.grams = grams(t.sentences)
	return t
}

// find returns the first sentence that holds one of the phrases.
func (p phrases) find(text []sentence) (string, bool) { return p.without(nil, text) }

// without returns the first sentence that holds one of the phrases and none of others.
func (p phrases) without(others phrases, text []sentence) (string, bool) {
	for _, s := range text {
		if p.in(s.spaced) && !others.in(s.spaced) {
			return s.written, true
		}
	}
	return "", false
}

// threatened returns the gravest threat that an article names, and its sentence;
// none where any sentence says that it is a drill.
func (r *Rules) threatened(text []sentence) (found threat, quote string, ok bool) {
	if _, drill := r.drills.find(text); drill {
		return threat{}, "", false
	}
	for _, t := range r.threats {
		for _, s := range text {
			if t.what.in(s.spaced) && t.whom.in(s.spaced) && !t.unless.in(s.spaced) && (!ok || t.Level > found.Level) {
				found, quote, ok = t, s.written, true
			}
		}
	}
	return found, quote, ok
}
