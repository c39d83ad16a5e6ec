package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"diembao/internal/evidence"
	"diembao/internal/fetch"
	"diembao/internal/news"
)

// Only says which articles of a file are wanted; its zero value wants all.
type Only struct {
	Langs   []string // "vi", "en"; an article whose language is not known is not among them
	Outlets []string // ids; an outlet that nobody knows is called by its host
}

// largestPage bounds a page of a WARC file: the body, content coding undone.
const largestPage = 16 << 20

// ImportWARC stores the articles of a WARC file: of its responses that brought
// an HTML page, with the address each was recorded for. What is no page is
// passed over; what is a page and no article, or damaged, is told by the number
// of its record, and the rest goes on. Damage that hides where the next record
// begins ends the file, and is told too. Importing it again changes nothing.
func (p *Pipeline) ImportWARC(ctx context.Context, file string, in io.Reader, only Only) (Imported, error) {
	var done Imported
	r := evidence.NewReader(in)
	var batch []news.Article
	for number := 1; ctx.Err() == nil; number++ {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			done.Bad = append(done.Bad, BadLine{file, number, err.Error()})
			break
		}
		a, wanted, err := p.fromRecord(rec, only)
		switch {
		case err != nil:
			done.Bad = append(done.Bad, BadLine{file, number, err.Error()})
		case wanted:
			batch = append(batch, a)
		}
		if len(batch) == importBatch/10 { // whole pages, not lines
			if err := p.putBatch(ctx, batch, &done); err != nil {
				return done, fmt.Errorf("storing %s up to record %d: %w", file, number, err)
			}
			batch = batch[:0]
		}
	}
	if err := p.putBatch(ctx, batch, &done); err != nil {
		return done, fmt.Errorf("storing %s: %w", file, err)
	}
	return done, ctx.Err()
}

// fromRecord reads the article of a record; wanted is false for records that
// hold no page, and for articles that are not asked for.
func (p *Pipeline) fromRecord(rec *evidence.Record, only Only) (a news.Article, wanted bool, err error) {
	if rec.Fields.Get("WARC-Type") != "response" {
		return a, false, nil
	}
	resp, err := rec.Response()
	if errors.Is(err, evidence.ErrNoAnswer) && !strings.HasPrefix(rec.Fields.Get("WARC-Target-URI"), "http") {
		return a, false, nil // of DNS and the like
	}
	if err != nil {
		return a, false, err
	}
	url := strings.Trim(rec.Fields.Get("WARC-Target-URI"), "<>") // old writers put brackets around it
	if resp.StatusCode != http.StatusOK || !isHTML(resp.Header) || !only.mayBeOf(p.Rules(), url) {
		return a, false, nil
	}
	raw, err := fetch.Plain(url, resp, largestPage)
	if err != nil {
		return a, false, err
	}
	if a, err = p.FromHTML(raw, url); err != nil {
		return a, false, fmt.Errorf("%s: %w", url, err)
	}
	return a, only.wants(a), nil
}

func isHTML(h http.Header) bool {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "text/html" || t == "application/xhtml+xml"
}

// mayBeOf spares reading pages of hosts that belong to none of the outlets.
func (o Only) mayBeOf(r *Rules, url string) bool {
	if len(o.Outlets) == 0 {
		return true
	}
	host := news.Host(url)
	for _, id := range o.Outlets {
		outlet := r.Outlet(id)
		if id == host || len(outlet.Domains) > 0 && onSite(outlet, url) {
			return true
		}
	}
	return false
}

func (o Only) wants(a news.Article) bool {
	return among(a.Lang, o.Langs) && among(a.Outlet, o.Outlets)
}

// among reports whether a word is one of those asked for; none asks for all.
func among(word string, asked []string) bool {
	for _, w := range asked {
		if w == word {
			return true
		}
	}
	return len(asked) == 0
}
