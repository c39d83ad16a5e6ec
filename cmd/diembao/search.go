package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/pipeline"
	"diembao/internal/when"
)

type searchCmd struct {
	Query    []string `arg:"" help:"Words, \"phrases\", AND OR NOT (VÀ HOẶC KHÔNG), field:value." optional:""`
	From     string   `help:"From this day (or 7d, \"tuần này\")." placeholder:"DAY"`
	To       string   `help:"Up to and with this day." placeholder:"DAY"`
	Level    []string `help:"Official level: central, local."`
	Topic    []string `help:"Topic ids."`
	Province []string `help:"Province ids."`
	Tone     []string `help:"negative, neutral, positive."`
	Outlet   []string `help:"Outlet ids."`
	Sort     string   `help:"relevance, newest or recency." enum:"relevance,newest,recency" default:"relevance"`
	Limit    int      `help:"At most so many." default:"20"`
	Offset   int      `help:"Leave out the first so many."`
}

func (searchCmd) Help() string {
	return `Example: diembao search 'thẻ bảo hiểm y tế học sinh' --level local --from 2025-09-01 --json

Marks are optional: "the bao hiem y te" finds the same. A query may hold its own fields: 'level:local topic:bhyt_claims'.`
}

// Run searches the archive.
func (c searchCmd) Run(ctx context.Context, h *house) error {
	v := c.values()
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	err = p.OpenIndex(ctx, filepath.Join(h.Data, "index"))
	if errors.Is(err, pipeline.ErrIndexBusy) {
		return h.askServer(ctx, v)
	}
	if err != nil {
		return err
	}
	h.closers = append(h.closers, p.CloseIndex)
	if _, err := p.Shelve(ctx); err != nil { // what is in the index can still be searched
		h.log.Warn("the index does not hold the newest articles", "why", err)
	}
	q, err := question(v, p.Rules().Pack, time.Now())
	if err != nil {
		return err
	}
	found, err := p.Search(ctx, q)
	if err != nil {
		return usageError{err}
	}
	return h.found(found)
}

func (c searchCmd) values() url.Values {
	v := url.Values{"q": {strings.Join(c.Query, " ")}, "sort": {c.Sort}, "limit": {strconv.Itoa(c.Limit)}, "offset": {strconv.Itoa(c.Offset)}}
	for name, list := range map[string][]string{"level": c.Level, "topic": c.Topic, "province": c.Province, "tone": c.Tone, "outlet": c.Outlet} {
		if len(list) > 0 {
			v[name] = list
		}
	}
	for name, day := range map[string]string{"from": c.From, "to": c.To} {
		if day != "" {
			v.Set(name, day)
		}
	}
	return v
}

// question reads a search from its values, as the command line and the web
// write them.
func question(v url.Values, pack config.Pack, now time.Time) (index.Query, error) {
	q := index.Query{Text: v.Get("q"), Sort: index.Sort(v.Get("sort")), Limit: 20, Facets: pipeline.Facets, Highlight: true, Lang: pack.Site.Language}
	for name, into := range map[string]*int{"limit": &q.Limit, "offset": &q.Offset} {
		if s := v.Get(name); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return q, usage("%s %q is not a number of articles", name, s)
			}
			*into = n
		}
	}
	q.Limit, q.Offset = min(q.Limit, index.MaxLimit), min(q.Offset, index.MaxOffset)
	for _, name := range []string{"level", "topic", "province", "tone", "outlet"} {
		if len(v[name]) > 0 {
			q.Filters = append(q.Filters, index.Filter{Field: name, Values: v[name]})
		}
	}
	for name, into := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		if s := v.Get(name); s != "" {
			period, err := when.ParsePeriod(s, now)
			if err != nil {
				return q, usage("%s: %w", name, err)
			}
			*into = period.From
			if name == "to" {
				*into = period.To
			}
		}
	}
	return q, nil
}

func (h *house) found(f pipeline.Found) error {
	if h.JSON {
		return h.answer(f)
	}
	fmt.Fprintf(h.out, "%s\n", f.InWords)
	if f.Relaxed {
		fmt.Fprintln(h.out, "Không có bài nào đủ các từ; đây là những bài có một trong các từ.")
	}
	for _, hit := range f.Hits {
		day, _, _ := strings.Cut(hit.Published, "T")
		fmt.Fprintf(h.out, "\n%s\n  %s · %s · %s · %s\n", emphasised(hit.Highlights.Title, hit.Title, isTerminal(h.out)), hit.OutletName, day, hit.ID, hit.URL)
		if text := emphasised(hit.Highlights.Passage, "", isTerminal(h.out)); text != "" {
			fmt.Fprintf(h.out, "  %s\n", text)
		}
		if n := len(hit.Copies); n > 0 {
			fmt.Fprintf(h.out, "  +%d bản sao\n", n)
		}
	}
	_, err := fmt.Fprintf(h.out, "\n%d bài, %.0f ms\n", f.Total, f.TookMS)
	return err
}

// emphasised writes pieces with what matched in bold, on a terminal.
func emphasised(pieces []pipeline.Piece, otherwise string, bold bool) string {
	if len(pieces) == 0 {
		return otherwise
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit && bold {
			b.WriteString("\x1b[1m" + p.Text + "\x1b[0m")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// serving is the file in which a running server writes its address.
const serving = "serving"

// askServer has the server that keeps the index answer.
func (h *house) askServer(ctx context.Context, v url.Values) error {
	raw, err := os.ReadFile(filepath.Join(h.Data, serving))
	if err != nil {
		return fmt.Errorf("another process keeps the index of %s and serves no web pages to ask; wait for it to end: %w", h.Data, err)
	}
	address := strings.TrimSpace(string(raw)) + "/api/search?" + v.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("asking the running server at %s: %w", address, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("asking the running server: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 32<<20))
	if err != nil {
		return fmt.Errorf("reading the running server's answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return usage("%s", strings.TrimSpace(string(body)))
	}
	var f pipeline.Found
	if err := json.Unmarshal(body, &f); err != nil {
		return fmt.Errorf("reading the running server's answer: %w", err)
	}
	return h.found(f)
}
