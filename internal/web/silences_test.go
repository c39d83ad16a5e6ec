package web

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"diembao/internal/news"
	"diembao/internal/store"
)

// Silences are entered, shown with what they held back, and ended on the page;
// an incident under one is marked.
func TestSilencesPage(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	shows(t, p.page("/silences"), "Không tắt thư về việc gì", `name="topic"`, "nhiều nhất 30")
	hides(t, p.page("/incident/i-1"), "đang tắt thư")
	form := url.Values{"words": {"Suối Đá"}, "province": {"nghe-an"}, "days": {"3"}, "who": {"Lan"}, "why": {"họp báo <định>"}, "mail": {"lan@coquan.example"}}
	status, page := p.enter("/silences", form)
	if status != http.StatusSeeOther {
		t.Fatalf("silencing gave %d\n%s", status, page)
	}
	shows(t, page, "Nghệ An · “Suối Đá”", "đến 18/07/2026 09:30", "họp báo &lt;định&gt;")
	id := regexp.MustCompile(`/silences/(\d+)/end`).FindStringSubmatch(page)[1]
	all, err := p.store.Silences(t.Context(), false)
	must(t, err)
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutHeldBack(t.Context(), news.HeldBack{Silence: all[0].ID, Incident: "i-1", Title: "Việc", Level: 2, At: now})
	}))
	shows(t, p.page("/silences"), "1 lần chưa báo", "/incident/i-1")
	for _, address := range []string{"/incident/i-1", "/incidents"} {
		shows(t, p.page(address), "đang tắt thư, đã giữ lại từ 15/07/2026 09:30")
	}
	for name, wrong := range map[string]url.Values{
		"nobody says so": {"words": {"x"}, "days": {"3"}}, "nothing is silenced": {"days": {"3"}, "who": {"Lan"}, "why": {"x"}},
		"for ever": {"words": {"x"}, "days": {"3000"}, "who": {"Lan"}, "why": {"x"}}, "no address": {"words": {"x"}, "days": {"3"}, "who": {"Lan"}, "why": {"x"}, "mail": {"lan"}},
		"no such topic": {"topic": {"x"}, "days": {"3"}, "who": {"Lan"}, "why": {"x"}},
	} {
		if status, _ := p.enter("/silences", wrong); status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, status)
		}
	}
	_, page = p.enter("/silences", url.Values{"words": {"x"}, "days": {"3000"}, "who": {"Lan"}, "why": {"x"}})
	shows(t, page, "Lâu nhất 30 ngày; hết thì đặt lại.")
	_, page = p.enter("/silences/"+id+"/end", url.Values{"who": {"Hoa"}})
	shows(t, page, "Đã hết", "Cho thư lại ngay: Hoa")
	if res := p.post("/silences/"+id+"/end", url.Values{"who": {"Hoa"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("ending it again gave %s", res.Status)
	}
}
