package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
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

// Nearly all invented crises reach level 2, nearly no benign burst does, by the
// rules that ship, whose words were learnt from these stories.
func TestScriptsAreHeardOf(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	f := scored(t, pack, "../../internal/eval/testdata/replay")
	t.Logf("%d of %d crises heard of, %d of %d benign stories alarmed; missed %v, false %v",
		f.heard, f.crises, len(f.false), f.benign, f.missed, f.false)
	if 20*f.heard < 19*f.crises || 20*len(f.false) > f.benign {
		t.Errorf("want 19 in 20 crises heard of, and one benign story in 20 alarmed at most")
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
