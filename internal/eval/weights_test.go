package eval

import (
	"io"
	"testing"

	past "diembao/internal/alarms"
	"diembao/internal/crisis"
)

// Weights fitted to the stories explain stories left out no worse, and are the
// same however often they are fitted.
func TestWeights(t *testing.T) {
	fit := func() WeightFigures {
		o := CrisisOptions{Seeds: 2, Onsets: "any", Known: func(string, string) bool { return true }}
		o.Stages, o.Rules = stages(t)
		f, err := Weights([]string{scripts(t, threeScripts)}, []io.Reader{quietWeeks(summer, 5)}, []string{"bias", "tone"}, o)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f, again := fit(), fit()
	if f.Stories != 3 || f.Crises != 2 || f.Before <= 0 || f.After <= 0 || len(f.Alone) != 2 {
		t.Errorf("%+v", f)
	}
	if f.Fitted["bias"] == f.Stand["bias"] && f.Fitted["tone"] == f.Stand["tone"] {
		t.Error("nothing was learned")
	}
	if f.Fitted["bias"] != again.Fitted["bias"] || f.After != again.After {
		t.Errorf("fitted %v, then %v", f.Fitted, again.Fitted)
	}
}

// ears hears what an officer judges.
type ears struct{ cases []past.Case }

func (e *ears) Hear(crisis.Article)    {}
func (e *ears) Describe(*crisis.Tally) {}
func (e *ears) Judged(c past.Case)     { e.cases = append(e.cases, c) }

// Alerts on planted stories are judged by what they were planted as, once each.
func TestOfficerJudges(t *testing.T) {
	var heard ears
	o := CrisisOptions{Seeds: 1, Onsets: "any", Known: func(string, string) bool { return true }}
	make, rules := stages(t)
	o.Rules = rules
	o.Stages = func() *Replay {
		r := make()
		r.Around = &heard
		return r
	}
	if _, err := Crisis([]string{scripts(t, threeScripts)}, []io.Reader{quietWeeks(summer, 5)}, o); err != nil {
		t.Fatal(err)
	}
	verdicts := map[bool]int{}
	for _, c := range heard.cases {
		verdicts[c.True]++
		if len(c.Texts) < 2 || c.Story == "" {
			t.Errorf("judged without its words: %+v", c)
		}
	}
	if verdicts[true] != 1 || verdicts[false] != 1 {
		t.Errorf("judged %v; want the crisis heard of true and the benign one false", verdicts)
	}
}
