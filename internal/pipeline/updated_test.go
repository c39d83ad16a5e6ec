package pipeline

import (
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
)

// What made the rules tell of an incident again is said in the reader's language.
func TestUpdatedInWords(t *testing.T) {
	r := newNewsroom(t, time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN))
	before := news.Incident{Reasons: []news.Factor{{Factor: "official"}, {Factor: "provinces", Quote: "nghe-an"}}}
	spread := news.Incident{Reasons: []news.Factor{{Factor: "official"}, {Factor: "provinces", Value: 0.333, Quote: "ha-tinh, nghe-an"}}}
	spoken := news.Incident{Reasons: []news.Factor{{Factor: "official", Value: 1}, {Factor: "provinces", Quote: "nghe-an"}}}
	for _, c := range []struct {
		now  news.Incident
		lang string
		want string
	}{
		{spread, "en", "Spread over provinces: Hà Tĩnh"}, {spread, "vi", "Lan ra các tỉnh: Hà Tĩnh"},
		{spoken, "en", "The agency has spoken"}, {spoken, "vi", "Cơ quan BHXH đã lên tiếng"},
	} {
		if got := r.updated(before, c.now, say.In(c.lang)); got != c.want {
			t.Errorf("it says %q, want %q", got, c.want)
		}
	}
}
