package fetch

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(site(says("text/html", "kín")))
	s.Config.ErrorLog = quiet
	defer s.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Allow: []string{s.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, s.URL+"/a", BadTLS, "certificate")
}

func TestOldTLSOnlyWhereNamed(t *testing.T) {
	s := httptest.NewUnstartedServer(site(says("text/html", "cũ")))
	s.Config.ErrorLog = quiet
	s.TLS = &tls.Config{MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10}
	s.StartTLS()
	defer s.Close()
	for _, old := range []bool{false, true} {
		c := Config{Contact: contact, Pace: -1, Allow: []string{s.Listener.Addr().String()}}
		want := "protocol version"
		if old {
			c.OldTLS, want = []string{"127.0.0.1"}, "certificate" // the handshake gets as far as the test's own certificate
		}
		f, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		wants(t, f, s.URL+"/a", BadTLS, want)
		f.Close()
	}
}

func TestBehindAProxyNamesAreCheckedFirst(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, "qua cổng")
	}))
	defer proxy.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Proxy: proxy.URL, Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		if host == "bao.example" {
			return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if a := wants(t, f, "http://bao.example/a", OK, ""); a.Body != "qua cổng" {
		t.Errorf("body %q", a.Body)
	}
	wants(t, f, "http://noi-bo.example/a", Guarded, "private")
	wants(t, f, proxy.URL+"/a", Guarded, "this machine")
	if len(asked) != 2 {
		t.Errorf("the proxy was asked for %q", asked)
	}
	if _, err := New(Config{Contact: contact, Pace: -1, Proxy: "proxy:3128"}); err == nil {
		t.Error("a proxy without a scheme was taken")
	}
}

func TestDowngradeIsNoted(t *testing.T) {
	plain := roundTrip(func(r *http.Request) *http.Response {
		resp := &http.Response{StatusCode: 200, Proto: "HTTP/1.1", Header: http.Header{}, Body: io.NopCloser(strings.NewReader("trang")), Request: r, ContentLength: -1}
		switch {
		case r.URL.Path == "/robots.txt":
			resp.StatusCode = 404
		case r.URL.Scheme == "https":
			resp.StatusCode = 301
			resp.Header.Set("Location", (&url.URL{Scheme: "http", Host: r.URL.Host, Path: r.URL.Path}).String())
		}
		return resp
	})
	f, err := New(Config{Contact: contact, Pace: -1, Transport: plain})
	if err != nil {
		t.Fatal(err)
	}
	a := wants(t, f, "https://bao.example/a", OK, "")
	if len(a.Notes) != 1 || a.Final != "http://bao.example/a" || a.Moved != "http://bao.example/a" {
		t.Errorf("notes %q, final %q", a.Notes, a.Final)
	}
}

type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }
