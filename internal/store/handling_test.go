package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
)

// What people note is found by incident, and changes nothing else about it.
func TestNotesAreWordsAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		in := news.Incident{ID: "i1", Title: "Chậm chi trả", Level: 2, State: news.Open, Opened: day0, Updated: day0}
		do(t, s, func(tx *Tx) error {
			must(t, tx.PutIncident(ctx, in))
			must(t, tx.NoteIncident(ctx, "i1", "note", Word{Who: "hoa", Why: "đã gọi", At: day0.Add(time.Hour)}))
			return tx.NoteIncident(ctx, "i1", "done verify", Word{Who: "lan", At: day0.Add(2 * time.Hour)})
		})
		if err := s.Do(ctx, func(tx *Tx) error { return tx.NoteIncident(ctx, "none", "note", Word{Who: "hoa"}) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("a note on nothing: %v", err)
		}
		got, err := s.Incident(ctx, "i1")
		must(t, err)
		if !got.Updated.Equal(day0) || got.State != news.Open {
			t.Errorf("notes changed the incident: %+v", got)
		}
		words, err := s.WordsOn(ctx, []string{"i1", "i2"})
		must(t, err)
		if w := words["i1"]; len(words) != 1 || len(w) != 2 || w[0].Why != "đã gọi" || w[1].Did != "done verify" || w[1].Who != "lan" {
			t.Errorf("what people said: %+v", words)
		}
	})
}

// A step that was called done by mistake is taken back: both words stay, and it
// can be done again.
func TestUndoKeepsBothWords(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		lan, hoa := Word{Who: "lan", At: day0.Add(time.Hour)}, Word{Who: "hoa", Why: "nhầm việc", At: day0.Add(2 * time.Hour)}
		undo := func(id, step string) error {
			return s.Do(ctx, func(tx *Tx) error { return tx.UndoStep(ctx, id, step, hoa) })
		}
		do(t, s, func(tx *Tx) error {
			must(t, tx.PutIncident(ctx, news.Incident{ID: "i1", Level: 2, State: news.Open, Opened: day0, Updated: day0}))
			return tx.NoteIncident(ctx, "i1", "done verify", lan)
		})
		must(t, undo("i1", "verify"))
		for _, c := range []struct {
			id, step string
			want     error
		}{{"i1", "verify", ErrTaken}, {"i1", "desk", ErrTaken}, {"none", "verify", ErrNotFound}} {
			if err := undo(c.id, c.step); !errors.Is(err, c.want) {
				t.Errorf("taking back %s of %s: %v", c.step, c.id, err)
			}
		}
		words, err := s.WordsOn(ctx, []string{"i1"})
		must(t, err)
		if w := words["i1"]; len(w) != 2 || w[0].Did != "done verify" || w[1].Did != "undone verify" || w[1].Who != "hoa" || w[1].Why != "nhầm việc" {
			t.Errorf("the history is %+v", w)
		}
		for _, did := range []string{"done verify", "asked"} {
			do(t, s, func(tx *Tx) error { return tx.NoteIncident(ctx, "i1", did, lan) })
			must(t, undo("i1", strings.TrimPrefix(did, "done ")))
		}
		if err := undo("i1", PaperAsked); !errors.Is(err, ErrTaken) {
			t.Errorf("taking back twice that a paper asked: %v", err)
		}
	})
}

func TestRemovalsOfMany(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		as := told(t, s, 3)
		do(t, s, func(tx *Tx) error {
			_, err := tx.Removed(ctx, Removal{ArticleID: as[1].ID, At: day0, Code: "gone", Evidence: "404"})
			return err
		})
		found, err := s.RemovalsOf(ctx, []string{as[0].ID, as[1].ID})
		must(t, err)
		if len(found) != 1 || len(found[as[1].ID]) != 1 || !found[as[1].ID][0].Back.IsZero() {
			t.Errorf("removals %+v", found)
		}
	})
}
