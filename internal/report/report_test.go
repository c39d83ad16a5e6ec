package report

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
	"diembao/internal/say"
)

var update = flag.Bool("update", false, "write the golden files anew")

var vn = time.FixedZone("+07", 7*60*60)

func at(day, hour int) time.Time { return time.Date(2026, 7, day, hour, 0, 0, 0, vn) }

// week is a small week that fills every section.
func week() Figures {
	f := Figures{
		Title: "Báo cáo tuần", Agency: "Bảo hiểm xã hội Việt Nam",
		From: at(6, 0), To: at(13, 0), AsOf: at(13, 6), Rules: "r1",
		Total:     Count{Publications: 1234, Originals: 1000, Before: 1100},
		Channels:  []Count{{Key: "central", Label: "Báo trung ương", Publications: 800, Originals: 600, Before: 900}, {Key: "local", Label: "Báo địa phương", Publications: 434, Originals: 400}},
		Insurance: []Count{{Key: "bhxh", Label: "BHXH", Publications: 700, Originals: 600, Before: 650}},
		Topics:    []Count{{Key: "pension", Label: "Lương hưu", Publications: 120, Originals: 90, Before: 100}},
		Provinces: []Count{{Key: "an-giang", Label: "An Giang", Publications: 40, Originals: 30, Before: 20}},
		Tone:      []Count{{Key: "negative", Label: "Tiêu cực", Publications: 154, Originals: 120, Before: 130}, {Key: "positive", Label: "Tích cực", Publications: 500, Originals: 400, Before: 450}},
		Roles:     []Count{{Key: "blamed", Label: "Bị phê phán", Publications: 12, Originals: 9, Before: 3}},
		Forms:     []Count{{Key: "interview", Label: "Phỏng vấn", Publications: 7, Originals: 5, Before: 6}},
		Events:    []Count{{Key: "launch", Label: "Lễ ra quân", Publications: 21, Originals: 9}},
		EventsAt:  []Count{{Key: "launch/an-giang", Label: "Lễ ra quân – An Giang", Publications: 21, Originals: 9}},
		EventsN:   1000, People: 2500,
		Series: []Count{{Key: "Giữ lưới", Label: "Giữ lưới", Publications: 3, Originals: 3}},
		Models: []Count{{Key: "Mỗi ngày một nghìn", Label: "Mỗi ngày một nghìn", Publications: 4, Originals: 2}},
		Incidents: []news.Incident{{ID: "i-1", Title: `Người bệnh <b>bị từ chối</b>`, Level: 2, State: news.Open, Score: 0.91, Opened: at(8, 9),
			Reasons: []news.Factor{{Factor: "outlets_negative", Value: 4, Weight: 0.8, Quote: "không nhận thẻ"}}}},
		Stories:   []Line{{Title: "Thẻ & sổ", URL: "https://bao-a.example/1?a=1&b=2", Outlets: 5, Publications: 9}},
		Negative:  []Line{{Title: "Chờ từ sáng", URL: "javascript:alert(1)", Outlet: "Báo A", At: at(8, 9)}},
		SourcesOn: 9, Dark: []Source{{Name: "Báo B", State: "bị chặn", Since: at(7, 3), Why: "403"}},
		Gaps: []Gap{{Name: "Báo B", State: "bị chặn", Why: "403", From: at(7, 3), To: at(8, 5), Hours: 26, Expected: 12.4, Seen: 2}, {Name: "Báo C", State: "ngừng hoạt động", From: at(12, 20), Hours: 4, Expected: 1.2}},
	}
	f.Ledger.All = Alarms{Alerts: 2, True: 1, Unjudged: 1}
	for d := 6; d <= 12; d++ {
		f.Days = append(f.Days, Day{Date: at(d, 0), Publications: d * 10, Negative: d})
		if d == 7 {
			f.Days[1].DarkHours = 21
		}
	}
	return f
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (go test ./internal/report -update writes it anew):\n%s", file, d)
	}
}

func TestCoverageAsText(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		got, err := Text(week(), say.In(lang))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "week."+lang+".txt", got)
	}
}

func TestCoverageAsHTMLIsSafeAndWhole(t *testing.T) {
	got, err := HTML(week(), say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(got)
	for _, want := range []string{"1.234", "12,2 %", "Người bệnh &lt;b&gt;", "12,5 %", "8 trên 9", "Mức 2", "không nhận thẻ", "06/07/2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<b>bị từ chối", `href="javascript:`, "⟨", "<no value>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	golden(t, "week.vi.html", got)
}

func TestEmptyWeekSaysSo(t *testing.T) {
	f := Figures{Title: "Báo cáo tuần", From: at(6, 0), To: at(13, 0)}
	got, err := HTML(f, say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), "Không có sự việc nào trong kỳ.") {
		t.Error("an empty week does not say that it is empty")
	}
}

func TestLetterOfAnIncident(t *testing.T) {
	i := week().Incidents[0]
	i.Updated = at(8, 10)
	a := Alert{Incident: i, Rose: true, From: 1, Means: "Nhiều báo cùng phê phán.", Outlets: 4, Agency: "BHXH Việt Nam",
		Changed: []string{"09:40 Báo B – nêu thêm An Giang"}, Card: "VIỆC CẦN LÀM\n  [ ] 09:15  Gọi bệnh viện.\n", CardHTML: "<h2>Việc cần làm</h2>",
		Page:     "http://127.0.0.1:8080/incident/i-1",
		Articles: []Item{{Title: "Chờ từ sáng", Outlet: "Báo A", URL: "https://bao-a.example/1", Lead: strings.Repeat("rất dài ", 100), At: "09:00 08/07/2026"}}}
	l, err := Compose(a, "truc@bhxh.example", "diembao.example", say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Compose(a, "truc@bhxh.example", "diembao.example", say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(l, again); d != "" {
		t.Errorf("the same incident gives two letters:\n%s", d)
	}
	golden(t, "alert.vi.txt", []byte(l.Subject+"\n\n"+l.Text))
	if strings.Contains(l.HTML, "<b>bị") {
		t.Error("the letter shows page text as HTML")
	}
	a.Hours, a.Picture = "4 bài, “dày” nhất lúc 09:00", []byte("\x89PNG")
	if l, err = Compose(a, "truc@bhxh.example", "diembao.example", say.In("vi")); err != nil {
		t.Fatal(err)
	}
	if len(l.Pictures) != 1 || !strings.Contains(l.HTML, `src="cid:`+l.Pictures[0].ID+`"`) || !strings.Contains(l.HTML, `alt="4 bài, “dày” nhất lúc 09:00"`) || !strings.Contains(l.Text, a.Hours+"\n") {
		t.Errorf("the letter does not show its picture %+v:\n%s\n%s", l.Pictures, l.HTML, l.Text)
	}
}

// halfYear has the alarms of six months, among them a quiet one.
func halfYear() Figures {
	f := week()
	share := func(x float64) *float64 { return &x }
	f.From, f.To = at(1, 0), at(1, 0).AddDate(0, 6, 0)
	f.AsOf, f.Sections = f.To.Add(6*time.Hour), []string{"figures", "alarms"}
	f.Days = nil
	for i := range 184 {
		f.Days = append(f.Days, Day{Date: f.From.AddDate(0, 0, i), Publications: 20 + i%7*3, Negative: i % 5})
	}
	f.Ledger = Ledger{All: Alarms{Alerts: 9, True: 4, Late: 1, False: 2, Unjudged: 2, Missed: 1, Precision: share(5.0 / 7), Recall: share(5.0 / 6), InTime: share(4.0 / 6)}}
	for i, a := range []Alarms{{Alerts: 2, True: 2, Precision: share(1), Recall: share(1), InTime: share(1)}, {Alerts: 3, True: 1, Late: 1, False: 1, Precision: share(2.0 / 3), Recall: share(1), InTime: share(.5)},
		{}, {Alerts: 1, False: 1, Precision: share(0)}, {Missed: 1, Recall: share(0), InTime: share(0)}, {Alerts: 3, True: 1, Unjudged: 2, Precision: share(1), Recall: share(1), InTime: share(1)}} {
		a.Month = f.From.AddDate(0, i, 0)
		f.Ledger.Months = append(f.Ledger.Months, a)
	}
	f.Ledger.Alerts = []Alarmed{{Title: "Chờ <i>từ sáng</i>", At: at(3, 9), Level: 2, Verdict: "true", Who: "Lan"}, {Title: "Nghỉ việc tập thể", At: at(4, 9).AddDate(0, 4, 0), Verdict: "missed", Who: "Hoa"},
		{Title: "Trạm y tế hết thuốc", At: at(5, 9).AddDate(0, 5, 0), Level: 3, Verdict: "none"}}
	return f
}

// Half a year tells of its alarms month by month, in a picture and in words; a
// week in one line.
func TestAlarmsOfAHalfYear(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		page, err := HTML(halfYear(), say.In(lang))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "half-year."+lang+".html", page)
		if strings.Contains(string(page), "<i>từ sáng") {
			t.Error("the report shows page text as HTML")
		}
		plain, err := Text(halfYear(), say.In(lang))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "half-year."+lang+".txt", plain)
	}
	for _, c := range alarmColumns(halfYear().Ledger.Months) {
		floor := alarmFloor
		for _, b := range c.Blocks {
			if b.High < 1 || b.Y+b.High != floor {
				t.Errorf("%s: a block of %d at %d does not stand on %d", c.Month, b.High, b.Y, floor)
			}
			floor = b.Y
		}
	}
}

// An outage has one letter at its beginning and one at its end, in one thread.
func TestLettersOfAnOutage(t *testing.T) {
	o := Outage{ID: "g-1", Outlet: "Báo B", State: "ngừng hoạt động", Mend: "Mở trang báo.", Evidence: "the server <refuses> connections",
		From: at(7, 3), At: at(7, 6), Expected: 4.25, Agency: "BHXH Việt Nam", Page: "http://127.0.0.1:8080/outlets"}
	dark, err := ComposeOutage(o, "may@bhxh.example", "diembao.example", say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	o.Back, o.At = at(8, 5), at(8, 6)
	back, err := ComposeOutage(o, "may@bhxh.example", "diembao.example", say.In("vi"))
	if err != nil {
		t.Fatal(err)
	}
	if dark.Thread != back.Thread || dark.Subject != back.Subject || dark.Key == back.Key || dark.MessageID == back.MessageID {
		t.Errorf("the two letters: %+v and %+v", dark, back)
	}
	if strings.Contains(dark.HTML, "<refuses>") {
		t.Error("the letter shows evidence as HTML")
	}
	golden(t, "outage.vi.txt", []byte(dark.Subject+"\n\n"+dark.Text+"\n=====\n\n"+back.Text))
}

func TestExcerptHoldsItsBound(t *testing.T) {
	got := Excerpt(strings.Repeat("điều trị ", 200))
	if n := len([]rune(got)); n > ExcerptLen || !strings.HasSuffix(got, "…") {
		t.Errorf("excerpt of %d letters: %q", n, got)
	}
	if got := Excerpt("ngắn"); got != "ngắn" {
		t.Errorf("a short text became %q", got)
	}
}
