package pipeline

import (
	"context"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
)

// keep stores the changes and the letters that tell of them in one transaction:
// there is no incident without its letter, and no letter twice.
func (p *Pipeline) keep(ctx context.Context, changes []crisis.Change, tallies []crisis.Tally, now time.Time) error {
	if len(changes) == 0 {
		return nil
	}
	tell, held, err := p.hush(ctx, changes, tallies, now)
	if err != nil {
		return err
	}
	letters, err := p.letters(ctx, tell, tallies)
	if err != nil {
		return err
	}
	err = p.Store.Do(ctx, func(tx *store.Tx) error {
		for _, c := range changes {
			if err := joinAgain(ctx, tx, c); err != nil {
				return err
			}
			if err := tx.PutIncident(ctx, c.Incident); err != nil {
				return err
			}
			if err := hurry(ctx, tx, c.Incident, p.Now()); err != nil {
				return err
			}
		}
		for _, h := range held {
			if err := tx.PutHeldBack(ctx, h); err != nil {
				return err
			}
		}
		for _, l := range letters {
			if _, err := tx.PutLetter(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range changes {
		p.tell(Event{What: "incident", Title: c.Incident.Title, Level: c.Incident.Level, Detail: string(c.Kind)})
	}
	return nil
}

func (p *Pipeline) letters(ctx context.Context, changes []crisis.Change, tallies []crisis.Tally) ([]news.Letter, error) {
	pack := p.Rules().Pack
	words := say.In(pack.Site.Language)
	var out []news.Letter
	for _, c := range changes {
		level, ok := levelOf(pack.Crisis, c.Incident.Level)
		if !c.Tell || !ok {
			continue
		}
		alert, err := p.alert(ctx, c, level, tallies)
		if err != nil {
			return nil, err
		}
		if alert.Claims, err = p.claimsTold(ctx, c.Incident.Story, tallies); err != nil {
			return nil, err
		}
		for _, to := range pack.Tells(level.Level) {
			l, err := report.Compose(alert, to, report.Domain(pack.Site.Mail.From), words)
			if err != nil {
				return nil, err
			}
			if p.Drill {
				l = report.Drill(l, words)
			}
			out = append(out, l)
		}
	}
	return out, nil
}

func levelOf(c config.Crisis, level int) (config.CrisisLevel, bool) {
	for _, l := range c.Levels {
		if l.Level == level {
			return l, true
		}
	}
	return config.CrisisLevel{}, false
}

func (p *Pipeline) alert(ctx context.Context, c crisis.Change, level config.CrisisLevel, tallies []crisis.Tally) (report.Alert, error) {
	rules := p.Rules()
	words := say.In(rules.Pack.Site.Language)
	a := report.Alert{
		Incident: c.Incident, Rose: c.From > 0 && c.From < c.Incident.Level, From: c.From,
		Means: config.In(words.Lang, level.Means, level.MeansEN), Agency: rules.Pack.Site.Agency,
	}
	if p.Web != "" {
		a.Page = p.Web + "/incident/" + c.Incident.ID
	}
	outlets := map[string]bool{}
	for _, t := range tallies {
		if t.Story != c.Incident.Story {
			continue
		}
		for _, m := range t.Articles {
			outlets[m.Outlet] = true
			a.Articles = append(a.Articles, report.Item{
				Title: m.Title, Lead: m.Lead, URL: p.address(m.ID, m.URL), Tone: m.Tone,
				Outlet: rules.Outlet(m.Outlet).Name, At: words.Moment(m.FirstSeen),
			})
		}
	}
	a.Outlets = len(outlets)
	return a, p.handle(ctx, &a, c, words)
}

// address is where a reader of a letter or report finds an article: on the
// outlet's site or, of a printed or broadcast piece, on a page of ours.
func (p *Pipeline) address(id, url string) string {
	if url == "" && p.Web != "" {
		return p.Web + "/article/" + id
	}
	return url
}
