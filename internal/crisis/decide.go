package crisis

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// Decide is Compile and Rules.Decide, for who decides once.
func Decide(now time.Time, rules config.Crisis, tallies []Tally, open []news.Incident) []Change {
	return Compile(rules).Decide(now, tallies, open)
}

// Decide says what changes among the incidents at now. open holds the
// incidents of the tallied stories and all others not yet closed; those closed
// long ago may be left out. The changes come in order of story; deciding again
// after they are stored changes nothing.
func (r *Rules) Decide(now time.Time, tallies []Tally, open []news.Incident) []Change {
	byStory := map[string][]news.Incident{}
	for _, in := range open {
		byStory[in.Story] = append(byStory[in.Story], in)
	}
	tallies = slices.Clone(tallies)
	slices.SortStableFunc(tallies, func(a, b Tally) int { return cmp.Compare(a.Story, b.Story) })
	var out []Change
	seen := map[string]bool{}
	for _, t := range tallies {
		if seen[t.Story] {
			continue
		}
		seen[t.Story] = true
		if c, ok := r.step(now, r.weigh(now, t), byStory[t.Story]); ok {
			out = append(out, c)
		}
	}
	for _, in := range slices.SortedFunc(slices.Values(open), byID) {
		if !seen[in.Story] {
			if c, ok := r.age(now, in, in.Updated); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

func byID(a, b news.Incident) int { return cmp.Compare(a.ID, b.ID) }

// step takes one story one step on.
func (r *Rules) step(now time.Time, c weighed, before []news.Incident) (Change, bool) {
	if len(before) == 0 {
		if c.level == 0 {
			return Change{}, false
		}
		return r.begin(now, c, ID(c.story)), true
	}
	in := slices.MaxFunc(before, func(a, b news.Incident) int {
		return cmp.Or(a.Opened.Compare(b.Opened), byID(a, b))
	})
	switch in.State {
	case news.False:
		return Change{}, false
	case news.Closed:
		return r.again(now, c, in, len(before))
	}
	return r.live(now, c, in)
}

// begin opens an incident.
func (r *Rules) begin(now time.Time, c weighed, id string) Change {
	in := c.write(news.Incident{ID: id, Story: c.story, Title: c.title, Opened: now}, now, r.version)
	in.Level, in.State = c.level, r.woken(now, c)
	return Change{Incident: in, Kind: Opened, Tell: r.told(in.Level), Why: c.because()}
}

// again lets a closed incident live again, or begins the next of the story,
// where harm was told after it was closed.
func (r *Rules) again(now time.Time, c weighed, in news.Incident, count int) (Change, bool) {
	if c.level == 0 || !c.last.After(in.Updated) {
		return Change{}, false
	}
	if now.Sub(in.Updated) > r.ReopenUntil {
		return r.begin(now, c, fmt.Sprintf("%s-%d", ID(c.story), count+1)), true
	}
	next := c.write(in, now, r.version)
	next.State, next.Level = r.woken(now, c), max(in.Level, c.level)
	return Change{Incident: next, Kind: Reopened, From: in.Level, Tell: r.told(next.Level),
		Why: "có tin xấu mới sau khi đã khép lại; " + c.because()}, true
}

// woken is the state of an incident that harm was told of: open, or fading
// where this system learned of it late, as after a day of standing still.
func (r *Rules) woken(now time.Time, c weighed) news.State {
	if newsroom(c.last, now) >= r.FadeAfter {
		return news.Fading
	}
	return news.Open
}

// live follows an incident that is open, acknowledged or fading.
func (r *Rules) live(now time.Time, c weighed, in news.Incident) (Change, bool) {
	next := c.write(in, now, r.version)
	switch {
	case c.level > in.Level && !in.Calmed(len(next.URLs)):
		next.Level, next.State, next.Lowered = c.level, r.woken(now, c), 0
		return Change{Incident: next, Kind: Raised, From: in.Level, Tell: r.told(next.Level), Why: c.because()}, true
	case in.State == news.Fading && c.last.After(in.Updated) && r.woken(now, c) == news.Open:
		next.State = news.Open
		return Change{Incident: next, Kind: Returned, From: in.Level, Why: "có tin xấu mới"}, true
	}
	if why := c.news(in); why != "" {
		return Change{Incident: next, Kind: Updated, From: in.Level, Tell: in.Level >= 2 && r.told(in.Level), Why: why}, true
	}
	if aged, ok := r.age(now, in, c.last); ok {
		return aged, true
	}
	if len(next.URLs) > len(in.URLs) {
		return Change{Incident: next, Kind: Grown, From: in.Level, Why: fmt.Sprintf("thêm %d bài", len(next.URLs)-len(in.URLs))}, true
	}
	return Change{}, false
}

// age lets an incident fade and end when harm was last told long ago.
func (r *Rules) age(now time.Time, in news.Incident, last time.Time) (Change, bool) {
	if last.IsZero() {
		last = in.Updated
	}
	quiet := newsroom(last, now)
	in2 := in
	in2.Updated = now
	switch {
	case in.State == news.Closed || in.State == news.False:
		return Change{}, false
	case quiet >= r.CloseAfter:
		in2.State = news.Closed
		return Change{Incident: in2, Kind: Ended, From: in.Level, Why: fmt.Sprintf("%.0f giờ tòa soạn không có tin xấu mới", quiet.Hours())}, true
	case quiet >= r.FadeAfter && in.State != news.Fading:
		in2.State = news.Fading
		return Change{Incident: in2, Kind: Faded, From: in.Level, Why: fmt.Sprintf("%.0f giờ tòa soạn không có tin xấu mới", quiet.Hours())}, true
	}
	return Change{}, false
}

// told reports whether people hear of a level at once.
func (r *Rules) told(level int) bool {
	for _, l := range r.Levels {
		if l.Level == level {
			return l.Tell == "alerts" || len(l.Groups) > 0
		}
	}
	return false
}

// The newsroom day: outside it silence means nothing.
const (
	opens    = 6 * time.Hour
	workday  = 16 * time.Hour
	wholeDay = 24 * time.Hour
)

// newsroom is the newsroom hours between two moments; 0 where to is not later.
func newsroom(from, to time.Time) time.Duration {
	return max(0, worked(to)-worked(from))
}

// worked is the newsroom hours since a Monday long ago.
func worked(t time.Time) time.Duration {
	since := t.Sub(time.Date(2001, 1, 1, 0, 0, 0, 0, config.VN))
	days := since / wholeDay
	if since%wholeDay < 0 {
		days--
	}
	today := since - days*wholeDay
	return days*workday + min(max(0, today-opens), workday)
}
