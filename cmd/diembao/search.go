package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"diembao/config"
	"diembao/internal/pipeline"
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
	Fold     bool     `help:"Copies behind their originals, not by themselves."`
	By       string   `help:"Count over time by day, week or month." enum:"day,week,month," default:""`
	Limit    int      `help:"At most so many: 20, or in a file all." default:"-1" placeholder:"N"`
	Offset   int      `help:"Leave out the first so many."`
	After    string   `help:"Go on after this cursor: \"next\" of the page before." placeholder:"CURSOR"`
	Like     string   `help:"What else tells of the same as the article with this id or address." placeholder:"ID"`
	Format   string   `help:"Write a file: csv, xlsx, docx or jsonl; or a feed: rss, atom." enum:"csv,xlsx,docx,jsonl,rss,atom," default:""`
	Out      string   `help:"The file; - is stdout." placeholder:"FILE" default:"-"`
}

func (searchCmd) Help() string {
	return `Example: diembao search 'thẻ bảo hiểm y tế học sinh' --level local --from 2025-09-01 --json
         diembao search 'nợ BHXH' --from 30d --fold --format xlsx --out no-bhxh.xlsx

Marks are optional: "the bao hiem y te" finds the same. A query may hold its own fields: 'level:local topic:bhyt_claims'. Values of one flag are alternatives. Every count is of publications and of originals, which are the different texts among them.`
}

// Run searches the archive.
func (c searchCmd) Run(ctx context.Context, h *house) error {
	v := c.values()
	pack, err := h.pack()
	if err != nil {
		return err
	}
	if err := known(v, pack); err != nil {
		return usageError{err}
	}
	return h.search(ctx, v, c.Format, c.Out)
}

// known refuses a filter by a value that nothing can have, with the nearest
// right one. An outlet that is named by its host came in by an import.
func known(v url.Values, pack config.Pack) error {
	names := map[string][]string{"level": {"central", "local"}, "tone": {"negative", "neutral", "positive"}}
	for _, t := range pack.Topics.Topics {
		names["topic"] = append(names["topic"], t.ID)
	}
	for _, p := range pack.Provinces {
		names["province"] = append(names["province"], p.ID)
	}
	for _, o := range pack.Outlets {
		names["outlet"] = append(names["outlet"], o.ID)
	}
	for field, right := range names {
		for _, value := range v[field] {
			for one := range strings.SplitSeq(value, "|") {
				if slices.Contains(right, one) || field == "outlet" && strings.Contains(one, ".") {
					continue
				}
				if near, ok := config.Nearest(one, right); ok {
					return fmt.Errorf("--%s %q: there is none; did you mean %q?", field, one, near)
				}
				return fmt.Errorf("--%s %q: there is none; it may be %s", field, one, strings.Join(right[:min(8, len(right))], ", "))
			}
		}
	}
	return nil
}

// search answers the search in values: to a person, as JSON, or as a file.
func (h *house) search(ctx context.Context, v url.Values, format, out string) error {
	p, err := h.reader(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(h.Data, "index")
	err = p.OpenIndex(ctx, dir)
	if errors.Is(err, pipeline.ErrIndexBusy) && h.served() != "" {
		return h.askServer(ctx, v, format, out)
	}
	if errors.Is(err, pipeline.ErrIndexBusy) || errors.Is(err, pipeline.ErrIndexReadOnly) {
		h.log.Info("the index is read as it is on disk", "why", err)
		err = p.ReadIndex(dir)
	} else if err == nil {
		_, late := p.Shelve(ctx)
		if late != nil { // what is in the index can still be searched
			h.log.Warn("the index does not hold the newest articles", "why", late)
		}
	}
	if err != nil {
		return err
	}
	h.closers = append(h.closers, p.CloseIndex)
	s := searching{p, p.Rules().Pack, p.Now()}
	if format != "" {
		return h.file(out, func(w io.Writer) error { return s.file(ctx, w, v, format) })
	}
	found, err := s.found(ctx, v)
	if err != nil {
		return usageError{err}
	}
	return h.found(found)
}

// values are the search as its address on the search page has it.
func (c searchCmd) values() url.Values {
	v := url.Values{"fold": {"no"}}
	if c.Fold {
		v.Set("fold", "yes")
	}
	for name, list := range map[string][]string{"level": c.Level, "topic": c.Topic, "province": c.Province, "tone": c.Tone, "outlet": c.Outlet} {
		if len(list) > 0 {
			v.Set(name, strings.Join(list, "|"))
		}
	}
	for name, value := range map[string]string{"q": strings.Join(c.Query, " "), "sort": c.Sort, "from": c.From, "to": c.To, "by": c.By, "after": c.After, "like": c.Like} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if c.Limit >= 0 {
		v.Set("limit", strconv.Itoa(c.Limit))
	}
	if c.Offset > 0 {
		v.Set("offset", strconv.Itoa(c.Offset))
	}
	return v
}

// found writes an answer for a person, or as JSON.
func (h *house) found(f pipeline.Found) error {
	if h.JSON {
		return h.answer(f)
	}
	fmt.Fprintf(h.out, "%s\n", f.InWords)
	if f.Behind > 0 {
		fmt.Fprintf(h.out, "Chỉ mục đang dựng lại: còn %d bài đã đọc mà chưa tìm được.\n", f.Behind)
	}
	if f.Relaxed {
		fmt.Fprintln(h.out, "Không có bài nào đủ các từ; đây là những bài có một trong các từ.")
	}
	if f.Suggest != "" {
		fmt.Fprintf(h.out, "Có phải ý bạn là: %s\n", f.Suggest)
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
	if err := h.overTime(f.Counts); err != nil {
		return err
	}
	if f.Next != "" {
		fmt.Fprintf(h.out, "\nTrang sau: --after %s\n", f.Next)
	}
	_, err := fmt.Fprintf(h.out, "\n%d lượt đăng, %d tin gốc, %.0f ms\n", f.Total, f.Originals, f.TookMS)
	return err
}

// overTime writes counts over time that somebody asked for.
func (h *house) overTime(c pipeline.Counts) error {
	if !c.Asked || len(c.Periods) == 0 {
		return nil
	}
	fmt.Fprintln(h.out)
	var rows [][]string
	for _, p := range c.Periods {
		lost := ""
		if p.Dark > 0 {
			lost = fmt.Sprintf("%d báo, %.0f %%", p.Dark, 100*p.Lost)
		}
		rows = append(rows, []string{p.From, p.To, fmt.Sprint(p.Publications), fmt.Sprint(p.Originals), lost})
	}
	return h.table([]string{"TỪ", "ĐẾN", "LƯỢT ĐĂNG", "TIN GỐC", "KHÔNG THEO DÕI"}, rows)
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
