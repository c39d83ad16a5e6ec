package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"diembao/internal/news"
)

// Put is what PutArticles did, by article id.
type Put struct {
	New     []string // not known before
	Changed []string // a new version of the text, or a gap filled
	Known   []string // nothing was written
}

// Of is what became of one article among those put.
func (p Put) Of(id string) Put {
	only := func(ids []string) []string {
		if slices.Contains(ids, id) {
			return []string{id}
		}
		return nil
	}
	return Put{New: only(p.New), Changed: only(p.Changed), Known: only(p.Known)}
}

// known is an article as the archive holds it, without its body.
type knownArticle struct {
	news.Article
	hash    string // of the body, kept when the body is dropped
	newText bool   // a new version in this batch
	oldText bool   // was in the archive before this batch
	newBody bool
	touched bool
}

const articleColumns = `id, url, canonical, outlet, title, lead, body_hash, author, section, tags, form, lang,
	published, modified, first_seen, via, version, sources, doubts`

// PutArticles keeps articles, whose ID and Canonical the caller has set. An
// article not known before gets version 1. A known one becomes what merge says:
// if its title, lead or body change, it gets a new version and the old text is
// kept. FirstSeen and Via stay those of the first meeting. now dates the version.
func (tx *Tx) PutArticles(ctx context.Context, arts []news.Article, now time.Time) (Put, error) {
	if err := tx.lockSeq(ctx); err != nil {
		return Put{}, err
	}
	held, err := tx.knownArticles(ctx, arts)
	if err != nil {
		return Put{}, err
	}
	var order []string
	seen := map[string]bool{}
	for _, a := range arts {
		tidy(&a)
		if !seen[a.ID] {
			seen[a.ID] = true
			order = append(order, a.ID)
		}
		if k := held[a.ID]; k != nil {
			merge(k, a)
		} else {
			held[a.ID] = fresh(a, now)
		}
	}
	return tx.keepArticles(ctx, order, held, now)
}

// tidy brings a text into the form in which it will be read back, so that what
// is compared is what is kept.
func tidy(a *news.Article) {
	for _, s := range []*string{&a.Title, &a.Lead, &a.Body} {
		*s = clean(*s)
	}
}

func fresh(a news.Article, now time.Time) *knownArticle {
	a.Version = 1
	if a.FirstSeen.IsZero() {
		a.FirstSeen = now
	}
	return &knownArticle{Article: a, hash: bodyHash(a.Body), newBody: a.Body != "", touched: true}
}

// bodyHash tells one body from another; empty for an empty one.
func bodyHash(body string) string {
	if body == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:16])
}

// knownArticles returns the articles of arts that the archive holds, by id.
func (tx *Tx) knownArticles(ctx context.Context, arts []news.Article) (map[string]*knownArticle, error) {
	ids := make([]string, len(arts))
	for i, a := range arts {
		ids[i] = a.ID
	}
	held := make(map[string]*knownArticle, len(arts))
	err := among(ctx, tx.q, func(row scanner) error {
		k := &knownArticle{oldText: true}
		err := readArticle(row, &k.Article, &k.hash)
		held[k.ID] = k
		return err
	}, `SELECT `+articleColumns+` FROM articles WHERE id IN ({ids})`, ids)
	return held, failed("look up articles", err)
}

// keepArticles writes what fresh and merge decided.
func (tx *Tx) keepArticles(ctx context.Context, order []string, held map[string]*knownArticle, now time.Time) (put Put, err error) {
	var fresh, changed []*knownArticle
	for _, id := range order {
		switch k := held[id]; {
		case !k.oldText:
			put.New, fresh = append(put.New, id), append(fresh, k)
		case k.touched:
			put.Changed, changed = append(put.Changed, id), append(changed, k)
		default:
			put.Known = append(put.Known, id)
		}
	}
	if len(fresh)+len(changed) == 0 {
		return put, nil
	}
	seq, err := tx.nextSeq(ctx, len(fresh)+len(changed))
	if err != nil {
		return Put{}, err
	}
	if err := tx.insertArticles(ctx, fresh, seq, now); err != nil {
		return Put{}, failed("keep new articles", err)
	}
	for i, k := range changed {
		if err := tx.updateArticle(ctx, k, seq+int64(len(fresh)+i), now); err != nil {
			return Put{}, failed("keep the change of "+k.URL, err)
		}
	}
	return put, nil
}

func (tx *Tx) insertArticles(ctx context.Context, arts []*knownArticle, seq int64, now time.Time) error {
	rows := make([][]any, len(arts))
	var bodies [][]any
	for i, k := range arts {
		lists, err := articleLists(k.Article)
		if err != nil {
			return err
		}
		rows[i] = []any{k.ID, k.URL, k.Canonical, k.Outlet, k.Title, k.Lead, k.hash, k.Author, k.Section, lists[0], k.Form, k.Lang,
			ms(k.Published), ms(k.Modified), ms(k.FirstSeen), string(k.Via), k.Version, lists[1], lists[2],
			seq + int64(i), ms(When(k.Article)), ms(now)}
		if k.Body != "" {
			bodies = append(bodies, []any{k.ID, k.Body})
		}
	}
	if err := tx.q.insert(ctx, `INSERT INTO articles (`+articleColumns+`, seq, at, changed)`, "", rows); err != nil {
		return err
	}
	return tx.q.insert(ctx, `INSERT INTO bodies (article_id, body)`, "", bodies)
}

func (tx *Tx) updateArticle(ctx context.Context, k *knownArticle, seq int64, now time.Time) error {
	if k.newText {
		_, err := tx.q.exec(ctx, `INSERT INTO versions (article_id, version, title, lead, body, since)
			SELECT a.id, a.version, a.title, a.lead, coalesce(b.body, ''), a.changed
			FROM articles a LEFT JOIN bodies b ON b.article_id = a.id WHERE a.id = $1`, k.ID)
		if err != nil {
			return err
		}
	}
	lists, err := articleLists(k.Article)
	if err != nil {
		return err
	}
	_, err = tx.q.exec(ctx, `UPDATE articles SET url = $2, outlet = $3, title = $4, lead = $5, body_hash = $6, author = $7,
		section = $8, tags = $9, form = $10, lang = $11, published = $12, modified = $13, version = $14, sources = $15,
		doubts = $16, seq = $17, at = $18, changed = CASE WHEN version = $14 THEN changed ELSE $19 END WHERE id = $1`,
		k.ID, k.URL, k.Outlet, k.Title, k.Lead, k.hash, k.Author, k.Section, lists[0], k.Form, k.Lang,
		ms(k.Published), ms(k.Modified), k.Version, lists[1], lists[2], seq, ms(When(k.Article)), ms(now))
	if err != nil || !k.newBody {
		return err
	}
	_, err = tx.q.exec(ctx, `INSERT INTO bodies (article_id, body) VALUES ($1, $2)
		ON CONFLICT (article_id) DO UPDATE SET body = excluded.body`, k.ID, k.Body)
	return err
}

// When is the time by which an article is counted and sorted: when it was
// published or, where that is unknown, when it was first seen.
func When(a news.Article) time.Time {
	if a.Published.IsZero() {
		return a.FirstSeen
	}
	return a.Published
}

// articleLists writes tags, sources and doubts as JSON.
func articleLists(a news.Article) (out [3]string, err error) {
	for i, v := range []any{a.Tags, a.From, a.Doubts} {
		if out[i], err = toJSON(v); err != nil {
			return out, err
		}
	}
	return out, nil
}

// readArticle reads articleColumns, then more.
func readArticle(row scanner, a *news.Article, hash *string, more ...any) error {
	var published, modified, seen int64
	var via, tags, sources, doubts string
	err := row.Scan(append([]any{&a.ID, &a.URL, &a.Canonical, &a.Outlet, &a.Title, &a.Lead, hash, &a.Author, &a.Section, &tags,
		&a.Form, &a.Lang, &published, &modified, &seen, &via, &a.Version, &sources, &doubts}, more...)...)
	if err != nil {
		return err
	}
	a.Published, a.Modified, a.FirstSeen, a.Via = at(published), at(modified), at(seen), news.Via(via)
	if err := fromJSON(tags, &a.Tags); err != nil {
		return err
	}
	if err := fromJSON(sources, &a.From); err != nil {
		return err
	}
	return fromJSON(doubts, &a.Doubts)
}
