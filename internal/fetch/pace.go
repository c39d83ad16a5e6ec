package fetch

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	longestRest = 24 * time.Hour   // how long a Retry-After is believed; beyond it, the host is asked again tomorrow
	firstRest   = time.Minute      // after a 429 that does not say for how long; doubled by each further one
	lastRest    = time.Hour        // … up to this
	slowestPace = 10 * time.Minute // what 429s slow a host down to, at most
	idleLane    = 2 * time.Hour    // after which a host's lane need not be remembered
)

// pacer keeps one budget for each host, never one for all.
type pacer struct {
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	maxWait time.Duration

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is the way to one host: where it is paced, one request at a time.
type lane struct {
	turn chan struct{} // held by who is being served

	users int // who is in it or on the way; kept under the pacer's mu

	mu      sync.Mutex
	last    time.Time     // start of the last request
	held    time.Time     // until when the host asked to be left alone
	why     string        // in its words
	rest    time.Duration // given after its last 429
	patient time.Duration // least time between two requests since it said 429; fades with good answers
}

func newPacer(now func() time.Time, sleep func(context.Context, time.Duration) error, maxWait time.Duration) *pacer {
	return &pacer{now: now, sleep: sleep, maxWait: maxWait, lanes: map[string]*lane{}}
}

func (p *pacer) lane(host string) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lanes[host]
	if l == nil {
		if len(p.lanes) >= manyHosts {
			p.forget()
		}
		l = &lane{turn: make(chan struct{}, 1)}
		p.lanes[host] = l
	}
	l.users++
	return l
}

func (p *pacer) done(l *lane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.users--
}

// forget drops the lanes that nobody is in and that owe nobody a wait.
func (p *pacer) forget() {
	now := p.now()
	for host, l := range p.lanes {
		if l.users > 0 {
			continue
		}
		l.mu.Lock()
		idle := now.Sub(l.last) > idleLane && !l.held.After(now)
		l.mu.Unlock()
		if idle {
			delete(p.lanes, host)
		}
	}
}

// enter waits for the host's turn, so that this request starts at least delay
// after the last one that went. Without a delay requests do not queue. The caller calls
// leave when the answer is complete. The error is Held where the wait would
// be longer than anyone should stand in line, or the context's.
func (p *pacer) enter(ctx context.Context, host string, delay time.Duration) (leave func(), err error) {
	l := p.lane(host)
	leave = func() { p.done(l) }
	delay = max(delay, l.patience())
	if delay > 0 {
		select {
		case l.turn <- struct{}{}:
			leave = func() { <-l.turn; p.done(l) }
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		}
	}
	if err := p.rest(ctx, l, host, delay); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func (p *pacer) rest(ctx context.Context, l *lane, host string, delay time.Duration) error {
	wait, why := l.wait(p.now(), delay)
	if wait > p.maxWait {
		at := p.now().Add(wait)
		e := fail(Held, "%s is left alone until %s: %s", host, at.Format(time.RFC3339), why)
		e.RetryAt = at
		return e
	}
	if wait > 0 {
		if err := p.sleep(ctx, wait); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// went says when the request that entered was sent: a machine under load may
// have let it stand for a while, and the next one's wait begins now.
func (p *pacer) went(host string, at time.Time) {
	l := p.lane(host)
	defer p.done(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if at.After(l.last) {
		l.last = at
	}
}

// wait tells how long the next request must wait, and why.
func (l *lane) wait(now time.Time, delay time.Duration) (time.Duration, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait, why := time.Duration(0), ""
	if !l.last.IsZero() && delay > 0 {
		wait, why = l.last.Add(delay).Sub(now), "its Crawl-delay is "+delay.String()
	}
	if held := l.held.Sub(now); held > wait {
		wait, why = held, l.why
	}
	return max(wait, 0), why
}

// hold leaves the host alone until the given time; the later time wins.
func (p *pacer) hold(host string, until time.Time, why string) {
	l := p.lane(host)
	defer p.done(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.held) {
		l.held, l.why = until, why
	}
}

// tooMany leaves a host alone that said 429 and not for how long: a minute,
// and longer each time; afterwards it is asked at half the pace of before.
func (p *pacer) tooMany(host string, delay time.Duration) {
	l := p.lane(host)
	defer p.done(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = min(max(firstRest, 2*l.rest), lastRest)
	l.patient = min(max(2*l.patient, 2*delay, time.Second), slowestPace)
	if until := p.now().Add(l.rest); until.After(l.held) {
		l.held, l.why = until, "it said 429 Too Many Requests, and not for how long"
	}
}

// fine lets a host's patience fade: each good answer brings it a tenth nearer
// to its own pace.
func (p *pacer) fine(host string) {
	l := p.lane(host)
	defer p.done(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = 0
	if l.patient = l.patient * 9 / 10; l.patient < time.Second {
		l.patient = 0
	}
}

func (l *lane) patience() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.patient
}

// retryAfter reads a Retry-After, seconds or a date (RFC 9110, 10.2.3), as a
// time and in words. Both are empty where there is none to obey.
func retryAfter(h http.Header, now time.Time) (time.Time, string) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return time.Time{}, ""
	}
	at, err := http.ParseTime(v)
	if strings.Trim(v, "0123456789") == "" { // seconds; Atoi gives the largest number for those beyond it
		s, _ := strconv.Atoi(v)
		at, err = now.Add(min(time.Duration(min(s, 1<<30))*time.Second, 2*longestRest)), nil
	}
	if err != nil || !at.After(now) {
		return time.Time{}, ""
	}
	if at.Sub(now) > longestRest {
		return now.Add(longestRest), "it asks to be left alone for very long (Retry-After: " + clip(v, 40) + "); retired until tomorrow"
	}
	return at, "it asks to be left alone until " + at.Format(time.RFC3339) + " (Retry-After: " + clip(v, 40) + ")"
}

// hostKey names a host's lane: the default port is the same host.
func hostKey(u *url.URL) string {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		return host + ":" + p
	}
	return host
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
