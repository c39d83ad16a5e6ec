package classify

import (
	"slices"

	"diembao/internal/news"
)

// routine tells whether an article explains itself as everyday news of the
// field: a rule and its dates, a schedule, who is entitled to what, a gift, an
// opening, a campaign, a warning, others' debts and crimes. What several
// newsrooms tell and nothing of the kind explains is worth a look, whatever
// words they choose to tell it in.
func (c *Classifier) routine(v *view, r *news.Reading) {
	var t tally
	for i, m := range v.distinct("cue:routine") {
		t.add(fading(map[news.Part]float64{news.Title: 1, news.Lead: 0.3}[m.Where], i/2), "tin thường ngày", m)
	}
	for i, m := range v.distinct("positive") {
		t.add(fading(map[news.Part]float64{news.Title: 0.8, news.Lead: 0.4}[m.Where], i/2), m.Rule, m)
	}
	for _, topic := range []string{"scam_impersonation", "communication_csr"} {
		if slices.Contains(r.Topics, topic) {
			t.add(1, "chủ đề "+c.label(topic), news.Mention{})
		}
	}
	if slices.Contains(r.Topics, "arrears_evasion") && v.has("target:employer") {
		t.add(1, "chủ doanh nghiệp nợ, trốn đóng", news.Mention{})
	}
	if m, ok := v.first("topic:" + policy); ok && r.Topics[0] == policy {
		t.add(0.7, "chủ đề chính sách", m)
	}
	for _, cue := range []string{"cue:simulated", "cue:cleared", "cue:explains"} {
		if m, ok := v.first(cue); ok {
			t.add(1, signs[cue], m)
		}
	}
	if m, ok := v.first("cue:complaint"); ok {
		t.add(-0.8, "có người phàn nàn", m)
	}
	if m, ok := v.first("cue:harm"); ok && !within(v.turned(), m) {
		t.add(-0.4, "có điều không hay", m)
	}
	is := t.score >= 0.7
	r.Unusual = !is
	r.Verdicts["routine"] = t.verdict(is, sure(2*(t.score-0.7)))
}
