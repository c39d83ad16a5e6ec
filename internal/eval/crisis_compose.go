package eval

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/vi"
	"diembao/internal/when"
)

// Onsets are when planted stories break.
var Onsets = []string{"any", "day", "night", "sunday", "holiday", "tet"}

// planted is a story with its place in the stream.
type planted struct {
	crisisScript
	items []StreamItem // by time
}

func (p planted) onset() time.Time { return p.items[0].at }

// third is when the third article came out; false where there are fewer.
func (p planted) third() (time.Time, bool) {
	if len(p.items) < 3 {
		return time.Time{}, false
	}
	return p.items[2].at, true
}

// composer plants scripts in a window of days.
type composer struct {
	onsets string
	days   []time.Time // on which stories may break
	to     time.Time   // the midnight after the window
	rng    *rand.Rand
}

func newComposer(onsets string, from, to time.Time, seed int) *composer {
	c := composer{onsets: onsets, to: to, rng: rand.New(rand.NewPCG(uint64(seed), 0x6469656d62616f))}
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		if c.suits(day) {
			c.days = append(c.days, day)
		}
	}
	return &c
}

// plant gives every script its place: crises at least a day apart, from the end
// of one to the beginning of the next, or from beginning to beginning where the
// window is narrow. Where not even that has room, as on the few holidays, as
// many crises as fit are planted and the same share of the benign stories.
func (c *composer) plant(scripts []crisisScript) []planted {
	var crises, benign []crisisScript
	for _, s := range scripts {
		if s.Crisis {
			crises = append(crises, s)
		} else {
			benign = append(benign, s)
		}
	}
	at := c.spread(crises)
	c.rng.Shuffle(len(benign), func(i, j int) { benign[i], benign[j] = benign[j], benign[i] })
	if len(crises) > 0 {
		benign = benign[:len(benign)*len(at)/len(crises)]
	}
	for _, s := range benign {
		for try := range 60 {
			if t, ok := c.candidate(s, try/20); ok {
				at[s.ID] = t
				break
			}
		}
	}
	var out []planted
	for _, s := range scripts {
		if t, ok := at[s.ID]; ok {
			out = append(out, planted{s, c.schedule(s, t)})
		}
	}
	return out
}

// spread finds the onsets of crises.
func (c *composer) spread(crises []crisisScript) map[string]time.Time {
	var most map[string]time.Time
	for try := range 40 {
		at := c.tryToSpread(crises, try < 20)
		if len(at) == len(crises) {
			return at
		}
		if len(at) > len(most) || most == nil {
			most = at
		}
	}
	return most
}

// apart is the least time between two crises.
const apart = 24 * time.Hour

func (c *composer) tryToSpread(crises []crisisScript, betweenEnds bool) map[string]time.Time {
	at, length := map[string]time.Time{}, map[string]time.Duration{}
	free := func(t time.Time, span time.Duration) bool {
		for id, u := range at {
			first, second, lasts := t, u, span
			if u.Before(t) {
				first, second, lasts = u, t, length[id]
			}
			if !betweenEnds {
				lasts = 0
			}
			if second.Sub(first) < apart+lasts {
				return false
			}
		}
		return true
	}
	order := slices.Clone(crises)
	c.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b crisisScript) int { // who asks for days chooses first
		return cmp.Compare(len(b.Prefer.Monthdays), len(a.Prefer.Monthdays))
	})
	for _, s := range order {
		for try := range 150 {
			if t, ok := c.candidate(s, try/50); ok && free(t, s.span()) {
				at[s.ID], length[s.ID] = t, s.span()
				break
			}
		}
	}
	return at
}

// candidate draws an onset that suits a script and leaves room for it; the days
// it asks for are given up little by little. By day, few stories break on a Saturday.
func (c *composer) candidate(s crisisScript, relax int) (time.Time, bool) {
	if len(c.days) == 0 {
		return time.Time{}, false
	}
	from, to := c.hours(s)
	for range 500 {
		day := c.days[c.rng.IntN(len(c.days))]
		md, months := s.Prefer.Monthdays, s.Prefer.Months
		switch {
		case c.onsets == "day" && day.Weekday() == time.Saturday && c.rng.Float64() < 0.6,
			relax < 2 && len(md) == 2 && (day.Day() < md[0] || day.Day() > md[1]),
			relax < 1 && len(months) > 0 && !slices.Contains(months, int(day.Month())):
			continue
		}
		t := day.Add(minutes(60 * (from + c.rng.Float64()*(to-from))))
		return t, t.Add(s.span()).Before(c.to)
	}
	return time.Time{}, false
}

// hours are those of the day in which a script may break.
func (c *composer) hours(s crisisScript) (from, to float64) {
	switch {
	case c.onsets == "night":
		return 18.5, 23.5
	case c.onsets != "day":
		return 0, 24
	case len(s.Prefer.Hours) == 2:
		return s.Prefer.Hours[0], s.Prefer.Hours[1]
	}
	return 7.5, 17
}

// suits reports whether stories may break on a day.
func (c *composer) suits(day time.Time) bool {
	switch c.onsets {
	case "day":
		return day.Weekday() != time.Sunday
	case "sunday":
		return day.Weekday() == time.Sunday
	case "holiday":
		return when.Holiday(day) != ""
	case "tet":
		return when.Holiday(day) == tetHoliday
	}
	return true
}

const tetHoliday = "Tết Nguyên đán"

// schedule is when and where each article of a story comes out: a little off
// the script's minute, and what would fall in the night mostly waits for the
// morning. A story that broke at night keeps some newsrooms awake.
func (c *composer) schedule(s crisisScript, onset time.Time) []StreamItem {
	asleep := 0.5
	if c.onsets == "day" {
		asleep = 0.9
	}
	onset = onset.Truncate(time.Second)
	var out []StreamItem
	for i, a := range s.Articles {
		t := onset
		if i > 0 {
			t = t.Add(minutes(a.Minute + 7*c.rng.Float64() - 2))
			if c.rng.Float64() < asleep {
				t = c.morning(t)
			}
		}
		if t.Before(onset) {
			t = onset
		}
		t = t.Truncate(time.Second)
		title := dated(a.Title, t, a.Domain)
		out = append(out, StreamItem{
			URL:    fmt.Sprintf("https://%s/%s-%s%d.html", a.Domain, slug(title), t.Format("060102150405"), i),
			Outlet: a.Outlet, Domain: a.Domain, Title: title, Summary: dated(a.Summary, t, a.Domain),
			Published: t.Format(time.RFC3339), at: t,
		})
	}
	slices.SortStableFunc(out, inTime)
	return out
}

// morning moves a moment between 23:00 and 05:15 to that between 05:15 and 07:45.
func (c *composer) morning(t time.Time) time.Time {
	day := when.StartOfDay(t)
	clock := t.Sub(day)
	if clock >= minutes(5.25*60) && clock < 23*time.Hour {
		return t
	}
	if clock >= 23*time.Hour {
		day = day.AddDate(0, 0, 1)
	}
	return day.Add(minutes(315 + 150*c.rng.Float64()))
}

// slug is a title as it stands in an address.
func slug(title string) string {
	words := strings.FieldsFunc(vi.Fold(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}

func inTime(a, b StreamItem) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.URL, b.URL)) }

// window is the days of a stream, from the first to the last that has at least a
// tenth of what the middle one has: a few articles with a date of years ago make
// it no longer.
func window(items []StreamItem) (from, to time.Time) {
	count := map[time.Time]int{}
	for _, it := range items {
		count[when.StartOfDay(it.at)]++
	}
	counts := make([]int, 0, len(count))
	for _, n := range count {
		counts = append(counts, n)
	}
	slices.Sort(counts)
	middle := counts[len(counts)/2]
	for day, n := range count {
		if 10*n < middle {
			continue
		}
		if from.IsZero() || day.Before(from) {
			from = day
		}
		if next := day.AddDate(0, 0, 1); next.After(to) {
			to = next
		}
	}
	return from, to
}

// toTet is how many whole weeks a stream must be moved so that the next Tết and
// the week after it lie in its window: weekdays stay what they were.
func toTet(to time.Time) time.Duration {
	day := to
	for when.Holiday(day) != tetHoliday {
		day = day.AddDate(0, 0, 1)
	}
	for when.Holiday(day) == tetHoliday {
		day = day.AddDate(0, 0, 1)
	}
	const week = 7 * 24 * time.Hour
	return (day.AddDate(0, 0, 7).Sub(to) + week - 1) / week * week
}

// host is an address's host without www.
func host(it StreamItem) string {
	return cmp.Or(it.Domain, strings.TrimPrefix(news.Host(it.URL), "www."))
}
