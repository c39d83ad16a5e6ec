package judge

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

var told = []news.Article{
	article,
	{ID: "a2", Title: "Huyện Hòa Mạn xin lỗi 312 hộ chậm thẻ", Lead: "Ông Lê Văn Sáo, Giám đốc Bảo hiểm xã hội huyện, hẹn trả thẻ trước ngày 30/11.", Body: "Tập đoàn Viễn Đông làm phần mềm."},
}

func TestReadStory(t *testing.T) {
	one := func(text string, n ...int) string {
		return fmt.Sprintf(`{"sentences":[{"text":%q,"articles":%s}]}`, text, strings.ReplaceAll(fmt.Sprint(n), " ", ","))
	}
	for name, c := range map[string]struct{ answer, why string }{
		"grounded":                {`{"sentences":[{"text":"Người dân Hòa Mạn chờ thẻ ba tháng, bà Trần Thị Bưởi phải trả 1,2 triệu đồng.","articles":[1]},{"text":"Ông Lê Văn Sáo xin lỗi 312 hộ và hẹn trả thẻ trước 30/11.","articles":[2]}]}`, "number"},
		"as written":              {`{"sentences":[{"text":"Người dân Hòa Mạn chờ thẻ ba tháng, bà Trần Thị Bưởi phải trả 1.200.000 đồng.","articles":[1]},{"text":"Ông Lê Văn Sáo xin lỗi 312 hộ và hẹn trả thẻ trước ngày 30/11.","articles":[2, 2]}]}`, ""},
		"two sources":             {one("Theo Lê Văn Sáo, Hòa Mạn xin lỗi bà Trần Thị Bưởi.", 1, 2), ""},
		"begins with grammar":     {one("Ở Hòa Mạn, bà Trần Thị Bưởi chờ thẻ. Nhiều hộ đã nộp tiền.", 1), ""},
		"a number of nobody":      {one("Huyện xin lỗi 400 hộ.", 2), "number"},
		"a number in words":       {one("Huyện xin lỗi ba trăm hộ.", 2), "number"},
		"a number of another":     {one("Huyện xin lỗi 312 hộ.", 1), "number"},
		"a name of nobody":        {one("Ông Phạm Văn Đục xin lỗi.", 2), "name"},
		"a name of another":       {one("Lê Văn Sáo xin lỗi.", 1), "name"},
		"a name that begins":      {one("Sáo xin lỗi.", 1), "name"},
		"half a name":             {one("Bà Trần Thị Hồng phải trả tiền.", 1), "name"},
		"cites nothing":           {one("Huyện xin lỗi."), "citation"},
		"cites what is not there": {one("Huyện xin lỗi.", 3), "citation"},
		"cites article 0":         {one("Huyện xin lỗi.", 0), "citation"},
		"too long":                {one(strings.Repeat("chờ thẻ ", 46), 1), "length"},
		"no sentence":             {`{"sentences":[]}`, "empty"},
		"an empty one":            {one(" ", 1), "empty"},
		"prose":                   {"Huyện xin lỗi 312 hộ.", "json"},
		"another form":            {`{"summary":"Huyện xin lỗi"}`, "json"},
	} {
		got, err := ReadStory(c.answer, told)
		var r *Rejected
		if errors.As(err, &r); c.why != "" && (r == nil || r.Why != c.why) || c.why == "" && (err != nil || len(got) == 0) {
			t.Errorf("%s: %v, %v, want %q", name, got, err, c.why)
		}
	}
	got, err := ReadStory(one("Huyện  Hòa Mạn\nxin lỗi.", 2, 1), told)
	if d := cmp.Diff(Summary{{"Huyện Hòa Mạn xin lỗi.", []string{"a2", "a1"}}}, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestSources(t *testing.T) {
	var many []news.Article
	for i := range 20 {
		many = append(many, news.Article{ID: fmt.Sprint(i)})
	}
	var ids []string
	for _, a := range Sources(many) {
		ids = append(ids, a.ID)
	}
	if got := strings.Join(ids, " "); got != "0 1 2 15 16 17 18 19" {
		t.Errorf("sent are %s", got)
	}
	if len(many) != 20 || many[3].ID != "3" {
		t.Error("choosing changed the story")
	}
}

func FuzzReadStory(f *testing.F) {
	f.Add(`{"sentences":[{"text":"Huyện Hòa Mạn xin lỗi 312 hộ.","articles":[2]}]}`)
	f.Add(`{"sentences":[{"text":"A. B: C","articles":[1,1]}]}`)
	f.Fuzz(func(t *testing.T, answer string) {
		got, err := ReadStory(answer, told)
		var r *Rejected
		if (err == nil) == (len(got) == 0) || err != nil && (!errors.As(err, &r) || r.Why == "") {
			t.Fatalf("%q gives %v, %v", answer, got, err)
		}
		for _, s := range got {
			if s.Text == "" || len(s.Articles) == 0 || len(strings.Fields(s.Text)) > mostWords {
				t.Fatalf("%q gives %+v", answer, s)
			}
			for _, id := range s.Articles {
				if id != "a1" && id != "a2" {
					t.Fatalf("%q cites %q", answer, id)
				}
			}
		}
	})
}
