package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diembao/config"
	"diembao/internal/demo"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// officer plays the press officer of the demo, who corrects readings in the
// course of the week and has the machine learn from it.
type officer struct {
	*player
	p     *pipeline.Pipeline
	press *demo.Press
	port  int
	now   func() time.Time
}

// glance is how often the officer looks at the clock.
const glance = 100 * time.Millisecond

// work says each word in its time and lets the machine learn after the last.
func (o *officer) work(ctx context.Context) error {
	words := o.press.Words()
	for _, w := range words {
		if err := o.speak(ctx, w); err != nil || ctx.Err() != nil {
			return err
		}
	}
	m, _, err := o.p.Teach(ctx)
	if err != nil {
		return fmt.Errorf("learning from the officer's words: %w", err)
	}
	if err := o.p.Keep(ctx, m, demo.Officer); err != nil {
		return fmt.Errorf("keeping what was learned from the officer's words: %w", err)
	}
	o.told("máy học", fmt.Sprintf("từ %d lời của %s; xem bài: %s", m.Taught, demo.Officer, o.press.Find(demo.Lesson).Versions[0].Title))
	return nil
}

// speak corrects one reading as soon as its hour has come and it has been read.
func (o *officer) speak(ctx context.Context, w demo.Word) error {
	a := o.press.Find(w.Article)
	id := news.ID(news.Canonical(o.press.URL(a, o.port), o.p.Rules().Keys))
	for {
		_, err := o.p.Store.Reading(ctx, id)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		case err == nil && !o.now().Before(w.At):
			return o.correct(ctx, id, a, w)
		}
		select {
		case <-ctx.Done():
		case <-time.After(glance):
		}
	}
}

func (o *officer) correct(ctx context.Context, id string, a *demo.Article, w demo.Word) error {
	_, err := o.p.Correct(ctx, store.Correction{ArticleID: id, Axis: w.Axis, Value: w.Value, Who: demo.Officer, Why: w.Why, At: o.now()})
	if err != nil {
		return fmt.Errorf("correcting %s for the officer: %w", w.Article, err)
	}
	if _, err := o.p.Read(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	o.told("lời người", demo.Officer+" sửa sắc thái: "+a.Versions[0].Title)
	return nil
}

// told tells the terminal what the officer did.
func (o *officer) told(what, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(o.out, "%s  %-9s  %s\n", o.now().In(config.VN).Format("02/01 15:04"), what, text)
}
