package crisis

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
)

// A timeline file tells a story as a press officer would: what came out when,
// and what must be heard of it. Its lines:
//
//	outlets 12                        switched on
//	at 09:10 bao-a negative agency risk 2 ha-tinh "Tiêu đề" …   an article; +1 09:10 is the next day
//	    copy of bao-b · via import · published -30h · trusted · local · portal · role informant · routine · digest · irrelevant
//	500 times at 09:10 bao-a …        so many of them, a few seconds apart
//	at 12:00 a person says false      or acked, closed, lowered
//	want level 2 between 10:00 and 10:40
//	want level 2 by 10:40
//	want level 1 at 12:00             just this one, as of then
//	want never level 3
//	want quiet                        no level at all
//	want quiet after 12:00
//	want fading at +3 09:00           a state, as of then
//	want incidents 2
//	want told 2                       letters due in all
//	want kind policy-anger            of the last incident
//	want type accidental
//	want factor rumour                a factor that is not nothing
//	want no factor central
//
// The clock goes by five minutes; Decide is asked each time while there is
// news and once an hour after.
func TestTimelines(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.timeline")
	if err != nil || len(files) == 0 {
		t.Fatal("no timelines in testdata: ", err)
	}
	told := map[string]bool{} // what any of them wants, and what happens in any
	played := 0
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".timeline"), func(t *testing.T) {
			tl := readTimeline(t, f)
			tl.play(Compile(pack.Crisis))
			tl.check(t)
			played++
			for _, w := range tl.wants {
				told["want "+w] = true
			}
			for _, c := range tl.steps {
				told["step "+string(c.Kind)] = true
			}
		})
	}
	if played == len(files) {
		everyRule(t, pack.Crisis, told)
	}
}

// everyRule checks that no rule of the configuration is without its story, and
// no step in the life of an incident.
func everyRule(t *testing.T, rules config.Crisis, told map[string]bool) {
	var all []string
	for _, k := range rules.Kinds {
		all = append(all, "want kind "+k.ID)
	}
	for _, k := range rules.Types {
		all = append(all, "want type "+k.ID)
	}
	for _, k := range rules.Threats {
		all = append(all, "want factor threat:"+k.ID)
	}
	for _, l := range rules.Levels {
		all = append(all, fmt.Sprintf("want level %d", l.Level))
	}
	for _, k := range []Kind{Opened, Raised, Reopened, Updated, Grown, Returned, Faded, Ended} {
		all = append(all, "step "+string(k))
	}
	for w := range told {
		if f := strings.Fields(w); f[0] == "want" && f[1] == "level" {
			told[strings.Join(f[:3], " ")] = true
		}
	}
	for _, w := range all {
		if !told[w] {
			t.Errorf("no timeline tells of %q", w)
		}
	}
}

// day is a Tuesday.
var day = time.Date(2026, 3, 3, 0, 0, 0, 0, config.VN)

type timeline struct {
	outlets  int
	articles []Article
	words    []word
	wants    []string
	steps    []Change
	history  []moment
}

// word is what a person says of the one incident.
type word struct {
	at    time.Time
	state news.State
}

// moment is how the incidents stood after a change.
type moment struct {
	at        time.Time
	incidents []news.Incident
}

func readTimeline(t *testing.T, file string) *timeline {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tl := &timeline{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if err := tl.line(strings.TrimSpace(line)); err != nil {
			t.Fatalf("%s:%d: %v", file, n, err)
		}
	}
	return tl
}

func (tl *timeline) line(line string) error {
	first, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "":
		return nil
	case first == "outlets":
		n, err := strconv.Atoi(rest)
		tl.outlets = n
		return err
	case first == "want":
		tl.wants = append(tl.wants, rest)
		return nil
	case first == "at" && strings.Contains(rest, "a person says"):
		at, said, err := clock(rest)
		tl.words = append(tl.words, word{at, news.State(strings.TrimPrefix(said, "a person says "))})
		return err
	case first == "at":
		return tl.article(rest, 0)
	}
	n, err := strconv.Atoi(first)
	if err != nil || !strings.HasPrefix(rest, "times at ") {
		return fmt.Errorf("cannot read %q", line)
	}
	for i := range n {
		if err := tl.article(strings.TrimPrefix(rest, "times at "), i); err != nil {
			return err
		}
	}
	return nil
}

// clock reads "09:10 rest" and "+2 09:10 rest".
func clock(s string) (time.Time, string, error) {
	days := 0
	if strings.HasPrefix(s, "+") {
		d, rest, _ := strings.Cut(s[1:], " ")
		n, err := strconv.Atoi(d)
		if err != nil {
			return day, "", err
		}
		days, s = n, rest
	}
	at, rest, _ := strings.Cut(s, " ")
	h, err := time.Parse("15:04", at)
	if err != nil {
		return day, "", err
	}
	return day.AddDate(0, 0, days).Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute), rest, nil
}

// article reads one article; the i-th of a repeated line comes i seconds later.
func (tl *timeline) article(s string, i int) error {
	at, s, err := clock(s)
	if err != nil {
		return err
	}
	at = at.Add(time.Duration(i) * time.Second)
	id := fmt.Sprintf("n%03d", len(tl.articles))
	a := Article{ID: id, URL: "https://" + id, Relevant: true, Tone: "neutral", Role: "none", Target: "none",
		Confidence: 0.85, Reach: "national", Kind: "press", Via: news.Crawl, Published: at, FirstSeen: at}
	if before, quoted, ok := strings.Cut(s, `"`); ok {
		title, after, _ := strings.Cut(quoted, `"`)
		a.Title, s = title, before+after
	}
	words := strings.Fields(s)
	a.Outlet = words[0]
	for words = words[1:]; len(words) > 0; words = words[1:] {
		next := func() string { words = words[1:]; return words[0] }
		switch w := words[0]; w {
		case "negative", "neutral", "positive":
			a.Tone = w
		case "agency", "fund", "policy", "hospital", "employer", "criminals", "ministry":
			a.Target = w
		case "risk":
			a.Risk, err = strconv.Atoi(next())
		case "role":
			a.Role = next()
		case "copy":
			next()
			a.CopyOf = tl.by(next())
		case "via":
			a.Via = news.Via(next())
		case "published":
			a.Published, err = published(at, next())
		case "trusted":
			a.Trusted = true
		case "local":
			a.Reach = w
		case "portal":
			a.Kind = "agency-portal"
		case "routine":
			a.Routine = true
		case "digest":
			a.Digest = true
		case "irrelevant":
			a.Relevant = false
		default:
			a.Provinces = append(a.Provinces, w)
		}
		if err != nil {
			return err
		}
	}
	a.text = read(a)
	tl.articles = append(tl.articles, a)
	return nil
}

func published(at time.Time, s string) (time.Time, error) {
	if s == "1970" {
		return time.Unix(0, 0), nil
	}
	d, err := time.ParseDuration(s)
	return at.Add(d), err
}

// by is the id of an outlet's first article.
func (tl *timeline) by(outlet string) string {
	i := slices.IndexFunc(tl.articles, func(a Article) bool { return a.Outlet == outlet })
	if i < 0 {
		return "unknown-" + outlet
	}
	return tl.articles[i].ID
}

// play asks Decide every five minutes, until long after the last article.
func (tl *timeline) play(rules *Rules) {
	end := day.AddDate(0, 0, 9)
	for _, a := range tl.articles {
		if a.FirstSeen.AddDate(0, 0, 8).After(end) {
			end = a.FirstSeen.AddDate(0, 0, 8)
		}
	}
	stored := map[string]news.Incident{}
	for now := day; now.Before(end); now = now.Add(5 * time.Minute) {
		for _, w := range tl.words {
			if !w.at.After(now) && w.at.After(now.Add(-5*time.Minute)) {
				for id, in := range stored {
					stored[id] = w.of(in, now)
				}
				tl.remember(now, stored)
			}
		}
		var known []Article
		if now.Minute() != 0 && !tl.busy(now) {
			continue
		}
		for _, a := range tl.articles {
			if !a.FirstSeen.After(now) && now.Sub(a.FirstSeen) < 10*24*time.Hour {
				known = append(known, a)
			}
		}
		changes := rules.Decide(now, []Tally{{Story: "s", Title: "Sự việc", Outlets: tl.outlets, Articles: known}}, sorted(stored))
		for _, c := range changes {
			stored[c.Incident.ID] = c.Incident
		}
		if len(changes) > 0 {
			tl.steps = append(tl.steps, changes...)
			tl.remember(now, stored)
		}
	}
}

// of is the incident after a person's word; lowering it leaves it a state.
func (w word) of(in news.Incident, now time.Time) news.Incident {
	in.Updated = now
	if w.state == "lowered" {
		in.Level, in.Lowered = in.Level-1, len(in.URLs)
	} else {
		in.State = w.state
	}
	return in
}

// busy reports whether an article came within the last ten minutes.
func (tl *timeline) busy(now time.Time) bool {
	return slices.ContainsFunc(tl.articles, func(a Article) bool {
		return !a.FirstSeen.After(now) && now.Sub(a.FirstSeen) < 10*time.Minute
	})
}

func (tl *timeline) remember(now time.Time, stored map[string]news.Incident) {
	tl.history = append(tl.history, moment{now, sorted(stored)})
}

func sorted(stored map[string]news.Incident) []news.Incident {
	var out []news.Incident
	for _, in := range stored {
		out = append(out, in)
	}
	slices.SortFunc(out, byID)
	return out
}

// check holds what is wanted against what happened.
func (tl *timeline) check(t *testing.T) {
	if len(tl.wants) == 0 {
		t.Error("the timeline wants nothing")
	}
	for _, w := range tl.wants {
		if err := tl.want(w); err != "" {
			t.Errorf("want %s, but %s; it went:\n%s", w, err, tl.tell())
		}
	}
}

func (tl *timeline) want(w string) string {
	f := strings.Fields(w)
	switch {
	case w == "quiet":
		if len(tl.steps) > 0 {
			return "something was raised"
		}
	case f[0] == "quiet":
		after, _, err := clock(strings.TrimPrefix(w, "quiet after "))
		if i := slices.IndexFunc(tl.steps, func(c Change) bool { return c.Tell && c.Incident.Updated.After(after) }); i >= 0 || err != nil {
			return "people were told later"
		}
	case strings.HasPrefix(w, "level "+f[1]+" at "):
		return tl.levelAt(w, f[1])
	case f[0] == "level":
		return tl.level(w, f[1])
	case f[0] == "never":
		if i := slices.IndexFunc(tl.steps, func(c Change) bool { return strconv.Itoa(c.Incident.Level) >= f[2] }); i >= 0 {
			return "it came at " + tl.steps[i].Incident.Updated.Format("02/01 15:04")
		}
	case f[0] == "told":
		n := 0
		for _, c := range tl.steps {
			if c.Tell {
				n++
			}
		}
		if strconv.Itoa(n) != f[1] {
			return fmt.Sprint("people were told ", n, " times")
		}
	case f[0] == "kind", f[0] == "type":
		return tl.called(f[0], f[1])
	case f[0] == "factor":
		if last := tl.last(); len(last) == 0 || !factor(last[len(last)-1], f[1]).present {
			return "it is nothing"
		}
	case strings.HasPrefix(w, "no factor "):
		if last := tl.last(); len(last) == 0 || factor(last[len(last)-1], f[2]).present {
			return "it is something"
		}
	case f[0] == "incidents":
		if n := len(tl.last()); strconv.Itoa(n) != f[1] {
			return fmt.Sprint("there are ", n)
		}
	default:
		state, when, _ := strings.Cut(w, " at ")
		at, _, err := clock(when)
		if got := tl.state(at); got != state || err != nil {
			return "it was " + got
		}
	}
	return ""
}

// level checks "level 2 between 10:00 and 10:40" and "level 2 by 10:40".
func (tl *timeline) level(w, level string) string {
	from := day
	var to time.Time
	if _, span, ok := strings.Cut(w, " between "); ok {
		a, b, _ := strings.Cut(span, " and ")
		from, _, _ = clock(a)
		to, _, _ = clock(b)
	} else {
		_, by, _ := strings.Cut(w, " by ")
		to, _, _ = clock(by)
	}
	for _, c := range tl.steps {
		if strconv.Itoa(c.Incident.Level) >= level && strconv.Itoa(c.From) < level {
			if at := c.Incident.Updated; at.Before(from) || at.After(to) {
				return "it came at " + at.Format("02/01 15:04")
			}
			return ""
		}
	}
	return "it never came"
}

// levelAt checks "level 1 at 12:00", of the last incident there was.
func (tl *timeline) levelAt(w, level string) string {
	_, when, _ := strings.Cut(w, " at ")
	at, _, err := clock(when)
	got := 0
	for _, m := range tl.history {
		if !m.at.After(at) {
			if n := len(m.incidents); n > 0 {
				got = m.incidents[n-1].Level
			}
		}
	}
	if strconv.Itoa(got) != level || err != nil {
		return fmt.Sprint("it was level ", got)
	}
	return ""
}

// called checks what the last incident is called on an axis.
func (tl *timeline) called(axis, want string) string {
	last := tl.last()
	if len(last) == 0 {
		return "there is no incident"
	}
	got := map[string]news.Called{"kind": last[len(last)-1].Kind, "type": last[len(last)-1].Type}[axis]
	if got.Value != want {
		return fmt.Sprintf("it is %q: %v", got.Value, got.Why)
	}
	return ""
}

func (tl *timeline) state(at time.Time) string {
	state := "not there"
	for _, m := range tl.history {
		if !m.at.After(at) {
			if n := len(m.incidents); n > 0 {
				state = string(m.incidents[n-1].State)
			}
		}
	}
	return state
}

func (tl *timeline) last() []news.Incident {
	if len(tl.history) == 0 {
		return nil
	}
	return tl.history[len(tl.history)-1].incidents
}

func (tl *timeline) tell() string {
	var b strings.Builder
	for _, c := range tl.steps {
		fmt.Fprintf(&b, "  %s %s level %d (was %d) score %.2f told %v %s: %s\n",
			c.Incident.Updated.Format("02/01 15:04"), c.Kind, c.Incident.Level, c.From, c.Incident.Score, c.Tell, c.Incident.ID, c.Why)
	}
	if b.Len() == 0 {
		return "  nothing\n"
	}
	return b.String()
}
