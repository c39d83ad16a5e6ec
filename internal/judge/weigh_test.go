package judge

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// doubtful is a reading in doubt on every axis: phrases hear harm, the learned
// model does not; two topics and two roles have phrases.
func doubtful() news.Reading {
	v := func(value any, sure float64, rule string, weight float64) news.Verdict {
		return news.Verdict{Value: value, Confidence: sure, Reasons: []news.Reason{{Rule: rule, Weight: weight}}}
	}
	r := news.Reading{Relevant: true, Uncertain: true, Topics: []string{"bhyt_claims", "digital"}, Tone: "neutral", Heard: "negative", Role: "informant", Risk: 1,
		Verdicts: map[string]news.Verdict{
			"relevant": v(true, .55, "nêu tên BHYT", 2), "topics": v([]string{"bhyt_claims", "digital"}, .6, "từ khóa", 1),
			"tone": v("neutral", .55, "mô hình", 1), news.Heard: v("negative", .6, "điều không hay", 1),
			"agency_role": v("informant", .6, "vai trò", 1), "risk": v(1, .5, "theo dõi", 1),
		}}
	return r
}

var phrases = []news.Mention{{What: "topic:bhyt_coverage", Where: news.Lead}, {What: "topic:drugs_supplies", Where: news.Body},
	{What: "role:informant", Where: news.Lead}, {What: "role:enforcer", Where: news.Title}, {What: "role:victim", Where: news.Body}}

func opinion(axis, value string) Opinion {
	return Opinion{Model: "mẫu-1", Prompt: "1a2b", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Says: map[string]Said{axis: {value, news.Title, "chờ thẻ"}}}
}

func TestWeigh(t *testing.T) {
	sure := func(axis string, confidence float64, change ...func(*news.Reading)) news.Reading {
		r := doubtful()
		v := r.Verdicts[axis]
		v.Confidence = confidence
		r.Verdicts[axis] = v
		for _, f := range change {
			f(&r)
		}
		return r
	}
	agreed := func(r *news.Reading) { r.Heard = r.Tone }
	for name, c := range map[string]struct {
		r           news.Reading
		axis, value string
		want        any // what the verdict says then
		settled     bool
	}{
		"breaks a tie over the tone":            {doubtful(), "tone", "negative", "negative", true},
		"agrees":                                {doubtful(), "tone", "neutral", "neutral", false},
		"a tone nobody heard":                   {doubtful(), "tone", "positive", "neutral", false},
		"phrases and model agree":               {sure("tone", .55, agreed), "tone", "negative", "neutral", false},
		"a topic of a phrase leads":             {doubtful(), "topics", "bhyt_coverage", []string{"bhyt_coverage", "bhyt_claims", "digital"}, true},
		"the second topic leads":                {doubtful(), "topics", "digital", []string{"digital", "bhyt_claims"}, true},
		"a topic of the body alone":             {doubtful(), "topics", "drugs_supplies", []string{"bhyt_claims", "digital"}, false},
		"a topic without a reason":              {doubtful(), "topics", "pension", []string{"bhyt_claims", "digital"}, false},
		"topics that are sure":                  {sure("topics", .9), "topics", "digital", []string{"bhyt_claims", "digital"}, false},
		"a role that a phrase speaks for":       {doubtful(), "agency_role", "enforcer", "enforcer", true},
		"a role of the body alone":              {doubtful(), "agency_role", "victim", "informant", false},
		"a role without a reason":               {doubtful(), "agency_role", "blamed", "informant", false},
		"who is blamed stays blamed":            {sure("agency_role", .5, func(r *news.Reading) { r.Role = "blamed" }), "agency_role", "enforcer", "informant", false},
		"a risk that nobody gave":               {doubtful(), "risk", "3", 1, false},
		"the risk that phrases gave":            {sure("risk", .5, func(r *news.Reading) { feared := 3; r.Feared = &feared }), "risk", "3", 3, true},
		"relevance with one side only":          {doubtful(), "relevant", "false", true, false},
		"relevance with two, but harm is heard": {sure("relevant", .5, against), "relevant", "false", true, false},
		"relevance with two sides":              {sure("relevant", .5, against, func(r *news.Reading) { r.Heard = "neutral" }), "relevant", "false", false, true},
		"relevance that is clear":               {sure("relevant", .9, against, agreed, func(r *news.Reading) { r.Uncertain = false }), "relevant", "false", true, false},
	} {
		before := c.r
		got := Weigh(c.r, phrases, opinion(c.axis, c.value), .7, nil)
		v := got.Verdicts[c.axis]
		if d := cmp.Diff(c.want, v.Value); d != "" || (v.Before != nil) != c.settled {
			t.Errorf("%s: settled %v, want %v (-want +got):\n%s", name, v.Before != nil, c.settled, d)
		}
		last := v.Reasons[len(v.Reasons)-1]
		if !strings.HasPrefix(last.Rule, "judge:mẫu-1 (câu hỏi 1a2b, 23/11/2026): "+c.value) || last.Quote != "chờ thẻ" || strings.Contains(last.Rule, ", trước đó ") != c.settled || len(v.Reasons) < 2 {
			t.Errorf("%s: the reasons are %+v", name, v.Reasons)
		}
		plain := got.BeforeJudge()
		plain.Verdicts, before.Verdicts = nil, nil
		if plain.Uncertain = before.Uncertain; cmp.Diff(before, plain) != "" {
			t.Errorf("%s: what stories and incidents go by changed:\n%s", name, cmp.Diff(before, plain))
		}
		if before.Alarm() != got.Alarm() {
			t.Errorf("%s: the risk crises are watched by went from %d to %d", name, before.Alarm(), got.Alarm())
		}
		was, _ := before.Tense()
		if is, _ := got.Tense(); was != is && before.Heard != "" {
			t.Errorf("%s: the tone crises are watched by went from %s to %s", name, was, is)
		}
	}
}

// against has a rule speak against an article being ours.
func against(r *news.Reading) {
	v := r.Verdicts["relevant"]
	v.Reasons = append(v.Reasons, news.Reason{Rule: "chỉ nhắc qua", Weight: -1})
	r.Verdicts["relevant"] = v
}

// An article that the rules put just outside is read anew where the model says
// it is ours; stories do not hear of it.
func TestWeighBringsIn(t *testing.T) {
	outside := news.Reading{Uncertain: true, Tone: "neutral", Verdicts: map[string]news.Verdict{
		"relevant": {Value: false, Confidence: .6, Reasons: []news.Reason{{Rule: "nói đến bảo hiểm", Weight: 1.3}}}}}
	ours := func(because []news.Reason) news.Reading {
		whole := doubtful()
		whole.Verdicts["relevant"] = news.Verdict{Value: true, Confidence: .6, Reasons: because}
		return whole
	}
	o := opinion("relevant", "true")
	o.Says["tone"] = Said{"negative", news.Lead, "chưa nhận thẻ"}
	got := Weigh(outside, phrases, o, .7, ours)
	if !got.Relevant || got.Tone != "negative" || len(got.Verdicts["relevant"].Reasons) != 2 {
		t.Errorf("%+v", got)
	}
	if got.BeforeJudge().Relevant {
		t.Error("stories take it for ours on the model's word alone")
	}
	outside.Uncertain = false
	if Weigh(outside, phrases, o, .7, ours).Relevant {
		t.Error("an article far outside was brought in")
	}
}

// A reading is shared: laying an opinion beside it changes nothing in it.
func TestWeighLeavesItsInput(t *testing.T) {
	r := doubtful()
	for _, x := range []Opinion{opinion("tone", "negative"), opinion("topics", "digital"), opinion("agency_role", "enforcer")} {
		Weigh(r, phrases, x, .7, nil)
	}
	if d := cmp.Diff(doubtful(), r); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestHard(t *testing.T) {
	all := []string{"relevant", "topics", "tone", "agency_role"}
	clear := doubtful()
	clear.Uncertain, clear.Heard = false, clear.Tone
	for axis, v := range clear.Verdicts {
		v.Confidence = .9
		clear.Verdicts[axis] = v
	}
	if Hard(clear, all, .7) || !Hard(doubtful(), all, .7) || !Hard(doubtful(), []string{"tone"}, .5) || Hard(doubtful(), nil, .7) {
		t.Error("hard cases are told wrongly")
	}
}
