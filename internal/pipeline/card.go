package pipeline

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"diembao/internal/baseline"
	"diembao/internal/card"
	"diembao/internal/chart"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
	"diembao/internal/when"
)

// Card makes the handling card of an incident in a language; store.ErrNotFound.
func (p *Pipeline) Card(ctx context.Context, id, lang string) (card.Card, error) {
	in, err := p.Store.Incident(ctx, id)
	if err != nil {
		return card.Card{}, err
	}
	return p.card(ctx, in, "", say.In(lang))
}

// card makes the card of an incident, which may not be stored yet; joins is a
// story that is about to become part of its own.
func (p *Pipeline) card(ctx context.Context, in store.IncidentState, joins string, w *say.Words) (card.Card, error) {
	f := card.Facts{Now: p.Now(), Pack: p.Rules().Pack, Incident: in.Incident, Owner: in.Owner}
	f.Raises = p.Rules().Crises().Newsrooms(in.Level+1, p.Rules().switchedOn())
	told := func(ctx context.Context, f *card.Facts) error { return p.told(ctx, f, in.Story, joins) }
	for _, step := range []func(context.Context, *card.Facts) error{told, p.changed, p.lived, p.usual, p.cases} {
		if err := step(ctx, &f); err != nil {
			return card.Card{}, fmt.Errorf("making the card of incident %s: %w", in.ID, err)
		}
	}
	return card.Make(f, w), nil
}

// handle puts the handling card into a letter, and what is new since the letter
// before.
func (p *Pipeline) handle(ctx context.Context, a *report.Alert, c crisis.Change, w *say.Words) error {
	was, err := p.Store.Incident(ctx, c.Incident.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	made, err := p.card(ctx, store.IncidentState{Incident: c.Incident, Owner: was.Owner}, c.Joins, w)
	if err != nil {
		return err
	}
	plain, rich, err := card.Brief(made, w)
	if err != nil {
		return err
	}
	a.Card, a.CardHTML = plain, template.HTML(rich) // the card's own templates escaped it
	a.Hours = made.Hours.Tell(w)
	if a.Picture, err = picture(made.Hours, w); err != nil {
		return err
	}
	thread := report.Thread(c.Incident.ID, report.Domain(p.Rules().Pack.Site.Mail.From))
	last, err := p.Store.Letters(ctx, store.LetterFilter{Thread: thread, Limit: 1})
	if len(last) > 0 {
		a.Changed = made.Since(last[0].Made, w)
	}
	switch {
	case c.Joins != "":
		a.Changed = append([]string{toldAgain(c.Again, w)}, a.Changed...)
	case c.Kind == crisis.Updated && len(a.Changed) == 0:
		a.Changed = []string{p.updated(was.Incident, c.Incident, w)}
	}
	return err
}

// updated says in words what made the rules tell of an incident again: the
// agency's word, or a province.
func (p *Pipeline) updated(was, now news.Incident, w *say.Words) string {
	factor := func(in news.Incident, name string) (f news.Factor) {
		if i := slices.IndexFunc(in.Reasons, func(f news.Factor) bool { return f.Factor == name }); i >= 0 {
			f = in.Reasons[i]
		}
		return f
	}
	if factor(now, "official").Value > factor(was, "official").Value {
		return w.Say("factor.official")
	}
	known := strings.Split(factor(was, "provinces").Quote, ", ")
	names := provinceLabel(p.Rules().Pack)
	var fresh []string
	for id := range strings.SplitSeq(factor(now, "provinces").Quote, ", ") {
		if !slices.Contains(known, id) {
			fresh = append(fresh, names(id))
		}
	}
	return w.Say("factor.provinces") + ": " + strings.Join(fresh, ", ")
}

// Hours draws the hours of an incident's story as PNG, named in a language;
// store.ErrNotFound.
func (p *Pipeline) Hours(ctx context.Context, id, lang string) ([]byte, error) {
	c, err := p.Card(ctx, id, lang)
	if err != nil {
		return nil, err
	}
	return picture(c.Hours, say.In(lang))
}

// picture draws the story's hours for a letter.
func picture(h card.Hours, w *say.Words) ([]byte, error) {
	return chart.Hours{From: h.From.In(when.VN), Bad: h.Bad, Rest: h.Rest, Usual: h.Usual,
		Title: w.Say("card.hours.title", "From", w.Moment(h.From)), BadName: w.Say("card.hours.negative"), RestName: w.Say("card.hours.rest"), UsualName: w.Say("card.hours.line")}.PNG()
}

// told takes in the articles of stories.
func (p *Pipeline) told(ctx context.Context, f *card.Facts, stories ...string) error {
	for _, id := range stories {
		if err := p.toldBy(ctx, f, id); err != nil {
			return err
		}
	}
	slices.Reverse(f.Articles)
	slices.SortStableFunc(f.Articles, func(a, b card.Article) int { return a.At.Compare(b.At) })
	return nil
}

func (p *Pipeline) toldBy(ctx context.Context, f *card.Facts, story string) error {
	for cursor := ""; story != ""; {
		page, next, err := p.Store.Newest(ctx, store.Filter{Story: story}, 500, cursor)
		if err != nil {
			return err
		}
		for _, e := range page {
			if !e.Reading.Digest {
				f.Articles = append(f.Articles, card.Article{Article: e.Article, Reading: e.Reading.Reading, CopyOf: e.CopyOf, Harm: crisis.Harm(e.Reading.Reading, p.Rules().Outlet(e.Outlet)), At: store.When(e.Article)})
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return nil
}

// changed takes in what the papers changed and took down, and what was kept of it.
func (p *Pipeline) changed(ctx context.Context, f *card.Facts) error {
	var ids []string
	for _, a := range f.Articles {
		ids = append(ids, a.ID)
		if a.Version < 2 {
			continue
		}
		versions, err := p.Store.Versions(ctx, a.ID)
		if err != nil {
			return err
		}
		for i := 1; i < len(versions); i++ {
			if was, is := versions[i-1].Title, versions[i].Title; was != is {
				f.Edits = append(f.Edits, card.Edit{Article: a.ID, Was: was, Now: is, At: versions[i].Since})
			}
		}
	}
	removals, err := p.Store.RemovalsOf(ctx, ids)
	if err != nil {
		return err
	}
	evidence, err := p.Store.Evidence(ctx, ids)
	f.Proofs = map[string]int{}
	for _, id := range ids {
		f.Proofs[id] = len(evidence[id])
		for _, r := range removals[id] {
			if r.Back.IsZero() {
				f.Gone = append(f.Gone, card.Gone{Article: id, At: r.At})
			}
		}
	}
	return err
}

// lived takes in the life of the incident up to now, and when it would rest.
func (p *Pipeline) lived(ctx context.Context, f *card.Facts) error {
	events, err := p.Store.IncidentEvents(ctx, f.Incident.ID)
	f.Life = lives(events)
	rules := f.Pack.Crisis
	last, live := f.Incident.Opened, false
	for _, a := range f.Articles {
		if a.Harm && a.FirstSeen.After(last) {
			last = a.FirstSeen
		}
		live = live || !a.At.Before(f.Now.Add(-rules.Window))
	}
	if !live && f.Incident.Updated.After(last) { // the rules see the story no more: silence counts from the last word
		last = f.Incident.Updated
	}
	f.Fades, f.Closes = crisis.Rests(last, rules.FadeAfter), crisis.Rests(last, rules.CloseAfter)
	return err
}

func lives(events []store.IncidentEvent) []card.Event {
	var out []card.Event
	for _, e := range events {
		out = append(out, card.Event{At: e.At, Did: e.Did, Level: e.Level, Who: e.Who, Why: e.Why})
	}
	return out
}

// usualDays is how much history the usual is learned from.
const usualDays = 56

// usual counts the story's main topic today and learns what is usual for it.
func (p *Pipeline) usual(ctx context.Context, f *card.Facts) error {
	topic := mainTopic(f.Articles)
	if topic == "" {
		return nil
	}
	today := when.StartOfDay(f.Now)
	counts, err := p.Store.CountsByDay(ctx, store.ByNothing, store.Filter{Topics: []string{topic}, From: today.AddDate(0, 0, -usualDays), To: f.Now})
	if err != nil {
		return err
	}
	f.Usual = card.Usual{Topic: topic}
	var happened []time.Time
	for _, c := range counts {
		if c.Day.Equal(today) {
			f.Usual.Today = c.Publications
			continue
		}
		for range c.Publications {
			happened = append(happened, c.Day)
		}
	}
	if len(happened) == 0 {
		return nil
	}
	history := baseline.Tally(happened, happened[0], today, baseline.Daily)
	m := baseline.Learn(history, baseline.Daily, baseline.For(f.Pack.Calendar, topic))
	band := m.Expected(today)
	f.Usual.Mean, f.Usual.Low, f.Usual.High, f.Usual.Days = band.Mean, band.Low, band.High, len(history)
	return nil
}

// mainTopic is the first topic of most articles; of several the one told first.
func mainTopic(articles []card.Article) string {
	best, count := "", map[string]int{}
	for _, a := range articles {
		if len(a.Reading.Topics) > 0 {
			count[a.Reading.Topics[0]]++
		}
	}
	for _, a := range articles {
		if len(a.Reading.Topics) > 0 && count[a.Reading.Topics[0]] > count[best] {
			best = a.Reading.Topics[0]
		}
	}
	return best
}

// mostCases is how many earlier incidents are looked at for like ones.
const mostCases = 500

// cases takes in other incidents, with what people said of them.
func (p *Pipeline) cases(ctx context.Context, f *card.Facts) error {
	found, err := p.Store.Incidents(ctx, store.IncidentFilter{Limit: mostCases})
	if err != nil {
		return err
	}
	var ids []string
	for _, in := range found {
		ids = append(ids, in.ID)
	}
	words, err := p.Store.WordsOn(ctx, ids)
	for _, in := range found {
		f.Cases = append(f.Cases, card.Case{Incident: in.Incident, Provinces: placesOf(in.Incident), Life: lives(words[in.ID])})
	}
	return err
}

// placesOf are the provinces that an incident was weighed by.
func placesOf(in news.Incident) []string {
	for _, r := range in.Reasons {
		if r.Factor == "provinces" && r.Quote != "" {
			return strings.Split(r.Quote, ", ")
		}
	}
	return nil
}
