package match

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

func standard(t testing.TB) *Matcher {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(pack)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var november = time.Date(2025, 11, 3, 8, 0, 0, 0, config.VN)

// found returns what is found in a headline, of one family: "province:", "crisis:".
func found(m *Matcher, title, family string) []string {
	var out []string
	for _, n := range m.Find(news.Article{Title: title}, november) {
		if rest, ok := strings.CutPrefix(n.What, family); ok && !slices.Contains(out, rest) {
			out = append(out, rest)
		}
	}
	slices.Sort(out)
	return out
}

func TestProvinces(t *testing.T) {
	m := standard(t)
	for _, c := range []struct{ title, want string }{
		{"BHXH tỉnh An Giang trao sổ cho ngư dân", "an-giang"},
		{"TP.HCM và Đồng Nai cùng cấp thẻ", "dong-nai tp-ho-chi-minh"},
		{"Người dân TP HCM, TPHCM, thành phố Hồ Chí Minh", "tp-ho-chi-minh"},
		{"Diễn đàn châu Á - Thái Bình Dương bàn chuyện lương hưu", ""},
		{"Phó thủ tướng Nguyễn Hòa Bình họp về bảo hiểm y tế", ""},
		{"Vì một thế giới hòa bình", ""},
		{"Chuyển giao công nghệ an toàn cho bệnh viện", ""},
		{"Kẹt xe trên đường Điện Biên Phủ", ""},
		{"Cầu thủ Hồng Lĩnh Hà Tĩnh bị nợ lương", ""},
		{"Đường Hồ Chí Minh sắp nối liền", ""},
		{"Học tập tư tưởng Hồ Chí Minh", ""},
		{"Chủ tịch UBND tỉnh Lâm Đồng Trần Văn Tám kiểm tra", "lam-dong"},
		{"Bộ phận một cửa phường Tây Ninh phục vụ người già", ""},
		{"Công nhân ở Long An cũ được chốt sổ", "long-an"},
		{"Phòng khám Sài Gòn Thiện Nhơn (Cà Mau) bị kiểm tra", "ca-mau"},
		{"Cà Mau: thêm một phòng khám ngừng hợp đồng", "ca-mau"},
		{"tại hà nội người ta nói vậy", ""},
		{"BHXH THANH PHO HA NOI THONG BAO", ""},
		{"BHXH TỈNH AN GIANG THÔNG BÁO LỊCH CHI TRẢ", "an-giang"},
	} {
		if got := strings.Join(found(m, c.title, "province:"), " "); got != c.want {
			t.Errorf("%q: provinces %q, want %q", c.title, got, c.want)
		}
	}
}

func TestNegatedBadNews(t *testing.T) {
	m := standard(t)
	for _, c := range []struct {
		title string
		want  bool // a crisis word that counts
	}{
		{"Kế toán bệnh viện trục lợi quỹ bảo hiểm y tế", true},
		{"Tăng cường phòng, chống trục lợi bảo hiểm y tế", false},
		{"Không để xảy ra trục lợi", false},
		{"Không họp nữa. Trục lợi vẫn xảy ra", true},
	} {
		counts := slices.ContainsFunc(found(m, c.title, "crisis:"), func(s string) bool { return !strings.HasPrefix(s, "0:") })
		if counts != c.want {
			t.Errorf("%q: bad news counts %v, want %v", c.title, counts, c.want)
		}
	}
}

func TestPhrases(t *testing.T) {
	m := standard(t)
	for _, c := range []struct{ title, what string }{
		{"Đóng bảo hiểm y tế ở đâu", "bhyt"},
		{"ĐÓNG BHYT Ở ĐÂU", "bhyt"},
		{"Miễn phí tiền mua bảo hiểm y tế", "topic:bhyt_coverage"},   // a gap
		{"Bảo hiểm xã hội tỉnh Cà Mau mời dân", "agency"},            // the agency with its province
		{"Quốc hội Mỹ bàn quỹ hưu trí", "exclude:foreign"},           // capital, alone
		{"Tin tức sáng 3-11: nhiều việc đáng chú ý", "digest"},       // only as an opening
		{"Công ty nợ lương và bảo hiểm xã hội", "crisis:2:nợ lương"}, // severity with its phrase
		{"Luật Bảo hiểm xã hội có gì mới", "topic:policy_law"},       // written out
		{"Mức đóng bảo hiểm xã hội từ 1-7", "bhxh"},                  // anchor inside a longer phrase
		{"Người lao động hưởng chế độ thai sản", "topic:sickness_maternity_injury"},
	} {
		if !slices.ContainsFunc(m.Find(news.Article{Title: c.title}, november), func(n news.Mention) bool { return n.What == c.what }) {
			t.Errorf("%q: no %s in %v", c.title, c.what, m.Find(news.Article{Title: c.title}, november))
		}
	}
	for _, c := range []struct{ title, what string }{
		{"Cô Mỹ Linh kể chuyện lương hưu", "exclude:foreign"},
		{"Nhiều bản tin tức sáng nay", "digest"},
		{"Miễn phí vé. Nhắc đến bảo hiểm y tế", "topic:bhyt_coverage"},
		{"Đổi mũ bảo hiểm", "bhyt"},
		{"Nhiều người đóng BHXH cho biết chưa hiểu", "agency"},
		{"Thợ đóng BHXH TP.HCM hỏi", "agency"},
	} {
		if slices.ContainsFunc(m.Find(news.Article{Title: c.title}, november), func(n news.Mention) bool { return n.What == c.what }) {
			t.Errorf("%q: found %s", c.title, c.what)
		}
	}
}

// TestOffsets holds that a mention's offsets cut its words out of its part, and
// that the quote holds them.
func TestOffsets(t *testing.T) {
	m := standard(t)
	a := news.Article{Title: "BHXH Khánh Hòa trả lương hưu", Lead: "Cơ quan BHXH cho biết…", Body: "Đoạn một về bảo hiểm y tế.\nĐoạn hai."}
	parts := map[news.Part]string{news.Title: a.Title, news.Lead: a.Lead, news.Body: a.Body}
	mentions := m.Find(a, november)
	if len(mentions) == 0 {
		t.Fatal("nothing found")
	}
	for _, n := range mentions {
		words := parts[n.Where][n.Start:n.End]
		if words == "" || !strings.Contains(n.Quote, words) || strings.Contains(n.Quote, "\n") {
			t.Errorf("%s: words %q, quote %q", n.What, words, n.Quote)
		}
	}
}

func TestUnitOfTheDay(t *testing.T) {
	m, err := New(config.Pack{
		Provinces: []config.Province{{ID: "ha-tinh", Name: "Hà Tĩnh", Current: "ha-tinh"}},
		Units: []config.Unit{
			{ID: "bhxh-cua-lo", Name: "BHXH tỉnh Cửa Lò", Kind: "province", Area: []string{"cua-lo"}, Current: "bhxh-ha-tinh", To: config.Date{Time: time.Date(2025, 2, 28, 0, 0, 0, 0, config.VN)}},
			{ID: "bhxh-ha-tinh-cu", Name: "BHXH tỉnh Hà Tĩnh", Kind: "province", Area: []string{"ha-tinh"}, To: config.Date{Time: time.Date(2025, 2, 28, 0, 0, 0, 0, config.VN)}},
			{ID: "bhxh-khu-vuc-20", Name: "BHXH khu vực XX", Kind: "region", Area: []string{"ha-tinh"}, From: config.Date{Time: time.Date(2025, 3, 1, 0, 0, 0, 0, config.VN)}, To: config.Date{Time: time.Date(2025, 6, 30, 0, 0, 0, 0, config.VN)}},
			{ID: "bhxh-ha-tinh", Name: "BHXH tỉnh Hà Tĩnh", Kind: "province", Area: []string{"ha-tinh"}, From: config.Date{Time: time.Date(2025, 7, 1, 0, 0, 0, 0, config.VN)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  time.Time
		want string
	}{
		{time.Date(2024, 5, 1, 0, 0, 0, 0, config.VN), "bhxh-ha-tinh-cu"},
		{time.Date(2025, 9, 1, 0, 0, 0, 0, config.VN), "bhxh-ha-tinh"},
	} {
		var units []string
		for _, n := range m.Find(news.Article{Title: "BHXH tỉnh Hà Tĩnh trả lời", Published: c.day}, november) {
			if id, ok := strings.CutPrefix(n.What, "unit:"); ok {
				units = append(units, id)
			}
		}
		if !slices.Equal(units, []string{c.want}) {
			t.Errorf("%s: units %v, want %s", c.day.Format(time.DateOnly), units, c.want)
		}
	}
	// A name that is borne no more is the office that took it over, as soon as that stands.
	for day, want := range map[time.Time]string{time.Date(2025, 4, 1, 0, 0, 0, 0, config.VN): "unit:bhxh-cua-lo", time.Date(2025, 9, 1, 0, 0, 0, 0, config.VN): "unit:bhxh-ha-tinh"} {
		found := m.Find(news.Article{Title: "BHXH tỉnh Cửa Lò trả lời", Published: day}, november)
		if !slices.ContainsFunc(found, func(n news.Mention) bool { return n.What == want }) {
			t.Errorf("%s: found %v, want %s", day.Format(time.DateOnly), found, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	m := standard(f)
	for _, s := range []string{"", "BHXH", "Tỉnh", "TP.HCM", "…", "BẢO HIỂM", "Thái Bình Dương, Hòa Bình (cũ)", "không \xff trục lợi", "miễn phí bảo hiểm y tế"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, lead string) {
		a := news.Article{Title: title, Lead: lead}
		first := m.Find(a, november)
		if second := m.Find(a, november); !reflect.DeepEqual(first, second) {
			t.Fatal("two answers for one text")
		}
		for _, n := range first {
			part := title
			if n.Where == news.Lead {
				part = lead
			}
			if n.Start < 0 || n.Start >= n.End || n.End > len(part) {
				t.Fatalf("%s: offsets %d to %d of %d", n.What, n.Start, n.End, len(part))
			}
		}
	})
}

// TestEveryPhraseIsFound holds that a phrase of the pack finds itself: one that
// cannot be cut into words, or is shadowed, is a dead rule.
func TestEveryPhraseIsFound(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	m := standard(t)
	for id, phrases := range pack.Topics.Anchors {
		for _, p := range phrases {
			title := strings.Replace(p, "…", "ba bốn", 1)
			if !slices.ContainsFunc(m.Find(news.Article{Title: title}, november), func(n news.Mention) bool { return n.What == id }) {
				t.Errorf("anchor %q of %s does not find itself", p, id)
			}
		}
	}
	for _, topic := range pack.Topics.Topics {
		for _, p := range slices.Concat(topic.Strong, topic.Weak) {
			if len(vi.Tokens(p)) == 0 {
				t.Errorf("%s: phrase %q holds no word", topic.ID, p)
			}
		}
	}
}

func BenchmarkFindTitleAndLead(b *testing.B) {
	m := standard(b)
	a := news.Article{
		Title: "BHXH Khánh Hòa trả lương hưu tháng mười một qua tài khoản cá nhân",
		Lead:  "Bảo hiểm xã hội tỉnh Khánh Hòa cho biết lịch chi trả lương hưu, trợ cấp tháng này không đổi; người hưởng cần cập nhật số tài khoản trước ngày mồng năm.",
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Find(a, november)
	}
}

func BenchmarkFindBody(b *testing.B) {
	m := standard(b)
	a := news.Article{Title: "Lương hưu tháng này", Body: strings.Repeat("Người dân xã ven biển đến điểm chi trả từ sáng sớm, nhận tiền rồi ra chợ. ", 30)}
	b.ReportAllocs()
	for b.Loop() {
		m.Find(a, november)
	}
}
