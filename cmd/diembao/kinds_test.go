package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

// Crises told by a writer from whom nothing was learnt are heard of all the same,
// and what is benign raises no alarm: the stories of one writer after the other
// are left out, the wording is learnt from those of the others, and those left
// out are replayed. Kinds and style are new at once, as tomorrow's are.
func TestWritersLeftOut(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	stories, err := filepath.Glob("../../internal/eval/testdata/replay/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var writers []string
	for _, file := range stories {
		writers = append(writers, filepath.Dir(file))
	}
	if writers = slices.Compact(writers); len(writers) < 7 {
		t.Fatal("too few writers in internal/eval/testdata/replay: ", writers)
	}
	var heard, crises, alarms, benign int
	for i, writer := range writers {
		told, err := judged(slices.Delete(slices.Clone(writers), i, i+1))
		if err != nil {
			t.Fatal(err)
		}
		pack.Crisis.Wording = crisis.Learn(told)
		f := scored(t, pack, writer)
		t.Logf("%s: %d of %d crises heard of, %d of %d benign stories alarmed; missed %v, false %v",
			filepath.Base(writer), f.heard, f.crises, len(f.false), f.benign, f.missed, f.false)
		heard, crises, alarms, benign = heard+f.heard, crises+f.crises, alarms+len(f.false), benign+f.benign
	}
	t.Logf("%d of %d crises heard of, %d of %d benign stories alarmed", heard, crises, alarms, benign)
	if 10*heard < 9*crises || 10*alarms > benign {
		t.Errorf("want 9 in 10 crises of writers left out heard of, and no more than one benign story in 10 alarmed")
	}
}

// leftOut is what came of the stories of one writer.
type leftOut struct {
	heard, crises, benign int
	missed, false         []string
}

// scored replays the stories of a folder by the rules of a pack.
func scored(t *testing.T, pack config.Pack, dir string) (f leftOut) {
	t.Helper()
	files, err := eval.StoryFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	var scripts []script
	for _, file := range files {
		scripts = append(scripts, readScript(t, file))
	}
	alarmed := replayed(t, pack, scripts)
	for _, s := range scripts {
		switch {
		case s.Crisis && alarmed[s.ID]:
			f.crises, f.heard = f.crises+1, f.heard+1
		case s.Crisis:
			f.crises, f.missed = f.crises+1, append(f.missed, s.ID)
		case alarmed[s.ID]:
			f.benign, f.false = f.benign+1, append(f.false, s.ID)
		default:
			f.benign++
		}
	}
	return f
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
