package render

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// maxRequests bounds what one page may ask for.
const maxRequests = 150

// proxy is Chromium's way out while it renders one page. It opens the tunnels
// that Chromium asks for, so that robots.txt holds for each address and not
// for hosts alone: Chromium trusts the proxy's key, the road checks the
// server's certificate.
type proxy struct {
	ctx     context.Context // of the page
	road    http.RoundTripper
	tls     *tls.Config
	listen  net.Listener
	tunnels tunnels
	server  *http.Server

	mu    sync.Mutex
	asked int
	doc   document
}

// document is what came of the request for the page itself.
type document struct {
	url    string
	status int // 0: nothing came yet
	header http.Header
	err    error // why the road brought none
}

func open(ctx context.Context, road http.RoundTripper, s *seal) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening Chromium's way out on loopback: %w", err)
	}
	p := &proxy{ctx: ctx, road: road, tls: s.config, listen: l, tunnels: newTunnels(l.Addr())}
	p.server = &http.Server{
		Handler:           p,
		ReadHeaderTimeout: 30 * time.Second,
		MaxHeaderBytes:    256 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // tunnels that Chromium drops half-way
	}
	go p.server.Serve(l)         //nolint:errcheck // it ends with close
	go p.server.Serve(p.tunnels) //nolint:errcheck
	return p, nil
}

func (p *proxy) address() string { return p.listen.Addr().String() }

func (p *proxy) close() { p.server.Close() }

func (p *proxy) document() document {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.doc
}

// ServeHTTP takes the requests of both sorts of connection: those that name
// the whole address, and those that come through a tunnel.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		p.tunnel(w)
		return
	}
	if r.TLS != nil {
		r.URL.Scheme, r.URL.Host = "https", r.Host
	}
	if why := p.unwanted(r); why != "" {
		http.Error(w, why, http.StatusForbidden)
		return
	}
	p.answer(w, r)
}

// unwanted says why a request does not go out. A reader of text needs no
// pictures and no frames, and sends nothing.
func (p *proxy) unwanted(r *http.Request) string {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "script", "empty", "worker", "json":
	default:
		return "only documents, scripts and data are asked for"
	}
	switch {
	case r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.Host == "":
		return "not an http or https address"
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions:
		return "nothing is sent, only asked for"
	case r.Header.Get("Upgrade") != "":
		return "no standing connections"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked++; p.asked > maxRequests {
		return fmt.Sprintf("the page asked for more than %d things", maxRequests)
	}
	return ""
}

// answer sends a request over the road and its answer back.
func (p *proxy) answer(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(p.ctx)
	out.RequestURI, out.Body, out.ContentLength = "", nil, 0
	for name := range out.Header {
		if strings.HasPrefix(name, "Proxy-") || name == "Connection" {
			out.Header.Del(name)
		}
	}
	resp, err := p.road.RoundTrip(out)
	p.note(r, resp, err)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.Header().Del("Transfer-Encoding")
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body) //nolint:errcheck // Chromium may leave before it has read all
}

// note remembers what became of the page's own document, redirects included.
// Servers without TLS are not told what a request is for; there the first
// answer to one that wants HTML is it.
func (p *proxy) note(r *http.Request, resp *http.Response, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.doc.err != nil || p.doc.status != 0 && (p.doc.status < 300 || p.doc.status >= 400)
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "document":
	case "":
		if found || !strings.HasPrefix(r.Header.Get("Accept"), "text/html") {
			return
		}
	default:
		return
	}
	p.doc = document{url: r.URL.String(), err: err}
	if err == nil {
		p.doc.status, p.doc.header = resp.StatusCode, resp.Header.Clone()
	}
}

// tunnel opens the tunnel that Chromium asks for, and serves its requests like
// all others.
func (p *proxy) tunnel(w http.ResponseWriter) {
	conn, rest, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	early := make([]byte, rest.Reader.Buffered())
	if _, err = io.ReadFull(rest, early); err == nil {
		_, err = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	}
	if err != nil {
		conn.Close()
		return
	}
	p.tunnels.add(tls.Server(&begun{conn, io.MultiReader(bytes.NewReader(early), conn)}, p.tls))
}

// begun is a connection of which something was read already.
type begun struct {
	net.Conn
	r io.Reader
}

func (b *begun) Read(p []byte) (int, error) { return b.r.Read(p) }

// tunnels hands opened tunnels to a server as a listener hands it connections.
type tunnels struct {
	at   net.Addr
	ch   chan net.Conn
	done chan struct{}
	once *sync.Once
}

func newTunnels(at net.Addr) tunnels {
	return tunnels{at, make(chan net.Conn), make(chan struct{}), new(sync.Once)}
}

func (t tunnels) add(c net.Conn) {
	select {
	case t.ch <- c:
	case <-t.done:
		c.Close()
	}
}

// Accept waits for the next tunnel.
func (t tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.ch:
		return c, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

// Close ends the waiting.
func (t tunnels) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

// Addr is where the tunnels come in.
func (t tunnels) Addr() net.Addr { return t.at }
