package classify

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"

	"diembao/internal/learn"
	"diembao/internal/news"
)

// shipped is the model that comes with the program: learned numbers only. Its
// card is model.md; `diembao learn --from` makes it anew.
//
//go:embed model.json
var shipped []byte

// Shipped returns the model that comes with the program.
func Shipped() (learn.Model, error) { return learn.Parse(shipped) }

// Chances from which the model files a text under a topic.
const (
	leadFrom    = 0.3  // the main topic
	filedFrom   = 0.35 // a further topic
	policySaid  = 0.4  // policy_law beside another
	policyLeads = 0.8  // policy_law before others that are less than even
	departFrom  = 0.5  // a tone other than the rules'
	unheardFrom = 0.8  // harm where the rules heard none
	answerFrom  = 0.5  // that somebody has to answer, though the rules do not say so
	stillFrom   = 0.3  // the same, where they do
)

// learned lets the model revise what the rules said of topics, tone and risk.
// It has seen the rules' word among its features, so it departs from them only
// where what people labelled says so.
func (c *Classifier) learned(v *view, r *news.Reading) {
	if len(c.model.Axes) == 0 {
		return
	}
	seen := v.features(r)
	for _, revise := range []struct {
		axis string
		by   func(*view, learn.Axis, learn.Sight, *news.Reading)
	}{{"topics", c.refile}, {"tone", c.retone}, {"risk", c.rerisk}} {
		if axis, ok := c.model.Axes[revise.axis]; ok {
			revise.by(v, axis, seen.of(revise.axis).Sight(), r)
		}
	}
}

func (c *Classifier) refile(_ *view, axis learn.Axis, f learn.Sight, r *news.Reading) {
	topics, sure := c.filed(axis, axis.Chances(f))
	if len(topics) == 0 {
		return // the model is at a loss: the rules' verdict stands
	}
	topics = withUntaught(topics, r.Topics, axis.Classes)
	verdict := r.Verdicts["topics"]
	verdict.Value, verdict.Confidence = topics, c.sureOf("topics", sure)
	verdict.Reasons = slices.Clone(verdict.Reasons[:min(len(verdict.Reasons), 5)])
	for _, id := range topics {
		verdict.Reasons = append(verdict.Reasons, c.because(axis, f, id, c.label(id)+": ")...)
	}
	r.Topics, r.Verdicts["topics"] = topics, verdict
}

// filed files a text by the chances of the topics, the main one first, and
// says how sure it is; under none where no chance is worth the name. A topic
// that this installation does not keep is passed over.
func (c *Classifier) filed(axis learn.Axis, chance []float64) (topics []string, sure float64) {
	order, rule := make([]int, 0, len(chance)), 0.0
	for i, id := range axis.Classes {
		if _, kept := c.implies[id]; !kept {
			continue
		}
		if id == policy {
			rule = chance[i]
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(chance[b], chance[a]) })
	first := 0.0
	if len(order) > 0 {
		first = chance[order[0]]
	}
	switch {
	case first < leadFrom && rule < 0.5:
		return nil, 0
	case first < leadFrom || rule > policyLeads && first < 0.5:
		topics = append(topics, policy)
	default:
		topics, order = append(topics, axis.Classes[order[0]]), order[1:]
	}
	for _, i := range order {
		if chance[i] >= filedFrom && len(topics) < mostTopics {
			topics = append(topics, axis.Classes[i])
		}
	}
	if rule >= policySaid && len(topics) < mostTopics && !slices.Contains(topics, policy) {
		topics = append(topics, policy)
	}
	return topics, max(first, rule)
}

// withUntaught puts the rules' topics that the model was never taught, an
// installation's own, where the rules had them.
func withUntaught(topics, rules, taught []string) []string {
	for i, id := range rules {
		if !slices.Contains(taught, id) {
			topics = slices.Insert(topics, min(i, len(topics)), id)
		}
	}
	return topics[:min(len(topics), mostTopics)]
}

func (c *Classifier) retone(v *view, axis learn.Axis, f learn.Sight, r *news.Reading) {
	chance := axis.Chances(f)
	best := 0
	for i := range chance {
		if chance[i] > chance[best] {
			best = i
		}
	}
	unheard := axis.Classes[best] == "negative" && v.bad == 0 && chance[best] < unheardFrom
	if chance[best] >= departFrom && !unheard {
		r.Tone = axis.Classes[best]
	}
	c.revise(r, "tone", r.Tone, r.Tone, axis, f)
}

// rerisk says whether somebody has to answer; how much beyond that, the rules
// say. Crises are watched by the rules' risk.
func (c *Classifier) rerisk(_ *view, axis learn.Axis, f learn.Sight, r *news.Reading) {
	feared, class, from := r.Risk, calm, answerFrom
	if feared >= 2 {
		from = stillFrom
	}
	r.Risk = min(feared, 1)
	if axis.Chances(f)[slices.Index(axis.Classes, answer)] >= from {
		r.Risk, class = max(feared, 2), answer
	}
	c.revise(r, "risk", class, r.Risk, axis, f)
	if r.Risk != feared {
		r.Feared = &feared
		verdict := r.Verdicts["risk"]
		verdict.Reasons = append(verdict.Reasons, news.Reason{Rule: fmt.Sprintf("riêng từ ngữ thì đọc rủi ro là %d; khủng hoảng được theo dõi theo số ấy", feared)})
		r.Verdicts["risk"] = verdict
	}
}

// revise writes a verdict: why the rules said what they said and, where the
// verdict is another, what the model saw for it.
func (c *Classifier) revise(r *news.Reading, name, class string, value any, axis learn.Axis, f learn.Sight) {
	verdict := r.Verdicts[name]
	reasons := slices.Clone(verdict.Reasons[:min(len(verdict.Reasons), 5)])
	if verdict.Value != value {
		reasons = append(reasons, c.because(axis, f, class, "")...)
	}
	chance := axis.Chances(f)[slices.Index(axis.Classes, class)]
	r.Verdicts[name] = news.Verdict{Value: value, Confidence: c.sureOf(name, chance), Reasons: reasons}
}

// sureOf turns a chance that the model gives into the probability that the
// verdict is right, as cross-validation found it.
func (c *Classifier) sureOf(axis string, chance float64) float64 {
	return round(c.model.Sure(axis, chance))
}

// named names the model and, where people taught it, how many of their words did.
func (c *Classifier) named() string {
	if c.model.Taught == 0 {
		return "mô hình " + c.model.Version()
	}
	return "mô hình " + c.model.Version() + ", học từ " + strconv.Itoa(c.model.Taught) + " lời của người"
}

// because names the strongest that the model saw for a class.
func (c *Classifier) because(axis learn.Axis, f learn.Sight, class, prefix string) []news.Reason {
	var out []news.Reason
	for _, p := range axis.Why(f, class, 6) {
		if p.Weight < 0 || len(out) == 3 {
			continue
		}
		rule, quote := c.inWords(p.Feature)
		out = append(out, news.Reason{Rule: c.named() + ": " + prefix + rule, Quote: quote, Weight: round(p.Weight)})
	}
	return out
}
