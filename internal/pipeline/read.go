package pipeline

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/story"
)

// readSize is how many articles are read, placed and stored in one transaction.
const readSize = 400

// live is how long a story is remembered after its last article.
const live = 14 * 24 * time.Hour

// memory is the live stories, as they were when the mark stood at mark.
type memory struct {
	stories *story.Stories
	mark    int64
}

// readBatch reads the next articles after the mark and returns how many.
func (p *Pipeline) readBatch(ctx context.Context) (int, error) {
	mark, err := p.Store.Mark(ctx, store.MarkRead)
	if err != nil {
		return 0, err
	}
	arts, err := p.Store.ArticlesAfter(ctx, mark, readSize)
	if err != nil || len(arts) == 0 {
		return 0, err
	}
	if p.memory.stories == nil || p.memory.mark != mark {
		if err := p.remember(ctx, arts[0].Article); err != nil {
			return 0, err
		}
	}
	locked, err := p.Store.LockedStories(ctx)
	if err != nil {
		return 0, err
	}
	p.memory.stories.Lock(locked)
	readings, err := p.readAll(ctx, arts)
	if err != nil {
		return 0, err
	}
	placed, err := p.placeAll(ctx, arts, readings)
	if err != nil {
		return 0, err
	}
	repeating, err := p.heard(ctx, arts, readings)
	if err != nil {
		return 0, err
	}
	last := arts[len(arts)-1].Seq
	err = p.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.PutReadings(ctx, readings); err != nil {
			return err
		}
		if err := placed.keep(ctx, tx); err != nil {
			return err
		}
		if err := repeating.keep(ctx, tx); err != nil {
			return err
		}
		return tx.MoveMark(ctx, store.MarkRead, mark, last)
	})
	if err != nil {
		return 0, err
	}
	p.memory.mark = last
	p.tellReadings(arts, readings)
	return len(arts), nil
}

// remember fills the memory with the stories that were live when the article
// to be read next came out.
func (p *Pipeline) remember(ctx context.Context, next news.Article) error {
	lives, err := p.Store.LiveStories(ctx, store.When(next).Add(-live))
	if err != nil {
		return err
	}
	p.memory.stories = story.New(story.Options{})
	var members []store.Member
	in := map[string]news.Story{}
	for _, l := range lives {
		for _, m := range l.Members {
			in[m.ID] = l.Story
			members = append(members, m)
		}
	}
	slices.SortFunc(members, func(a, b store.Member) int { return cmp.Compare(a.Seq, b.Seq) })
	docs := make([]story.Doc, len(members))
	for i, m := range members {
		docs[i] = doc(m.Article)
		docs[i].Story, docs[i].Parent, docs[i].CopyOf, docs[i].Held = in[m.ID].ID, in[m.ID].Parent, m.CopyOf, m.Held
		docs[i].Provinces, docs[i].Grave = m.Reading.Provinces, crisis.Grave(m.Reading)
	}
	p.memory.stories.Restore(docs)
	return nil
}

// readAll reads articles by the rules in force, on all processors, and lays
// what a language model said beside it and people's corrections over both.
func (p *Pipeline) readAll(ctx context.Context, arts []store.Numbered) ([]store.ArticleReading, error) {
	ids, plain := make([]string, len(arts)), make([]news.Article, len(arts))
	for i, a := range arts {
		ids[i], plain[i] = a.ID, a.Article
	}
	opinions, err := p.opinions(ctx, plain)
	if err != nil {
		return nil, err
	}
	words, err := p.Store.CorrectionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	rules, now := p.Rules(), p.Now()
	out := make([]store.ArticleReading, len(arts))
	shared(len(arts), func(i int) {
		r, mentions := ReadOne(plain[i], rules, now)
		r = rules.weighed(plain[i], r, mentions, opinions[arts[i].ID])
		out[i] = store.ArticleReading{ArticleID: arts[i].ID, Version: arts[i].Article.Version, Reading: rules.Corrected(r, words[arts[i].ID])}
	})
	return out, nil
}

// placements is what a batch does to the stories.
type placements struct {
	founded []news.Story
	put     []store.Placement
	out     []string       // taken out of their stories
	merged  []story.Merged // after that
	at      time.Time
}

// now is the id of a story as it is after what was merged.
func (p placements) now(id string) string {
	for _, m := range p.merged {
		if m.From == id {
			id = m.Into
		}
	}
	return id
}

func (p placements) keep(ctx context.Context, tx *store.Tx) error {
	if err := tx.PutStories(ctx, p.founded); err != nil {
		return err
	}
	if err := tx.Place(ctx, p.put); err != nil {
		return err
	}
	if err := tx.Unplace(ctx, p.out); err != nil {
		return err
	}
	for _, m := range p.merged {
		if err := join(ctx, tx, m, p.at); err != nil {
			return err
		}
	}
	return nil
}

// placeAll finds each article of ours its story, in the order of the archive.
// A reading may change with the story its article joins.
func (p *Pipeline) placeAll(ctx context.Context, arts []store.Numbered, readings []store.ArticleReading) (placements, error) {
	out := placements{at: p.Now()}
	repeated, err := p.pairsOf(ctx, arts)
	if err != nil {
		return out, err
	}
	for i, a := range arts {
		before, err := p.Store.StoryOf(ctx, a.ID)
		known := err == nil
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return out, err
		}
		d, ours := told(p.memory.stories, p.Rules(), a.Article, &readings[i].Reading, p.Now())
		if !ours {
			if known {
				out.out = append(out.out, a.ID)
			}
			continue
		}
		if known {
			d.Story, d.CopyOf, d.Held = out.now(before.StoryID), before.CopyOf, before.Held
		} else if at, ok, err := p.repeats(ctx, repeated, a.ID, out.put); err != nil {
			return out, err
		} else if ok {
			d.Story, d.CopyOf = out.now(at.StoryID), first(at.CopyOf, at.ArticleID)
		}
		placed := p.memory.stories.Add(d)
		out.merged = append(out.merged, placed.Merged...)
		if placed.Founded {
			out.founded = append(out.founded, news.Story{ID: placed.Story, Title: a.Title, Parent: placed.Parent})
		}
		if known && len(placed.Why) == 0 {
			placed.Why = before.Why
		}
		out.put = append(out.put, store.Placement{ArticleID: a.ID, StoryID: placed.Story, CopyOf: placed.CopyOf, Why: placed.Why})
	}
	return out, nil
}

// doc is an article as the story room sees it. What came by import was seen by
// nobody when it came out: its own time stands.
func doc(a news.Article) story.Doc {
	d := story.Doc{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Lead: a.Lead, Body: a.Body, Time: store.When(a)}
	if a.Via == news.Crawl {
		d.Seen = a.FirstSeen
	}
	return d
}

func (p *Pipeline) tellReadings(arts []store.Numbered, readings []store.ArticleReading) {
	if p.Told == nil {
		return
	}
	for i, r := range readings {
		if r.Relevant {
			p.tell(Event{What: "read", Outlet: arts[i].Outlet, Title: arts[i].Title, URL: arts[i].URL, Detail: r.Tone})
		}
	}
}
