package web

import "testing"

// What many papers tell without an alarm stands below the incidents; what few
// tell, and what is an incident, does not.
func TestToldByManyWithoutAlarm(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	var rise []item
	for _, outlet := range []string{"song-xanh", "doi-moi", "bien-lang", "ben-la"} {
		rise = append(rise, item{path: outlet, outlet: outlet, title: "Lương hưu tăng từ tháng 7 <b>", story: "s-9"})
	}
	rise[3].tone = "negative"
	p.publish(rise[:3]...)
	hides(t, p.page("/incidents"), "không báo động")
	p.publish(rise[3])
	page := p.page("/incidents")
	shows(t, page, "Nhiều báo kể, không báo động", `href="/story/s-9"`, "4 báo · 4 lượt đăng · 1 tiêu cực")
	hides(t, page, `href="/story/s-1"`, "tháng 7 <b>")
	hides(t, p.page("/incidents?state=open"), "không báo động")
}
