package pipeline

import (
	"context"
	"fmt"
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
	a := export.Answer{Query: q.Text, AsOf: q.Now, Rules: p.Rules().Version(), Folded: q.Fold, Items: []export.Item{}}
	for page := counting(q); ; page = q {
		page.Limit = min(limit-len(a.Items), shelfSize)
		r, err := p.Index.Search(ctx, page)
		if err != nil {
			return a, err
		}
		if page.Both {
			a.InWords, a.Relaxed, a.Publications, a.Originals = r.InWords, r.Relaxed, r.Total, r.Originals
			if _, a.Periods, err = p.overTime(ctx, q, r, Auto); err != nil {
				return a, err
			}
		}
		items, err := p.items(ctx, r.Hits, q.Lang)
		if err != nil {
			return a, err
		}
		a.Items = append(a.Items, items...)
		if len(r.Hits) < page.Limit || len(a.Items) >= limit {
			return a, nil
		}
		q.After = r.Hits[len(r.Hits)-1].Cursor
	}
}

// State names what answers are made from: while it stays the same, the same
// question gets the same answer. It is empty where there is no index.
func (p *Pipeline) State(ctx context.Context) (string, error) {
	if p.Index == nil {
		return "", nil
	}
	mark, err := p.Index.Mark(store.MarkShelve)
	if err != nil {
		return "", err
	}
	event, err := p.Store.LastIncidentEvent(ctx) // incident: asks for stories of those there are
	return fmt.Sprint(mark, " ", event, " ", p.Rules().Version()), err
}

// Like is the answer to "what else tells of this article", the most alike first.
func (p *Pipeline) Like(ctx context.Context, id, lang string, n int) (Found, error) {
	title, hits, err := p.like(ctx, id, lang, n)
	if err != nil {
		return Found{}, err
	}
	f := Found{InWords: title, Total: len(hits), Originals: len(hits), Hits: []Hit{}, Facets: map[string][]Facet{}, Counts: Counts{Periods: []Period{}}}
	return f, p.hits(ctx, &index.Result{Hits: hits}, &f)
}

// AnswerLike is the same as it leaves the house.
func (p *Pipeline) AnswerLike(ctx context.Context, id, lang string, n int) (export.Answer, error) {
	title, hits, err := p.like(ctx, id, lang, n)
	if err != nil {
		return export.Answer{}, err
	}
	a := export.Answer{InWords: title, AsOf: p.Now(), Rules: p.Rules().Version(), Publications: len(hits), Originals: len(hits), Folded: true, Address: "/article/" + id}
	a.Items, err = p.items(ctx, hits, lang)
	return a, err
}

// like finds what is like an article, and says so in words.
func (p *Pipeline) like(ctx context.Context, id, lang string, n int) (words string, hits []index.Hit, err error) {
	if p.Index == nil {
		return "", nil, ErrNoIndex
	}
	a, err := p.Store.Article(ctx, id)
	if err != nil {
		return "", nil, err
	}
	hits, err = p.Index.Similar(ctx, id, n)
	return say.In(lang).Say("search.like", "Title", a.Title), hits, err
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
