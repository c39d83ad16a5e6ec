package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/web"
)

// handler gives the pages what they show.
func (s *server) handler() http.Handler {
	p := s.pipeline
	return web.New(s.collecting(web.Options{
		Store:  p.Store,
		Pack:   func() config.Pack { return p.Rules().Pack },
		Behind: p.Behind,
		Search: func(ctx context.Context, q index.Query) (index.Result, error) {
			if p.Index == nil {
				return index.Result{}, pipeline.ErrNoIndex
			}
			r, err := p.Index.Search(ctx, q)
			if err != nil {
				return index.Result{}, err
			}
			return *r, nil
		},
		Over: func(ctx context.Context, q index.Query, days, originals []index.Count, by string) ([]export.Period, string, error) {
			periods, step, err := p.Over(ctx, q, days, originals, pipeline.Step(by))
			return periods, string(step), err
		},
		Answer: p.Answer,
		AnswerLike: func(ctx context.Context, what, lang string, limit int) (export.Answer, error) {
			return p.AnswerLike(ctx, articleID(p, what), lang, limit)
		},
		State: p.State,
		Similar: func(ctx context.Context, id string, n int) ([]index.Hit, error) {
			if p.Index == nil {
				return nil, pipeline.ErrNoIndex
			}
			return p.Index.Similar(ctx, id, n)
		},
		LookFor: func(ctx context.Context) error {
			_, err := p.LookFor(ctx, p.Now().AddDate(0, 0, -lookBack))
			return err
		},
		ReadOnly: func() bool { return s.readOnly },
		ReadOne:  func(a news.Article) (news.Reading, []news.Mention) { return pipeline.ReadOne(a, p.Rules(), s.now()) },
		Report: func(ctx context.Context, from, to time.Time, lang string) ([]byte, error) {
			figures, err := p.Coverage(ctx, from, to, say.In(lang))
			if err != nil {
				return nil, err
			}
			return report.HTML(figures, say.In(lang))
		},
		Card: p.Card, Hours: p.Hours, Merge: p.Merge, Move: p.Move,
		Split: func(ctx context.Context, articles []string, w store.Word) (string, error) {
			id, err := p.Split(ctx, articles, w)
			if errors.Is(err, pipeline.ErrFounder) {
				err = web.ErrFounder
			}
			return id, err
		},
		API: s.apiSearch, Drill: p.Drill, Now: s.now, Log: s.log, Hosts: s.pack.Site.Hosts, Version: programVersion(),
	}))
}
