package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"diembao/config"
	"diembao/internal/fetch"
)

// The mail server may stand next door, because the configuration names it;
// nothing else next door is reached on its way.
func TestMailGoesThroughTheGuard(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			fmt.Fprint(c, "220 thu.example\r\n")
			c.Close()
		}
	}()
	way, err := post(config.Mail{SMTP: l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	c, err := way.Dial(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatalf("the mail server named in the configuration: %v", err)
	}
	defer c.Close()
	if line, _, err := bufio.NewReader(c).ReadLine(); err != nil || string(line) != "220 thu.example" {
		t.Errorf("it greets with %q, %v", line, err)
	}
	for _, other := range []string{"127.0.0.1:1", "10.0.0.1:25", "169.254.169.254:80"} {
		if _, err := way.Dial(t.Context(), "tcp", other); !errors.Is(err, fetch.Guarded) {
			t.Errorf("%s: %v, want it guarded", other, err)
		}
	}
	if _, err := post(config.Mail{SMTP: "thu.example"}); err == nil {
		t.Error("a mail server without a port was taken")
	}
}

// Who asks the server of this data directory asks nobody else, wherever it sends us.
func TestOnlyTheOwnServerIsAsked(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another server was asked") }))
	defer other.Close()
	asked := 0
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.URL.Path == "/" {
			http.Redirect(w, r, other.URL+"/a", http.StatusFound)
		}
	}))
	defer own.Close()
	c, err := ownServer(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Get(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if asked != 2 {
		t.Errorf("the own server was asked %d times, want 2", asked)
	}
}

// Every place that a configuration names is on the list of destinations.
func TestDestinationsAreComplete(t *testing.T) {
	pack := config.Pack{Site: config.Site{
		Contact: "mailto:thu@bhxh.example", Store: "postgres://diembao:mat-khau@kho.example:5432/diembao",
		Fetch: config.Fetch{Allow: []string{"127.0.0.1:8081"}, Proxy: "http://cong.example:3128", OldTLS: []string{"bao-cu.example"}},
		Mail:  config.Mail{SMTP: "thu.example:587", Alerts: []string{"a@bhxh.example"}},
	}, Outlets: []config.Outlet{
		{ID: "a", On: true, Domains: []config.Domain{{Host: "bao-a.example"}}, Feeds: []config.Source{{URL: "https://rss.bao-a.example/x"}, {URL: "https://tat.example/x", Off: true}}},
		{ID: "b", Domains: []config.Domain{{Host: "bao-b.example"}}},
	}}
	got := map[string][]string{}
	for _, d := range destinations(pack) {
		got[d.What] = d.Hosts
	}
	for what, want := range map[string][]string{
		"outlets": {"bao-a.example", "rss.bao-a.example"}, "exceptions": {"127.0.0.1:8081"}, "proxy": {"cong.example:3128"},
		"old TLS": {"bao-cu.example"}, "mail server": {"thu.example:587"}, "archive": {"kho.example:5432"}, "name server": {"system"},
	} {
		if !slices.Equal(got[what], want) {
			t.Errorf("%s: %q, want %q", what, got[what], want)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d destinations: %v", len(got), got)
	}
}
