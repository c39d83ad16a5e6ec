package store

import (
	"context"
	"fmt"
	"time"

	"diembao/internal/news"
)

// An article's id follows from the canonical address it was first known by,
// and never changes. Where a later rule, a redirect or an editor gives the
// article another canonical address, that one becomes a further name of it.

// ErrNamed says that a canonical address already means another article.
var ErrNamed = fmt.Errorf("the address already belongs to another article")

// Identified returns the articles with the ids the archive knows them by: one
// whose canonical address is a further name of a known article gets that
// article's id. Call it before PutArticles.
func (v View) Identified(ctx context.Context, arts []news.Article) ([]news.Article, error) {
	names := make([]string, len(arts))
	for i, a := range arts {
		names[i] = a.Canonical
	}
	known := map[string]string{}
	err := among(ctx, v.q, func(row scanner) error {
		var name, id string
		err := row.Scan(&name, &id)
		known[name] = id
		return err
	}, `SELECT canonical, article_id FROM identities WHERE canonical IN ({ids})`, names)
	if err != nil {
		return nil, failed("look up the further names of articles", err)
	}
	out := make([]news.Article, len(arts))
	for i, a := range arts {
		if id := known[a.Canonical]; id != "" {
			a.ID = id
		}
		out[i] = a
	}
	return out, nil
}

// AddName gives an article a further canonical address, and says why. Errors:
// ErrNamed where it is another's first or further name.
func (tx *Tx) AddName(ctx context.Context, canonical, articleID, why string, now time.Time) error {
	if news.ID(canonical) == articleID {
		return nil
	}
	n, err := first(ctx, tx.q, scan[int64], `SELECT count(*) FROM articles WHERE id = $1`, news.ID(canonical))
	if err == nil && n > 0 {
		err = ErrNamed
	}
	if err == nil {
		_, err = tx.q.exec(ctx, `INSERT INTO identities (canonical, article_id, why, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (canonical) DO NOTHING`, canonical, articleID, why, ms(now))
	}
	if err == nil {
		var id string
		if id, err = first(ctx, tx.q, scan[string], `SELECT article_id FROM identities WHERE canonical = $1`, canonical); err == nil && id != articleID {
			err = ErrNamed
		}
	}
	return failed("name the article "+articleID+" "+canonical, err)
}

// Sketch is what an article is known by at a glance.
type Sketch struct {
	ID, URL, Title string
	Published      time.Time
}

// Sketches lists the articles of an outlet that came in since a time.
func (v View) Sketches(ctx context.Context, outlet string, since time.Time) ([]Sketch, error) {
	ss, err := list(ctx, v.q, func(row scanner) (s Sketch, err error) {
		var published int64
		err = row.Scan(&s.ID, &s.URL, &s.Title, &published)
		s.Published = at(published)
		return s, err
	}, `SELECT id, url, title, published FROM articles WHERE outlet = $1 AND first_seen >= $2 ORDER BY first_seen, id`, outlet, ms(since))
	return ss, failed("list the late articles of "+outlet, err)
}

// IdentityRules returns the version of the rules by which the archive names
// its articles; empty for an archive that was never asked.
func (v View) IdentityRules(ctx context.Context) (string, error) {
	vs, err := list(ctx, v.q, scan[string], `SELECT version FROM identity_rules ORDER BY at DESC, version LIMIT 1`)
	if err != nil || len(vs) == 0 {
		return "", failed("read the version of the identity rules", err)
	}
	return vs[0], nil
}

// SetIdentityRules records that the archive names its articles by rules of
// this version from now on.
func (tx *Tx) SetIdentityRules(ctx context.Context, version string, now time.Time) error {
	last, err := first(ctx, tx.q, scan[int64], `SELECT coalesce(max(at), 0) FROM identity_rules`)
	if err == nil { // the last one is in force, also where two fall on one moment
		_, err = tx.q.exec(ctx, `INSERT INTO identity_rules (version, at) VALUES ($1, $2)
			ON CONFLICT (version) DO UPDATE SET at = excluded.at`, version, max(ms(now), last+1))
	}
	return failed("record the version of the identity rules", err)
}

// Named is an article or a link with its address and its canonical form.
type Named struct{ ID, URL, Canonical string }

// Names lists the articles after an id, in the order of ids, at most limit.
func (v View) Names(ctx context.Context, after string, limit int) ([]Named, error) {
	ns, err := list(ctx, v.q, readNamed, `SELECT id, url, canonical FROM articles WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	return ns, failed("list the addresses of articles", err)
}

// LinkNames lists the links after a canonical address, in their order, at most
// limit; ID is the article that came of a link.
func (v View) LinkNames(ctx context.Context, after string, limit int) ([]Named, error) {
	ns, err := list(ctx, v.q, readNamed, `SELECT article_id, url, canonical FROM links WHERE canonical > $1 ORDER BY canonical LIMIT $2`, after, limit)
	return ns, failed("list the addresses of links", err)
}

// RenameLink gives a link another canonical address. Where another link has
// it, the two are one: this one is kept, as `same`, and not asked for again.
func (tx *Tx) RenameLink(ctx context.Context, from, to string) error {
	n, err := tx.q.exec(ctx, `UPDATE links SET canonical = $2 WHERE canonical = $1
		AND NOT EXISTS (SELECT 1 FROM links l WHERE l.canonical = $2)`, from, to)
	if err == nil && n == 0 {
		_, err = tx.q.exec(ctx, `UPDATE links SET verdict = 'same', why = $2, next_at = 0 WHERE canonical = $1`, from, "the same article as "+to)
	}
	return failed("rename the link "+from, err)
}

func readNamed(row scanner) (n Named, err error) {
	err = row.Scan(&n.ID, &n.URL, &n.Canonical)
	return n, err
}
