package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// seen is evidence of a version of an article, in a file.
func seen(a news.Article, version int, file string, offset int64, at time.Time) Evidence {
	return Evidence{ArticleID: a.ID, Version: version, Kind: "page", Record: "<urn:uuid:" + a.ID + ">", URL: a.URL, At: at,
		File: file, Offset: offset, Length: 100, SHA256: "ab", Payload: "cd"}
}

func TestEvidenceIsListedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a, off, unread, stranger := article("a", "Một", "", "x"), article("b", "Hai", "", "x"), article("c", "Ba", "", "x"), article("d", "Lạ", "", "")
		putArticles(t, s, a, off, unread)
		outside := reading(off)
		outside.Relevant = false
		putReadings(t, s, reading(a), outside)

		for id, want := range map[string]int{a.ID: 1, off.ID: 0, unread.ID: 1, stranger.ID: 0} {
			if n, err := s.Unproved(ctx, id); err != nil || n != want {
				t.Errorf("unproved of %s: %d %v, want %d", id, n, err, want)
			}
		}
		one, later := seen(a, 1, "evidence/1.warc.gz", 400, day0), seen(a, 2, "evidence/2.warc.gz", 700, day0.Add(time.Hour))
		twice := one
		twice.File, twice.Offset = "evidence/9.warc.gz", 900
		do(t, s, func(tx *Tx) error {
			return tx.PutEvidence(ctx, []Evidence{one, later, twice, seen(stranger, 1, "evidence/1.warc.gz", 5000, day0)})
		})
		got, err := s.Evidence(ctx, []string{a.ID, off.ID, stranger.ID})
		must(t, err)
		if d := cmp.Diff(map[string][]Evidence{a.ID: {one, later}}, got); d != "" {
			t.Error(d)
		}
		listed, err := s.EvidenceListed(ctx)
		must(t, err)
		if d := cmp.Diff(map[string]int64{"evidence/1.warc.gz": 500, "evidence/2.warc.gz": 800}, listed); d != "" {
			t.Error(d)
		}
		if n, err := s.Unproved(ctx, a.ID); err != nil || n != 0 {
			t.Errorf("unproved after listing: %d %v", n, err)
		}
		if n, err := s.EvidenceGrowth(ctx, day0.Add(time.Minute)); err != nil || n != 100 {
			t.Errorf("growth %d %v, want 100", n, err)
		}
		if first, late, err := s.Arrived(ctx, day0.Add(time.Second)); err != nil || !first.Equal(day0) || late != 0 {
			t.Errorf("arrived: first %s, %d since, %v", first, late, err)
		}
		if _, late, err := s.Arrived(ctx, day0); err != nil || late != 3 {
			t.Errorf("arrived since day0: %d %v, want 3", late, err)
		}
		reached, err := s.Reached(ctx, []string{a.ID, off.ID, unread.ID, stranger.ID})
		must(t, err)
		if d := cmp.Diff(map[string]Reached{a.ID: {1, 1, true}, off.ID: {1, 1, false}, unread.ID: {1, 0, false}}, reached); d != "" {
			t.Error(d)
		}
	})
}

// A hold keeps what belongs to its incident, also what comes to the story
// later, until it is lifted; both are in the incident's history.
func TestHold(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a, b, free := article("a", "Một", "", "x"), article("b", "Hai", "", "x"), article("c", "Ba", "", "x")
		putArticles(t, s, a, b, free)
		place := func(id string) {
			do(t, s, func(tx *Tx) error { return tx.Place(ctx, []Placement{{ArticleID: id, StoryID: "s-1"}}) })
		}
		do(t, s, func(tx *Tx) error {
			if err := tx.PutStories(ctx, []news.Story{{ID: "s-1", Title: "Chuyện"}}); err != nil {
				return err
			}
			return tx.PutIncident(ctx, news.Incident{ID: "i-1", Story: "s-1", Title: "Sự việc", State: news.Open, Level: 2, Opened: day0, Updated: day0})
		})
		place(a.ID)
		word := Word{Who: "Chị Mẫu", Why: "khiếu nại", At: day0.Add(time.Hour)}
		do(t, s, func(tx *Tx) error { return tx.PutHold(ctx, "i-1", word) })
		if err := s.Do(ctx, func(tx *Tx) error { return tx.PutHold(ctx, "i-1", word) }); !errors.Is(err, ErrTaken) {
			t.Errorf("held twice: %v", err)
		}
		if err := s.Do(ctx, func(tx *Tx) error { return tx.PutHold(ctx, "i-2", word) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("held what is not there: %v", err)
		}
		place(b.ID)
		do(t, s, func(tx *Tx) error { return tx.Hold(ctx) })
		do(t, s, func(tx *Tx) error { return tx.Unplace(ctx, []string{a.ID}) })
		held, err := s.Held(ctx, []string{a.ID, b.ID, free.ID})
		must(t, err)
		if d := cmp.Diff(map[string]bool{a.ID: true, b.ID: true}, held); d != "" {
			t.Error(d)
		}
		do(t, s, func(tx *Tx) error {
			return tx.PutEvidence(ctx, []Evidence{seen(a, 1, "f1", 0, day0), seen(free, 1, "f1", 100, day0), seen(free, 2, "f2", 0, day0.Add(time.Hour))})
		})
		ages, err := s.EvidenceAges(ctx)
		must(t, err)
		if d := cmp.Diff([]EvidenceAge{{"f1", 2, 200, day0.Add(time.Hour), true}, {"f2", 1, 100, day0.Add(time.Hour), false}}, ages); d != "" {
			t.Error(d)
		}
		holds, err := s.Holds(ctx)
		must(t, err)
		if d := cmp.Diff([]Hold{{"i-1", "Chị Mẫu", "khiếu nại", word.At, day0, "Sự việc", 2}}, holds); d != "" {
			t.Error(d)
		}
		do(t, s, func(tx *Tx) error { return tx.LiftHold(ctx, "i-1", word) })
		if err := s.Do(ctx, func(tx *Tx) error { return tx.LiftHold(ctx, "i-1", word) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("lifted twice: %v", err)
		}
		if held, err := s.Held(ctx, []string{a.ID, b.ID}); err != nil || len(held) > 0 {
			t.Errorf("held after lifting: %v %v", held, err)
		}
		events, err := s.IncidentEvents(ctx, "i-1")
		must(t, err)
		var did []string
		for _, e := range events {
			did = append(did, e.Did+" "+e.Who)
		}
		if d := cmp.Diff([]string{"opened ", "hold Chị Mẫu", "lift Chị Mẫu"}, did); d != "" {
			t.Error(d)
		}
	})
}

// What is old is found by its kind, but for what is held.
func TestWhatIsOld(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a, held := article("a", "Một", "", "x"), article("b", "Hai", "", "x")
		putArticles(t, s, a, held)
		for _, x := range []news.Article{a, held} {
			r := reading(x)
			r.Relevant = false
			putReadings(t, s, r)
		}
		do(t, s, func(tx *Tx) error {
			if err := tx.PutStories(ctx, []news.Story{{ID: "s-1", Title: "Chuyện"}}); err != nil {
				return err
			}
			if err := tx.Place(ctx, []Placement{{ArticleID: held.ID, StoryID: "s-1"}}); err != nil {
				return err
			}
			if err := tx.PutIncident(ctx, news.Incident{ID: "i-1", Story: "s-1", State: news.Open, Level: 2, Opened: day0, Updated: day0}); err != nil {
				return err
			}
			for key, incident := range map[string]string{"thư 1": "", "thư 2": "i-1", "thư 3": ""} {
				if _, err := tx.PutLetter(ctx, news.Letter{Key: key, To: "x@y.example", Made: day0, Headers: map[string]string{"X-DiemBao-Incident": incident}}); err != nil {
					return err
				}
			}
			if _, err := tx.q.exec(ctx, `UPDATE letters SET state = 'sent' WHERE id <> 'thư 3'`); err != nil {
				return err
			}
			for _, id := range []string{a.ID, held.ID} {
				if err := tx.PutClip(ctx, Clip{ArticleID: id, Medium: "print", Added: day0}); err != nil {
					return err
				}
			}
			return tx.PutHold(ctx, "i-1", Word{Who: "x", Why: "y", At: day0})
		})
		soon := day0.Add(time.Hour)
		letters, err := s.OldLetters(ctx, soon)
		must(t, err)
		if len(letters) != 1 || letters[0].Key != "thư 1" {
			t.Errorf("old letters %+v", letters)
		}
		clips, err := s.OldClips(ctx, soon)
		must(t, err)
		if len(clips) != 1 || clips[0].ArticleID != a.ID {
			t.Errorf("old clips %+v", clips)
		}
		if n, err := s.IrrelevantBodies(ctx, soon); err != nil || n["bao-a"] != 1 {
			t.Errorf("bodies %v %v", n, err)
		}
		if n, err := s.DropBodies(ctx, soon); err != nil || n != 1 {
			t.Errorf("dropped %d bodies, %v", n, err)
		}
		if texts, err := s.Texts(ctx, []string{a.ID, held.ID}); err != nil || texts[a.ID].Body != "" || texts[held.ID].Body == "" {
			t.Errorf("texts %v %v", texts, err)
		}
		want := []Deletion{{soon, "letter", "thư 1", "quá hạn", 1, 0, ""}, {soon, "evidence", "evidence/1.warc.gz", "quá hạn", 3, 500, "ab"}}
		do(t, s, func(tx *Tx) error {
			if err := tx.DropLetter(ctx, "thư 1"); err != nil {
				return err
			}
			return tx.PutDeletions(ctx, want)
		})
		got, err := s.Deletions(ctx, 10)
		must(t, err)
		if d := cmp.Diff([]Deletion{want[1], want[0]}, got); d != "" {
			t.Error(d)
		}
		if got, err := s.Deletions(ctx, 10, "evidence"); err != nil || len(got) != 1 {
			t.Errorf("of one kind: %v %v", got, err)
		}
		if letters, err := s.OldLetters(ctx, soon); err != nil || len(letters) != 0 {
			t.Errorf("old letters after deletion %+v %v", letters, err)
		}
	})
}
