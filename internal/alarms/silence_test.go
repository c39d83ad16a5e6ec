package alarms

import (
	"errors"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
)

// A silence fits where all that it names is true of half of the articles, in
// its time; the gravest and named threats are never silenced.
func TestSilenced(t *testing.T) {
	noon := time.Date(2026, 7, 6, 12, 0, 0, 0, config.VN)
	rules := config.Silencing{Longest: 720 * time.Hour, Level: 3, Threats: true}
	told := []Told{
		{Title: "Lương hưu chậm ở Suối Đá", Outlet: "a", Topics: []string{"pension"}, Provinces: []string{"nghe-an"}},
		{Title: "Người già đội nắng chờ lương", Outlet: "b", Topics: []string{"pension"}},
	}
	in := news.Incident{ID: "i-s", Story: "s", Level: 2}
	threat := in
	threat.Reasons = []news.Factor{{Factor: "threat:arrest", Value: 1}}
	grave := in
	grave.Level = 3
	for name, c := range map[string]struct {
		s    news.Silence
		in   news.Incident
		at   time.Time
		want bool
	}{
		"topic":            {news.Silence{Topic: "pension"}, in, noon, true},
		"half is enough":   {news.Silence{Topic: "pension", Province: "nghe-an"}, in, noon, true},
		"another province": {news.Silence{Topic: "pension", Province: "ha-tinh"}, in, noon, false},
		"words, any case":  {news.Silence{Words: "SUỐI ĐÁ"}, in, noon, true},
		"part of a word":   {news.Silence{Words: "uối Đá"}, in, noon, false},
		"story":            {news.Silence{Story: "s"}, in, noon, true},
		"another story":    {news.Silence{Story: "s2"}, in, noon, false},
		"outlet":           {news.Silence{Outlet: "b"}, in, noon, true},
		"not yet":          {news.Silence{Story: "s"}, in, noon.Add(-2 * time.Hour), false},
		"over":             {news.Silence{Story: "s"}, in, noon.Add(time.Hour), false},
		"named threat":     {news.Silence{Story: "s"}, threat, noon, false},
		"gravest":          {news.Silence{Story: "s"}, grave, noon, false},
	} {
		c.s.From, c.s.Until = noon.Add(-time.Hour), noon.Add(time.Hour)
		if _, got := Silenced([]news.Silence{c.s}, c.in, told, rules, c.at); got != c.want {
			t.Errorf("%s: silenced %v, want %v", name, got, c.want)
		}
	}
	if _, got := Silenced([]news.Silence{{Topic: "pension", From: noon, Until: noon.Add(time.Hour)}}, in, nil, rules, noon); got {
		t.Error("a silence on a topic fits an incident of which nothing is known")
	}
}

// What is wrong with a silence is said in both languages.
func TestWrongSilencesAreTold(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 7, 6, 12, 0, 0, 0, config.VN)
	good := news.Silence{Who: "Lan", Why: "đã biết", Words: "Suối Đá", From: now, Until: now.Add(time.Hour)}
	if err := CheckSilence(good, pack); err != nil {
		t.Errorf("a silence as it should be: %v", err)
	}
	for id, change := range map[string]func(*news.Silence){
		"who": func(s *news.Silence) { s.Who = "" }, "why": func(s *news.Silence) { s.Why = "" }, "nothing": func(s *news.Silence) { s.Words = "…" },
		"backward": func(s *news.Silence) { s.Until = now }, "long": func(s *news.Silence) { s.Until = now.AddDate(0, 2, 0) },
		"topic": func(s *news.Silence) { s.Topic = "x" }, "province": func(s *news.Silence) { s.Province = "x" }, "outlet": func(s *news.Silence) { s.Outlet = "khong-co" },
	} {
		s := good
		change(&s)
		var wrong Wrong
		if !errors.As(CheckSilence(s, pack), &wrong) || wrong.ID != id || !say.In("vi").Has(wrong.Message()) {
			t.Errorf("%s: %+v", id, wrong)
		}
	}
}
