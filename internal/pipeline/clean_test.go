package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"diembao/internal/classify"
	"diembao/internal/crisis"
	"diembao/internal/extract"
	"diembao/internal/fetch"
	"diembao/internal/match"
	"diembao/internal/news"
	"diembao/internal/report"
	"diembao/internal/say"
	"diembao/internal/story"
)

// TestCleanRooms runs the rooms without network, store or clock twice over the
// demo press: the same input gives the same bytes.
func TestCleanRooms(t *testing.T) {
	h := open(t)
	h.play(t, 24*time.Hour)
	figures, err := h.Coverage(t.Context(), h.press.Start(), h.press.End(), say.In(h.pack.Site.Language))
	must(t, err)
	in := said{h, h.pages(t), figures}
	first, second := in.run(t), in.run(t)
	for _, room := range []string{"extract", "match", "classify", "story", "crisis", "report"} {
		a, b := first[room].Bytes(), second[room].Bytes()
		t.Logf("%s: %d bytes", room, len(a))
		if len(a) < 1000 {
			t.Errorf("%s said too little to compare: %d bytes", room, len(a))
		}
		if i := differ(a, b); i >= 0 {
			t.Errorf("%s says different things of the same input:\n%s\n%s", room, around(a, i), around(b, i))
		}
	}
}

// differ is where two texts begin to differ, or -1.
func differ(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func around(b []byte, i int) string { return string(b[max(0, i-100):min(len(b), i+100)]) }

// pages asks for every page of the week as it stands at the end: also those
// that give no article.
func (h *house) pages(t testing.TB) []news.Page {
	t.Helper()
	var out []news.Page
	for _, a := range h.press.Articles() {
		answer, err := h.Fetch.Get(t.Context(), fetch.Request{URL: h.press.URL(a, port)})
		if len(answer.Raw) == 0 && err == nil {
			t.Errorf("%s answered nothing", answer.URL)
		}
		out = append(out, answer.Page)
	}
	return out
}

// said is what the rooms are given.
type said struct {
	*house
	pages   []news.Page
	figures report.Figures
}

// run lets every room speak, newly made from the configuration.
func (in said) run(t *testing.T) map[string]*bytes.Buffer {
	out := map[string]*bytes.Buffer{}
	for _, room := range []string{"extract", "match", "classify", "story", "crisis", "report"} {
		out[room] = &bytes.Buffer{}
	}
	articles := in.extract(t, out["extract"])
	tallies := in.tell(t, articles, out)
	changes := in.decide(t, tallies, out["crisis"])
	in.write(t, changes, out["report"])
	return out
}

// put writes what a room said as a line of JSON.
func put(t *testing.T, to *bytes.Buffer, v any) {
	t.Helper()
	must(t, json.NewEncoder(to).Encode(v))
}

func (in said) extract(t *testing.T, to *bytes.Buffer) []news.Article {
	x, err := extract.New(in.pack.Outlets)
	must(t, err)
	var out []news.Article
	for _, p := range in.pages {
		a, err := x.Extract(p, in.press.End())
		if err != nil {
			fmt.Fprintln(to, err)
			continue
		}
		put(t, to, a)
		o, _ := in.pack.OutletByHost(news.Host(p.Final), in.press.End())
		out = append(out, in.Rules().Identify(a, o, p.Final, a.Published.Add(time.Hour)))
	}
	slices.SortStableFunc(out, func(a, b news.Article) int { return a.Published.Compare(b.Published) })
	return out
}

// tell matches, classifies and places the articles, and returns the stories in
// the order in which they were founded.
func (in said) tell(t *testing.T, articles []news.Article, out map[string]*bytes.Buffer) []crisis.Tally {
	m, err := match.New(in.pack)
	must(t, err)
	c, err := classify.New(in.pack)
	must(t, err)
	stories := story.New(story.Options{})
	var tallies []crisis.Tally
	at := map[string]int{}
	for _, a := range articles {
		mentions := m.Find(a, in.press.End())
		put(t, out["match"], mentions)
		o, _ := in.pack.OutletByID(a.Outlet)
		r := c.Read(a, mentions, o)
		put(t, out["classify"], r)
		if !r.Relevant || r.Digest {
			continue
		}
		placed := stories.Add(story.Doc{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Lead: a.Lead, Body: a.Body, Time: a.Published, Provinces: r.Provinces})
		put(t, out["story"], placed)
		if _, ok := at[placed.Story]; !ok {
			at[placed.Story] = len(tallies)
			tallies = append(tallies, crisis.Tally{Story: placed.Story, Title: a.Title})
		}
		i := at[placed.Story]
		tallies[i].Articles = append(tallies[i].Articles, crisis.See(a, r, mentions, o, placed.CopyOf))
	}
	return tallies
}

// decide looks at the stories every four hours of the week.
func (in said) decide(t *testing.T, tallies []crisis.Tally, to *bytes.Buffer) []crisis.Change {
	var all []crisis.Change
	open := map[string]news.Incident{}
	for now := in.press.Start(); !now.After(in.press.End()); now = now.Add(4 * time.Hour) {
		var list []news.Incident
		for _, i := range open {
			list = append(list, i) // in no order: it must not matter
		}
		for _, c := range crisis.Decide(now, in.pack.Crisis, tallies, list) {
			put(t, to, c)
			open[c.Incident.ID] = c.Incident
			all = append(all, c)
		}
	}
	return all
}

func (in said) write(t *testing.T, changes []crisis.Change, to *bytes.Buffer) {
	words := say.In(in.pack.Site.Language)
	for _, c := range changes {
		l, err := report.Compose(report.Alert{Incident: c.Incident, From: c.From, Agency: in.pack.Site.Agency}, "truc@diembao.localhost", "diembao.localhost", words)
		must(t, err)
		put(t, to, l)
	}
	for _, format := range []func(report.Figures, *say.Words) ([]byte, error){report.HTML, report.Text} {
		raw, err := format(in.figures, words)
		must(t, err)
		to.Write(raw)
	}
}

// The whole machine gives the same archive twice, even where it loses its
// memory before every paper of every day.
func TestSameWeekSameArchive(t *testing.T) {
	steady, forgetful := open(t), open(t)
	steady.playByPaper(t, 24*time.Hour, func() {})
	forgetful.playByPaper(t, 24*time.Hour, forgetful.restart)
	a, b := steady.archive(t), forgetful.archive(t)
	if i := differ(a, b); i >= 0 {
		t.Errorf("the archives differ:\n%s\n%s", around(a, i), around(b, i))
	}
}

// playByPaper plays the week as play does, but reads after each paper, and
// before each does something to the machine.
func (h *house) playByPaper(t testing.TB, stretch time.Duration, before func()) {
	t.Helper()
	for at := h.press.Start().Add(stretch); !at.After(h.press.End()); at = at.Add(stretch) {
		h.clock.forward(at)
		for _, o := range h.papers(t) {
			before()
			_, err := h.Gather(t.Context(), o)
			must(t, err)
			_, err = h.Read(t.Context())
			must(t, err)
		}
		_, err := h.Watch(t.Context())
		must(t, err)
	}
}

// archive writes down all that was read and decided.
func (h *house) archive(t testing.TB) []byte {
	t.Helper()
	ctx := context.Background()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, x := range h.all(t) {
		a, err := h.Store.Article(ctx, x.ID)
		must(t, err)
		r, err := h.Store.Reading(ctx, x.ID)
		must(t, err)
		v, err := h.Store.Versions(ctx, x.ID)
		must(t, err)
		// A machine that starts anew knows no Crawl-delay yet and is seconds earlier.
		a.FirstSeen = a.FirstSeen.Truncate(time.Hour)
		for i := range v {
			v[i].Since = v[i].Since.Truncate(time.Hour)
		}
		must(t, e.Encode([]any{a, r, x.Story, x.CopyOf, v}))
	}
	must(t, e.Encode(h.decisions(t)))
	return b.Bytes()
}
