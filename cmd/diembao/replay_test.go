package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/eval"
	"diembao/internal/pipeline"
)

// script is one invented story, in the form of internal/eval/testdata/replay.
type script struct {
	ID       string `json:"id"`
	Crisis   bool   `json:"crisis"`
	Articles []struct {
		Minute  int    `json:"minute"`
		Outlet  string `json:"outlet"`
		Domain  string `json:"domain"`
		Title   string `json:"title"`
		Summary string `json:"summary"`
	} `json:"articles"`
}

// stream writes the script's articles, without bodies, as they would appear
// from the given morning on.
func (s script) stream(t *testing.T, from time.Time) *bytes.Buffer {
	dates := strings.NewReplacer("{m}", "3", "{m+1}", "4", "{d+3}", "6/3")
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	for i, a := range s.Articles {
		err := e.Encode(eval.StreamItem{
			URL: fmt.Sprintf("https://%s/%s-%d.html", a.Domain, s.ID, i), Outlet: a.Outlet,
			Title: dates.Replace(a.Title), Summary: dates.Replace(a.Summary),
			Published: from.Add(time.Duration(a.Minute) * time.Minute).Format(time.RFC3339),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return &out
}

// The invented crises reach level 2, no benign burst does, by the rules that
// ship: each story replayed alone, with no other news to stand out from.
func TestScriptsAreHeardOf(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../internal/eval/testdata/replay/*.json")
	if err != nil || len(files) < 24 {
		t.Fatal("too few scripts in internal/eval/testdata/replay: ", len(files), err)
	}
	heard, crises := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s script
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		f, err := replay(rules).Run(s.stream(t, time.Date(2026, 3, 3, 8, 0, 0, 0, config.VN)))
		if err != nil {
			t.Fatal(err)
		}
		alarms := f.Alerts[2] + f.Alerts[3]
		switch {
		case !s.Crisis && alarms > 0:
			t.Errorf("%s is benign and raised %d alarms", s.ID, alarms)
		case s.Crisis:
			crises++
			if alarms > 0 {
				heard++
			} else {
				t.Logf("%s was not heard of", s.ID)
			}
		}
	}
	if share := float64(heard) / float64(crises); share < 0.8 {
		t.Errorf("%d of %d crises were heard of, want four in five", heard, crises)
	} else {
		t.Logf("%d of %d crises were heard of", heard, crises)
	}
}
