package pipeline

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// identity is how the outlets' addresses become identities: by the query
// parameters that name an article, or by the number its system gives it.
func identity(pack config.Pack) (news.Rules, error) {
	var r news.Rules
	for _, k := range pack.KeyRules() {
		r.Keys = append(r.Keys, news.KeyRule(k))
	}
	for _, o := range pack.Outlets {
		if o.Identity == "" {
			continue
		}
		re, err := regexp.Compile(o.Identity)
		if err != nil {
			return r, fmt.Errorf("identity of outlet %s: %w", o.ID, err)
		}
		for _, d := range o.Domains {
			r.Numbers = append(r.Numbers, news.NumberRule{Host: d.Host, Number: re})
		}
	}
	return r, nil
}

// Renamed counts what a change of the identity rules did.
type Renamed struct {
	Articles int // got a further name; their ids stay
	Twins    int // are now known to be a second record of another article
	Links    int
}

// renameBatch is how many articles or links one transaction looks at.
const renameBatch = 500

// Rename gives the articles and links of an archive that was kept under other
// identity rules the names that today's rules give them, so that the next
// sighting of a known article is known. Ids never change. Under the same rules
// it only compares two versions.
func (p *Pipeline) Rename(ctx context.Context) (Renamed, error) {
	var done Renamed
	version := p.Rules().Keys.Version()
	kept, err := p.Store.IdentityRules(ctx)
	if err != nil || kept == version {
		return done, err
	}
	if err := p.renameArticles(ctx, &done); err != nil {
		return done, fmt.Errorf("naming the articles by the identity rules %s: %w", version, err)
	}
	if err := p.renameLinks(ctx, &done); err != nil {
		return done, fmt.Errorf("naming the links by the identity rules %s: %w", version, err)
	}
	if done != (Renamed{}) {
		p.Log.Info("the rules of identity changed; known articles keep their ids and have further names",
			"from", kept, "to", version, "articles", done.Articles, "second_records", done.Twins, "links", done.Links)
	}
	return done, p.Store.Do(ctx, func(tx *store.Tx) error { return tx.SetIdentityRules(ctx, version, p.Now()) })
}

func (p *Pipeline) renameArticles(ctx context.Context, done *Renamed) error {
	rules := p.Rules().Keys
	for after := ""; ; {
		names, err := p.Store.Names(ctx, after, renameBatch)
		if err != nil || len(names) == 0 {
			return err
		}
		after = names[len(names)-1].ID
		var part Renamed
		err = p.Store.Do(ctx, func(tx *store.Tx) error {
			part = Renamed{}
			for _, n := range names {
				to := news.Canonical(n.URL, rules)
				if to == n.Canonical || n.URL == "" || news.ID(to) == n.ID {
					continue
				}
				switch err := tx.AddName(ctx, to, n.ID, "identity rules "+rules.Version(), p.Now()); {
				case errors.Is(err, store.ErrNamed):
					part.Twins++
				case err != nil:
					return err
				default:
					part.Articles++
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done.Articles += part.Articles
		done.Twins += part.Twins
	}
}

func (p *Pipeline) renameLinks(ctx context.Context, done *Renamed) error {
	rules := p.Rules().Keys
	for after := ""; ; {
		names, err := p.Store.LinkNames(ctx, after, renameBatch)
		if err != nil || len(names) == 0 {
			return err
		}
		after = names[len(names)-1].Canonical
		var part int
		err = p.Store.Do(ctx, func(tx *store.Tx) error {
			part = 0
			for _, n := range names {
				to := news.Canonical(n.URL, rules)
				if to == n.Canonical {
					continue
				}
				part++
				if err := tx.RenameLink(ctx, n.Canonical, to); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done.Links += part
	}
}

// known gives an article the id the archive knows it by. was is the article
// that came of its link before, empty where none did: a page that moved to a
// new address is the same article while its text says so; then the new address
// becomes a further name. moved says that the link now leads elsewhere.
func (p *Pipeline) known(ctx context.Context, tx *store.Tx, a news.Article, was string) (got news.Article, moved bool, err error) {
	found, err := tx.Identified(ctx, []news.Article{a})
	if err != nil {
		return a, false, err
	}
	a = found[0]
	if was == "" || was == a.ID {
		return a, false, nil
	}
	old, err := tx.Article(ctx, was)
	if errors.Is(err, store.ErrNotFound) {
		return a, false, nil
	}
	if err != nil || !samePiece(old, a) {
		return a, true, err
	}
	switch err := tx.AddName(ctx, a.Canonical, was, "its page moved to "+a.URL, p.Now()); {
	case errors.Is(err, store.ErrNamed): // both are records already: each stands
		return a, true, nil
	case err != nil:
		return a, false, err
	}
	a.ID = was
	return a, false, nil
}
