package crisis

import (
	"reflect"
	"testing"
	"time"

	"diembao/internal/news"
)

func TestOneIncidentGoesOnForTwoStories(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	in := func(id string, hour, level int, state news.State) news.Incident {
		return news.Incident{ID: id, Level: level, State: state, Opened: at.Add(time.Duration(hour) * time.Hour)}
	}
	for name, c := range map[string]struct {
		both []news.Incident
		want Inhibited
	}{
		"none":            {nil, Inhibited{}},
		"the elder":       {[]news.Incident{in("b", 2, 2, news.Open), in("a", 1, 2, news.Acked)}, Inhibited{Stays: "a", Close: []string{"b"}, Away: []string{"b"}}},
		"the higher":      {[]news.Incident{in("a", 1, 1, news.Open), in("b", 2, 3, news.Open)}, Inhibited{Stays: "b", Close: []string{"a"}, Away: []string{"a"}}},
		"the living":      {[]news.Incident{in("a", 1, 3, news.Closed), in("b", 2, 1, news.Fading), in("c", 3, 3, news.Closed)}, Inhibited{Stays: "b", Away: []string{"c"}}},
		"the latest dead": {[]news.Incident{in("a", 1, 3, news.Closed), in("b", 2, 1, news.False)}, Inhibited{Stays: "b"}},
	} {
		if c.want.Stays != "" {
			c.want.Note = "nhập vào " + c.want.Stays
		}
		if got := Inhibit(c.both); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
