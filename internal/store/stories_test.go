package store

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// told keeps n articles, an hour apart, in the stories s1 and s2 by turns;
// every third is a copy of the first.
func told(t *testing.T, s *Store, n int) (as []news.Article) {
	var rs []ArticleReading
	var ps []Placement
	for i := range n {
		a := article(fmt.Sprint("told", i), "Tiêu đề", "Lead", "Thân")
		a.Outlet, a.Published = fmt.Sprint("bao-", i%3), day0.Add(time.Duration(i)*time.Hour)
		p := Placement{ArticleID: a.ID, StoryID: fmt.Sprint("s", i%2+1)}
		if i%3 == 2 {
			p.CopyOf = as[0].ID
		}
		as, rs, ps = append(as, a), append(rs, reading(a)), append(ps, p)
	}
	do(t, s, func(tx *Tx) error {
		if _, err := tx.PutArticles(ctx, as, day0); err != nil {
			return err
		}
		if err := tx.PutReadings(ctx, rs); err != nil {
			return err
		}
		if err := tx.PutStories(ctx, []news.Story{{ID: "s1", Title: "Một"}, {ID: "s2", Title: "Hai"}}); err != nil {
			return err
		}
		return tx.Place(ctx, ps)
	})
	return as
}

func TestStoriesCountTheirArticles(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		as := told(t, s, 7) // s1: 0 2c 4 6, s2: 1 3 5c
		ss, err := s.Stories(ctx, StoryFilter{MinArticles: 2})
		must(t, err)
		want := []StoryState{
			{Story: news.Story{ID: "s1", Title: "Một", First: day0, Last: day0.Add(6 * time.Hour), Articles: 4, Originals: 3, Outlets: 3}},
			{Story: news.Story{ID: "s2", Title: "Hai", First: day0.Add(time.Hour), Last: day0.Add(5 * time.Hour), Articles: 3, Originals: 2, Outlets: 3}}}
		if d := cmp.Diff(want, ss); d != "" {
			t.Error(d)
		}
		live, err := s.LiveStories(ctx, day0.Add(6*time.Hour))
		must(t, err)
		if len(live) != 1 || len(live[0].Members) != 4 || live[0].Members[1].CopyOf != as[0].ID || live[0].Members[0].Body != "Thân" {
			t.Errorf("live: %+v", live)
		}
		top, err := s.TopStories(ctx, Filter{From: day0, To: day0.Add(3 * time.Hour)}, 5)
		must(t, err)
		if len(top) != 2 || top[0].ID != "s1" || top[0].Publications != 2 || top[0].Originals != 1 || top[0].Negative != 2 || top[0].Articles != 4 {
			t.Errorf("top: %+v", top)
		}
		do(t, s, func(tx *Tx) error { return tx.Unplace(ctx, []string{as[6].ID}) })
		st, members, err := s.Story(ctx, "s1")
		must(t, err)
		if st.Articles != 3 || len(members) != 3 || !st.Last.Equal(day0.Add(4*time.Hour)) {
			t.Errorf("after one left: %+v", st)
		}
	})
}

func TestPeoplesWordOnStoriesStands(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		as := told(t, s, 4)
		w := Word{Who: "hoa", Why: "việc khác", At: day0}
		do(t, s, func(tx *Tx) error {
			must(t, tx.MoveArticle(ctx, as[0].ID, "s2", w))
			return tx.Place(ctx, []Placement{{ArticleID: as[0].ID, StoryID: "s1"}}) // the machine, later
		})
		if p, err := s.StoryOf(ctx, as[0].ID); err != nil || p.StoryID != "s2" {
			t.Errorf("moved to %+v, %v", p, err)
		}
		do(t, s, func(tx *Tx) error {
			must(t, tx.MergeStories(ctx, "s1", "s2", w))
			return tx.LockStory(ctx, "s2", true, w)
		})
		st, members, err := s.Story(ctx, "s2")
		must(t, err)
		if !st.Locked || st.Articles != 4 || len(members) != 4 {
			t.Errorf("merged: %+v", st)
		}
		if ss, err := s.Stories(ctx, StoryFilter{}); err != nil || len(ss) != 1 {
			t.Errorf("the emptied story is listed: %+v, %v", ss, err)
		}
		es, err := s.StoryEvents(ctx, "s2")
		must(t, err)
		if len(es) != 3 || es[1].Did != "merge s1" || es[2].Did != "lock" || es[0].Who != "hoa" {
			t.Errorf("events %+v", es)
		}
	})
}

func TestTheMachineMergesWhatNobodyHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		as := told(t, s, 4)
		w := Word{Who: "diembao", Why: "giống nhau", At: day0}
		do(t, s, func(tx *Tx) error {
			must(t, tx.PutStories(ctx, []news.Story{{ID: "s3", Title: "Nhánh", Parent: "s2"}}))
			must(t, tx.Place(ctx, []Placement{{ArticleID: as[3].ID, StoryID: "s3", Why: []news.Reason{{Rule: "words", Quote: "chậm chi trả", Weight: 2}}}}))
			return tx.JoinStories(ctx, "s2", "s1", w)
		})
		st, members, err := s.Story(ctx, "s1")
		must(t, err)
		if st.Articles != 3 || len(members) != 3 || members[1].Held {
			t.Errorf("merged: %+v", st)
		}
		gone, _, err := s.Story(ctx, "s2")
		must(t, err)
		branches, err := s.Branches(ctx, "s1")
		must(t, err)
		if gone.Merged != "s1" || len(branches) != 1 || branches[0].ID != "s3" || branches[0].Parent != "s1" {
			t.Errorf("the ended story leads to %q, and the branches are %+v", gone.Merged, branches)
		}
		if p, err := s.StoryOf(ctx, as[3].ID); err != nil || len(p.Why) != 1 || p.Why[0].Quote != "chậm chi trả" || p.Held {
			t.Errorf("why it joined: %+v, %v", p, err)
		}
		do(t, s, func(tx *Tx) error { return tx.Place(ctx, []Placement{{ArticleID: as[3].ID, StoryID: "s2"}}) })
		if p, err := s.StoryOf(ctx, as[3].ID); err != nil || p.StoryID != "s1" {
			t.Errorf("who had not heard of the merging put an article into %q, %v", p.StoryID, err)
		}
		do(t, s, func(tx *Tx) error { return tx.MoveArticle(ctx, as[1].ID, "s2", w) })
		if back, _, err := s.Story(ctx, "s2"); err != nil || back.Merged != "" {
			t.Errorf("a story that a person filled again still leads to %q, %v", back.Merged, err)
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.JoinStories(ctx, "s1", "s2", w) })
		if !errors.Is(err, ErrHeld) {
			t.Errorf("the machine merged what a person holds: %v", err)
		}
		do(t, s, func(tx *Tx) error { return tx.LockStory(ctx, "s3", true, w) })
		if err := s.Do(ctx, func(tx *Tx) error { return tx.JoinStories(ctx, "s3", "s1", w) }); !errors.Is(err, ErrHeld) {
			t.Errorf("the machine merged what a person closed: %v", err)
		}
	})
}

func TestIncidentRemembersItsLife(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		in := news.Incident{ID: "i1", Story: "s1", Title: "Chậm chi trả", Level: 1, State: news.Open, Score: .5, Rules: "c1", Opened: day0, Updated: day0,
			Reasons: []news.Factor{{Factor: "outlets", Value: 3, Weight: .4, Articles: []string{"a"}, Quote: "chậm"}}, URLs: []string{"https://a", "https://b"},
			Kind: news.Called{Value: "payment", Why: []news.Reason{{Rule: "từ ngữ", Quote: "chậm", Weight: .7}}}, Type: news.Called{Value: "preventable"}}
		w := Word{Who: "hoa", Why: "đang xử lý", At: day0.Add(time.Hour)}
		do(t, s, func(tx *Tx) error {
			must(t, tx.PutIncident(ctx, in))
			in.Score = .6
			must(t, tx.PutIncident(ctx, in))
			in.Level, in.Score, in.Updated = 3, .9, day0.Add(time.Minute)
			must(t, tx.PutIncident(ctx, in))
			must(t, tx.AssignIncident(ctx, "i1", "minh", w))
			must(t, tx.CallIncident(ctx, "i1", AxisKind, "outage", w))
			must(t, tx.PutIncident(ctx, in)) // the rules had not heard of it
			must(t, tx.SetIncident(ctx, "i1", news.Acked, w))
			return tx.SetIncident(ctx, "i1", news.False, w)
		})
		es, err := s.IncidentEvents(ctx, "i1")
		must(t, err)
		var life string
		for _, e := range es {
			life += fmt.Sprintf("%s/%d/%s ", e.Did, e.Level, e.Who)
		}
		if life != "opened/1/ raised/3/ assign minh/3/hoa kind outage/3/hoa acked/3/hoa false/3/hoa " {
			t.Errorf("life %q", life)
		}
		got, err := s.Incident(ctx, "i1")
		must(t, err)
		in.State, in.Updated = news.False, w.At
		in.Kind = news.Called{Value: "outage", By: "hoa", Why: []news.Reason{{Rule: "người nói", Quote: "đang xử lý", Weight: 1}}}
		if d := cmp.Diff(IncidentState{in, "minh"}, got); d != "" {
			t.Error(d)
		}
		for since, want := range map[time.Time]int{day0: 1, day0.Add(2 * time.Hour): 0} {
			if is, err := s.OpenIncidents(ctx, since); err != nil || len(is) != want {
				t.Errorf("open or closed since %v: %d, %v", since, len(is), err)
			}
		}
		for _, c := range []struct {
			f    IncidentFilter
			want int
		}{{IncidentFilter{}, 1}, {IncidentFilter{States: []news.State{news.Open}}, 0}, {IncidentFilter{From: day0, To: day0.Add(time.Millisecond), MinLevel: 3, Story: "s1"}, 1}, {IncidentFilter{To: day0}, 0}} {
			if is, err := s.Incidents(ctx, c.f); err != nil || len(is) != c.want {
				t.Errorf("%+v: %d, %v", c.f, len(is), err)
			}
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.SetIncident(ctx, "i2", news.Closed, w) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown incident: %v", err)
		}
		if s.Do(ctx, func(tx *Tx) error { return tx.CallIncident(ctx, "i1", "owner", "x", w) }) == nil {
			t.Error("an incident was called something on an axis it does not have")
		}
	})
}

func TestLetterIsWrittenOnceAndNeverLost(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		l := news.Letter{Key: "i1/3/hoa", MessageID: "m1@x", Thread: "m0@x", To: "hoa@x", Subject: "Sự cố", Text: "Chữ", HTML: "<p>", Pictures: []news.Picture{{ID: "p@x", Alt: "Hình", PNG: []byte{0, 255, 1}}}, Headers: map[string]string{"X-A": "b"}, Made: day0}
		var written bool
		for _, want := range []bool{true, false} {
			do(t, s, func(tx *Tx) (err error) { written, err = tx.PutLetter(ctx, l); return err })
			if written != want {
				t.Errorf("written %v, want %v", written, want)
			}
		}
		sending := func(now time.Time, raw string) (send string, err error) {
			err = s.Do(ctx, func(tx *Tx) (err error) { send, err = tx.LetterSending(ctx, l.Key, now, raw); return err })
			return send, err
		}
		due := func(now time.Time, want int) {
			t.Helper()
			if ls, err := s.LettersDue(ctx, now, 5); err != nil || len(ls) != want {
				t.Errorf("due %d, want %d, %v", len(ls), want, err)
			}
		}
		due(day0.Add(-1), 0)
		due(day0, 1)
		_, err := sending(day0, "bytes")
		must(t, err)
		due(day0, 0)
		if _, err := sending(day0.Add(time.Minute), "bytes"); !errors.Is(err, ErrTaken) {
			t.Errorf("two senders: %v", err)
		}
		lost := day0.Add(LetterLost) // the sender died between DATA and its record
		due(lost, 1)
		if send, err := sending(lost, "other bytes"); err != nil || send != "bytes" {
			t.Errorf("sent again as %q, %v", send, err)
		}
		do(t, s, func(tx *Tx) error { return tx.LetterFailed(ctx, l.Key, "451", lost.Add(time.Hour), lost) })
		due(lost, 0)
		if send, err := sending(lost.Add(time.Hour), "x"); err != nil || send != "bytes" {
			t.Errorf("third time as %q, %v", send, err)
		}
		do(t, s, func(tx *Tx) error { return tx.LetterSent(ctx, l.Key, lost) })
		got, err := s.Letter(ctx, l.Key)
		must(t, err)
		want := LetterState{Letter: l, State: LetterSent, Sendings: 3, Changed: lost, Raw: "bytes"}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		err = s.Do(ctx, func(tx *Tx) error { return tx.LetterFailed(ctx, l.Key, "late", time.Time{}, lost) })
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("a sent letter failed: %v", err)
		}
		if ls, err := s.Letters(ctx, LetterFilter{States: []string{LetterSent, LetterDead}, To: "hoa@x", Thread: "m0@x"}); err != nil || len(ls) != 1 {
			t.Errorf("list %+v, %v", ls, err)
		}
	})
}

func TestDeadLetterCanBeSentAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		do(t, s, func(tx *Tx) error {
			_, err := tx.PutLetter(ctx, news.Letter{Key: "k", Made: day0})
			must(t, err)
			_, err = tx.LetterSending(ctx, "k", day0, "b")
			must(t, err)
			return tx.LetterFailed(ctx, "k", "550", time.Time{}, day0)
		})
		if l, err := s.Letter(ctx, "k"); err != nil || l.State != LetterDead || l.Why != "550" {
			t.Errorf("%+v, %v", l, err)
		}
		do(t, s, func(tx *Tx) error { return tx.LetterAgain(ctx, "k", day0.Add(time.Hour)) })
		if ls, err := s.LettersDue(ctx, day0.Add(time.Hour), 5); err != nil || len(ls) != 1 {
			t.Errorf("due %+v, %v", ls, err)
		}
	})
}

func TestCounts(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		told(t, s, 30) // an hour apart from noon: 12 on the first day, 18 on the second; 10 are copies
		no := article("no", "t", "", "")
		no.Published = day0
		putArticles(t, s, no)
		putReadings(t, s, ArticleReading{ArticleID: no.ID})
		week := Filter{From: day0, To: day0.Add(7 * 24 * time.Hour)}
		monday := time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC)
		for _, axis := range []string{ByTone, AxisTopic, AxisCurrent, ByLevel, ByRisk, ByNothing} {
			cs, err := s.Counts(ctx, axis, week)
			must(t, err)
			if len(cs) == 0 || cs[0].Publications != 30 || cs[0].Originals != 20 {
				t.Errorf("%s: %+v", axis, cs)
			}
		}
		byDay, err := s.CountsByDay(ctx, AxisInsurance, week)
		must(t, err)
		if d := cmp.Diff([]Count{{"bhyt", monday, 12, 8}, {"bhyt", monday.Add(24 * time.Hour), 18, 12}}, byDay); d != "" {
			t.Error(d)
		}
		outlets, err := s.Counts(ctx, ByOutlet, Filter{From: day0, To: day0.Add(4 * time.Hour), Outlets: []string{"bao-0", "bao-2"}})
		must(t, err)
		if d := cmp.Diff([]Count{{Value: "bao-0", Publications: 2, Originals: 2}, {Value: "bao-2", Publications: 1}}, outlets); d != "" {
			t.Error(d)
		}
		none, err := s.Counts(ctx, ByNothing, Filter{To: day0})
		must(t, err)
		if len(none) != 1 || none[0].Publications != 0 {
			t.Errorf("[from, to) is half open: %+v", none)
		}
		if _, err := s.Counts(ctx, "weather", week); err == nil {
			t.Error("counted by an axis there is none of")
		}
	})
}
