package pipeline

import (
	"fmt"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/classify"
	"diembao/internal/crisis"
	"diembao/internal/extract"
	"diembao/internal/match"
	"diembao/internal/news"
)

// Rules is one configuration, compiled: how articles are read today.
type Rules struct {
	Pack      config.Pack
	Keys      news.Rules // what names an article in its address
	matcher   *match.Matcher
	classify  *classify.Classifier
	extractor *extract.Extractor
	crisis    *crisis.Rules
	outlets   map[string]config.Outlet
	named     map[string]string // lower-case id or name → id
	everyday  []string          // names of places that tell no event from another
}

// Compile makes the rules of a pack.
func Compile(pack config.Pack) (*Rules, error) {
	m, err := match.New(pack)
	if err != nil {
		return nil, fmt.Errorf("compiling the phrases of the configuration: %w", err)
	}
	c, err := classifyWith(pack)
	if err != nil {
		return nil, err
	}
	x, err := extract.New(pack.Outlets)
	if err != nil {
		return nil, fmt.Errorf("compiling the layouts of the configuration: %w", err)
	}
	keys, err := identity(pack)
	if err != nil {
		return nil, fmt.Errorf("compiling the identities of the configuration: %w", err)
	}
	r := &Rules{Pack: pack, Keys: keys, matcher: m, classify: c, extractor: x, crisis: crisis.Compile(pack.Crisis), outlets: map[string]config.Outlet{}, named: map[string]string{}}
	for _, o := range pack.Outlets {
		r.outlets[o.ID] = o
		r.named[strings.ToLower(o.ID)], r.named[strings.ToLower(o.Name)] = o.ID, o.ID
	}
	r.everyday = []string{"Việt Nam"}
	for _, p := range pack.Provinces {
		r.everyday = append(append(r.everyday, p.Name), p.Aliases...)
	}
	return r, nil
}

func classifyWith(pack config.Pack) (*classify.Classifier, error) {
	c, err := classify.New(pack)
	if err != nil {
		return nil, fmt.Errorf("compiling the reading rules of the configuration: %w", err)
	}
	return c, nil
}

// Version names the rules of the program and of the configuration.
func (r *Rules) Version() string { return r.classify.Version() }

// Outlet returns the outlet with an id; a bare one for an id the configuration
// does not know, as an import may bring.
func (r *Rules) Outlet(id string) config.Outlet {
	if o, ok := r.outlets[id]; ok {
		return o
	}
	return config.Outlet{ID: id, Name: id}
}

// whose finds the outlet of an article: by its address, else by the name given;
// an outlet that nobody knows is named by its host. at is when the article came
// out; now stands in where that is unknown.
func (r *Rules) whose(url, name string, at, now time.Time) string {
	if at.IsZero() {
		at = now
	}
	host := news.Host(url)
	if o, ok := r.Pack.OutletByHost(host, at); ok {
		return o.ID
	}
	if id, ok := r.named[strings.ToLower(name)]; ok {
		return id
	}
	return host
}

// Placed gives an article that names its outlet in its own words the outlet's id.
func (r *Rules) Placed(a news.Article, now time.Time) news.Article {
	a.Outlet = r.whose(a.URL, a.Outlet, a.Published, now)
	return a
}

// ReadOne reads one article by the rules, as Read does: the one place where
// match and classify meet.
func ReadOne(a news.Article, r *Rules, now time.Time) (news.Reading, []news.Mention) {
	mentions := r.matcher.Find(a, now)
	return r.classify.Read(a, mentions, r.Outlet(a.Outlet)), mentions
}

// Crises are the rules by which stories are watched.
func (r *Rules) Crises() *crisis.Rules { return r.crisis }

// Rules returns the rules in force.
func (p *Pipeline) Rules() *Rules { return p.rules.Load() }

// Use puts rules in force.
func (p *Pipeline) Use(r *Rules) { p.rules.Store(r) }
