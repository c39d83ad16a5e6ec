package pipeline

import (
	"context"
	"slices"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/rumour"
	"diembao/internal/say"
	"diembao/internal/store"
)

// repeating is which claims of the register a batch of articles repeats.
type repeating struct {
	looked []string // ids of the articles that were looked through
	hits   []news.RumourHit
}

func (r repeating) keep(ctx context.Context, tx *store.Tx) error {
	return tx.PutRumourHits(ctx, r.looked, r.hits)
}

// heard looks through the articles of ours for the claims of the register.
func (p *Pipeline) heard(ctx context.Context, arts []store.Numbered, readings []store.ArticleReading) (repeating, error) {
	var out repeating
	claims, err := p.Store.Rumours(ctx, false)
	if err != nil || len(claims) == 0 {
		return out, err
	}
	register := rumour.Compile(claims)
	for i, a := range arts {
		if readings[i].Relevant || readings[i].Uncertain {
			out.looked = append(out.looked, a.ID)
			out.hits = append(out.hits, register.Find(a.Article)...)
		}
	}
	return out, nil
}

// LookFor looks for the claims of the register in the articles of ours that
// came since a time, as after a new claim was entered, and returns how many
// repeat one.
func (p *Pipeline) LookFor(ctx context.Context, since time.Time) (int, error) {
	claims, err := p.Store.Rumours(ctx, false)
	if err != nil {
		return 0, err
	}
	ids, err := p.Store.KeptSince(ctx, since)
	if err != nil {
		return 0, err
	}
	register, found := rumour.Compile(claims), 0
	for part := range slices.Chunk(ids, readSize) {
		articles, err := p.Store.Articles(ctx, part)
		if err != nil {
			return found, err
		}
		r := repeating{looked: part}
		for _, a := range articles {
			r.hits = append(r.hits, register.Find(a)...)
		}
		if err := p.Store.Do(ctx, func(tx *store.Tx) error { return r.keep(ctx, tx) }); err != nil {
			return found, err
		}
		found += len(r.hits)
	}
	return found, nil
}

// repeated marks the articles of stories that repeat a claim without denying it.
func (p *Pipeline) repeated(ctx context.Context, tallies []crisis.Tally) error {
	var ids []string
	for _, t := range tallies {
		for _, a := range t.Articles {
			ids = append(ids, a.ID)
		}
	}
	hits, err := p.Store.RumoursIn(ctx, ids)
	for _, t := range tallies {
		for i, a := range t.Articles {
			for _, h := range hits[a.ID] {
				if !h.Denied {
					t.Articles[i].Rumour = h.Rumour
				}
			}
		}
	}
	return err
}

// claimsTold are the claims that the articles of a story repeat, as a letter
// tells of them.
func (p *Pipeline) claimsTold(ctx context.Context, story string, tallies []crisis.Tally) ([]report.Claim, error) {
	said := map[int64]int{}
	for _, t := range tallies {
		for _, a := range t.Articles {
			if t.Story == story && a.Rumour != 0 {
				said[a.Rumour]++
			}
		}
	}
	if len(said) == 0 {
		return nil, nil
	}
	known, err := p.Store.Rumours(ctx, true)
	if err != nil {
		return nil, err
	}
	words := say.In(p.Rules().Pack.Site.Language)
	var out []report.Claim
	for _, k := range known {
		if n := said[k.ID]; n > 0 {
			out = append(out, report.Claim{Claim: k.Claim, Truth: words.Say("truth." + string(k.Truth)), Document: k.Document, URL: k.URL, Articles: n})
		}
	}
	return out, nil
}
