package pipeline_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"diembao/internal/lists"
	"diembao/internal/news"
	"diembao/internal/pipeline"
)

// The example of the textbooks: ten marked, fifteen caught, five of them marked.
func TestRecaptureExample(t *testing.T) {
	e := pipeline.Recapture(10, 15, 5)
	if math.Abs(e.Total-28.333) > .001 || math.Abs(e.Error*e.Error-34.921) > .001 || e.Low < 20 || e.High < e.Total || !e.Few {
		t.Errorf("%+v", e)
	}
	if e := pipeline.Recapture(20, 20, 20); e.Total != 20 || e.Low != 20 || e.High != 20 {
		t.Errorf("two equal lists: %+v", e)
	}
	if e := pipeline.Recapture(0, 0, 0); e.Total != 0 || e.Low != 0 {
		t.Errorf("two empty lists: %+v", e)
	}
}

// Of 400 worlds with a known number of articles the interval holds the truth
// about as often as it says, and the estimate is not off on the whole.
func TestRecaptureHoldsItsInterval(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const worlds, articles = 400, 300
	held, sum := 0, 0.0
	for range worlds {
		var first, second, both int
		for range articles {
			a, b := r.Float64() < .8, r.Float64() < .3
			if a {
				first++
			}
			if b {
				second++
			}
			if a && b {
				both++
			}
		}
		e := pipeline.Recapture(first, second, both)
		sum += e.Total
		if e.Low <= articles && articles <= e.High {
			held++
		}
	}
	if share := float64(held) / worlds; share < .92 {
		t.Errorf("the 95 %% interval held %.3f of the worlds", share)
	}
	if mean := sum / worlds; math.Abs(mean-articles) > 3 {
		t.Errorf("the mean of the estimates is %.1f, the truth %d", mean, articles)
	}
}

// imported fills the archive with n relevant articles of one paper.
func imported(t *testing.T, h *house, outlet string, n int) []string {
	t.Helper()
	var urls []string
	var lines strings.Builder
	for i := range n {
		url := fmt.Sprintf("https://%s/bao-hiem-xa-hoi-so-%d.html", host(t, h, outlet), i)
		urls = append(urls, url)
		fmt.Fprintf(&lines, `{"url":%q,"title":"Bảo hiểm xã hội số %d","summary":"Chính sách bảo hiểm xã hội.","published":"2026-07-0%dT08:00:00+07:00"}`+"\n", url, i, 1+i%5)
	}
	_, err := h.Import(t.Context(), "kho", strings.NewReader(lines.String()), nil)
	must(t, err)
	_, err = h.Read(t.Context())
	must(t, err)
	return urls
}

func TestCompare(t *testing.T) {
	h := open(t)
	papers := h.press.Papers()
	a, b := papers[0].ID, papers[1].ID
	urls := imported(t, h, a, 10)
	o, _ := h.pack.OutletByID(a)
	l := lists.List{Items: []lists.Item{
		{Line: 2, URL: strings.Replace(urls[0], "https://", "http://www.", 1) + "?utm_source=x", Published: "01/07/2026"},
		{Line: 3, Title: "BẢO HIỂM XÃ HỘI SỐ 1", Outlet: o.Name, Published: "02/07/2026"},
		{Line: 4, Title: "Bảo hiểm xã hội số 2", Published: "03/07/2026"},
		{Line: 5, URL: urls[0], Published: "01/07/2026"},
		{Line: 6, URL: "https://" + host(t, h, b) + "/chua-thay.html", Title: "Chưa thấy", Published: "04/07/2026"},
		{Line: 7, URL: "https://bao-la.example/1", Title: "Lạ", Published: "05/07/2026"},
		{Line: 8, Title: "Bảo hiểm xã hội số 3", Outlet: b, Published: "05/07/2026"},
	}}
	c, err := h.Compare(t.Context(), l, pipeline.CompareOptions{})
	must(t, err)
	if c.List != 6 || c.Repeats != 1 || c.Both != 3 || c.ListOnly != 3 || c.Machine != 10 || c.MachineOnly != 7 || c.Imported != 10 {
		t.Errorf("compared: %+v", c)
	}
	whys := map[int]string{6: "not-announced", 7: "unknown-outlet", 8: "not-announced"}
	for _, m := range c.Missing {
		if whys[m.Line] != m.Why {
			t.Errorf("line %d: %s (%s), want %s", m.Line, m.Why, m.Detail, whys[m.Line])
		}
	}
	if n := pipeline.Recapture(10, 6, 3); c.Estimate != n {
		t.Errorf("estimate %+v, want %+v", c.Estimate, n)
	}
	own, err := h.Compare(t.Context(), l, pipeline.CompareOptions{Crawled: true})
	must(t, err)
	if own.Machine != 0 || own.Both != 0 || own.List != 6 {
		t.Errorf("what was imported is taken for gathered: %+v", own)
	}
}

func TestImportList(t *testing.T) {
	h := open(t)
	paper := h.press.Papers()[0].ID
	l := lists.List{Items: []lists.Item{
		{Line: 2, URL: host(t, h, paper) + "/the-bhyt-1.html", Title: "Thẻ bảo hiểm y tế", Published: "05/07/2026", Outlet: "Tên nào đó"},
		{Line: 3, Title: "Bảo hiểm xã hội trên báo in", Outlet: paper, Medium: "Báo in", Page: "4", Published: "06/07/2026"},
		{Line: 4, URL: "https://www.facebook.com/mau/posts/9", Title: "Bị từ chối thẻ bảo hiểm y tế", Medium: "Facebook", Reach: "1.204"},
		{Line: 5, Title: "Không địa chỉ", Outlet: paper},
		{Line: 6, Title: "Báo chưa có", Outlet: "Báo Chưa Có", Medium: "Báo in"},
	}}
	for i, want := range []int{3, 0} {
		done, err := h.ImportList(t.Context(), "ds.csv", l, "hoa")
		must(t, err)
		if done.Read != 3 || done.New != want || len(done.Bad) != 2 || done.Bad[0].Line != 5 || done.Bad[1].Line != 6 {
			t.Errorf("time %d: %+v", i+1, done)
		}
	}
	_, err := h.Read(t.Context())
	must(t, err)
	forms := map[string]news.Via{}
	var ids []string
	for _, e := range h.all(t) {
		forms[e.Form] = e.Via
		ids = append(ids, e.ID)
	}
	if len(ids) != 3 || forms["print"] != news.Clip || forms["social"] != news.Clip || forms[""] != news.Import {
		t.Errorf("forms and doors: %v", forms)
	}
	clips, err := h.Store.Clips(t.Context(), ids)
	must(t, err)
	for _, c := range clips {
		if c.Medium == "print" && c.Page != "4" || c.Medium == "social" && (c.Reach != 1204 || c.ReachAt.IsZero()) || c.AddedBy != "hoa" {
			t.Errorf("clip %+v", c)
		}
	}
	if len(clips) != 2 {
		t.Errorf("%d clips", len(clips))
	}
}
