package classify

import (
	"regexp"
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// mostModels is how many good models of one article are kept.
const mostModels = 5

// inMarks is a name in quotation marks right behind the word for what it is.
var inMarks = regexp.MustCompile(`^[^“”"'‘’.;!?\n]{0,40}?["“'‘]([\p{Lu}\d][^"”’'“‘\n]{3,100})["”’']`)

// models finds good local ways of working: the name in quotation marks after
// "mô hình", "cuộc thi ảnh"; a headline that praises one without a name is its
// name. What a text tells as harm is no model ("mô hình" of swindlers).
func (c *Classifier) models(v *view, r *news.Reading) {
	if r.Tone == "negative" {
		return
	}
	var t tally
	add := func(m news.Mention, name string, s vi.Span) {
		if len(r.Models) == mostModels || slices.ContainsFunc(r.Models, func(k news.Model) bool { return strings.EqualFold(k.Name, name) }) {
			return
		}
		model := news.Model{Name: name, Province: v.provinceIn(m.Where, s, m.Start, r), Who: whoIn(v.text(m.Where)[s.Start:s.End]), Where: m.Where, Quote: shown(v.text(m.Where)[s.Start:s.End])}
		if len(r.Units) > 0 {
			model.Unit = r.Units[0]
		}
		r.Models = append(r.Models, model)
		t.reasons = append(t.reasons, news.Reason{Rule: "mô hình, cách làm hay: " + name, Where: m.Where, Quote: model.Quote, Weight: 1})
	}
	for _, m := range v.all {
		if m.What != "cue:model" && m.What != "cue:model_praised" {
			continue
		}
		s := v.sentence(m)
		if at := inMarks.FindStringSubmatch(v.text(m.Where)[m.End:s.End]); at != nil && v.ours(m.Where, s) {
			add(m, strings.TrimSpace(at[1]), s)
		}
	}
	if m, ok := v.first("cue:model_praised"); ok && m.Where == news.Title && len(r.Models) == 0 {
		add(m, strings.TrimSpace(v.a.Title), v.sentence(m))
	}
	if len(r.Models) == 0 {
		return
	}
	var names []string
	for _, m := range r.Models {
		names = append(names, m.Name)
	}
	r.Verdicts["models"] = t.verdict(names, 0.7)
}

// ours reports whether a sentence of the body names an insurance; headline and
// lead are ours altogether.
func (v *view) ours(where news.Part, s vi.Span) bool {
	return where != news.Body || v.insured(where, s)
}

// whoIn is the person named in a sentence, with the form of address.
func whoIn(s string) string {
	at := person.FindStringSubmatch(s)
	if at == nil {
		return ""
	}
	return strings.TrimSpace(at[1])
}
