package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"

	"diembao/internal/story"
)

// StoryItem is one article of a gold set of stories, or a distractor without one.
type StoryItem struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Body    string `json:"body"`
	Time    string `json:"time"`
	Story   label  `json:"story"`

	Link      string `json:"link"`      // instead of id, in a dump of feeds
	Published string `json:"published"` // instead of time
	Fetched   string `json:"fetched"`   // where published cannot be read

	at time.Time
}

// label names a story, written as a string or a number.
type label string

func (l *label) UnmarshalJSON(b []byte) error {
	*l = label(strings.Trim(string(b), `"`))
	return nil
}

// StoryAnswer is the raw answer for one article, as written with --out.
type StoryAnswer struct {
	ID     string `json:"id"`
	Story  string `json:"story"`
	CopyOf string `json:"copy_of,omitempty"`
}

// StoryFigures are the figures of `eval stories`. BCubed (Bagga and Baldwin
// 1998): an article's precision is the share of its found story that is of its
// true one, its recall the reverse; both are averaged over articles.
type StoryFigures struct {
	Docs      int     `json:"docs"` // scored, distractors aside
	Stories   int     `json:"stories"`
	Found     int     `json:"found"` // stories that scored articles were put in
	Precision float64 `json:"bcubed_precision"`
	Recall    float64 `json:"bcubed_recall"`
	F1        float64 `json:"bcubed_f1"`
	PerSecond float64 `json:"docs_per_s"` // distractors too
	PeakMB    float64 `json:"peak_rss_mb"`

	Copies CopyFigures `json:"copies"` // of the scored articles; measured apart
}

// StoriesOptions is how a set of stories is measured.
type StoriesOptions struct {
	Story       story.Options
	Distract    io.Reader // items without a story, mixed in; nil for none
	MaxDistract int       // at most so many of them, evenly chosen; 1,400 by default
	Out         io.Writer // StoryAnswers as JSON Lines; nil for none
}

// Stories feeds the articles of gold, JSON Lines of StoryItem, one by one in
// order of time to a new memory of stories, as they would arrive, and compares
// the stories found with the true ones.
func Stories(gold io.Reader, o StoriesOptions) (StoryFigures, error) {
	items, err := readStoryItems(gold)
	if err != nil {
		return StoryFigures{}, fmt.Errorf("reading the stories: %w", err)
	}
	feed := items
	if o.Distract != nil {
		others, err := readStoryItems(o.Distract)
		if err != nil {
			return StoryFigures{}, fmt.Errorf("reading the distractors: %w", err)
		}
		feed = mix(items, thin(others, cmp.Or(o.MaxDistract, 1400)))
	}
	found, took := place(feed, o.Story)
	if o.Out != nil {
		enc := json.NewEncoder(o.Out)
		for _, it := range items {
			if err := enc.Encode(StoryAnswer{it.ID, found[it.ID].Story, found[it.ID].CopyOf}); err != nil {
				return StoryFigures{}, fmt.Errorf("writing the answers: %w", err)
			}
		}
	}
	f := bcubed(items, found)
	f.PerSecond = float64(len(feed)) / max(took.Seconds(), 1e-9)
	f.PeakMB = peakMB()
	f.Copies = copyFigures(items, o.Story)
	return f, nil
}

// place puts the items into stories in their order.
func place(feed []StoryItem, o story.Options) (map[string]story.Placed, time.Duration) {
	s := story.New(o)
	found, into := make(map[string]story.Placed, len(feed)), map[string]string{}
	start := time.Now()
	for _, it := range feed {
		p := s.Add(it.doc())
		found[it.ID] = p
		for _, m := range p.Merged {
			into[m.From] = m.Into
		}
	}
	took := time.Since(start)
	for id, p := range found {
		for into[p.Story] != "" {
			p.Story = into[p.Story]
		}
		found[id] = p
	}
	return found, took
}

// readStoryItems reads JSON Lines in order of time; a line that is no item is an error.
func readStoryItems(r io.Reader) ([]StoryItem, error) {
	var items []StoryItem
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var it StoryItem
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		it.ID = cmp.Or(it.ID, it.Link)
		if it.at = firstTime(it.Time, it.Published, it.Fetched); it.at.IsZero() {
			return nil, fmt.Errorf("line %d: no time of %q can be read; write it as 2013-10-20T17:22:00+07:00", n, it.ID)
		}
		items = append(items, it)
	}
	slices.SortStableFunc(items, func(a, b StoryItem) int { return a.at.Compare(b.at) })
	return items, lines.Err()
}

// firstTime is the first that can be read. A zone that does not exist
// ("+07:07", as one dump of feeds has it) is read as +07:00.
func firstTime(texts ...string) time.Time {
	for _, s := range texts {
		if i := len(s) - len("+07:00"); i > 0 && s[i] == '+' {
			s = s[:i] + "+07:00"
		}
		for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateTime} {
			if t, err := time.ParseInLocation(form, s, vietnam); err == nil {
				return t
			}
		}
	}
	return time.Time{}
}

var vietnam = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// thin keeps at most n items, evenly chosen.
func thin(items []StoryItem, n int) []StoryItem {
	if len(items) <= n {
		return items
	}
	out := make([]StoryItem, 0, n)
	for i := range n {
		out = append(out, items[i*len(items)/n])
	}
	return out
}

// mix puts the distractors between the articles. Where they are of another
// year they would distract nobody: then they are spread evenly among the
// articles and take the time of the one before.
func mix(items, others []StoryItem) []StoryItem {
	if len(items) == 0 || len(others) == 0 {
		return items
	}
	apart := others[0].at.After(items[len(items)-1].at) || others[len(others)-1].at.Before(items[0].at)
	if apart {
		for i := range others {
			others[i].at = items[i*len(items)/len(others)].at
		}
	}
	all := append(slices.Clone(items), others...)
	slices.SortStableFunc(all, func(a, b StoryItem) int { return a.at.Compare(b.at) })
	return all
}

// bcubed compares found stories with true ones over the scored items.
func bcubed(items []StoryItem, found map[string]story.Placed) StoryFigures {
	type cell struct {
		gold label
		got  string
	}
	both, gold, got := map[cell]float64{}, map[label]float64{}, map[string]float64{}
	for _, it := range items {
		both[cell{it.Story, found[it.ID].Story}]++
		gold[it.Story]++
		got[found[it.ID].Story]++
	}
	f := StoryFigures{Docs: len(items), Stories: len(gold), Found: len(got)}
	for _, it := range items {
		c := cell{it.Story, found[it.ID].Story}
		f.Precision += both[c] / got[c.got]
		f.Recall += both[c] / gold[c.gold]
	}
	if n := float64(len(items)); n > 0 {
		f.Precision, f.Recall = f.Precision/n, f.Recall/n
	}
	if f.Precision+f.Recall > 0 {
		f.F1 = 2 * f.Precision * f.Recall / (f.Precision + f.Recall)
	}
	return f
}

// peakMB is the most memory the process ever held, outside the heap too.
func peakMB() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Maxrss) / 1024
}
