package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The card stands on top of an incident's page: what happened, what to do by
// when, who must answer; the table of factors below it, folded.
func TestHandlingCard(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.wire()
	p.crisis()
	page := p.page("/incident/i-1")
	shows(t, page, "Chuyện gì", "Hàng chục người bệnh phải về.", "Báo Sông Xanh", "Việc cần làm", "Chốt một người phát ngôn", "Ai phải trả lời",
		"còn 19 giờ", "chưa đối chiếu văn bản", "Được phát ngôn", "Chưa ai nhận", "Vì sao báo động", "Con số", "Diễn biến", "Việc tương tự trước đây", "Khi nào hạ",
		`<details class="why">`, `name="do" value="done verify"`)
	if strings.Index(page, "Việc cần làm") > strings.Index(page, "Yếu tố") {
		t.Error("the table of factors stands above the card")
	}
	shows(t, page, `src="/incident/i-1/hours.png"`, `alt="3 bài từ 22:00 14/07/2026`)
	res := p.get("/incident/i-1/hours.png")
	if kind := http.DetectContentType([]byte(text(t, res))); kind != "image/png" || res.Header.Get("Content-Type") != kind {
		t.Errorf("the picture of the hours is %s, said to be %s", kind, res.Header.Get("Content-Type"))
	}
	alone := p.page("/incident/i-1/card")
	shows(t, alone, "Chuyện gì", "Việc cần làm")
	hides(t, alone, `method="post"`, `name="do"`)
	shows(t, p.page("/incident/i-1/card?lang=en"), "What happened", "Settle on one spokesperson", "not yet checked against the text")
	if res := p.get("/incident/i-none/card"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the card of no incident gave %s", res.Status)
	}
}

// What people say on the page does what the verbs do, under their name.
func TestWordsOnAnIncident(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.wire()
	p.crisis()
	say := func(do string, more ...string) (int, string) {
		form := url.Values{"who": {"Lan <i>"}, "do": {do}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return p.enter("/incident/i-1", form)
	}
	for _, c := range []struct {
		do   string
		more []string
		want string
	}{
		{"ack", nil, "Lan &lt;i&gt; đã nhận lúc 09:30"},
		{"assign", []string{"to", "Minh"}, "giao cho Minh"},
		{"done verify", []string{"why", "đã gọi"}, "✓ Lan &lt;i&gt;"},
		{"done first-statement", nil, "✓ đã làm, Lan &lt;i&gt;"},
		{"undone first-statement", []string{"why", "chưa gửi"}, `value="done first-statement"`},
		{"undone verify", nil, "Đã ghi – Lan &lt;i&gt;: bỏ dấu “Gọi"},
		{"done verify", nil, `value="undone verify"`},
		{"asked", []string{"why", "Báo Đồi Mới"}, `value="undone asked"`},
		{"undone asked", nil, "bỏ dấu báo đã hỏi"},
		{"note", []string{"why", "bệnh viện nhận lỗi"}, "<q>bệnh viện nhận lỗi</q>"},
		{"kind", []string{"kind", "scam", "why", "giả danh"}, "theo Lan &lt;i&gt;"},
		{"type", []string{"type", "victim"}, "Cảnh báo và bảo vệ người dân trước"},
		{"lower", []string{"why", "đã xin lỗi"}, "Theo dõi</span>"},
		{"false", []string{"why", "chuyện năm ngoái"}, "báo nhầm"},
		{"open", nil, "đang mở"},
		{"close", nil, "đã đóng"},
	} {
		status, page := say(c.do, c.more...)
		if status != http.StatusSeeOther {
			t.Fatalf("%s gave %d\n%s", c.do, status, main(page))
		}
		shows(t, page, c.want)
	}
	for _, bad := range [][]string{{"false"}, {"note"}, {"lower"}, {"lower", "why", "mức thấp nhất rồi"}, {"assign"}, {"done dance"}, {"undone dance"}, {"undone desk"}, {"kind", "kind", "dance"}, {"type", "type", "scam"}, {"dance"}, {"ack", "who", " "}} {
		if status, _ := say(bad[0], bad[1:]...); status != http.StatusBadRequest {
			t.Errorf("%v gave %d", bad, status)
		}
	}
	_, page := say("false")
	shows(t, page, "“Báo nhầm” cần lời", `role="alert"`, `value="Lan &lt;i&gt;"`)
	p.pack.Crisis.Levels[0].MayLower = []string{"Trưởng ban"}
	status, page := say("lower", "why", "đã xin lỗi <b>")
	if status != http.StatusForbidden {
		t.Errorf("who may not lower it got %d", status)
	}
	shows(t, page, "chỉ Trưởng ban được hạ; bạn ghi tên “Lan &lt;i&gt;”", `value="đã xin lỗi &lt;b&gt;"`)
	remembered := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: speaker, Value: url.QueryEscape("Thị Hoa")}) }
	shows(t, p.page("/incident/i-1", remembered), `value="Thị Hoa"`, "Mở lại")
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	if res := p.post("/incident/i-1", url.Values{"who": {"Lan"}, "do": {"close"}}, foreign); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form gave %s", res.Status)
	}
}

// Stories are split, merged, moved and locked on their page as by the verbs.
func TestWordsOnAStory(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.wire()
	first := p.crisis()
	other := p.publish(item{path: "khac", title: "Lương hưu về muộn ở Đồi Mới", story: "s-2"})
	shows(t, p.page("/story/s-1"), "Sửa câu chuyện", `value="`+first+`"`, `<option value="s-2"`, "Khóa: máy không thêm bài")
	word := func(story, do string, more ...string) (int, string) {
		form := url.Values{"who": {"Lan"}, "why": {"thử"}, "do": {do}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Add(more[i], more[i+1])
		}
		return p.enter("/story/"+story, form)
	}
	if _, page := word("s-1", "lock"); !strings.Contains(page, "Mở khóa") {
		t.Error("the story is not locked")
	}
	word("s-1", "unlock")
	_, page := word("s-2", "move", "article", other, "into", "s-1")
	shows(t, page, "Lương hưu về muộn", "chuyển bài")
	_, page = word("s-1", "split", "article", other)
	shows(t, page, "Lương hưu về muộn")
	hides(t, page, "từ chối thẻ bảo hiểm")
	if status, _ := word("s-1", "split"); status != http.StatusBadRequest {
		t.Errorf("splitting nothing off gave %d", status)
	}
	if status, _ := word("s-none", "lock"); status != http.StatusNotFound {
		t.Errorf("a story that is not there gave %d", status)
	}
	_, page = word("s-"+other, "merge", "into", "s-1")
	shows(t, page, "Lương hưu về muộn", "từ chối thẻ bảo hiểm", "gộp câu chuyện")
}
