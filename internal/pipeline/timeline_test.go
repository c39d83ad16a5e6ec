package pipeline

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
	"diembao/internal/store"
)

// A timeline file here tells a story to the whole machine, in the words of
// papers and of the people on duty, where those of the crisis room know only
// how articles were read. Papers are bao-0, which is trusted, to bao-5; the
// first day is a Monday. Its lines:
//
//	at 22:40 bao-0 "Tiêu đề" "Sapo"             an article; +1 09:10 is the next day
//	at 09:00 silence "Suối Đá" until +2 09:00   letters on titles with these words
//	at 09:00 claim "Tin đồn …" "Thông cáo 7"    entered into the register as untrue
//	at 11:00 merge 2 into 1                     stories by the order in which they began
//	at 11:00 lower                              the gravest incident, by a level
//	at 11:00 close                              the gravest incident
//	at 11:00 split                              the last article out of its story
//	500 times at 08:00 bao-1 "{n} …" "…"        so many articles, four seconds apart; {n} is the number, {t} words of its own
//	    published -30h · published 1970 · via import    behind an article: its date, its door
//	want level 2 at 22:41                       of the gravest living incident
//	want letter by 22:41 "Mức 2"                whose subject or text has these words
//	want letter after 22:41 "Mức 2"
//	want no letter by 09:00
//	want letters 2
//	want incidents 2 · want living 1            at the end
//	want stories 2
//	want past                                   the last incident's card names the first as comparable
//
// The machine watches with every line, a minute after, and once an hour. Every
// file is played twice: the second time the machine is started anew before all
// it does, and must write the same letters.
func TestTimelinesOfTheMachine(t *testing.T) {
	files, err := filepath.Glob("testdata/timelines/*.timeline")
	if err != nil || len(files) == 0 {
		t.Fatal("no timelines: ", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".timeline"), func(t *testing.T) {
			once := &stage{newsroom: newNewsroom(t, playday), seen: map[string]bool{}}
			once.perform(f)
			anew := &stage{newsroom: newNewsroom(t, playday), seen: map[string]bool{}, anew: true}
			anew.perform(f)
			if a, b := once.tale(), anew.tale(); a != b {
				t.Errorf("started anew before all it does the machine writes\n%sand else\n%s", b, a)
			}
		})
	}
}

var playday = time.Date(2026, 7, 6, 0, 0, 0, 0, config.VN)

// stage is a timeline on the machine, with what was noted on the way.
type stage struct {
	*newsroom
	anew   bool   // the machine is started anew before all it does
	last   string // id of the last article
	wants  []string
	seen   map[string]bool // keys of letters
	posted []posted
	levels []noted
}

type posted struct {
	at   time.Time
	text string
}

type noted struct {
	at    time.Time
	level int // of the gravest living incident; 0 for none
}

func (p *stage) perform(file string) {
	f, err := os.Open(file)
	p.must(err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch first, rest, _ := strings.Cut(line, " "); first {
		case "", "#":
		case "want":
			p.wants = append(p.wants, rest)
		case "at":
			at, what := p.clock(rest)
			p.until(at)
			p.act(what)
			p.note()
			p.now = p.now.Add(time.Minute)
			p.note()
		default:
			if n, err := strconv.Atoi(first); err == nil && strings.HasPrefix(rest, "times at ") {
				at, what := p.clock(strings.TrimPrefix(rest, "times at "))
				p.until(at)
				p.publish(what, n)
				p.note()
				break
			}
			p.t.Fatalf("%s:%d: cannot read %q", file, n, line)
		}
	}
	p.must(lines.Err())
	p.until(p.now.Add(72 * time.Hour))
	if len(p.wants) == 0 {
		p.t.Error("the timeline wants nothing")
	}
	for _, w := range p.wants {
		if but := p.want(w); but != "" {
			p.t.Errorf("want %s, but %s; letters:\n%s", w, but, p.tale())
		}
	}
}

// clock reads "+1 09:10 rest".
func (p *stage) clock(s string) (time.Time, string) {
	day := playday
	if strings.HasPrefix(s, "+") {
		var days int
		before, rest, _ := strings.Cut(s, " ")
		_, err := fmt.Sscanf(before, "+%d", &days)
		p.must(err)
		day, s = day.AddDate(0, 0, days), rest
	}
	clock, rest, _ := strings.Cut(s, " ")
	h, err := time.Parse("15:04", clock)
	p.must(err)
	return day.Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute), rest
}

// until lets time go by, watching every hour.
func (p *stage) until(at time.Time) {
	for next := p.now.Truncate(time.Hour).Add(time.Hour); next.Before(at); next = next.Add(time.Hour) {
		p.now = next
		p.note()
	}
	if at.After(p.now) {
		p.now = at
	}
}

// act does what a line says.
func (p *stage) act(what string) {
	verb, rest, _ := strings.Cut(what, " ")
	texts := said(what)
	who := store.Word{Who: "Lan", Why: "thử", At: p.now}
	switch verb {
	case "silence":
		_, until, _ := strings.Cut(rest, " until ")
		end, _ := p.clock(until)
		p.silence(news.Silence{Words: texts[0], Until: end, Mail: "lan@coquan.example"})
	case "claim":
		claim := news.Rumour{Claim: texts[0], Document: texts[1], Truth: news.Untrue, Who: who.Who, FirstSeen: p.now, Made: p.now}
		p.must(p.Store.Do(p.t.Context(), func(tx *store.Tx) error { return tx.PutRumour(p.t.Context(), &claim) }))
	case "merge":
		var from, into int
		_, err := fmt.Sscanf(rest, "%d into %d", &from, &into)
		p.must(err)
		stories := p.stories()
		_, err = p.Merge(p.t.Context(), stories[from-1], stories[into-1], who)
		p.must(err)
	case "lower":
		p.must(p.Store.Do(p.t.Context(), func(tx *store.Tx) error { return tx.LowerIncident(p.t.Context(), p.gravest().ID, who) }))
	case "close":
		p.must(p.Store.Do(p.t.Context(), func(tx *store.Tx) error {
			return tx.SetIncident(p.t.Context(), p.gravest().ID, news.Closed, who)
		}))
	case "split":
		_, err := p.Split(p.t.Context(), []string{p.last}, who)
		p.must(err)
		p.read()
	default:
		p.publish(what, 1)
	}
}

// said are the two texts in quotation marks, empty where there are fewer.
func said(s string) (out [2]string) {
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 && i < 4 {
			out[i/2] = part
		}
	}
	return out
}

// stories are the ids in the order in which the stories began.
func (p *stage) stories() (ids []string) {
	found, err := p.Store.Stories(p.t.Context(), store.StoryFilter{Limit: 10_000})
	p.must(err)
	slices.SortFunc(found, func(a, b store.StoryState) int { return a.First.Compare(b.First) })
	for _, s := range found {
		ids = append(ids, s.ID)
	}
	return ids
}

func (p *stage) living() []store.IncidentState {
	found, err := p.Store.Incidents(p.t.Context(), store.IncidentFilter{States: []news.State{news.Open, news.Acked, news.Fading}})
	p.must(err)
	return found
}

// gravest is the living incident of the highest level; the zero one where none lives.
func (p *stage) gravest() (most news.Incident) {
	for _, in := range p.living() {
		if in.Level > most.Level {
			most = in.Incident
		}
	}
	return most
}

// note watches, and notes the letters and the level.
func (p *stage) note() {
	p.forget()
	p.watch()
	for _, l := range slices.Backward(p.letters()) {
		if !p.seen[l.Key] {
			p.seen[l.Key] = true
			p.posted = append(p.posted, posted{p.now, l.Subject + "\n" + l.Text})
		}
	}
	p.levels = append(p.levels, noted{p.now, p.gravest().Level})
}

func (p *stage) want(w string) string {
	f := strings.Fields(w)
	switch {
	case f[0] == "letters" && fmt.Sprint(len(p.posted)) != f[1]:
		return fmt.Sprint("there are ", len(p.posted))
	case f[0] == "incidents" && fmt.Sprint(len(incidentIDs(p.newsroom))) != f[1]:
		return fmt.Sprint("there are ", len(incidentIDs(p.newsroom)))
	case f[0] == "living" && fmt.Sprint(len(p.living())) != f[1]:
		return fmt.Sprint("there are ", len(p.living()))
	case f[0] == "stories" && fmt.Sprint(len(p.stories())) != f[1]:
		return fmt.Sprint("there are ", len(p.stories()))
	case f[0] == "past":
		return p.past()
	case f[0] == "level":
		_, when, _ := strings.Cut(w, " at ")
		at, _ := p.clock(when)
		level := 0
		for _, n := range p.levels {
			if !n.at.After(at) {
				level = n.level
			}
		}
		if fmt.Sprint(level) != f[1] {
			return fmt.Sprint("it was ", level)
		}
	case f[0] == "letter", f[0] == "no":
		return p.wantLetter(w)
	}
	return ""
}

// wantLetter checks "letter by 22:41 "words"", "letter after …" and "no letter by …".
func (p *stage) wantLetter(w string) string {
	_, rest, _ := strings.Cut(w, "letter ")
	side, when, _ := strings.Cut(rest, " ")
	at, _ := p.clock(when)
	words := said(rest)[0]
	came := slices.ContainsFunc(p.posted, func(l posted) bool {
		return strings.Contains(l.text, words) && l.at.After(at) == (side == "after")
	})
	switch not := strings.HasPrefix(w, "no "); {
	case came && not:
		return "one came"
	case !came && !not:
		return "none came"
	}
	return ""
}

func (p *stage) tale() string {
	var b strings.Builder
	for _, l := range p.posted {
		subject, _, _ := strings.Cut(l.text, "\n")
		fmt.Fprintf(&b, "  %s %s\n", l.at.Format("02/01 15:04"), subject)
	}
	return b.String()
}
