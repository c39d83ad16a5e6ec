package pipeline

import (
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/demo"
	"diembao/internal/news"
	"diembao/internal/store"
)

// In the demo's week a press officer corrects the tone of three articles; what
// is learned from that changes the reading of a later one, which says so.
func TestTheOfficerTeachesTheMachine(t *testing.T) {
	press, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	p := archive(t, press.End())
	article := func(name string) news.Article {
		a := press.Find(name)
		if a == nil {
			t.Fatalf("nobody printed %s", name)
		}
		v := a.Versions[0]
		url := "http://" + a.Outlet + ".localhost" + a.Path
		return news.Article{ID: news.ID(news.Canonical(url, p.Rules().Keys)), URL: url, Canonical: news.Canonical(url, p.Rules().Keys), Outlet: a.Outlet, Title: v.Title, Lead: v.Lead, Body: strings.Join(v.Paragraphs, "\n"), Published: v.At, FirstSeen: v.At.Add(time.Hour), Via: news.Crawl, Version: 1}
	}
	for _, w := range press.Words() {
		a := article(w.Article)
		if r, _ := ReadOne(a, p.Rules(), press.End()); r.Tone != "neutral" || !r.Relevant {
			t.Errorf("%s is read as %s before anybody says a word (relevant: %v)", w.Article, r.Tone, r.Relevant)
		}
		if at := press.Find(w.Article).Published(); w.At.Before(at) || w.At.After(press.Find(demo.Lesson).Published()) {
			t.Errorf("%s came out at %s and is corrected at %s", w.Article, at.In(config.VN), w.At)
		}
		err := p.Store.Do(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.PutArticles(t.Context(), []news.Article{a}, a.FirstSeen); err != nil {
				return err
			}
			_, err := tx.PutCorrection(t.Context(), store.Correction{ArticleID: a.ID, Axis: w.Axis, Value: w.Value, Who: demo.Officer, Why: w.Why, At: w.At})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	lesson := article(demo.Lesson)
	if r, _ := ReadOne(lesson, p.Rules(), press.End()); r.Tone != "neutral" {
		t.Errorf("%s is %s before anything was learned", demo.Lesson, r.Tone)
	}
	m, taught, err := p.Teach(t.Context())
	if err != nil || taught.Corrections != len(press.Words()) || taught.People[demo.Officer] != len(press.Words()) {
		t.Fatalf("taught by %+v: %v", taught, err)
	}
	if err := p.Keep(t.Context(), m, demo.Officer); err != nil {
		t.Fatal(err)
	}
	r, _ := ReadOne(lesson, p.Rules(), press.End())
	why := ""
	for _, reason := range r.Verdicts["tone"].Reasons {
		why += reason.Rule + "\n"
	}
	if r.Tone != "positive" || !strings.Contains(why, "học từ 3 lời của người") {
		t.Errorf("%s is %s because of:\n%s", demo.Lesson, r.Tone, why)
	}
}
