package eval

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
	"diembao/internal/when"
)

// Three invented stories: a crisis that is heard of at its second paper, one
// that nothing hears, and a benign one that cries wolf.
var threeScripts = map[string]string{
	"a.json": `{"id":"het-thuoc","kind":"shortage","crisis":true,"target":"hospital","articles":[
		{"minute":0,"outlet":"Báo A","domain":"bao-a.vn","title":"Người có thẻ BHYT ở bệnh viện Thanh Lộc phải mua thuốc ngoài","summary":"Bệnh viện Thanh Lộc hết thuốc từ ngày {d-1}."},
		{"minute":60,"outlet":"Báo B","domain":"bao-b.vn","title":"Bệnh viện Thanh Lộc hết thuốc, người có thẻ BHYT mua ngoài","summary":"Người bệnh bệnh viện Thanh Lộc kêu cứu."},
		{"minute":120,"outlet":"Báo C","domain":"bao-c.vn","title":"Bệnh viện Thanh Lộc nói gì về việc người có thẻ BHYT mua thuốc ngoài","summary":"Bệnh viện Thanh Lộc hết thuốc."}]}`,
	"b.json": `{"id":"khong-ai-nghe","kind":"unheard","crisis":true,"target":"policy","articles":[
		{"minute":0,"outlet":"Báo A","domain":"bao-a.vn","title":"Chuyện chẳng ai để ý","summary":"Không có gì."},
		{"minute":30,"outlet":"Báo B","domain":"bao-b.vn","title":"Vẫn chẳng ai để ý","summary":"Không có gì."}]}`,
	"c.json": `{"id":"hoi-nghi","kind":"meeting","crisis":false,"target":"none","articles":[
		{"minute":0,"outlet":"Báo B","domain":"bao-b.vn","title":"Hội nghị BHYT ở Bình Sơn có nhiều góp ý","summary":"Đại biểu nói về hội nghị Bình Sơn."},
		{"minute":45,"outlet":"Báo C","domain":"bao-c.vn","title":"Nhiều góp ý tại hội nghị BHYT ở Bình Sơn","summary":"Hội nghị Bình Sơn kéo dài một ngày."},
		{"minute":90,"outlet":"Báo D","domain":"bao-d.vn","title":"Góp ý nhiều ở hội nghị BHYT Bình Sơn","summary":"Hội nghị Bình Sơn bế mạc."}]}`,
}

func scripts(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// quietWeeks is a stream of weather, twice a day.
func quietWeeks(from time.Time, weeks int) io.Reader {
	var b strings.Builder
	for i := range weeks * 14 {
		at := from.Add(time.Duration(i) * 12 * time.Hour)
		fmt.Fprintf(&b, `{"url":"https://bao-%c.vn/troi-%d","outlet":"Báo","title":"Trời hôm nay","published":%q}`+"\n", 'a'+i%2, i, at.Format(time.RFC3339))
	}
	return strings.NewReader(b.String())
}

var summer = time.Date(2025, 7, 7, 6, 0, 0, 0, vietnam)

func measured(t *testing.T, change func(*CrisisOptions)) (CrisisFigures, []byte) {
	t.Helper()
	var out bytes.Buffer
	o := CrisisOptions{Seeds: 3, Onsets: "any", Out: &out, Known: func(string, string) bool { return true }}
	o.Stages, o.Rules = stages(t)
	change(&o)
	f, err := Crisis([]string{scripts(t, threeScripts)}, []io.Reader{quietWeeks(summer, 5)}, o)
	if err != nil {
		t.Fatal(err)
	}
	return f, out.Bytes()
}

// What is known of the three stories comes out as figures.
func TestCrisisFigures(t *testing.T) {
	f, _ := measured(t, func(*CrisisOptions) {})
	if f.Weeks != 5 || f.From != "2025-07-07" || f.To != "2025-08-10" || f.Background != 70 {
		t.Errorf("the stream: %+v", f)
	}
	if f.Planted != 6 || f.Found != 3 || f.Recall != 0.5 || f.False != 3 || f.FalsePerWeek != 0.2 || f.BackgroundPerWeek != 0 {
		t.Errorf("rates %+v; want one of two crises found and one false alarm in each of three streams", f.Rates)
	}
	if len(f.Missed) != 1 || f.Missed[0] != (ScriptCount{"khong-ai-nghe", "unheard", 3}) {
		t.Errorf("missed %v", f.Missed)
	}
	if len(f.FalseOn) != 1 || f.FalseOn[0] != (ScriptCount{"hoi-nghi", "meeting", 3}) {
		t.Errorf("false on %v", f.FalseOn)
	}
	if f.Kinds[0].Name != "unheard" || f.Kinds[0].Recall != 0 || f.Kinds[1].Recall != 1 {
		t.Errorf("kinds %+v", f.Kinds)
	}
	if k := f.Kinds[1]; k.Ratio == nil || *k.Ratio >= 1 || *k.Minutes < 50 {
		t.Errorf("the crisis was heard of after %v minutes, %v of its third article's; want at the second", k.Minutes, k.Ratio)
	}
	if f.Minutes != nil {
		t.Errorf("median %v minutes, want none: half were missed", *f.Minutes)
	}
	for i := 1; i < len(f.Curve); i++ {
		if f.Curve[i].Recall > f.Curve[i-1].Recall || f.Curve[i].False > f.Curve[i-1].False {
			t.Errorf("a higher threshold hears more: %+v, %+v", f.Curve[i-1], f.Curve[i])
		}
	}
	if last := f.Curve[len(f.Curve)-1]; last.False != 0 {
		t.Errorf("at threshold %g still %d false alarms", last.Threshold, last.False)
	}
	if f.Calibration.Stories != 6 || f.Calibration.Crises != 3 {
		t.Errorf("calibration %+v", f.Calibration)
	}
}

// The same seeds give the same bytes, however the runs share the processors.
func TestCrisisRepeats(t *testing.T) {
	change := func(o *CrisisOptions) { o.Noise = Noises }
	one, alertsOne := measured(t, change)
	two, alertsTwo := measured(t, change)
	a, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(two)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) || !bytes.Equal(alertsOne, alertsTwo) || len(alertsOne) == 0 {
		t.Errorf("figures or alerts differ: %s", cmp.Diff(one, two))
	}
	if len(one.Noise) != 2 || one.Noise[1].Shipped.Planted != 6 {
		t.Errorf("noise %+v", one.Noise)
	}
}

// Only articles of the stream's own papers are planted when asked; stories with
// fewer than two of them are left out.
func TestCrisisOwnOutlets(t *testing.T) {
	f, answers := measured(t, func(o *CrisisOptions) { o.BackgroundOutletsOnly = true })
	if f.Scripts != 2 || bytes.Contains(answers, []byte("bao-c.vn")) {
		t.Errorf("%d scripts; want the two with papers A and B alone", f.Scripts)
	}
}

// What is wrong with a script is told with its file and place.
func TestCrisisRefuses(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"x.json, line 3":             {"x.json": "{\"id\":\"x\",\n\"crisis\":true,\n\"articles\":[{]}"},
		"x.json, line 2":             {"x.json": "{\"id\":\"x\",\n\"crisis\":\"yes\"}"},
		"x.json, article 2":          {"x.json": `{"id":"x","articles":[{"domain":"a.vn","title":"T"},{"minute":3,"title":"T"}]}`},
		"needs an id":                {"x.json": `{"id":"x","articles":[]}`},
		"is that of":                 {"x.json": threeScripts["a.json"], "y.json": threeScripts["a.json"]},
		"there is no story in":       {},
		"holds no article with":      {"x.json": threeScripts["a.json"]},
		"no script has two":          {"x.json": threeScripts["c.json"]},
		"streams with onsets \"no\"": {"x.json": threeScripts["a.json"]},
	} {
		o := CrisisOptions{Seeds: 1, Onsets: "any", Known: func(string, string) bool { return true }}
		o.Stages, o.Rules = stages(t)
		stream := quietWeeks(summer, 5)
		switch want {
		case "holds no article with":
			stream = strings.NewReader("")
		case "no script has two":
			o.BackgroundOutletsOnly = true
		case "streams with onsets \"no\"":
			o.Onsets = "no"
		}
		_, err := Crisis([]string{scripts(t, files)}, []io.Reader{stream}, o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// An outlet that nobody would have collected is named with its place.
func TestCrisisStrangers(t *testing.T) {
	f, _ := measured(t, func(o *CrisisOptions) {
		o.Known = func(_, domain string) bool { return domain != "bao-d.vn" }
	})
	if want := []string{"c.json, article 3: Báo D (bao-d.vn)"}; cmp.Diff(want, f.Strangers) != "" {
		t.Errorf("unknown outlets %q, want %q", f.Strangers, want)
	}
}

// Stories break when they are asked to, crises a day apart, and leave room to be told.
func TestOnsets(t *testing.T) {
	all, err := readScripts([]string{scripts(t, threeScripts)})
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 19, 0, 0, 0, 0, vietnam)
	suits := map[string]func(time.Time) bool{
		"any":     func(time.Time) bool { return true },
		"day":     func(at time.Time) bool { return at.Weekday() != time.Sunday && at.Hour() >= 7 && at.Hour() < 17 },
		"night":   func(at time.Time) bool { return at.Hour() >= 18 && at.Hour() <= 23 },
		"sunday":  func(at time.Time) bool { return at.Weekday() == time.Sunday },
		"holiday": func(at time.Time) bool { return when.Holiday(at) != "" },
		"tet":     func(at time.Time) bool { return when.Holiday(at) == tetHoliday },
	}
	for _, onsets := range Onsets {
		for seed := range 20 {
			stories := newComposer(onsets, from, from.AddDate(0, 0, 49), seed).plant(all)
			if len(stories) != len(all) {
				t.Fatalf("%s: %d stories planted, want %d", onsets, len(stories), len(all))
			}
			var crises []time.Time
			for _, s := range stories {
				if !suits[onsets](s.onset()) {
					t.Errorf("%s: %s breaks at %s", onsets, s.ID, s.onset())
				}
				if s.Crisis {
					crises = append(crises, s.onset())
				}
			}
			if crises[0].Sub(crises[1]).Abs() < apart {
				t.Errorf("%s: crises at %s and %s", onsets, crises[0], crises[1])
			}
		}
	}
	two := all[:2] // a window of a day holds one crisis
	if n := len(newComposer("any", from, from.AddDate(0, 0, 1), 1).plant(two)); n != 1 {
		t.Errorf("%d crises planted in a narrow window, want 1", n)
	}
}

// A stream that ends before Tết is moved by whole weeks until Tết lies in it.
func TestToTet(t *testing.T) {
	to := time.Date(2026, 2, 1, 0, 0, 0, 0, vietnam)
	moved := toTet(to)
	if moved%(7*24*time.Hour) != 0 || when.Holiday(to.Add(moved).AddDate(0, 0, -8)) == tetHoliday || when.Holiday(time.Date(2026, 2, 17, 0, 0, 0, 0, vietnam)) != tetHoliday {
		t.Errorf("moved by %s", moved)
	}
	if !to.Add(moved).After(time.Date(2026, 2, 24, 0, 0, 0, 0, vietnam)) || moved > 5*7*24*time.Hour {
		t.Errorf("moved by %s; the first of Tết is 17/2/2026", moved)
	}
}

// Dates in a script's text are those of the day it comes out.
func TestDated(t *testing.T) {
	at := time.Date(2026, 1, 1, 8, 0, 0, 0, vietnam)
	for domain, want := range map[string]string{"bao-a.vn": "31/12 3/1 1 12 2 2025", "thanhnien.vn": "31.12 3.1 1 12 2 2025", "tuoitre.vn": "31-12 3-1 1 12 2 2025"} {
		if got := dated("{d-1} {d+2} {m} {m-1} {m+1} {y-1}", at, domain); got != want {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
}

// An alarm belongs to a script by half of its addresses or by three; what is
// false counts once an incident.
func TestJudgeAlarms(t *testing.T) {
	told := func(id string, crisis bool, urls ...string) planted {
		p := planted{crisisScript: crisisScript{ID: id, Crisis: crisis}}
		for i, u := range urls {
			p.items = append(p.items, StreamItem{URL: u, at: summer.Add(time.Duration(i) * time.Hour)})
		}
		return p
	}
	own := owners([]planted{told("c", true, "c1", "c2", "c3"), told("b", false, "b1", "b2", "b3")})
	at := summer.Add(2 * time.Hour)
	v := own.judge([]alarm{
		{at: summer, level: 1, incident: "1", urls: []string{"c1"}},
		{at: at, level: 2, incident: "1", urls: []string{"c1", "x"}},
		{at: at.Add(1), level: 3, incident: "1", urls: []string{"c1", "c2", "c3", "x", "y", "z", "w"}},
		{at: at, level: 2, incident: "2", urls: []string{"b1", "b2"}},
		{at: at, level: 3, incident: "2", urls: []string{"b1", "b2"}},
		{at: at, level: 2, incident: "3", urls: []string{"b1", "x", "y"}},
		{at: at, level: 2, incident: "4", urls: []string{"x"}},
		{at: at, level: 3, incident: "4", urls: []string{"x", "y"}},
	})
	if len(v.found) != 1 || !v.found["c"].at.Equal(at) {
		t.Errorf("found %v, want c at %s", v.found, at)
	}
	if want := []wrongAlarm{{"2", "b"}, {"3", lumped}}; cmp.Diff(want, v.wrong, cmp.AllowUnexported(wrongAlarm{})) != "" {
		t.Errorf("wrong %v, want %v", v.wrong, want)
	}
	if len(v.background) != 1 || v.background[0].incident != "4" {
		t.Errorf("background %v", v.background)
	}
}

// Rules that count: two a day for two weeks, then twelve in a day.
func TestVolumeRules(t *testing.T) {
	from := when.StartOfDay(summer)
	var seen []sighting
	add := func(day, n int) {
		for i := range n {
			seen = append(seen, sighting{at: from.AddDate(0, 0, day).Add(time.Duration(8*60+i*20) * time.Minute), url: fmt.Sprint(day, i), topic: "thuoc", story: fmt.Sprint(day)})
		}
	}
	for day := range 14 {
		add(day, 2+day%2)
	}
	add(14, 12)
	for _, rule := range volumeRules() {
		got := rule.alarms(seen, from)
		first := map[string]int{ // the number today that each must wait for
			"today ÷ 7-day mean ≥ k2": 6, "today ÷ 7-day mean ≥ k3": 8, "today ÷ 7-day mean ≥ k4": 11, "today ÷ 7-day mean ≥ k6": 0,
			"24 h ≥ k articles4": 4, "24 h ≥ k articles5": 5, "EARS C2, day3": 5,
			"24 h > 7-day mean + k·sd6": 6,
		}
		want, tested := first[fmt.Sprint(rule.Rule, rule.K)]
		switch {
		case !tested:
		case want == 0 && len(got) != 0, want > 0 && len(got) != 1:
			t.Errorf("%s on %s, k %g: %d alarms", rule.Rule, rule.On, rule.K, len(got))
		case want > 0 && !got[0].at.Equal(seen[len(seen)-12+want-1].at):
			t.Errorf("%s on %s, k %g: at %s with %d articles, want at article %d of the day", rule.Rule, rule.On, rule.K, got[0].at, len(got[0].urls), want)
		}
	}
}

// The noise has the measure it says, and is the same every time.
func TestMishear(t *testing.T) {
	heard, alarmed := 0, 0
	const n = 20_000
	for i := range n {
		bad, good := news.Reading{Tone: "negative"}, news.Reading{Tone: "neutral", Heard: "neutral"}
		mishear(fmt.Sprint("a", i), &bad)
		mishear(fmt.Sprint("b", i), &good)
		if bad.Tone == "negative" {
			heard++
		}
		if tone, _ := good.Tense(); tone == "negative" {
			alarmed++
		}
	}
	if math.Abs(float64(heard)/n-sensitivity) > 0.01 || math.Abs(1-float64(alarmed)/n-specificity) > 0.01 {
		t.Errorf("sensitivity %g, specificity %g", float64(heard)/n, 1-float64(alarmed)/n)
	}
}

// Scores that are right in their tenth are no gap; sure and wrong ones are.
func TestCalibrate(t *testing.T) {
	c := calibrate([]seedRun{{scored: []scored{{score: 0.95, crisis: true}, {score: 0.95, crisis: true}, {score: 0.05}, {score: 0.95}}}})
	if c.Stories != 4 || c.Crises != 2 || len(c.Bins) != 2 || c.Bins[1].Share != 0.6667 {
		t.Errorf("%+v", c)
	}
	if want := (3*0.05*0.05 + 0.95*0.95) / 4; math.Abs(c.Brier-want) > 1e-4 {
		t.Errorf("Brier %g, want %g", c.Brier, want)
	}
	if want := 0.75*(0.95-2.0/3) + 0.25*0.05; math.Abs(c.ECE-want) > 1e-4 {
		t.Errorf("ECE %g, want %g", c.ECE, want)
	}
}

// A few articles with dates of years ago make a stream no longer.
func TestWindow(t *testing.T) {
	var items []StreamItem
	for day := range 10 {
		for i := range 20 {
			items = append(items, StreamItem{at: summer.AddDate(0, 0, day).Add(time.Duration(i) * time.Minute)})
		}
	}
	items = append(items, StreamItem{at: summer.AddDate(-1, 0, 0)})
	from, to := window(items)
	if !from.Equal(when.StartOfDay(summer)) || !to.Equal(from.AddDate(0, 0, 10)) {
		t.Errorf("%s to %s", from, to)
	}
}

// The chart is a picture as it should be: whole, the same every time, with a
// mark for the threshold that ships where its figures are and one for each
// rule that has any.
func TestChart(t *testing.T) {
	f, _ := measured(t, func(o *CrisisOptions) { o.Noise = Noises })
	f.FalsePerWeek, f.BackgroundPerWeek, f.Recall = 0.06, 0.04, 0.75
	picture, err := f.Chart()
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the chart is no XML: %v", err)
		}
	}
	// 0.1 alarms a week is a third of the three decades, 0.75 a quarter from the top.
	if want := `<g transform="translate(113.3 65.0)"><circle class="ring" r="6"/>`; !bytes.Contains(picture, []byte(want)) {
		t.Errorf("the threshold that ships is not at %s:\n%s", want, picture)
	}
	if p := f.recallPanel(); len(p.Marks) < len(f.Volume)+1 || len(p.Lines) != 3 {
		t.Errorf("%d marks and %d lines of %d rules and two noises", len(p.Marks), len(p.Lines), len(f.Volume))
	}
	for _, p := range []panel{f.recallPanel(), f.delayPanel(), f.calibrationPanel()} {
		for _, m := range p.Marks {
			if m.X < 0 || m.X > panelWide || m.Y < 0 || m.Y > panelHigh || math.IsNaN(m.X+m.Y) {
				t.Errorf("%s: %+v is outside", p.Title, m)
			}
		}
	}
	if again, err := f.Chart(); err != nil || !bytes.Equal(picture, again) {
		t.Error("the same figures give two charts")
	}
}

// Each stratum tells how many different stories it holds, and one without any is named.
func TestStrataOfFew(t *testing.T) {
	f, _ := measured(t, func(o *CrisisOptions) { o.Onsets = "tet" })
	i := slices.IndexFunc(f.Strata, func(g Group) bool { return g.Name == "tet" })
	if i < 0 || f.Strata[i].Planted != f.Planted || f.Strata[i].Scripts != 2 || !f.Strata[i].Few() {
		t.Errorf("strata %+v of %d crises", f.Strata, f.Planted)
	}
	if !slices.Contains(f.Unseen, "working hours") || slices.Contains(f.Unseen, "tet") {
		t.Errorf("without crises: %v", f.Unseen)
	}
	if f.Moved == 0 || f.Moved != math.Trunc(f.Moved) {
		t.Errorf("the clock was moved by %g weeks", f.Moved)
	}
}
