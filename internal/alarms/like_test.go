package alarms

import "testing"

var judgedAlerts = []Case{
	{ID: "1", Story: "s1", True: true, Texts: []string{"Bệnh viện Thanh Lộc hết thuốc, người có thẻ BHYT phải mua ngoài"}},
	{ID: "2", Story: "s2", True: true, Texts: []string{"Lương hưu xã An Hòa chậm nửa tháng, các cụ ngóng tiền"}},
	{ID: "3", Story: "s3", Texts: []string{"Diễn tập ứng cứu sự cố mạng tại cơ quan BHXH"}},
	{ID: "4", Story: "s4", Texts: []string{"Trao nhà tình nghĩa cho hộ nghèo tham gia BHXH tự nguyện"}},
	{ID: "5", Story: "s5", True: true, Texts: []string{"Cổng giám định ngừng chạy, bệnh viện viết tay"}},
}

func TestNearest(t *testing.T) {
	p := NewPast(judgedAlerts)
	rightly, wrongly := p.Nearest("", []string{"Bệnh viện Bến Lũy hết thuốc, người có thẻ BHYT phải mua ngoài cả tháng"})
	if rightly.ID != "1" || rightly.Like < 0.5 || rightly.Like <= wrongly.Like {
		t.Errorf("like %s by %.2f, like the false alarm %s by %.2f", rightly.ID, rightly.Like, wrongly.ID, wrongly.Like)
	}
	if rightly, wrongly = p.Nearest("", []string{"Diễn tập ứng cứu sự cố mạng ở Quế Lâm"}); wrongly.ID != "3" || wrongly.Like <= rightly.Like {
		t.Errorf("a drill is like %s by %.2f, like the false alarm %s by %.2f", rightly.ID, rightly.Like, wrongly.ID, wrongly.Like)
	}
}

// A story is not held against what became of itself, and too few cases say nothing.
func TestNearestKeepsSilent(t *testing.T) {
	own := judgedAlerts[0]
	if rightly, _ := NewPast(judgedAlerts).Nearest(own.Story, own.Texts); rightly.ID == own.ID || rightly.Like > 0.5 {
		t.Errorf("its own alert is like it: %+v", rightly)
	}
	if a, b := NewPast(judgedAlerts[:few-1]).Nearest("", own.Texts); a.Like != 0 || b.Like != 0 {
		t.Errorf("four cases say %.2f and %.2f", a.Like, b.Like)
	}
}
