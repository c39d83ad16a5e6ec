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

func readScript(t *testing.T, file string) (s script) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

// The invented crises reach level 2, no benign burst does, by the rules that
// ship: one stream of all stories, four days apart.
func TestScriptsAreHeardOf(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../internal/eval/testdata/replay/*.json")
	if err != nil || len(files) < 24 {
		t.Fatal("too few scripts in internal/eval/testdata/replay: ", len(files), err)
	}
	var scripts []script
	for _, file := range files {
		scripts = append(scripts, readScript(t, file))
	}
	alarmed := replayed(t, pack, scripts)
	heard, crises := 0, 0
	for _, s := range scripts {
		switch {
		case !s.Crisis && alarmed[s.ID]:
			t.Errorf("%s is benign and raised an alarm", s.ID)
		case s.Crisis && !alarmed[s.ID]:
			t.Logf("%s was not heard of", s.ID)
			crises++
		case s.Crisis:
			crises, heard = crises+1, heard+1
		}
	}
	if 5*heard < 4*crises {
		t.Errorf("%d of %d crises were heard of, want four in five", heard, crises)
	}
}

// alarmedOf names the scripts of which articles stand in an alert of level 2 or more.
func alarmedOf(t *testing.T, alerts *bytes.Buffer) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(alerts.String()) {
		var a eval.ReplayAlert
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		for _, u := range a.URLs {
			name := u[strings.LastIndex(u, "/")+1:]
			if a.Level >= 2 {
				out[name[:strings.LastIndex(name, "-")]] = true
			}
		}
	}
	return out
}
