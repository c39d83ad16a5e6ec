package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// Media are the places of a clip, which no crawler reaches.
var Media = []string{"print", "tv", "radio", "social"}

// twinWindow is how far apart the printed and the web text of one outlet come out.
const twinWindow = 3 * day

// Clipped is a clip as it was kept.
type Clipped struct {
	Article news.Article
	Clip    store.Clip
	New     bool // its article was not in the archive before
}

// AddClip keeps a clip that a person entered. a brings title, text, byline,
// address and time as written, Outlet by id or name. A clip whose address or
// text is an article the archive has already gathered is filed with it; one
// whose web text of the same outlet is known becomes that text's copy when it
// is read, so that nothing counts twice. Entering it again changes its words.
func (p *Pipeline) AddClip(ctx context.Context, a news.Article, c store.Clip) (Clipped, error) {
	a, err := p.clipping(a, c)
	if err != nil {
		return Clipped{}, err
	}
	found, err := p.Store.Identified(ctx, []news.Article{a})
	if err != nil {
		return Clipped{}, err
	}
	a = found[0]
	known, err := p.Store.Article(ctx, a.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Clipped{}, err
	}
	fresh := err != nil
	gathered := !fresh && known.Via != news.Clip
	if gathered {
		a = known
	} else if c.Twin, c.TwinWhy, err = p.twin(ctx, a); err != nil {
		return Clipped{}, fmt.Errorf("looking for the web text of “%s”: %w", a.Title, err)
	}
	c.ArticleID, c.Added = a.ID, p.Now()
	err = p.Store.Do(ctx, func(tx *store.Tx) error {
		if !gathered {
			if _, err := tx.PutArticles(ctx, []news.Article{a}, c.Added); err != nil {
				return err
			}
		}
		return tx.PutClip(ctx, c)
	})
	if err != nil {
		return Clipped{}, fmt.Errorf("keeping the clip “%s”: %w", a.Title, err)
	}
	p.tell(Event{What: "clip", Outlet: a.Outlet, Title: a.Title, URL: a.URL, Detail: c.Medium})
	return Clipped{a, c, fresh}, nil
}

// clipping makes the article of a clip. One without an address is named by
// outlet, medium, day and title.
func (p *Pipeline) clipping(a news.Article, c store.Clip) (news.Article, error) {
	rules, now := p.Rules(), p.Now()
	a.Title, a.Lead, a.Author = plain(a.Title), plain(a.Lead), plain(a.Author)
	a.Body = vi.NFC(strings.TrimSpace(a.Body))
	if a.Title == "" {
		return a, errors.New("the clip has no title; write the headline, or the first words that were said")
	}
	id, err := rules.outletNamed(a.Outlet, a.URL)
	if err != nil {
		return a, err
	}
	a.Outlet = id
	if c.Medium == "social" && rules.Outlet(id).Kind != "social" {
		return a, fmt.Errorf("outlet %s is not a social network; a post by a newsroom counts for that network, with the newsroom as its author", id)
	}
	a.Canonical = news.Canonical(a.URL, rules.Keys)
	if a.URL == "" {
		a.Canonical = strings.Join([]string{"clip:" + id, c.Medium, store.When(a).In(config.VN).Format(time.DateOnly), vi.Key(a.Title)}, "/")
	}
	a.ID = news.ID(a.Canonical)
	a.FirstSeen, a.Via, a.Form = now, news.Clip, c.Medium
	who := "entered by hand by " + c.AddedBy
	a.From = map[string]string{"title": who, "lead": who, "body": who, "published": who}
	return a, nil
}

// outletNamed finds the outlet that a person means by an id, a name or the
// address of the piece.
func (r *Rules) outletNamed(name, url string) (string, error) {
	if id, ok := r.named[strings.ToLower(strings.TrimSpace(name))]; ok {
		return id, nil
	}
	if name == "" && url != "" {
		if o, ok := r.Pack.OutletByHost(news.Host(url), time.Time{}); ok {
			return o.ID, nil
		}
	}
	return "", fmt.Errorf("there is no outlet %q; `diembao outlets --all` lists them, and a new one is written into diembao.yaml", first(name, news.Host(url)))
}

// twin finds the gathered article of the same outlet with the same headline,
// and says why it is that one.
func (p *Pipeline) twin(ctx context.Context, a news.Article) (id, why string, err error) {
	when := store.When(a)
	near, _, err := p.Store.Newest(ctx, store.Filter{From: when.Add(-twinWindow), To: when.Add(twinWindow), Outlets: []string{a.Outlet}, All: true}, 2000, "")
	if err != nil {
		return "", "", err
	}
	for _, e := range near {
		if e.Via != news.Clip && e.ID != a.ID && sameHeadline(a.Title, e.Title) {
			return e.ID, fmt.Sprintf("the same outlet's “%s” of %s", e.Title, store.When(e.Article).In(config.VN).Format("02/01/2006")), nil
		}
	}
	return "", "", nil
}

// sameHeadline reports whether two headlines are one: print shortens, the web
// adds a few words.
func sameHeadline(a, b string) bool {
	words := map[string]bool{}
	for _, t := range vi.Tokens(a) {
		words[t.Text] = true
	}
	same, more := 0, 0
	for _, t := range vi.Tokens(b) {
		if words[t.Text] {
			words[t.Text] = false
			same++
		} else {
			more++
		}
	}
	return same > 0 && 5*same >= 4*(len(words)+more)
}

// pairs tells, while articles are placed, which clip and which web text are
// one piece, whichever came first.
type pairs struct {
	of map[string]string // article → the earlier one it repeats
}

// pairsOf looks up what the clips among arts repeat, and which of arts repeat
// a clip of the last days.
func (p *Pipeline) pairsOf(ctx context.Context, arts []store.Numbered) (pairs, error) {
	out := pairs{of: map[string]string{}}
	recent, err := p.Store.ClipsSince(ctx, p.Now().Add(-2*twinWindow), 200)
	if err != nil {
		return out, err
	}
	var ids []string
	for _, a := range arts {
		if a.Via == news.Clip {
			ids = append(ids, a.ID)
		}
	}
	clips, err := p.Store.Clips(ctx, ids)
	if err != nil {
		return out, err
	}
	for id, c := range clips {
		if c.Twin != "" {
			out.of[id] = c.Twin
		}
	}
	for _, c := range recent {
		if c.Twin != "" {
			continue
		}
		clip, err := p.Store.Article(ctx, c.ArticleID)
		if err != nil {
			return out, err
		}
		for _, a := range arts {
			if clip.Via == news.Clip && a.Via != news.Clip && a.Outlet == clip.Outlet && a.ID != clip.ID &&
				store.When(a.Article).Sub(store.When(clip)).Abs() < twinWindow && sameHeadline(clip.Title, a.Title) {
				out.of[a.ID] = clip.ID
			}
		}
	}
	return out, nil
}

// repeats returns where the piece that an article repeats was placed.
func (p *Pipeline) repeats(ctx context.Context, x pairs, id string, put []store.Placement) (store.Placement, bool, error) {
	of := x.of[id]
	if of == "" {
		return store.Placement{}, false, nil
	}
	for _, at := range put {
		if at.ArticleID == of {
			return at, true, nil
		}
	}
	at, err := p.Store.StoryOf(ctx, of)
	if errors.Is(err, store.ErrNotFound) {
		return at, false, nil
	}
	return at, err == nil, err
}
