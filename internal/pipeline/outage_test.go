package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/pipeline"
	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/store"
)

// ailing is one paper with a feed, of which every part can go wrong. It is the
// network: http.RoundTripper.
type ailing struct {
	mu     sync.Mutex
	clock  *clock
	start  time.Time
	every  time.Duration // between two articles
	shown  int           // in the feed
	silent time.Time     // no article after it; zero: goes on
	feed   http.HandlerFunc
	page   http.HandlerFunc
}

func (s *ailing) set(f func(*ailing)) { s.mu.Lock(); defer s.mu.Unlock(); f(s) }

func (s *ailing) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &reply{header: http.Header{}, status: 200}
	switch {
	case r.URL.Path == "/robots.txt":
		w.status = 404
	case r.URL.Path == "/rss" && s.feed != nil:
		s.feed(w, r)
	case r.URL.Path == "/rss":
		s.rss(w)
	case s.page != nil:
		s.page(w, r)
	default:
		s.article(w, r)
	}
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(strings.NewReader(w.String())), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

type reply struct {
	strings.Builder
	header http.Header
	status int
}

func (a *reply) Header() http.Header  { return a.header }
func (a *reply) WriteHeader(code int) { a.status = code }

func (s *ailing) rss(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/rss+xml")
	now := s.clock.Now()
	if !s.silent.IsZero() && now.After(s.silent) {
		now = s.silent
	}
	io.WriteString(w, `<rss version="2.0"><channel><title>Báo Bến Sông</title>`)
	newest := int(now.Sub(s.start) / s.every)
	for n := newest; n > max(-1, newest-s.shown); n-- {
		fmt.Fprintf(w, `<item><title>%s</title><link>http://ben-song.example/bai-%d.html</link><pubDate>%s</pubDate></item>`,
			title(n), n, s.start.Add(time.Duration(n)*s.every).Format(time.RFC1123Z))
	}
	io.WriteString(w, `</channel></rss>`)
}

func title(n int) string {
	return fmt.Sprintf("Xã thứ %d nhận sổ bảo hiểm xã hội trong ngày hội làng bên sông", n)
}

func (s *ailing) article(w http.ResponseWriter, r *http.Request) {
	var n int
	if _, err := fmt.Sscanf(r.URL.Path, "/bai-%d.html", &n); err != nil {
		w.WriteHeader(404)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html lang="vi"><head><title>%s</title><meta property="article:published_time" content="%s"></head><body><article><h1>%[1]s</h1>`,
		title(n), s.start.Add(time.Duration(n)*s.every).Format(time.RFC3339))
	for i := range 6 {
		fmt.Fprintf(w, `<p>Sáng thứ %d, bà con xã thứ %d ra đình làng nhận sổ bảo hiểm xã hội tự nguyện, cán bộ ghi tên từng hộ vào danh sách rồi trao tận tay.</p>`, i+2, n)
	}
	io.WriteString(w, `</article></body></html>`)
}

// well lets the site be a house's only outlet, with operators to tell.
func well(t *testing.T) (*house, *ailing) {
	t.Helper()
	pack, err := config.Default()
	must(t, err)
	pack.Site.Mail.Operators = []string{"truc@bhxh.example"}
	pack.Outlets = []config.Outlet{{ID: "ben-song", Name: "Báo Bến Sông", Level: "central", Reach: "national", Kind: "press", Licence: "bao", Schedule: config.Learned,
		Domains: []config.Domain{{Host: "ben-song.example"}}, Feeds: []config.Source{{URL: "http://ben-song.example/rss"}}, On: true}}
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, config.VN)
	h := &house{pack: pack, clock: &clock{now: start.Add(12 * time.Hour)}, dir: t.TempDir()}
	s := &ailing{clock: h.clock, start: start, every: time.Hour, shown: 20}
	rules, err := pipeline.Compile(pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: h.dir})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	h.Pipeline = &pipeline.Pipeline{Store: archive, Now: h.clock.Now, Log: quiet}
	h.Use(rules)
	h.Fetch, err = fetch.New(fetch.Config{Contact: "mailto:thu@bhxh.example", Pace: -1, Transport: s, Now: h.clock.Now, Sleep: h.clock.Sleep})
	must(t, err)
	t.Cleanup(h.Fetch.Close)
	return h, s
}

// pass gathers every half hour for a while; learn every six hours, which is
// enough for a feed of twenty.
func (h *house) pass(t *testing.T, long time.Duration)  { h.each(t, 30*time.Minute, long) }
func (h *house) learn(t *testing.T, long time.Duration) { h.each(t, 6*time.Hour, long) }

func (h *house) each(t *testing.T, step, long time.Duration) {
	t.Helper()
	for end := h.clock.Now().Add(long); h.clock.Now().Before(end); {
		h.clock.forward(h.clock.Now().Add(step))
		_, err := h.Gather(t.Context(), h.pack.Outlets[0])
		must(t, err)
	}
}

func (h *house) state(t *testing.T) store.OutletState {
	t.Helper()
	s, err := h.Store.OutletState(t.Context(), "ben-song")
	must(t, err)
	return s
}

func (h *house) operatorLetters(t *testing.T) []store.LetterState {
	t.Helper()
	letters, err := h.Store.Letters(t.Context(), store.LetterFilter{To: "truc@bhxh.example"})
	must(t, err)
	return letters
}

// Every ill of an outlet ends in its named state, with evidence, since when,
// and words for what to do.
func TestEachIllHasItsName(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	html := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, text)
		}
	}
	gate := html(`<html><body><script>document.cookie="D1N=1"; window.location.reload(true);</script></body></html>`)
	const days = 24 * time.Hour
	for _, c := range []struct {
		after  time.Duration // of health
		name   string
		ill    func(*ailing)
		during time.Duration
		want   string
	}{
		{2 * days, "well", func(*ailing) {}, time.Hour, pulse.OK},
		{2 * days, "one failure", func(s *ailing) { s.feed = status(502) }, 30 * time.Minute, pulse.Slow},
		{2 * days, "dead", func(s *ailing) { s.feed = status(502) }, 6 * time.Hour, pulse.Dead},
		{2 * days, "403", func(s *ailing) { s.feed = status(403) }, 2 * time.Hour, pulse.Blocked},
		{2 * days, "cookie gate", func(s *ailing) { s.feed = gate }, 2 * time.Hour, pulse.Blocked},
		{2 * days, "soft 404", func(s *ailing) { s.feed = html("<title>Không tìm thấy trang</title>") }, 2 * time.Hour, pulse.Blocked},
		{2 * days, "404", func(s *ailing) { s.feed = status(404) }, 2 * time.Hour, pulse.Moved},
		{2 * days, "moved for good", func(s *ailing) {
			s.feed = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "http://ben-song.example/rss/moi")
				w.WriteHeader(301)
			}
			s.page = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/rss/moi" {
					s.rss(w)
					return
				}
				s.article(w, r)
			}
		}, time.Hour, pulse.Moved},
		{2 * days, "feed became a page", func(s *ailing) { s.feed = html("<html><h1>Trang đang nâng cấp</h1></html>") }, 2 * time.Hour, pulse.Layout},
		{2 * days, "empty", func(s *ailing) { s.feed = html("") }, 2 * time.Hour, pulse.Empty},
		{2 * days, "unchanged", func(s *ailing) { s.feed = status(304) }, time.Hour, pulse.Unchanged},
		{8 * days, "quiet", func(s *ailing) { s.silent = s.clock.Now() }, 16 * time.Hour, pulse.Quiet},
		{2 * days, "pages behind a gate", func(s *ailing) { s.page = gate }, 8 * time.Hour, pulse.Blocked},
		{2 * days, "pages are menus", func(s *ailing) { s.page = html("<html><body><nav><a href=/>Trang chủ</a></nav></body></html>") }, 8 * time.Hour, pulse.Layout},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := well(t)
			h.learn(t, c.after)
			if got := h.state(t); got.State != pulse.OK {
				t.Fatalf("a healthy outlet is %s: %s", got.State, got.Evidence)
			}
			ill := h.clock.Now()
			s.set(c.ill)
			h.pass(t, c.during)
			got := h.state(t)
			if got.State != c.want {
				t.Fatalf("it is %s (%s), want %s", got.State, got.Evidence, c.want)
			}
			switch c.want {
			case pulse.OK, pulse.Unchanged:
				return
			}
			if got.Evidence == "" || got.Since.Before(ill.Add(-time.Hour)) || got.Since.After(h.clock.Now()) {
				t.Errorf("since %s, evidence %q", got.Since, got.Evidence)
			}
			for _, lang := range []string{"vi", "en"} {
				if w := say.In(lang); !w.Has("source."+c.want) || !w.Has("source."+c.want+".mend") {
					t.Errorf("%s has no words in %s", c.want, lang)
				}
			}
		})
	}
}

// An outage has one letter when it is believed and one when it is over, in one
// thread; failures in between, and recoveries, have none.
func TestOutageIsToldOnceAtEachEnd(t *testing.T) {
	h, s := well(t)
	dead := func(s *ailing) { s.feed = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) } }
	alive := func(s *ailing) { s.feed = nil }
	h.learn(t, 4*24*time.Hour)
	s.set(dead)
	h.pass(t, 30*time.Minute)
	s.set(alive)
	h.pass(t, 3*time.Hour)
	if n := len(h.operatorLetters(t)); n != 0 {
		t.Fatalf("a single failure wrote %d letters", n)
	}
	from := h.clock.Now()
	s.set(dead)
	h.pass(t, 30*time.Hour)
	letters := h.operatorLetters(t)
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "502") || !strings.Contains(letters[0].Subject, "Báo Bến Sông") {
		t.Fatalf("a day in the dark wrote %d letters: %+v", len(letters), letters)
	}
	if late := letters[0].Made.Sub(from); late > 4*time.Hour {
		t.Errorf("the letter came %s after the outlet went dark", late)
	}
	gaps, err := h.Gaps(t.Context(), "", from.Add(-time.Hour), h.clock.Now())
	must(t, err)
	if len(gaps) != 1 || !gaps[0].To.IsZero() || gaps[0].Hours < 29 || gaps[0].Expected < 20 || gaps[0].Seen > 1 {
		t.Fatalf("the ledger says of the outage: %+v", gaps)
	}
	for range 3 { // it comes and goes
		s.set(alive)
		h.clock.forward(h.clock.Now().Add(24 * time.Hour))
		h.pass(t, 30*time.Minute)
		s.set(dead)
		h.pass(t, 2*time.Hour)
	}
	if n := len(h.operatorLetters(t)); n != 1 {
		t.Errorf("an outlet that comes and goes wrote %d letters", n)
	}
	s.set(alive)
	h.clock.forward(h.clock.Now().Add(24 * time.Hour))
	h.pass(t, 6*time.Hour)
	letters = h.operatorLetters(t)
	if len(letters) != 2 || letters[0].Thread != letters[1].Thread || letters[0].MessageID == letters[1].MessageID {
		t.Fatalf("after the outage there are %d letters", len(letters))
	}
	if _, err := h.Store.OpenGap(t.Context(), "ben-song"); err == nil {
		t.Error("the outage is not settled")
	}
}

// An outage that the feed reaches back over is a gap no more; one it does not
// reach over stays, with what was to be expected.
func TestGapsAreMadeUpOrStay(t *testing.T) {
	for _, c := range []struct {
		name  string
		long  time.Duration
		wait  time.Duration // until the source is asked again
		stays bool
	}{{"six hours", 6 * time.Hour, 4 * time.Hour, false}, {"two days", 48 * time.Hour, 24 * time.Hour, true}} {
		t.Run(c.name, func(t *testing.T) {
			h, s := well(t)
			h.learn(t, 4*24*time.Hour)
			from := h.clock.Now()
			s.set(func(s *ailing) { s.feed = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) } })
			h.pass(t, c.long)
			s.set(func(s *ailing) { s.feed = nil })
			h.clock.forward(h.clock.Now().Add(c.wait))
			h.pass(t, 4*time.Hour)
			gaps, err := h.Gaps(t.Context(), "ben-song", from.Add(-time.Hour), h.clock.Now())
			must(t, err)
			if c.stays != (len(gaps) == 1) {
				t.Fatalf("gaps: %+v", gaps)
			}
			if c.stays && (gaps[0].To.IsZero() || gaps[0].Expected < 35 || float64(gaps[0].Seen) > gaps[0].Expected/2) {
				t.Errorf("the gap: %+v", gaps[0])
			}
		})
	}
}

// Our own downtime leaves a gap where the feed had moved on, and is seen while
// it lasts.
func TestDowntimeIsAGap(t *testing.T) {
	h, _ := well(t)
	h.learn(t, 4*24*time.Hour)
	from := h.clock.Now()
	h.clock.forward(from.Add(3 * 24 * time.Hour)) // nobody runs
	gaps, err := h.Gaps(t.Context(), "", from, h.clock.Now())
	must(t, err)
	if len(gaps) != 1 || gaps[0].State != "unwatched" || gaps[0].Hours < 60 || gaps[0].Expected < 50 {
		t.Fatalf("while nobody collects: %+v", gaps)
	}
	h.pass(t, time.Hour)
	gaps, err = h.Gaps(t.Context(), "", from, h.clock.Now())
	must(t, err)
	// 20 links of an hour each reach back 20 of the 72 hours.
	if len(gaps) != 1 || gaps[0].State != "missed" || gaps[0].Hours < 50 || gaps[0].Hours > 54 || gaps[0].Seen > 1 {
		t.Fatalf("afterwards: %+v", gaps)
	}
	f, err := h.Coverage(t.Context(), from.AddDate(0, 0, -1).Truncate(time.Hour), from.AddDate(0, 0, 6).Truncate(time.Hour), say.In("vi"))
	must(t, err)
	hatched := 0
	for _, d := range f.Days {
		if d.DarkHours > 0 {
			hatched++
		}
	}
	if len(f.Gaps) != 1 || hatched < 2 || f.DarkHours() < 50 {
		t.Errorf("the report has %d gaps of %.0f hours, %d days are hatched", len(f.Gaps), f.DarkHours(), hatched)
	}
}
