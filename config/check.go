package config

import (
	"cmp"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
)

// What a field may say.
var (
	languages = []string{"vi", "en"}
	tlsWays   = []string{"starttls", "tls", "none"}
	works     = []string{"read", "shelve", "watch", "notify", "judge", "report-weekly", "report-daily", "tidy"}
	licences  = []string{"bao", "tap-chi", "dai", "cong-thong-tin", "trang-tong-hop", "khac"}
	levels    = []string{"central", "local"}
	reaches   = []string{"national", "local"}
	kinds     = []string{"press", "broadcaster", "agency-portal", "magazine", "government-portal", "provincial-portal", "social", "aggregator"}
	provTypes = []string{"tinh", "thanh-pho"}
	unitKinds = []string{"centre", "department", "province", "region", "base"}
	insurance = []string{"bhxh", "bhyt", "bhtn"}
	roles     = []string{"blamed", "enforcer", "victim", "informant"}
	told      = []string{"alerts", "reports", "nobody"}

	responsibilities = []string{"victim", "accidental", "preventable"}

	sections = []string{"figures", "insurance", "topics", "provinces", "tone", "communication", "incidents", "alarms", "stories", "sources"}
)

// checker looks for what is written well and cannot be.
type checker struct {
	pack     *Pack
	places   map[string]place
	known    map[place]bool // places that have a problem already
	factors  []string       // names the pack gives weights to; nil without an overlay
	overlay  string         // the file laid over the pack, if any
	problems Problems
}

// check returns what is wrong in the whole pack.
func (c *checker) check() Problems {
	c.site()
	c.provinces()
	c.units()
	c.outlets()
	c.domains()
	c.topics()
	c.crisis()
	c.report()
	c.calendar()
	c.handling()
	return c.problems
}

// bad reports the value at a path, or at the nearest thing around it that was
// written: a field that is missing is reported at its entry. Where an overlay
// is read the place is in the overlay if it can be, for there is the cause.
func (c *checker) bad(text, right string, path ...string) {
	at, found := place{}, false
	for n := len(path); n >= 0; n-- {
		p, ok := c.places[join(path[:n]...)]
		if ok && (!found || p.file == c.overlay) {
			at, found = p, true
		}
		if found && (c.overlay == "" || at.file == c.overlay) {
			break
		}
	}
	if !c.known[at] {
		c.problems = append(c.problems, Problem{at.file, at.line, at.col, title(join(path...)), text, right})
	}
}

// laid reports whether a path was written in the overlay.
func (c *checker) laid(path ...string) bool {
	return c.overlay != "" && c.places[join(path...)].file == c.overlay
}

// oneOf wants text among the allowed words; empty is allowed where it says so.
func (c *checker) oneOf(text string, allowed []string, mayBeEmpty bool, path ...string) {
	if text == "" && mayBeEmpty || slices.Contains(allowed, text) {
		return
	}
	c.bad(text, suggest("not one of the words allowed here", text, allowed), path...)
}

// refers wants an id that exists.
func (c *checker) refers(id, what string, ids []string, path ...string) {
	if id != "" && !slices.Contains(ids, id) {
		c.bad(id, suggest("no "+what+" has this id", id, ids), path...)
	}
}

func (c *checker) filled(text string, path ...string) {
	if strings.TrimSpace(text) == "" {
		c.bad("", "missing or empty; write it", path...)
	}
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (c *checker) slug(id string, path ...string) {
	if !slug.MatchString(id) {
		c.bad(id, "an id is small letters without marks, digits and hyphens, as in ba-ria-vung-tau", path...)
	}
}

func (c *checker) inOrder(from, to Date, path ...string) {
	if !from.IsZero() && !to.IsZero() && to.Before(from.Time) {
		c.bad(to.Format(time.DateOnly), "to is before from, "+from.Format(time.DateOnly), append(path, "to")...)
	}
}

func (c *checker) schedule(spec string, path ...string) {
	if _, err := Schedule(spec); err != nil {
		c.bad(spec, fmt.Sprintf("not a schedule (%v); write minute hour day month weekday, as in \"30 6 * * 1\", or \"@every 15m\"", err), path...)
	}
}

// frame is the schedule of an outlet.
func (c *checker) frame(spec string, path ...string) {
	if spec == Learned {
		return
	}
	if _, err := Schedule(spec); err != nil {
		c.bad(spec, fmt.Sprintf("not a schedule (%v); write learned, or minute hour day month weekday, as in \"*/10 5-22 * * *\"", err), path...)
	}
}

// address wants an absolute address of the given schemes.
func (c *checker) address(text string, schemes []string, path ...string) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		c.bad(text, "not a full address; write it as "+schemes[0]+"://host/path", path...)
	}
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

func (c *checker) host(text string, path ...string) {
	if !hostName.MatchString(text) || strings.HasPrefix(text, "www.") {
		c.bad(text, "not a host name; write it in small letters without https://, www. or a path, as in vnexpress.net", path...)
	}
}

func (c *checker) hostPort(text string, path ...string) {
	_, port, err := net.SplitHostPort(text)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		c.bad(text, "write host:port, as in 127.0.0.1:8080", path...)
	}
}

func (c *checker) mailbox(text string, path ...string) {
	if _, err := mail.ParseAddress(text); err != nil {
		c.bad(text, "not a mail address; write it as ten@coquan.vn", path...)
	}
}

func (c *checker) selector(text string, path ...string) {
	if text == "" {
		return
	}
	if _, err := cascadia.ParseGroup(text); err != nil {
		c.bad(text, fmt.Sprintf("not a CSS selector (%v); write it as h2.title a[href]", err), path...)
	}
}

func (c *checker) pattern(text string, path ...string) {
	if _, err := regexp.Compile(text); err != nil {
		c.bad(text, fmt.Sprintf("not a regular expression of Go (%v); write it as -\\d+\\.html$", err), path...)
	}
}

// atLeast wants a value not below least.
func atLeast[T cmp.Ordered](c *checker, v, least T, path ...string) {
	if v < least {
		c.bad(fmt.Sprint(v), fmt.Sprintf("too little; at least %v", least), path...)
	}
}

// nth is the name of entry i in a path.
func nth(i int) string { return strconv.Itoa(i + 1) }
