package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// living are the states of an incident that still asks for attention.
var living = []news.State{news.Open, news.Acked, news.Fading}

var allStates = append(slices.Clone(living), news.Closed, news.False)

// incidentRow is an incident in a list.
type incidentRow struct {
	ID, Title        string
	Level            int
	LevelLabel       string
	State, StateWord string
	Score            float64
	Opened, Updated  time.Time
	Articles         int
	Owner            string
	Held             time.Time // since when a silence holds its letters back; zero: none does
}

func (v *visit) incidentRows(list []store.IncidentState) []incidentRow {
	var out []incidentRow
	for _, i := range list {
		out = append(out, incidentRow{
			ID: i.ID, Title: i.Title, Level: i.Level, LevelLabel: v.label.level(i.Level), State: string(i.State),
			StateWord: v.label.of("state", string(i.State)), Score: i.Score, Opened: i.Opened, Updated: i.Updated, Articles: len(i.URLs), Owner: i.Owner,
		})
	}
	slices.SortStableFunc(out, func(a, b incidentRow) int {
		if x, y := slices.Contains(living, news.State(a.State)), slices.Contains(living, news.State(b.State)); x != y {
			return map[bool]int{true: -1, false: 1}[x]
		}
		return b.Level - a.Level
	})
	return out
}

// incidentsPage lists incidents by state and level.
type incidentsPage struct {
	States, Levels []choice
	Rows           []incidentRow
	Quiet          []loudStory // that raised no alarm; of the whole list alone
	Cut            bool
}

const incidentsSize = 200

func (v *visit) incidents() error {
	state, level := news.State(v.r.URL.Query().Get("state")), 0
	if n, err := strconv.Atoi(v.r.URL.Query().Get("level")); err == nil {
		level = n
	}
	f := store.IncidentFilter{MinLevel: level, Limit: incidentsSize}
	switch {
	case state == "living":
		f.States = living
	case slices.Contains(allStates, state):
		f.States = []news.State{state}
	default:
		state = ""
	}
	list, err := v.Store.Incidents(v.ctx, f)
	if err != nil {
		return err
	}
	p := &incidentsPage{Rows: v.incidentRows(list), Cut: len(list) == incidentsSize}
	if err := v.hushed(p.Rows); err != nil {
		return err
	}
	if state == "" && level == 0 {
		if p.Quiet, err = v.quietly(list); err != nil {
			return err
		}
	}
	address := func(state news.State, level int) string {
		q := url.Values{}
		if state != "" {
			q.Set("state", string(state))
		}
		if level > 0 {
			q.Set("level", strconv.Itoa(level))
		}
		return "/incidents?" + q.Encode()
	}
	p.States = []choice{{v.words.Say("web.all"), address("", level), state == "", 0}, {v.words.Say("web.living"), address("living", level), state == "living", 0}}
	for _, s := range allStates {
		p.States = append(p.States, choice{v.label.of("state", string(s)), address(s, level), state == s, 0})
	}
	p.Levels = []choice{{v.words.Say("web.all"), address(state, 0), level == 0, 0}}
	for _, l := range v.pack.Crisis.Levels {
		p.Levels = append(p.Levels, choice{v.words.Say("web.level-from", "Level", v.label.level(l.Level)), address(state, l.Level), level == l.Level, 0})
	}
	return v.show("incidents", v.words.Say("web.incidents"), p)
}
