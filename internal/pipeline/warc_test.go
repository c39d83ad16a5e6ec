package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
	"diembao/internal/pipeline"
)

// paper is an invented page of an invented paper.
func paper(lang, title, word string) string {
	body := ""
	for i := range 8 {
		body += fmt.Sprintf("<p>%d. %s</p>", i+1, word)
	}
	return `<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="utf-8"><title>` + title + `</title>
<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-02T08:00:00+07:00"></head>
<body><article><h1>` + title + `</h1>` + body + `</article></body></html>`
}

const (
	inVietnamese = "Người lao động tại xã Bản Thử được hướng dẫn đăng ký nhận lương hưu qua tài khoản từ tháng sau, theo cán bộ bảo hiểm xã hội địa phương."
	inEnglish    = "Workers in the invented village of Ban Thu were told how to register for their pension payments from next month, officials said."
)

// answer is a response record for an address, as other tools write it.
func answer(url, head, body string) string {
	block := "HTTP/1.1 " + head + "\r\n\r\n" + body
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: 2026-03-02T02:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", url, len(block), block)
}

func squeezed(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s) // into memory
	z.Close()
	return b.String()
}

func TestImportWARC(t *testing.T) {
	page := "200 OK\r\nContent-Type: text/html; charset=utf-8"
	vn := paper("vi", "Xã Bản Thử hướng dẫn nhận lương hưu", inVietnamese)
	other := strings.ReplaceAll(vn, "Bản Thử", "Bản Khác")
	file := "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n" +
		answer("https://bao-thu.example/mot-20260302080000.htm", page, vn) +
		answer("https://bao-thu.example/hai-20260302080100.htm", page+"\r\nContent-Encoding: gzip", squeezed(strings.ReplaceAll(vn, "Bản Thử", "Bản Hai"))) +
		answer("<https://khac.example/ba-20260302080200.htm>", page+"\r\nTransfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(other), other)) +
		answer("https://khac.example/bon-20260302080300.htm", page, paper("en", "Village told how to draw pensions", inEnglish)) +
		answer("https://bao-thu.example/anh.png", "200 OK\r\nContent-Type: image/png", "\x89PNG") +
		answer("https://bao-thu.example/mat.htm", "404 Not Found\r\nContent-Type: text/html", "<p>Không tìm thấy") +
		answer("https://bao-thu.example/hong.htm", page+"\r\nContent-Encoding: gzip", "không phải gzip") +
		answer("https://bao-thu.example/lon.htm", page+"\r\nContent-Encoding: gzip", squeezed(strings.Repeat("<p>a</p>", 4<<20))) +
		"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: dns:bao-thu.example\r\nContent-Type: text/dns\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
	for name, c := range map[string]struct {
		text  string
		only  pipeline.Only
		hosts string
		bad   int
	}{
		"all":              {file, pipeline.Only{}, "bao-thu.example bao-thu.example khac.example khac.example", 2},
		"as one member":    {squeezed(file), pipeline.Only{}, "bao-thu.example bao-thu.example khac.example khac.example", 2},
		"Vietnamese":       {file, pipeline.Only{Langs: []string{"vi"}}, "bao-thu.example bao-thu.example khac.example", 2},
		"English":          {file, pipeline.Only{Langs: []string{"en"}}, "khac.example", 2},
		"one outlet":       {file, pipeline.Only{Outlets: []string{"khac.example"}}, "khac.example khac.example", 0},
		"one of each":      {file, pipeline.Only{Langs: []string{"vi"}, Outlets: []string{"khac.example"}}, "khac.example", 0},
		"a file cut short": {file[:strings.Index(file, "/hai-")], pipeline.Only{}, "bao-thu.example", 1},
		"no WARC file":     {"<html><p>Trang", pipeline.Only{}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.clock.forward(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
			for _, want := range []int{len(strings.Fields(c.hosts)), 0} { // the second time nothing is new
				done, err := h.ImportWARC(t.Context(), "x.warc", strings.NewReader(c.text), c.only)
				must(t, err)
				if done.New != want || len(done.Bad) != c.bad {
					t.Fatalf("%d new, %d known, bad %v; want %d new, %d bad", done.New, done.Known, done.Bad, want, c.bad)
				}
			}
			hosts := map[string]int{}
			for _, e := range h.all(t) {
				hosts[e.Outlet]++
				whole, err := h.Store.Article(t.Context(), e.ID)
				must(t, err)
				if e.Via != news.Import || e.Published.IsZero() || !strings.Contains(e.URL, e.Outlet) || whole.Body == "" {
					t.Errorf("%+v", e.Article)
				}
			}
			for _, host := range []string{"bao-thu.example", "khac.example"} {
				if hosts[host] != strings.Count(c.hosts, host) {
					t.Errorf("%d articles of %s, want %s", hosts[host], host, c.hosts)
				}
			}
		})
	}
}

// What was kept as evidence can be imported elsewhere.
func TestEvidenceIsImportedElsewhere(t *testing.T) {
	h := open(t)
	h.evidence(t)
	h.clock.forward(h.press.Start().Add(30 * time.Hour))
	h.step(t)
	h.prove(t)
	must(t, h.CloseEvidence())
	files, err := filepath.Glob(filepath.Join(h.dir, "evidence", "*.warc.gz"))
	must(t, err)
	other := open(t)
	other.clock.forward(h.clock.Now())
	f, err := os.Open(files[0])
	must(t, err)
	defer f.Close() // it was only read
	done, err := other.ImportWARC(t.Context(), files[0], f, pipeline.Only{})
	must(t, err)
	kept := 0
	for _, e := range h.all(t) {
		if !e.Reading.Relevant && !e.Reading.Uncertain {
			continue
		}
		kept++
		a, err := other.Store.Article(t.Context(), e.ID)
		must(t, err)
		if a.Title != e.Title || a.Outlet != e.Outlet || !a.Published.Equal(e.Published) {
			t.Errorf("%+v was imported as %+v", e.Article, a)
		}
	}
	if done.New != kept || kept == 0 || len(done.Bad) > 0 {
		t.Errorf("imported %d of %d, bad %v", done.New, kept, done.Bad)
	}
}
