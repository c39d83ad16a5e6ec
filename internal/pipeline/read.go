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

// memory is the live stories and what waits beside them, as they were when the
// mark stood at mark.
type memory struct {
	places *Places
	mark   int64
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
	if p.memory.places == nil || p.memory.mark != mark {
		if err := p.remember(ctx, arts[0].Article, mark); err != nil {
			return 0, err
		}
	}
	locked, err := p.Store.LockedStories(ctx)
	if err != nil {
		return 0, err
	}
	p.memory.places.stories.Lock(locked)
	readings, err := p.readAll(ctx, arts)
	if err != nil {
		return 0, err
	}
	placed, err := p.placeAll(ctx, arts, readings)
	if err != nil {
		return 0, err
	}
	if readings, err = p.settled(ctx, readings, placed.drawn); err != nil {
		return 0, err
	}
	repeating, err := p.heard(ctx, arts, readings[:len(arts)])
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
// to be read next came out, and with what waited then.
func (p *Pipeline) remember(ctx context.Context, next news.Article, mark int64) error {
	lives, err := p.Store.LiveStories(ctx, store.When(next).Add(-live))
	if err != nil {
		return err
	}
	p.memory.places = NewPlaces()
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
	p.memory.places.stories.Restore(docs)
	return p.rememberWaiting(ctx, store.When(next).Add(-patience), mark, members, docs)
}

// rememberWaiting lets wait again what came since a time and has no story, among
// the articles that have one.
func (p *Pipeline) rememberWaiting(ctx context.Context, since time.Time, mark int64, members []store.Member, docs []story.Doc) error {
	arts, err := p.Store.Unplaced(ctx, since, mark, mostWaiting)
	if err != nil {
		return err
	}
	placed := map[string]story.Doc{}
	for i, m := range members {
		if !docs[i].Time.Before(since) {
			placed[m.ID] = docs[i]
			arts = append(arts, store.Numbered{Article: m.Article})
		}
	}
	slices.SortFunc(arts, func(a, b store.Numbered) int {
		return cmp.Or(store.When(a.Article).Compare(store.When(b.Article)), cmp.Compare(a.ID, b.ID))
	})
	readings, err := p.readAll(ctx, arts)
	if err != nil {
		return err
	}
	w, rules, now := &p.memory.places.waiting, p.Rules(), p.Now()
	for i, a := range arts {
		r := readings[i].Reading.BeforeJudge()
		switch d, ours := placed[a.ID]; {
		case ours && r.Relevant:
			w.claim(d, d.Story)
		case ours:
			w.put(beside(d))
		case !r.Relevant && !r.Digest && !elsewhere(r) && rules.mayWait(a.Article, r, now):
			w.add(a.Article, doc(a.Article))
		}
	}
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
	drawn   []Settled      // read anew because of the story they belong to
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
		reading := &readings[i].Reading
		named := reading.BeforeJudge().Relevant
		d, ours := p.memory.places.told(p.Rules(), a.Article, reading, p.Now())
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
		for k, s := range p.memory.places.settle(p.Rules(), Settled{Article: a.Article, Reading: *reading}, d, named, p.Now()) {
			if k == 0 && known && len(s.Placed.Why) == 0 {
				s.Placed.Why = before.Why
			}
			out.settle(s, k > 0 || !named)
		}
	}
	return out, nil
}

// settle takes up an article that found its story; drawn: because of the story
// alone.
func (p *placements) settle(s Settled, drawn bool) {
	p.merged = append(p.merged, s.Placed.Merged...)
	if s.Placed.Founded {
		p.founded = append(p.founded, news.Story{ID: s.Placed.Story, Title: s.Title, Parent: s.Placed.Parent})
	}
	p.put = append(p.put, store.Placement{ArticleID: s.ID, StoryID: s.Placed.Story, CopyOf: s.Placed.CopyOf, Why: s.Placed.Why})
	if drawn {
		p.drawn = append(p.drawn, s)
		p.out = slices.DeleteFunc(p.out, func(id string) bool { return id == s.ID })
	}
}

// settled are the readings of a batch with those of the articles that were
// drawn into stories, of this batch or an earlier one, people's words over them.
func (p *Pipeline) settled(ctx context.Context, readings []store.ArticleReading, drawn []Settled) ([]store.ArticleReading, error) {
	if len(drawn) == 0 {
		return readings, nil
	}
	ids := make([]string, len(drawn))
	for i, s := range drawn {
		ids[i] = s.ID
	}
	words, err := p.Store.CorrectionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, s := range drawn {
		// Of two readings of one article the last counts.
		readings = append(readings, store.ArticleReading{ArticleID: s.ID, Version: s.Version, Reading: p.Rules().Corrected(s.Reading, words[s.ID])})
	}
	return readings, nil
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
	for i, r := range readings[:len(arts)] {
		if r.Relevant {
			p.tell(Event{What: "read", Outlet: arts[i].Outlet, Title: arts[i].Title, URL: arts[i].URL, Detail: r.Tone})
		}
	}
}
