package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestGuard(t *testing.T) {
	g, err := NewGuard([]string{"127.0.0.1:8081", "noi-bo.example:80", "[::1]:9000"}, func(_ context.Context, host string) ([]netip.Addr, error) {
		switch host {
		case "noi-bo.example", "bay.example":
			return []netip.Addr{netip.MustParseAddr("10.1.2.3")}, nil
		case "hai-mat.example":
			return []netip.Addr{netip.MustParseAddr("192.168.0.1"), netip.MustParseAddr("93.184.216.34")}, nil
		case "khong.example":
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for hostport, open := range map[string]bool{
		"bao.example:80": true, "hai-mat.example:80": true, "93.184.216.34:443": true, "[2606:2800:220:1::1]:80": true,
		"bay.example:80": false, "noi-bo.example:80": true, "noi-bo.example:81": false, "NOI-BO.example.:80": true, "khong.example:80": false,
		"127.0.0.1:8081": true, "127.0.0.1:8082": false, "bao-x.localhost:8081": true, "bao-x.localhost:80": false, "localhost:8081": true,
		"[::1]:9000": true, "[::1]:80": false, "[::ffff:127.0.0.1]:8081": true, "[::ffff:169.254.169.254]:80": false, "169.254.169.254:80": false,
		"0.0.0.0:80": false, "10.0.0.1:80": false, "172.16.0.1:80": false, "192.168.1.1:80": false, "100.64.0.1:80": false, "224.0.0.1:80": false,
		"255.255.255.255:80": false, "198.18.0.1:80": false, "240.0.0.1:80": false, "[fd00::1]:80": false, "[fe80::1]:80": false, "[fe80::1%eth0]:80": false,
		"[64:ff9b::a00:1]:80": false, "[2002:a00:1::]:80": false, "[2001::1]:80": false, "[::]:80": false, "[fec0::1]:80": false, "[::10.0.0.1]:80": false,
	} {
		host, port, err := net.SplitHostPort(hostport)
		if err != nil {
			t.Fatal(err)
		}
		addrs, err := g.Check(t.Context(), host, port)
		if (err == nil && len(addrs) > 0) != open {
			t.Errorf("%s: addresses %v, error %v, want open %v", hostport, addrs, err, open)
		}
		for _, a := range addrs {
			if a.IsPrivate() && host == "hai-mat.example" {
				t.Errorf("%s: the private address is among those to dial", hostport)
			}
		}
	}
	for _, bad := range []string{"127.0.0.1", ":80", "a:b:c"} {
		if _, err := NewGuard([]string{bad}, nil); err == nil {
			t.Errorf("the exception %q was taken", bad)
		}
	}
}

// TestNameThatTurnsPrivate: a name is allowed at the first look and private at
// the next. What was looked at is what is dialled, so the server behind the
// second address is never reached.
func TestNameThatTurnsPrivate(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	f, err := New(Config{Contact: contact, Pace: -1, Allow: []string{"127.0.0.2:" + port}, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		if looks++; looks == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil // allowed, and nobody there
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "http://doi-mat.example:"+port+"/", Unreachable, "127.0.0.2")
	if reached || looks != 1 {
		t.Errorf("reached %v after %d looks", reached, looks)
	}
	f.road.book.pages = nil // forget that robots.txt could not be read
	wants(t, f, "http://doi-mat.example:"+port+"/", Guarded, "this machine")
	if reached {
		t.Error("the private server was reached")
	}
}

func TestBadAddresses(t *testing.T) {
	f, _ := served(t, site(says("text/html", "x")))
	for address, want := range map[string]Code{
		"": BadAddress, "ftp://bao.example/a": BadAddress, "http://": BadAddress, "javascript:alert(1)": BadAddress, "http://[::1": BadAddress,
		"http://0x7f.1/": Guarded, "http://2130706433/": Guarded, "http://localhost/": Guarded, "http://127.0.0.1:1/": Guarded,
	} {
		wants(t, f, address, want, "")
	}
}

func TestNoSuchName(t *testing.T) {
	f, err := New(Config{Contact: contact, Pace: -1, Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "http://khong-con.example/a", NoName, "does not exist")
}

func TestServerThatIsDown(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	address := s.Listener.Addr().String()
	s.Close()
	f, err := New(Config{Contact: contact, Pace: -1, Allow: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "http://"+address+"/a", Unreachable, "refuses connections")
}
