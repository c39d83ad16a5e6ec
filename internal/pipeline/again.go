package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/story"
)

// Retold looks among incidents that were over for the one whose event the story
// of a change tells anew, the most alike of several: the change is then that of
// the old incident, in whose story, returned with it, both are one. before gives
// the stories of the old incidents, others what is told at the time.
func (r *Rules) Retold(now time.Time, c crisis.Change, told crisis.Tally, over []news.Incident, before map[string]crisis.Tally, others []crisis.Tally) (crisis.Change, crisis.Tally, bool) {
	var best story.Again
	var in news.Incident
	for _, was := range over {
		a := story.Retell(originals(told), originals(before[was.Story]), strangers(others, told.Story, was.Story), r.everyday)
		if a.Same() && a.Likeness > best.Likeness {
			best, in = a, was
		}
	}
	if in.ID == "" {
		return c, told, false
	}
	by := crisis.Retold{Likeness: best.Likeness, Names: best.Names}
	for _, w := range best.Why {
		by.Quotes = append(by.Quotes, w.Quote)
	}
	whole := crisis.Together(before[in.Story], told)
	return r.crisis.Again(now, c, in, whole, by), whole, true
}

// originals are the articles of a story in their own words, as the story room
// sees them.
func originals(t crisis.Tally) (out []story.Doc) {
	for _, a := range t.Articles {
		if a.CopyOf == "" && a.Relevant && !a.Digest {
			out = append(out, story.Doc{ID: a.ID, Title: a.Title, Lead: a.Lead, Provinces: a.Provinces})
		}
	}
	return out
}

// strangers are the articles of all stories but two.
func strangers(all []crisis.Tally, one, two string) (out []story.Doc) {
	for _, t := range all {
		if t.Story != one && t.Story != two {
			out = append(out, originals(t)...)
		}
	}
	return out
}

// retold lets incidents that were over live again where the story of a new one
// tells their event anew: the change and the tally of that story are then those
// of the old incident. What else would have become of that one is left out.
func (p *Pipeline) retold(ctx context.Context, now time.Time, changes []crisis.Change, tallies []crisis.Tally, open []news.Incident) ([]crisis.Change, []crisis.Tally, error) {
	for _, c := range slices.Clone(changes) {
		again, told, err := p.again(ctx, now, c, tallies, open)
		if err != nil {
			return nil, nil, fmt.Errorf("holding the story %s against incidents that were over: %w", c.Incident.Story, err)
		}
		if again.Joins == "" {
			continue
		}
		old := again.Incident
		changes = append(slices.DeleteFunc(slices.Clone(changes), func(o crisis.Change) bool {
			return o.Incident.ID == old.ID || o.Incident.ID == c.Incident.ID
		}), again)
		tallies = append(slices.DeleteFunc(slices.Clone(tallies), func(t crisis.Tally) bool {
			return t.Story == old.Story || t.Story == again.Joins
		}), told)
		open = slices.DeleteFunc(slices.Clone(open), func(in news.Incident) bool { return in.ID == old.ID })
	}
	return changes, tallies, nil
}

// again is the change of an incident that was over, and its story from now on,
// where the story of a change tells its event anew; the change as it is where not.
func (p *Pipeline) again(ctx context.Context, now time.Time, c crisis.Change, tallies []crisis.Tally, open []news.Incident) (crisis.Change, crisis.Tally, error) {
	rules := p.Rules()
	at := slices.IndexFunc(tallies, func(t crisis.Tally) bool { return t.Story == c.Incident.Story })
	over := rules.crisis.Over(now, c, open)
	if at < 0 || len(over) == 0 {
		return c, crisis.Tally{}, nil
	}
	over, before, err := p.ended(ctx, now, over, c.Incident.Story)
	if err != nil {
		return c, crisis.Tally{}, err
	}
	c, told, _ := rules.Retold(now, c, tallies[at], over, before, tallies)
	return c, told, nil
}

// toldAgain is why an incident lives again, in words.
func toldAgain(by crisis.Retold, w *say.Words) string {
	quotes := ""
	if len(by.Quotes) > 0 {
		quotes = "“" + strings.Join(by.Quotes, "”, “") + "”"
	}
	return w.Say("alert.retold", "Like", w.Percent(by.Likeness), "Names", strings.Join(by.Names, ", "), "Quotes", quotes)
}

// joinAgain makes the story of a change part of that whose event it tells anew;
// an incident that it had is closed for the old one.
func joinAgain(ctx context.Context, tx *store.Tx, c crisis.Change) error {
	if c.Joins == "" {
		return nil
	}
	w := store.Word{Who: machine, At: c.Incident.Updated, Why: c.Why}
	if err := tx.JoinStories(ctx, c.Joins, c.Incident.Story, w); err != nil {
		return err
	}
	young, err := living(ctx, tx, c.Joins)
	if err != nil {
		return err
	}
	for _, in := range young {
		if err := tx.MergeIncident(ctx, in.ID, store.Word{Who: machine, At: w.At, Why: "nhập vào " + c.Incident.ID}); err != nil {
			return err
		}
	}
	return tx.RetellIncident(ctx, c.Incident, w)
}

// ended are those of incidents whose stories people have left to the machine,
// with these stories as they were told; none where people hold the story itself.
func (p *Pipeline) ended(ctx context.Context, now time.Time, incidents []news.Incident, anew string) (out []news.Incident, told map[string]crisis.Tally, err error) {
	told = map[string]crisis.Tally{}
	if len(incidents) == 0 {
		return nil, told, nil
	}
	if _, ours, err := p.toldIn(ctx, now, anew); err != nil || !ours {
		return nil, told, err
	}
	for _, in := range incidents {
		t, ours, err := p.toldIn(ctx, now, in.Story)
		if err != nil {
			return nil, nil, err
		}
		if ours {
			out, told[in.Story] = append(out, in), t
		}
	}
	return out, told, nil
}

// toldIn is a story as it was told, however long ago, and whether people have
// left it to the machine.
func (p *Pipeline) toldIn(ctx context.Context, now time.Time, id string) (crisis.Tally, bool, error) {
	st, members, err := p.Store.Story(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return crisis.Tally{}, false, nil
	}
	if err != nil {
		return crisis.Tally{}, false, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	shelves, err := p.Store.ReadingsOf(ctx, ids)
	if err != nil {
		return crisis.Tally{}, false, err
	}
	rules, t := p.Rules(), crisis.Tally{Story: id, Title: st.Title}
	for _, s := range shelves {
		t.Articles = append(t.Articles, rules.seen(s, now))
	}
	slices.SortFunc(t.Articles, func(a, b crisis.Article) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	held := slices.ContainsFunc(members, func(m store.StoryArticle) bool { return m.Held })
	return t, !held && !st.Locked, nil
}
