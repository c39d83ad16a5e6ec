package pipeline

import (
	"context"
	"errors"
	"time"

	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

const day = 24 * time.Hour

// looks is how often an article's page is looked at again while it is young
// enough, for papers edit and remove; hot where its story is an open incident.
// An outlet is never asked more often than its own schedule has it visited.
var looks = []struct{ until, every, hot time.Duration }{
	{day, time.Hour, 15 * time.Minute},
	{7 * day, day, time.Hour},
	{60 * day, 7 * day, day},
}

// again says when to look at an article first seen at first once more; never
// where it was read as not ours, or grew old.
func again(first, now time.Time, s store.Standing) time.Time {
	if s.Read && !s.Kept {
		return time.Time{}
	}
	for _, l := range looks {
		if now.Sub(first) < l.until {
			if s.Incident {
				return now.Add(l.hot)
			}
			return now.Add(l.every)
		}
	}
	if s.Incident {
		return now.Add(day)
	}
	return time.Time{}
}

// standing is what decides how often a link's article is looked at again; zero
// for one that is not an article yet.
func (p *Pipeline) standing(ctx context.Context, l store.LinkState) (store.Standing, error) {
	if l.ArticleID == "" {
		return store.Standing{}, nil
	}
	s, err := p.Store.Standings(ctx, []string{l.ArticleID})
	return s[l.ArticleID], err
}

// settle ends the looking at a page that turned out not to be ours.
func (p *Pipeline) settle(ctx context.Context, l store.LinkState) error {
	return p.Store.Do(ctx, func(tx *store.Tx) error {
		return tx.LinkDone(ctx, l.Canonical, l.Verdict, l.Why, l.ArticleID, time.Time{})
	})
}

// hurry brings the next look at an incident's articles forward.
func hurry(ctx context.Context, tx *store.Tx, in news.Incident, now time.Time) error {
	if in.State != news.Open && in.State != news.Acked {
		return nil
	}
	return tx.Hurry(ctx, in.Story, now.Add(looks[0].hot))
}

// gone names how a page said that nothing is there any more; empty where what
// went wrong is something else.
func gone(err error) string {
	switch code := fetch.CodeOf(err); {
	case code == fetch.Gone, code == fetch.SoftGone:
		return string(code)
	case code == "" && errors.Is(err, extract.ErrGone):
		return string(fetch.SoftGone)
	}
	return ""
}

// removed records that the page of a known article is gone. It is asked for a
// few more times, for some come back.
func removed(ctx context.Context, tx *store.Tx, l store.LinkState, code, evidence string, s store.Standing, now time.Time) (bool, error) {
	fresh, err := tx.Removed(ctx, store.Removal{ArticleID: l.ArticleID, At: now, Code: code, Evidence: evidence})
	if err != nil {
		return false, err
	}
	var next time.Time
	if now.Sub(l.FirstSeen) < 7*day && !(s.Read && !s.Kept) {
		next = now.Add(day)
	}
	return fresh, tx.LinkDone(ctx, l.Canonical, "gone", evidence, l.ArticleID, next)
}

// samePiece reports whether a page that answers under a new address is still
// the known article: its title stayed, or half of its paragraphs did. Some
// sites send readers of a removed article to another one.
func samePiece(old, now news.Article) bool {
	return vi.Key(old.Title) == vi.Key(now.Title) || sharesText(old, now)
}

// sharesText reports whether half of an article's paragraphs stand in another.
func sharesText(old, now news.Article) bool {
	have, same, all := map[string]bool{}, 0, 0
	for _, p := range paragraphs(now) {
		have[p] = true
	}
	for _, p := range paragraphs(old) {
		all++
		if have[p] {
			same++
		}
	}
	return all > 0 && 2*same >= all
}

// paragraphs are the pieces of an article's text that say more than a heading.
func paragraphs(a news.Article) []string {
	var out []string
	start := 0
	text := a.Lead + "\n" + a.Body + "\n"
	for i, r := range text {
		if r != '\n' {
			continue
		}
		if p := text[start:i]; len(p) > 60 {
			out = append(out, p)
		}
		start = i + 1
	}
	return out
}
