package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"

	"diembao/internal/alarms"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
)

// hush parts the changes that are to be told from those that a silence holds
// back. What is held back is told to nobody before the silence is over.
func (p *Pipeline) hush(ctx context.Context, changes []crisis.Change, tallies []crisis.Tally, now time.Time) ([]crisis.Change, []news.HeldBack, error) {
	silences, err := p.Store.Silences(ctx, false)
	if err != nil || len(silences) == 0 {
		return changes, nil, err
	}
	rules := p.Rules().Pack.Crisis.Silences
	var tell []crisis.Change
	var held []news.HeldBack
	for _, c := range changes {
		in := c.Incident
		s, silent := alarms.Silenced(silences, in, toldOf(in.Story, tallies), rules, now)
		if !c.Tell || !silent {
			tell = append(tell, c)
			continue
		}
		held = append(held, news.HeldBack{Silence: s.ID, Incident: in.ID, Title: in.Title, Level: in.Level, At: in.Updated})
	}
	return tell, held, nil
}

// toldOf are the articles of a story as a silence sees them.
func toldOf(story string, tallies []crisis.Tally) (out []alarms.Told) {
	for _, t := range tallies {
		if t.Story != story {
			continue
		}
		for _, a := range t.Articles {
			out = append(out, alarms.Told{Title: a.Title, Outlet: a.Outlet, Topics: a.Topics, Provinces: a.Provinces})
		}
	}
	return out
}

// tendSilences reminds the authors of silences that end soon, and tells those
// who were not told what was held back when one is over: each once, with the
// record of it in one transaction.
func (p *Pipeline) tendSilences(ctx context.Context, now time.Time) error {
	silences, err := p.Store.Silences(ctx, false)
	if err != nil {
		return err
	}
	remind := p.Rules().Pack.Crisis.Silences.Remind
	for _, s := range silences {
		over, soon := !now.Before(s.Until), !now.Before(s.Until.Add(-min(remind, s.Until.Sub(s.From)/2)))
		if !over && (!soon || !s.Reminded.IsZero()) {
			continue
		}
		if err := p.tellSilence(ctx, s, over, now); err != nil && !errors.Is(err, store.ErrTaken) { // another node was faster
			return err
		}
	}
	return nil
}

func (p *Pipeline) tellSilence(ctx context.Context, s news.Silence, over bool, now time.Time) error {
	return p.Store.Do(ctx, func(tx *store.Tx) error {
		record := tx.SilenceReminded
		if over {
			record = tx.SilenceLapsed
		}
		if err := record(ctx, s.ID, now); err != nil {
			return err
		}
		steps, err := tx.HeldBack(ctx, s.ID)
		if err != nil {
			return err
		}
		letters, err := p.silenceLetters(s, steps, over, now)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if _, err := tx.PutLetter(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// silenceLetters are the reminder to the author or, where something was held
// back, the summary to all who would have been told of it. An author without an
// address is reminded through those who are told of incidents.
func (p *Pipeline) silenceLetters(s news.Silence, steps []news.HeldBack, over bool, now time.Time) ([]news.Letter, error) {
	pack := p.Rules().Pack
	words := say.In(pack.Site.Language)
	to := pack.Site.Mail.Alerts
	for _, x := range steps {
		for _, who := range pack.Tells(x.Level) {
			if over && !slices.Contains(to, who) {
				to = append(slices.Clone(to), who)
			}
		}
	}
	switch {
	case over && len(steps) == 0:
		return nil, nil
	case over && s.Mail != "" && !slices.Contains(to, s.Mail):
		to = append(slices.Clone(to), s.Mail)
	case !over && s.Mail != "":
		to = []string{s.Mail}
	}
	about := report.Silence{Silence: s, Matter: alarms.Matter(s, pack, words.Lang), Over: over, Steps: steps, At: now, Agency: pack.Site.Agency}
	if p.Web != "" {
		about.Page = p.Web + "/silences"
	}
	var out []news.Letter
	for _, t := range to {
		l, err := report.ComposeSilence(about, t, report.Domain(pack.Site.Mail.From), words)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}
