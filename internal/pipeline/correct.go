package pipeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// axis is one side of a reading that a person may correct.
type axis struct {
	list   bool     // several values, separated by commas
	values []string // allowed; nil where the configuration says
	set    func(*news.Reading, []string)
}

// axes are what can be corrected, by the names that `explain` shows.
func axes(pack config.Pack) map[string]axis {
	topics := make([]string, 0, len(pack.Topics.Topics))
	for _, t := range pack.Topics.Topics {
		topics = append(topics, t.ID)
	}
	provinces := make([]string, 0, len(pack.Provinces))
	for _, p := range pack.Provinces {
		provinces = append(provinces, p.ID)
	}
	forms := make([]string, 0, len(pack.Topics.Forms))
	for _, f := range pack.Topics.Forms {
		forms = append(forms, f.ID)
	}
	yesNo := []string{"true", "false"}
	return map[string]axis{
		"relevant":    {values: yesNo, set: func(r *news.Reading, v []string) { r.Relevant, r.Uncertain = v[0] == "true", false }},
		"digest":      {values: yesNo, set: func(r *news.Reading, v []string) { r.Digest = v[0] == "true" }},
		"insurance":   {list: true, values: []string{news.BHXH, news.BHYT, news.BHTN}, set: func(r *news.Reading, v []string) { r.Insurance = v }},
		"topics":      {list: true, values: topics, set: func(r *news.Reading, v []string) { r.Topics = v }},
		"provinces":   {list: true, values: provinces, set: func(r *news.Reading, v []string) { r.Provinces, r.Current, r.Weights = v, current(pack, v), alike(v) }},
		"scope":       {values: []string{"national", "local", "none"}, set: func(r *news.Reading, v []string) { r.Scope = v[0] }},
		"tone":        {values: []string{"negative", "neutral", "positive"}, set: func(r *news.Reading, v []string) { r.Tone, r.Heard = v[0], "" }},
		"agency_role": {values: []string{"blamed", "enforcer", "victim", "informant", "none"}, set: func(r *news.Reading, v []string) { r.Role = v[0] }},
		"target":      {values: []string{"agency", "fund", "policy", "ministry", "hospital", "employer", "criminals", "none"}, set: func(r *news.Reading, v []string) { r.Target = v[0] }},
		"form":        {values: forms, set: func(r *news.Reading, v []string) { r.Form = v[0] }},
		"risk":        {values: []string{"0", "1", "2", "3"}, set: func(r *news.Reading, v []string) { r.Risk, _ = strconv.Atoi(v[0]); r.Feared = nil }}, // one of the four
	}
}

// alike gives each of some provinces the same share of an article.
func alike(ids []string) map[string]float64 {
	out := map[string]float64{}
	for _, id := range ids {
		out[id] = 1 / float64(len(ids))
	}
	return out
}

// current names today's provinces for those of any time.
func current(pack config.Pack, ids []string) []string {
	var out []string
	for _, id := range ids {
		if p, ok := pack.ProvinceByID(id); ok && !slices.Contains(out, p.Current) {
			out = append(out, p.Current)
		}
	}
	return out
}

// ReadCorrection checks a person's "axis=value" and returns its two sides. The
// error names what would be right.
func (r *Rules) ReadCorrection(text string) (name, value string, err error) {
	name, value, ok := strings.Cut(text, "=")
	known := axes(r.Pack)
	a, is := known[name]
	if !ok || !is {
		names := make([]string, 0, len(known))
		for n := range known {
			names = append(names, n)
		}
		slices.Sort(names)
		return "", "", fmt.Errorf("%q is no correction; write AXIS=VALUE with one of %s", text, strings.Join(names, ", "))
	}
	for _, v := range a.split(value) {
		if slices.Contains(a.values, v) {
			continue
		}
		if near, ok := config.Nearest(v, a.values); ok && len(v) > 2 { // of short words every one is near
			return "", "", fmt.Errorf("%s has no value %q; did you mean %q?", name, v, near)
		}
		return "", "", fmt.Errorf("%s has no value %q; it may be %s", name, v, strings.Join(a.values[:min(12, len(a.values))], ", "))
	}
	if !a.list && value == "" {
		return "", "", fmt.Errorf("%s needs a value: %s", name, strings.Join(a.values, ", "))
	}
	return name, value, nil
}

func (a axis) split(value string) []string {
	if !a.list {
		return []string{value}
	}
	var out []string
	for v := range strings.SplitSeq(value, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Corrected lays people's words over a reading: they stand, whatever the rules
// say today. What is not known any more to the configuration is left out.
func (r *Rules) Corrected(reading news.Reading, words []store.Correction) news.Reading {
	if len(words) == 0 {
		return reading
	}
	known := axes(r.Pack)
	verdicts := make(map[string]news.Verdict, len(reading.Verdicts))
	for k, v := range reading.Verdicts {
		verdicts[k] = v
	}
	for _, w := range words {
		a, ok := known[w.Axis]
		if !ok {
			continue
		}
		values := a.split(w.Value)
		a.set(&reading, values)
		var value any = w.Value
		if a.list {
			value = values
		}
		said := news.Reason{Rule: fmt.Sprintf("%s: %s (%s)", w.Who, w.Why, w.At.In(config.VN).Format("02/01/2006")), Weight: 1}
		verdicts[w.Axis] = news.Verdict{Value: value, Confidence: 1, Reasons: append([]news.Reason{said}, verdicts[w.Axis].Reasons...)}
	}
	reading.Verdicts = verdicts
	return reading
}
