package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
)

// policy lets a page load our own files and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxBody bounds what a visitor may send; only forms with files need more.
const maxBody = 1 << 20

// bound is how much a request may bring: two pages take files.
func bound(r *http.Request) int64 {
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/clips":
		return clipUpload
	case r.Method == http.MethodPost && r.URL.Path == "/compare":
		return compareUpload
	}
	return maxBody
}

// guard stands before every page: it knows its hosts, refuses requests that
// another site's page makes, and turns a panic into a page in words.
func (s *site) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.page((*visit).foreign))
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header())
		defer s.catch(w, r)
		r.Body = http.MaxBytesReader(w, r.Body, bound(r))
		if !s.knows(r.Host) {
			s.page((*visit).strangeHost).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func harden(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "private, no-cache")
}

// catch turns a panic into the page for faults of ours.
func (s *site) catch(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Log.Error("a page failed badly; please report this", "page", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	s.page((*visit).broken).ServeHTTP(w, r)
}

// knows reports whether a host is ours. A name that a stranger points at this
// machine (DNS rebinding) is not.
func (s *site) knows(host string) bool {
	name := bare(host)
	if name == "localhost" {
		return true
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.IsLoopback() || slices.Contains(s.Hosts, name)
	}
	return slices.ContainsFunc(s.Hosts, func(h string) bool { return bare(h) == name })
}

// bare is a host without port, brackets and final dot, in lower case.
func bare(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// CheckListen refuses an address that others than this machine could reach:
// there are no passwords yet. The error says what to write instead.
func CheckListen(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not an address to listen on; write host:port, such as 127.0.0.1:8080", addr)
	}
	if host == "localhost" {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
		return fmt.Errorf("%q could be reached by others, and there are no passwords yet: listen on this machine alone, such as %s",
			addr, net.JoinHostPort("127.0.0.1", port))
	}
	return nil
}
