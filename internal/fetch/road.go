package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"

	"diembao/internal/vi"
)

const (
	maxHops   = 10       // redirects followed
	maxHeader = 64 << 10 // bytes of an answer's headers
	maxTrifle = 64 << 10 // bytes kept of an answer that is no page
)

// Exchange is one request that went out and what came back: the line of a
// host's request log.
type Exchange struct {
	Host   string        // the lane it was paced in, e.g. "bao.vn" or "127.0.0.1:8081"
	URL    string        // as asked
	Kind   Kind          // "robots" for robots.txt
	At     time.Time     // when it went out
	Took   time.Duration // until the body was complete
	Delay  time.Duration // the least time after the request before, as robots.txt and the pace had it
	Status int           // 0 where no answer came
	Bytes  int           // of the body, decompressed
	Err    error         // why no answer came
}

// road is the http.RoundTripper beneath colly. Every request and every
// redirect passes here: address, robots.txt, the host's turn, the exchange.
type road struct {
	c      Config
	agent  string
	guard  *Guard
	pacer  *pacer
	book   book
	net    http.RoundTripper // hosts in general
	oldNet http.RoundTripper // hosts named under OldTLS
	old    []string
	proxy  *url.URL
}

func newRoad(c Config, agent string) (*road, error) {
	guard, err := NewGuard(c.Allow, c.Resolve)
	if err != nil {
		return nil, err
	}
	r := &road{c: c, agent: agent, guard: guard, pacer: newPacer(c.Now, c.Sleep, c.MaxWait)}
	for _, h := range c.OldTLS {
		r.old = append(r.old, strings.ToLower(h))
	}
	if c.Transport != nil {
		r.net, r.oldNet = c.Transport, c.Transport
		return r, nil
	}
	if c.Proxy != "" {
		r.proxy, err = url.Parse(c.Proxy)
		if err != nil || r.proxy.Host == "" || (r.proxy.Scheme != "http" && r.proxy.Scheme != "https") {
			return nil, fmt.Errorf("proxy %q is not an http address; write it as http://proxy.example:3128", c.Proxy)
		}
	}
	dial := guard.DialContext
	if r.proxy != nil {
		to, err := To(net.JoinHostPort(r.proxy.Hostname(), portOf(r.proxy)))
		if err != nil {
			return nil, err
		}
		dial = to.DialContext
	}
	r.net = r.network(&tls.Config{MinVersion: tls.VersionTLS12}, dial)
	r.oldNet = r.network(oldTLS(), dial)
	return r, nil
}

// network is the connections themselves. Compression is ours, so that what
// comes out of it is bounded; a proxy is dialled as it is named, and what it
// is asked for is checked before.
func (r *road) network(t *tls.Config, dial func(context.Context, string, string) (net.Conn, error)) *http.Transport {
	n := &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        t,
		TLSHandshakeTimeout:    15 * time.Second,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	if r.proxy != nil {
		n.Proxy = http.ProxyURL(r.proxy)
	}
	return n
}

// oldTLS is what some provincial papers' servers still need. Certificates are
// checked as everywhere.
func oldTLS() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS10} //nolint:gosec // only for hosts named in the configuration
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	return c
}

func (r *road) close() {
	for _, n := range []http.RoundTripper{r.net, r.oldNet} {
		if c, ok := n.(interface{ CloseIdleConnections() }); ok {
			c.CloseIdleConnections()
		}
	}
}

// trip is one Get on its way through redirects. One goroutine at a time has it.
type trip struct {
	req       Request
	hops      []string
	permanent bool // every redirect so far said so
	notes     []string
	header    http.Header // of the last answer, as sent
	body      []byte      // of the last answer, decompressed
	wire      Wire        // of the last exchange
	took      time.Duration
	cookies   http.CookieJar // only within the trip: sites that set one and redirect
}

type tripKey struct{}

func newTrip(req Request) *trip {
	if req.Kind == "" {
		req.Kind = Page
	}
	return &trip{req: req, permanent: true}
}

func tripOf(req *http.Request) *trip {
	t, _ := req.Context().Value(tripKey{}).(*trip)
	return t
}

// RoundTrip takes one request, or one redirect, of colly's over the road. The
// body, already read, stays with the trip: colly would only copy it.
func (r *road) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.travel(req)
	if err != nil {
		return nil, err
	}
	return resp.bare(req), nil
}

// travel takes one request over the road. The answer's body is complete,
// decompressed and bounded.
func (r *road) travel(req *http.Request) (*response, error) {
	t := tripOf(req)
	ctx := req.Context()
	if _, err := r.guard.address(req.URL.String()); err != nil {
		return nil, err
	}
	rules, err := r.rules(ctx, req.URL)
	if err != nil {
		return nil, err
	}
	if !rules.allows(req.URL) {
		return nil, fail(Forbidden, "robots.txt of %s forbids %s", req.URL.Host, req.URL.RequestURI())
	}
	t.hops = append(t.hops, req.URL.String())
	out := t.withCookies(req)
	resp, err := r.exchange(out, t.req.Kind, max(r.pace(req), rules.delay))
	if err != nil {
		return nil, err
	}
	t.keep(out, resp)
	return resp, nil
}

// pace is the configured least time between requests for a request's trip.
func (r *road) pace(req *http.Request) time.Duration {
	if t := tripOf(req); t != nil && t.req.Pace > 0 {
		return t.req.Pace
	}
	return r.c.Pace
}

// exchange waits for the host's turn, sends one request and reads its whole
// answer, within Timeout from the moment it goes out.
func (r *road) exchange(req *http.Request, kind Kind, delay time.Duration) (*response, error) {
	parent := req.Context()
	host := hostKey(req.URL)
	if err := r.checkHost(parent, req.URL); err != nil {
		return nil, err
	}
	leave, err := r.pacer.enter(parent, host, delay)
	if err != nil {
		return nil, named(parent, err, r.c.Timeout)
	}
	defer leave()
	x := Exchange{Host: host, URL: req.URL.String(), Kind: kind, At: r.c.Now(), Delay: delay}
	r.pacer.went(host, x.At)
	resp, err := r.send(req, kind)
	x.Took = r.c.Now().Sub(x.At)
	if err != nil {
		x.Err = err
		r.told(x)
		return nil, err
	}
	x.Status, x.Bytes = resp.StatusCode, len(resp.body)
	resp.took = x.Took
	r.heed(host, resp, delay)
	r.told(x)
	return resp, nil
}

// send is the exchange itself.
func (r *road) send(req *http.Request, kind Kind) (*response, error) {
	parent := req.Context()
	ctx, cancel := context.WithTimeout(parent, r.c.Timeout)
	defer cancel()
	way := r.net
	if slices.Contains(r.old, strings.ToLower(req.URL.Hostname())) {
		way = r.oldNet
	}
	peer := ""
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { peer = r.peer(c.Conn) }})
	sent, err := way.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, named(parent, outOfTime(ctx, err), r.c.Timeout)
	}
	defer sent.Body.Close()
	body, err := readBody(sent, kind, r.c.MaxBytes)
	if err != nil {
		return nil, named(parent, outOfTime(ctx, err), r.c.Timeout)
	}
	return &response{Response: sent, body: body, peer: peer}, nil
}

// peer is the address of the server at the other end; a proxy is not it.
func (r *road) peer(c net.Conn) string {
	if r.proxy != nil {
		return ""
	}
	if at, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		return at.Addr().Unmap().WithZone("").String()
	}
	return ""
}

// outOfTime says that time ran out where the connection only says that it was
// closed under it.
func outOfTime(ctx context.Context, err error) error {
	if ctx.Err() != nil && CodeOf(err) == "" {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// checkHost looks at the host before it waits for its turn. Our own network
// looks again when it connects; a proxy resolves for itself, and a network
// given by configuration answers for names as it likes.
func (r *road) checkHost(ctx context.Context, u *url.URL) error {
	if r.proxy != nil {
		_, err := r.guard.Check(ctx, u.Hostname(), portOf(u))
		return err
	}
	return r.guard.literal(u.Hostname(), portOf(u))
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// heed obeys a Retry-After, and a 429 without one.
func (r *road) heed(host string, resp *response, delay time.Duration) {
	busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable
	at, said := retryAfter(resp.Header, r.c.Now())
	switch {
	case busy && said != "":
		r.pacer.hold(host, at, said)
	case resp.StatusCode == http.StatusTooManyRequests:
		r.pacer.tooMany(host, delay)
	case resp.StatusCode < http.StatusBadRequest:
		r.pacer.fine(host)
	}
}

func (r *road) told(x Exchange) {
	r.c.Asked(x)
	r.c.Log.Debug("asked", "host", x.Host, "url", x.URL, "kind", x.Kind, "status", x.Status, "bytes", x.Bytes, "took", x.Took, "err", x.Err)
}

// redirect bounds the hops; what each may be asked is RoundTrip's to say.
func (r *road) redirect(req *http.Request, via []*http.Request) error {
	t := tripOf(req)
	if len(via) > maxHops {
		return fail(TooManyHops, "redirected %d times, at last to %s; the site redirects in a circle or without end", maxHops, clip(req.URL.String(), 200))
	}
	from := via[len(via)-1].URL
	if from.Scheme == "https" && req.URL.Scheme == "http" {
		t.notes = append(t.notes, fmt.Sprintf("%s redirects from https to http", from.Host))
	}
	if s := req.Response.StatusCode; s != http.StatusMovedPermanently && s != http.StatusPermanentRedirect {
		t.permanent = false
	}
	return nil
}

// withCookies adds what earlier hops of the trip set.
func (t *trip) withCookies(req *http.Request) *http.Request {
	out := req.Clone(req.Context())
	if t.cookies != nil {
		for _, c := range t.cookies.Cookies(req.URL) {
			out.AddCookie(c)
		}
	}
	return out
}

func (t *trip) keep(req *http.Request, resp *response) {
	t.header, t.body = resp.Header, resp.body
	t.wire = Wire{Sent: req.Header, Proto: resp.Proto, Status: resp.Status, Peer: resp.peer, Cut: resp.StatusCode >= 400 && len(resp.body) >= maxTrifle}
	t.took += resp.took
	if cookies := resp.Cookies(); len(cookies) > 0 && resp.StatusCode >= 300 && resp.StatusCode < 400 {
		if t.cookies == nil {
			t.cookies, _ = cookiejar.New(nil) // its error is always nil
		}
		t.cookies.SetCookies(req.URL, cookies)
	}
}

// response is an answer whose body has been read.
type response struct {
	*http.Response
	body []byte
	peer string
	took time.Duration
}

// next is where a redirect leads; nil where the answer is none.
func (r *response) next(from *url.URL) (*url.URL, error) {
	switch r.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	to, err := from.Parse(r.Header.Get("Location"))
	if err != nil {
		return nil, fail(BadAnswer, "redirects to an unreadable address: %w", err)
	}
	return to, nil
}

// bare is the answer without its body, and without the encoding and the length
// that it no longer has.
func (r *response) bare(req *http.Request) *http.Response {
	out := *r.Response
	out.Header = r.Header.Clone()
	out.Header.Del("Content-Encoding")
	out.Header.Del("Content-Length")
	out.Uncompressed = true // else colly unzips *.xml.gz once more
	out.ContentLength, out.Body = 0, http.NoBody
	out.Request = req
	return &out
}

// whole is the answer with its body, decompressed.
func (r *response) whole(req *http.Request) *http.Response {
	out := r.bare(req)
	out.ContentLength, out.Body = int64(len(r.body)), io.NopCloser(bytes.NewReader(r.body))
	return out
}

// finish makes the Answer of a trip, and names its end.
func (r *road) finish(t *trip, got *colly.Response, err error) (Answer, error) {
	a := Answer{Hops: t.hops, Notes: t.notes, Took: t.took}
	a.URL, a.Final, a.At = t.req.URL, t.req.URL, r.c.Now()
	if n := len(t.hops); n > 0 {
		a.Final = t.hops[n-1]
	}
	if err == nil && got == nil {
		err = fail(BadAnswer, "no answer was handed on")
	}
	if err != nil {
		e := *named(context.Background(), err, r.c.Timeout)
		return a.end(&e)
	}
	a.Status, a.Raw, a.Header, a.Wire = got.StatusCode, t.body, t.header, t.wire
	a.ETag, a.LastModified = t.header.Get("ETag"), t.header.Get("Last-Modified")
	if n := len(t.hops); n > 1 && t.permanent {
		a.Moved = t.hops[n-1]
	}
	if a.Status == http.StatusNotModified {
		a.Code = Unchanged
		a.ETag, a.LastModified = cmp.Or(a.ETag, t.req.ETag), cmp.Or(a.LastModified, t.req.LastModified)
		return a, nil
	}
	a.Body, a.Charset = vi.Decode(a.Raw, declared(t.header, a.Raw))
	if e := judge(t, &a, a.At); e != nil {
		return a.end(e)
	}
	a.Code = OK
	return a, nil
}

func (a *Answer) end(e *Error) (Answer, error) {
	e.URL = a.URL
	a.Code = e.Code
	return *a, e
}
