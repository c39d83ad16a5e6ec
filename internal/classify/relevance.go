package classify

import (
	"fmt"
	"strings"

	"diembao/internal/news"
)

// The weights of relevance. A text is relevant from 2 points on and uncertain
// within one point of that.
const (
	relevantFrom = 2.0
	unsure       = 1.0
)

// relevance decides whether the public insurances are what the text is about,
// or one of the things it is about.
func (c *Classifier) relevance(v *view, r *news.Reading) {
	var t tally
	if v.weighAnchors(&t) {
		v.weighTopics(&t)
	}
	v.weighBare(&t)
	v.weighAgency(&t)
	v.weighExclusions(&t)
	v.weighStrangers(&t)
	r.Relevant = t.score >= relevantFrom
	r.Uncertain = t.score > relevantFrom-unsure && t.score < relevantFrom+unsure
	r.Verdicts["relevant"] = t.verdict(r.Relevant, sure(1.5*(t.score-relevantFrom)))
}

// weighAnchors counts the insurances by where and how often they are named,
// and reports whether title or lead names one.
func (v *view) weighAnchors(t *tally) bool {
	named := false
	for _, id := range anchors {
		n := 0
		for _, m := range v.distinct(id) {
			if m.Where == news.Body {
				continue
			}
			w := map[news.Part]float64{news.Title: 3, news.Lead: 2}[m.Where]
			if n > 0 {
				w = 0.2
			}
			t.add(w, "nêu tên "+strings.ToUpper(id), m)
			named, n = true, n+1
		}
	}
	v.weighBody(t)
	return named
}

// weighBody counts how thick the body is with insurances: once in a long text
// is passing, once in every few hundred letters is what it is about.
func (v *view) weighBody(t *tally) {
	n := 0
	var first news.Mention
	for _, id := range anchors {
		for _, m := range v.by[id] {
			if m.Where == news.Body {
				if n == 0 || m.Start < first.Start {
					first = m
				}
				n++
			}
		}
	}
	if n > 0 {
		density := float64(n) / (float64(len(v.a.Body)) / 1000)
		t.add(min(0.3*float64(n), 2.4)*min(density, 1), fmt.Sprintf("nêu tên bảo hiểm %d lần trong thân bài", n), first)
	}
}

// weighTopics counts strong phrases of topics beside a named insurance. Alone
// they are everybody's words: data, fines and medicines are news of all fields.
func (v *view) weighTopics(t *tally) {
	n := 0
	for _, m := range v.all {
		if strings.HasPrefix(m.What, "topic:") && m.Where != news.Body && n < 3 {
			t.add(0.5, m.Rule, m)
			n++
		}
	}
}

// weighBare counts "bảo hiểm" without a surname, as headlines have it, where
// nothing says that it is sold by a company and the people of our field stand
// beside it: workers, patients, pensioners.
func (v *view) weighBare(t *tally) {
	if v.has("exclude:commercial") || v.has("exclude:passing") {
		return
	}
	kin, ok := v.first("cue:kin")
	if !ok {
		return
	}
	for _, m := range v.by["cue:bare"] {
		if m.Where == news.Body || v.covered(m, anchors...) || v.covered(m, "agency") {
			continue
		}
		t.add(map[news.Part]float64{news.Title: 1.3, news.Lead: 0.8}[m.Where], "nói đến bảo hiểm", m)
		t.add(0.7, "người trong lĩnh vực", kin)
		return
	}
}

func (v *view) weighAgency(t *tally) {
	if m, ok := v.first("agency"); ok {
		t.add(1.5, "nêu tên cơ quan BHXH", m)
	}
}

// weighExclusions counts what looks like our field and is not.
func (v *view) weighExclusions(t *tally) {
	for _, x := range []struct {
		id, rule           string
		title, lead, saved float64
	}{
		{"foreign", "chuyện ở nước ngoài", -4, -2.5, 0.2},
		{"commercial", "bảo hiểm thương mại", -3.5, -3, 0.25},
		{"passing", "chỉ nhắc qua", -4, -2.5, 1},
		{"spam", "trang rác", -6, -6, 1},
	} {
		factor := 1.0
		if v.has("unless:" + x.id) {
			factor = x.saved
		}
		if x.id == "foreign" && v.domestic() {
			factor = min(factor, 0.2)
		}
		n := 0
		for _, m := range v.distinct("exclude:" + x.id) {
			if m.Where == news.Body || v.covered(m, "cue:not_foreign") || n == 2 {
				continue
			}
			w := x.lead
			if m.Where == news.Title {
				w = x.title
			}
			if n > 0 {
				w /= 3
			}
			t.add(factor*w, x.rule, m)
			n++
		}
	}
}

// domestic reports whether the text is at home: a province, the agency or one
// of our ministries is named, or an insurance by its abbreviation, which
// nobody uses of another country's.
func (v *view) domestic() bool {
	for what, mentions := range v.by {
		if strings.HasPrefix(what, "province:") {
			return true
		}
		for _, m := range mentions {
			if (what == news.BHXH || what == news.BHYT || what == news.BHTN) && m.End-m.Start == len(what) {
				return true
			}
		}
	}
	return v.has("agency") || v.has("cue:authority")
}

// weighStrangers counts names that no Vietnamese bears, where nothing else
// says that the text is at home.
func (v *view) weighStrangers(t *tally) {
	if v.digest || v.domestic() {
		return
	}
	for _, p := range []news.Part{news.Title, news.Lead} {
		if start, end, ok := strangers(v.text(p)); ok {
			t.add(-3.5, "tên người, tên đất nước ngoài", news.Mention{Where: p, Quote: v.text(p)[start:end]})
			return
		}
	}
}
