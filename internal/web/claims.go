package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/rumour"
	"diembao/internal/store"
)

// claimsPage is the register of claims.
type claimsPage struct {
	Rows     []claimRow
	Now      string
	ReadOnly bool
}

// claimRow is a claim with the articles that repeat it.
type claimRow struct {
	news.Rumour
	URL  string // of the web; empty where what was entered is none
	Hits []claimHit
}

// claimHit is an article that repeats a claim.
type claimHit struct {
	news.RumourHit
	Title, Outlet string
	At            time.Time
}

// claimsShown is how many articles stand under a claim.
const claimsShown = 20

func (v *visit) claims() error {
	found, err := v.Store.Rumours(v.ctx, true)
	if err != nil {
		return err
	}
	p := &claimsPage{ReadOnly: v.readOnly()}
	for _, r := range found {
		hits, err := v.Store.RumourArticles(v.ctx, r.ID, claimsShown)
		if err != nil {
			return err
		}
		row := claimRow{Rumour: r, URL: webAddress(r.URL)}
		if row.Hits, err = v.claimHits(hits); err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	return v.show("claims", v.words.Say("web.claims"), p)
}

func (v *visit) claimHits(hits []news.RumourHit) ([]claimHit, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Article
	}
	articles, err := v.Store.Articles(v.ctx, ids)
	known := map[string]news.Article{}
	for _, a := range articles {
		known[a.ID] = a
	}
	var out []claimHit
	for _, h := range hits {
		a := known[h.Article]
		out = append(out, claimHit{h, a.Title, v.label.outlet(a.Outlet), store.When(a)})
	}
	return out, err
}

// repeats are the claims that articles repeat, each once, for the pages of an
// article, a story and an incident.
func (v *visit) repeats(articles ...string) ([]claimRow, error) {
	hits, err := v.Store.RumoursIn(v.ctx, articles)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	known, err := v.Store.Rumours(v.ctx, true)
	if err != nil {
		return nil, err
	}
	var out []claimRow
	for _, r := range known {
		row := claimRow{Rumour: r, URL: webAddress(r.URL)}
		for _, id := range articles {
			for _, h := range hits[id] {
				if h.Rumour == r.ID {
					row.Hits = append(row.Hits, claimHit{RumourHit: h})
				}
			}
		}
		if len(row.Hits) > 0 {
			out = append(out, row)
		}
	}
	return out, nil
}

// repeatsOf are the claims that listed articles repeat.
func (v *visit) repeatsOf(cards []card) ([]claimRow, error) {
	var ids []string
	for _, c := range cards {
		ids = append(ids, c.ID)
		for _, x := range c.Copies {
			ids = append(ids, x.ID)
		}
	}
	return v.repeats(ids...)
}

// Denied reports whether every article that repeats the claim denies it.
func (r claimRow) Denied() bool {
	for _, h := range r.Hits {
		if !h.Denied {
			return false
		}
	}
	return true
}

// addClaim enters a claim and has it looked for in the last days.
func (v *visit) addClaim() error {
	r, ok := v.claimForm()
	if !ok || !rumour.Long(r.Claim) {
		return v.trouble(http.StatusBadRequest, "unsaid", r.Claim)
	}
	r.FirstSeen, r.Made = v.now, v.now
	if r.Truth != news.Unproven {
		r.SettledBy, r.Settled = r.Who, v.now
	}
	err := v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.PutRumour(v.ctx, &r) })
	if err == nil && v.LookFor != nil {
		err = v.LookFor(context.WithoutCancel(v.ctx))
	}
	return v.keptAt("/claims", err)
}

// claimForm is what was entered of a claim.
func (v *visit) claimForm() (news.Rumour, bool) {
	field := func(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	w, ok := v.word()
	r := news.Rumour{Claim: field("claim"), Truth: news.Truth(field("truth")), Document: field("document"), URL: field("url"), Who: w.Who}
	known := r.Truth == news.Untrue || r.Truth == news.Proven || r.Truth == news.Unproven
	return r, ok && known && len(r.Claim)+len(r.Document)+len(r.URL) <= 4*longestWord
}

// settleClaim says what is known of a claim now.
func (v *visit) settleClaim() error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	r, ok := v.claimForm()
	if !ok {
		return v.trouble(http.StatusBadRequest, "unsaid", "")
	}
	return v.keptAt("/claims", v.Store.Do(v.ctx, func(tx *store.Tx) error {
		return tx.SettleRumour(v.ctx, id, r.Truth, r.Document, r.URL, store.Word{Who: r.Who, At: v.now})
	}))
}

// endClaim has a claim no longer looked for.
func (v *visit) endClaim() error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	return v.keptAt("/claims", v.Store.Do(v.ctx, func(tx *store.Tx) error { return tx.EndRumour(v.ctx, id, v.now) }))
}
