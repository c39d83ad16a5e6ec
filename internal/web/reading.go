package web

import (
	"fmt"
	"slices"
	"strings"

	"diembao/internal/news"
)

// axisOrder is the order in which a reading is told.
var axisOrder = []string{"relevant", "insurance", "topics", "tone", news.Heard, "agency_role", "target", "risk", "level", "reach", "scope", "provinces", "units", "digest", "form", "series", "events", "models", "claims", "said"}

// axis is one verdict with its reasons.
type axis struct {
	Name, Label, Value, Tone string
	Sure                     float64 // 0 to 1
	Reasons                  []reason
}

// reason is why a verdict was given.
type reason struct {
	Rule, Where, Quote string
	Weight             float64
}

// axes are the verdicts of a reading, those nobody has ordered last.
func (v *visit) axes(r news.Reading) []axis {
	names := slices.Clone(axisOrder)
	var others []string
	for name := range r.Verdicts {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	var out []axis
	for _, name := range append(names, others...) {
		if d, ok := r.Verdicts[name]; ok {
			out = append(out, v.axis(name, d))
		}
	}
	return out
}

func (v *visit) axis(name string, d news.Verdict) axis {
	a := axis{Name: name, Label: v.label.message("axis."+name, name), Value: v.verdict(name, d.Value), Sure: min(max(d.Confidence, 0), 1)}
	if name == "tone" {
		a.Tone, _ = d.Value.(string)
	}
	for _, r := range d.Reasons {
		why := reason{Rule: r.Rule, Quote: r.Quote, Weight: r.Weight}
		if r.Where != "" {
			why.Where = v.label.message("part."+string(r.Where), string(r.Where))
		}
		a.Reasons = append(a.Reasons, why)
	}
	return a
}

// verdict says a value in words. Numbers come back from the store as float64.
func (v *visit) verdict(name string, value any) string {
	switch name {
	case "agency_role":
		name = "role" // as the index and the messages call it
	case news.Heard:
		name = "tone"
	}
	switch x := value.(type) {
	case bool:
		return v.words.Say(map[bool]string{true: "web.yes", false: "web.no"}[x])
	case string:
		return v.label.of(name, x)
	case []string:
		return v.values(name, x)
	case []any:
		var list []string
		for _, e := range x {
			list = append(list, fmt.Sprint(e))
		}
		return v.values(name, list)
	case float64:
		return v.label.message(fmt.Sprintf("%s.%d", name, int(x)), fmt.Sprint(x))
	case int:
		return v.label.message(fmt.Sprintf("%s.%d", name, x), fmt.Sprint(x))
	case nil:
		return v.words.Say("web.nothing")
	}
	return fmt.Sprint(value)
}

func (v *visit) values(name string, list []string) string {
	if len(list) == 0 {
		return v.words.Say("web.nothing")
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = v.label.of(name, x)
	}
	return strings.Join(out, ", ")
}
