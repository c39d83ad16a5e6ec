package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Resolver turns a host name into addresses.
type Resolver func(ctx context.Context, host string) ([]netip.Addr, error)

// Guard keeps the program from being sent to machines that the public web does
// not reach: a page may link to, redirect to, or resolve to a router, a cloud's
// metadata service or a database next door. It looks at the address a name
// resolved to and connects to that very address, so a name that changes its
// answer between the look and the connection gains nothing.
type Guard struct {
	allow   map[string]bool // host:port, lower case; host is a name or an address
	resolve Resolver
	dialer  net.Dialer
}

// NewGuard makes a Guard with exceptions written host:port, where host is a
// name or an address, e.g. "127.0.0.1:8081" or "[::1]:8081". A name's
// exception covers whatever it resolves to. resolve may be nil.
func NewGuard(allow []string, resolve Resolver) (*Guard, error) {
	g := &Guard{allow: map[string]bool{}, resolve: resolve, dialer: net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}}
	if resolve == nil {
		g.resolve = systemResolver
	}
	for _, a := range allow {
		host, port, err := net.SplitHostPort(a)
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("address guard: the exception %q is not host:port; write it as 127.0.0.1:8081", a)
		}
		g.allow[exception(host, port)] = true
	}
	return g, nil
}

// To makes the Guard of a connection that the configuration itself names, a
// mail server or a proxy: where that may be is its owner's to say, what else
// could be reached by it is not. The destination is host:port.
func To(destination string) (*Guard, error) { return NewGuard([]string{destination}, nil) }

// DialContext connects to a host and port if they are public or excepted. It
// is the DialContext of every http.Transport and mail client that goes out:
// nothing else in this program connects to the outside.
func (g *Guard) DialContext(ctx context.Context, network, hostport string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, fail(BadAddress, "%q is not host:port: %w", hostport, err)
	}
	addrs, err := g.Check(ctx, host, port)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		var c net.Conn
		if c, err = g.dialer.DialContext(ctx, network, net.JoinHostPort(a.String(), port)); err == nil {
			return c, nil
		}
	}
	return nil, err
}

// Check resolves a host and returns those of its addresses that may be
// connected to. The error is Guarded where none may, NoName where there is none.
func (g *Guard) Check(ctx context.Context, host, port string) ([]netip.Addr, error) {
	addrs, err := g.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var open []netip.Addr
	for _, a := range addrs {
		if g.allow[exception(host, port)] || g.allow[exception(a.String(), port)] || closed(a) == "" {
			open = append(open, a)
		}
	}
	if len(open) == 0 && len(addrs) > 0 {
		return nil, refusal(host, port, addrs[0])
	}
	return open, nil
}

// literal checks a host that needs no name server: a written address, or a
// name under .localhost.
func (g *Guard) literal(host, port string) error {
	a, ok := written(host)
	if !ok || g.allow[exception(host, port)] || g.allow[exception(a.String(), port)] || closed(a) == "" {
		return nil
	}
	return refusal(host, port, a)
}

func refusal(host, port string, a netip.Addr) *Error {
	return fail(Guarded, "%s is %s, %s; if it must be asked, name %s under allow", host, a, closed(a), net.JoinHostPort(a.String(), port))
}

func (g *Guard) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, ok := written(host); ok {
		return []netip.Addr{a}, nil
	}
	found, err := g.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fail(NoName, "the name %s has no address", host)
	}
	addrs := make([]netip.Addr, len(found))
	for i, a := range found {
		addrs[i] = a.Unmap()
	}
	return addrs, nil
}

// written returns the address a host stands for without a name server: names
// under .localhost are loopback by RFC 6761, whatever a server would say.
func written(host string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap(), true
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	return netip.Addr{}, false
}

func systemResolver(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// address reads an address that may be asked for: http or https, with a host.
func (g *Guard) address(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, fail(BadAddress, "not an address: %w", err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fail(BadAddress, "%q is not an http or https address", raw)
	case u.Hostname() == "":
		return nil, fail(BadAddress, "%q names no host", raw)
	}
	return u, nil
}

func exception(host, port string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		host = a.Unmap().String()
	}
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(host, ".")), port)
}

// special lists what the registries of RFC 6890 keep from the public internet
// and netip does not name, with what each is.
var special = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "an address of this machine"},
	{netip.MustParsePrefix("100.64.0.0/10"), "behind a carrier's address translation"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "reserved for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a 6to4 relay"},
	{netip.MustParsePrefix("198.18.0.0/15"), "reserved for measurements"},
	{netip.MustParsePrefix("198.51.100.0/24"), "reserved for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "reserved for documentation"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("2001::/23"), "reserved for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "reserved for documentation"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 tunnel"},
	{netip.MustParsePrefix("3fff::/20"), "reserved for documentation"},
}

// global is the only part of IPv6 given to the public internet; all else there
// (unique local, site local, NAT64, mapped, …) is closed.
var global = netip.MustParsePrefix("2000::/3")

// closed says why an address is not public; "" for a public one.
func closed(a netip.Addr) string {
	a = a.Unmap()
	switch {
	case !a.IsValid() || a.Zone() != "":
		return "not a plain address"
	case a.IsUnspecified(), a.IsLoopback():
		return "an address of this machine"
	case a.IsPrivate():
		return "a private address"
	case a.IsLinkLocalUnicast():
		return "a link-local address"
	case a.IsMulticast():
		return "a multicast address"
	case a.Is6() && !global.Contains(a):
		return "not a public IPv6 address"
	}
	for _, s := range special {
		if s.prefix.Contains(a) {
			return s.what
		}
	}
	return ""
}
