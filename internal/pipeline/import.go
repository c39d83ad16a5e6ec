package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
	"diembao/internal/when"
)

// Imported counts what came of a file.
type Imported struct {
	Read  int       // lines or files with an article
	New   int       // articles not known before
	Known int       // known already; an edit or a filled gap among them
	Bad   []BadLine // what could not be read
	IDs   []string  // of all articles read, in order
}

// BadLine is a line that is no article, and why.
type BadLine struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Why  string `json:"why"`
}

const (
	importBatch = 500
	longestLine = 16 << 20 // bytes; a longer line is no article
)

// row is a line of a JSONL file: our own names, and those of feed dumps.
type row struct {
	URL       string `json:"url"`
	Link      string `json:"link"`
	Title     string `json:"title"`
	Summary   string `json:"summary"`
	Lead      string `json:"lead"`
	Body      string `json:"body"`
	Author    string `json:"author"`
	Section   string `json:"category"`
	Published string `json:"published"`
	Outlet    string `json:"outlet"`
	Source    string `json:"source"`
}

// Import stores the articles of a JSONL stream, one JSON object a line. A line
// that cannot be read is told by its number and the rest goes on; importing
// the same stream again changes nothing. tell, if not nil, hears how many
// bytes were read. The error is the store's or the stream's.
func (p *Pipeline) Import(ctx context.Context, file string, in io.Reader, tell func(bytes int)) (Imported, error) {
	var done Imported
	r := bufio.NewReaderSize(in, 1<<20)
	batch := make([]news.Article, 0, importBatch)
	for number := 1; ; number++ {
		line, err := wholeLine(r)
		if tell != nil {
			tell(len(line))
		}
		switch text := bytes.TrimSpace(line); {
		case errors.Is(err, errLongLine):
			done.Bad = append(done.Bad, BadLine{file, number, err.Error()})
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return done, fmt.Errorf("reading %s at line %d: %w", file, number, err)
		case len(text) > 0:
			if a, why := p.fromRow(text); why != nil {
				done.Bad = append(done.Bad, BadLine{file, number, why.Error()})
			} else {
				batch = append(batch, a)
			}
		}
		if len(batch) == importBatch || err != nil {
			if err := p.putBatch(ctx, batch, &done); err != nil {
				return done, fmt.Errorf("storing %s up to line %d: %w", file, number, err)
			}
			batch = batch[:0]
		}
		if err != nil {
			return done, nil
		}
	}
}

// putBatch stores a batch; of two lines with one identity the first is stored
// in this transaction, and the second fills its gaps in another.
func (p *Pipeline) putBatch(ctx context.Context, batch []news.Article, done *Imported) error {
	batch, err := p.Store.Identified(ctx, batch)
	if err != nil {
		return err
	}
	for len(batch) > 0 {
		n := distinct(batch)
		var put store.Put
		err := p.Store.Do(ctx, func(tx *store.Tx) (err error) {
			put, err = tx.PutArticles(ctx, batch[:n], p.Now())
			return err
		})
		if err != nil {
			return err
		}
		done.Read += n
		done.New += len(put.New)
		done.Known += n - len(put.New)
		for _, a := range batch[:n] {
			done.IDs = append(done.IDs, a.ID)
		}
		batch = batch[n:]
	}
	return nil
}

// distinct is how many articles from the front have ids of their own.
func distinct(batch []news.Article) int {
	seen := make(map[string]bool, len(batch))
	for i, a := range batch {
		if seen[a.ID] {
			return i
		}
		seen[a.ID] = true
	}
	return len(batch)
}

var errLongLine = fmt.Errorf("the line is longer than %d MiB; no article is", longestLine>>20)

// wholeLine reads up to the next newline; a line beyond longestLine is skipped
// to its end and reported.
func wholeLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > longestLine; !long {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if long && (err == nil || errors.Is(err, io.EOF)) {
			return nil, errLongLine
		}
		return line, err
	}
}

// fromRow reads one line as an article.
func (p *Pipeline) fromRow(line []byte) (news.Article, error) {
	var r row
	if err := json.Unmarshal(line, &r); err != nil {
		return news.Article{}, fmt.Errorf("not a JSON object with an article: %w", err)
	}
	return p.fromWords(r)
}

// fromWords makes an article of what a line or a row of a list says.
func (p *Pipeline) fromWords(r row) (news.Article, error) {
	url := first(r.URL, r.Link)
	if news.Host(url) == "" {
		return news.Article{}, fmt.Errorf("no address: `url` (or `link`) must be an http address, it is %q", url)
	}
	title := plain(r.Title)
	if title == "" {
		return news.Article{}, errors.New("no title: `title` is empty")
	}
	now := p.Now()
	rules := p.Rules()
	a := news.Article{
		URL: url, Canonical: news.Canonical(url, rules.Keys),
		Title: title, Lead: plain(first(r.Lead, r.Summary)), Body: vi.NFC(strings.TrimSpace(r.Body)),
		Author: plain(r.Author), Section: plain(r.Section),
		FirstSeen: now, Via: news.Import,
		From: map[string]string{"title": "import", "lead": "import", "body": "import"},
	}
	a.ID = news.ID(a.Canonical)
	a.Published, a.From["published"] = published(r.Published, url, now)
	a.Outlet = rules.whose(url, first(r.Outlet, r.Source), a.Published, now)
	return a, nil
}

// published reads when an article came out. Some papers' feeds give the moment
// of asking instead; the stamp that such papers put into the address wins
// where it is the earlier of two that lie close together.
func published(text, url string, now time.Time) (time.Time, string) {
	t, err := when.Parse(text, now)
	stamp, ok := when.FromAddress(url, now)
	switch {
	case err != nil && !ok:
		return time.Time{}, ""
	case ok && !stamp.DayOnly && (err != nil || stamp.Time.Before(t) && t.Sub(stamp.Time) < 7*24*time.Hour):
		return stamp.Time, "stamp in the address"
	case err != nil:
		return stamp.Time, "day in the address"
	}
	return t, "import " + text
}

func plain(s string) string {
	return strings.Join(strings.Fields(vi.NFC(html.UnescapeString(s))), " ")
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// And adds up what came of two files.
func (i Imported) And(j Imported) Imported {
	return Imported{i.Read + j.Read, i.New + j.New, i.Known + j.Known, append(i.Bad, j.Bad...), append(i.IDs, j.IDs...)}
}

// ImportPage stores the article of one saved page; a page without an article
// is told as bad, by its file.
func (p *Pipeline) ImportPage(ctx context.Context, file string, raw []byte) (Imported, error) {
	var done Imported
	a, err := p.FromHTML(raw, "")
	if err != nil {
		done.Bad = []BadLine{{file, 0, err.Error()}}
		return done, nil
	}
	return done, p.putBatch(ctx, []news.Article{a}, &done)
}
