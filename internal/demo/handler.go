package demo

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"diembao/config"
)

// Handler serves every paper under its host name, as it stands at clock(). A
// request for any other host gets the newsstand: a list of the papers.
func (p *Press) Handler(clock func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := clock().In(config.VN)
		paper, ok := p.byHost[hostname(r.Host)]
		if !ok {
			p.stand(w, r, now)
			return
		}
		if p.Wait != nil && paper.Slow > 0 && r.URL.Path == paper.SourcePath() {
			p.Wait(paper.Slow)
		}
		paper.serve(w, r, now)
	})
}

// hostname is a Host header without its port, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// serve answers one request for a paper.
func (p *Paper) serve(w http.ResponseWriter, r *http.Request, now time.Time) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	switch path := r.URL.Path; {
	case path == "/robots.txt":
		p.robots(w, r)
	case path == "/trinh-bay.css":
		p.style(w, r)
	case path == "/anh.svg":
		send(w, r, "image/svg+xml", picture)
	case path == "/404.html":
		p.page(w, r, "lost", view{Paper: p, Now: now})
	case path == p.SourcePath():
		p.source(w, r, now)
	case path == newHome+p.SourcePath():
		p.announce(w, r, now)
	case path == "/" || strings.HasPrefix(path, "/chuyen-muc/"):
		p.listing(w, r, now)
	default:
		p.article(w, r, now)
	}
}

// robots sends the paper's robots.txt, or 404 where it has none.
func (p *Paper) robots(w http.ResponseWriter, r *http.Request) {
	if p.Robots == "" {
		http.NotFound(w, r)
		return
	}
	send(w, r, "text/plain; charset=utf-8", []byte(p.Robots))
}

// article sends one page, through what the paper puts before it.
func (p *Paper) article(w http.ResponseWriter, r *http.Request, now time.Time) {
	a := p.byKey[key(r.URL.RequestURI())]
	if a == nil {
		p.notFound(w, r)
		return
	}
	v, shown := a.At(now)
	switch {
	case !shown:
		p.notFound(w, r)
	case p.Gate && !passed(r):
		send(w, r, "text/html; charset=utf-8", gate)
	default:
		p.page(w, r, "article", p.view(a, v, now))
	}
}

// send answers with body and an ETag, so that a second asking may be short.
func send(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body))[:18]+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// RoundTripper answers as the papers do, without a network: for tests, and
// for a client whose transport it is.
func (p *Press) RoundTripper(clock func() time.Time) http.RoundTripper {
	return roundTripper{p.Handler(clock)}
}

type roundTripper struct{ handler http.Handler }

// RoundTrip answers one request.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	in := r.Clone(r.Context())
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	rec := &answer{header: http.Header{}}
	t.handler.ServeHTTP(rec, in)
	return rec.response(r), nil
}

// answer collects what a handler writes.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: readCloser{&a.body}, ContentLength: int64(a.body.Len()), Request: r,
	}
}

// readCloser is a buffer with nothing to close.
type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }
