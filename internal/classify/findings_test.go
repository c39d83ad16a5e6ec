package classify

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/match"
	"diembao/internal/news"
)

func TestForm(t *testing.T) {
	read := reader(t)
	const lead = "Bảo hiểm xã hội tỉnh cho biết như vậy."
	for _, c := range []struct {
		why  string
		a    news.Article
		want string
	}{
		{"plain", news.Article{Title: "Lương hưu chi trả từ ngày mồng hai", Lead: lead}, "news"},
		{"the page's word", news.Article{Title: "Một ngày ở nơi chi trả lương hưu", Form: "photo"}, "photo"},
		{"a folder", news.Article{Title: "Ai được cấp thẻ BHYT", URL: "https://bao.example/infographic/ai-duoc-cap-the-bhyt-1.html"}, "infographic"},
		{"not the article's own name", news.Article{Title: "Video clip hướng dẫn đóng BHYT cho trẻ", URL: "https://bao.example/doi-song/video"}, "news"},
		{"a section", news.Article{Title: "Bàn về lương hưu", Section: "Góc nhìn"}, "opinion"},
		{"before a colon", news.Article{Title: "Video: Bà con nhận lương hưu ở sân đình"}, "video"},
		{"in brackets", news.Article{Title: "[Infographic] Bảy nhóm được hưởng BHYT"}, "infographic"},
		{"in brackets at the end", news.Article{Title: "Ngày hội thẻ BHYT ở bản Nà Lai (ảnh)"}, "photo"},
		{"a picture is no photo story", news.Article{Title: "Ảnh chụp thẻ BHYT có dùng thay thẻ không", Lead: lead}, "news"},
		{"by turns", news.Article{Title: "Người giữ sổ BHXH của xóm", Body: "PV: Ông bắt đầu từ bao giờ?\nÔng Mão: Từ hồi còn sổ giấy.\nPV: Nay ra sao?\nÔng Mão: Nay bà con dùng thẻ BHYT điện tử."}, "interview"},
		{"one question is no interview", news.Article{Title: "Người giữ sổ BHXH của xóm", Body: "PV: Ông bắt đầu từ bao giờ?\nÔng kể chuyện sổ BHXH."}, "news"},
		{"credits", news.Article{Title: "Đường đến thẻ BHYT", Body: "Ảnh: Văn Mão\nThẻ BHYT về bản.\nẢnh: Văn Tỵ"}, "news"},
		{"a reader asks", news.Article{Title: "Tôi nghỉ việc thì rút BHXH một lần được không?"}, "qa"},
		{"a reader asks in the lead", news.Article{Title: "Nghỉ việc bao lâu thì nhận BHXH một lần?", Lead: "Bạn đọc Vừ Thị Sáo hỏi về thời gian chờ."}, "qa"},
		{"anger is no advice", news.Article{Title: "Giảm lương hưu: vì sao lại là chúng tôi?"}, "news"},
		{"a paper's question", news.Article{Title: "Vì sao nhiều người rút BHXH một lần?", Lead: lead}, "news"},
		{"a report", news.Article{Title: "Ghi chép: Đêm ở trạm y tế, thẻ BHYT và cơn sốt"}, "report"},
	} {
		r := read(c.a)
		if r.Form != c.want {
			t.Errorf("%s: %q is %q, want %q, because of %v", c.why, c.a.Title, r.Form, c.want, r.Verdicts["form"].Reasons)
		}
		if c.want != "news" && len(r.Verdicts["form"].Reasons) == 0 {
			t.Errorf("%s: no reason is given", c.why)
		}
	}
}

func TestSeries(t *testing.T) {
	read := reader(t)
	for _, c := range []struct {
		title, lead, name string
		part              int
	}{
		{"Giữ người ở lại lưới an sinh – Bài 2: Sổ BHXH trong tủ kính", "", "Giữ người ở lại lưới an sinh", 2},
		{"Bài cuối: Trả lại sổ BHXH cho công nhân", "Loạt bài “Sổ trắng” khép lại ở đây.", "Sổ trắng", news.Last},
		{"Kỳ 1: Thẻ BHYT ở lưng núi", "", "", 1},
		{"Lịch chi trả lương hưu kỳ 2 năm 2026", "", "", 0},
		{"Bài học từ quỹ BHYT: chi đúng người", "", "", 0},
		{"Bài 3 môn thi về luật BHXH", "", "", 0},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead})
		if r.Series.Name != c.name || r.Series.Part != c.part {
			t.Errorf("%q: series %+v, want %q part %d", c.title, r.Series, c.name, c.part)
		}
	}
}

func TestEvents(t *testing.T) {
	read := reader(t)
	for _, c := range []struct{ why, title, lead, body, want string }{
		{"a launch with all", "Ra quân tuyên truyền BHXH tự nguyện", "Sáng 28/10, tại nhà văn hóa xã Nà Lai, BHXH tỉnh An Giang tổ chức lễ ra quân tuyên truyền BHXH tự nguyện với hơn 1.200 đoàn viên.", "", "launch 1 an-giang 2025-10-28 1200"},
		{"many of them", "BHYT đến từng nhà", "Ngành đã mở 12.800 hội nghị tuyên truyền BHYT trong sáu tháng.", "", "outreach 12800   0"},
		{"the longest kind", "BHXH Cà Mau tổ chức hội nghị đối thoại với 300 người lao động", "", "", "dialogue 1 ca-mau  300"},
		{"one event told twice", "Hội nghị BHYT ở Cà Mau", "Ngày 1/11, hội nghị về BHYT có 150 đại biểu dự.", "", "conference 1 ca-mau 2025-11-01 150"},
		{"called off", "Hoãn hội nghị về BHYT", "", "", ""},
		{"not held", "BHXH không tổ chức hội nghị đối thoại năm nay", "", "", ""},
		{"other people's", "Thẻ BHYT về bản", "Bà con nhận thẻ BHYT.", "Huyện bận hội nghị khoáng sản.", ""},
		{"the party's", "Nghị quyết của Hội nghị Trung ương nhắc tới lương hưu", "", "", ""},
		{"still to come", "Sẽ tổ chức lễ ra quân vận động BHYT ở Cà Mau ngày 20/11", "", "", "launch 1 ca-mau 2025-11-20 0 planned"},
		{"last year", "Hội nghị BHYT ngày 20/12", "", "", "conference 1  2025-12-20 0 planned"},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead, Body: c.body, Published: november})
		var got []string
		for _, e := range r.Events {
			line := fmt.Sprintf("%s %d %s %s %d", e.Kind, e.Count, e.Province, e.Day, e.People)
			if e.Planned {
				line += " planned"
			}
			got = append(got, line)
			if e.Quote == "" {
				t.Errorf("%s: no quote", c.why)
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q tells of %q, want %q", c.why, c.title, got, c.want)
		}
	}
}

// A day without a year is the nearest one: in January "28/12" was last month.
func TestDayOfAnEvent(t *testing.T) {
	january := time.Date(2026, 1, 4, 9, 0, 0, 0, config.VN)
	for text, want := range map[string]string{
		"chiều 28/12": "2025-12-28", "ngày 12-1": "2026-01-12", "ngày 3.5.2024": "2024-05-03",
		"sáng nay": "2026-01-04", "ngày 31/2": "", "tháng 12": "", "Nghị định ngày càng": "",
	} {
		d, ok := dayIn(text, january)
		got := ""
		if ok {
			got = d.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestClaims(t *testing.T) {
	read := reader(t)
	for _, c := range []struct{ why, title, lead, want string }{
		{"a share", "Toàn tỉnh có 95,15% dân số tham gia BHYT", "", "95.15 % dân số tham gia BHYT"},
		{"the share comes last", "Tỷ lệ bao phủ BHYT của xã đạt 97,4%", "", "97.4 % Tỷ lệ bao phủ BHYT của xã"},
		{"people", "Hơn 18,2 triệu người đang đóng BHXH", "", "1.82e+07 người đang đóng BHXH"},
		{"money", "Các công ty nợ BHXH gần 1.250 tỷ đồng", "", "1.25e+12 đồng Các công ty nợ BHXH"},
		{"the city's point ends nothing", "Quý này TP.HCM cấp 81.000 thẻ BHYT cho học sinh, sinh viên", "", "81000 thẻ bhyt cho học sinh"},
		{"a level of a rule", "Người cao tuổi được hưởng 95% chi phí BHYT", "", ""},
		{"support is a level", "Ngân sách hỗ trợ học sinh đóng BHYT 50% mức đóng", "", ""},
		{"one person's money", "Trợ cấp BHXH 500.000 đồng một tháng", "", ""},
		{"a day, a law", "Luật BHXH 41/2024 có hiệu lực từ ngày 1/7 năm 2025", "", ""},
		{"not about us", "Thẻ BHYT về bản", "Xã trồng 3.000 hộ keo lai. Bà con nhận thẻ BHYT.", ""},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead})
		var got []string
		for _, k := range r.Claims {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%v %s %s", k.Number, k.Unit, k.Of)))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q claims %q, want %q", c.why, c.title, got, c.want)
		}
	}
}

func TestSaid(t *testing.T) {
	read := reader(t)
	const title = "Thẻ BHYT về bản"
	for _, c := range []struct{ why, lead, who, office, quote string }{
		{"name, office, words in marks", "Ông Vừ A Páo, Giám đốc BHXH tỉnh Cà Mau, khẳng định: “Không ai phải chờ quá ba ngày”.", "Vừ A Páo", "Giám đốc BHXH tỉnh Cà Mau", "Không ai phải chờ quá ba ngày"},
		{"office before the name", "Phó Giám đốc BHXH tỉnh Cà Mau Lò Thị Mây cho biết thẻ BHYT đã đến tay bà con.", "Lò Thị Mây", "Phó Giám đốc BHXH tỉnh Cà Mau", "thẻ BHYT đã đến tay bà con."},
		{"an office alone", "Giám đốc BHXH tỉnh Cà Mau cho biết thẻ BHYT đã đến tay bà con.", "", "Giám đốc BHXH tỉnh Cà Mau", "thẻ BHYT đã đến tay bà con."},
		{"no official", "Chị Mây cho biết thẻ BHYT đã đến tay bà con trong bản.", "", "", ""},
		{"an office that says nothing", "Giám đốc BHXH tỉnh Cà Mau trao thẻ BHYT cho bà con.", "", "", ""},
		{"no house and no name", "Một giám đốc cho biết thẻ BHYT đã đến tay bà con.", "", "", ""},
	} {
		r := read(news.Article{Title: title, Lead: c.lead})
		var got news.Said
		if len(r.Said) > 0 {
			got = r.Said[0]
		}
		if got.Who != c.who || got.Office != c.office || got.Quote != c.quote {
			t.Errorf("%s: %+v, want %q, %q, %q", c.why, got, c.who, c.office, c.quote)
		}
	}
}

func TestModels(t *testing.T) {
	read := reader(t)
	for _, c := range []struct{ why, title, lead, name, province string }{
		{"a contest", "An Giang mở cuộc thi ảnh “Nụ cười an sinh” về BHXH", "", "Nụ cười an sinh", "an-giang"},
		{"a model with a name", "Xã vùng cao với BHYT", "Hội phụ nữ Cà Mau lập mô hình “Mỗi ngày một nghìn đồng” mua thẻ BHYT.", "Mỗi ngày một nghìn đồng", "ca-mau"},
		{"praised in the headline", "Cách làm hay đưa BHYT về bản ở Cà Mau", "", "Cách làm hay đưa BHYT về bản ở Cà Mau", "ca-mau"},
		{"a saying, no name", "BHXH theo mô hình \"đóng nhiều, hưởng nhiều\"", "", "", ""},
		{"a plain one", "Cơ quan BHXH theo mô hình ba cấp", "", "", ""},
		{"of swindlers", "Khởi tố nhóm dùng mô hình “Gom Sổ Nhanh” trục lợi quỹ BHXH, lừa đảo công nhân", "", "", ""},
	} {
		r := read(news.Article{Title: c.title, Lead: c.lead})
		var got news.Model
		if len(r.Models) > 0 {
			got = r.Models[0]
		}
		if got.Name != c.name || got.Province != c.province {
			t.Errorf("%s: %+v, want %q of %q", c.why, got, c.name, c.province)
		}
	}
}

// A round-up has a form; what its items tell is other people's.
func TestFindingsOfARoundUp(t *testing.T) {
	r := reader(t)(news.Article{Title: "Tin tức sáng: Hội nghị BHYT ở Cà Mau; 95% dân số tham gia BHYT"})
	if r.Form != "news" || len(r.Events)+len(r.Claims) > 0 {
		t.Errorf("a round-up tells %+v %+v", r.Events, r.Claims)
	}
}

// bad is what reaches a reader sooner or later, and must neither stop nor slow it.
func bad() map[string]string {
	return map[string]string{
		"empty":        "",
		"one word":     "BHYT",
		"spaces":       " \t\n ",
		"capitals":     "BẢO HIỂM XÃ HỘI AN GIANG TỔ CHỨC LỄ RA QUÂN VỚI 300 NGƯỜI, GIÁM ĐỐC CHO BIẾT",
		"english":      "The health insurance fund said 95.15% of people joined; director John Smith said so.",
		"decomposed":   "Ba\u0309o hie\u0302\u0309m xa\u0303 ho\u0323\u0302i: le\u0302\u0303 ra qua\u0302n 95,15% da\u0302n so\u0302\u0301",
		"legacy":       "B¶o hiÓm x· héi tØnh An Giang, Bảo hiểm y tế 95,15% d©n sè",
		"not utf-8":    "BHYT \xff\xfe\xc3 95,15% \x80 người “\xe2\x80",
		"a megabyte":   strings.Repeat("Ông Vừ A Páo, Giám đốc BHXH tỉnh Cà Mau, cho biết 95,15% dân số tham gia BHYT tại hội nghị. ", 10_000),
		"one sentence": strings.Repeat("giám đốc cho biết hội nghị bhyt 300 người ", 5_000),
		"numbers":      strings.Repeat("9", 4000) + "% người có BHYT " + strings.Repeat("1.000.", 500),
		"open marks":   strings.Repeat("mô hình “BHYT ", 3_000),
	}
}

// TestBadFindings reads what no one would print, in every part of an article.
func TestBadFindings(t *testing.T) {
	read := reader(t)
	for name, s := range bad() {
		start := time.Now()
		for _, a := range []news.Article{{Title: s}, {Title: "Thẻ BHYT", Lead: s}, {Title: "Thẻ BHYT", Lead: "BHYT", Body: s}, {URL: "%zz://" + name, Title: s, Section: s}} {
			a.Published = november
			r := read(a)
			if len(r.Events) > mostEvents || len(r.Claims) > mostClaims || len(r.Said) > mostSaid || len(r.Models) > mostModels {
				t.Errorf("%s: findings without bound: %d %d %d %d", name, len(r.Events), len(r.Claims), len(r.Said), len(r.Models))
			}
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if took > 2*time.Second {
			t.Logf("%s took %v", name, took)
		}
	}
}

// FuzzRead reads any text without a panic, twice the same.
func FuzzRead(f *testing.F) {
	for _, s := range bad() {
		if len(s) < 5000 {
			f.Add(s, s)
		}
	}
	f.Add("An Giang mở cuộc thi ảnh “Nụ cười an sinh” về BHXH", "Sáng 28/10, ông Vừ A Páo, Giám đốc BHXH tỉnh, cho biết: “95,15% dân số có BHYT”.")
	pack, err := config.Default()
	if err != nil {
		f.Fatal(err)
	}
	m, err := match.New(pack)
	if err != nil {
		f.Fatal(err)
	}
	c, err := New(pack)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title, body string) {
		a := news.Article{Title: title, Lead: "Thẻ bảo hiểm y tế.", Body: body, Published: november}
		first, again := c.Read(a, m.Find(a, november), config.Outlet{}), c.Read(a, m.Find(a, november), config.Outlet{})
		if printed(first) != printed(again) {
			t.Error("two readings of one text")
		}
	})
}

// The office an article names is the one of its day; what became of it stands
// in the reason. A base office counts for the one above it.
func TestOfficesOfTheDay(t *testing.T) {
	read := reader(t)
	for _, c := range []struct {
		name, title, lead, body, day string
		units, reason                string
	}{
		{"before the reform", "BHXH tỉnh Hà Tĩnh chi trả lương hưu", "", "", "2024-05-06", "bhxh-ha-tinh-truoc-2025", "nay là Bảo hiểm xã hội tỉnh Hà Tĩnh"},
		{"a region", "BHXH khu vực XX đối thoại với doanh nghiệp", "", "", "2025-04-10", "bhxh-khu-vuc-20", "nay là Bảo hiểm xã hội tỉnh Hà Tĩnh và Bảo hiểm xã hội tỉnh Quảng Trị"},
		{"since the reform", "BHXH tỉnh Hà Tĩnh chi trả lương hưu", "", "", "2026-05-06", "bhxh-ha-tinh", "đơn vị: "},
		{"a name that is gone", "BHXH Bình Dương chi trả lương hưu", "", "", "2026-05-06", "bhxh-tp-ho-chi-minh", "khi ấy là Bảo hiểm xã hội Thành phố Hồ Chí Minh"},
		{"a base office", "BHXH cơ sở Cầu Ván chi trả lương hưu cho dân Hà Tĩnh", "", "", "2026-05-06", "bhxh-ha-tinh", "đơn vị cơ sở: BHXH cơ sở Cầu Ván, thuộc Bảo hiểm xã hội tỉnh Hà Tĩnh"},
		{"in the body alone", "Thêm nhiều người nhận lương hưu qua tài khoản", "", "BHXH Việt Nam và BHXH tỉnh Hà Tĩnh cùng thực hiện.", "2026-05-06", "bhxh-ha-tinh", "đơn vị: "},
		{"the centre in the body", "Thêm nhiều người nhận lương hưu qua tài khoản", "", "BHXH Việt Nam cho biết.", "2026-05-06", "", ""},
	} {
		day, err := time.ParseInLocation(time.DateOnly, c.day, config.VN)
		if err != nil {
			t.Fatal(err)
		}
		r := read(news.Article{Title: c.title, Lead: c.lead, Body: c.body, Published: day})
		got := strings.Join(r.Units, ",")
		reasons := fmt.Sprint(r.Verdicts["units"].Reasons)
		if got != c.units || !strings.Contains(reasons, c.reason) {
			t.Errorf("%s: offices %q because of %s,\nwant %q, %q", c.name, got, reasons, c.units, c.reason)
		}
	}
}

// Provinces share an article by where and how often they are named.
func TestProvincesShareAnArticle(t *testing.T) {
	read := reader(t)
	r := read(news.Article{Title: "Nghệ An: lương hưu tới tay người già", Lead: "Ở Nghệ An và Hà Tĩnh, BHXH chi trả lương hưu.", Body: "Hà Tĩnh có 30 điểm chi trả BHXH. Nghệ An có 60."})
	sum := 0.0
	for _, w := range r.Weights {
		sum += w
	}
	if len(r.Weights) != 2 || math.Abs(sum-1) > 1e-9 || r.Weights["nghe-an"] < 0.6 || r.Weights["ha-tinh"] < 0.2 {
		t.Errorf("the shares are %v, their sum %v", r.Weights, sum)
	}
	if r := read(news.Article{Title: "Từ 1/7, mức đóng BHYT cả nước tăng theo lương cơ sở"}); r.Weights != nil {
		t.Errorf("a national matter is shared among %v", r.Weights)
	}
}

// What only looks like an event, a figure, an answer or an advice column is none.
func TestWhatOnlyLooksLikeAFinding(t *testing.T) {
	read := reader(t)
	day := time.Date(2026, 7, 12, 6, 0, 0, 0, config.VN).UTC() // still the 11th in Greenwich
	body := func(s string) news.Reading {
		return read(news.Article{Title: "BHXH tỉnh Hà Tĩnh và chuyện lương hưu", Body: s, Published: day})
	}
	for _, c := range []struct{ why, text, want string }{
		{"held", "Sáng nay, BHXH tỉnh tổ chức hội nghị đối thoại với người dân tại Nhà văn hóa xã Bến Sỏi.", "dialogue 2026-07-12 Nhà văn hóa xã Bến Sỏi"},
		{"what should be done", "BHXH tỉnh nên tổ chức các cuộc đối thoại trực tiếp với doanh nghiệp.", ""},
		{"what the law calls so", "Công ty phải công khai nghị quyết hội nghị người lao động về BHXH.", ""},
		{"to debate", "Quốc hội thảo luận về Luật BHXH.", ""},
		{"a day on which a rule begins", "Tại hội nghị, BHXH tỉnh cho biết mức mới có từ ngày 1/9.", "conference"},
		{"no place", "BHXH tỉnh tổ chức hội nghị về những tồn tại cần khắc phục.", "conference"},
		{"one event under two names", "BHXH tỉnh tổ chức hội nghị đối thoại ngày 10/7. Tại hội nghị, dân hỏi về thẻ BHYT.", "dialogue 2026-07-10"},
		{"a province is no place", "BHXH tỉnh tổ chức hội nghị tại TP. HCM.", "conference"},
		{"still to come", "BHXH tỉnh tổ chức hội nghị đối thoại ngày 20/7.", "dialogue 2026-07-20 planned"},
	} {
		var got []string
		for _, e := range body(c.text).Events {
			said := strings.TrimSpace(e.Kind + " " + e.Day + " " + e.Place)
			if e.Planned {
				said += " planned"
			}
			got = append(got, said)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: events %q, want %q", c.why, strings.Join(got, "; "), c.want)
		}
	}
	for _, c := range []struct{ why, text, want string }{
		{"coverage", "Đến nay 93,2% dân số xã tham gia BHYT.", "93,2% dân số xã tham gia BHYT"},
		{"a rate", "Đóng đủ 20 năm BHXH thì lương hưu tính bằng 45%, thêm mỗi năm 2%.", ""},
		{"a target", "Xã phấn đấu đạt 95% dân số tham gia BHYT.", ""},
		{"a threshold", "Trốn đóng BHXH cho 200 người trở lên thì bị xử lý.", ""},
		{"capital", "Công ty Hòa Mạn (100% vốn nước ngoài) đóng BHXH đủ.", ""},
		{"what it was then", "Tỷ lệ dân số tham gia BHYT chiếm 58,2% năm 2009.", "58,2% Tỷ lệ dân số tham gia BHYT"},
	} {
		var got []string
		for _, k := range body(c.text).Claims {
			got = append(got, k.Written+" "+k.Of)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: figures %q, want %q", c.why, strings.Join(got, "; "), c.want)
		}
	}
	for _, c := range []struct{ why, text, want string }{
		{"said", "Bà Lò Thị Mận, Phó Giám đốc BHXH tỉnh Hà Tĩnh, cho biết lương hưu được trả từ ngày mồng hai.", "Lò Thị Mận, Phó Giám đốc BHXH tỉnh Hà Tĩnh"},
		{"when it was said", "Bà Lò Thị Mận, Phó Giám đốc BHXH tỉnh Hà Tĩnh, phát biểu tại buổi gặp mặt người nghỉ hưu của xã.", ""},
		{"spoken to", "Đối thoại với Giám đốc BHXH tỉnh Hà Tĩnh Lò Thị Mận, dân cho rằng lương hưu được trả quá muộn trong tháng.", ""},
		{"the verb has company", "Giám đốc BHXH tỉnh Hà Tĩnh Lò Thị Mận cũng cho biết lương hưu được trả từ ngày mồng hai.", "Lò Thị Mận, Giám đốc BHXH tỉnh Hà Tĩnh"},
	} {
		var got []string
		for _, s := range body(c.text).Said {
			got = append(got, s.Name())
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: quoted are %q, want %q", c.why, strings.Join(got, "; "), c.want)
		}
	}
	for _, c := range []struct {
		why  string
		a    news.Article
		want string
	}{
		{"somebody's words", news.Article{Title: "Cụ bà bán rau: 'Tôi có được lương hưu không?'"}, "news"},
		{"readers who ask nothing", news.Article{Title: "Lương hưu tháng 8 trả ngày nào?", Lead: "Lịch trả lương hưu được nhiều bạn đọc quan tâm."}, "news"},
		{"another house's interview", news.Article{Title: "Bộ trưởng nói về quỹ BHXH", Lead: "Trong cuộc phỏng vấn với một tờ báo nước ngoài, Bộ trưởng nói về quỹ BHXH."}, "news"},
		{"our own", news.Article{Title: "Quỹ BHXH sau mười năm", Lead: "Trả lời phỏng vấn của phóng viên, bà Lò Thị Mận nói về quỹ BHXH."}, "interview"},
	} {
		if got := read(c.a).Form; got != c.want {
			t.Errorf("%s: read as %s, want %s", c.why, got, c.want)
		}
	}
}
