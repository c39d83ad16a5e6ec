package eval_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"diembao/internal/eval"
	"diembao/internal/news"
)

const goldItems = `{"id":"a","title":"một","published":"2025-11-03"}
{"id":"b","title":"hai","published":"2025-11-03T08:00:00.5+07:00"}
{"id":"c","title":"ba"}
`

const goldLabels = `{"id":"a","relevant":true,"insurance":["bhxh","bhyt"],"topics":["pension","policy_law"],"scope":"local","provinces":["thua-thien-hue"],"tone":"negative","agency_role":"blamed","digest":false,"risk":2}
{"id":"b","relevant":true,"insurance":["bhyt"],"topics":["bhyt_claims"],"scope":"national","provinces":[],"tone":"neutral","agency_role":"none","digest":true,"risk":0}
{"id":"c","relevant":false,"insurance":[],"topics":[],"scope":"none","provinces":[],"tone":"neutral","agency_role":"none","digest":false,"risk":0}
`

// said is a reader that answers as told.
func said(a news.Article) news.Reading {
	switch a.Title {
	case "một":
		return news.Reading{Relevant: true, Insurance: []string{"bhxh"}, Topics: []string{"policy_law", "pension"}, Scope: "local", Provinces: []string{"hue"}, Tone: "negative", Role: "none", Risk: 3}
	case "hai":
		return news.Reading{Relevant: false, Scope: "none", Tone: "neutral", Role: "none"}
	}
	return news.Reading{Relevant: true, Topics: []string{"digital"}, Scope: "local", Tone: "positive", Role: "victim", Risk: 3}
}

// TestReadFigures checks each figure against one worked out by hand.
func TestReadFigures(t *testing.T) {
	var out bytes.Buffer
	f, err := eval.Read(strings.NewReader(goldItems), strings.NewReader(goldLabels), eval.ReadOptions{Read: said, Out: &out})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"relevant precision", f.Relevant.Precision, 0.5},
		{"relevant recall", f.Relevant.Recall, 0.5},
		{"insurance", f.Insurance.MicroF1, 2 * 1.0 / (1 + 3)}, // one hit, one said, three labelled
		{"topics micro", f.Topics.MicroF1, 2 * 2.0 / (2 + 3)},
		{"topics macro: none has support 5", f.Topics.MacroF1, 0},
		{"topics main", f.Topics.Main, 0},
		{"scope", f.Scope.Accuracy, 0.5},
		{"provinces: Huế by either name", f.Provinces.F1, 1},
		{"tone", f.Tone.Accuracy, 1},
		{"role", f.Role.Accuracy, 0.5},
		{"role macro", f.Role.MacroF1, (0 + 2.0/3) / 2}, // blamed missed; none one hit of two said
		{"digest", f.Digest.F1, 0},
		{"risk within one", f.Risk.WithinOne, 1},
		{"risk at 2", f.Risk.F1At2, 1},
	} {
		if math.Abs(c.got-c.want) > 1e-3 {
			t.Errorf("%s: %.4f, want %.4f", c.name, c.got, c.want)
		}
	}
	if f.Items != 3 || f.Relevant.Support != 2 || f.Topics.Classes["pension"].Support != 1 {
		t.Errorf("items %d, support %d and %d", f.Items, f.Relevant.Support, f.Topics.Classes["pension"].Support)
	}
	var row eval.Label
	if err := json.Unmarshal([]byte(strings.SplitN(out.String(), "\n", 2)[0]), &row); err != nil || row.ID != "a" || row.Risk != 3 {
		t.Errorf("answers %q: %v", out.String(), err)
	}
}

func TestReadRefusesBadLabels(t *testing.T) {
	for _, c := range []struct{ why, items, labels, says string }{
		{"unknown topic", goldItems, strings.Replace(goldLabels, "pension", "pensoin", 1), `topics "pensoin" is unknown`},
		{"risk out of range", goldItems, strings.Replace(goldLabels, `"risk":2`, `"risk":4`, 1), "risk 4"},
		{"a label twice", goldItems, goldLabels + strings.SplitN(goldLabels, "\n", 2)[0], "two labels"},
		{"an item without a label", goldItems + strings.Replace(strings.SplitN(goldItems, "\n", 2)[0], `"id":"a"`, `"id":"z"`, 1) + "\n", goldLabels, `"z" has no label`},
		{"broken line", goldItems + "{", goldLabels, "items line 4"},
		{"unreadable date", strings.Replace(goldItems, "2025-11-03\"", "hôm qua\"", 1), goldLabels, "hôm qua"},
	} {
		_, err := eval.Read(strings.NewReader(c.items), strings.NewReader(c.labels), eval.ReadOptions{Read: said})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one that says %q", c.why, err, c.says)
		}
	}
}
