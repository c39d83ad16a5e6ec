package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"diembao/internal/vi"
)

// odd tells the phrases that are worth a look, in the order of the lists.
func (try *trial) odd(read int) []Odd {
	odd := []Odd{}
	for _, t := range try.all {
		o := Odd{Phrase: t.Phrase, Articles: t.articles}
		for _, look := range []func(*tried, *Odd, int){try.repeated, try.never, try.swallows, try.common} {
			if look(t, &o, read); o.Do != "" {
				odd = append(odd, o)
				break
			}
		}
	}
	return odd
}

// contrary are the families in which the same words cannot mean two things.
var contrary = map[string]string{"topic": "topic", "crisis": "bad or good news", "positive": "bad or good news", "target": "target", "role": "role"}

// repeated tells a phrase that another list claims too.
func (try *trial) repeated(t *tried, o *Odd, _ int) {
	family := contrary[t.Family]
	if family == "" {
		return
	}
	key := family + " " + vi.Key(t.Text)
	first, known := try.twice[key]
	if !known {
		try.twice[key] = t
		return
	}
	o.Do = fmt.Sprintf("it stands in %s too (%s:%d): keep one of them", first.List, first.File, first.Line)
}

// never tells a phrase that no article has.
func (try *trial) never(t *tried, o *Odd, read int) {
	if t.articles > 0 || read < leastArticles {
		return
	}
	o.Do = "it never stands in a text: mend its spelling, or leave it for the day it is needed"
	if words := commonest(t.meant); t.meant[words] >= leastMeant {
		o.Meant = words
		o.Do = fmt.Sprintf("it never stands in a text, but “%s” does, in %d: write it so, if that is meant", o.Meant, t.meant[o.Meant])
	}
}

// commonest is the most frequent, of equals the first by letters.
func commonest(counts map[string]int) string {
	best := ""
	for words, n := range counts {
		if n > counts[best] || n == counts[best] && words < best {
			best = words
		}
	}
	return best
}

// swallows tells a phrase that drags another's articles along.
func (try *trial) swallows(t *tried, o *Odd, _ int) {
	var whose string
	for what, n := range t.beside {
		if try.told[what] >= leastCommon && float64(n) >= swallowed*float64(try.told[what]) && (whose == "" || what < whose) {
			whose = what
		}
	}
	if whose == "" {
		return
	}
	o.Swallows = strings.TrimPrefix(whose, t.Family+" ")
	how := "make it longer, or name what it must not be in under not"
	if t.Family == "topic" {
		how = "make it longer, make it weak, or name what it must not be in under not"
	}
	o.Do = fmt.Sprintf("it stands in %d of the %d articles of %s: %s", t.beside[whose], try.told[whose], o.Swallows, how)
}

// particular families tell one article of ours from another: a phrase that
// stands in most of them tells nothing.
var particular = []string{"crisis", "threat", "leader", "authority", "positive", "event", "target", "topic", "exclude"}

func (try *trial) common(t *tried, o *Odd, _ int) {
	if try.ours < leastOurs || !slices.Contains(particular, t.Family) || float64(t.ours) < everywhere*float64(try.ours) {
		return
	}
	o.Do = fmt.Sprintf("it stands in %d of the %d articles of ours and tells none from another: make it longer, or take it out", t.ours, try.ours)
}
