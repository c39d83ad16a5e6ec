package pipeline

import (
	"context"
	"slices"
	"time"

	"diembao/internal/alarms"
	"diembao/internal/baseline"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/when"
)

// around has what stands around the stories taken up from the archive, anew each
// day: corrections and late articles then count, and what is old is forgotten.
func (p *Pipeline) around(ctx context.Context, rules *Rules, now time.Time) error {
	if p.lookout.around != nil && when.StartOfDay(p.lookout.since).Equal(when.StartOfDay(now)) {
		return nil
	}
	counts, err := p.Store.Hourly(ctx, now.Add(-baseline.Remembers))
	if err != nil {
		return err
	}
	x := NewAround(rules.Pack)
	for _, c := range counts {
		x.flow.Add(c.Hour, c.N, seriesNamed(c))
	}
	p.lookout.around, p.lookout.since, p.lookout.judged = x, now, nil
	return nil
}

func seriesNamed(c store.HourCount) baseline.Series {
	switch c.Axis {
	case store.AxisTopic:
		return baseline.Series{Topic: c.Value}
	case store.AxisProvince:
		return baseline.Series{Province: c.Value}
	}
	return baseline.Whole
}

// besides puts into the tallies what their own articles do not tell.
func (p *Pipeline) besides(ctx context.Context, tallies []crisis.Tally) error {
	if err := p.judged(ctx); err != nil {
		return err
	}
	for i := range tallies {
		if len(tallies[i].Articles) > 0 {
			p.lookout.around.Describe(&tallies[i])
		}
	}
	return nil
}

// judged takes in what people made of alerts, where that is something new.
func (p *Pipeline) judged(ctx context.Context) error {
	ledger, err := p.Store.Alerts(ctx, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	ledger = slices.DeleteFunc(ledger, func(a news.Alert) bool {
		return a.Incident == "" || a.Judgement != news.Rightly && a.Judgement != news.TooLate && a.Judgement != news.Wrongly
	})
	ledger = ledger[:min(len(ledger), mostCases)]
	if slices.Equal(ledger, p.lookout.judged) {
		return nil
	}
	past := alarms.NewPast(nil)
	for _, a := range ledger {
		c, err := p.remembered(ctx, a)
		if err != nil {
			return err
		}
		past.Add(c)
	}
	p.lookout.judged, p.lookout.around.past = ledger, past
	clear(p.lookout.around.known)
	return nil
}

// remembered is a judged alert with the words of its story.
func (p *Pipeline) remembered(ctx context.Context, a news.Alert) (alarms.Case, error) {
	c := alarms.Case{ID: a.Incident, Title: a.Title, At: a.At, True: a.Judgement != news.Wrongly}
	in, err := p.Store.Incident(ctx, a.Incident)
	if err != nil {
		return c, err
	}
	c.Story = in.Story
	page, _, err := p.Store.Newest(ctx, store.Filter{Story: in.Story}, mostTexts, "")
	for _, e := range page {
		c.Texts = append(c.Texts, e.Title+". "+e.Lead)
	}
	return c, err
}

// mostTexts is how many articles of a judged alert are held against others.
const mostTexts = 50
