package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"diembao/config"
	"diembao/internal/match"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// Bounds of the trial of phrases.
const (
	leastArticles = 200 // fewer say nothing about a phrase that never matched
	leastCommon   = 10  // articles in which something must be told before a phrase can swallow it
	swallowed     = 0.8 // share of another's articles
	leastOurs     = 50  // articles of ours below which nothing is said of a phrase that is everywhere
	everywhere    = 0.6 // share of ours
	leastMeant    = 3   // words of a phrase, and articles, without which what was meant is a guess
)

// Odd is a phrase that does not do what it is there for.
type Odd struct {
	config.Phrase
	Articles int    // in which it stands
	Swallows string // whose articles it stands in nearly all of: a topic's id, an event's
	Meant    string // how the press writes what it may mean; empty where that is not known
	Do       string
}

// tried is one phrase on its trial.
type tried struct {
	config.Phrase
	articles, ours int
	beside         map[string]int // others of its family told in the same articles
	meant          map[string]int // words of the press that differ by marks alone → articles
}

// trial is all phrases on their trial, by what finds them in a text.
type trial struct {
	all     []*tried
	marked  *match.Matcher
	told    map[string]int // family and id → articles
	ours    int
	twice   map[string]*tried // family and words → the first that says so
	waiting sync.Mutex
}

// OddPhrases tries phrases on the newest articles of the archive, of ours or
// not, and tells those that never stand in a text, those that stand in nearly
// all articles of another topic, form or event, so that its articles are
// counted twice, those that stand in most of what is ours and so tell nothing
// apart, and those that stand in two places that contradict one another. read
// is how many articles were tried.
func (p *Pipeline) OddPhrases(ctx context.Context, phrases []config.Phrase, t Trial) (odd []Odd, read int, err error) {
	try, err := newTrial(phrases)
	if err != nil {
		return nil, 0, err
	}
	now := p.Now()
	read, err = p.newest(ctx, store.Filter{All: true}, t, func(page []store.Entry) error {
		shared(len(page), func(i int) { try.article(page[i].Article, page[i].Reading.Relevant, now) })
		return nil
	})
	if err != nil {
		return nil, read, err
	}
	if read >= leastArticles {
		if err := p.meant(ctx, try, t, now); err != nil {
			return nil, read, err
		}
	}
	return try.odd(read), read, nil
}

func newTrial(phrases []config.Phrase) (*trial, error) {
	try := &trial{told: map[string]int{}, twice: map[string]*tried{}}
	cues := map[string][]string{}
	for i, ph := range phrases {
		try.all = append(try.all, &tried{Phrase: ph, beside: map[string]int{}, meant: map[string]int{}})
		cues[strconv.Itoa(i)] = []string{ph.Text}
	}
	var err error
	try.marked, err = onlyCues(cues)
	return try, err
}

// onlyCues finds phrases by number and nothing else.
func onlyCues(cues map[string][]string) (*match.Matcher, error) {
	m, err := match.New(config.Pack{Topics: config.Topics{Cues: cues}})
	if err != nil {
		return nil, fmt.Errorf("trying the phrases: %w", err)
	}
	return m, nil
}

// which is the number of the phrase a mention is of.
func which(m news.Mention) int {
	i, err := strconv.Atoi(strings.TrimPrefix(m.What, "cue:"))
	if err != nil {
		return -1
	}
	return i
}

// literal families are looked up letter by letter in title and lead: they know
// no "bảo hiểm xã hội" for "bhxh".
var literal = map[string]bool{"threat": true, "whom": true, "leader": true, "authority": true, "drill": true}

// counts reports whether a mention is one as its list would see it.
func (t *tried) counts(a news.Article, m news.Mention) bool {
	return !literal[t.Family] || m.Where != news.Body && vi.Key(phraseOf(a, m)) == vi.Key(t.Text)
}

// rival families divide articles among them: one that drags another's along is
// worth a word.
var rival = map[string]bool{"topic": true, "event": true, "form": true, "target": true}

// article counts what stands in one article.
func (try *trial) article(a news.Article, ours bool, now time.Time) {
	here, told := map[int]bool{}, map[string]bool{}
	for _, m := range try.marked.Find(a, now) {
		i := which(m)
		if i < 0 || !try.all[i].counts(a, m) {
			continue
		}
		here[i] = true
		if rival[try.all[i].Family] {
			told[try.all[i].whose()] = true
		}
	}
	try.waiting.Lock()
	defer try.waiting.Unlock()
	for what := range told {
		try.told[what]++
	}
	if ours {
		try.ours++
	}
	for i := range here {
		t := try.all[i]
		t.articles++
		if ours {
			t.ours++
		}
		for what := range told {
			if rival[t.Family] && what != t.whose() && strings.HasPrefix(what, t.Family+" ") {
				t.beside[what]++
			}
		}
	}
}

// whose is what a phrase tells.
func (t *tried) whose() string { return t.Family + " " + t.Of }

// meant looks for phrases that never stood in a text once more, without their
// marks: what the press writes in their place is most likely what was meant.
func (p *Pipeline) meant(ctx context.Context, try *trial, t Trial, now time.Time) error {
	cues := map[string][]string{}
	for i, x := range try.all {
		if x.articles == 0 && vi.Marked(x.Text) && len(vi.Tokens(x.Text)) >= leastMeant && !strings.Contains(x.Text, "…") {
			cues[strconv.Itoa(i)] = []string{vi.Fold(x.Text)}
		}
	}
	if len(cues) == 0 {
		return nil
	}
	bare, err := onlyCues(cues)
	if err != nil {
		return err
	}
	t.Told = nil // told already
	_, err = p.newest(ctx, store.Filter{All: true}, t, func(page []store.Entry) error {
		shared(len(page), func(i int) { try.bare(bare, page[i].Article, now) })
		return nil
	})
	return err
}

// bare notes how an article writes what the phrases may mean.
func (try *trial) bare(bare *match.Matcher, a news.Article, now time.Time) {
	parts := map[news.Part][2]string{news.Title: {a.Title, vi.Fold(a.Title)}, news.Lead: {a.Lead, vi.Fold(a.Lead)}}
	for _, m := range bare.Find(news.Article{Title: parts[news.Title][1], Lead: parts[news.Lead][1], Published: a.Published}, now) {
		i := which(m)
		words, ok := asMarked(parts[m.Where][0], parts[m.Where][1], m)
		if i < 0 || !ok || !vi.Marked(words) {
			continue
		}
		try.waiting.Lock()
		try.all[i].meant[words]++
		try.waiting.Unlock()
	}
}

// asMarked returns the words of a text at a mention in its form without marks:
// both have the same words in the same order.
func asMarked(text, folded string, m news.Mention) (string, bool) {
	with, without := vi.Tokens(text), vi.Tokens(folded)
	if len(with) != len(without) {
		return "", false
	}
	from, to := -1, -1
	for i, t := range without {
		if t.Start == m.Start {
			from = i
		}
		if t.End == m.End {
			to = i
		}
	}
	if from < 0 || to < from {
		return "", false
	}
	return strings.ToLower(text[with[from].Start:with[to].End]), true
}
