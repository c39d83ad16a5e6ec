package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

// region is a press of many small papers, each with a feed, on one clock. It
// is the network: http.RoundTripper.
type region struct {
	now   func() time.Time
	start time.Time
	every func(host string) time.Duration // between two articles of a paper
	asked func(host string, at time.Time) // hears of each visit to a feed
	pages atomic.Int64
}

func (r *region) RoundTrip(req *http.Request) (*http.Response, error) {
	w := &reply{header: http.Header{}, status: 200}
	switch path := req.URL.Path; {
	case path == "/robots.txt":
		w.status = 404
	case path == "/rss":
		now := r.now()
		if r.asked != nil {
			r.asked(req.URL.Host, now)
		}
		r.feed(w, req.URL.Host, now)
	default:
		r.pages.Add(1)
		w.header.Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<html lang="vi"><head><title>Bài %s</title></head><body><article><h1>Bài %[1]s</h1>`, path)
		for i := range 5 {
			fmt.Fprintf(w, `<p>Đoạn %d: bà con trong xã đến nhà văn hóa nhận sổ bảo hiểm xã hội tự nguyện, nghe cán bộ giảng giải mức đóng, mức hưởng.</p>`, i)
		}
		io.WriteString(w, `</article></body></html>`)
	}
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(strings.NewReader(w.String())), Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func (r *region) feed(w *reply, host string, now time.Time) {
	every := r.every(host)
	w.header.Set("Content-Type", "application/rss+xml")
	io.WriteString(w, `<rss version="2.0"><channel><title>b</title>`)
	newest := int(now.Sub(r.start) / every)
	for n := newest; n > max(-1, newest-10); n-- {
		fmt.Fprintf(w, `<item><title>Bài %d</title><link>http://%s/bai-%d.html</link><pubDate>%s</pubDate></item>`,
			n, host, n, r.start.Add(time.Duration(n)*every).Format(time.RFC1123Z))
	}
	io.WriteString(w, `</channel></rss>`)
}

// papersOf are n outlets of a region.
func papersOf(n int) (out []config.Outlet) {
	for i := range n {
		host := fmt.Sprintf("bao-%d.example", i)
		out = append(out, config.Outlet{ID: fmt.Sprintf("bao-%d", i), Name: fmt.Sprintf("Báo %d", i), Level: "central", Reach: "national", Kind: "press", Licence: "bao",
			Schedule: config.Learned, Domains: []config.Domain{{Host: host}}, Feeds: []config.Source{{URL: "http://" + host + "/rss"}}, On: true})
	}
	return out
}

// crawler is a pipeline that reads a region.
func crawler(t testing.TB, dir string, outlets []config.Outlet, r *region) *pipeline.Pipeline {
	t.Helper()
	pack, err := config.Default()
	must(t, err)
	pack.Outlets = append(pack.Outlets, outlets...)
	rules, err := pipeline.Compile(pack)
	must(t, err)
	archive, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	p := &pipeline.Pipeline{Store: archive, Now: r.now, Log: quiet}
	p.Use(rules)
	p.Fetch, err = fetch.New(fetch.Config{Contact: "mailto:thu@bhxh.example", Pace: -1, Transport: r, Now: r.now})
	must(t, err)
	t.Cleanup(p.Fetch.Close)
	return p
}

// memory reads this process's resident memory in MB: now, and at its highest.
func memory(t testing.TB) (now, peak float64) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("resident memory cannot be read here: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f", &kb); n == 1 {
			now = kb / 1024
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %f", &kb); n == 1 {
			peak = kb / 1024
		}
	}
	return now, peak
}

// inDir is the archive that TestFrontierStaysSmall's own child crawls.
const inDir = "DIEMBAO_TEST_FRONTIER"

// The frontier stands in the archive: with 50,000 addresses queued a crawler,
// in a process of its own, stays small: 144 MB when nothing else runs, a few
// more where the collector comes late.
func TestFrontierStaysSmall(t *testing.T) {
	const papers, each = 50, 1000
	outlets := papersOf(papers)
	if dir := os.Getenv(inDir); dir != "" {
		workOff(t, dir, outlets)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("resident memory is read from /proc, which is Linux's")
	}
	dir := t.TempDir()
	queue(t, dir, outlets, each)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFrontierStaysSmall$", "-test.v")
	cmd.Env = append(os.Environ(), inDir+"="+dir, "GOGC=35") // as the program sets it for itself
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var peak float64
	for line := range strings.Lines(string(out)) {
		if _, after, ok := strings.Cut(line, "peak MB: "); ok {
			fmt.Sscan(after, &peak)
		}
	}
	t.Logf("50,000 addresses queued: %.0f MB at most", peak)
	const most = 160
	if peak == 0 || peak >= most {
		t.Errorf("the crawler took %.0f MB, want less than %d:\n%s", peak, most, out)
	}
}

// queue fills an archive with addresses to be asked for.
func queue(t *testing.T, dir string, outlets []config.Outlet, each int) {
	t.Helper()
	archive, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	defer func() { must(t, archive.Close()) }()
	for _, o := range outlets {
		var links []store.KeyedLink
		for i := range each {
			url := fmt.Sprintf("http://%s/chuyen-muc-thoi-su/bai-viet-dai-ten-ve-so-bao-hiem-%d.html", o.Domains[0].Host, i)
			links = append(links, store.KeyedLink{Canonical: news.Canonical(url, news.Rules{}), Link: news.Link{URL: url, Outlet: o.ID, Title: "Bài viết"}})
		}
		must(t, archive.Do(t.Context(), func(tx *store.Tx) error { _, err := tx.PutLinks(t.Context(), links, time.Now()); return err }))
	}
}

// workOff crawls a while in an archive and prints the highest memory.
func workOff(t *testing.T, dir string, outlets []config.Outlet) {
	const pages = 5000
	r := &region{now: time.Now, start: time.Now().Add(-24 * time.Hour), every: func(string) time.Duration { return time.Hour }}
	p := crawler(t, dir, outlets, r)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for r.pages.Load() < pages && ctx.Err() == nil {
			time.Sleep(20 * time.Millisecond)
		}
		stop()
	}()
	must(t, p.Crawl(ctx, outlets, 8, nil))
	_, peak := memory(t)
	fmt.Printf("\npeak MB: %.1f\n", peak)
	if r.pages.Load() < pages {
		t.Errorf("only %d pages were asked for", r.pages.Load())
	}
}

// diary is each outlet of a simulation was to be visited, and was.
type diary struct {
	mu   sync.Mutex
	last map[string]time.Time
	due  map[string]time.Time
	late []float64 // share of the interval by which a visit missed its time
}

func (d *diary) visited(host string, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if due, ok := d.due[host]; ok {
		d.late = append(d.late, float64(at.Sub(due))/float64(due.Sub(d.last[host])))
	}
	d.last[host] = at
	delete(d.due, host)
}

// Many outlets on a fast clock: every visit comes within 5 % of its interval,
// and memory stays flat. DIEMBAO_SIMULATE=10000 simulates so many outlets for
// an hour on a clock ten times as fast, which takes six minutes.
func TestSchedulesAreKept(t *testing.T) {
	outlets, speed, long := 150, 40.0, 12*time.Minute
	if n := os.Getenv("DIEMBAO_SIMULATE"); n != "" {
		speed, long = 10, time.Hour
		if _, err := fmt.Sscan(n, &outlets); err != nil {
			t.Fatalf("DIEMBAO_SIMULATE=%s: write a number of outlets", n)
		}
	} else if testing.Short() {
		t.Skip("takes 18 s")
	}
	began := time.Now()
	start := time.Date(2026, 3, 2, 8, 30, 0, 0, config.VN)
	now := func() time.Time { return start.Add(time.Duration(float64(time.Since(began)) * speed)) }
	d := &diary{last: map[string]time.Time{}, due: map[string]time.Time{}}
	r := &region{now: now, start: start.AddDate(0, 0, -10), asked: d.visited, every: func(host string) time.Duration {
		var n int
		fmt.Sscanf(host, "bao-%d", &n)
		switch { // of twenty papers one is a daily, five are provincial, the rest are small
		case n%20 == 0:
			return 10 * time.Minute
		case n%20 < 6:
			return time.Hour
		}
		return 24 * time.Hour
	}}
	papers := papersOf(outlets)
	p := crawler(t, t.TempDir(), papers, r)
	must(t, running(t.Context(), p, papers, r, d, start))
	began = time.Now() // the clock starts when all is laid out
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	first, sampled := 0.0, make(chan struct{})
	go func() {
		defer close(sampled)
		for now().Before(start.Add(long)) {
			time.Sleep(50 * time.Millisecond)
			if first == 0 && now().After(start.Add(long/3)) {
				first, _ = memory(t)
			}
		}
		stop()
	}()
	must(t, p.Crawl(ctx, papers, 8, func(o config.Outlet, _ pipeline.Gathered) {
		source, err := p.Store.Source(ctx, o.ID, o.Feeds[0].URL)
		if err != nil {
			return // the simulation has ended
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.due[o.Domains[0].Host] = source.Next
	}))
	<-sampled
	d.judge(t, outlets, now().Sub(start))
	last, _ := memory(t)
	t.Logf("%.0f MB after a third, %.0f MB at the end", first, last)
	if last > 1.25*first+20 {
		t.Errorf("memory grew from %.0f MB to %.0f MB", first, last)
	}
}

// running leaves the archive as a crawler leaves it that has been at work for
// ten days: each source has its pace and somewhere in its interval its next
// visit, and what its feed showed at the last one is known.
func running(ctx context.Context, p *pipeline.Pipeline, papers []config.Outlet, r *region, d *diary, now time.Time) error {
	return p.Store.Do(ctx, func(tx *store.Tx) error {
		for i, o := range papers {
			const hours = 200
			host := o.Domains[0].Host
			pace := pulse.Pace{Fresh: hours / r.every(host).Hours(), Hours: hours}
			interval := pace.Next(now, pulse.Profile{}).Sub(now)
			_, part := math.Modf(float64(i+1) * math.Phi)
			next := now.Add(time.Duration(part * float64(interval)))
			last := next.Add(-interval)
			s := store.SourceState{Outlet: o.ID, URL: o.Feeds[0].URL, State: "ok", LastTry: last, LastOK: last, LastNew: last, Next: next, Fresh: pace.Fresh, Lively: pace.Hours}
			o := store.OutletState{Outlet: o.ID, State: "ok", Since: last, Next: next, Judged: last.Truncate(time.Hour)}
			if err := errors.Join(tx.PutSource(ctx, s), tx.PutOutletState(ctx, o)); err != nil {
				return err
			}
			links, ends := r.stock(o.Outlet, host, last)
			if _, err := tx.PutLinks(ctx, links, last); err != nil {
				return err
			}
			if err := tx.LinksDone(ctx, ends); err != nil {
				return err
			}
			d.last[host], d.due[host] = last, next
		}
		return nil
	})
}

// stock is what a feed showed at a time, read and done with.
func (r *region) stock(outlet, host string, at time.Time) (links []store.KeyedLink, ends []store.LinkEnd) {
	newest := int(at.Sub(r.start) / r.every(host))
	for n := newest; n > max(-1, newest-10); n-- {
		url := fmt.Sprintf("http://%s/bai-%d.html", host, n)
		key := news.Canonical(url, news.Rules{})
		links = append(links, store.KeyedLink{Canonical: key, Link: news.Link{URL: url, Outlet: outlet, Title: "Bài"}})
		ends = append(ends, store.LinkEnd{Canonical: key, Verdict: "article"})
	}
	return links, ends
}

// judge looks at what was visited late, or not at all though it was due.
func (d *diary) judge(t *testing.T, outlets int, long time.Duration) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	bad, worst := 0, 0.0
	for _, l := range d.late {
		worst = max(worst, l)
		if l > 0.05 || l < -0.05 {
			bad++
		}
	}
	end := time.Date(2026, 3, 2, 8, 30, 0, 0, config.VN).Add(long)
	for host, due := range d.due {
		if interval := due.Sub(d.last[host]); end.Sub(due) > interval/20 {
			bad++
		}
	}
	t.Logf("%d outlets, %d visits in %s; the latest missed its time by %.1f %% of its interval", outlets, len(d.late), long.Round(time.Minute), 100*worst)
	if len(d.late) < outlets/4 || bad > 0 {
		t.Errorf("%d visits, %d of them missed their time by more than 5 %%, or never came", len(d.late), bad)
	}
}
