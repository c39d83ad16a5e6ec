package classify

import (
	"cmp"
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// policy is the topic that stands beside others rather than before them.
const policy = "policy_law"

// weights of a topic's phrases by where they stand.
var (
	strongAt = map[news.Part]float64{news.Title: 2.2, news.Lead: 1.2, news.Body: 0.3}
	weakAt   = map[news.Part]float64{news.Title: 0.9, news.Lead: 0.5, news.Body: 0.1}
)

const (
	topicFrom  = 1.6 // points that file a text under a topic
	topicShare = 0.4 // of the main topic's points, below which another is not filed
	mostTopics = 3
)

// scored is a topic and what speaks for it.
type scored struct {
	id string
	tally
}

// topicsOf files the text under its topics, the main one first. policy_law is
// judged by itself: a rule is filed by what it rules, and policy_law leads only
// where nothing else is said.
func (c *Classifier) topicsOf(v *view, r *news.Reading) {
	all := c.score(v)
	yield(all)
	rule := v.ruling(all)
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var kept []scored
	for _, s := range all {
		if s.id != policy && len(kept) < mostTopics && s.score >= topicFrom && s.score >= topicShare*all[0].score {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 && rule.score < policyFrom && all[0].id != policy {
		kept = all[:1]
	}
	switch {
	case len(kept) == 0 && rule.score == 0 && all[0].score == 0:
		kept = []scored{{id: c.fallback(v)}}
	case len(kept) == 0:
		kept = []scored{rule}
	case rule.score >= policyAlone && kept[0].score < rule.score*0.35:
		kept = append([]scored{rule}, kept[:min(len(kept), mostTopics-1)]...)
	case rule.score >= v.policyAt(kept):
		kept = append(kept[:min(len(kept), mostTopics-1)], rule)
	}
	var t tally
	for _, s := range kept {
		r.Topics = append(r.Topics, s.id)
		t.reasons = append(t.reasons, s.reasons...)
	}
	r.Verdicts["topics"] = t.verdict(r.Topics, sure(kept[0].score-topicFrom))
}

// policyAt returns the points from which policy_law stands beside the topics
// kept: one word is enough where rules are the usual news and nobody asks; a
// crime, an inspection, an office or a gift must speak of the rule twice.
func (v *view) policyAt(kept []scored) float64 {
	switch kept[0].id {
	case "scam_impersonation", "fund_fraud", "inspection", "organisation_people", "communication_csr":
		return policyFrom
	}
	if v.asks {
		return policyFrom
	}
	return policyHint
}

// yields says which topic a more telling one takes the place of: cards given
// away are a gift, not coverage; a thief's office is his trade, not the news.
var yields = []struct {
	to, from string
	share    float64 // of its points that the lesser topic keeps
}{
	{"drugs_supplies", "bhyt_claims", 0.35}, {"drugs_supplies", "bhyt_coverage", 0.4}, {"communication_csr", "bhyt_coverage", 0.45},
	{"scam_impersonation", "pension", 0.3}, {"scam_impersonation", "bhyt_coverage", 0.3}, {"scam_impersonation", "digital", 0.5}, {"social_pension", "pension", 0.4},
	{"bhyt_coverage", "pension", 0.4}, {"bhyt_claims", "pension", 0.4}, {"bhyt_claims", "social_pension", 0.4}, {"unemployment", "pension", 0.4},
	{"fund_fraud", "organisation_people", 0.8}, {"fund_fraud", "bhyt_claims", 0.5}, {"fund_fraud", "pension", 0.4}, {"inspection", "bhyt_claims", 0.4}, {"arrears_evasion", "pension", 0.7},
	{"digital", "pension", 0.5}, {"lump_sum", "pension", 0.5}, {"sickness_maternity_injury", "pension", 0.6}, {"arrears_evasion", "unemployment", 0.6},
}

// yield lets lesser topics make way where the telling one stands in the title.
func yield(all []scored) {
	at := map[string]int{}
	for i, s := range all {
		at[s.id] = i
	}
	for _, y := range yields {
		t, telling := at[y.to]
		f, lesser := at[y.from]
		if !telling || !lesser { // this installation does without one of them
			continue
		}
		if from := &all[f]; all[t].score >= 2 {
			from.add(-(1-y.share)*from.score, "nhường chủ đề rõ hơn: "+y.to, news.Mention{})
		}
	}
}

// fallback is where a text belongs that names an insurance and no topic.
func (c *Classifier) fallback(v *view) string {
	switch {
	case v.has(news.BHYT):
		return "bhyt_claims"
	case v.has(news.BHTN):
		return "unemployment"
	}
	return policy
}

const (
	policyFrom  = 0.8 // points from which policy_law stands beside another topic
	policyHint  = 0.5 // the same, where one word of a rule is enough
	policyAlone = 3.0 // points from which it may lead
)

// ruling is what speaks for policy_law: a new rule, a draft, a proposal is the
// news. One person's question, a timetable or a warning only cites rules.
func (v *view) ruling(all []scored) scored {
	var s scored
	for _, t := range all {
		if t.id == policy {
			s = t
		}
	}
	if m, ok := v.first("cue:case"); ok && !v.inTitle("topic:"+policy) && !v.inTitle("hint:"+policy) {
		s.add(-0.7*s.score, "chuyện hỏi đáp, lịch, thủ tục: quy định chỉ được dẫn ra", m)
	}
	return s
}

// score adds up each topic's phrases. Weak ones need an insurance named.
func (c *Classifier) score(v *view) []scored {
	named := slices.ContainsFunc(anchors, v.has)
	out := make([]scored, len(c.topics))
	for i, topic := range c.topics {
		out[i].id = topic.ID
		for n, m := range v.distinct("topic:" + topic.ID) {
			out[i].add(fading(strongAt[m.Where], n), m.Rule, m)
		}
		if !named {
			continue
		}
		for n, m := range v.distinct("hint:" + topic.ID) {
			if !v.covered(m, "topic:"+topic.ID) {
				out[i].add(fading(weakAt[m.Where], n), m.Rule, m)
			}
		}
	}
	return out
}

// fading lets each further phrase of a topic count less than the one before.
func fading(w float64, n int) float64 {
	for ; n > 0; n-- {
		w *= 0.6
	}
	return w
}

// insurance tells which of the three the text deals with. The agency's name
// holds "bảo hiểm xã hội" and says nothing of the insurance.
func (c *Classifier) insurance(v *view, r *news.Reading) {
	var t tally
	points := map[string]float64{}
	add := func(id string, w float64, rule string, m news.Mention) {
		points[id] += w
		t.add(w, rule, m)
	}
	own := c.implies[r.Topics[0]]
	for _, id := range anchors {
		n := 0
		for _, m := range v.distinct(id) {
			w := fading(map[news.Part]float64{news.Title: 2, news.Lead: 1.2, news.Body: 0.1}[m.Where], n)
			switch {
			case id == news.BHXH && v.asAgency(m):
				w *= 0.2
			case len(own) > 0 && !slices.Contains(own, id) && !v.byName(m):
				w *= 0.2 // "người hưởng lương hưu" in a text about cards only says who
			default:
				n++
			}
			add(id, w, "nêu tên "+strings.ToUpper(id), m)
		}
	}
	for i, topic := range r.Topics {
		for _, id := range c.implies[topic] {
			add(id, fading(1.2, i), "chủ đề "+c.label(topic)+" thuộc "+strings.ToUpper(id), news.Mention{})
		}
	}
	if m, ok := v.first("target:hospital"); ok && len(own) == 0 && points[news.BHXH] < 1 {
		add(news.BHYT, 1.2, "chuyện giữa cơ quan BHXH và cơ sở y tế", m)
	}
	top := max(points[news.BHXH], points[news.BHYT], points[news.BHTN])
	for _, id := range anchors {
		if p := points[id]; p >= 1 && p >= 0.22*top {
			r.Insurance = append(r.Insurance, id)
		}
	}
	if len(r.Insurance) == 0 {
		r.Insurance = []string{best(points)}
	}
	r.Verdicts["insurance"] = t.verdict(r.Insurance, sure(2*(top-1)))
}

// asAgency reports whether a naming of social insurance is the agency's name:
// "BHXH Cà Mau", "Bảo hiểm xã hội (BHXH) Cà Mau".
func (v *view) asAgency(m news.Mention) bool {
	if v.covered(m, "agency") {
		return true
	}
	for _, a := range v.by["agency"] {
		if a.Where == m.Where && a.Start > m.End && strings.TrimSpace(v.text(m.Where)[m.End:a.Start]) == "(" {
			return true
		}
	}
	return false
}

// byName reports whether a mention names an insurance itself, not one of its benefits.
func (v *view) byName(m news.Mention) bool {
	w := vi.Key(v.written(m))
	return strings.Contains(w, "bh") || strings.Contains(w, "bảo hiểm")
}

// best returns the insurance with most points; social insurance where none has.
func best(points map[string]float64) string {
	top := news.BHXH
	for _, id := range anchors {
		if points[id] > points[top] {
			top = id
		}
	}
	return top
}
