package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mmcdole/gofeed"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"

	"diembao/internal/export"
	"diembao/internal/pipeline"
)

// counted is what a door of the house answers.
type counted struct {
	Publications, Originals int
	Titles                  []string
	query, asOf             string // as a file says them
	relaxed                 bool   // only some of the words were found: a feed then waits
}

// TestDoorsAgree puts the questions of testdata/searches to the verb, the API,
// the page, the files and the feeds, and through a running server once more:
// all give the same numbers and the same articles.
func TestDoorsAgree(t *testing.T) {
	scripts, err := filepath.Glob("testdata/searches/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			must(t, err)
			parts := map[string]string{}
			for _, f := range a.Files {
				parts[f.Name] = string(f.Data)
			}
			d := doors{t: t, data: t.TempDir()}
			must(t, os.WriteFile(filepath.Join(d.data, "tin.jsonl"), []byte(parts["tin.jsonl"]), 0o600))
			d.said("import", filepath.Join(d.data, "tin.jsonl"))
			for block := range strings.SplitSeq(strings.TrimSpace(parts["hoi.txt"]), "\n\n") {
				values, want := asked(t, block)
				d.said("searches", "add", values.Encode(), "/?"+values.Encode())
				d.agree("verb", values, want, "csv")
				d.serving(func(get func(string) []byte) {
					d.agree("verb by a server", values, want, "xlsx")
					d.pages(get, values, want)
				})
			}
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// asked reads a question of a script and its answer.
func asked(t *testing.T, block string) (url.Values, counted) {
	t.Helper()
	values, want := url.Values{}, counted{}
	for line := range strings.SplitSeq(block, "\n") {
		key, rest, _ := strings.Cut(line, " ")
		switch key {
		case "query:":
			values.Set("q", rest)
		case "with:":
			more, err := url.ParseQuery(strings.ReplaceAll(rest, "|", "%7C"))
			must(t, err)
			for name, v := range more {
				values[name] = v
			}
		case "counts:":
			_, err := fmt.Sscan(rest, &want.Publications, &want.Originals)
			must(t, err)
			want.relaxed = strings.HasSuffix(rest, " relaxed")
		case "-":
			want.Titles = append(want.Titles, rest)
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	values.Set("sort", "newest")
	return values, want
}

type doors struct {
	t    *testing.T
	data string
}

// said runs a command and returns what it says.
func (d doors) said(args ...string) []byte {
	d.t.Helper()
	var out, errs bytes.Buffer
	if code := run(d.t.Context(), append(args, "--data", d.data), nil, &out, &errs); code != done {
		d.t.Fatalf("diembao %q ended with %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

// same compares an answer with the one wanted.
func (d doors) same(door string, values url.Values, want, got counted) {
	d.t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(counted{})); diff != "" {
		d.t.Errorf("%s of %s:\n%s", door, values.Encode(), diff)
	}
}

// agree asks the verb for the search that was saved: for JSON, for words, and
// for a file.
func (d doors) agree(door string, values url.Values, want counted, format string) {
	d.t.Helper()
	name := values.Encode()
	d.same(door+": json", values, want, d.ofJSON(d.said("searches", "run", name, "--json")))
	text := string(d.said("searches", "run", name))
	if !strings.Contains(text, fmt.Sprintf("\n%d lượt đăng, %d tin gốc, ", want.Publications, want.Originals)) {
		d.t.Errorf("%s of %s says:\n%s", door, name, text)
	}
	d.same(door+": "+format, values, want, d.of(format, values, d.said("searches", "run", name, "--format", format)))
}

// of reads a file or a feed again. A file says what was asked and when.
func (d doors) of(format string, values url.Values, raw []byte) (got counted) {
	d.t.Helper()
	switch format {
	case "csv":
		got = d.ofCSV(raw)
	case "xlsx":
		got = d.ofXLSX(raw)
	case "docx":
		got = d.ofDOCX(raw)
	case "jsonl":
		got = d.ofJSONL(raw)
	default:
		return d.ofFeed(raw)
	}
	if got.query != values.Get("q") || !strings.Contains(got.asOf, fmt.Sprint(time.Now().Year())) {
		d.t.Errorf("the %s file of %s says that %q was asked at %q", format, values.Encode(), got.query, got.asOf)
	}
	return got
}

// serving keeps the index in a running server and gives its pages.
func (d doors) serving(f func(get func(string) []byte)) {
	d.t.Helper()
	h := &house{verbs: &verbs{Data: d.data}, in: strings.NewReader(""), out: io.Discard, errs: io.Discard, log: slog.New(slog.DiscardHandler)}
	defer func() { must(d.t, h.close()) }()
	p, err := h.machine(context.Background())
	must(d.t, err)
	s := &server{house: h, pack: p.Rules().Pack, now: time.Now, pipeline: p}
	web := httptest.NewServer(s.handler())
	defer web.Close()
	file := filepath.Join(d.data, serving)
	must(d.t, os.WriteFile(file, []byte(web.URL), 0o600))
	defer func() { must(d.t, os.Remove(file)) }()
	f(func(page string) []byte {
		res, err := web.Client().Get(web.URL + page)
		must(d.t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		must(d.t, err)
		if res.StatusCode != 200 {
			d.t.Fatalf("%s: %s\n%s", page, res.Status, body)
		}
		if tag := res.Header.Get("ETag"); tag != "" {
			d.again(web.Client(), web.URL+page, tag)
		}
		return body
	})
}

// again asks for a feed that the reader has already.
func (d doors) again(c *http.Client, address, tag string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, address, nil)
	must(d.t, err)
	req.Header.Set("If-None-Match", tag)
	res, err := c.Do(req)
	must(d.t, err)
	must(d.t, res.Body.Close())
	if res.StatusCode != http.StatusNotModified || strings.HasPrefix(tag, `"-`) {
		d.t.Errorf("%s with tag %s: %s", address, tag, res.Status)
	}
}

// pages asks a browser's way, and follows the page's own links to its files.
func (d doors) pages(get func(string) []byte, values url.Values, want counted) {
	d.t.Helper()
	page := string(get("/?" + values.Encode()))
	d.same("page", values, want, d.ofPage(page))
	for _, format := range []string{"csv", "xlsx", "docx", "jsonl", "rss", "atom"} {
		link := regexp.MustCompile(`href="(/search\.` + format + `\?[^"]*)" rel="nofollow"`).FindStringSubmatch(page)
		if link == nil {
			d.t.Fatalf("the page has no link to %s", format)
		}
		want := want
		if want.relaxed && slices.Contains(export.Feeds, format) {
			want = counted{}
		}
		d.same("page: "+format, values, want, d.of(format, values, get(html.UnescapeString(link[1]))))
	}
}

func (d doors) ofJSON(raw []byte) counted {
	var f pipeline.Found
	must(d.t, json.Unmarshal(raw, &f))
	got := counted{Publications: f.Total, Originals: f.Originals}
	for _, h := range f.Hits {
		got.Titles = append(got.Titles, h.Title)
	}
	sums := counted{Titles: got.Titles}
	for _, p := range f.Counts.Periods {
		sums.Publications, sums.Originals = sums.Publications+p.Publications, sums.Originals+p.Originals
	}
	d.same("counts over time", url.Values{"q": {f.Query}}, got, sums)
	return got
}

func (d doors) ofCSV(raw []byte) (got counted) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	must(d.t, err)
	head := true
	for _, row := range rows {
		got.fact(strings.TrimPrefix(row[0], "# "), row[1])
		if !head {
			got.Titles = append(got.Titles, strings.TrimPrefix(row[3], "'"))
		}
		head = head && strings.HasPrefix(row[0], "# ")
	}
	return got
}

// fact takes a line above a table.
func (c *counted) fact(name, value string) {
	for what, into := range map[string]*int{"Lượt đăng": &c.Publications, "Tin gốc": &c.Originals} {
		if name == what {
			fmt.Sscan(value, into)
		}
	}
	for what, into := range map[string]*string{"Câu tìm": &c.query, "Tính đến": &c.asOf} {
		if name == what {
			*into = value
		}
	}
}

var (
	paragraphs = regexp.MustCompile(`(?s)<w:p[ >].*?</w:p>`)
	lettering  = regexp.MustCompile(`(?s)<w:t[^>]*>(.*?)</w:t>`)
	bold       = regexp.MustCompile(`<w:b[ />]`)
)

// ofDOCX reads the lines above the articles, and of each article its line in bold.
func (d doors) ofDOCX(raw []byte) (got counted) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(d.t, err)
	f, err := z.Open("word/document.xml")
	must(d.t, err)
	defer f.Close()
	doc, err := io.ReadAll(f)
	must(d.t, err)
	articles := false
	for _, p := range paragraphs.FindAllString(string(doc), -1) {
		var text string
		for _, m := range lettering.FindAllStringSubmatch(p, -1) {
			text += html.UnescapeString(m[1])
		}
		name, value, _ := strings.Cut(text, ": ")
		switch {
		case text == "Tin":
			articles = true
		case !articles:
			got.fact(name, value)
		case bold.MatchString(p):
			got.Titles = append(got.Titles, text)
		}
	}
	return got
}

func (d doors) ofXLSX(raw []byte) (got counted) {
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	must(d.t, err)
	defer f.Close()
	facts, err := f.GetRows("Câu tìm")
	must(d.t, err)
	for _, row := range facts {
		got.fact(row[0], row[1])
	}
	rows, err := f.GetRows("Tin")
	must(d.t, err)
	for _, row := range rows[1:] {
		got.Titles = append(got.Titles, strings.TrimPrefix(row[3], "'"))
	}
	return got
}

func (d doors) ofJSONL(raw []byte) (got counted) {
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	var asked struct {
		Query string
		AsOf  string `json:"as_of"`
	}
	must(d.t, errors.Join(json.Unmarshal(lines[0], &got), json.Unmarshal(lines[0], &asked)))
	got.query, got.asOf = asked.Query, asked.AsOf
	for _, line := range lines[1:] {
		var item struct{ Title string }
		must(d.t, json.Unmarshal(line, &item))
		got.Titles = append(got.Titles, item.Title)
	}
	return got
}

func (d doors) ofFeed(raw []byte) (got counted) {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(raw))
	must(d.t, err)
	_, err = fmt.Sscanf(feed.Description, "%d lượt đăng, %d tin gốc", &got.Publications, &got.Originals)
	must(d.t, err)
	for _, i := range feed.Items {
		got.Titles = append(got.Titles, i.Title)
	}
	return got
}

var (
	sums   = regexp.MustCompile(`<b>(\d+) lượt đăng</b> · <b>(\d+) tin gốc</b>`)
	titles = regexp.MustCompile(`<h3><a href="/article/[^"]*">(.*?)</a></h3>`)
	marks  = regexp.MustCompile(`</?mark>`)
)

func (d doors) ofPage(page string) (got counted) {
	sum := sums.FindStringSubmatch(page)
	if sum == nil {
		d.t.Fatalf("the page has no counts:\n%s", page)
	}
	fmt.Sscan(sum[1]+" "+sum[2], &got.Publications, &got.Originals)
	for _, m := range titles.FindAllStringSubmatch(page, -1) {
		got.Titles = append(got.Titles, html.UnescapeString(marks.ReplaceAllString(m[1], "")))
	}
	return got
}
