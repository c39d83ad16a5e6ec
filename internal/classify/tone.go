package classify

import (
	"slices"
	"strconv"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// tone is what the reader is told happened.
func (c *Classifier) tone(v *view, r *news.Reading) string {
	var bad, good tally
	turned := v.turned()
	n := 0
	for _, m := range v.distinct("cue:harm") {
		if !within(turned, m) {
			bad.add(fading(map[news.Part]float64{news.Title: 1.6, news.Lead: 0.8, news.Body: 0.05}[m.Where], n/2), "điều không hay xảy ra", m)
			n++
		}
	}
	for i, m := range v.distinct("cue:strain") {
		if !within(turned, m) && !v.covered(m, "cue:harm", "cue:mere") {
			bad.add(fading(map[news.Part]float64{news.Title: 0.7, news.Lead: 0.3}[m.Where], i/3), "dấu hiệu vướng mắc", m)
		}
	}
	for _, m := range v.all {
		if severity, ok := severity(m.What); ok && severity > 0 && m.Where != news.Body {
			w := map[news.Part]float64{news.Title: 0.9, news.Lead: 0.3}[m.Where]
			bad.add(w*max(float64(severity-1), 0.5), m.Rule, m)
		}
	}
	for i, m := range v.distinct("positive") {
		good.add(fading(map[news.Part]float64{news.Title: 1.3, news.Lead: 0.7, news.Body: 0.05}[m.Where], i/2), m.Rule, m)
	}
	if slices.Contains(r.Topics, "communication_csr") {
		good.add(0.6, "việc tặng, chăm lo, truyền thông", news.Mention{})
	}
	v.soften(r, &bad, &good)
	v.bad, v.good = bad.score, good.score
	tone, t := "neutral", &bad
	switch {
	case bad.score >= 1.3 && bad.score >= good.score:
		tone = "negative"
	case good.score >= 1.1:
		tone, t = "positive", &good
	}
	if tone == "neutral" {
		t.reasons = append(t.reasons, good.reasons...)
	}
	margin := min(abs(bad.score-1.3), abs(good.score-1.1))
	r.Verdicts["tone"] = t.verdict(tone, sure(2*margin))
	return tone
}

// turned returns the words of bad news that a negator turns around.
func (v *view) turned() []news.Mention {
	var out []news.Mention
	for _, m := range v.all {
		if s, ok := severity(m.What); ok && s == 0 && m.Where != news.Body {
			out = append(out, m)
		}
	}
	return out
}

// within reports whether m lies in one of the mentions.
func within(mentions []news.Mention, m news.Mention) bool {
	return slices.ContainsFunc(mentions, func(o news.Mention) bool { return o.Where == m.Where && o.Start <= m.Start && m.End <= o.End })
}

// soften lets harm and praise count less where the headline asks, or where a
// rule, a proposal or a remedy leads: then they are what it is about, not what
// happened.
func (v *view) soften(r *news.Reading, bad, good *tally) {
	harm, praise := 1.0, 1.0
	if v.asks {
		harm, praise = 0.6, 0.6
	}
	if slices.Contains(r.Topics, policy) && (v.inTitle("topic:"+policy) || v.inTitle("hint:"+policy) || v.asks) {
		harm, praise = harm*0.5, praise*0.6
	}
	if v.inTitle("cue:remedy") {
		harm *= 0.6
	}
	if v.inTitle("cue:proposal") {
		praise *= 0.5
	}
	if v.has("cue:denial") {
		harm *= 0.4
	}
	if v.inTitle("cue:explains") {
		harm *= 0.5
	}
	if v.has("cue:complaint") {
		harm = max(harm, 0.9)
	}
	switch { // whatever was complained of: it did not happen, or was no fault
	case v.has("cue:simulated"):
		harm *= 0.2
	case v.has("cue:cleared"):
		harm *= 0.3
	}
	bad.score *= harm
	good.score *= praise
}

func abs(x float64) float64 { return max(x, -x) }

// severity reads "crisis:3:khởi tố".
func severity(what string) (int, bool) {
	rest, ok := strings.CutPrefix(what, "crisis:")
	if !ok || rest == "" {
		return 0, false
	}
	return int(rest[0] - '0'), true
}

// role tells how the agency appears. Where it is not named it is no actor.
func (c *Classifier) role(v *view, r *news.Reading) {
	var t tally
	r.Role = "none"
	named, ok := v.first("agency")
	if !ok {
		r.Verdicts["agency_role"] = t.verdict("none", 0.95)
		return
	}
	points := map[string]float64{}
	for _, role := range []string{"blamed", "victim", "enforcer", "informant"} {
		for i, m := range v.distinct("role:" + role) {
			if m.Where == news.Body {
				continue
			}
			w := fading(map[string]float64{"blamed": 2, "victim": 2, "enforcer": 1.4, "informant": 1}[role], i)
			points[role] += w
			t.add(w, worded("role:"+role), m)
		}
	}
	if m, crime := v.insider(); crime {
		points["blamed"] += 2
		t.add(2, "người của cơ quan bị bắt, bị tố", m)
	}
	if r.Tone != "negative" && !v.has("cue:complaint") {
		points["blamed"] *= 0.3
	}
	switch {
	case !slices.Contains(r.Topics, "scam_impersonation"):
		points["victim"] = 0
	case v.inTitle("role:victim"):
		points["blamed"] *= 0.5 // who did it only posed as one of the agency's
	}
	top := 0.9
	for _, role := range []string{"blamed", "victim", "enforcer", "informant"} {
		if points[role] > top {
			r.Role, top = role, points[role]
		}
	}
	t.add(0.1, "nêu tên cơ quan BHXH", named)
	r.Verdicts["agency_role"] = t.verdict(r.Role, sure(2*(top-0.9)+0.4))
}

// insider returns one of the agency's own people whom bad news of the first
// order stands beside; who poses as one is none.
func (v *view) insider() (news.Mention, bool) {
	m, ok := v.first("cue:insider")
	if !ok || v.has("role:victim") {
		return m, false
	}
	for what := range v.by {
		if s, ok := severity(what); ok && s == 3 && v.has(what) {
			return m, true
		}
	}
	return m, false
}

// target tells who is blamed for what happened.
func (c *Classifier) target(v *view, r *news.Reading) {
	var t tally
	r.Target = "none"
	switch {
	case r.Tone != "negative":
	case r.Role == "blamed":
		r.Target = "agency"
	case slices.Contains(r.Topics, "scam_impersonation"):
		r.Target = "criminals"
	case slices.Contains(r.Topics, "arrears_evasion"):
		r.Target = "employer"
	case r.Role != "enforcer" && slices.Contains(r.Topics, "fund_fraud") && !v.has("cue:insider"):
		r.Target = "criminals" // the fund is whom they rob
	case r.Topics[0] == "digital":
		r.Target = "agency"
	default:
		points := map[string]float64{}
		for _, id := range []string{"fund", "policy", "ministry", "hospital", "employer", "criminals"} {
			for i, m := range v.distinct("target:" + id) {
				w := fading(map[news.Part]float64{news.Title: 2, news.Lead: 1, news.Body: 0.1}[m.Where], i)
				if id == "employer" && m.Where != news.Title { // who tells of workers names where they work
					w = 0
				}
				points[id] += w
				t.add(w, worded("target:"+id), m)
			}
			if points[id] > points[r.Target] {
				r.Target = id
			}
		}
	}
	if m, ok := v.first("target:" + r.Target); ok && len(t.reasons) == 0 {
		t.add(1, worded("target:"+r.Target), m)
	}
	r.Verdicts["target"] = t.verdict(r.Target, 0.7)
}

// masses reports whether title or lead counts workers or firms by the thousand.
func (v *view) masses() bool {
	for _, p := range []news.Part{news.Title, news.Lead} {
		tokens := vi.Tokens(v.text(p))
		for i := 0; i+2 < len(tokens); i++ {
			n, err := strconv.Atoi(tokens[i].Text)
			if err == nil && n >= 1000 && crowd[tokens[i+1].Text+" "+tokens[i+2].Text] {
				return true
			}
		}
	}
	return false
}

var crowd = map[string]bool{"lao động": true, "công nhân": true, "người lao": true, "doanh nghiệp": true, "đơn vị": true, "công ty": true}

// risk is 0 nothing to do, 1 watch, 2 likely to need an answer, 3 a crisis.
func (c *Classifier) risk(v *view, r *news.Reading) {
	var t tally
	worst := 0
	var quote news.Mention
	for _, m := range v.all {
		if s, ok := severity(m.What); ok && s > worst && m.Where != news.Body {
			worst, quote = s, m
		}
	}
	is := func(topic string) bool { return slices.Contains(r.Topics, topic) }
	negative := r.Tone == "negative"
	switch {
	case r.Role == "blamed" && worst == 3 && negative:
		r.Risk = 3
		t.add(3, "cán bộ cơ quan bị khởi tố, xét xử", quote)
	case r.Role == "blamed" && negative:
		r.Risk = 2
		t.add(2, "cơ quan bị phàn nàn, quy trách nhiệm", quote)
	case negative && (r.Role == "enforcer" || r.Role == "victim" || is("scam_impersonation") || is("fund_fraud") || is("inspection")):
		r.Risk = 1
		t.add(1, "sai phạm của người khác, cơ quan bảo vệ quỹ", quote)
	case negative && is("arrears_evasion"):
		r.Risk = 1
		if v.has("cue:hurt") || v.masses() {
			r.Risk = 2
		}
		t.add(float64(r.Risk), "người lao động bị nợ bảo hiểm", quote)
	case negative && v.has("cue:breakdown"):
		r.Risk = 3
		t.add(3, "hệ thống, việc chi trả, việc khám chữa bệnh đứt gãy trên diện rộng", quote)
	case negative:
		r.Risk = 2
		t.add(2, "người tham gia bị thiệt, bị từ chối, dịch vụ trục trặc", quote)
	case r.Role == "enforcer" || v.has("cue:denial"):
		r.Risk = 1
		t.add(1, "vụ việc cần theo dõi", quote)
	}
	r.Verdicts["risk"] = t.verdict(r.Risk, 0.7)
}
