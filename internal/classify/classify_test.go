package classify

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/match"
	"diembao/internal/news"
)

var update = flag.Bool("update", false, "write the golden readings anew")

var november = time.Date(2025, 11, 3, 8, 0, 0, 0, config.VN)

// reader reads as the pipeline does.
func reader(t testing.TB) func(news.Article) news.Reading {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := match.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	return func(a news.Article) news.Reading { return c.Read(a, m.Find(a, november), config.Outlet{}) }
}

func TestRelevance(t *testing.T) {
	read := reader(t)
	for _, c := range []struct {
		why, title, lead string
		want             bool
	}{
		{"named", "Bảo hiểm xã hội đổi mẫu tờ khai", "", true},
		{"a benefit alone", "Lao động nữ hưởng chế độ thai sản bao lâu?", "", true},
		{"free hospital fees", "Sẽ miễn viện phí cho người nghèo", "Bộ Y tế lập đề án.", true},
		{"commercial", "Bảo hiểm nhân thọ Sao Vàng ra gói mới", "Khách hàng nhận quà.", false},
		{"foreign, by country", "Người Pháp xuống đường vì lương hưu", "Công đoàn kêu gọi đình công.", false},
		{"foreign, by names", "Con trai giả mẹ nhận lương hưu", "Cảnh sát bắt Jacopo Fenwick sau ba năm.", false},
		{"at home though dollars are named", "BHXH trả lương hưu cho người ở Mỹ", "BHXH Việt Nam hướng dẫn.", true},
		{"a gift out of one's pension", "Cụ bà góp lương hưu giúp vùng lũ", "Cụ trích lương hưu ủng hộ ba triệu đồng.", false},
		{"helmet", "Đội mũ bảo hiểm cho trẻ", "Cảnh sát nhắc phụ huynh.", false},
		{"everybody's words", "Chuyển đổi số ở chợ quê", "Dữ liệu trực tuyến, sinh trắc học cho tiểu thương.", false},
		{"a road", "Thông tuyến cao tốc ven biển", "Xe chạy từ sáng nay.", false},
		{"empty", "", "", false},
		{"one word", "BHYT", "", true},
	} {
		if got := read(news.Article{Title: c.title, Lead: c.lead}).Relevant; got != c.want {
			t.Errorf("%s: %q relevant %v, want %v", c.why, c.title, got, c.want)
		}
	}
}

// TestPassingInBody holds that one naming in a long body does not make a text ours.
func TestPassingInBody(t *testing.T) {
	r := reader(t)(news.Article{Title: "Khu công nghiệp mới tuyển thợ", Lead: "Lương thỏa thuận.", Body: strings.Repeat("Xưởng nằm ven sông, có nhà ăn. ", 50) + "Công ty đóng bảo hiểm xã hội."})
	if r.Relevant {
		t.Error("a passing mention in the body made it relevant")
	}
}

func TestWhoIsBlamed(t *testing.T) {
	read := reader(t)
	for _, c := range []struct{ why, title, lead, role, target string }{
		{"employers, not the agency", "100 công ty nợ BHXH hàng chục tỉ đồng", "Hàng trăm công nhân mất quyền lợi.", "none", "employer"},
		{"the agency acts", "BHXH Cà Mau chuyển hồ sơ phòng khám lập khống bệnh án sang công an", "", "enforcer", "hospital"},
		{"its own people", "Khởi tố giám đốc BHXH huyện vì tham ô", "Công an bắt tạm giam ông này.", "blamed", "agency"},
		{"posing as the agency", "Mạo danh cán bộ BHXH lừa đảo người già", "BHXH tỉnh An Giang cảnh báo, một cụ bà mất tiền.", "victim", "criminals"},
		{"it explains", "BHXH TP.HCM hướng dẫn đổi thẻ BHYT", "Cơ quan này cho biết thủ tục.", "informant", "none"},
		{"it is not named", "Thiếu thuốc, người bệnh BHYT phải mua ngoài", "Bệnh viện nói chờ thầu.", "none", "hospital"},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead})
		if r.Role != c.role || r.Target != c.target {
			t.Errorf("%s: %q role %s target %s, want %s %s", c.why, c.title, r.Role, r.Target, c.role, c.target)
		}
	}
}

func TestToneAndRisk(t *testing.T) {
	read := reader(t)
	for _, c := range []struct {
		why, title, lead, tone string
		least, most            int
	}{
		{"routine", "Lịch chi trả lương hưu tháng 12", "", "neutral", 0, 0},
		{"a rule leads", "Nghị định mới siết chậm đóng, trốn đóng BHXH", "Mức phạt tăng từ tháng sau.", "neutral", 0, 0},
		{"prevention is routine", "Tăng cường phòng chống trục lợi quỹ BHYT", "BHXH Việt Nam tập huấn.", "neutral", 0, 0},
		{"gifts", "Trao tặng 200 thẻ BHYT cho người nghèo", "Bà con phấn khởi.", "positive", 0, 0},
		{"employers", "Công ty nợ lương, nợ bảo hiểm xã hội, giám đốc bỏ trốn", "Hàng trăm công nhân khốn khó.", "negative", 1, 2},
		{"an outage", "Ứng dụng VssID tê liệt, không đăng nhập được", "Người bệnh chờ ba giờ, bệnh viện quá tải.", "negative", 2, 3},
		{"own staff arrested", "Bắt tạm giam kế toán BHXH quận tham ô", "", "negative", 3, 3},
		{"rumour denied", "Tin BHYT ngừng chi trả là giả", "Đây là tin giả trên mạng.", "neutral", 0, 1},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead})
		if r.Tone != c.tone || r.Risk < c.least || r.Risk > c.most {
			t.Errorf("%s: %q tone %s risk %d, want %s, %d to %d", c.why, c.title, r.Tone, r.Risk, c.tone, c.least, c.most)
		}
	}
}

func TestDigestIsJudgedByItsItem(t *testing.T) {
	r := reader(t)(news.Article{
		Title: "Tin tức sáng 3-11: Hà Nội cấm đường; Người dân An Giang có thêm nơi khám BHYT",
		Lead:  "Tin đáng chú ý: Khởi tố chủ quán karaoke; Người dân An Giang có thêm nơi khám BHYT; Ông Biden về hưu...",
	})
	if !r.Relevant || !r.Digest || r.Tone == "negative" || !slices.Equal(r.Provinces, []string{"an-giang"}) {
		t.Errorf("relevant %v digest %v tone %s provinces %v", r.Relevant, r.Digest, r.Tone, r.Provinces)
	}
}

func TestPlace(t *testing.T) {
	read := reader(t)
	for _, c := range []struct{ title, lead, scope, provinces, current string }{
		{"Hà Nội tăng trợ cấp hưu trí xã hội, sau TP.HCM và Quảng Ninh", "", "local", "ha-noi", "ha-noi"},
		{"Cựu giám đốc BHXH tỉnh Bắc Giang (cũ) hầu tòa", "", "local", "bac-giang", "bac-ninh"},
		{"Bộ Y tế lấy ý kiến danh mục thuốc BHYT", "Cử tri nhiều địa phương như Đồng Nai, Ninh Bình kiến nghị.", "national", "", ""},
		{"Đóng BHXH 15 năm được lương hưu bao nhiêu?", "Tôi làm ở công ty may.", "national", "", ""},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead, Published: november})
		if r.Scope != c.scope || strings.Join(r.Provinces, " ") != c.provinces || strings.Join(r.Current, " ") != c.current {
			t.Errorf("%q: scope %s provinces %v today %v, want %s %q %q", c.title, r.Scope, r.Provinces, r.Current, c.scope, c.provinces, c.current)
		}
	}
}

// TestReasons holds that every verdict of a relevant text has the axes of the
// contract, a confidence within bounds, and that what is said has its reason.
func TestReasons(t *testing.T) {
	r := reader(t)(news.Article{Title: "BHXH Khánh Hòa cảnh báo mạo danh cán bộ để lừa đảo", Lead: "Hai người mất tiền vì tin kẻ gian."})
	for _, axis := range []string{"relevant", "insurance", "topics", "scope", "provinces", "tone", "agency_role", "target", "digest", "risk", "level", "reach"} {
		v, ok := r.Verdicts[axis]
		if !ok {
			t.Errorf("no verdict on %s", axis)
			continue
		}
		if v.Confidence < 0 || v.Confidence > 1 || v.Reasons == nil {
			t.Errorf("%s: confidence %v, reasons %v", axis, v.Confidence, v.Reasons)
		}
		if axis != "digest" && len(v.Reasons) == 0 {
			t.Errorf("%s = %v without a reason", axis, v.Value)
		}
	}
}

func TestBadInput(t *testing.T) {
	read := reader(t)
	for _, a := range []news.Article{
		{}, {Title: strings.Repeat("BHXH ", 50000)}, {Body: strings.Repeat("trục lợi bảo hiểm y tế. ", 40000)}, {Title: "\xff\xfe"},
		{Title: "Social insurance agency announces new card", Lead: "The card is free."}, {Title: "Bảo hiểm xã hội"}, {Title: "bao hiem xa hoi viet nam"},
	} {
		read(a)
	}
}

func TestSameTextSameReading(t *testing.T) {
	a := news.Article{Title: "BHXH Cà Mau chuyển hồ sơ phòng khám sang công an", Lead: "Phòng khám lập khống bệnh án, trục lợi quỹ BHYT tại An Giang và Cà Mau.", Body: "BHXH tỉnh nói rõ. Công ty nợ lương."}
	first, err := json.Marshal(reader(t)(a))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := json.Marshal(reader(t)(a))
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(first) {
			t.Fatalf("two readings of one text:\n%s\n%s", first, again)
		}
	}
}

// TestGoldenReadings compares whole readings with files a press officer can
// check; -update writes them anew.
func TestGoldenReadings(t *testing.T) {
	files, err := filepath.Glob("testdata/readings/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden readings: %v", err)
	}
	read := reader(t)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, want, _ := strings.Cut(string(text), "---\n")
		got := printed(read(article(head)))
		if *update {
			if err := os.WriteFile(name, []byte(head+"---\n"+got), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got != want {
			t.Errorf("%s: read\n%swant\n%s", name, got, want)
		}
	}
}

// article reads "title: …", "lead: …", "body: …" lines.
func article(head string) news.Article {
	a := news.Article{Published: november}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "title":
			a.Title = value
		case "lead":
			a.Lead = value
		case "body":
			a.Body = value
		}
	}
	return a
}

func printed(r news.Reading) string {
	var b strings.Builder
	for _, axis := range []string{"relevant", "insurance", "topics", "scope", "provinces", "tone", "agency_role", "target", "digest", "risk"} {
		v, ok := r.Verdicts[axis]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s: %v\n", axis, v.Value)
		for _, reason := range v.Reasons {
			fmt.Fprintf(&b, "  %+.2f %s", reason.Weight, reason.Rule)
			if reason.Quote != "" {
				fmt.Fprintf(&b, " [%s] “%s”", reason.Where, reason.Quote)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func BenchmarkReadTitleAndLead(b *testing.B) {
	read := reader(b)
	a := news.Article{Title: "BHXH Khánh Hòa trả lương hưu tháng mười một qua tài khoản", Lead: "Bảo hiểm xã hội tỉnh Khánh Hòa cho biết lịch chi trả lương hưu, trợ cấp tháng này không đổi; người hưởng cần cập nhật số tài khoản trước ngày mồng năm."}
	b.ReportAllocs()
	for b.Loop() {
		read(a)
	}
}

func BenchmarkReadBody(b *testing.B) {
	read := reader(b)
	a := news.Article{Title: "Công ty nợ bảo hiểm xã hội", Lead: "Công nhân chờ lương.", Body: strings.Repeat("Công nhân kể đã ba tháng chưa có lương, thẻ bảo hiểm y tế bị khóa, không khám bệnh được. ", 30)}
	b.ReportAllocs()
	for b.Loop() {
		read(a)
	}
}
