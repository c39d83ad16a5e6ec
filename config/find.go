package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// OutletByID returns the outlet of that id.
func (p Pack) OutletByID(id string) (Outlet, bool) {
	return find(p.Outlets, func(o Outlet) bool { return o.ID == id })
}

// ProvinceByID returns the province of that slug.
func (p Pack) ProvinceByID(id string) (Province, bool) {
	return find(p.Provinces, func(v Province) bool { return v.ID == id })
}

// UnitByID returns the office of that id.
func (p Pack) UnitByID(id string) (Unit, bool) {
	return find(p.Units, func(u Unit) bool { return u.ID == id })
}

// TopicByID returns the topic of that id.
func (p Pack) TopicByID(id string) (Topic, bool) {
	return find(p.Topics.Topics, func(t Topic) bool { return t.ID == id })
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// OutletByHost returns whose host it was on the day of at; the zero time asks
// without regard to dates. The longest domain wins, so that a subsite with an
// outlet of its own is not its parent's; "www." and a port do not matter.
func (p Pack) OutletByHost(host string, at time.Time) (Outlet, bool) {
	host = bare(host)
	best, length := -1, 0
	for i, o := range p.Outlets {
		for _, d := range o.Domains {
			if len(d.Host) > length && under(host, d.Host) && (at.IsZero() || o.valid(d, at)) {
				best, length = i, len(d.Host)
			}
		}
	}
	if best < 0 {
		return Outlet{}, false
	}
	return p.Outlets[best], true
}

// valid reports whether the outlet was known by d on the day of at.
func (o Outlet) valid(d Domain, at time.Time) bool {
	return Covers(o.From, o.To, at) && Covers(d.From, d.To, at)
}

// bare is a host in lower case without port, final dot and "www.".
func bare(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(host), "."), "www.")
}

// under reports whether host is domain or one of its subdomains.
func under(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}

// KeyRule names the query parameters that tell the articles of a host apart.
type KeyRule struct {
	Host   string   // and its subdomains
	Params []string // in the order they stand in the identity
}

// KeyRules returns the hosts whose articles are named by their query, the
// longest host first.
func (p Pack) KeyRules() []KeyRule {
	var out []KeyRule
	for _, o := range p.Outlets {
		for _, d := range o.Domains {
			if len(o.KeyParams) > 0 {
				out = append(out, KeyRule{d.Host, o.KeyParams})
			}
		}
	}
	slices.SortFunc(out, func(a, b KeyRule) int {
		return cmp.Or(cmp.Compare(len(b.Host), len(a.Host)), cmp.Compare(a.Host, b.Host))
	})
	return out
}

// Schedule reads a schedule as robfig/cron does: five fields, a name such as
// @daily, or "@every 90s". Fields are in Viet Nam's time where no CRON_TZ says
// otherwise.
func Schedule(spec string) (cron.Schedule, error) {
	if !strings.HasPrefix(spec, "CRON_TZ=") && !strings.HasPrefix(spec, "TZ=") {
		spec = "CRON_TZ=Asia/Ho_Chi_Minh " + spec
	}
	return parseCron(spec)
}

// Learned is the schedule of an outlet that is visited as it publishes.
const Learned = "learned"

// Scheduled reports whether a person has said when the outlet is visited: its
// sources are then asked at those times, whatever their own pace.
func (o Outlet) Scheduled() bool { return o.Schedule != Learned && o.Schedule != "" }

// Visit is the first moment not before wish at which the outlet's schedule lets
// it be visited, after the visit at last: wish itself where the schedule is
// learned; not sooner than its interval where it is "@every"; else the next
// time the schedule names.
func (o Outlet) Visit(last, wish time.Time) (time.Time, error) {
	if !o.Scheduled() {
		return wish, nil
	}
	frame, err := Schedule(o.Schedule)
	if err != nil {
		return time.Time{}, fmt.Errorf("the schedule of %s: %w", o.ID, err)
	}
	if every, ok := frame.(cron.ConstantDelaySchedule); ok {
		if due := last.Add(every.Delay); due.After(wish) {
			return due, nil
		}
		return wish, nil
	}
	return frame.Next(wish.Add(-time.Second)), nil
}

// parseCron keeps a panic of the parser from a malformed text away from the
// caller: cron 3.0.1 slices "TZ=" without a blank out of bounds.
func parseCron(spec string) (s cron.Schedule, err error) {
	if !strings.Contains(spec, " ") {
		return nil, fmt.Errorf("a time zone without a schedule")
	}
	s, err = cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Secret returns the password, read from the environment where it is written
// as $NAME; lookup is os.LookupEnv.
func (m Mail) Secret(lookup func(string) (string, bool)) (string, error) {
	name, ok := strings.CutPrefix(m.Password, "$")
	if !ok {
		return m.Password, nil
	}
	secret, ok := lookup(name)
	if !ok {
		return "", fmt.Errorf("read the mail password: the environment has no %s; set it, or change mail.password", name)
	}
	return secret, nil
}

// MayLower names who may lower an incident of a level; nobody named is anybody
// who signs.
func (c Crisis) MayLower(level int) []string {
	for _, l := range c.Levels {
		if l.Level == level {
			return l.MayLower
		}
	}
	return nil
}

// Threat names a threat in a language; false where there is no such.
func (c Crisis) Threat(id, lang string) (name string, ok bool) {
	for _, t := range c.Threats {
		if t.ID == id {
			return In(lang, t.Name, t.NameEN), true
		}
	}
	return "", false
}

// Called is the names of a kind and of a type of incident in a language; empty
// where there is no such.
func (c Crisis) Called(kind, responsibility, lang string) (k, t string) {
	for _, x := range c.Kinds {
		if x.ID == kind {
			k = In(lang, x.Name, x.NameEN)
		}
	}
	for _, x := range c.Types {
		if x.ID == responsibility {
			t = In(lang, x.Name, x.NameEN)
		}
	}
	return k, t
}
