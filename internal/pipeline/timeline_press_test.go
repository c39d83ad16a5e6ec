package pipeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// publish lets an outlet publish n articles by one line, four seconds apart,
// and the machine read them.
func (p *stage) publish(line string, n int) {
	var arts []news.Article
	for i := range n {
		arts = append(arts, p.written(line, i))
	}
	p.now = arts[n-1].FirstSeen
	p.must(p.Store.Do(p.t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(p.t.Context(), arts, p.now)
		return err
	}))
	p.last = arts[n-1].ID
	p.read()
}

// read reads, and again what reading and watching changed.
func (p *stage) read() {
	p.forget()
	_, err := p.Read(p.t.Context())
	p.must(err)
	p.watch()
	p.forget()
	_, err = p.Read(p.t.Context())
	p.must(err)
}

// forget starts the machine anew, on a stage where that is wanted.
func (p *stage) forget() {
	if p.anew {
		p.memory, p.lookout = memory{}, lookout{}
	}
}

// written is the i-th article of a line such as bao-1 "Tiêu đề" "Sapo" published -30h via import.
func (p *stage) written(line string, i int) news.Article {
	p.n++
	outlet, _, _ := strings.Cut(line, " ")
	own, texts := strings.NewReplacer("{n}", strconv.Itoa(i+1), "{t}", ownText(i)), said(line)
	at := p.now.Add(time.Duration(i) * 4 * time.Second)
	url := fmt.Sprintf("https://%s.example/bai-%d.html", outlet, 1000+p.n)
	canonical := news.Canonical(url, p.Rules().Keys)
	a := news.Article{ID: news.ID(canonical), URL: url, Canonical: canonical, Outlet: outlet, Title: own.Replace(texts[0]), Lead: own.Replace(texts[1]),
		Published: at, FirstSeen: at, Via: news.Crawl, Lang: "vi"}
	words := strings.Fields(line[strings.LastIndex(line, `"`)+1:])
	for w := 0; w+1 < len(words); w += 2 {
		switch value := words[w+1]; {
		case words[w] == "via":
			a.Via = news.Via(value)
		case words[w] == "published" && value == "1970":
			a.Published = time.Unix(0, 0)
		case words[w] == "published":
			by, err := time.ParseDuration(value)
			p.must(err)
			a.Published = at.Add(by)
		default:
			p.t.Fatalf("cannot read %q in %s", words[w], line)
		}
	}
	return a
}

// ownText is some made-up words that hardly any other number has.
func ownText(i int) string {
	onsets, rhymes := strings.Fields("b ch d đ h kh l m n nh ph r s t th tr v x"), strings.Fields("an ang ao âm ân ê ích iên inh iu oa oan ông ơi ú uân ươm ương uyên ười")
	var out []string
	for n := uint32(i*7919 + 13); len(out) < 12; n = n*1664525 + 1013904223 {
		out = append(out, onsets[n>>8%uint32(len(onsets))]+rhymes[n>>20%uint32(len(rhymes))])
	}
	return strings.Join(out, " ")
}

// past checks that the card of the last incident names the first.
func (p *stage) past() string {
	all := incidentIDs(p.newsroom)
	first, last := all[len(all)-1], all[0]
	made, err := p.Card(p.t.Context(), last, "vi")
	p.must(err)
	for _, c := range made.Past {
		if c.ID == first && first != last {
			return ""
		}
	}
	return fmt.Sprintf("it names %v", made.Past)
}
