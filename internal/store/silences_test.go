package store

import (
	"errors"
	"testing"
	"time"

	"diembao/internal/news"
)

// A silence is reminded of and told over once each, ends early by a person's
// word, and knows what it held back.
func TestSilencesAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s, err := Open(ctx, o)
		must(t, err)
		defer func() { must(t, s.Close()) }()
		a := news.Silence{Topic: "pension", Words: "lương hưu", From: day0, Until: day0.Add(48 * time.Hour), Who: "Lan", Why: "họp báo", Mail: "lan@coquan.example", Made: day0}
		b := a
		b.Until = day0.Add(24 * time.Hour)
		must(t, s.Do(ctx, func(tx *Tx) error {
			must(t, tx.PutIncident(ctx, news.Incident{ID: "i-1", Story: "s-1", Level: 2, State: news.Open, Opened: day0, Updated: day0}))
			must(t, tx.PutSilence(ctx, &a))
			must(t, tx.PutSilence(ctx, &b))
			h := news.HeldBack{Silence: a.ID, Incident: "i-1", Title: "Việc", Level: 2, At: day0.Add(time.Hour)}
			must(t, tx.PutHeldBack(ctx, h))
			return tx.PutHeldBack(ctx, h) // again after a crash
		}))
		standing, err := s.Silences(ctx, false)
		must(t, err)
		if len(standing) != 2 || standing[0].ID != b.ID || standing[1].Held != 1 || standing[1].Words != a.Words || !standing[1].Until.Equal(a.Until) {
			t.Errorf("standing are %+v", standing)
		}
		held, err := s.HeldNow(ctx, []string{"i-1", "i-2"})
		must(t, err)
		if len(held) != 1 || held["i-1"].Silence != a.ID {
			t.Errorf("held back are %+v", held)
		}
		do := func(f func(*Tx) error) error { return s.Do(ctx, f) }
		must(t, do(func(tx *Tx) error { return tx.SilenceReminded(ctx, a.ID, day0) }))
		if err := do(func(tx *Tx) error { return tx.SilenceReminded(ctx, a.ID, day0) }); !errors.Is(err, ErrTaken) {
			t.Errorf("reminding twice gave %v", err)
		}
		must(t, do(func(tx *Tx) error { return tx.EndSilence(ctx, a.ID, Word{Who: "Hoa", At: day0.Add(2 * time.Hour)}) }))
		must(t, do(func(tx *Tx) error { return tx.SilenceLapsed(ctx, a.ID, day0.Add(3*time.Hour)) }))
		if err := do(func(tx *Tx) error { return tx.EndSilence(ctx, a.ID, Word{Who: "Hoa", At: day0}) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("ending what is over gave %v", err)
		}
		all, err := s.Silences(ctx, true)
		must(t, err)
		if len(all) != 2 || all[1].ID != a.ID || all[1].EndedBy != "Hoa" {
			t.Errorf("all are %+v", all)
		}
		if held, err = s.HeldNow(ctx, []string{"i-1"}); err != nil || len(held) != 0 {
			t.Errorf("what was told is no longer held back: %v, %v", held, err)
		}
	})
}

// Claims are settled and ended; an article that is looked through anew repeats
// what it repeats now, and keeps what it repeated of ended claims.
func TestRumoursAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s, err := Open(ctx, o)
		must(t, err)
		defer func() { must(t, s.Close()) }()
		as := told(t, s, 3)
		one := news.Rumour{Claim: "Thẻ giấy hết giá trị", Truth: news.Unproven, FirstSeen: day0, Who: "Lan", Made: day0}
		two := news.Rumour{Claim: "Quỹ sắp vỡ", Truth: news.Untrue, FirstSeen: day0, Who: "Lan", Made: day0.Add(time.Hour)}
		hit := func(r news.Rumour, article string) news.RumourHit {
			return news.RumourHit{Rumour: r.ID, Article: article, Share: .75, Where: news.Lead, Quote: "nghe nói", Denied: true}
		}
		must(t, s.Do(ctx, func(tx *Tx) error {
			must(t, tx.PutRumour(ctx, &one))
			must(t, tx.PutRumour(ctx, &two))
			must(t, tx.PutRumourHits(ctx, []string{as[0].ID}, []news.RumourHit{hit(one, as[0].ID), hit(two, as[0].ID), hit(one, as[1].ID)}))
			must(t, tx.SettleRumour(ctx, one.ID, news.Untrue, "Thông cáo 7", "https://a.example", Word{Who: "Hoa", At: day0}))
			must(t, tx.EndRumour(ctx, two.ID, day0))
			return tx.PutRumourHits(ctx, []string{as[0].ID}, nil)
		}))
		in, err := s.RumoursIn(ctx, []string{as[0].ID, as[1].ID})
		must(t, err)
		if len(in[as[0].ID]) != 1 || in[as[0].ID][0] != hit(two, as[0].ID) || len(in[as[1].ID]) != 1 {
			t.Errorf("articles repeat %+v", in)
		}
		all, err := s.Rumours(ctx, true)
		must(t, err)
		if len(all) != 2 || all[0].ID != one.ID || all[0].Truth != news.Untrue || all[0].SettledBy != "Hoa" || all[0].Articles != 1 || all[1].Ended.IsZero() {
			t.Errorf("the register is %+v", all)
		}
		hits, err := s.RumourArticles(ctx, one.ID, 5)
		must(t, err)
		if len(hits) != 1 || hits[0].Article != as[1].ID {
			t.Errorf("the claim is repeated by %+v", hits)
		}
		for name, do := range map[string]func(*Tx) error{
			"settle": func(tx *Tx) error { return tx.SettleRumour(ctx, 999, news.Untrue, "", "", Word{At: day0}) },
			"end":    func(tx *Tx) error { return tx.EndRumour(ctx, two.ID, day0) },
		} {
			if err := s.Do(ctx, do); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s of what is not there: %v", name, err)
			}
		}
	})
}
