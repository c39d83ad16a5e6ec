package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/eval"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

// The later half of every invented crisis comes nine days after the first, when
// nothing joins a story any more, and a crisis of others breaks every day. The
// incident of the first half lives again in most cases where the second is
// alarming, and in hardly any is it that of another crisis.
func TestToldAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("replays four months of invented crises")
	}
	var all retelling
	for seed := range uint64(2) {
		got := newRetelling(t, seed, 9*24*time.Hour)
		all.again, all.anew, all.wrong = all.again+got.again, all.anew+got.anew, append(all.wrong, got.wrong...)
	}
	t.Logf("%d live again, %d begin anew, %d as another's: %q", all.again, all.anew, len(all.wrong), all.wrong)
	if 2*all.again < 3*all.anew || all.again < 20 {
		t.Errorf("%d incidents live again as they were, %d begin anew; want three of five and more", all.again, all.anew)
	}
	if 100*len(all.wrong) > all.again+all.anew {
		t.Errorf("%d stories were taken for other crises: %q", len(all.wrong), all.wrong)
	}
}

// retelling counts what becomes of later halves whose first half had an incident.
type retelling struct {
	again, anew int
	wrong       []string
	owner       map[string]string // address → script
}

// newRetelling replays the crises, a day apart, in an order drawn by seed.
func newRetelling(t *testing.T, seed uint64, later time.Duration) retelling {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	out := retelling{owner: map[string]string{}}
	r, stream := replay(rules), out.compose(t, seed, later)
	over, retold := r.Again.Over, r.Again.Retold
	r.Again.Over = func(now time.Time, c crisis.Change, known []news.Incident) []news.Incident {
		if out.hadIncident(c, known) {
			out.anew++ // until it turns out that it lives again
		}
		return over(now, c, known)
	}
	r.Again.Retold = func(now time.Time, c crisis.Change, told crisis.Tally, over []news.Incident, before map[string]crisis.Tally, others []crisis.Tally) (crisis.Change, crisis.Tally, bool) {
		again, whole, ok := retold(now, c, told, over, before, others)
		if mine := out.of(c.Incident); ok && !slices.ContainsFunc(before[again.Incident.Story].Articles, func(a crisis.Article) bool { return out.owner[a.URL] == mine }) {
			out.wrong = append(out.wrong, mine+" as "+out.of(again.Incident)+": "+again.Why)
		} else if ok && c.Kind == crisis.Opened {
			out.again, out.anew = out.again+1, out.anew-1
		}
		return again, whole, ok
	}
	if _, err := r.Run(stream); err != nil {
		t.Fatal(err)
	}
	return out
}

// hadIncident reports whether a change opens an incident of a crisis that had one.
func (r retelling) hadIncident(c crisis.Change, known []news.Incident) bool {
	return c.Kind == crisis.Opened && slices.ContainsFunc(known, func(in news.Incident) bool {
		return in.ID != c.Incident.ID && r.of(in) == r.of(c.Incident)
	})
}

// of is the script of an incident's first article.
func (r retelling) of(in news.Incident) string { return r.owner[in.URLs[0]] }

// compose lays the crises into a stream.
func (r retelling) compose(t *testing.T, seed uint64, later time.Duration) *bytes.Buffer {
	t.Helper()
	scripts := madeUpCrises(t)
	rng := rand.New(rand.NewPCG(seed, 1))
	rng.Shuffle(len(scripts), func(i, j int) { scripts[i], scripts[j] = scripts[j], scripts[i] })
	var stream bytes.Buffer
	lines, filled := json.NewEncoder(&stream), strings.NewReplacer("{d}", "1/3", "{m}", "3", "{y}", "2026")
	onset := time.Date(2026, 3, 2, 8, 0, 0, 0, config.VN)
	for _, s := range scripts {
		for i, a := range s.Articles {
			at := onset.Add(time.Duration(a.Minute) * time.Minute)
			if i >= len(s.Articles)/2 {
				at = at.Add(later)
			}
			it := eval.StreamItem{URL: fmt.Sprintf("https://%s/%s-%d.html", a.Domain, s.ID, 1000+i), Outlet: a.Outlet, Domain: a.Domain,
				Title: filled.Replace(a.Title), Summary: filled.Replace(a.Summary), Body: filled.Replace(a.Body), Published: at.Format(time.RFC3339)}
			r.owner[it.URL] = s.ID
			if err := lines.Encode(it); err != nil {
				t.Fatal(err)
			}
		}
		onset = onset.Add(24 * time.Hour)
	}
	return &stream
}

// madeUp is an invented story as it lies in internal/eval.
type madeUp struct {
	ID       string `json:"id"`
	Crisis   bool   `json:"crisis"`
	Articles []struct {
		Minute                               int
		Outlet, Domain, Title, Summary, Body string
	} `json:"articles"`
}

func madeUpCrises(t *testing.T) (out []madeUp) {
	t.Helper()
	files, err := filepath.Glob("../../internal/eval/testdata/replay/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no invented stories: ", err)
	}
	for _, f := range files {
		var s madeUp
		raw, err := os.ReadFile(f)
		if err == nil {
			err = json.Unmarshal(raw, &s)
		}
		if err != nil {
			t.Fatal(f, err)
		}
		if s.Crisis {
			out = append(out, s)
		}
	}
	return out
}
