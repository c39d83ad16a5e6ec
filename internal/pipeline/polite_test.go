package pipeline_test

import (
	"bufio"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"diembao/internal/fetch"
)

// manners is what a robots.txt asks of us, read by a reader of this test's own.
type manners struct {
	forbidden []string
	delay     time.Duration
}

func readManners(text string) (m manners) {
	ours := false
	for in := bufio.NewScanner(strings.NewReader(text)); in.Scan(); {
		name, value, _ := strings.Cut(in.Text(), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "user-agent":
			ours = value == "*"
		case "disallow":
			if ours && value != "" {
				m.forbidden = append(m.forbidden, value)
			}
		case "crawl-delay":
			if s, err := strconv.ParseFloat(value, 64); ours && err == nil {
				m.delay = time.Duration(s * float64(time.Second))
			}
		}
	}
	return m
}

// The request log that stands on disk after two days of the demo press, held
// against each paper's robots.txt and the configured pace.
func TestRequestLogAgainstRobotsAndPace(t *testing.T) {
	h := open(t)
	dir := filepath.Join(h.dir, "requests")
	log, err := fetch.OpenLog(dir, quiet)
	must(t, err)
	const pace = 500 * time.Millisecond
	h.Fetch, err = fetch.New(fetch.Config{
		Contact: h.pack.Site.Contact, Pace: pace, Allow: h.pack.Site.Fetch.Allow,
		Transport: h.press.RoundTripper(h.clock.Now), Now: h.clock.Now, Sleep: h.clock.Sleep, Asked: log.Asked,
	})
	must(t, err)
	t.Cleanup(h.Fetch.Close)
	for range 16 {
		h.clock.forward(h.clock.Now().Add(3 * time.Hour))
		for _, o := range h.papers(t) {
			o.Pace = 0 // the demo's own is for haste
			_, err := h.Gather(t.Context(), o)
			must(t, err)
		}
	}
	must(t, log.Close())

	by := map[string][]fetch.Exchange{}
	must(t, fetch.ReadLog(dir, "", func(x fetch.Exchange) error { by[x.Host] = append(by[x.Host], x); return nil }))
	if len(by) != len(h.press.Papers()) {
		t.Errorf("%d hosts were asked, want %d", len(by), len(h.press.Papers()))
	}
	slow, fenced := 0, 0 // papers slower than the pace, forbidden paths
	for host, asked := range by {
		m := h.manners(t, host)
		if m.delay > pace {
			slow++
		}
		fenced += len(m.forbidden)
		if asked[0].Kind != "robots" {
			t.Errorf("%s was asked for %s before its robots.txt", host, asked[0].URL)
		}
		for i, x := range asked {
			path := strings.SplitN(x.URL, "/", 4)[3]
			for _, f := range m.forbidden {
				if strings.HasPrefix("/"+path, f) {
					t.Errorf("%s was asked, against its robots.txt (%s)", x.URL, f)
				}
			}
			if i == 0 || x.Kind == "robots" { // its delay is not known before it is read
				continue
			}
			if gap := x.At.Sub(asked[i-1].At); gap < max(pace, m.delay) {
				t.Errorf("%s was asked %s after the request before, want %s", x.URL, gap, max(pace, m.delay))
			}
		}
	}
	if fenced == 0 || slow == 0 {
		t.Error("no robots.txt of the press forbids or delays anything: the test proves nothing")
	}
	t.Logf("%d hosts, %d of them slower than %s, %d forbidden paths", len(by), slow, pace, fenced)
}

func (h *house) manners(t *testing.T, host string) manners {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+host+"/robots.txt", nil)
	must(t, err)
	resp, err := h.press.RoundTripper(h.clock.Now).RoundTrip(req)
	must(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return manners{}
	}
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return readManners(string(text))
}
