package classify

import (
	"cmp"
	"slices"
	"strings"

	"diembao/internal/news"
)

// policy is the topic that stands beside others rather than before them.
const policy = "policy_law"

// weights of a topic's phrases by where they stand.
var (
	strongAt = map[news.Part]float64{news.Title: 2.2, news.Lead: 1.2, news.Body: 0.3}
	weakAt   = map[news.Part]float64{news.Title: 0.9, news.Lead: 0.45, news.Body: 0.1}
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

// topicsOf files the text under its topics, the main one first.
func (c *Classifier) topicsOf(v *view, r *news.Reading) {
	all := c.score(v)
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	top := all[0].score
	var kept []scored
	for _, s := range all {
		if len(kept) < mostTopics && s.score >= topicFrom && s.score >= topicShare*top {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		kept = all[:1]
	}
	// A rule is filed by what it rules: policy_law leads only where it is alone.
	slices.SortStableFunc(kept, func(a, b scored) int { return cmp.Compare(second(a.id), second(b.id)) })
	var t tally
	for _, s := range kept {
		r.Topics = append(r.Topics, s.id)
		t.reasons = append(t.reasons, s.reasons...)
	}
	margin := kept[0].score - topicFrom
	r.Verdicts["topics"] = t.verdict(r.Topics, sure(margin))
}

func second(id string) int {
	if id == policy {
		return 1
	}
	return 0
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
	for _, id := range anchors {
		for i, m := range v.distinct(id) {
			w := map[news.Part]float64{news.Title: 2, news.Lead: 1.2, news.Body: 0.1}[m.Where]
			if id == news.BHXH && v.covered(m, "agency") {
				w *= 0.2
			}
			w = fading(w, i)
			points[id] += w
			t.add(w, "nêu tên "+strings.ToUpper(id), m)
		}
	}
	for i, topic := range r.Topics {
		for _, id := range c.implies[topic] {
			w := fading(1.2, i)
			points[id] += w
			t.add(w, "chủ đề "+topic+" thuộc "+strings.ToUpper(id), news.Mention{})
		}
	}
	top := max(points[news.BHXH], points[news.BHYT], points[news.BHTN])
	for _, id := range anchors {
		if p := points[id]; p >= 1 && p >= 0.3*top {
			r.Insurance = append(r.Insurance, id)
		}
	}
	if len(r.Insurance) == 0 {
		r.Insurance = []string{best(points)}
	}
	r.Verdicts["insurance"] = t.verdict(r.Insurance, sure(2*(top-1)))
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
