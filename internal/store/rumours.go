package store

import (
	"context"
	"strconv"
	"time"

	"diembao/internal/news"
)

const rumourColumns = `id, claim, truth, document, url, first_seen, settled_by, settled, who, made, ended`

// PutRumour keeps a new claim and fills in its ID.
func (tx *Tx) PutRumour(ctx context.Context, r *news.Rumour) error {
	id, err := tx.nextRow(ctx, 1)
	if err == nil {
		r.ID = id
		_, err = tx.q.exec(ctx, `INSERT INTO rumours (`+rumourColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
			r.ID, r.Claim, string(r.Truth), r.Document, r.URL, ms(r.FirstSeen), r.SettledBy, ms(r.Settled), r.Who, ms(r.Made))
	}
	return failed("keep a claim", err)
}

// SettleRumour records what is known of a claim now, by whom and by which
// document; ErrNotFound.
func (tx *Tx) SettleRumour(ctx context.Context, id int64, truth news.Truth, document, url string, w Word) error {
	n, err := tx.q.exec(ctx, `UPDATE rumours SET truth = $2, document = $3, url = $4, settled_by = $5, settled = $6 WHERE id = $1`,
		id, string(truth), document, url, w.Who, ms(w.At))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("settle the claim "+strconv.FormatInt(id, 10), err)
}

// EndRumour has a claim no longer looked for; what repeated it stays.
// ErrNotFound where none with this number stands.
func (tx *Tx) EndRumour(ctx context.Context, id int64, now time.Time) error {
	n, err := tx.q.exec(ctx, `UPDATE rumours SET ended = $2 WHERE id = $1 AND ended = 0`, id, ms(now))
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return failed("end the claim "+strconv.FormatInt(id, 10), err)
}

// PutRumourHits keeps which of the claims that are looked for articles repeat,
// in place of what was known of these articles.
func (tx *Tx) PutRumourHits(ctx context.Context, articles []string, hits []news.RumourHit) error {
	const doing = "keep which claims articles repeat"
	for _, id := range articles {
		if _, err := tx.q.exec(ctx, `DELETE FROM rumour_articles WHERE article_id = $1 AND rumour_id IN (SELECT id FROM rumours WHERE ended = 0)`, id); err != nil {
			return failed(doing, err)
		}
	}
	rows := make([][]any, len(hits))
	for i, h := range hits {
		rows[i] = []any{h.Article, h.Rumour, h.Share, string(h.Where), h.Quote, flag(h.Denied)}
	}
	return failed(doing, tx.q.insert(ctx, `INSERT INTO rumour_articles (article_id, rumour_id, share, place, quote, denied)`,
		`ON CONFLICT (article_id, rumour_id) DO NOTHING`, rows))
}

// Rumours lists the claims that are looked for, the newest first; with all of
// them, also those that are not any more.
func (v View) Rumours(ctx context.Context, all bool) ([]news.Rumour, error) {
	w := where{}
	if !all {
		w.add(`ended = 0`)
	}
	rs, err := list(ctx, v.q, readRumour, `SELECT `+rumourColumns+`, (SELECT count(*) FROM rumour_articles a WHERE a.rumour_id = rumours.id)
		FROM rumours`+w.sql()+` ORDER BY CASE WHEN ended = 0 THEN 0 ELSE 1 END, made DESC, id DESC`, w.args...)
	return rs, failed("list the claims", err)
}

// RumourArticles lists the articles that repeat a claim, the newest first.
func (v View) RumourArticles(ctx context.Context, id int64, limit int) ([]news.RumourHit, error) {
	hs, err := list(ctx, v.q, readHit, `SELECT ra.article_id, ra.rumour_id, ra.share, ra.place, ra.quote, ra.denied
		FROM rumour_articles ra JOIN articles a ON a.id = ra.article_id WHERE ra.rumour_id = $1 ORDER BY a.at DESC, a.id LIMIT $2`, id, limit)
	return hs, failed("list the articles that repeat a claim", err)
}

// RumoursIn returns which claims articles repeat, by the article's id.
func (v View) RumoursIn(ctx context.Context, articles []string) (map[string][]news.RumourHit, error) {
	out := map[string][]news.RumourHit{}
	err := among(ctx, v.q, func(row scanner) error {
		h, err := readHit(row)
		out[h.Article] = append(out[h.Article], h)
		return err
	}, `SELECT article_id, rumour_id, share, place, quote, denied FROM rumour_articles WHERE article_id IN ({ids}) ORDER BY rumour_id`, articles)
	return out, failed("look up which claims articles repeat", err)
}

func readRumour(row scanner) (r news.Rumour, err error) {
	var truth string
	var first, settled, made, ended int64
	err = row.Scan(&r.ID, &r.Claim, &truth, &r.Document, &r.URL, &first, &r.SettledBy, &settled, &r.Who, &made, &ended, &r.Articles)
	r.Truth, r.FirstSeen, r.Settled, r.Made, r.Ended = news.Truth(truth), at(first), at(settled), at(made), at(ended)
	return r, err
}

func readHit(row scanner) (h news.RumourHit, err error) {
	var place string
	var denied int
	err = row.Scan(&h.Article, &h.Rumour, &h.Share, &place, &h.Quote, &denied)
	h.Where, h.Denied = news.Part(place), denied == 1
	return h, err
}
