package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/discover"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pulse"
	"diembao/internal/say"
	"diembao/internal/store"
)

// Gathered is what one Gather brought.
type Gathered struct {
	Sources  int // asked
	Failed   int // of these, not read
	Links    int // not seen before
	Articles int // new
	Edited   int // new versions of known ones
	Pages    int // asked
	Bad      int // of these, no article
	Letters  int // to operators, of an outlet that went dark or is back
}

// Event is something that happened, for whoever watches the terminal.
type Event struct {
	What   string // source, article, edit, page, incident
	Outlet string // id
	Title  string
	Detail string
	URL    string
	Level  int // of an incident
	At     time.Time
}

func (p *Pipeline) tell(e Event) {
	if p.Told != nil {
		e.At = p.Now()
		p.Told(e)
	}
}

// kind says how a source is read.
type kind int

const (
	feed kind = iota
	sitemap
	listing
)

type source struct {
	config.Source
	kind kind
}

// sources lists what of an outlet is switched on.
func sources(o config.Outlet) []source {
	var out []source
	for k, list := range [][]config.Source{feed: o.Feeds, sitemap: o.Sitemaps, listing: o.Listings} {
		for _, s := range list {
			if !s.Off {
				out = append(out, source{s, kind(k)})
			}
		}
	}
	return out
}

// A source that fails is asked less and less often, and never given up.
const (
	firstPause = 10 * time.Minute
	longPause  = 24 * time.Hour
	soonAgain  = 30 * time.Minute // after a recovery
)

// children is how many files of a sitemap index one visit reads, newest first.
const children = 3

// visit asks one source and keeps the links it announces. Its own errors are
// the store's: what went wrong at the source goes into its state.
func (p *Pipeline) visit(ctx context.Context, r *round, s source, g *Gathered) error {
	state, now := r.state(s.URL), p.Now()
	if !r.due(state, now) {
		return nil
	}
	g.Sources++
	found, answer, err := p.announced(ctx, r.outlet, s, state)
	if err := ctx.Err(); err != nil {
		return err
	}
	before := state
	now = p.Now()
	state.LastTry, state.Since = now, now // the store keeps the earlier Since where the state stays
	hours := []store.Hour{{Outlet: r.outlet.ID, At: now.Truncate(time.Hour), Asked: 1}}
	if err != nil {
		g.Failed++
		state = failing(state, before, err, now)
		r.put(state)
		p.tell(Event{What: "source", Outlet: r.outlet.ID, URL: s.URL, Detail: state.State})
		p.Log.Warn("a source could not be read", "outlet", r.outlet.ID, "url", s.URL, "state", state.State, "error", err)
		return p.Store.Do(ctx, func(tx *store.Tx) error {
			return errors.Join(tx.PutSource(ctx, state), tx.CountHours(ctx, hours))
		})
	}
	links := p.keyed(r.outlet, found.Links)
	hours[0].Answered = 1
	var fresh []store.KeyedLink
	err = p.Store.Do(ctx, func(tx *store.Tx) (err error) {
		if fresh, err = tx.PutLinks(ctx, links, now); err != nil {
			return err
		}
		state = well(s.kind, state, before, answer, found, len(fresh), r.profile, cmp.Or(p.Late, pulse.LateAnswer), now)
		if r.outlet.Scheduled() {
			state.Next, state.Pause = now, 0 // a person has said when: see Visit
		}
		if err := tx.CountHours(ctx, append(hours, arrivals(r.outlet.ID, fresh, before.LastOK, now)...)); err != nil {
			return err
		}
		return tx.PutSource(ctx, state)
	})
	if err != nil {
		return err
	}
	g.Links += len(fresh)
	r.put(state)
	r.reach(s.URL, links, fresh, before.LastOK, now)
	return nil
}

// announced asks a source and reads its answer; an unchanged one announces nothing.
func (p *Pipeline) announced(ctx context.Context, o config.Outlet, s source, state store.SourceState) (discover.Found, fetch.Answer, error) {
	answer, err := p.Fetch.Get(ctx, fetch.Request{URL: s.URL, Kind: asked[s.kind], ETag: state.ETag, LastModified: state.LastModified, Pace: o.Pace})
	if err != nil || answer.Code == fetch.Unchanged {
		return discover.Found{}, answer, err
	}
	found, err := p.links(answer.Page, o, s)
	if err != nil {
		return found, answer, fmt.Errorf("%s %w", s.URL, err)
	}
	for _, c := range found.Sitemaps[:min(children, len(found.Sitemaps))] {
		if a, err := p.Fetch.Get(ctx, fetch.Request{URL: c.URL, Kind: fetch.Sitemap, Pace: o.Pace}); err != nil {
			found.Damage = err.Error()
		} else if part, err := p.links(a.Page, o, s); err != nil {
			found.Damage = err.Error()
		} else {
			found.Links = append(found.Links, part.Links...)
		}
	}
	return found, answer, nil
}

var asked = map[kind]fetch.Kind{feed: fetch.Feed, sitemap: fetch.Sitemap, listing: fetch.Page}

func (p *Pipeline) links(page news.Page, o config.Outlet, s source) (discover.Found, error) {
	switch s.kind {
	case feed:
		return discover.Feed(page, o.ID, p.Now())
	case sitemap:
		return discover.Sitemap(page, o.ID, p.Now())
	default:
		return discover.Listing(page, s.Source, o.ID, p.Now())
	}
}

// keyed gives links their identity and leaves out what lies on another site.
func (p *Pipeline) keyed(o config.Outlet, links []news.Link) []store.KeyedLink {
	rules := p.Rules()
	seen := map[string]bool{}
	var out []store.KeyedLink
	for _, l := range links {
		key := news.Canonical(l.URL, rules.Keys)
		if !seen[key] && announcedHere(o, l) {
			seen[key] = true
			out = append(out, store.KeyedLink{Canonical: key, Link: l})
		}
	}
	return out
}

// onSite reports whether an address lies on a host of the outlet or below one.
func onSite(o config.Outlet, url string) bool {
	host, _, _ := strings.Cut(news.Host(url), ":") // a port is no part of the site's name
	for _, d := range o.Domains {
		if host == d.Host || below(host, d.Host) {
			return true
		}
	}
	return len(o.Domains) == 0
}

func below(host, domain string) bool {
	n := len(host) - len(domain)
	return n > 0 && host[n:] == domain && host[n-1] == '.'
}

// failing is the state of a source after a visit that brought nothing.
func failing(s, before store.SourceState, why error, now time.Time) store.SourceState {
	s.Code, s.Evidence = codeOf(why), seen(s.URL, why)
	s.Failures++
	s.State = stateOf(why)
	switch {
	case errors.Is(why, discover.ErrNoLinks) && s.LastOK.IsZero():
		s.State = pulse.Empty // it never showed a link: nothing says that its layout changed
	case s.State == pulse.Slow && before.State == pulse.Dead:
		s.State = pulse.Dead
	case s.State == pulse.Slow && before.Failures > 0:
		s.Since = before.Since // of the first failure, should it be dead by now
		if s.Failures >= pulse.DeadAfter && now.Sub(before.Since) >= pulse.DeadFor {
			s.State = pulse.Dead
		}
	}
	s.Pause = min(longPause, max(firstPause, 2*s.Pause))
	if before.Failures == 0 {
		s.Pause = firstPause
	}
	s.Next = now.Add(s.Pause)
	var e *fetch.Error
	if errors.As(why, &e) && e.RetryAt.After(s.Next) {
		s.Next = e.RetryAt
	}
	return s
}

// stateOf names what is wrong with a source: what its site does to us, where
// it has gone, what it has become; everything else is a server in trouble,
// slow at first and dead when it stays so.
func stateOf(err error) string {
	switch {
	case errors.Is(err, discover.ErrHTML), errors.Is(err, discover.ErrUnknown), errors.Is(err, discover.ErrNoLinks):
		return pulse.Layout
	case errors.Is(err, discover.ErrEntities), errors.Is(err, discover.ErrDeep):
		return pulse.Blocked
	}
	switch fetch.CodeOf(err) {
	case fetch.Blocked, fetch.Forbidden, fetch.Guarded, fetch.Refused, fetch.SoftGone:
		return pulse.Blocked
	case fetch.Gone, fetch.BadAddress, fetch.TooManyHops:
		return pulse.Moved
	case fetch.NotText, fetch.TooLarge:
		return pulse.Layout
	case fetch.Empty:
		return pulse.Empty
	}
	return pulse.Slow
}

// codeOf is the end of a request as it is kept for evidence.
func codeOf(err error) string {
	if c := fetch.CodeOf(err); c != "" {
		return string(c)
	}
	return "unreadable"
}

// well is the state of a source after a visit that was answered, due again by
// what it has been publishing.
func well(kind kind, s, before store.SourceState, a fetch.Answer, found discover.Found, fresh int, profile pulse.Profile, late time.Duration, now time.Time) store.SourceState {
	pace := pulse.Pace{Fresh: s.Fresh, Hours: s.Lively}
	if !before.LastOK.IsZero() { // else: what it showed has been gathering for nobody knows how long
		pace = pace.After(before.LastOK, now, fresh, profile)
	}
	s.Fresh, s.Lively = pace.Fresh, pace.Hours
	s.Failures, s.LastOK, s.Code = 0, now, string(a.Code)
	s.Next = pace.Next(now, profile)
	if before.Failures > 0 && s.Next.After(now.Add(soonAgain)) {
		s.Next = now.Add(soonAgain) // is it well, or was it luck?
	}
	s.Pause = s.Next.Sub(now)
	s.State, s.Evidence = pulse.OK, found.Damage
	if fresh > 0 {
		s.LastNew = now
	}
	same := a.Code == fetch.Unchanged
	none := !same && len(found.Links) == 0
	switch {
	case none:
		s.ETag, s.LastModified = "", "" // asked for whole each time: an empty list is not vouched for by being the same
	case !same:
		s.ETag, s.LastModified = a.ETag, a.LastModified
	}
	switch {
	case a.Moved != "":
		s.State, s.Evidence = pulse.Moved, say.Seen("seen.moved", "URL", a.Moved).String()
	case a.Took > late:
		s.State, s.Evidence = pulse.Slow, say.Seen("seen.late", "Span", a.Took).String()
	case none && kind == sitemap && found.Damage == "" && !before.LastNew.IsZero():
		s.State = pulse.Unchanged // a news sitemap names two days; what is older leaves it
	case none:
		s.State, s.Evidence = pulse.Empty, cmp.Or(found.Damage, say.Seen("seen.nothing").String())
	case same:
		s.State = pulse.Unchanged
	}
	return s
}
