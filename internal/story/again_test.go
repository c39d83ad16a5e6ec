package story

import (
	"fmt"
	"testing"
	"time"
)

// said is an article by what it says.
func said(id, title, lead string, provinces ...string) Doc {
	return Doc{ID: id, Title: title, Lead: lead, Provinces: provinces, Time: monday}
}

// everybody is what else is told: enough that usual words are known to be usual.
func everybody() (out []Doc) {
	for i := range 60 {
		out = append(out, said(fmt.Sprint("e", i), "Bệnh viện tỉnh nhận thẻ bảo hiểm y tế của người bệnh", long(uint64(i), 1)))
	}
	return out
}

func TestRetell(t *testing.T) {
	before := []Doc{
		said("a", "Bệnh viện Suối Đá từ chối thẻ bảo hiểm của người chạy thận", "Ông Lò Văn Sảnh nói còn 1.240 ca chưa được thanh toán."),
		said("b", "Người chạy thận ở Suối Đá vay tiền đóng viện phí", "Thẻ bảo hiểm bị từ chối từ thứ hai."),
	}
	for name, c := range map[string]struct {
		now  []Doc
		same bool
	}{
		"the same hospital": {[]Doc{said("c", "Suối Đá lại trả người chạy thận về", "Thẻ bảo hiểm vẫn bị từ chối sau một tuần.")}, true},
		"the same sum":      {[]Doc{said("c", "Người chạy thận lại bị từ chối thẻ bảo hiểm", "Bệnh viện nói 1.240 ca vẫn chưa được thanh toán, người bệnh vay tiền đóng viện phí.")}, true},
		"another hospital":  {[]Doc{said("c", "Bệnh viện Thanh Lộc từ chối thẻ bảo hiểm của người chạy thận", "Bà Mạc Thị Nhu nói còn 310 ca chưa được thanh toán.")}, false},
		"the name alone":    {[]Doc{said("c", "Mùa hội xuân", "Bà con Suối Đá dựng cột đu, thi giã bánh bên dòng nước, múa xòe ba đêm liền.")}, false},
		"nothing":           {nil, false},
	} {
		a := Retell(c.now, before, everybody(), []string{"Lâm Đồng"})
		if a.Same() != c.same {
			t.Errorf("%s: %+v", name, a)
		}
		if a.Same() && (len(a.Names) == 0 || len(a.Why) == 0) {
			t.Errorf("%s: no reason is given: %+v", name, a)
		}
	}
}

// The same words in two provinces are two events; a name that everybody knows
// ties nothing together.
func TestRetellByPlace(t *testing.T) {
	told := func(id, province string) []Doc {
		return []Doc{said(id, "Cụ bà ở Đà Lý ba lần đi xin giấy mới được lĩnh lương hưu", "Cán bộ một cửa nói thiếu bản sao công chứng.", province)}
	}
	everyday := []string{"Đà Lý"}
	if a := Retell(told("b", "da-ly"), told("a", "can-tho"), everybody(), everyday); !a.Apart || a.Same() {
		t.Errorf("two provinces: %+v", a)
	}
	if a := Retell(told("b", "da-ly"), told("a", "da-ly"), everybody(), everyday); !a.Near || len(a.Names) > 0 || !a.Same() {
		t.Errorf("one province: %+v", a)
	}
}

// Days later a report of what befell somebody else founds its own story, though
// the words are those of the one before; a report of the same joins it.
func TestStrangersAfterDays(t *testing.T) {
	for title, joins := range map[string]bool{
		"Bệnh viện Thanh Lộc từ chối thẻ bảo hiểm của người chạy thận":      false,
		"Bệnh viện Suối Đá vẫn từ chối thẻ bảo hiểm của người chạy thận":    true,
		"Bệnh viện vẫn từ chối thẻ bảo hiểm của người chạy thận ở Thanh Ba": false,
		"Bệnh viện vẫn từ chối thẻ bảo hiểm của người chạy thận":            true,
	} {
		s := New(Options{})
		for i, d := range everybody() {
			d.Time = monday.Add(time.Duration(i-70) * time.Hour)
			s.Add(d)
		}
		s.Add(said("a", "Bệnh viện Suối Đá từ chối thẻ bảo hiểm của người chạy thận", ""))
		later := said("b", title, "")
		later.Time = monday.AddDate(0, 0, 3)
		if p := s.Add(later); (p.Story == ID("a")) != joins {
			t.Errorf("%s: %+v", title, p)
		}
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"Ông Lò Văn Sảnh nói ở Bệnh viện Suối Đá.":      "[Lò Văn Sảnh Suối Đá]",
		"Sở Y tế và BHXH Việt Nam họp.":                 "[Việt Nam]",
		"Chi sai 65 tỷ đồng cho 6.700 người, 200 người": "[65 tỷ 6.700 người]",
		"NGƯỜI BỆNH KÊU CỨU":                            "[]",
	} {
		got := []string{}
		for _, m := range marks(text) {
			got = append(got, m.written)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}
