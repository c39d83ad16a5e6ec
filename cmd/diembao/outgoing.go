package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/notify"
)

// post is the way out of letters: through the address guard, like every
// connection, with the mail server as the one exception.
func post(m config.Mail) (notify.Post, error) {
	p := notify.Post{Mail: m}
	if m.SMTP == "" {
		return p, nil
	}
	to, err := fetch.To(m.SMTP)
	if err != nil {
		return p, fmt.Errorf("mail.smtp %q: %w", m.SMTP, err)
	}
	p.Dial = to.DialContext
	return p, nil
}

// ownServer asks the server of this data directory, and nobody else.
func ownServer(address string) (*http.Client, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	to, err := fetch.To(u.Host)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return to.DialContext(ctx, network, u.Host)
	}}}, nil
}

// destination is where this configuration lets the program connect to.
type destination struct {
	What  string   `json:"what"`
	Hosts []string `json:"hosts"`
	Says  string   `json:"says"`
}

// destinations lists all of them.
func destinations(pack config.Pack) []destination {
	site := pack.Site
	out := []destination{{"outlets", outletHosts(pack), "asked over http and https after robots.txt, at their pace; public addresses only"}}
	add := func(what, says string, hosts ...string) {
		if hosts = slices.DeleteFunc(hosts, func(h string) bool { return h == "" }); len(hosts) > 0 {
			out = append(out, destination{what, hosts, says})
		}
	}
	if site.Contact == "" {
		out[0].Says = "none of them before `contact` is set"
	}
	add("exceptions", "may be asked though they are not public (fetch.allow)", site.Fetch.Allow...)
	add("old TLS", "may use TLS 1.0 and its ciphers (fetch.old_tls)", site.Fetch.OldTLS...)
	add("proxy", "all requests to outlets go through it; names are resolved and checked here first", hostOf(site.Fetch.Proxy))
	if pack.Site.Contact != "" || site.Fetch.Proxy == "" {
		add("name server", "the system's own", "system")
	}
	add("mail server", "letters to "+howMany(len(site.Mail.Alerts)+len(site.Mail.Reports)+len(site.Mail.Operators), "recipient"), site.Mail.SMTP)
	if address, err := site.Judge.Address(); err == nil && site.Judge.On() {
		add("language model", "asked about hard cases and stories (judge.url), this host and port alone, no redirect followed", address)
	}
	if strings.Contains(site.Store, "://") {
		add("archive", "PostgreSQL", hostOf(site.Store))
	}
	return out
}

// outletHosts are the hosts of the outlets that are switched on: of their
// sources, and of their articles.
func outletHosts(pack config.Pack) []string {
	hosts := map[string]bool{}
	for _, o := range pack.Outlets {
		if !o.On {
			continue
		}
		for _, d := range o.Domains {
			hosts[d.Host] = true
		}
		for _, s := range slices.Concat(o.Feeds, o.Sitemaps, o.Listings) {
			if h := hostOf(s.URL); h != "" && !s.Off {
				hosts[strings.TrimPrefix(h, "www.")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(hosts))
}

// hostOf is the host, and the port where one is written, of an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func howMany(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
