package pipeline

import (
	"fmt"
	"math"
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/alarms"
	"diembao/internal/baseline"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/say"
)

// Around is what stands around the stories: how much comes on other days, and
// what people made of earlier alerts. The watch and the replay tell it of every
// article of ours and ask it of every story. It is not safe for concurrent use.
type Around struct {
	pack  config.Pack
	flow  *baseline.Flow
	past  *alarms.Past
	told  map[string]bool   // articles
	known map[string]asides // story → what was said of it last
}

// asides are what was said of a story with so many articles and cases.
type asides struct {
	articles, cases    int
	surprise, likeness crisis.Aside
}

// NewAround knows of nothing yet.
func NewAround(pack config.Pack) *Around {
	return &Around{
		pack: pack, flow: baseline.NewFlow(pack.Calendar), past: alarms.NewPast(nil),
		told: map[string]bool{}, known: map[string]asides{},
	}
}

// timely is how soon after it came out an article was found that counts: the
// old articles of an outlet newly followed are no volume of any day.
const timely = 24 * time.Hour

// Hear counts an article of ours.
func (x *Around) Hear(a crisis.Article) {
	at := told(a)
	if x.told[a.ID] || !a.Relevant || a.Digest || a.Via == news.Crawl && a.FirstSeen.Sub(at) > timely {
		return
	}
	x.told[a.ID] = true
	x.flow.Add(at, 1, seriesOf(a)...)
}

// told is when an article came out; when it was seen, where that is unknown.
func told(a crisis.Article) time.Time {
	if a.Published.IsZero() || a.Published.After(a.FirstSeen) {
		return a.FirstSeen
	}
	return a.Published
}

// seriesOf are the series that an article counts in.
func seriesOf(a crisis.Article) []baseline.Series {
	out := []baseline.Series{baseline.Whole}
	for _, t := range a.Topics {
		out = append(out, baseline.Series{Topic: t})
	}
	for _, p := range a.Provinces {
		out = append(out, baseline.Series{Province: p})
	}
	return out
}

// Judged takes in what people made of an alert.
func (x *Around) Judged(c alarms.Case) { x.past.Add(c) }

// Describe says how unusual the volume of a story's topic and place is and how
// like judged alerts the story is.
func (x *Around) Describe(t *crisis.Tally) {
	was, known := x.known[t.Story]
	if !known || was.articles != len(t.Articles) || was.cases != x.past.Len() {
		was = asides{len(t.Articles), x.past.Len(), x.surprise(t.Articles), x.likeness(t)}
		x.known[t.Story] = was
	}
	t.Surprise, t.Likeness = was.surprise, was.likeness
}

// certain is the surprise that counts in full: once in a million such hours.
const certain = 6.0

// surprise is that of the least unusual of the story's topic and its province:
// where either is always as busy, nobody wonders.
func (x *Around) surprise(articles []crisis.Article) crisis.Aside {
	at := last(articles)
	var least baseline.Excess
	var of baseline.Series
	for _, s := range []baseline.Series{{Topic: mainly(articles, topicOf)}, {Province: mainly(articles, placeOf)}} {
		if e, ok := x.flow.Excess(s, at); s != baseline.Whole && ok && (least.N == 0 || e.Chance > least.Chance) {
			least, of = e, s
		}
	}
	if least.N < 2 {
		return crisis.Aside{}
	}
	return crisis.Aside{
		Value: math.Min(1, least.Surprise()/certain), Articles: within(articles, at.Add(-baseline.Hours*time.Hour), at), Quote: x.inWords(least, of),
	}
}

// inWords tells an excess so that its value can be computed again.
func (x *Around) inWords(e baseline.Excess, s baseline.Series) string {
	w, what := say.In(x.pack.Site.Language), ""
	if t, ok := x.pack.TopicByID(s.Topic); ok {
		what = config.In(w.Lang, t.Label, t.LabelEN)
	}
	if p, ok := x.pack.ProvinceByID(s.Province); ok {
		what = p.Name
	}
	return w.Say("around.surprise", "N", e.N, "What", what, "Hours", baseline.Hours, "Usual", w.Decimal(e.Usual, 2), "Surprise", w.Decimal(e.Surprise(), 2))
}

// likeness is how much more like a true alert a story is than like a false alarm.
func (x *Around) likeness(t *crisis.Tally) crisis.Aside {
	if x.past.Len() == 0 {
		return crisis.Aside{}
	}
	texts := make([]string, len(t.Articles))
	for i, a := range t.Articles {
		texts[i] = a.Title + ". " + a.Lead
	}
	rightly, wrongly := x.past.Nearest(t.Story, texts)
	value, nearest := rightly.Like-wrongly.Like, rightly
	if value < 0 {
		nearest = wrongly
	}
	if value == 0 {
		return crisis.Aside{}
	}
	w, ids := say.In(x.pack.Site.Language), []string(nil)
	for _, a := range t.Articles {
		ids = append(ids, a.ID)
	}
	return crisis.Aside{Value: value, Articles: ids, Quote: w.Say(fmt.Sprintf("around.like.%t", nearest.True), "Title", nearest.Title, "Like", w.Percent(nearest.Like))}
}

func topicOf(a crisis.Article) []string { return a.Topics[:min(1, len(a.Topics))] }
func placeOf(a crisis.Article) []string { return a.Provinces }

// mainly is the value that most articles have; of several the one told first.
func mainly(articles []crisis.Article, of func(crisis.Article) []string) (best string) {
	count := map[string]int{}
	for _, a := range articles {
		for _, v := range of(a) {
			count[v]++
		}
	}
	for _, a := range articles {
		for _, v := range of(a) {
			if best == "" || count[v] > count[best] {
				best = v
			}
		}
	}
	return best
}

// last is when the latest article came out.
func last(articles []crisis.Article) time.Time {
	return told(slices.MaxFunc(articles, func(a, b crisis.Article) int { return told(a).Compare(told(b)) }))
}

// within are the ids of the articles that came out after from, up to to.
func within(articles []crisis.Article, from, to time.Time) (ids []string) {
	for _, a := range articles {
		if at := told(a); at.After(from) && !at.After(to) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
