package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/store"
)

// pagesAVisit bounds one Gather, so that an outlet with a long backlog comes
// back for the rest instead of holding its worker for hours.
const pagesAVisit = 200

// retries is how long to wait before a page is asked again after its first,
// second … failure; after the last it is given up, and the link says why.
var retries = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// taken is a page that was asked for and is not stored yet.
type taken struct {
	link    store.LinkState
	stand   store.Standing
	answer  fetch.Answer
	article news.Article
	err     error // why there is no article
	at      time.Time
}

// Pages that come fast are stored together: each commit waits for the disk. A
// page of a host that is asked every two seconds is stored at once.
const (
	storedTogether = 100
	heldBytes      = 8 << 20
	keptWaiting    = time.Second
)

// take asks for one page and reads the article on it. Its own errors are the
// store's: what is wrong with the page goes into the link's state.
func (p *Pipeline) take(ctx context.Context, r *round, l store.LinkState, g *Gathered) error {
	stand, err := p.standing(ctx, l)
	if err != nil {
		return err
	}
	if stand.Read && !stand.Kept {
		return p.settle(ctx, l)
	}
	g.Pages++
	answer, a, err := p.ask(ctx, r.outlet, l.Link)
	if err := ctx.Err(); err != nil {
		return err
	}
	answer.Body = "" // read; only its bytes are evidence
	if p.Evidence == nil {
		answer.Raw = nil
	}
	t := taken{l, stand, answer, a, err, p.Now()}
	r.page(t)
	if err != nil {
		g.Bad++
		p.tell(Event{What: "page", Outlet: r.outlet.ID, URL: l.URL, Detail: verdict(err)})
		p.Log.Debug("a page gave no article", "outlet", r.outlet.ID, "url", l.URL, "error", err)
	}
	r.taken = append(r.taken, t)
	r.bytes += len(answer.Raw)
	if len(r.taken) >= storedTogether || r.bytes >= heldBytes || t.at.Sub(r.stored) >= keptWaiting {
		return p.keepTaken(ctx, r, g)
	}
	return nil
}

// keepTaken stores the pages taken since it was last called.
func (p *Pipeline) keepTaken(ctx context.Context, r *round, g *Gathered) error {
	if len(r.taken) == 0 {
		return nil
	}
	var puts []store.Put
	err := p.Store.Do(ctx, func(tx *store.Tx) error {
		puts = make([]store.Put, len(r.taken))
		kept, names, err := p.keepNew(ctx, tx, r.taken, puts)
		if err != nil {
			return err
		}
		for i, t := range r.taken {
			switch {
			case kept[i]:
				continue
			case t.err != nil:
				err = p.noArticle(ctx, tx, t.link, t.answer, t.err, t.stand, t.at)
			default:
				puts[i], err = p.put(ctx, tx, t)
			}
			if err != nil {
				return fmt.Errorf("page %s: %w", t.link.URL, err)
			}
		}
		for canonical, id := range names {
			if err := tx.Supersede(ctx, id, canonical); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, put := range puts {
		what := ""
		switch {
		case len(put.New) > 0:
			g.Articles++
			what = "article"
		case len(put.Changed) > 0:
			g.Edited++
			what = "edit"
		}
		if a := r.taken[i].article; what != "" {
			p.tell(Event{What: what, Outlet: r.outlet.ID, Title: a.Title, URL: a.URL})
		}
	}
	clear(r.taken)
	r.taken, r.bytes, r.stored = r.taken[:0], 0, p.Now()
	return nil
}

// keepNew keeps the articles of links that had none in one go, and says which
// pages it kept; of two pages with one article the second is left for put.
// names are addresses that turned out to be those of known articles.
func (p *Pipeline) keepNew(ctx context.Context, tx *store.Tx, all []taken, puts []store.Put) (kept map[int]bool, names map[string]string, err error) {
	var at []int
	var arts []news.Article
	for i, t := range all {
		if t.err == nil && t.link.ArticleID == "" && t.link.Verdict != "gone" {
			at, arts = append(at, i), append(arts, t.article)
		}
	}
	if arts, err = tx.Identified(ctx, arts); err != nil || len(arts) == 0 {
		return nil, nil, err
	}
	if names, err = p.merge(ctx, tx, arts); err != nil {
		return nil, nil, err
	}
	kept = map[int]bool{}
	var batch []news.Article
	var from []int // of each in the batch, its place in all
	for k, a := range arts {
		if !slices.ContainsFunc(batch, func(b news.Article) bool { return b.ID == a.ID }) {
			batch, from = append(batch, a), append(from, at[k])
			kept[at[k]] = true
		}
	}
	put, err := tx.PutArticles(ctx, batch, all[len(all)-1].at)
	if err != nil {
		return nil, nil, err
	}
	var ends []store.LinkEnd
	for k, a := range batch {
		t, own := all[from[k]], put.Of(a.ID)
		puts[from[k]] = own
		if err := p.layAside(ctx, tx, a.ID, own, t.answer); err != nil {
			return nil, nil, err
		}
		ends = append(ends, store.LinkEnd{Canonical: t.link.Canonical, Verdict: "article", ArticleID: a.ID, Again: nextLook(t)})
	}
	for canonical, id := range names {
		if err := tx.AddName(ctx, canonical, id, "the same text as "+id, p.Now()); err != nil && !errors.Is(err, store.ErrNamed) {
			return nil, nil, err
		}
	}
	return kept, names, tx.LinksDone(ctx, ends)
}

// nextLook is when to look at a page once more that gave an article.
func nextLook(t taken) time.Time {
	if t.answer.Status == 0 { // no page was asked for, and none will say more
		return time.Time{}
	}
	return again(t.link.FirstSeen, t.at, t.stand)
}

// put keeps the article of a link, and when to look at its page again. A page
// that now leads to another article is that of a removed one.
func (p *Pipeline) put(ctx context.Context, tx *store.Tx, t taken) (store.Put, error) {
	l := t.link
	a, moved, err := p.known(ctx, tx, t.article, l.ArticleID)
	if err != nil {
		return store.Put{}, err
	}
	put, err := tx.PutArticles(ctx, []news.Article{a}, t.at)
	if err == nil {
		err = p.layAside(ctx, tx, a.ID, put, t.answer)
	}
	if err != nil {
		return put, err
	}
	if moved {
		fresh, err := removed(ctx, tx, l, "moved", say.Seen("seen.leads", "URL", a.URL).String(), t.stand, t.at)
		if fresh && err == nil {
			err = p.layRemovalAside(ctx, tx, l.ArticleID, t.answer)
		}
		return put, err
	}
	if l.Verdict == "gone" {
		if _, err := tx.Returned(ctx, a.ID, t.at); err != nil {
			return put, err
		}
	}
	return put, tx.LinkDone(ctx, l.Canonical, "article", "", a.ID, nextLook(t))
}

// fetchArticle asks for a link's page and reads the article on it.
func (p *Pipeline) fetchArticle(ctx context.Context, o config.Outlet, l news.Link) (news.Article, error) {
	_, a, err := p.ask(ctx, o, l)
	return a, err
}

// ask returns the answer, too: it is the evidence, also of an article that is gone.
func (p *Pipeline) ask(ctx context.Context, o config.Outlet, l news.Link) (fetch.Answer, news.Article, error) {
	if isFilm(l.URL) && l.Title != "" {
		return fetch.Answer{}, p.Rules().film(o, l, p.Now()), nil
	}
	answer, err := p.Fetch.Get(ctx, fetch.Request{URL: l.URL, Kind: fetch.Page, Referer: l.Source, Pace: o.Pace})
	if err != nil {
		return answer, news.Article{}, err
	}
	a, err := p.article(answer.Page, o, l)
	if shell(a, err) {
		if twin := extract.AMP(answer.Page); twin != "" {
			if other, b, ok := p.askTwin(ctx, o, l, twin, a); ok {
				return other, b, nil
			}
		}
	}
	if o.Render && p.Render != nil && (errors.Is(err, extract.ErrNotArticle) || errors.Is(err, extract.ErrEmpty)) {
		a, err = p.rendered(ctx, o, l)
	}
	return answer, a, err
}

// errUnrendered is a page of which nobody knows yet what its scripts show.
var errUnrendered = errors.New("the page shows no article by itself and could not be rendered")

// rendered reads the article of a page that showed none until its scripts ran.
func (p *Pipeline) rendered(ctx context.Context, o config.Outlet, l news.Link) (news.Article, error) {
	page, err := p.Render(ctx, l.URL, p.Fetch.Road(o.Pace))
	if err != nil {
		p.Log.Warn("the page could not be rendered", "outlet", o.ID, "url", l.URL, "error", err)
		return news.Article{}, fmt.Errorf("%w: %w", errUnrendered, err)
	}
	return p.article(page, o, l)
}

// shell reports whether a page showed no article, or hardly any of it: scripts
// would build the rest.
func shell(a news.Article, err error) bool {
	return errors.Is(err, extract.ErrNotArticle) || errors.Is(err, extract.ErrEmpty) ||
		slices.ContainsFunc(a.Doubts, func(d string) bool { return strings.HasPrefix(d, extract.DoubtShort) })
}

// askTwin reads the AMP twin of a page that showed little of its article a.
// What it says counts where it is more; the article stays the same one.
func (p *Pipeline) askTwin(ctx context.Context, o config.Outlet, l news.Link, twin string, a news.Article) (fetch.Answer, news.Article, bool) {
	answer, err := p.Fetch.Get(ctx, fetch.Request{URL: twin, Kind: fetch.Page, Referer: l.URL, Pace: o.Pace})
	if err != nil {
		p.Log.Debug("the AMP page could not be read", "outlet", o.ID, "url", twin, "error", err)
		return answer, a, false
	}
	b, err := p.article(answer.Page, o, l)
	if err != nil || len(b.Body) <= len(a.Body) {
		return answer, a, false
	}
	if a.ID != "" {
		b.ID, b.URL, b.Canonical = a.ID, a.URL, a.Canonical
	}
	return answer, b, true
}

// article reads a page as an article of an outlet, with what the link said of
// it where the page itself is silent.
func (p *Pipeline) article(page news.Page, o config.Outlet, l news.Link) (news.Article, error) {
	now := p.Now()
	a, err := p.Rules().extractor.Extract(page, now)
	if err != nil {
		return a, err
	}
	return p.Rules().Identify(fill(a, l), o, page.Final, now), nil
}

// Identify gives an article read from the page at final its identity, outlet
// and door. An address that the page itself calls canonical counts only where
// it lies on the outlet's own site.
func (r *Rules) Identify(a news.Article, o config.Outlet, final string, now time.Time) news.Article {
	if a.URL == "" || !onSite(o, a.URL) {
		a.URL = final
	}
	a.Canonical = news.Canonical(a.URL, r.Keys)
	a.ID = news.ID(a.Canonical)
	a.Outlet = o.ID
	a.FirstSeen = now
	a.Via = news.Crawl
	return a
}

// fill takes from the link what the page did not say.
func fill(a news.Article, l news.Link) news.Article {
	from := map[string]string{}
	for k, v := range a.From {
		from[k] = v
	}
	if a.Title == "" && l.Title != "" {
		a.Title, from["title"] = l.Title, "link in "+l.Source
	}
	if a.Lead == "" && a.Body == "" && l.Lead != "" {
		a.Lead, from["lead"] = l.Lead, "link in "+l.Source
	}
	if a.Published.IsZero() && !l.Published.IsZero() {
		a.Published, from["published"] = l.Published, l.DateFrom
	}
	a.From = from
	return a
}

// noArticle records why a link has no article, and when to try again.
func (p *Pipeline) noArticle(ctx context.Context, tx *store.Tx, l store.LinkState, answer fetch.Answer, why error, stand store.Standing, now time.Time) error {
	if code := gone(why); code != "" && l.ArticleID != "" {
		fresh, err := removed(ctx, tx, l, code, seen(l.URL, why), stand, now)
		if fresh && err == nil {
			p.tell(Event{What: "removed", Outlet: l.Outlet, Title: l.Title, URL: l.URL, Detail: code})
			err = p.layRemovalAside(ctx, tx, l.ArticleID, answer)
		}
		return err
	}
	if !passing(why) {
		var next time.Time
		if l.ArticleID != "" { // it was an article: the page may be one again
			next = again(l.FirstSeen, now, stand)
		}
		return tx.LinkDone(ctx, l.Canonical, verdict(why), why.Error(), l.ArticleID, next)
	}
	var next time.Time
	if l.Attempts < len(retries) {
		next = now.Add(retries[l.Attempts])
	}
	var e *fetch.Error
	if errors.As(why, &e) && e.RetryAt.After(next) {
		next = e.RetryAt
	}
	return tx.LinkFailed(ctx, l.Canonical, why.Error(), next)
}

// passing reports whether what went wrong may be over later: not so for what
// the page itself is.
func passing(err error) bool {
	switch fetch.CodeOf(err) {
	case fetch.Gone, fetch.SoftGone, fetch.Forbidden, fetch.Guarded, fetch.BadAddress, fetch.NotText, fetch.TooLarge, fetch.Refused:
		return false
	case "":
		return errors.Is(err, extract.ErrBlocked) || errors.Is(err, errUnrendered)
	}
	return true
}

// verdict names in one word what a page without an article was.
func verdict(err error) string {
	if c := fetch.CodeOf(err); c != "" {
		return string(c)
	}
	return "not-article"
}
