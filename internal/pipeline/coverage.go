package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/alarms"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/store"
)

// channels is the order in which a report shows who published.
var channels = []string{"central", "local", "agency-portal", "magazine", "provincial-portal", "government-portal", "social", "aggregator"}

// channel is the row of the official table an outlet belongs to: press by
// governing body, the agency's own channels, the portals. An aggregator is a
// row of its own and never counts as press.
func channel(o config.Outlet) string {
	switch o.Kind {
	case "agency-portal", "magazine", "provincial-portal", "government-portal", "social", "aggregator":
		return o.Kind
	}
	if o.Level == "central" {
		return "central"
	}
	return "local"
}

// Coverage counts the period [from, to), beside the period of the same length
// before it. Aggregators and social posts have their row among the channels
// and count nowhere else. Labels are in the language of words.
func (p *Pipeline) Coverage(ctx context.Context, from, to time.Time, words *say.Words) (report.Figures, error) {
	rules := p.Rules()
	c := counter{p: p, rules: rules, words: words, now: store.Filter{From: from, To: to}, before: store.Filter{From: from.Add(-to.Sub(from)), To: from}}
	f := report.Figures{
		Title: rules.Pack.Report.Title, Agency: rules.Pack.Site.Agency, Sections: rules.Pack.Report.Sections,
		From: from, To: to, AsOf: p.Now().In(config.VN), Rules: rules.Version(),
	}
	if err := c.channels(ctx, &f); err != nil {
		return f, fmt.Errorf("counting the channels: %w", err)
	}
	top := max(1, rules.Pack.Report.TopN)
	for _, t := range []struct {
		into  *[]report.Count
		axis  string
		label func(string) string
		most  int
	}{
		{&f.Insurance, store.AxisInsurance, func(v string) string { return words.Say("insurance." + v) }, 3},
		{&f.Topics, store.AxisTopic, topicLabel(rules.Pack, words.Lang), top},
		{&f.Provinces, store.AxisCurrent, provinceLabel(rules.Pack), top},
		{&f.Tone, store.ByTone, func(v string) string { return words.Say("tone." + v) }, 3},
		{&f.Roles, store.ByRole, func(v string) string { return words.Say("role." + v) }, 5},
		{&f.Forms, store.AxisForm, signLabel(rules.Pack.Topics.Forms, words.Lang), len(rules.Pack.Topics.Forms)},
		{&f.Events, store.AxisEvent, signLabel(rules.Pack.Topics.Events, words.Lang), len(rules.Pack.Topics.Events)},
		{&f.EventsAt, store.AxisEventAt, eventPlaceLabel(rules.Pack, words), top},
		{&f.Series, store.AxisSeries, func(v string) string { return v }, top},
		{&f.Models, store.AxisModel, func(v string) string { return v }, top},
	} {
		counts, err := c.by(ctx, t.axis, t.label)
		if err != nil {
			return f, fmt.Errorf("counting by %s: %w", t.axis, err)
		}
		*t.into = counts[:min(t.most, len(counts))]
	}
	for _, fill := range []func(context.Context, *report.Figures) error{c.weights, c.days, c.events, c.lists, c.incidents, c.alarms, c.sources, c.gaps} {
		if err := fill(ctx, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

type counter struct {
	p           *Pipeline
	rules       *Rules
	words       *say.Words
	now, before store.Filter // narrowed to what counts, by channels
}

// channels counts who published and narrows the filters to what counts as
// press and own channels.
func (c *counter) channels(ctx context.Context, f *report.Figures) error {
	rows := map[string]*report.Count{}
	for _, id := range channels {
		rows[id] = &report.Count{Key: id, Label: c.words.Say("channel." + id)}
	}
	for _, side := range []*store.Filter{&c.now, &c.before} {
		counts, err := c.p.Store.Counts(ctx, store.ByOutlet, *side)
		if err != nil {
			return err
		}
		side.Outlets = []string{"-"} // no outlet has this id: an empty period counts nothing, not everything
		for _, n := range counts {
			id := channel(c.rules.Outlet(n.Value))
			if id != "aggregator" && id != "social" {
				side.Outlets = append(side.Outlets, n.Value)
			}
			if side == &c.now {
				rows[id].Publications += n.Publications
				rows[id].Originals += n.Originals
			} else {
				rows[id].Before += n.Publications
			}
		}
	}
	for _, id := range channels {
		if r := rows[id]; r.Publications+r.Before > 0 || id != "social" && id != "aggregator" {
			f.Channels = append(f.Channels, *r)
		}
		if id != "aggregator" && id != "social" {
			f.Total.Publications += rows[id].Publications
			f.Total.Originals += rows[id].Originals
			f.Total.Before += rows[id].Before
		}
	}
	return nil
}

func (c *counter) by(ctx context.Context, axis string, label func(string) string) ([]report.Count, error) {
	now, err := c.p.Store.Counts(ctx, axis, c.now)
	if err != nil {
		return nil, err
	}
	before, err := c.p.Store.Counts(ctx, axis, c.before)
	if err != nil {
		return nil, err
	}
	out := make([]report.Count, 0, len(now))
	for _, n := range now {
		r := report.Count{Key: n.Value, Label: label(n.Value), Publications: n.Publications, Originals: n.Originals}
		if i := slices.IndexFunc(before, func(b store.Count) bool { return b.Value == n.Value }); i >= 0 {
			r.Before = before[i].Publications
		}
		out = append(out, r)
	}
	return out, nil
}

// days counts each day, days without articles among them.
func (c *counter) days(ctx context.Context, f *report.Figures) error {
	counts, err := c.p.Store.CountsByDay(ctx, store.ByTone, c.now)
	if err != nil {
		return fmt.Errorf("counting the days: %w", err)
	}
	for d := f.From; d.Before(f.To); d = d.AddDate(0, 0, 1) {
		day := report.Day{Date: d}
		for _, n := range counts {
			if n.Day.Equal(d) {
				day.Publications += n.Publications
				if n.Value == "negative" {
					day.Negative += n.Publications
				}
			}
		}
		f.Days = append(f.Days, day)
	}
	return nil
}

// weights adds to the provinces how much of the articles is about each: an
// article on three provinces is a third of one for each of them, or as its
// words divide it.
func (c *counter) weights(ctx context.Context, f *report.Figures) error {
	shares, err := c.p.Store.ProvinceWeights(ctx, c.now)
	if err != nil {
		return fmt.Errorf("weighing the provinces: %w", err)
	}
	for slug, share := range shares {
		for _, today := range current(c.rules.Pack, []string{slug}) {
			if i := slices.IndexFunc(f.Provinces, func(r report.Count) bool { return r.Key == today }); i >= 0 {
				f.Provinces[i].Weight += share
			}
		}
	}
	for i := range f.Provinces {
		f.Provinces[i].Weight = math.Round(f.Provinces[i].Weight*100) / 100
	}
	return nil
}

// events adds up what the articles tell of: of the articles of one story the
// one that tells most counts, for each kind and province.
func (c *counter) events(ctx context.Context, f *report.Figures) error {
	tellings, err := c.p.Store.Tellings(ctx, c.now)
	if err != nil {
		return fmt.Errorf("counting the events: %w", err)
	}
	type one struct{ story, kind, province string }
	events, people := map[one]int{}, map[one]int{}
	for _, t := range tellings {
		for _, e := range t.Events {
			if !e.Planned {
				k := one{t.Story, e.Kind, e.Province}
				events[k], people[k] = max(events[k], e.Count), max(people[k], e.People)
			}
		}
	}
	for k := range events {
		f.EventsN += events[k]
		f.People += people[k]
	}
	return nil
}

func (c *counter) lists(ctx context.Context, f *report.Figures) error {
	top := max(1, c.rules.Pack.Report.TopN)
	stories, err := c.p.Store.TopStories(ctx, c.now, top)
	if err != nil {
		return fmt.Errorf("looking up the most told stories: %w", err)
	}
	for _, s := range stories {
		_, members, err := c.p.Store.Story(ctx, s.ID)
		if err != nil {
			return fmt.Errorf("looking up the story %s: %w", s.ID, err)
		}
		l := report.Line{Title: s.Title, Outlets: s.Outlets, Publications: s.Publications, At: s.First.In(config.VN)}
		if len(members) > 0 {
			l.URL = c.p.address(members[0].ID, members[0].URL)
		}
		f.Stories = append(f.Stories, l)
	}
	bad := c.now
	bad.Tones, bad.Originals = []string{"negative"}, true
	entries, _, err := c.p.Store.Newest(ctx, bad, top, "")
	if err != nil {
		return fmt.Errorf("looking up the negative items: %w", err)
	}
	for _, e := range entries {
		f.Negative = append(f.Negative, report.Line{Title: e.Title, URL: c.p.address(e.ID, e.URL), Outlet: c.rules.Outlet(e.Outlet).Name, Tone: e.Reading.Tone, At: store.When(e.Article).In(config.VN)})
	}
	return nil
}

func (c *counter) incidents(ctx context.Context, f *report.Figures) error {
	states, err := c.p.Store.Incidents(ctx, store.IncidentFilter{From: f.From, To: f.To})
	if err != nil {
		return fmt.Errorf("looking up the incidents: %w", err)
	}
	f.Incidents = incidents(states)
	for i := range f.Incidents {
		in := &f.Incidents[i]
		in.Opened, in.Updated = in.Opened.In(config.VN), in.Updated.In(config.VN)
	}
	slices.SortStableFunc(f.Incidents, func(a, b news.Incident) int { return b.Level - a.Level })
	return nil
}

// alarms tells what became of the alerts of the period, month by month as the
// ledger counts them.
func (c *counter) alarms(ctx context.Context, f *report.Figures) error {
	alerts, err := c.p.Store.Alerts(ctx, f.From, f.To)
	if err != nil {
		return err
	}
	months, all := alarms.Months(alerts)
	f.Ledger.All = tallied(time.Time{}, all.All)
	first := time.Date(f.From.Year(), f.From.Month(), 1, 0, 0, 0, 0, config.VN)
	for m := first; m.Before(f.To) && m.Before(f.AsOf); m = m.AddDate(0, 1, 0) {
		var of alarms.Figures
		if i := slices.IndexFunc(months, func(x alarms.Month) bool { return x.First.Equal(m) }); i >= 0 {
			of = months[i].All
		}
		f.Ledger.Months = append(f.Ledger.Months, tallied(m, of))
	}
	for _, a := range slices.Backward(alerts) {
		verdict := cmp.Or(string(a.Judgement), "none")
		f.Ledger.Alerts = append(f.Ledger.Alerts, report.Alarmed{Title: a.Title, At: a.At.In(config.VN), Level: a.Level, Verdict: verdict, Who: a.Who})
	}
	return nil
}

func tallied(month time.Time, f alarms.Figures) report.Alarms {
	known := func(share float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		return &share
	}
	return report.Alarms{Month: month, Alerts: f.Alerts, True: f.True, Late: f.Late, False: f.False, Unjudged: f.Unjudged, Missed: f.Missed,
		Precision: known(f.Precision()), Recall: known(f.Recall()), InTime: known(f.InTime())}
}

// sources tells which of the outlets switched on were not well at the end.
func (c *counter) sources(ctx context.Context, f *report.Figures) error {
	health, err := c.p.Store.Health(ctx, f.From)
	if err != nil {
		return fmt.Errorf("looking up the sources: %w", err)
	}
	by := map[string]store.Health{}
	for _, h := range health {
		by[h.Outlet] = h
	}
	for _, o := range c.rules.Pack.Outlets {
		if !o.On {
			continue
		}
		f.SourcesOn++
		if h := by[o.ID]; !h.Well() {
			state, since := h.State()
			f.Dark = append(f.Dark, report.Source{Name: o.Name, State: c.words.Say("source." + state), Since: since.In(config.VN), Why: c.words.Tell(h.Evidence())})
		}
	}
	return nil
}

// gaps lists what nobody can vouch for, and tells each day of it.
func (c *counter) gaps(ctx context.Context, f *report.Figures) error {
	gaps, err := c.p.Gaps(ctx, "", f.From, f.To)
	if err != nil {
		return fmt.Errorf("looking up the gaps: %w", err)
	}
	for _, g := range gaps {
		x := report.Gap{Name: c.rules.Outlet(g.Outlet).Name, State: c.words.Say("source." + g.State), Why: c.words.Tell(g.Evidence),
			From: g.From.In(config.VN), Hours: g.Hours, Expected: g.Expected, Seen: g.Seen}
		if !g.To.IsZero() {
			x.To = g.To.In(config.VN)
		}
		f.Gaps = append(f.Gaps, x)
		for i := range f.Days {
			d := &f.Days[i]
			d.DarkHours += g.Length(d.Date, d.Date.AddDate(0, 0, 1), c.p.Now()).Hours()
		}
	}
	return nil
}

func topicLabel(pack config.Pack, lang string) func(string) string {
	return func(id string) string {
		t, ok := pack.TopicByID(id)
		switch {
		case !ok:
			return id
		case lang == "en" && t.LabelEN != "":
			return t.LabelEN
		}
		return t.Label
	}
}

// signLabel names a form or a kind of event.
func signLabel(signs []config.Sign, lang string) func(string) string {
	return func(id string) string {
		i := slices.IndexFunc(signs, func(s config.Sign) bool { return s.ID == id })
		switch {
		case i < 0:
			return id
		case lang == "en" && signs[i].LabelEN != "":
			return signs[i].LabelEN
		}
		return signs[i].Label
	}
}

// eventPlaceLabel names "kind/province".
func eventPlaceLabel(pack config.Pack, words *say.Words) func(string) string {
	kinds, provinces := signLabel(pack.Topics.Events, words.Lang), provinceLabel(pack)
	return func(v string) string {
		kind, slug, _ := strings.Cut(v, "/")
		if slug == "" {
			return kinds(kind) + " – " + words.Say("report.event_nowhere")
		}
		return kinds(kind) + " – " + provinces(slug)
	}
}

func provinceLabel(pack config.Pack) func(string) string {
	return func(id string) string {
		if p, ok := pack.ProvinceByID(id); ok {
			return p.Name
		}
		return id
	}
}
