// Package classify reads what an article says from the mentions found in it:
// whether it is about the public insurances, which of them, its topics, where
// it happens, its tone, how the agency appears and who is blamed, and what
// risk it holds for the agency's communicators.
//
// Every verdict carries its reasons: the rule as a press officer would name
// it, the words, the weight. The words themselves stand in the pack
// (topics.yaml, crisis.yaml); here stands only what they mean together. The
// definitions are those of the labelling guideline.
package classify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/learn"
	"diembao/internal/news"
)

// rulesVersion changes whenever this room reads a text differently.
const rulesVersion = "r3"

// Classifier reads articles by one pack. It is safe for concurrent use.
type Classifier struct {
	topics    []config.Topic
	implies   map[string][]string          // topic → insurances
	provinces map[string][]config.Province // slug → the units that bore the name
	model     learn.Model
	forms     []config.Sign // of article, in the order in which they are tried
	kinds     []config.Sign // of events
	units     []config.Unit
	version   string
}

// New prepares a classifier; a pack without topics is an error.
func New(pack config.Pack) (*Classifier, error) {
	if len(pack.Topics.Topics) == 0 {
		return nil, fmt.Errorf("classify: the pack has no topics: restore topics.yaml or name topics in the overlay")
	}
	c := &Classifier{topics: pack.Topics.Topics, implies: map[string][]string{}, provinces: map[string][]config.Province{}, forms: pack.Topics.Forms, kinds: pack.Topics.Events, units: pack.Units}
	for _, t := range c.topics {
		c.implies[t.ID] = t.Implies
	}
	for _, p := range pack.Provinces {
		c.provinces[p.ID] = append(c.provinces[p.ID], p)
	}
	raw := shipped
	if len(pack.Model) > 0 {
		raw = pack.Model
	}
	var err error
	if c.model, err = learn.Parse(raw); err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	c.version = strings.Join([]string{rulesVersion, pack.Version, c.model.Version()}, "+")
	return c, nil
}

// Version names the rules: of the program and of the pack.
func (c *Classifier) Version() string { return c.version }

// Model is the learned model in force.
func (c *Classifier) Model() learn.Model { return c.model }

// Read returns what the article says. The mentions are those match found in
// it; the outlet is the one that published it, zero where it is not known.
func (c *Classifier) Read(a news.Article, mentions []news.Mention, outlet config.Outlet) news.Reading {
	v, r := c.begin(a, mentions, outlet)
	c.relevance(v, &r)
	if !r.Relevant {
		r.Scope, r.Role, r.Target = "none", "none", "none"
		r.Tone = c.tone(v, &r)
		return r
	}
	c.rest(v, &r)
	return r
}

// ReadAs reads an article that is ours for other reasons than its own words,
// given here: it tells an event that others tell of us. It stays uncertain.
func (c *Classifier) ReadAs(a news.Article, mentions []news.Mention, outlet config.Outlet, because []news.Reason) news.Reading {
	v, r := c.begin(a, mentions, outlet)
	r.Relevant, r.Uncertain = true, true
	r.Verdicts["relevant"] = news.Verdict{Value: true, Confidence: 0.6, Reasons: because}
	c.rest(v, &r)
	return r
}

func (c *Classifier) begin(a news.Article, mentions []news.Mention, outlet config.Outlet) (*view, news.Reading) {
	v := newView(a, mentions)
	r := news.Reading{Rules: c.version, Digest: v.digest, Level: outlet.Level, Reach: outlet.Reach, Verdicts: map[string]news.Verdict{}}
	r.Verdicts["digest"] = v.digestVerdict()
	r.Verdicts["level"] = levelVerdict(outlet, outlet.Level)
	r.Verdicts["reach"] = levelVerdict(outlet, outlet.Reach)
	return v, r
}

// rest reads the axes of an article that is ours. Role, blame and what crises
// are watched by go by what the phrases hear, which misses less harm; topics,
// tone and risk, which are counted, by the model, which errs less.
func (c *Classifier) rest(v *view, r *news.Reading) {
	c.byRules(v, r)
	c.routine(v, r)
	c.learned(v, r)
	c.insurance(v, r)
	c.place(v, r)
	c.findings(v, r)
}

// byRules reads as the phrases say, all that the model may revise or looks at.
func (c *Classifier) byRules(v *view, r *news.Reading) {
	c.topicsOf(v, r)
	r.Tone = c.tone(v, r)
	r.Heard, r.Verdicts[news.Heard] = r.Tone, r.Verdicts["tone"]
	c.role(v, r)
	c.target(v, r)
	c.risk(v, r)
}

// levelVerdict says where an outlet's level comes from.
func levelVerdict(o config.Outlet, value string) news.Verdict {
	rule, sure := "cấp của báo theo danh mục báo chí, chưa đối chiếu cơ quan chủ quản", 0.7
	if o.LevelVerified {
		rule, sure = "cấp của báo theo cơ quan chủ quản: "+o.GoverningBody, 1
	}
	if o.ID == "" {
		rule, sure = "không rõ báo nào đăng", 0
	}
	return news.Verdict{Value: value, Confidence: sure, Reasons: []news.Reason{{Rule: rule, Quote: o.Name, Weight: sure}}}
}

// tally adds reasons up to a score.
type tally struct {
	score   float64
	reasons []news.Reason
}

// add counts a reason; a weight of nothing is no reason.
func (t *tally) add(weight float64, rule string, m news.Mention) {
	if weight == 0 {
		return
	}
	t.score += weight
	t.reasons = append(t.reasons, news.Reason{Rule: rule, Where: m.Where, Quote: m.Quote, Weight: round(weight)})
}

// verdict closes a tally: the strongest reasons first, eight at most.
func (t *tally) verdict(value any, confidence float64) news.Verdict {
	slices.SortStableFunc(t.reasons, func(a, b news.Reason) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) })
	if len(t.reasons) > 8 {
		t.reasons = t.reasons[:8]
	}
	if t.reasons == nil {
		t.reasons = []news.Reason{}
	}
	return news.Verdict{Value: value, Confidence: round(confidence), Reasons: t.reasons}
}

// sure turns a distance from a boundary into a confidence of 0.5 to 1.
func sure(distance float64) float64 { return 1 / (1 + math.Exp(-math.Abs(distance))) }

// round keeps two decimals, so that the same reading prints the same everywhere.
func round(x float64) float64 { return math.Round(x*100) / 100 }

// day is the day a text speaks on; zero where nothing tells it.
func day(a news.Article) time.Time {
	if !a.Published.IsZero() {
		return a.Published
	}
	return a.FirstSeen
}
