package eval

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/story"
)

// A stream of three papers' bad news of one event among other news, out of
// order, with an address for a date and an offset that does not exist.
const stream = `
{"url":"https://bao-b.vn/2","outlet":"Báo B","title":"Bệnh viện Thanh Lộc hết thuốc, người có thẻ BHYT mua ngoài","summary":"Người bệnh bệnh viện Thanh Lộc kêu cứu.","published":"2026-03-03T09:00:00+07:07"}
{"url":"https://bao-a.vn/1","outlet":"Báo A","title":"Người có thẻ BHYT ở bệnh viện Thanh Lộc phải mua thuốc ngoài","summary":"Bệnh viện Thanh Lộc hết thuốc.","published":"2026-03-03T08:00:00+07:00"}
{"link":"https://bao-c.vn/thuoc-20260303100000123.htm","source":"Báo C","title":"Bệnh viện Thanh Lộc nói gì về việc người có thẻ BHYT mua thuốc ngoài","summary":"Bệnh viện Thanh Lộc hết thuốc từ đầu tháng.","published":"","fetched":"2026-03-03T12:00:00+07:00"}
{"url":"https://bao-a.vn/3","outlet":"Báo A","title":"Thời tiết hôm nay","summary":"Nắng.","published":"2026-03-03T09:30:00+07:00"}
{"url":"https://bao-a.vn/4","outlet":"Báo A","title":"Không rõ ngày","summary":"","published":"hôm qua"}
`

// stages are simple ones: what names BHYT is bad news of a hospital.
func stages(t *testing.T) (func() *Replay, config.Crisis) {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	return func() *Replay {
		stories := story.New(story.Options{})
		return &Replay{
			Outlet: func(a news.Article) config.Outlet {
				return config.Outlet{ID: news.Host(a.URL), Name: a.Outlet, Kind: "press", Reach: "national"}
			},
			Read: func(a news.Article, _ time.Time) (news.Reading, []news.Mention) {
				if !strings.Contains(a.Title, "BHYT") {
					return news.Reading{}, nil
				}
				return news.Reading{Relevant: true, Tone: "negative", Role: "none", Target: "hospital", Risk: 2}, nil
			},
			Place: func(a news.Article, r news.Reading) []Settled {
				if !r.Relevant {
					return nil
				}
				return []Settled{{a, r, stories.Add(story.Doc{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Lead: a.Lead, Time: a.Published, Seen: a.FirstSeen})}}
			},
			Decide: crisis.Compile(pack.Crisis).Decide,
		}
	}, pack.Crisis
}

func replayed(t *testing.T) (ReplayFigures, []ReplayAlert) {
	anew, _ := stages(t)
	r, alerts := anew(), strings.Builder{}
	r.Alerts = &alerts
	f, err := r.Run(strings.NewReader(strings.TrimSpace(stream)))
	if err != nil {
		t.Fatal(err)
	}
	var out []ReplayAlert
	for line := range strings.Lines(alerts.String()) {
		var a ReplayAlert
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return f, out
}

func TestReplayRunsOnTheArticlesOwnClock(t *testing.T) {
	f, alerts := replayed(t)
	if f.Articles != 4 || f.Bad != 1 || f.Relevant != 3 || f.Stories != 1 || f.Incidents != 1 {
		t.Errorf("figures are %+v", f)
	}
	if len(alerts) == 0 {
		t.Fatal("three newsrooms raised nothing")
	}
	last := alerts[len(alerts)-1]
	for _, a := range alerts {
		at, err := time.Parse(time.RFC3339, a.At)
		if err != nil || at.Hour() < 9 || at.Hour() > 10 {
			t.Errorf("an alert at %s", a.At)
		}
		if want := at.Hour() - 7; len(a.URLs) != want {
			t.Errorf("at %s it knows %d articles, want %d", a.At, len(a.URLs), want)
		}
	}
	if last.Level < 2 || last.Incident != "i-"+last.Story || len(last.Reasons) == 0 {
		t.Errorf("the last alert is %+v", last)
	}
}

func TestReplayTwiceIsTheSame(t *testing.T) {
	f, a := replayed(t)
	g, b := replayed(t)
	f.PerSecond, g.PerSecond = 0, 0
	if fmt.Sprint(f, a) != fmt.Sprint(g, b) {
		t.Errorf("two runs differ:\n%v %v\n%v %v", f, a, g, b)
	}
}

func TestReplaySaysWhichLineIsBroken(t *testing.T) {
	r := Replay{Outlet: func(a news.Article) config.Outlet { return config.Outlet{ID: news.Host(a.URL)} }}
	if _, err := r.Run(strings.NewReader("{\"url\":\"x\"}\n{not json")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error is %v", err)
	}
}
