// Package eval measures the stages on gold sets and prints the figures: what
// is measured is what ships, for the stages come in as functions wired by the
// command line. The gold and label types live here.
package eval

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/when"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// PageTruth is what a person says stands on one page.
type PageTruth struct {
	Body   string  `json:"articleBody"` // a Vietnamese one holds its lead first
	URL    string  `json:"url"`
	Lead   string  `json:"sapo"`
	Author *string `json:"author"`
	Date   *string `json:"date"`
}

// PageAnswer is the raw answer for one page, as written with --out.
type PageAnswer struct {
	ID     string `json:"id"`
	Text   string `json:"text"` // the lead, then the body
	Author string `json:"author"`
	Date   string `json:"date"` // RFC 3339 in +07:00; empty where unknown
}

// ExtractFigures are the figures of `eval extract`.
type ExtractFigures struct {
	Pages       int         `json:"pages"`
	F1          float64     `json:"f1"`
	Precision   float64     `json:"precision"`
	Recall      float64     `json:"recall"`
	Worst       WorstPage   `json:"worst"`
	LeadKept    KeptShare   `json:"lead_kept"`
	DateExact   ExactShare  `json:"date_exact"`
	AuthorExact ExactAuthor `json:"author_exact"`
	P50         float64     `json:"ms_p50"`
	P95         float64     `json:"ms_p95"`
	ParseP50    float64     `json:"parse_ms_p50"`
	OverParse   float64     `json:"ms_over_parse"` // time of all extractions over time of html.Parse of the same pages
}

// WorstPage names the page with the lowest F1.
type WorstPage struct {
	ID string  `json:"id"`
	F1 float64 `json:"f1"`
}

// KeptShare counts the pages whose lead stands in the extracted text.
type KeptShare struct {
	Have  int     `json:"have"`
	Kept  int     `json:"kept"`
	Share float64 `json:"share"`
}

// ExactShare counts the pages whose date and time came out to the minute.
type ExactShare struct {
	Have  int     `json:"have"`
	Exact int     `json:"exact"`
	Share float64 `json:"share"`
}

// ExactAuthor counts the pages whose byline came out as the page has it.
type ExactAuthor struct {
	Have  int `json:"have"`
	Exact int `json:"exact"`
}

// ExtractOptions is how a set of pages is measured.
type ExtractOptions struct {
	// Extract is the extraction that ships, wired by the command line.
	Extract func(news.Page) (news.Article, error)
	// Out receives one PageAnswer a line; nil for none.
	Out io.Writer
	// Seen is called after each page; nil for none.
	Seen func(done, pages int)
}

// Extract measures opts.Extract on the pages of dir: dir/html/<id>.html or
// .html.gz with dir/ground-truth.json. Pages without truth are not read. A
// page that cannot be extracted counts as one without text.
func Extract(dir string, opts ExtractOptions) (ExtractFigures, error) {
	truth, err := readPageTruth(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		return ExtractFigures{}, err
	}
	sum := pageSum{}
	for i, id := range sortedKeys(truth) {
		page, err := readPage(dir, id, truth[id].URL)
		if err != nil {
			return ExtractFigures{}, err
		}
		if err := writeAnswer(opts.Out, sum.add(id, page, truth[id], opts.Extract)); err != nil {
			return ExtractFigures{}, err
		}
		if opts.Seen != nil {
			opts.Seen(i+1, len(truth))
		}
	}
	return sum.figures(), nil
}

func readPageTruth(file string) (map[string]PageTruth, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the ground truth: %w", err)
	}
	var truth map[string]PageTruth
	if err := json.Unmarshal(b, &truth); err != nil {
		return nil, fmt.Errorf("reading the ground truth %s: %w", file, err)
	}
	if len(truth) == 0 {
		return nil, fmt.Errorf("the ground truth %s names no page", file)
	}
	return truth, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// readPage reads a saved page as an answer a server gave.
func readPage(dir, id, url string) (news.Page, error) {
	raw, err := readMaybeGzip(filepath.Join(dir, "html", id+".html"))
	if err != nil {
		return news.Page{}, fmt.Errorf("reading page %s: %w", id, err)
	}
	return news.Page{URL: url, Final: url, Status: 200, Raw: raw, Body: norm.NFC.String(string(raw)), Charset: "utf-8"}, nil
}

func readMaybeGzip(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return b, err
	}
	f, err := os.Open(file + ".gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func writeAnswer(w io.Writer, a PageAnswer) error {
	if w == nil {
		return nil
	}
	if err := json.NewEncoder(w).Encode(a); err != nil {
		return fmt.Errorf("writing the answer for page %s: %w", a.ID, err)
	}
	return nil
}

// pageSum gathers the figures page by page.
type pageSum struct {
	pages             int
	precision, recall []float64 // per page; absent where there was nothing to divide by
	worst             WorstPage
	lead              KeptShare
	date              ExactShare
	author            ExactAuthor
	took, parse       []time.Duration
}

func (s *pageSum) add(id string, page news.Page, truth PageTruth, extract func(news.Page) (news.Article, error)) PageAnswer {
	var article news.Article
	var err error
	took, parse := bestOf(func() { article, err = extract(page) }, func() { _, _ = html.Parse(strings.NewReader(page.Body)) })
	s.took, s.parse = append(s.took, took), append(s.parse, parse)
	if err != nil {
		article = news.Article{} // a page given up is a page without text
	}
	answer := answerOf(id, article)
	s.score(id, answer, article, truth)
	return answer
}

// bestOf times two pieces of work, turn and turn about, and returns the
// shortest of five times of each: a busy machine makes times longer, never
// shorter, and the two are set against each other.
func bestOf(a, b func()) (time.Duration, time.Duration) {
	best := [2]time.Duration{time.Hour, time.Hour}
	for range 5 {
		for i, f := range []func(){a, b} {
			began := time.Now()
			f()
			best[i] = min(best[i], time.Since(began))
		}
	}
	return best[0], best[1]
}

func answerOf(id string, a news.Article) PageAnswer {
	text := a.Body
	if a.Lead != "" {
		text = a.Lead + "\n" + a.Body
	}
	out := PageAnswer{ID: id, Text: text, Author: a.Author}
	if !a.Published.IsZero() {
		out.Date = a.Published.In(when.VN).Format(time.RFC3339)
	}
	return out
}

func (s *pageSum) score(id string, answer PageAnswer, article news.Article, truth PageTruth) {
	o := compareShingles(truth.Body, answer.Text)
	s.pages++
	s.precision = appendRatio(s.precision, o.tp, o.tp+o.fp)
	s.recall = appendRatio(s.recall, o.tp, o.tp+o.fn)
	if f := o.f1(); s.pages == 1 || f < s.worst.F1 {
		s.worst = WorstPage{ID: id, F1: round4(f)}
	}
	if lead := words(truth.Lead); len(lead) > 0 {
		s.lead.Have++
		if strings.Contains(" "+strings.Join(words(answer.Text), " ")+" ", " "+strings.Join(lead, " ")+" ") {
			s.lead.Kept++
		}
	}
	if truth.Date != nil {
		s.date.Have++
		if want, err := time.Parse(time.RFC3339, *truth.Date); err == nil && !article.Published.IsZero() &&
			want.Truncate(time.Minute).Equal(article.Published.Truncate(time.Minute)) {
			s.date.Exact++
		}
	}
	if truth.Author != nil {
		s.author.Have++
		if sameNames(*truth.Author, article.Author) {
			s.author.Exact++
		}
	}
}

func (s *pageSum) figures() ExtractFigures {
	p, r := mean(s.precision), mean(s.recall)
	s.lead.Share, s.date.Share = share(s.lead.Kept, s.lead.Have), share(s.date.Exact, s.date.Have)
	return ExtractFigures{
		Pages: s.pages, F1: round4(harmonic(p, r)), Precision: round4(p), Recall: round4(r),
		Worst: s.worst, LeadKept: s.lead, DateExact: s.date, AuthorExact: s.author,
		P50: ms(quantile(s.took, .5)), P95: ms(quantile(s.took, .95)), ParseP50: ms(quantile(s.parse, .5)),
		OverParse: round4(float64(total(s.took)) / float64(max(total(s.parse), 1))),
	}
}
