package pipeline

import (
	"context"
	"strings"

	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/store"
)

// AnswerLimit is the most articles of one answer that leaves the house.
const AnswerLimit = 10_000

// Answer is the answer to a search as it leaves the house, with at most limit
// articles; 0 means AnswerLimit. They are read page by page, so that a long
// answer costs no more for each than a short one.
func (p *Pipeline) Answer(ctx context.Context, q index.Query, limit int) (export.Answer, error) {
	if p.Index == nil {
		return export.Answer{}, ErrNoIndex
	}
	if limit <= 0 || limit > AnswerLimit {
		limit = AnswerLimit
	}
	q.Now, q.Facets, q.Highlight, q.Offset = p.Now(), nil, false, 0
	c, err := p.count(ctx, q, Auto)
	if err != nil {
		return export.Answer{}, err
	}
	a := export.Answer{Query: q.Text, AsOf: q.Now, Rules: p.Rules().Version(), Publications: c.publications, Originals: c.originals, Folded: q.Fold, Periods: c.periods,
		Items: []export.Item{}}
	for len(a.Items) < limit {
		q.Limit = min(limit-len(a.Items), shelfSize)
		r, err := p.Index.Search(ctx, q)
		if err != nil {
			return a, err
		}
		a.InWords, a.Relaxed = r.InWords, r.Relaxed
		items, err := p.items(ctx, r.Hits, q.Lang)
		if err != nil {
			return a, err
		}
		a.Items = append(a.Items, items...)
		if len(r.Hits) < q.Limit {
			break
		}
		q.After = r.Hits[len(r.Hits)-1].Cursor
	}
	return a, nil
}

// Like is the answer to "what else tells of this article", the most alike first.
func (p *Pipeline) Like(ctx context.Context, id, lang string, n int) (Found, error) {
	if p.Index == nil {
		return Found{}, ErrNoIndex
	}
	a, err := p.Store.Article(ctx, id)
	if err != nil {
		return Found{}, err
	}
	hits, err := p.Index.Similar(ctx, id, n)
	if err != nil {
		return Found{}, err
	}
	f := Found{InWords: say.In(lang).Say("search.like", "Title", a.Title), Total: len(hits), Originals: len(hits), Hits: []Hit{}, Facets: map[string][]Facet{}, Counts: Counts{Periods: []Period{}}}
	return f, p.hits(ctx, &index.Result{Hits: hits}, &f)
}

// items are hits in words.
func (p *Pipeline) items(ctx context.Context, hits []index.Hit, lang string) ([]export.Item, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	arts, err := p.Store.Articles(ctx, ids)
	if err != nil {
		return nil, err
	}
	copies, err := p.Store.CopiesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := map[string]news.Article{}
	for _, a := range arts {
		known[a.ID] = a
	}
	label := p.Labels(lang)
	var out []export.Item
	for _, h := range hits {
		a, ok := known[h.ID]
		if !ok {
			continue // the index is ahead of a store that was restored
		}
		i := export.Item{
			ID: a.ID, Title: a.Title, Excerpt: firstOf(a.Lead, a.Body), Outlet: p.Rules().Outlet(a.Outlet).Name, URL: a.URL, At: store.When(a),
			Level: label("level", one(h.Keywords["level"])), Tone: label("tone", one(h.Keywords["tone"])), CopyOf: one(h.Keywords["copy"]), Story: one(h.Keywords["story"]),
			Topics: labelled(label, "topic", h.Keywords), Provinces: labelled(label, "province", h.Keywords), Insurance: labelled(label, "insurance", h.Keywords),
		}
		for _, c := range copies[a.ID] {
			i.Copies = append(i.Copies, p.Rules().Outlet(c.Outlet).Name)
		}
		out = append(out, i)
	}
	return out, nil
}

func labelled(label func(field, value string) string, field string, keywords map[string][]string) []string {
	var out []string
	for _, v := range keywords[field] {
		out = append(out, label(field, v))
	}
	return out
}

// firstOf is the lead of an article or, where it has none, its beginning.
func firstOf(lead, body string) string {
	if strings.TrimSpace(lead) != "" {
		return lead
	}
	return body
}
