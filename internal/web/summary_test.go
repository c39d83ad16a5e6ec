package web

import (
	"encoding/json"
	"testing"
	"time"

	"diembao/internal/judge"
	"diembao/internal/news"
	"diembao/internal/store"
)

// A paragraph of a language model is shown as the machine's, by name, each
// sentence with its articles; whatever it says is text.
func TestSummary(t *testing.T) {
	p := open(t)
	first := p.publish(item{path: "a-1.html", title: "Bệnh viện Suối Đá thiếu thuốc bảo hiểm y tế", story: "s-1", age: time.Hour},
		item{path: "b-2.html", outlet: "doi-moi", title: "Người bệnh Suối Đá tự mua thuốc", story: "s-1", age: time.Minute})
	hides(t, p.page("/story/s-1"), "Máy tóm tắt", `class="machine"`)
	second := news.ID("doi-moi.example/b-2.html")
	raw, err := json.Marshal(judge.Summary{{Text: "Bệnh viện thiếu thuốc <script>alert(1)</script>.", Articles: []string{second, first}}, {Text: "Người bệnh tự mua.", Articles: []string{first, "gone"}}})
	must(t, err)
	q := store.Question{Kind: store.JudgeStory, Subject: "s-1", Model: `mẫu<b>-1`, Prompt: "p", Digest: "d"}
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.ClaimQuestion(t.Context(), q, "", now, now); err != nil {
			return err
		}
		if err := tx.PutIncident(t.Context(), news.Incident{ID: "i-1", Story: "s-1", Title: "Thiếu thuốc", Level: 2, State: news.Open, Opened: now, Updated: now}); err != nil {
			return err
		}
		return tx.PutAnswer(t.Context(), q, store.Answered, string(raw), "", now)
	}))
	for _, address := range []string{"/story/s-1", "/incident/i-1"} {
		page := p.page(address)
		shows(t, page, "Máy tóm tắt", "mẫu&lt;b&gt;-1 viết lúc 15/07/2026 09:30 từ 3 bài", "thiếu thuốc &lt;script&gt;alert(1)&lt;/script&gt;.",
			`<a class="cite" href="/article/`+second+`" title="Báo Đồi Mới" aria-label="bài 1, Báo Đồi Mới">1</a><a class="cite" href="/article/`+first+`"`, `aria-label="bài 2, Báo Sông Xanh">2</a>`)
		hides(t, page, "<script>alert", "/article/gone")
		shows(t, p.page(address+"?lang=en"), "Summary by machine", "Written by the model")
	}
}
