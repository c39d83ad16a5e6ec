package extract

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// told is the article that the shells of these tests carry as data.
var told = []string{
	"Người dân phường Đồng Mây cho biết thẻ bảo hiểm y tế của gia đình họ không quẹt được ở trạm y tế từ đầu tháng, dù tiền đóng đã nộp đủ cho cả năm nay.",
	"Trạm trưởng nói hệ thống giám định tạm ngừng để nâng cấp và người bệnh được hẹn thanh toán lại khi hệ thống chạy trở lại vào tuần sau, không ai phải nộp thêm tiền.",
	"Cơ quan bảo hiểm xã hội địa phương đã cử người xuống trạm để hướng dẫn người dân làm thủ tục hoàn tiền trong năm ngày làm việc, kể cả những người đã về quê.",
}

const toldTitle, toldLead = "Thẻ bảo hiểm y tế không quẹt được ở Đồng Mây", "Nhiều người phải ứng tiền khám bệnh rồi chờ hoàn lại sau khi hệ thống giám định được nâng cấp."

func state(t *testing.T) string {
	t.Helper()
	long := "<p>" + strings.Repeat("Đội bóng phường thắng đậm trong trận chung kết chiều qua trên sân nhà. ", 30) + "</p>"
	article := map[string]any{"title": toldTitle, "sapo": "<p>" + toldLead + "</p>", "content": "<p>" + strings.Join(told, "</p><p>") + "</p><script>x()</script>",
		"published_at": "2026-03-07T08:15:00+07:00", "author": "Lê Thị Mẫu"}
	other := map[string]any{"title": "Đội bóng phường thắng đậm", "content": long}
	raw, err := json.Marshal(map[string]any{"props": map[string]any{"pageProps": map[string]any{"related": []any{other}, "article": article}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func ldBody(t *testing.T) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"@type": "NewsArticle", "headline": toldTitle, "description": toldLead, "datePublished": "2026-03-07T08:15:00+07:00",
		"author": map[string]any{"@type": "Person", "name": "Lê Thị Mẫu"}, "articleBody": strings.Join(told, "\n")})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestPagesOfScripts(t *testing.T) {
	x := newExtractor(t)
	head := `<!DOCTYPE html><html lang="vi"><head><title>` + toldTitle + ` | Báo Đồng Mây</title>`
	for name, c := range map[string]struct{ page, from string }{
		"next":           {head + `</head><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">` + state(t) + `</script></body></html>`, "embedded state"},
		"assigned":       {head + `</head><body><div id="app">Đang tải…</div><script>window.__INITIAL_STATE__=` + state(t) + `;(function(){})()</script></body></html>`, "embedded state"},
		"json-ld":        {head + `<script type="application/ld+json">` + ldBody(t) + `</script></head><body><div id="root"></div></body></html>`, "JSON-LD articleBody"},
		"no own heading": {`<html lang="vi"><head><meta property="og:title" content="` + toldTitle + `"></head><body><script id="__NEXT_DATA__" type="application/json">` + state(t) + `</script></body></html>`, "embedded state"},
	} {
		t.Run(name, func(t *testing.T) {
			url := "https://dongmay.example/the-bao-hiem-y-te-20260307081500123.htm"
			a, err := x.Extract(news.Page{URL: url, Final: url, Status: 200, Body: c.page}, now)
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != toldTitle || a.Lead != toldLead || a.Body != strings.Join(told, "\n") || a.From["body"] != c.from {
				t.Errorf("title %q\nlead %q\nbody from %s: %q", a.Title, a.Lead, a.From["body"], a.Body)
			}
			if !a.Published.Equal(time.Date(2026, 3, 7, 8, 15, 0, 0, config.VN)) || a.Author != "Lê Thị Mẫu" {
				t.Errorf("published %s from %s, by %q", a.Published, a.From["published"], a.Author)
			}
		})
	}
}

// What a page shows goes before what its state holds of other articles.
func TestShownTextGoesFirst(t *testing.T) {
	x := newExtractor(t)
	url := "https://dongmay.example/tin-khac-20260307081500123.htm"
	page := `<html lang="vi"><head><title>Tin khác hẳn</title></head><body><article><h1>Tin khác hẳn</h1><p>` + strings.Join(told, "</p><p>") +
		`</p></article><script id="__NEXT_DATA__" type="application/json">` + state(t) + `</script></body></html>`
	a, err := x.Extract(news.Page{URL: url, Final: url, Status: 200, Body: page}, now)
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Tin khác hẳn" || strings.Contains(a.Body, "Đội bóng") || a.From["body"] == "embedded state" {
		t.Errorf("%q from %s", a.Body, a.From["body"])
	}
}

func TestAMP(t *testing.T) {
	for name, c := range map[string]struct{ link, want string }{
		"twin":       {`<link rel="amphtml" href="https://amp.dongmay.example/bai.html?a=1&amp;b=2">`, "https://amp.dongmay.example/bai.html?a=1&b=2"},
		"relative":   {`<link href='/amp/bai.html' rel='amphtml' />`, "https://dongmay.example/amp/bai.html"},
		"elsewhere":  {`<link rel="amphtml" href="https://khac.example/bai.html">`, ""},
		"the same":   {`<link rel="amphtml" href="https://dongmay.example/bai.html">`, ""},
		"not a page": {`<link rel="amphtml" href="javascript:x()">`, ""},
		"none":       {``, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := AMP(news.Page{URL: "https://dongmay.example/bai.html", Body: "<html><head>" + c.link + "</head></html>"}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzState(f *testing.F) {
	f.Add(`{"a":{"title":"x","content":"<p>y</p>"}}`)
	f.Add(`window.__DATA__=[[[[`)
	f.Fuzz(func(t *testing.T, raw string) {
		s := stateReader{}
		s.read(raw)
		bodyParagraphs(s.best.body)
	})
}
