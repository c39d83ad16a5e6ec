package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"diembao/internal/news"
	"diembao/internal/store"
)

// Claims are entered and settled on the page; an article that repeats one says
// so, and so do its story and its incident.
func TestClaimsPage(t *testing.T) {
	t.Parallel()
	looked := 0
	p := open(t, func(o *Options) { o.LookFor = func(context.Context) error { looked++; return nil } })
	article := p.crisis()
	shows(t, p.page("/claims"), "Sổ chưa có điều đồn nào")
	form := url.Values{"claim": {"Bệnh viện Suối Đá thôi nhận thẻ bảo hiểm y tế <mãi mãi>"}, "truth": {"unproven"}, "who": {"Lan"}}
	status, page := p.enter("/claims", form)
	if status != http.StatusSeeOther || looked != 1 {
		t.Fatalf("entering a claim gave %d, looked %d times\n%s", status, looked, page)
	}
	shows(t, page, "&lt;mãi mãi&gt;", "chưa rõ đúng sai", "0 bài nhắc lại")
	all, err := p.store.Rumours(t.Context(), false)
	must(t, err)
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutRumourHits(t.Context(), []string{article}, []news.RumourHit{{Rumour: all[0].ID, Article: article, Share: .8, Where: news.Title, Quote: "từ chối thẻ"}})
	}))
	id := regexp.MustCompile(`action="/claims/(\d+)"`).FindStringSubmatch(page)[1]
	_, page = p.enter("/claims/"+id, url.Values{"truth": {"false"}, "who": {"Hoa"}, "document": {"Công văn 12"}, "url": {"https://bhxh.example/12"}})
	shows(t, page, `truth-false">sai`, "Hoa kết luận", `href="https://bhxh.example/12"`, "Công văn 12", "1 bài nhắc lại", "<q>từ chối thẻ</q>")
	for _, address := range []string{"/article/" + article, "/story/s-1", "/incident/i-1"} {
		shows(t, p.page(address), "Tin đồn cũ lại xuất hiện", "/claims#c"+id, "(sai)", "Công văn 12")
		shows(t, p.page(address+"?lang=en"), "An old rumour is back")
	}
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.SettleRumour(t.Context(), all[0].ID, news.Untrue, "", "javascript:alert(1)", store.Word{Who: "Hoa", At: now})
	}))
	hides(t, p.page("/claims"), "javascript:")
	for _, wrong := range []url.Values{{"claim": {"Lương hưu"}, "truth": {"false"}, "who": {"Lan"}}, {"claim": form["claim"], "truth": {"perhaps"}, "who": {"Lan"}}, {"claim": form["claim"], "truth": {"false"}}} {
		if status, _ := p.enter("/claims", wrong); status != http.StatusBadRequest {
			t.Errorf("%v gave %d", wrong, status)
		}
	}
	_, page = p.enter("/claims/"+id+"/end", nil)
	shows(t, page, "không tìm nữa")
}
