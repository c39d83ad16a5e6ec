package story

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// Two sides of one event that the first reports tell apart, and later ones together.
var sides = []Doc{
	{ID: "t1", Title: "Bệnh viện Thanh Lộc hết thuốc tiểu đường", Lead: "Người có thẻ phải mua insulin ngoài cổng với giá gấp ba.", Time: monday},
	{ID: "t2", Title: "Hết thuốc tiểu đường, người có thẻ mua insulin ngoài cổng", Lead: "Bệnh viện Thanh Lộc nói đang chờ thầu.", Time: monday.Add(time.Hour)},
	{ID: "g1", Title: "Giám đốc Trần Bá Lãm bị đình chỉ công tác", Lead: "Sở Y tế đình chỉ ông Trần Bá Lãm mười lăm ngày để kiểm tra việc đấu thầu.", Time: monday.Add(2 * time.Hour)},
	{ID: "g2", Title: "Đình chỉ giám đốc Trần Bá Lãm vì sai phạm đấu thầu", Lead: "Quyết định của Sở Y tế có hiệu lực ngay, ông Trần Bá Lãm phải giải trình.", Time: monday.Add(3 * time.Hour)},
	{ID: "b1", Title: "Giám đốc bệnh viện Thanh Lộc Trần Bá Lãm bị đình chỉ vì hết thuốc tiểu đường",
		Lead: "Người có thẻ phải mua insulin ngoài cổng, Sở Y tế đình chỉ ông Trần Bá Lãm để kiểm tra đấu thầu.", Time: monday.Add(4 * time.Hour)},
	{ID: "b2", Title: "Vụ hết thuốc tiểu đường ở bệnh viện Thanh Lộc: đình chỉ giám đốc Trần Bá Lãm",
		Lead: "Sở Y tế kiểm tra đấu thầu insulin sau khi người có thẻ phải mua thuốc ngoài cổng.", Time: monday.Add(4*time.Hour + 5*time.Minute)},
}

// told tells a memory the sides of the event and lets the hour pass; what it
// merged comes back.
func told(s *Stories, docs ...Doc) []Merged {
	for _, d := range docs {
		s.Add(d)
	}
	next := reports[3]
	next.Time = docs[len(docs)-1].Time.Add(time.Hour)
	return s.Add(next).Merged
}

func TestStoriesThatGrowTogetherAreMerged(t *testing.T) {
	s := New(Options{})
	if s.Add(sides[0]); s.Add(sides[2]).Story == "s-t1" {
		t.Fatal("the two sides were one story from the start: the test shows nothing")
	}
	s = New(Options{})
	merged := told(s, sides...)
	if len(merged) != 1 || merged[0].From != "s-g1" || merged[0].Into != "s-t1" || len(merged[0].Why) == 0 {
		t.Fatalf("merged %+v, want s-g1 into s-t1", merged)
	}
	if st := s.live["s-t1"]; len(st.articles) != len(sides) || s.live["s-g1"] != nil {
		t.Errorf("%d articles in the elder story, want %d; the younger lives: %v", len(st.articles), len(sides), s.live["s-g1"] != nil)
	}
	late := sides[3]
	late.ID, late.Time = "g3", monday.Add(6*time.Hour)
	if p := s.Add(late); p.Story != "s-t1" {
		t.Errorf("a later report of the younger side went to %s", p.Story)
	}
}

func TestWhatPeopleHoldIsNotMerged(t *testing.T) {
	held := append([]Doc(nil), sides...)
	held[3].Story, held[3].Held = "s-g1", true
	if merged := told(New(Options{}), held...); len(merged) != 0 {
		t.Errorf("a story with an article that a person put there was merged: %+v", merged)
	}
	s := New(Options{})
	s.Lock([]string{"s-t1"})
	if merged := told(s, sides...); len(merged) != 0 {
		t.Errorf("a closed story was merged: %+v", merged)
	}
}

// saga is n reports over days of one long affair, each in words of its own.
func saga(n int, days float64) []Doc {
	var docs []Doc
	for i := range n {
		docs = append(docs, Doc{
			ID: fmt.Sprint("saga", i), Title: "Xét xử vụ án quỹ hưu trí Nam Hải: Đỗ Quang Vinh khai " + syllable(uint64(i)*37),
			Lead: "Tòa Bến Lũy xét xử cựu chủ tịch Đỗ Quang Vinh cùng mười hai bị cáo tham ô tiền đóng của người lao động; " + long(uint64(i)+1e6, 2),
			Time: monday.Add(time.Duration(float64(i) / float64(n) * days * 24 * float64(time.Hour))),
		})
	}
	return docs
}

// What follows from a long affair founds a branch that names it; the affair itself goes on.
func TestALongStoryBranches(t *testing.T) {
	own := Options{Copy: 2} // that no report is a copy is not what is asked here
	s := New(own)
	for _, d := range saga(40, 12) {
		if p := amongOthers(s, d); p.Story != "s-saga0" {
			t.Fatalf("%s went to %s with %.2f: the saga is no saga", d.ID, p.Story, p.Similarity)
		}
	}
	new := Doc{ID: "child", Title: "Sau vụ án quỹ hưu trí Nam Hải: Quốc hội bàn giám sát chặt các quỹ bổ sung tự nguyện",
		Lead: "Đại biểu đề nghị giám sát các quỹ bổ sung tự nguyện, lập hội đồng độc lập, công khai danh mục đầu tư hằng quý.", Time: monday.Add(12 * 24 * time.Hour)}
	p := s.Add(new)
	if !p.Founded || p.Parent != "s-saga0" {
		t.Fatalf("the debate went to %+v, want a branch of s-saga0", p)
	}
	next := new
	next.ID, next.Title = "child2", "Quốc hội bàn giám sát quỹ bổ sung, lập hội đồng độc lập"
	if q := s.Add(next); q.Story != p.Story {
		t.Errorf("a second report of the debate went to %+v, not to the branch", q)
	}
	if q := s.Add(saga(41, 12)[40]); q.Story != "s-saga0" {
		t.Errorf("a further report of the affair went to %+v", q)
	}
	short := New(own)
	for _, d := range saga(40, 2) {
		amongOthers(short, d)
	}
	new.Time = monday.Add(2 * 24 * time.Hour)
	if q := short.Add(new); q.Story != "s-saga0" {
		t.Errorf("an affair of two days has a branch: %+v", q)
	}
}

// amongOthers adds a report after eight of other things: an affair is never all the news.
func amongOthers(s *Stories, d Doc) Placed {
	for j := range uint64(8) {
		seed := hash(d.ID)%1e6*10 + j
		s.Add(Doc{ID: d.ID + fmt.Sprint("-beside", j), Title: long(seed, 1), Lead: long(seed+1e8, 2), Time: d.Time})
	}
	return s.Add(d)
}

// drifting is a stream in which events drift into one another, so that stories
// join, merge and branch.
func drifting(n int) []Doc {
	var docs []Doc
	side := func(event, side uint64) string { return long(event*10+side, 1) }
	for i := range n {
		event, r := uint64(i/30), mix(uint64(i))
		title, lead := side(event, r%2), side(event, r%2)
		if i%30 > 15 { // by then both sides are told together
			lead = side(event, 1-r%2)
		}
		docs = append(docs, Doc{
			ID: fmt.Sprint("d", i), Title: title, Lead: lead + long(r, 4), // more of its own than would make it a copy
			Time: monday.Add(time.Duration(i) * 11 * time.Minute),
		})
	}
	return docs
}

// run places documents and returns where they are in the end, by id, and what was merged.
func run(s *Stories, docs []Doc, in map[string]Doc) []Merged {
	var all []Merged
	for _, d := range docs {
		p := s.Add(d)
		all = append(all, p.Merged...)
		for _, m := range p.Merged {
			for id, other := range in {
				if other.Story == m.From {
					other.Story = m.Into
				}
				if other.Parent == m.From {
					other.Parent = m.Into
				}
				in[id] = other
			}
		}
		d.Story, d.Parent, d.CopyOf = p.Story, p.Parent, p.CopyOf
		in[d.ID] = d
	}
	return all
}

func TestARestartMergesTheSame(t *testing.T) {
	docs, want := drifting(600), map[string]Doc{}
	merged := run(New(Options{}), docs, want)
	if len(merged) < 3 {
		t.Fatalf("%d merges: the stream shows nothing", len(merged))
	}
	for cut := 7; cut < len(docs); cut += 61 {
		got := map[string]Doc{}
		before := run(New(Options{}), docs[:cut], got)
		var stored []Doc
		for _, d := range docs[:cut] {
			stored = append(stored, got[d.ID])
		}
		again := New(Options{})
		again.Restore(stored)
		after := run(again, docs[cut:], got)
		if all := append(before, after...); !reflect.DeepEqual(all, merged) {
			t.Errorf("stopped after %d: merged %d, want %d:\n%+v\n%+v", cut, len(all), len(merged), all, merged)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("stopped after %d the stories are others", cut)
		}
	}
}
