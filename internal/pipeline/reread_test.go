package pipeline_test

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// restart forgets all that is in memory: a new machine on the same archive.
func (h *house) restart() {
	old := h.Pipeline
	h.Pipeline = &pipeline.Pipeline{Store: old.Store, Fetch: old.Fetch, Index: old.Index, Now: old.Now, Log: old.Log}
	h.Use(old.Rules())
}

// decisions are the incidents with their lives, and the letters.
func (h *house) decisions(t testing.TB) []any {
	t.Helper()
	ctx := context.Background()
	incidents, err := h.Store.Incidents(ctx, store.IncidentFilter{})
	must(t, err)
	letters, err := h.Store.Letters(ctx, store.LetterFilter{Limit: 10_000})
	must(t, err)
	out := []any{incidents, letters}
	for _, i := range incidents {
		events, err := h.Store.IncidentEvents(ctx, i.ID)
		must(t, err)
		out = append(out, events)
	}
	return out
}

// moveBack moves the mark `read` back to the beginning.
func (h *house) moveBack(t testing.TB) {
	t.Helper()
	must(t, h.Store.Do(t.Context(), func(tx *store.Tx) error {
		mark, err := tx.Mark(t.Context(), store.MarkRead)
		if err != nil {
			return err
		}
		return tx.MoveMark(t.Context(), store.MarkRead, mark, 0)
	}))
}

// Read anew by the same rules, the archive is as it was: readings, stories,
// copies, incidents; no letter is written again.
func TestRereadChangesNothing(t *testing.T) {
	h := open(t)
	h.play(t, 24*time.Hour)
	before := h.archive(t)
	if found, err := h.Store.Incidents(t.Context(), store.IncidentFilter{}); err != nil || len(found) == 0 {
		t.Fatalf("the week has no incident to keep: %v", err)
	}
	for _, after := range []string{"with the stories in memory", "after a restart"} {
		if after == "after a restart" {
			h.restart()
		}
		h.moveBack(t)
		n, err := h.Read(t.Context())
		must(t, err)
		if n != len(h.all(t)) {
			t.Errorf("%s: %d articles were read anew, want all %d", after, n, len(h.all(t)))
		}
		changes, err := h.Watch(t.Context())
		must(t, err)
		if len(changes) != 0 {
			t.Errorf("%s: reading anew changed incidents: %+v", after, changes)
		}
		if now := h.archive(t); differ(before, now) >= 0 {
			i := differ(before, now)
			t.Errorf("%s: the archive changed:\n%s\n%s", after, around(before, i), around(now, i))
		}
	}
}

// What a person put into a story stays there when the archive is read anew.
func TestRereadLeavesPeoplesSplits(t *testing.T) {
	h := open(t)
	h.play(t, 24*time.Hour)
	var moved store.Entry
	for _, e := range h.all(t) {
		if e.Story != "" && e.Story != "s-"+e.ID && e.CopyOf == "" {
			moved = e
		}
	}
	if moved.ID == "" {
		t.Fatal("no story of the week has two articles")
	}
	must(t, h.Store.Do(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutStories(t.Context(), []news.Story{{ID: "s-apart", Title: moved.Title}}); err != nil {
			return err
		}
		return tx.MoveArticle(t.Context(), moved.ID, "s-apart", store.Word{Who: "Lê Thu", Why: "chuyện khác", At: h.clock.Now()})
	}))
	h.restart()
	h.moveBack(t)
	_, err := h.Read(t.Context())
	must(t, err)
	at, err := h.Store.StoryOf(t.Context(), moved.ID)
	must(t, err)
	if at.StoryID != "s-apart" {
		t.Errorf("a person put the article into s-apart, reading anew put it into %s", at.StoryID)
	}
}

// Two machines that read one archive at the same time read every article once
// and place it as one machine does.
func TestTwoReaders(t *testing.T) {
	alone, both := open(t), open(t)
	for _, h := range []*house{alone, both} {
		h.clock.forward(h.press.End().Add(-72 * time.Hour))
		for _, o := range h.papers(t) {
			_, err := h.Gather(t.Context(), o)
			must(t, err)
		}
	}
	_, err := alone.Read(t.Context())
	must(t, err)
	other := &pipeline.Pipeline{Store: both.Store, Now: both.Now, Log: both.Log}
	other.Use(both.Rules())
	var g errgroup.Group
	for _, p := range []*pipeline.Pipeline{both.Pipeline, other} {
		g.Go(func() error { _, err := p.Read(t.Context()); return err })
	}
	must(t, g.Wait())
	a, b := alone.archive(t), both.archive(t)
	if i := differ(a, b); i >= 0 {
		t.Errorf("two readers made another archive:\n%s\n%s", around(a, i), around(b, i))
	}
}
