// Package fetch asks web servers for pages, politely. A colly Collector makes
// the requests and follows redirects; beneath it stands a transport of our own
// that obeys robots.txt, keeps one budget per host, refuses private addresses
// after names are resolved, bounds time, headers and decompressed bodies, and
// names what went wrong in words. It never tries to get past a gate.
//
// Read fetch.go for the way in, road.go for what happens to every request and
// every redirect, outcome.go for the names of the ends.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"

	"diembao/internal/news"
)

// ErrNoContact is why New refuses to make a Fetcher that could not be asked to
// stop: the user agent must tell site owners whom to write to.
var ErrNoContact = errors.New("no contact: set `contact` to a mailto: or https: address at which site owners reach you; it is part of the user agent")

// Config is how the outside is asked. Only Contact has no default.
type Config struct {
	Contact  string        // mailto: or https: address, part of the user agent
	Version  string        // of the program, for the user agent; "dev" by default
	Pace     time.Duration // least time between two requests to one host; 2 s by default, negative for none (tests, one's own machine)
	Timeout  time.Duration // for one answer, body included; 30 s by default
	MaxBytes int64         // of a decompressed body; 10 MiB by default
	MaxWait  time.Duration // a host that must be left alone for longer is Held, not waited for; 5 min by default
	Allow    []string      // host:port exceptions from the address guard
	Proxy    string        // http:// or https:// address of a proxy; empty for none
	OldTLS   []string      // hosts that may use TLS 1.0 and its ciphers

	Resolve   Resolver                                   // of names; the system's by default
	Transport http.RoundTripper                          // the network itself; ours by default. One given here answers for names as it likes
	Now       func() time.Time                           // time.Now by default
	Sleep     func(context.Context, time.Duration) error // waits, or returns the context's error
	Asked     func(Exchange)                             // told of every request that went out, robots.txt included; called from many goroutines
	Log       *slog.Logger                               // silent by default
}

// Kind is what a request hopes to find.
type Kind string

// The kinds. The zero Kind is Page.
const (
	Page       Kind = "page" // an article or a listing
	Feed       Kind = "feed"
	Sitemap    Kind = "sitemap"
	robotsKind Kind = "robots"
)

// Request is one address to ask for.
type Request struct {
	URL          string
	Kind         Kind
	ETag         string        // of the last answer, for a conditional request
	LastModified string        // of the last answer, as the server wrote it
	Referer      string        // empty for none
	Pace         time.Duration // instead of the configured pace where not 0; Crawl-delay still holds
}

// Answer is what came of a request. The Page is filled as far as it is known
// even where Get returns an error, for a gate's page is its evidence.
type Answer struct {
	news.Page
	Code         Code          // OK or Unchanged; with an error, that error's code
	ETag         string        // for the next conditional request
	LastModified string        // for the next conditional request
	Moved        string        // the new address, where every redirect on the way said "permanently"
	Hops         []string      // the addresses asked, in order; more than one after redirects
	Notes        []string      // what was odd and yet no error, e.g. a redirect from https to http
	Took         time.Duration // of the exchanges themselves, waiting left out
	Wire         Wire          // how the last exchange went, for the record
}

// Wire is what went over the wire beside the page: Answer.Header is of the
// same exchange.
type Wire struct {
	Sent   http.Header // of the request, cookies of the trip among them
	Proto  string      // of the answer, e.g. "HTTP/2.0"
	Status string      // of the answer, e.g. "200 OK"
	Peer   string      // IP address of the server; empty behind a proxy
	Cut    bool        // only the beginning of the body was read
}

// Fetcher asks for pages. It is safe for many goroutines; requests to one host
// wait for one another, requests to different hosts do not.
type Fetcher struct {
	base *colly.Collector
	road *road
}

// New makes a Fetcher. Errors: ErrNoContact, an unusable proxy, an exception
// that is not host:port.
func New(c Config) (*Fetcher, error) {
	agent, err := userAgent(c.Contact, c.Version)
	if err != nil {
		return nil, err
	}
	r, err := newRoad(c.withDefaults(), agent)
	if err != nil {
		return nil, err
	}
	return &Fetcher{base: collector(r, agent), road: r}, nil
}

// collector sets colly up so that everything it does by default and we must
// not have is off: its own robots, body bound, visited set, cookies, clock.
func collector(r *road, agent string) *colly.Collector {
	c := colly.NewCollector()
	c.UserAgent = agent
	c.AllowURLRevisit = true        // else an address counts as visited before it was fetched
	c.ParseHTTPErrorResponse = true // outcome.go judges them
	c.IgnoreRobotsTxt = true        // road asks, also for redirects, and lets answers expire
	c.MaxBodySize = 0               // road bounds what is left after decompression
	c.MaxRequests, c.MaxDepth, c.CacheDir, c.DetectCharset = 0, 0, "", false
	c.AllowedDomains, c.DisallowedDomains = nil, nil
	c.Headers = nil
	c.SetRequestTimeout(0) // road times each exchange, and not the polite waits between
	c.SetCookieJar(nil)    // a trip keeps its own, for the length of its redirects
	c.WithTransport(r)
	c.SetRedirectHandler(r.redirect)
	return c
}

// Get asks for one page and waits for its host's turn. Redirects are followed,
// those of <meta http-equiv=refresh> too. The error is nil for OK and
// Unchanged; else it is an *Error whose code errors.Is finds:
// errors.Is(err, fetch.Blocked).
func (f *Fetcher) Get(ctx context.Context, req Request) (Answer, error) {
	t := newTrip(req)
	ctx = context.WithValue(ctx, tripKey{}, t)
	for to, header := req.URL, f.header(req); ; {
		a, err := f.ask(ctx, t, to, header)
		next := ""
		if err == nil {
			next = refresh(&a)
		}
		if next == "" {
			return a, err
		}
		if len(t.hops) > maxHops {
			return f.road.finish(t, nil, fail(TooManyHops, "sent on %d times, at last to %s; the site redirects in a circle or without end", maxHops, clip(next, 200)))
		}
		t.permanent = false
		t.notes = append(t.notes, fmt.Sprintf("%s sends its readers on by a refresh", to))
		to, header = next, f.header(Request{Kind: req.Kind, Referer: a.Final})
	}
}

// ask makes one request of a trip and follows its redirects.
func (f *Fetcher) ask(ctx context.Context, t *trip, to string, header http.Header) (Answer, error) {
	if _, err := f.road.guard.address(to); err != nil {
		return f.road.finish(t, nil, err)
	}
	c := f.base.Clone()
	c.Context = ctx
	var got *colly.Response
	c.OnResponse(func(r *colly.Response) { got = r })
	err := c.Request(http.MethodGet, to, nil, nil, header)
	return f.road.finish(t, got, err)
}

// header is what every request of a trip says about itself.
func (f *Fetcher) header(req Request) http.Header {
	h := http.Header{
		"User-Agent":      {f.base.UserAgent},
		"Accept":          {accept(req.Kind)},
		"Accept-Language": {"vi,en;q=0.5"},
		"Accept-Encoding": {acceptEncoding},
	}
	for name, v := range map[string]string{
		"If-None-Match": req.ETag, "If-Modified-Since": req.LastModified, "Referer": req.Referer,
	} {
		if v != "" {
			h.Set(name, v)
		}
	}
	return h
}

func accept(k Kind) string {
	switch k {
	case Feed:
		return "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
	case Sitemap:
		return "application/xml, text/xml, application/gzip;q=0.9, text/plain;q=0.8, */*;q=0.5"
	}
	return "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
}

// Sitemaps returns the sitemaps that the robots.txt of raw's host announces,
// asking for it if it is not known yet.
func (f *Fetcher) Sitemaps(ctx context.Context, raw string) ([]string, error) {
	u, err := f.road.guard.address(raw)
	if err != nil {
		return nil, fmt.Errorf("look for sitemaps of %s: %w", raw, err)
	}
	rules, err := f.road.rules(context.WithValue(ctx, tripKey{}, newTrip(Request{URL: raw})), u)
	if err != nil {
		return nil, fmt.Errorf("look for sitemaps of %s: %w", raw, err)
	}
	return rules.sitemaps, nil
}

// Road returns the road that Get's requests take, for a browser's: each is
// answered whole, decompressed and bounded, after robots.txt, the address guard
// and the host's turn allowed it, and is written down. Redirects are the
// caller's to follow. Errors are *Error. A pace of 0 is the configured one.
func (f *Fetcher) Road(pace time.Duration) http.RoundTripper {
	return browser{f, pace}
}

// browser is the road as a browser takes it: one trip for each request.
type browser struct {
	*Fetcher
	pace time.Duration
}

// RoundTrip names us, whatever the browser calls itself.
func (b browser) RoundTrip(req *http.Request) (*http.Response, error) {
	t := newTrip(Request{URL: req.URL.String(), Pace: b.pace})
	out := req.Clone(context.WithValue(req.Context(), tripKey{}, t))
	out.Header.Set("User-Agent", b.Agent())
	out.Header.Set("Accept-Encoding", acceptEncoding)
	resp, err := b.road.travel(out)
	if err != nil {
		e := *named(req.Context(), err, b.road.c.Timeout)
		e.URL = t.req.URL
		return nil, &e
	}
	return resp.whole(req), nil
}

// Agent is what every request says it comes from.
func (f *Fetcher) Agent() string { return f.base.UserAgent }

// Guard returns the address guard, for other connections that leave the house.
func (f *Fetcher) Guard() *Guard { return f.road.guard }

// Close gives back idle connections.
func (f *Fetcher) Close() { f.road.close() }

// userAgent names the program and whom to write to. The contact goes into a
// header, so it must be one printable line.
func userAgent(contact, version string) (string, error) {
	contact = strings.TrimSpace(contact)
	if contact == "" {
		return "", ErrNoContact
	}
	u, err := url.Parse(contact)
	known := err == nil && (u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") || (u.Scheme == "https" || u.Scheme == "http") && u.Host != "")
	if !known || strings.ContainsFunc(contact, func(r rune) bool { return r <= ' ' || r > '~' || r == '(' || r == ')' }) {
		return "", fmt.Errorf("%w (%q is neither)", ErrNoContact, contact)
	}
	if version == "" {
		version = "dev"
	}
	return fmt.Sprintf("DiemBao/%s (+%s)", version, contact), nil
}

func (c Config) withDefaults() Config {
	if c.Pace == 0 {
		c.Pace = 2 * time.Second
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = 10 << 20
	}
	if c.MaxWait <= 0 {
		c.MaxWait = 5 * time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Asked == nil {
		c.Asked = func(Exchange) {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
