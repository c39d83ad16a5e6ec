package web

import (
	"fmt"
	"slices"
	"strings"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
)

// axisOrder is the order in which a reading is told.
var axisOrder = []string{"relevant", "insurance", "topics", "tone", news.Heard, "agency_role", "target", "risk", "level", "reach", "scope", "provinces", "units", "digest", "form", "series", "events", "models", "claims", "said"}

// Axis is one verdict with its reasons, in the reader's words.
type Axis struct {
	Name, Label, Value, Tone string
	Sure                     float64 // 0 to 1
	Reasons                  []Reason
}

// Reason is why a verdict was given. Where is the part of the article.
type Reason struct {
	Rule, Where, Quote string
	Weight             float64
}

// InWords is a reading as a reader of that language understands it, for the
// page of an article and for the verb that explains one.
func InWords(r news.Reading, words *say.Words, pack config.Pack) []Axis {
	return (labels{words, pack}).axes(r)
}

// axes are the verdicts of a reading, those nobody has ordered last.
func (l labels) axes(r news.Reading) []Axis {
	names := slices.Clone(axisOrder)
	var others []string
	for name := range r.Verdicts {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	var out []Axis
	for _, name := range append(names, others...) {
		if d, ok := r.Verdicts[name]; ok {
			a := l.axis(name, d)
			if name == "provinces" && len(r.Weights) > 1 {
				a.Value = l.weighted(r)
			}
			out = append(out, a)
		}
	}
	return out
}

// weighted names the provinces of a reading with the share of each.
func (l labels) weighted(r news.Reading) string {
	out := make([]string, len(r.Provinces))
	for i, slug := range r.Provinces {
		out[i] = l.of("province", slug) + " " + l.words.Percent(r.Weights[slug])
	}
	return strings.Join(out, ", ")
}

func (l labels) axis(name string, d news.Verdict) Axis {
	a := Axis{Name: name, Label: l.message("axis."+name, name), Value: l.verdict(name, d.Value), Sure: min(max(d.Confidence, 0), 1)}
	if name == "tone" {
		a.Tone, _ = d.Value.(string)
	}
	for _, r := range d.Reasons {
		why := Reason{Rule: l.rule(r.Rule), Quote: r.Quote, Weight: r.Weight}
		if r.Where != "" {
			why.Where = l.message("part."+string(r.Where), string(r.Where))
		}
		a.Reasons = append(a.Reasons, why)
	}
	return a
}

// verdict says a value in words. Numbers come back from the store as float64.
func (l labels) verdict(name string, value any) string {
	switch name {
	case "agency_role":
		name = "role" // as the index and the messages call it
	case news.Heard:
		name = "tone"
	}
	switch x := value.(type) {
	case bool:
		return l.words.Say(map[bool]string{true: "web.yes", false: "web.no"}[x])
	case string:
		return l.of(name, x)
	case []string:
		return l.values(name, x)
	case []any:
		var list []string
		for _, e := range x {
			list = append(list, fmt.Sprint(e))
		}
		return l.values(name, list)
	case float64:
		return l.message(fmt.Sprintf("%s.%d", name, int(x)), fmt.Sprint(x))
	case int:
		return l.message(fmt.Sprintf("%s.%d", name, x), fmt.Sprint(x))
	case nil:
		return l.words.Say("web.nothing")
	}
	return fmt.Sprint(value)
}

func (l labels) values(name string, list []string) string {
	if len(list) == 0 {
		return l.words.Say("web.nothing")
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = l.of(name, x)
	}
	return strings.Join(out, ", ")
}
