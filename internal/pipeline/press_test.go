package pipeline_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/demo"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// port stands in the addresses of the demo press; nobody listens there.
const port = 4000

// clock stands still but where it is set or somebody sleeps on it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep lets the time pass at once.
func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.forward(c.Now().Add(d))
	return ctx.Err()
}

// forward sets the clock, never back: a polite wait may have gone beyond t.
func (c *clock) forward(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// house is one installation that reads the demo press.
type house struct {
	*pipeline.Pipeline
	press *demo.Press
	pack  config.Pack
	clock *clock
	dir   string
	asked []fetch.Exchange // every request that went out
	mu    sync.Mutex
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// demoPack is the configuration of the demo.
func demoPack(t testing.TB, press *demo.Press) config.Pack {
	t.Helper()
	pack, err := config.Default()
	must(t, err)
	overlay, err := press.Overlay(port, "thu", pack.Outlets) // the same words each time: their hash stands in every reading
	must(t, err)
	file := filepath.Join(t.TempDir(), "diembao.yaml")
	must(t, os.WriteFile(file, overlay, 0o600))
	pack, err = config.Load(file)
	must(t, err)
	return pack
}

// open makes a house with an empty archive, on the first moment of the week.
func open(t testing.TB) *house {
	t.Helper()
	press, err := demo.Open()
	must(t, err)
	h := &house{press: press, pack: demoPack(t, press), clock: &clock{now: press.Start()}, dir: t.TempDir()}
	rules, err := pipeline.Compile(h.pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: h.dir})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	h.Pipeline = &pipeline.Pipeline{Store: archive, Now: h.clock.Now, Log: quiet}
	h.Use(rules)
	h.Fetch = h.fetcher(t)
	return h
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// fetcher asks the demo press, without a network.
func (h *house) fetcher(t testing.TB) *fetch.Fetcher {
	t.Helper()
	f, err := fetch.New(fetch.Config{
		Contact: h.pack.Site.Contact, Pace: h.pack.Site.Fetch.Pace, Allow: h.pack.Site.Fetch.Allow,
		Transport: h.press.RoundTripper(h.clock.Now), Now: h.clock.Now, Sleep: h.clock.Sleep,
		Asked: func(x fetch.Exchange) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.asked = append(h.asked, x)
		},
	})
	must(t, err)
	t.Cleanup(f.Close)
	return f
}

// index opens the index beside the archive.
func (h *house) index(t testing.TB) {
	t.Helper()
	must(t, h.OpenIndex(t.Context(), filepath.Join(h.dir, "index")))
	t.Cleanup(func() { must(t, h.CloseIndex()) })
}

// papers are the outlets of the demo, as the configuration has them.
func (h *house) papers(t testing.TB) []config.Outlet {
	t.Helper()
	var out []config.Outlet
	for _, p := range h.press.Papers() {
		o, ok := h.pack.OutletByID(p.ID)
		if !ok {
			t.Fatalf("the demo's configuration lacks %s", p.ID)
		}
		out = append(out, o)
	}
	return out
}

// step gathers from every paper, reads and watches: one turn of the machine.
func (h *house) step(t testing.TB) []crisis.Change {
	t.Helper()
	for _, o := range h.papers(t) {
		_, err := h.Gather(t.Context(), o)
		must(t, err)
	}
	_, err := h.Read(t.Context())
	must(t, err)
	changes, err := h.Watch(t.Context())
	must(t, err)
	return changes
}

// play lets the week pass, with a turn of the machine after each stretch.
func (h *house) play(t testing.TB, stretch time.Duration) (changes []crisis.Change) {
	t.Helper()
	for at := h.press.Start().Add(stretch); !at.After(h.press.End()); at = at.Add(stretch) {
		h.clock.forward(at)
		changes = append(changes, h.step(t)...)
	}
	return changes
}

// id is the identity of an article of the demo.
func (h *house) id(a *demo.Article) string {
	return news.ID(news.Canonical(h.press.URL(a, port), h.Rules().Keys))
}

// all lists everything in the archive, the newest first.
func (h *house) all(t testing.TB) []store.Entry {
	t.Helper()
	entries, _, err := h.Store.Newest(t.Context(), store.Filter{All: true}, 100_000, "")
	must(t, err)
	return entries
}
