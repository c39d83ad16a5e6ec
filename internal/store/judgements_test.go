package store

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// A question is asked by one node at a time, and once more at most where no
// answer was kept.
func TestQuestionsAreClaimedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s, other := opened(t, o), opened(t, o)
		q := Question{JudgeArticle, "a1", "m", "p1", "d1"}
		claim := func(s *Store, q Question, now time.Time) (mine bool) {
			t.Helper()
			do(t, s, func(tx *Tx) (err error) {
				mine, err = tx.ClaimQuestion(ctx, q, "b", now, now.Add(-time.Minute))
				return err
			})
			return mine
		}
		want := func(what string, got, want bool) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		var mine atomic.Int32
		var both sync.WaitGroup
		for _, s := range []*Store{s, other, s, other} {
			both.Go(func() {
				if claim(s, q, day0) {
					mine.Add(1)
				}
			})
		}
		both.Wait()
		if mine.Load() != 1 {
			t.Errorf("%d of four claims won, want 1", mine.Load())
		}
		want("while it is being asked", claim(other, q, day0.Add(30*time.Second)), false)
		want("the asker died", claim(other, q, day0.Add(2*time.Minute)), true)
		want("it died again", claim(s, q, day0.Add(9*time.Minute)), false)

		open := Question{JudgeArticle, "a2", "m", "p1", "d1"}
		want("first", claim(s, open, day0), true)
		for range 3 { // a busy server is no fault of the question
			do(t, s, func(tx *Tx) error {
				if err := tx.PutAnswer(ctx, open, Unasked, "", "busy", day0); err != nil {
					return err
				}
				return tx.ForgetTry(ctx, open)
			})
			want("after a busy server", claim(s, open, day0), true)
		}
		do(t, s, func(tx *Tx) error { return tx.PutAnswer(ctx, open, Answered, `{"tone":1}`, "", day0.Add(time.Hour)) })
		do(t, s, func(tx *Tx) error { return tx.PutAnswer(ctx, open, Unasked, "", "a late fault", day0.Add(time.Hour)) })
		want("answered", claim(s, open, day0.Add(9*time.Hour)), false)
		want("another text", claim(s, Question{JudgeArticle, "a2", "m", "p1", "d2"}, day0), true)

		got, err := other.AskedOf(ctx, JudgeArticle, "m", "p1", []string{"a1", "a2", "a3"})
		must(t, err)
		if n := len(got["a2"]); n != 2 || got["a2"][1].Answer != `{"tone":1}` || got["a2"][1].Basis != "b" || !got["a2"][1].At.Equal(day0.Add(time.Hour)) {
			t.Errorf("of a2 is kept %+v", got["a2"])
		}
		if !got["a1"][0].GivenUp(day0.Add(time.Hour)) || got["a2"][1].GivenUp(day0.Add(time.Hour)) {
			t.Errorf("given up: %+v", got)
		}
		last, err := s.LastAnswer(ctx, JudgeArticle, "a2")
		must(t, err)
		if last.Digest != "d1" {
			t.Errorf("the last answer is %+v", last)
		}
		if _, err := s.LastAnswer(ctx, JudgeStory, "a2"); err == nil {
			t.Error("an article's answer was taken for a story's")
		}
	})
}

// What a day may cost is held whoever spends it.
func TestJudgeBudget(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		var spent atomic.Int32
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				do(t, s, func(tx *Tx) error {
					ok, err := tx.Spend(ctx, "2026-03-02", "tokens", 30, 100)
					if ok {
						spent.Add(1)
					}
					return err
				})
			})
		}
		all.Wait()
		do(t, s, func(tx *Tx) error { return tx.CountJudge(ctx, "2026-03-02", "tokens", -10) })
		do(t, s, func(tx *Tx) error { return tx.CountJudge(ctx, "2026-03-02", "rejected:quote", 1) })
		got, err := s.JudgeDay(ctx, "2026-03-02")
		must(t, err)
		if d := cmp.Diff(map[string]int{"tokens": 80, "rejected:quote": 1}, got); d != "" || spent.Load() != 3 {
			t.Errorf("%d spent, want 3; the day (-want +got):\n%s", spent.Load(), d)
		}
		rest := Rest{3, day0.Add(time.Hour), "the server failed"}
		do(t, s, func(tx *Tx) error { return tx.PutJudgeRest(ctx, "llm:80 m", Rest{Faults: 1}) })
		do(t, s, func(tx *Tx) error { return tx.PutJudgeRest(ctx, "llm:80 m", rest) })
		kept, err := s.JudgeRest(ctx, "llm:80 m")
		must(t, err)
		none, err := s.JudgeRest(ctx, "other:80 m")
		must(t, err)
		if d := cmp.Diff([]Rest{rest, {}}, []Rest{kept, none}); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// What a language model settled of the agency's role is not what stories go by.
func TestLiveStoriesGoByTheUnjudgedRole(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		a := article("judged", "Tựa", "", "")
		putArticles(t, s, a)
		r := reading(a)
		r.Role = "informant"
		r.Verdicts["agency_role"] = news.Verdict{Value: "informant", Confidence: .6, Before: "blamed"}
		putReadings(t, s, r)
		do(t, s, func(tx *Tx) error {
			if err := tx.PutStories(ctx, []news.Story{{ID: "s1", Title: "Tựa", First: day0, Last: day0}}); err != nil {
				return err
			}
			return tx.Place(ctx, []Placement{{ArticleID: a.ID, StoryID: "s1"}})
		})
		lives, err := s.LiveStories(ctx, day0.Add(-time.Hour))
		must(t, err)
		if role := lives[0].Members[0].Reading.Role; role != "blamed" {
			t.Errorf("the story room is told %q, want blamed", role)
		}
		back, err := s.Reading(ctx, a.ID)
		must(t, err)
		if back.Role != "informant" || back.BeforeJudge().Role != "blamed" {
			t.Errorf("the reading says %q, before the model %q", back.Role, back.BeforeJudge().Role)
		}
		recent, err := s.Recent(ctx, day0.Add(-time.Hour), 5)
		must(t, err)
		if len(recent) != 1 || recent[0].Story != "s1" || recent[0].Article.Title != "Tựa" {
			t.Errorf("the newest are %+v", recent)
		}
	})
}
