package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// card is an article in a list.
type card struct {
	ID, URL        string // URL is the original's
	Title, Passage []piece
	Outlet         string
	At             time.Time
	Level, Tone    string // as kept; for words and colour
	LevelLabel     string
	ToneLabel      string
	Topics         []tag
	Places         []tag
	Insurance      []tag
	Story          string
	StorySize      int // articles in the story; 0 where that is not known or not worth a link
	CopyOf         string
	Copies         []copied
	Uncertain      bool
	Why            []string // it is in its story: words they share; on the page of the story alone
	Held           bool     // a person put it there
}

// tag is a value of an article with the search for others like it.
type tag struct{ Label, URL string }

// copied is a publication of the same text elsewhere.
type copied struct {
	ID, Outlet string
	At         time.Time
}

// piece is a stretch of text; Hit where it matched.
type piece struct {
	Text string
	Hit  bool
}

// traits are what a list shows of a reading.
type traits struct {
	level, tone                  string
	topics, provinces, insurance []string
	story, copyOf                string
	uncertain                    bool
}

func (v *visit) card(a news.Article, t traits, copies []store.Copy) card {
	c := card{
		ID: a.ID, URL: a.URL, Title: plain(a.Title), Passage: plain(excerpt(a.Lead, 320)), Outlet: v.label.outlet(a.Outlet), At: store.When(a),
		Level: t.level, Tone: t.tone, Story: t.story, CopyOf: t.copyOf, Uncertain: t.uncertain,
		Topics: v.tags("topic", t.topics), Places: v.tags("province", t.provinces), Insurance: v.tags("insurance", t.insurance),
	}
	if t.level != "" {
		c.LevelLabel = v.label.of("level", t.level)
	}
	if t.tone != "" {
		c.ToneLabel = v.label.of("tone", t.tone)
	}
	for _, o := range copies {
		c.Copies = append(c.Copies, copied{o.ID, v.label.outlet(o.Outlet), o.At})
	}
	return c
}

func (v *visit) tags(field string, values []string) []tag {
	var out []tag
	for _, value := range values {
		out = append(out, tag{v.label.of(field, value), question{}.with(field, value).address()})
	}
	return out
}

// traitsOf are the traits of a stored reading.
func traitsOf(r news.Reading, story, copyOf string) traits {
	return traits{r.Level, r.Tone, r.Topics, r.Provinces, r.Insurance, story, copyOf, r.Uncertain}
}

// entries are the cards of a list from the store, copies folded under their
// originals where both are listed.
func (v *visit) entries(list []store.Entry) ([]card, error) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	copies, err := v.Store.CopiesOf(v.ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []card
	for _, e := range list {
		out = append(out, v.card(e.Article, traitsOf(e.Reading.Reading, e.Story, e.CopyOf), copies[e.ID]))
	}
	return fold(out), nil
}

// hits are the cards of an answer of the index, with copies folded or apart. An
// article that the store no longer has is left out: the index follows the
// store, and may be behind.
func (v *visit) hits(list []index.Hit, apart bool) ([]card, error) {
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i] = h.ID
	}
	for _, h := range list {
		ids = append(ids, h.Copies...)
	}
	articles, err := v.Store.Articles(v.ctx, ids)
	if err != nil {
		return nil, err
	}
	copies, err := v.Store.CopiesOf(v.ctx, ids)
	if err != nil {
		return nil, err
	}
	known := map[string]news.Article{}
	for _, a := range articles {
		known[a.ID] = a
	}
	var out []card
	for _, h := range list {
		a, ok := known[h.ID]
		if !ok {
			continue
		}
		behind := copies[h.ID]
		for _, id := range h.Copies { // of a hit that is itself a copy: its siblings
			if c, ok := known[id]; ok && len(copies[h.ID]) == 0 {
				behind = append(behind, store.Copy{ID: id, Outlet: c.Outlet, At: store.When(c)})
			}
		}
		out = append(out, v.hit(a, h, behind))
	}
	if apart {
		return out, nil
	}
	return fold(out), nil
}

func (v *visit) hit(a news.Article, h index.Hit, copies []store.Copy) card {
	k := h.Keywords
	c := v.card(a, traits{first(k["level"]), first(k["tone"]), k["topic"], k["province"], k["insurance"], first(k["story"]), first(k["copy"]),
		first(k["relevant"]) == "uncertain"}, copies)
	if h.Title.Text != "" {
		c.Title = pieces(h.Title)
	}
	if h.Passage.Text != "" {
		c.Passage = pieces(h.Passage)
	}
	return c
}

// fold leaves out copies whose original is in the same list and names them.
func fold(cards []card) []card {
	here := map[string]bool{}
	for _, c := range cards {
		here[c.ID] = true
	}
	var out []card
	for _, c := range cards {
		if c.CopyOf == "" || !here[c.CopyOf] {
			out = append(out, c)
		}
	}
	return out
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func plain(s string) []piece {
	if s == "" {
		return nil
	}
	return []piece{{s, false}}
}

// pieces cuts marked text where its marks begin and end.
func pieces(m index.Marked) []piece {
	var out []piece
	at := 0
	add := func(s vi.Span, hit bool) {
		if s.End > s.Start {
			out = append(out, piece{m.Text[s.Start:s.End], hit})
		}
	}
	for _, s := range m.Marks {
		add(vi.Span{Start: at, End: s.Start}, false)
		add(s, true)
		at = s.End
	}
	add(vi.Span{Start: at, End: len(m.Text)}, false)
	return out
}

// excerpt cuts a text at the last word within n letters.
func excerpt(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	s = string(r[:n])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + "…"
}

// sizes tells how many articles each story has, so that only a story of several
// is worth a link. One question to the index answers for the whole list.
func (v *visit) sizes(cards []card) error {
	var ids []string
	for _, c := range cards {
		if c.Story != "" && !slices.Contains(ids, c.Story) {
			ids = append(ids, c.Story)
		}
	}
	if len(ids) == 0 || v.Search == nil {
		return nil
	}
	r, err := v.Search(v.ctx, index.Query{Filters: []index.Filter{{Field: "story", Values: ids}}, Facets: []string{"story"}, Now: v.now})
	if err != nil {
		return fmt.Errorf("counting the articles of stories: %w", err)
	}
	size := map[string]int{}
	for _, n := range r.Facets["story"] {
		size[n.Value] = n.Count
	}
	for i, c := range cards {
		if n := size[c.Story]; n > 1 {
			cards[i].StorySize = n
		}
	}
	return nil
}
