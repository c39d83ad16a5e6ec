package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// enter sends a form and follows where it leads.
func (p *press) enter(address string, form url.Values) (status int, page string) {
	p.t.Helper()
	res := p.post(address, form)
	if res.StatusCode == http.StatusSeeOther {
		return res.StatusCode, p.page(res.Header.Get("Location"))
	}
	return res.StatusCode, text(p.t, res)
}

// The ledger shows each alert with what was said of it; verdicts and missed
// ones are entered on the page.
func TestLedgerPage(t *testing.T) {
	t.Parallel()
	p := open(t)
	shows(t, p.page("/ledger"), "Sổ báo động", "Chưa có báo động nào", "Ghi một việc bị bỏ sót")
	p.crisis()
	page := p.page("/ledger")
	shows(t, page, "chưa xét", "/incident/i-1", "07/2026", "mức 2", `value="late"`, "không ai ghi")
	status, page := p.enter("/ledger/i-1", url.Values{"verdict": {"late"}, "who": {"Lan <b>"}, "why": {"báo khác gọi từ 8 giờ"}})
	if status != http.StatusSeeOther {
		t.Fatalf("judging an alert gave %d\n%s", status, page)
	}
	shows(t, page, `verdict-late">muộn`, "Lan &lt;b&gt;: <q>báo khác gọi từ 8 giờ</q>", "100 %", "<td class=\"num\">0 %</td>")
	_, page = p.enter("/ledger", url.Values{"title": {"Nghỉ việc tập thể"}, "at": {"2026-06-30T08:00"}, "who": {"Hoa"}, "why": {"điện thoại"}})
	shows(t, page, "bỏ sót", "Nghỉ việc tập thể", "06/2026", "50 %")
	hides(t, p.page("/ledger?month=2026-07"), "Nghỉ việc tập thể")
	for _, wrong := range []url.Values{{"verdict": {"true"}}, {"verdict": {"perhaps"}, "who": {"Lan"}}} {
		if status, _ := p.enter("/ledger/i-1", wrong); status != http.StatusBadRequest {
			t.Errorf("%v gave %d", wrong, status)
		}
	}
	if status, _ := p.enter("/ledger", url.Values{"title": {"Ngày mai"}, "at": {"2026-07-16T08:00"}, "who": {"Hoa"}}); status != http.StatusBadRequest {
		t.Errorf("a time to come gave %d", status)
	}
	row := p.page("/ledger?month=2026-06")
	_, row, _ = strings.Cut(row, "/ledger/missed/")
	row, _, _ = strings.Cut(row, "/")
	if _, page = p.enter("/ledger/missed/"+row+"/remove", nil); strings.Contains(page, "Nghỉ việc tập thể") {
		t.Error("what was taken out is still there")
	}
}
