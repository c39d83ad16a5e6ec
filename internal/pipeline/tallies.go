package pipeline

import (
	"context"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
)

// lookout is what the watch saw of the articles in live stories, by id. A round
// looks anew only at those read since the last one: most articles stand as
// they stood, and looking at one costs more than weighing its story.
type lookout struct {
	rules    *Rules // what other rules saw is looked at anew
	articles map[string]spotted
	around   *Around
	since    time.Time // what was seen later is told to around as it comes
	judged   []news.Alert
}

type spotted struct {
	seq     int64 // number of the reading
	article crisis.Article
}

// longStory is how far back the watch sees the articles of a story that is told
// for ever: what came before weighs nothing, and its incident remembers it.
const longStory = 30 * 24 * time.Hour

// tallies gathers what is known of every story told within the window.
func (p *Pipeline) tallies(ctx context.Context, now time.Time) ([]crisis.Tally, error) {
	rules := p.Rules()
	window := rules.Pack.Crisis.Window
	standing, err := p.Store.LiveArticles(ctx, now.Add(-window), now.Add(-max(window, longStory)))
	if err != nil {
		return nil, err
	}
	p.watching.Lock()
	defer p.watching.Unlock()
	if err := p.look(ctx, rules, standing, now); err != nil {
		return nil, err
	}
	on := rules.switchedOn()
	var out []crisis.Tally
	for _, s := range standing {
		if len(out) == 0 || out[len(out)-1].Story != s.Story {
			out = append(out, crisis.Tally{Story: s.Story, Title: s.Title, Outlets: on})
		}
		if a, ok := p.lookout.articles[s.ArticleID]; ok {
			a.article.CopyOf = s.CopyOf
			t := &out[len(out)-1]
			t.Articles = append(t.Articles, a.article)
		}
	}
	if err := p.besides(ctx, out); err != nil {
		return nil, err
	}
	return out, p.repeated(ctx, out)
}

// switchedOn is how many outlets are followed.
func (r *Rules) switchedOn() (n int) {
	for _, o := range r.Pack.Outlets {
		if o.On {
			n++
		}
	}
	return n
}

// look brings the lookout up to date: what was read anew is looked at anew, what
// stands in no live story is forgotten.
func (p *Pipeline) look(ctx context.Context, rules *Rules, standing []store.LiveArticle, now time.Time) error {
	before := p.lookout.articles
	if p.lookout.rules != rules {
		before, p.lookout.around = nil, nil
	}
	next, changed := make(map[string]spotted, len(standing)), []string(nil)
	for _, s := range standing {
		if was, ok := before[s.ArticleID]; ok && was.seq == s.Seq {
			next[s.ArticleID] = was
		} else if s.Seq > 0 {
			changed = append(changed, s.ArticleID)
		}
	}
	shelves, err := p.Store.ReadingsOf(ctx, changed)
	if err != nil {
		return err
	}
	for _, s := range shelves {
		next[s.Article.ID] = spotted{s.Seq, rules.seen(s, now)}
	}
	if err := p.around(ctx, rules, now); err != nil {
		return err
	}
	for _, s := range shelves {
		if a := next[s.Article.ID].article; a.FirstSeen.After(p.lookout.since) {
			p.lookout.around.Hear(a)
		}
	}
	p.lookout.rules, p.lookout.articles = rules, next
	return nil
}

// seen is an article as the watch sees it.
func (r *Rules) seen(s store.Shelf, now time.Time) crisis.Article {
	return crisis.See(s.Article, s.Reading.BeforeJudge(), r.matcher.Find(s.Article, now), r.Outlet(s.Article.Outlet), s.CopyOf)
}
