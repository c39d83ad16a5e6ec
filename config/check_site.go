package config

import (
	"net/mail"
	"net/url"
	"strings"
	"time"
)

func (c *checker) site() {
	s := c.pack.Site
	c.filled(s.Name, "name")
	c.contact(s.Contact)
	c.oneOf(s.Language, languages, false, "language")
	c.hostPort(s.Listen, "listen")
	for i, h := range s.Hosts {
		c.host(h, "hosts", nth(i))
	}
	if u, err := url.Parse(s.Store); s.Store != "sqlite" && (err != nil || u.Host == "" || u.Scheme != "postgres" && u.Scheme != "postgresql") {
		c.bad(hide(s.Store), "not a store; write sqlite or postgres://user@host/name", "store")
	}
	c.fetch(s.Fetch)
	c.mail(s.Mail)
	c.retention(s.Retention)
	c.judge(s.Judge)
	for _, j := range s.Jobs {
		c.slug(j.ID, "jobs", j.ID)
		c.oneOf(j.Do, works, false, "jobs", j.ID, "do")
		c.schedule(j.Schedule, "jobs", j.ID, "schedule")
	}
}

// contact may be empty here: the pack does not know it, and the first outside
// request asks for it.
func (c *checker) contact(text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err == nil && u.Scheme == "https" && u.Host != "" {
		return
	}
	if box, ok := strings.CutPrefix(text, "mailto:"); ok {
		if _, err := mail.ParseAddress(box); err == nil {
			return
		}
	}
	c.bad(text, "not a contact; write mailto:ten@coquan.vn or https://coquan.vn/lien-he", "contact")
}

func (c *checker) fetch(f Fetch) {
	for i, a := range f.Allow {
		c.hostPort(a, "fetch", "allow", nth(i))
	}
	if f.Proxy != "" {
		c.address(f.Proxy, []string{"http", "https"}, "fetch", "proxy")
	}
	atLeast(c, f.Pace, 0, "fetch", "pace")
	atLeast(c, f.Timeout, time.Second, "fetch", "timeout")
	atLeast(c, f.MaxBytes, 64<<10, "fetch", "max_bytes")
	atLeast(c, f.Parallel, 1, "fetch", "parallel")
	for i, h := range f.OldTLS {
		c.host(h, "fetch", "old_tls", nth(i))
	}
}

func (c *checker) mail(m Mail) {
	c.oneOf(m.TLS, tlsWays, false, "mail", "tls")
	if m.SMTP != "" {
		c.hostPort(m.SMTP, "mail", "smtp")
		c.filled(m.From, "mail", "from")
	}
	if m.From != "" {
		c.mailbox(m.From, "mail", "from")
	}
	for i, a := range m.Alerts {
		c.mailbox(a, "mail", "alerts", nth(i))
	}
	for group, members := range m.Groups {
		for i, a := range members {
			c.mailbox(a, "mail", "groups", group, nth(i))
		}
	}
	for i, a := range m.Operators {
		c.mailbox(a, "mail", "operators", nth(i))
	}
	for i, a := range m.Reports {
		c.mailbox(a, "mail", "reports", nth(i))
	}
}

// leastDays is how long evidence is kept at least: a file of it is never
// deleted while it may still be written to.
const leastDays = 30

func (c *checker) retention(r Retention) {
	for kind, days := range map[string]int{"page": r.Page, "clip": r.Clip, "letter": r.Letter, "log": r.Log, "report": r.Report} {
		atLeast(c, days, 0, "retention", kind)
	}
	if r.Evidence != 0 {
		atLeast(c, r.Evidence, leastDays, "retention", "evidence")
	}
}

// hide takes a password out of an address before it is shown.
func hide(text string) string {
	if u, err := url.Parse(text); err == nil {
		return u.Redacted()
	}
	return "(an address that cannot be read)"
}
