package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

const (
	maxRobots      = 512 << 10        // what is read of a robots.txt; RFC 9309, 2.5 asks for at least 500 KiB
	robotsHops     = 5                // redirects followed for it; RFC 9309, 2.3.1.2
	robotsLasts    = 12 * time.Hour   // unless its Cache-Control says otherwise
	robotsAtLeast  = 10 * time.Minute // whatever its Cache-Control says
	robotsAtMost   = 24 * time.Hour   // RFC 9309, 2.4
	troubleLasts   = 10 * time.Minute // how long "cannot be read" is believed
	outageLasts    = time.Minute      // how long "nobody answers" is
	longestDelay   = time.Hour        // a longer Crawl-delay is read as this
	manyHosts      = 4096             // beyond which stale rules are thrown out
	robotsAgent    = "diembao"        // the product token in robots.txt
	robotsMaxRules = 20000            // lines beyond it are not read
)

// rules is what a host's robots.txt says to us, until when.
type rules struct {
	group    *robotstxt.Group // nil: everything is allowed
	delay    time.Duration
	sitemaps []string
	trouble  *Error // robots.txt could not be read: nothing may be asked
	until    time.Time
}

// allows reports whether path, with its query, may be asked for.
func (r *rules) allows(u *url.URL) bool {
	if r.group == nil {
		return true
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path == "/robots.txt" || r.group.Test(path)
}

// book remembers the rules of hosts. One request at a time asks for a host's
// robots.txt; the others wait for what it brings.
type book struct {
	mu    sync.Mutex
	pages map[string]*leaf
}

type leaf struct {
	turn  chan struct{}
	rules *rules // nil: never asked; read and written by who holds the turn
}

func (b *book) leaf(origin string, now time.Time) *leaf {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pages == nil {
		b.pages = map[string]*leaf{}
	}
	if len(b.pages) > manyHosts {
		b.forget(now)
	}
	l := b.pages[origin]
	if l == nil {
		l = &leaf{turn: make(chan struct{}, 1)}
		b.pages[origin] = l
	}
	return l
}

// forget drops stale leaves that nobody holds.
func (b *book) forget(now time.Time) {
	for origin, l := range b.pages {
		select {
		case l.turn <- struct{}{}:
			if l.rules == nil || now.After(l.rules.until) {
				delete(b.pages, origin)
			}
			<-l.turn
		default:
		}
	}
}

// rules returns what u's host says to us, asking for its robots.txt where it
// is not known or no longer fresh. The error is NoRobots where it cannot be
// read now, or what became of the attempt.
func (r *road) rules(ctx context.Context, u *url.URL) (*rules, error) {
	l := r.book.leaf(strings.ToLower(u.Scheme+"://"+u.Host), r.c.Now())
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return nil, named(ctx, ctx.Err(), r.c.Timeout)
	}
	if l.rules == nil || r.c.Now().After(l.rules.until) {
		var known time.Duration // the Crawl-delay of what it says anew holds until it is read
		if l.rules != nil {
			known = l.rules.delay
		}
		fresh, err := r.askRobots(ctx, u, known)
		if err != nil {
			return nil, err
		}
		l.rules = fresh
	}
	if l.rules.trouble != nil {
		again := *l.rules.trouble
		return nil, &again
	}
	return l.rules, nil
}

// askRobots fetches and reads a robots.txt, waiting at least delay. Its error is the caller's own:
// cancelled, guarded, held; whatever the server did wrong is rules with trouble.
func (r *road) askRobots(ctx context.Context, u *url.URL, delay time.Duration) (*rules, error) {
	resp, err := r.followRobots(ctx, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}, delay)
	if err != nil {
		e := named(ctx, err, r.c.Timeout)
		if e.Code == Cancelled || e.Code == Guarded || e.Code == Held || e.Code == BadAddress {
			return nil, e
		}
		return r.trouble(u, e.Code, e.Detail, e.RetryAt), nil
	}
	now := r.c.Now()
	switch s := resp.StatusCode; {
	case s >= 500 || s == http.StatusTooManyRequests:
		at, said := retryAfter(resp.Header, now)
		detail := fmt.Sprintf("the server answered %d %s", s, http.StatusText(s))
		if said != "" {
			detail += "; " + said
		}
		return r.trouble(u, NoRobots, detail, at), nil
	case s >= 400:
		return &rules{until: now.Add(robotsLasts)}, nil
	case s != http.StatusOK:
		return r.trouble(u, NoRobots, fmt.Sprintf("the server answered %d", s), time.Time{}), nil
	}
	read, err := readRobots(resp.body)
	if err != nil {
		return r.trouble(u, NoRobots, err.Error(), time.Time{}), nil
	}
	read.until = now.Add(freshness(resp.Header))
	return read, nil
}

// trouble is the rules of a host whose robots.txt cannot be read. A name that
// does not exist and a connection that fails keep their own code: the page
// would have met the same.
func (r *road) trouble(u *url.URL, code Code, detail string, retry time.Time) *rules {
	until := r.c.Now().Add(troubleLasts)
	switch code {
	case NoName, BadTLS, Unreachable:
		until = r.c.Now().Add(outageLasts)
	default:
		code = NoRobots
	}
	if retry.After(until) {
		until = retry
	}
	e := fail(code, "%s://%s/robots.txt cannot be read, so nothing is asked of this host until %s: %s", u.Scheme, u.Host, until.Format(time.RFC3339), detail)
	e.RetryAt = until
	return &rules{trouble: e, until: until}
}

// followRobots asks for a robots.txt and follows its redirects, each hop
// guarded and paced.
func (r *road) followRobots(ctx context.Context, u *url.URL, delay time.Duration) (*response, error) {
	for range robotsHops + 1 {
		if _, err := r.guard.address(u.String()); err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, fail(BadAddress, "%s: %w", u, err)
		}
		req.Header = http.Header{"User-Agent": {r.agent}, "Accept": {"text/plain, */*;q=0.5"}, "Accept-Encoding": {acceptEncoding}}
		resp, err := r.exchange(req, robotsKind, max(r.pace(req), delay))
		if err != nil {
			return nil, err
		}
		next, err := resp.next(u)
		if err != nil || next == nil {
			return resp, err
		}
		u = next
	}
	return nil, fail(TooManyHops, "robots.txt redirects more than %d times", robotsHops)
}

// readRobots reads a robots.txt leniently, as RFC 9309 asks: lines that are
// not rules, rules before the first user-agent and delays that are no number
// are passed over rather than making the whole file unreadable.
func readRobots(body []byte) (*rules, error) {
	data, err := robotstxt.FromBytes(tidyRobots(body))
	if err != nil {
		return nil, fmt.Errorf("its lines make no sense: %w", err)
	}
	g := data.FindGroup(robotsAgent)
	return &rules{group: g, delay: min(g.CrawlDelay, longestDelay), sitemaps: data.Sitemaps}, nil
}

// tidyRobots keeps the lines a robots.txt is made of.
func tidyRobots(body []byte) []byte {
	if len(body) >= maxRobots { // the last line may be cut in two
		body = body[:bytes.LastIndexByte(body, '\n')+1]
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var kept bytes.Buffer
	agents, n := false, 0
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		text, _, _ := strings.Cut(string(line), "#")
		field, value, ok := strings.Cut(text, ":")
		field, value = strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(value)
		if !ok || !robotsLine(field, value, agents) {
			continue
		}
		if n++; n > robotsMaxRules {
			break
		}
		agents = agents || strings.HasPrefix(field, "user")
		kept.WriteString(field + ": " + value + "\n")
	}
	return kept.Bytes()
}

func robotsLine(field, value string, agents bool) bool {
	switch field {
	case "user-agent", "useragent":
		return value != ""
	case "sitemap":
		return strings.HasPrefix(value, "http")
	case "allow", "disallow":
		return agents
	case "crawl-delay", "crawldelay":
		d, err := strconv.ParseFloat(value, 64)
		return agents && err == nil && d >= 0 && d < 1e9
	}
	return false
}

// freshness is how long a robots.txt is believed.
func freshness(h http.Header) time.Duration {
	for part := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(strings.ToLower(part)), "max-age="); ok {
			if s, err := strconv.ParseInt(v, 10, 32); err == nil {
				return min(max(time.Duration(s)*time.Second, robotsAtLeast), robotsAtMost)
			}
		}
	}
	return robotsLasts
}
