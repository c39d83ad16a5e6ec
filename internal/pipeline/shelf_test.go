package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diembao/index"
	"diembao/internal/demo"
	"diembao/internal/pipeline"
)

// questions are asked before and after the index was lost.
var questions = []string{
	"bảo hiểm y tế", "bao hiem y te", `"lương hưu"`, "lương hưu tháng 7 tăng", "level:local", "tone:negative province:dak-lak",
	"BHYT NOT học sinh", "all:", "",
}

// answers writes down what the index answers, without how long it took.
func (h *house) answers(t testing.TB) []byte {
	t.Helper()
	var out []pipeline.Found
	for _, q := range questions {
		f, err := h.Search(context.Background(), index.Query{Text: q, Limit: 1000, Sort: index.Newest, Facets: pipeline.Facets, Highlight: true})
		must(t, err)
		f.TookMS = 0
		out = append(out, f)
	}
	raw, err := json.MarshalIndent(out, "", " ")
	must(t, err)
	return raw
}

// shelved is a house with a few days' articles read and in the index.
func shelved(t testing.TB) *house {
	t.Helper()
	h := open(t)
	h.index(t)
	h.clock.forward(h.press.End().Add(-72 * time.Hour))
	h.step(t)
	n, err := h.Shelve(t.Context())
	must(t, err)
	if n != len(h.all(t)) || n == 0 {
		t.Fatalf("%d articles went into the index, %d stand in the archive", n, len(h.all(t)))
	}
	return h
}

// The index may be lost at any time: gone, damaged in any file, or of another
// version, it is built anew from the archive, and answers as before.
func TestIndexIsLost(t *testing.T) {
	h := shelved(t)
	before := h.answers(t)
	dir := filepath.Join(h.dir, "index")
	for name, lose := range map[string]func() error{
		"whole":     func() error { return nil },
		"gone":      func() error { return os.RemoveAll(dir) },
		"emptied":   func() error { return each(dir, func(f string) error { return os.Truncate(f, 0) }) },
		"overwrite": func() error { return each(dir, func(f string) error { return os.WriteFile(f, []byte("rác"), 0o600) }) },
	} {
		must(t, h.CloseIndex())
		must(t, lose())
		must(t, h.OpenIndex(t.Context(), dir))
		if f, err := h.Search(t.Context(), index.Query{Text: "bảo hiểm"}); err != nil || (f.Behind == 0) != (name == "whole") {
			t.Errorf("%s: an answer says that it lacks %d articles (%v)", name, f.Behind, err)
		}
		n, err := h.Shelve(t.Context())
		must(t, err)
		if whole := name == "whole"; whole != (n == 0) {
			t.Errorf("%s: %d articles were put anew", name, n)
		}
		if now := h.answers(t); differ(before, now) >= 0 {
			i := differ(before, now)
			t.Errorf("%s: the index answers otherwise:\n%s\n%s", name, around(before, i), around(now, i))
		}
	}
}

func each(dir string, do func(file string) error) error {
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return do(path)
	})
}

func TestReindex(t *testing.T) {
	h := shelved(t)
	before := h.answers(t)
	n, err := h.Reindex(t.Context())
	must(t, err)
	if n != len(h.all(t)) {
		t.Errorf("%d documents were put, want %d", n, len(h.all(t)))
	}
	if now := h.answers(t); differ(before, now) >= 0 {
		i := differ(before, now)
		t.Errorf("the new index answers otherwise:\n%s\n%s", around(before, i), around(now, i))
	}
}

// Two processes cannot both keep the index of one data directory.
func TestIndexHasOneKeeper(t *testing.T) {
	h := shelved(t)
	other := &pipeline.Pipeline{Store: h.Store, Now: h.Now, Log: h.Log}
	other.Use(h.Rules())
	if err := other.OpenIndex(t.Context(), filepath.Join(h.dir, "index")); !errors.Is(err, pipeline.ErrIndexBusy) {
		t.Errorf("the index was opened twice: %v", err)
		must(t, other.CloseIndex())
	}
}

// A second process, or one that may only read, searches the index as it is on disk.
func TestIndexIsReadBesideItsKeeper(t *testing.T) {
	h := shelved(t)
	dir := filepath.Join(h.dir, "index")
	before := h.answers(t)
	must(t, h.CloseIndex())
	must(t, h.OpenIndex(t.Context(), dir)) // so that all of it is on disk
	other := &pipeline.Pipeline{Store: h.Store, Now: h.Now, Log: h.Log}
	other.Use(h.Rules())
	must(t, other.ReadIndex(dir))
	kept := h.Index
	h.Index = other.Index
	now := h.answers(t)
	h.Index = kept
	if i := differ(before, now); i >= 0 {
		t.Errorf("a reader is answered otherwise:\n%s\n%s", around(before, i), around(now, i))
	}
	must(t, other.CloseIndex())
}

// What the index shows is what the archive holds: relevant articles by
// default, all of them with `all:`, each once.
func TestSearchShowsTheArchive(t *testing.T) {
	h := shelved(t)
	gold := map[string]*demo.Article{}
	for _, a := range h.press.Articles() {
		gold[h.id(a)] = a
	}
	for _, q := range []string{"", "all:"} {
		f, err := h.Search(t.Context(), index.Query{Text: q, Limit: 1000})
		must(t, err)
		seen, want := map[string]bool{}, 0
		for _, e := range h.all(t) {
			if q == "all:" || e.Reading.Relevant || e.Reading.Uncertain {
				want++
			}
		}
		for _, hit := range f.Hits {
			a := gold[hit.ID]
			if a == nil || seen[hit.ID] || hit.Title != last(a).Title {
				t.Errorf("%q shows %s %q, twice %v", q, hit.URL, hit.Title, seen[hit.ID])
			}
			seen[hit.ID] = true
		}
		if f.Total != want || len(f.Hits) != want {
			t.Errorf("%q finds %d, shows %d, want %d", q, f.Total, len(f.Hits), want)
		}
	}
}
