package story

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60))

// Three reports of one event in the words of three papers, and two of others.
var reports = []Doc{
	{ID: "a1", Outlet: "bao-a", Title: "Bệnh viện Thanh Lộc ngừng cấp thuốc tiểu đường cho người có thẻ BHYT",
		Lead: "Hơn hai nghìn người bệnh phải mua insulin bên ngoài từ đầu tháng vì bệnh viện Thanh Lộc chưa được quyết toán.", Time: monday},
	{ID: "b1", Outlet: "bao-b", Title: "Có thẻ BHYT vẫn phải mua insulin: bệnh viện Thanh Lộc nói gì?",
		Lead: "Người bệnh tiểu đường ở bệnh viện Thanh Lộc phản ánh thuốc hết, phải mua ngoài với giá cao.", Time: monday.Add(2 * time.Hour)},
	{ID: "c1", Outlet: "bao-c", Title: "Sở Y tế làm việc với bệnh viện Thanh Lộc về việc thiếu insulin",
		Lead: "Sau phản ánh của người bệnh tiểu đường có thẻ BHYT, Sở Y tế yêu cầu bệnh viện Thanh Lộc điều thuốc ngay.", Time: monday.Add(20 * time.Hour)},
	{ID: "d1", Outlet: "bao-a", Title: "Xã Hòa Bắc vận động được ba trăm người tham gia BHXH tự nguyện",
		Lead: "Tổ tuyên truyền đến từng nhà giải thích chính sách hỗ trợ mức đóng cho hộ nghèo.", Time: monday.Add(21 * time.Hour)},
	{ID: "e1", Outlet: "bao-b", Title: "Công ty Vạn Tín chậm đóng bảo hiểm, công nhân không được chốt sổ",
		Lead: "Bốn trăm công nhân Công ty Vạn Tín xếp hàng chờ lời giải thích về khoản nợ mười một tỷ đồng.", Time: monday.Add(22 * time.Hour)},
}

func TestOneEventIsOneStory(t *testing.T) {
	s := New(Options{})
	var got []string
	for _, d := range reports {
		p := s.Add(d)
		got = append(got, p.Story)
		if p.Founded != (len(p.Why) == 0) {
			t.Errorf("%s: founded %v, but why is %v", d.ID, p.Founded, p.Why)
		}
	}
	want := []string{"s-a1", "s-a1", "s-a1", "s-d1", "s-e1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("stories are %v, want %v", got, want)
	}
}

func TestAgainstTimeTheSameEventIsAnother(t *testing.T) {
	s := New(Options{})
	s.Add(reports[0])
	late := reports[1]
	late.Time = monday.Add(9 * 24 * time.Hour)
	if p := s.Add(late); !p.Founded {
		t.Errorf("nine days later joined %s with %.2f", p.Story, p.Similarity)
	}
}

func TestProvincesThatDifferDivide(t *testing.T) {
	text := func(id, province, slug string) Doc {
		return Doc{ID: id, Title: "BHXH " + province + " tổ chức hội nghị đối thoại với doanh nghiệp", Time: monday,
			Lead: "Hội nghị đối thoại giải đáp vướng mắc về đóng BHXH cho các đơn vị trên địa bàn.", Provinces: []string{slug}}
	}
	s := New(Options{})
	s.Add(text("a", "An Giang", "an-giang"))
	apart := s.Add(text("b", "Cà Mau", "ca-mau")).Similarity
	u := New(Options{})
	u.Add(text("a", "An Giang", "an-giang"))
	same := u.Add(text("b", "Cà Mau", "an-giang")).Similarity
	if apart >= same {
		t.Errorf("another province is as like (%.2f) as the same (%.2f)", apart, same)
	}
}

// long is a text of n sentences about nothing in particular, the same for the same seed.
func long(seed uint64, n int) string {
	var b strings.Builder
	for range n {
		for w := range 14 {
			seed = mix(seed + 0x9e3779b97f4a7c15)
			x := seed % 1000 * (seed >> 32 % 1000) / 1000 // commoner words lie lower
			word := syllable(x)
			if w == 0 {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			b.WriteString(word + " ")
		}
		b.WriteString(". ")
	}
	return b.String()
}

func syllable(n uint64) string {
	onset := []string{"b", "c", "d", "g", "h", "k", "l", "m", "n", "ph", "qu", "s", "t", "th", "tr", "v", "x", "ng", "nh", "ch"}
	rhyme := []string{"a", "an", "ang", "ao", "e", "em", "en", "i", "in", "inh", "o", "on", "ong", "oi", "u", "un", "ung", "ui", "ai", "am"}
	return onset[n%20] + rhyme[n/20%20] + []string{"", "m", "n"}[n/400%3]
}

func TestCopiesNameTheOriginal(t *testing.T) {
	body := long(7, 30)
	s := New(Options{})
	s.Add(Doc{ID: "first", Title: "Bản tin của hãng thông tấn", Body: body, Time: monday})
	sentences := strings.SplitAfter(body, ". ")
	cut := strings.Join(append(sentences[:6:6], sentences[14:]...), "") + long(8, 3)
	for name, d := range map[string]Doc{
		"word for word":                    {ID: "whole", Title: "Tựa khác hẳn", Body: body},
		"a third dropped, a coda added":    {ID: "cut", Title: "Tựa khác nữa", Body: cut},
		"an edited copy of the edited one": {ID: "again", Title: "Thêm một tựa", Body: strings.Join(sentences[10:24], "")},
	} {
		d.Time = monday.Add(time.Hour)
		if p := s.Add(d); p.CopyOf != "first" || p.Story != "s-first" {
			t.Errorf("%s: copy of %q in %s, want first in s-first", name, p.CopyOf, p.Story)
		}
	}
	if p := s.Add(Doc{ID: "own", Title: "Bài riêng", Body: long(9, 30), Time: monday}); p.CopyOf != "" {
		t.Errorf("a text of its own is called a copy of %s", p.CopyOf)
	}
}

func TestALeadThatAllSharesIsNoCopy(t *testing.T) {
	s := New(Options{})
	const sorry = "Đã có lỗi xảy ra, mời bạn quay lại bài viết và thực hiện lại thao tác"
	s.Add(Doc{ID: "a", Title: "Giá vàng sáng nay tăng thêm nửa triệu đồng mỗi lượng", Lead: sorry, Time: monday})
	if p := s.Add(Doc{ID: "b", Title: "Đội tuyển nữ thắng trận mở màn ở giải Đông Nam Á", Lead: sorry, Time: monday}); p.CopyOf != "" {
		t.Errorf("two news under one error message are copies: %+v", p)
	}
}

func TestTenThousandCopiesStaySmall(t *testing.T) {
	s := New(Options{})
	body := long(3, 25)
	for i := range 10_000 {
		p := s.Add(Doc{ID: fmt.Sprint("c", i), Title: "Một tựa", Body: body, Time: monday.Add(time.Duration(i) * time.Second)})
		if i > 0 && (p.CopyOf != "c0" || p.Story != "s-c0") {
			t.Fatalf("copy %d: %+v", i, p)
		}
	}
	if st := s.live["s-c0"]; len(st.voices) != 1 {
		t.Errorf("%d voices of one text", len(st.voices))
	}
}

func TestAPersonsPlacingStands(t *testing.T) {
	s := New(Options{})
	for _, d := range reports {
		s.Add(d)
	}
	moved := reports[2]
	moved.Story = "s-d1"
	if p := s.Add(moved); p.Story != "s-d1" {
		t.Fatalf("moved to %s", p.Story)
	}
	if p := s.Add(reports[2]); p.Story != "s-d1" {
		t.Errorf("read again it went back to %s", p.Story)
	}
}

func TestImpossibleDatesJoinByArrival(t *testing.T) {
	for name, told := range map[string]time.Time{
		"tomorrow": monday.Add(26 * time.Hour), "1970": time.Unix(0, 0), "none": {}, "9999": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		s := New(Options{})
		first := reports[0]
		first.Seen = monday
		s.Add(first)
		odd := reports[1]
		odd.Time, odd.Seen = told, monday.Add(2*time.Hour)
		if p := s.Add(odd); p.Story != "s-a1" {
			t.Errorf("dated %s it went to %s", name, p.Story)
		}
		if p := s.Add(reports[2]); p.Story != "s-a1" {
			t.Errorf("after one dated %s the next went to %s", name, p.Story)
		}
	}
}

// Any articles, in any order, twice and after a restart: the same stories.
func TestSameInSameOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Doc {
			base := rapid.SampledFrom(reports).Draw(t, "base")
			base.Outlet = rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "outlet")
			base.Body = long(uint64(rapid.IntRange(0, 4).Draw(t, "body")), rapid.IntRange(0, 6).Draw(t, "length"))
			base.Time = monday.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "hours")) * time.Hour)
			return base
		}), 1, 30).Draw(t, "docs")
		for i := range docs {
			docs[i].ID = fmt.Sprint("n", i)
			docs[i].Seen = monday.Add(time.Duration(i) * time.Hour)
		}
		cut := rapid.IntRange(0, len(docs)).Draw(t, "cut")
		want, twice, got := map[string]Doc{}, map[string]Doc{}, map[string]Doc{}
		merged := run(New(Options{}), docs, want)
		if again := run(New(Options{}), docs, twice); !reflect.DeepEqual(twice, want) || !reflect.DeepEqual(again, merged) {
			t.Fatalf("two runs differ: %+v and %+v", want, twice)
		}
		run(New(Options{}), docs[:cut], got)
		var stored []Doc
		for _, d := range docs[:cut] {
			stored = append(stored, got[d.ID])
		}
		again := New(Options{})
		again.Restore(stored)
		run(again, docs[cut:], got)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("after a restart at %d: %+v, want %+v", cut, got, want)
		}
	})
}

func TestEmptyArticles(t *testing.T) {
	s := New(Options{})
	for i := range 3 {
		if p := s.Add(Doc{ID: fmt.Sprint("empty", i), Time: monday}); !p.Founded {
			t.Errorf("an article without a word joined %s", p.Story)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	docs := make([]Doc, 4000)
	for i := range docs {
		event := uint64(i / 3)
		docs[i] = Doc{
			ID: fmt.Sprint(i), Title: long(event, 1), Lead: long(event+1e6, 2), Body: long(uint64(i)+2e6, 40),
			Time: monday.Add(time.Duration(i) * 17 * time.Second),
		}
	}
	b.ResetTimer()
	for n := 0; n < b.N; {
		s := New(Options{})
		for _, d := range docs {
			s.Add(d)
			if n++; n == b.N {
				break
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// A story that people closed gets nothing more from the machine: what is like
// it, even its copy, tells a story of its own, unless a person puts it there.
func TestALockedStoryIsLeftAlone(t *testing.T) {
	at := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	doc := func(id string, minutes int) Doc {
		return Doc{ID: id, Outlet: "bao-" + id, Title: "Bệnh viện Thanh Lộc hết thuốc, người có thẻ BHYT mua ngoài",
			Lead: "Người bệnh ở bệnh viện Thanh Lộc phải mua thuốc ngoài từ đầu tháng.", Time: at.Add(time.Duration(minutes) * time.Minute)}
	}
	s := New(Options{})
	first := s.Add(doc("a", 0))
	s.Lock([]string{first.Story})
	if p := s.Add(doc("b", 5)); p.Story == first.Story || !p.Founded || p.CopyOf != "" {
		t.Errorf("an article joined a locked story: %+v", p)
	}
	moved := doc("c", 10)
	moved.Story = first.Story
	if p := s.Add(moved); p.Story != first.Story {
		t.Errorf("a person's word did not stand: %+v", p)
	}
	s.Lock(nil)
	if p := s.Add(doc("d", 15)); p.Founded {
		t.Errorf("an unlocked story took nothing: %+v", p)
	}
}
