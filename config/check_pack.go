package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (c *checker) provinces() {
	ids := idsOf(c.pack.Provinces, func(p Province) string { return p.ID })
	var today []string
	for _, p := range c.pack.Provinces {
		if p.To.IsZero() {
			today = append(today, p.ID)
		}
	}
	for _, p := range c.pack.Provinces {
		c.slug(p.ID, "provinces", p.ID, "id")
		c.filled(p.Name, "provinces", p.ID, "name")
		c.oneOf(p.Type, provTypes, false, "provinces", p.ID, "type")
		c.inOrder(p.From, p.To, "provinces", p.ID)
		c.filled(p.Current, "provinces", p.ID, "current")
		c.refers(p.Current, "province", ids, "provinces", p.ID, "current")
		if slices.Contains(ids, p.Current) && !slices.Contains(today, p.Current) {
			c.ended(p)
		}
	}
}

// ended reports a successor that is none, at the end that was given to it if
// the overlay gave it.
func (c *checker) ended(p Province) {
	if c.laid("provinces", p.Current, "to") {
		c.bad("", p.ID+" names this province as today's; let it stand, or give that one another current", "provinces", p.Current, "to")
		return
	}
	c.bad(p.Current, "this province has ended; name the one of today", "provinces", p.ID, "current")
}

func (c *checker) units() {
	ids := idsOf(c.pack.Units, func(u Unit) string { return u.ID })
	places := c.provinceIDs()
	for _, u := range c.pack.Units {
		c.slug(u.ID, "units", u.ID, "id")
		c.filled(u.Name, "units", u.ID, "name")
		c.oneOf(u.Kind, unitKinds, false, "units", u.ID, "kind")
		c.refers(u.Parent, "unit", ids, "units", u.ID, "parent")
		c.refers(u.Current, "unit", ids, "units", u.ID, "current")
		c.inOrder(u.From, u.To, "units", u.ID)
		for i, a := range u.Area {
			c.refers(a, "province", places, "units", u.ID, "area", nth(i))
		}
	}
}

func (c *checker) outlets() {
	ids := idsOf(c.pack.Outlets, func(o Outlet) string { return o.ID })
	places := c.provinceIDs()
	for _, o := range c.pack.Outlets {
		at := func(path ...string) []string { return append([]string{"outlets", o.ID}, path...) }
		c.slug(o.ID, at("id")...)
		c.filled(o.Name, at("name")...)
		c.oneOf(o.Licence, licences, false, at("licence")...)
		c.oneOf(o.Level, levels, false, at("level")...)
		c.oneOf(o.Reach, reaches, false, at("reach")...)
		c.oneOf(o.Kind, kinds, false, at("kind")...)
		c.aggregator(o)
		c.refers(o.Province, "province", places, at("province")...)
		if o.Province == "" && (o.Level == "local" || o.Reach == "local") {
			c.bad("", "missing; a local outlet belongs to a province, as in province: an-giang", at("province")...)
		}
		c.inOrder(o.From, o.To, at()...)
		for i, p := range o.Predecessor {
			c.refers(p, "outlet", ids, at("predecessor", nth(i))...)
		}
		c.refers(o.Successor, "outlet", ids, at("successor")...)
		c.sources(o)
		c.layout(o)
		c.identity(o)
		c.frame(o.Schedule, at("schedule")...)
		atLeast(c, o.Pace, 0, at("pace")...)
	}
}

// aggregator holds that sites that gather others' articles are never counted
// as press.
func (c *checker) aggregator(o Outlet) {
	if (o.Licence == "trang-tong-hop") != (o.Kind == "aggregator") {
		c.bad(o.Kind, "licence trang-tong-hop and kind aggregator go together: a site that gathers is not press", "outlets", o.ID, "kind")
	}
}

func (c *checker) sources(o Outlet) {
	for key, list := range map[string][]Source{"feeds": o.Feeds, "sitemaps": o.Sitemaps, "listings": o.Listings} {
		for i, s := range list {
			c.address(s.URL, []string{"https", "http"}, "outlets", o.ID, key, nth(i), "url")
			c.selector(s.Links, "outlets", o.ID, key, nth(i), "links")
			c.pattern(s.Match, "outlets", o.ID, key, nth(i), "match")
			if key != "listings" && (s.Links != "" || s.Match != "") {
				c.bad(s.Links+s.Match, "links and match belong to listings; a feed or sitemap names its articles itself", "outlets", o.ID, key, nth(i))
			}
		}
	}
	if o.On && len(o.Feeds)+len(o.Sitemaps)+len(o.Listings) == 0 {
		c.bad("true", "there is nothing to read; give it feeds, sitemaps or listings, or write on: false", "outlets", o.ID, "on")
	}
}

func (c *checker) layout(o Outlet) {
	c.selectors(o.Layout, "outlets", o.ID, "layout")
	if o.Layout.Canary != "" && o.Layout.Title+o.Layout.Lead+o.Layout.Body == "" {
		c.bad(o.Layout.Canary, "a canary proves selectors of title, lead or body; give some", "outlets", o.ID, "layout", "canary")
	}
	for i, l := range o.Layouts {
		c.selectors(l, "outlets", o.ID, "layouts", nth(i))
		if l.To.IsZero() {
			c.bad("", "a former layout ends on a day; write it as to: 2025-07-01", "outlets", o.ID, "layouts", nth(i), "to")
		}
		if l.Canary != "" {
			c.bad(l.Canary, "only the layout of today has a canary", "outlets", o.ID, "layouts", nth(i), "canary")
		}
	}
}

// selectors holds that each selector of a layout can be read, and its days.
func (c *checker) selectors(l Layout, path ...string) {
	at := func(rest ...string) []string { return append(path[:len(path):len(path)], rest...) }
	if !l.From.IsZero() && !l.To.IsZero() && l.To.Before(l.From.Time) {
		c.bad(l.To.Format(time.DateOnly), "it ends before it begins", at("to")...)
	}
	if l.Canary != "" {
		c.address(l.Canary, []string{"https", "http"}, at("canary")...)
	}
	parts := map[string]string{"title": l.Title, "lead": l.Lead, "body": l.Body, "author": l.Author, "date": l.Date, "section": l.Section}
	for key, s := range parts {
		c.selector(s, at(key)...)
	}
	for i, s := range l.Remove {
		c.selector(s, at("remove", nth(i))...)
	}
}

// identity holds that the pattern of article numbers catches one thing, and
// catches nothing in an address without a number.
func (c *checker) identity(o Outlet) {
	if o.Identity == "" {
		return
	}
	c.pattern(o.Identity, "outlets", o.ID, "identity")
	if re, err := regexp.Compile(o.Identity); err == nil && (re.NumSubexp() != 1 || re.MatchString("")) {
		c.bad(o.Identity, `put the number alone into brackets, as in -(\d{6,})\.html$`, "outlets", o.ID, "identity")
	}
	if len(o.KeyParams) > 0 {
		c.bad(o.Identity, "key_params names this outlet's articles already; leave one of the two out", "outlets", o.ID, "identity")
	}
}

// use is a host of an outlet on the days it had it.
type use struct {
	outlet   string
	nth      string // of its domains
	from, to Date
}

// domains holds that a host belongs to one outlet on any day.
func (c *checker) domains() {
	uses := map[string][]use{}
	for _, o := range c.pack.Outlets {
		for i, d := range o.Domains {
			c.host(d.Host, "outlets", o.ID, "domains", nth(i), "host")
			c.inOrder(d.From, d.To, "outlets", o.ID, "domains", nth(i))
			this := use{o.ID, nth(i), later(o.From, d.From), earlier(o.To, d.To)}
			for _, u := range uses[d.Host] {
				if overlap(u.from, u.to, this.from, this.to) {
					c.shared(d.Host, u, this)
				}
			}
			uses[d.Host] = append(uses[d.Host], this)
		}
	}
}

// shared reports a host of two outlets, at the one that the overlay gave it.
func (c *checker) shared(host string, a, b use) {
	if c.laid("outlets", a.outlet, "domains", a.nth, "host") {
		a, b = b, a
	}
	c.bad(host, a.outlet+" has this host on the same days; give each its dates", "outlets", b.outlet, "domains", b.nth, "host")
}

func (c *checker) topics() {
	t := c.pack.Topics
	for key := range t.Anchors {
		c.oneOf(key, insurance, false, "topics", "anchors", key)
	}
	for key := range t.Roles {
		c.oneOf(key, roles, false, "topics", "roles", key)
	}
	for _, topic := range t.Topics {
		if strings.Trim(topic.ID, "abcdefghijklmnopqrstuvwxyz_") != "" {
			c.bad(topic.ID, "a topic's id is small letters and _, as in social_pension", "topics", "topics", topic.ID, "id")
		}
		c.filled(topic.Label, "topics", "topics", topic.ID, "label")
		for i, id := range topic.Implies {
			c.oneOf(id, insurance, false, "topics", "topics", topic.ID, "implies", nth(i))
		}
		if len(topic.Strong)+len(topic.Weak) == 0 {
			c.bad("", "a topic without phrases is never found; give it strong or weak ones", "topics", "topics", topic.ID)
		}
	}
	c.signs("forms", t.Forms)
	c.signs("events", t.Events)
}

// signs wants every form and event to have a name and something that tells it.
func (c *checker) signs(list string, signs []Sign) {
	for _, s := range signs {
		c.slug(s.ID, "topics", list, s.ID, "id")
		c.filled(s.Label, "topics", list, s.ID, "label")
		if s.ID != "news" && len(s.Opens)+len(s.Paths)+len(s.Phrases) == 0 {
			c.bad("", "nothing tells it; give it phrases, opens or paths", "topics", list, s.ID)
		}
	}
}

func (c *checker) crisis() {
	r := c.pack.Crisis
	for severity := range r.Lexicon.Negative {
		if severity < 1 || severity > 3 {
			c.bad(strconv.Itoa(severity), "severity is 1, 2 or 3", "crisis", "lexicon", "negative", strconv.Itoa(severity))
		}
	}
	for factor := range r.Weights {
		if c.factors != nil {
			c.oneOf(factor, c.factors, false, "crisis", "weights", factor)
		}
	}
	for _, l := range r.Levels {
		at := func(key string) []string { return []string{"crisis", "levels", strconv.Itoa(l.Level), key} }
		if l.Level < 1 || l.Level > 3 {
			c.bad(strconv.Itoa(l.Level), "a level is 1, 2 or 3", at("level")...)
		}
		if l.MinScore < 0 || l.MinScore > 1 {
			c.bad(fmt.Sprint(l.MinScore), "a score lies between 0 and 1", at("min_score")...)
		}
		c.filled(l.Name, at("name")...)
		atLeast(c, l.MinOutlets, 1, at("min_outlets")...)
		c.oneOf(l.Tell, told, false, at("tell")...)
		for i, g := range l.Groups {
			c.refers(g, "group of mail.groups", keysOf(c.pack.Site.Mail.Groups), append(at("groups"), nth(i))...)
		}
		for i, who := range l.MayLower {
			c.filled(who, append(at("may_lower"), nth(i))...)
		}
	}
	c.kinds(r)
	atLeast(c, r.MinOutlets, 1, "crisis", "min_outlets")
	for key, d := range map[string]time.Duration{"window": r.Window, "fade_after": r.FadeAfter, "close_after": r.CloseAfter, "reopen_until": r.ReopenUntil} {
		atLeast(c, d, time.Minute, "crisis", key)
	}
	atLeast(c, r.Silences.Longest, time.Hour, "crisis", "silences", "longest")
	atLeast(c, r.Silences.Remind, 0, "crisis", "silences", "remind")
	if r.Silences.Level < 0 || r.Silences.Level > 3 {
		c.bad(strconv.Itoa(r.Silences.Level), "a level is 1, 2 or 3; 0 for none", "crisis", "silences", "level")
	}
}

// kinds wants every kind and type of incident to have a name, and to name what there is.
func (c *checker) kinds(r Crisis) {
	types := idsOf(r.Types, func(t CrisisType) string { return t.ID })
	for _, t := range r.Types {
		c.oneOf(t.ID, responsibilities, false, "crisis", "types", t.ID, "id")
		c.filled(t.Name, "crisis", "types", t.ID, "name")
	}
	for _, k := range r.Kinds {
		c.slug(k.ID, "crisis", "kinds", k.ID, "id")
		c.filled(k.Name, "crisis", "kinds", k.ID, "name")
		c.oneOf(k.Type, types, false, "crisis", "kinds", k.ID, "type")
		for i, id := range k.Topics {
			c.oneOf(id, idsOf(c.pack.Topics.Topics, func(t Topic) string { return t.ID }), false, "crisis", "kinds", k.ID, "topics", nth(i))
		}
		for i, id := range k.Threats {
			c.oneOf(id, idsOf(r.Threats, func(t Threat) string { return t.ID }), false, "crisis", "kinds", k.ID, "threats", nth(i))
		}
	}
}

func (c *checker) report() {
	for i, s := range c.pack.Report.Sections {
		c.oneOf(s, sections, false, "report", "sections", nth(i))
	}
	atLeast(c, c.pack.Report.TopN, 1, "report", "top_n")
}

func (c *checker) provinceIDs() []string {
	return idsOf(c.pack.Provinces, func(p Province) string { return p.ID })
}

func idsOf[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

// overlap reports whether two spans of days share one; a zero date is open.
func overlap(from1, to1, from2, to2 Date) bool {
	begins := func(from, to Date) bool { return from.IsZero() || to.IsZero() || !to.Before(from.Time) }
	return begins(from1, to2) && begins(from2, to1)
}

func later(a, b Date) Date {
	if a.Before(b.Time) {
		return b
	}
	return a
}

// earlier is the first of two last days; zero is never.
func earlier(a, b Date) Date {
	if a.IsZero() || !b.IsZero() && b.Before(a.Time) {
		return b
	}
	return a
}
