package main

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/pipeline"
)

// Crises of kinds that the wording was not learnt from are heard of all the
// same: a fifth of the stories is left out, the wording is learnt from the
// others, and those left out are replayed.
func TestKindsLeftOut(t *testing.T) {
	const parts = 5
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../internal/eval/testdata/replay/*.json")
	if err != nil || len(files) < 100 {
		t.Fatal("too few scripts in internal/eval/testdata/replay: ", len(files), err)
	}
	heard, crises, alarms, benign := 0, 0, 0, 0
	for part := range parts {
		var told []crisis.Told
		var aside []script
		for i, file := range files {
			if i%parts == part {
				aside = append(aside, readScript(t, file))
				continue
			}
			s, err := judgedStory(file)
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, s)
		}
		pack.Crisis.Wording = crisis.Learn(told)
		alarmed := replayed(t, pack, aside)
		for _, s := range aside {
			switch {
			case s.Crisis && alarmed[s.ID]:
				heard, crises = heard+1, crises+1
			case s.Crisis:
				crises++
				t.Logf("%s was not heard of", s.ID)
			case alarmed[s.ID]:
				alarms, benign = alarms+1, benign+1
				t.Logf("%s is benign and raised an alarm", s.ID)
			default:
				benign++
			}
		}
	}
	t.Logf("%d of %d crises heard of, %d of %d benign stories alarmed", heard, crises, alarms, benign)
	// Composed streams have about one benign story a week: one in fifteen is .08 false alarms a week.
	if 10*heard < 9*crises || 15*alarms > benign {
		t.Errorf("want 9 in 10 crises of kinds left out heard of, and no more than one benign story in 15 alarmed")
	}
}

// replayed names the stories that raised an alarm by the rules of a pack: one
// stream of all, four days apart.
func replayed(t *testing.T, pack config.Pack, scripts []script) map[string]bool {
	t.Helper()
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	var all, alerts bytes.Buffer
	for i, s := range scripts {
		all.ReadFrom(s.stream(t, time.Date(2026, 3, 3, 8, 0, 0, 0, config.VN).AddDate(0, 0, 4*i)))
	}
	r := replay(rules)
	r.Alerts = &alerts
	if _, err := r.Run(&all); err != nil {
		t.Fatal(err)
	}
	return alarmedOf(t, &alerts)
}
