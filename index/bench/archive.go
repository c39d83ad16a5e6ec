package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"diembao/index"
)

// archive makes documents of natural size out of their number alone, so that
// nothing has to be kept: 2.7 KB of text, words by Zipf's law, three years.
type archive struct {
	size  int
	words []string // commonest first; of one to three syllables
}

const (
	vocabulary = 40_000
	zipfS      = 1.07 // exponent of word frequencies in Vietnamese news
	zipfV      = 4
	bodyWords  = 250 // about 430 syllables
	span       = 3 * 365 * 24 * time.Hour
)

var lastMoment = time.Date(2026, 11, 1, 12, 0, 0, 0, time.FixedZone("+07:00", 7*3600))

func newArchive(size int) *archive {
	var syllables []string
	for _, onset := range strings.Fields("b c ch d đ g gi h kh l m n ng nh ph qu s t th tr v x") {
		for _, rhyme := range strings.Fields("a à ả á ạ ai ài an àn án ang àng anh ánh ao ào áo ăm ân ấn ấp ất âu ầu e ê ế em en ên ết iêm iên iến iệt inh o ò ó ô ồ ông ộng ơ ờ ơi u ù ú uân ương ường ưu ứu ừ") {
			syllables = append(syllables, onset+rhyme)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(syllables), func(i, j int) { syllables[i], syllables[j] = syllables[j], syllables[i] })
	common := rand.NewZipf(r, 1.1, 20, uint64(len(syllables)-1))
	a := &archive{size: size, words: make([]string, vocabulary)}
	for i := range a.words {
		parts := []string{syllables[common.Uint64()]}
		for len(parts) < 1+(i*7)%5/2 { // two words in five have one syllable, two have two, one has three
			parts = append(parts, syllables[common.Uint64()])
		}
		a.words[i] = strings.Join(parts, " ")
	}
	return a
}

func id(i int) string {
	return "https://bao-" + strconv.Itoa(i%97) + ".example/" + strconv.Itoa(i) + ".html"
}

func numberOf(id string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(id[strings.LastIndexByte(id, '/')+1:], ".html"))
	if err != nil {
		panic(err) // an ID this program did not make
	}
	return n
}

func (a *archive) texts(i int) index.Texts {
	r := rand.New(rand.NewPCG(uint64(i), 3))
	zipf := rand.NewZipf(r, zipfS, zipfV, vocabulary-1)
	sentence := func(words int) string {
		var b strings.Builder
		for n := range words {
			if n > 0 {
				b.WriteByte(' ')
				if n%18 == 0 {
					b.WriteString(". ")
				}
			}
			b.WriteString(a.words[zipf.Uint64()])
		}
		return b.String() + "."
	}
	return index.Texts{Title: sentence(8), Lead: sentence(20), Body: sentence(bodyWords)}
}

func (a *archive) time(i int) time.Time {
	return lastMoment.Add(-span + time.Duration(float64(span)*float64(i)/float64(a.size)))
}

// keywords of document i: as many values a field as the product has.
func keywords(i int) map[string][]string {
	return map[string][]string{
		"level":    {[]string{"local", "local", "central"}[i%3]},
		"outlet":   {fmt.Sprint("outlet-", i*i%262)},
		"province": {fmt.Sprint("province-", i%34)},
		"topic":    {fmt.Sprint("topic-", i*7%18)},
		"tone":     {[]string{"neutral", "neutral", "positive", "negative"}[i%4]},
	}
}

func (a *archive) doc(i int) index.Doc {
	t := a.texts(i)
	return index.Doc{ID: id(i), Title: t.Title, Lead: t.Lead, Body: t.Body, Time: a.time(i), Keywords: keywords(i)}
}

// question is one query in a form every engine can be asked in.
type question struct {
	kind  string
	words []string // of one syllable each, except for phrases
}

var kinds = []string{"term", "and", "phrase", "or8", "wildcard", "90d+facets", "newest", "weeks"}

// questions draws words that people ask for: neither the commonest, which say
// nothing, nor those seen once.
func (a *archive) questions(kind string, n int) (out []question) {
	r := rand.New(rand.NewPCG(5, uint64(len(kind))))
	for len(out) < n {
		q := question{kind: kind}
		want := map[string]int{"and": 2, "or8": 8}[kind]
		for len(q.words) < max(1, want) {
			w := a.words[50+r.IntN(3000)]
			if kind != "phrase" {
				w, _, _ = strings.Cut(w, " ")
			} else if !strings.Contains(w, " ") {
				continue
			}
			q.words = append(q.words, w)
		}
		out = append(out, q)
	}
	return out
}
