package alarms

import (
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// A month's figures follow the judgements; what nobody judged, and what was
// merged into another, is in none of the shares.
func TestMonths(t *testing.T) {
	july := time.Date(2026, 7, 31, 23, 30, 0, 0, config.VN)
	august := july.Add(time.Hour)
	line := func(at time.Time, j news.Judgement, threat string) news.Alert {
		return news.Alert{At: at.UTC(), Judgement: j, Threat: threat}
	}
	months, all := Months([]news.Alert{
		line(july, news.Rightly, "arrest"), line(july, news.Wrongly, "arrest"), line(july, news.TooLate, ""), line(july, news.Missed, ""),
		line(july, news.Merged, ""), line(july, news.Unjudged, ""), line(august, news.Rightly, ""),
	})
	if len(months) != 2 || !months[0].First.Equal(time.Date(2026, 8, 1, 0, 0, 0, 0, config.VN)) {
		t.Fatalf("months are %+v", months)
	}
	if got, want := months[1].All, (Figures{Alerts: 4, True: 1, Late: 1, False: 1, Missed: 1, Unjudged: 1}); got != want {
		t.Errorf("July is %+v, want %+v", got, want)
	}
	if got, want := months[1].Threats, (Figures{Alerts: 2, True: 1, False: 1}); got != want {
		t.Errorf("July's named threats are %+v, want %+v", got, want)
	}
	shares := []struct {
		name  string
		share func() (float64, bool)
		want  float64
		known bool
	}{
		{"precision", months[1].All.Precision, 2.0 / 3, true}, {"recall", months[1].All.Recall, 2.0 / 3, true},
		{"recall in time", months[1].All.InTime, 1.0 / 3, true}, {"precision of threats", months[1].Threats.Precision, .5, true},
		{"recall in August", months[0].All.Recall, 1, true}, {"precision of nothing", months[0].Threats.Precision, 0, false},
		{"recall in all", all.All.Recall, .75, true},
	}
	for _, s := range shares {
		if got, known := s.share(); known != s.known || known && got != s.want {
			t.Errorf("%s is %v, %v; want %v, %v", s.name, got, known, s.want, s.known)
		}
	}
}
