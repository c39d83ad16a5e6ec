package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/match"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Bounds of the trial of phrases.
const (
	phraseArticles = 10_000 // of the newest, of ours or not
	leastArticles  = 200    // fewer say nothing about a phrase that never matched
	leastCommon    = 10     // articles in which a topic must be told before a phrase can swallow it
	swallowed      = 0.8    // share of a topic's articles
)

// Odd is a phrase of a topic that does not do what it is there for.
type Odd struct {
	Topic    string `json:"topic"`
	List     string `json:"list"` // strong, weak
	Phrase   string `json:"phrase"`
	Articles int    `json:"articles"` // in which it stands
	Swallows string `json:"swallows,omitempty"`
	Do       string `json:"do"`
}

// tried is one phrase on its trial.
type tried struct {
	topic, list, phrase string
	articles            int
	beside              map[string]int // topics told strongly in the same articles by others' phrases
}

// OddPhrases tries every phrase of the topics on the newest articles and tells
// those that never match and those strong ones that stand in nearly all
// articles of another topic, so that its articles are counted twice. read is
// how many articles were tried.
func (p *Pipeline) OddPhrases(ctx context.Context) (odd []Odd, read int, err error) {
	pack := p.Rules().Pack
	all := phrasesOf(pack)
	alone := config.Pack{Topics: config.Topics{Cues: map[string][]string{}}}
	for i, t := range all {
		alone.Topics.Cues[strconv.Itoa(i)] = []string{t.phrase}
	}
	m, err := match.New(alone)
	if err != nil {
		return nil, 0, fmt.Errorf("trying the phrases: %w", err)
	}
	told := map[string]int{} // topic → articles with a strong phrase of it
	for cursor := ""; read < phraseArticles; {
		page, next, err := p.Store.Newest(ctx, store.Filter{All: true}, 500, cursor)
		if err != nil {
			return nil, read, err
		}
		for _, e := range page {
			try(m, all, told, e.Article, p.Now())
		}
		read += len(page)
		if cursor = next; next == "" {
			break
		}
	}
	return oddOf(all, told, read), read, nil
}

func phrasesOf(pack config.Pack) []*tried {
	var all []*tried
	for _, t := range pack.Topics.Topics {
		for _, phrase := range t.Strong {
			all = append(all, &tried{topic: t.ID, list: "strong", phrase: phrase, beside: map[string]int{}})
		}
		for _, phrase := range t.Weak {
			all = append(all, &tried{topic: t.ID, list: "weak", phrase: phrase, beside: map[string]int{}})
		}
	}
	return all
}

// try counts what stands in one article.
func try(m *match.Matcher, all []*tried, told map[string]int, a news.Article, now time.Time) {
	here, strong := map[int]bool{}, map[string]bool{}
	for _, f := range m.Find(a, now) {
		i, err := strconv.Atoi(strings.TrimPrefix(f.What, "cue:"))
		if err != nil || i >= len(all) {
			continue
		}
		here[i] = true
		if all[i].list == "strong" {
			strong[all[i].topic] = true
		}
	}
	for topic := range strong {
		told[topic]++
	}
	for i := range here {
		all[i].articles++
		for topic := range strong {
			if topic != all[i].topic {
				all[i].beside[topic]++
			}
		}
	}
}

func oddOf(all []*tried, told map[string]int, read int) []Odd {
	odd := []Odd{}
	for _, t := range all {
		o := Odd{Topic: t.topic, List: t.list, Phrase: t.phrase, Articles: t.articles}
		if t.articles == 0 && read >= leastArticles {
			o.Do = "it never stands in a text: mend its spelling, or take it out"
			odd = append(odd, o)
			continue
		}
		if t.list != "strong" {
			continue
		}
		for topic, n := range t.beside {
			if told[topic] >= leastCommon && float64(n) >= swallowed*float64(told[topic]) && (o.Swallows == "" || topic < o.Swallows) {
				o.Swallows = topic
			}
		}
		if o.Swallows != "" {
			o.Do = fmt.Sprintf("it stands in %d of the %d articles of %s: make it longer, make it weak, or name what it must not be in under not", t.beside[o.Swallows], told[o.Swallows], o.Swallows)
			odd = append(odd, o)
		}
	}
	return odd
}
