package pipeline_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/index"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// scriptNow is the present of the scripts: a Thursday.
var scriptNow = time.Date(2026, 7, 9, 15, 0, 0, 0, config.VN)

// TestSearchScripts tells stories of the press and asks for them. Each file in
// testdata/search is a small archive and the questions put to it:
//
//	bài tăng: Lương hưu tăng từ tháng 7
//	  nguồn: vnexpress 2026-07-01 08:00 topic=pension tone=positive
//	  dẫn: Người nghỉ hưu nhận mức mới.
//
//	tìm: lương hưu
//	  với: fold=no sort=newest
//	  đếm: 1 lượt đăng, 1 tin gốc
//	  - Lương hưu tăng từ tháng 7
//
// Every answer is also read in pages of two, by cursor and by offset, and must
// be the same.
func TestSearchScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/search/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			must(t, err)
			s := newScript(t)
			for n, block := range blocks(string(raw)) {
				s.where = fmt.Sprintf("%s:%d", file, n)
				s.play(block)
			}
			if s.asked == 0 {
				t.Error("nothing is asked in ", file)
			}
		})
	}
}

// line is one line of a script.
type line struct{ key, text string }

// blocks cuts a script at empty lines, by the number of the first line of each.
func blocks(text string) func(func(int, []line) bool) {
	return func(yield func(int, []line) bool) {
		var block []line
		start := 0
		for n, l := range append(strings.Split(text, "\n"), "") {
			l = strings.TrimSpace(l)
			if l == "" && len(block) > 0 {
				if !yield(start, block) {
					return
				}
				block = nil
			}
			if l == "" || strings.HasPrefix(l, "#") {
				continue
			}
			if len(block) == 0 {
				start = n + 1
			}
			key, rest, _ := strings.Cut(l, ":")
			if strings.HasPrefix(l, "- ") {
				key, rest = "-", l[2:]
			}
			block = append(block, line{key, strings.TrimSpace(rest)})
		}
	}
}

// script is an archive and what was asked of it.
type script struct {
	*testing.T
	*pipeline.Pipeline
	where    string
	ids      map[string]string // by the names that articles have in the script
	outdated bool              // something was told since the last question
	asked    int
}

func newScript(t *testing.T) *script {
	pack, err := config.Default()
	must(t, err)
	for i := range pack.Outlets {
		pack.Outlets[i].On = pack.Outlets[i].On && slices.Contains([]string{"vnexpress", "tuoitre", "baonghean", "nhandan"}, pack.Outlets[i].ID)
	}
	rules, err := pipeline.Compile(pack)
	must(t, err)
	dir := t.TempDir()
	archive, err := store.Open(t.Context(), store.Options{Dir: dir})
	must(t, err)
	t.Cleanup(func() { must(t, archive.Close()) })
	p := &pipeline.Pipeline{Store: archive, Now: func() time.Time { return scriptNow }, Log: quiet}
	p.Use(rules)
	must(t, p.OpenIndex(t.Context(), filepath.Join(dir, "index")))
	t.Cleanup(func() { must(t, p.CloseIndex()) })
	return &script{T: t, Pipeline: p, ids: map[string]string{}}
}

func (s *script) play(block []line) {
	s.Helper()
	kind, name, _ := strings.Cut(block[0].key, " ")
	switch kind {
	case "bài":
		s.publish(name, block)
		s.outdated = true
	case "sự":
		s.incident(strings.TrimPrefix(name, "việc "), strings.Fields(block[0].text))
	case "tối":
		s.dark(strings.Fields(block[0].text))
	case "tìm":
		s.fresh()
		s.ask(block[0].text, block[1:])
	case "gần":
		s.fresh()
		s.like(block[0].text, block[1:])
	default:
		s.Fatalf("%s: what is %q?", s.where, block[0].key)
	}
}

// fresh has the index follow the archive.
func (s *script) fresh() {
	s.asked++
	if s.outdated {
		_, err := s.Shelve(s.Context())
		must(s.T, err)
		s.outdated = false
	}
}

// publish puts an article and its reading into the archive.
func (s *script) publish(name string, block []line) {
	s.Helper()
	a := news.Article{Title: block[0].text, Via: news.Import, Lang: "vi"}
	r := store.ArticleReading{Version: 1, Reading: news.Reading{Rules: "r1", Relevant: true, Scope: "national", Tone: "neutral", Role: "none", Target: "none"}}
	var place store.Placement
	for _, l := range block[1:] {
		switch l.key {
		case "dẫn":
			a.Lead = l.text
		case "thân":
			a.Body = l.text
		case "tác giả":
			a.Author = l.text
		case "nguồn":
			place = s.source(l.text, &a, &r.Reading)
		default:
			s.Fatalf("%s: what is %q of an article?", s.where, l.key)
		}
	}
	a.Canonical = a.Outlet + ".example/" + name
	a.ID, a.URL = news.ID(a.Canonical), "https://"+a.Canonical
	s.ids[name] = a.ID
	r.ArticleID, place.ArticleID = a.ID, a.ID
	must(s.T, s.Store.Do(s.Context(), func(tx *store.Tx) error {
		if _, err := tx.PutArticles(s.Context(), []news.Article{a}, a.Published); err != nil {
			return err
		}
		if err := tx.PutReadings(s.Context(), []store.ArticleReading{r}); err != nil || place.StoryID == "" {
			return err
		}
		return errors.Join(tx.PutStories(s.Context(), []news.Story{{ID: place.StoryID, Title: a.Title, First: a.Published, Last: a.Published}}), tx.Place(s.Context(), []store.Placement{place}))
	}))
}

// source reads "vnexpress 2026-07-01 08:00 topic=pension,bhyt_claims story=s1 copy=tăng".
func (s *script) source(text string, a *news.Article, r *news.Reading) (place store.Placement) {
	s.Helper()
	words := strings.Fields(text)
	at, err := time.ParseInLocation("2006-01-02 15:04", words[1]+" "+words[2], config.VN)
	must(s.T, err)
	a.Outlet, a.Published = words[0], at
	o := s.Rules().Outlet(a.Outlet)
	r.Level, r.Reach = o.Level, cmp.Or(o.Reach, "national")
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "topic":
			r.Topics = strings.Split(value, ",")
		case "insurance":
			r.Insurance = strings.Split(value, ",")
		case "province":
			r.Provinces = strings.Split(value, ",")
		case "tone":
			r.Tone = value
		case "role":
			r.Role = value
		case "lang":
			a.Lang = value
		case "relevant":
			r.Relevant = value == "yes"
		case "story":
			place.StoryID = value
		case "copy":
			place.CopyOf = s.ids[value]
		default:
			s.Fatalf("%s: what is %q?", s.where, w)
		}
	}
	return place
}

// incident reads "story state".
func (s *script) incident(id string, of []string) {
	in := news.Incident{ID: id, Story: of[0], Title: id, Level: 2, State: news.State(of[1]), Rules: "c1", Opened: scriptNow, Updated: scriptNow}
	must(s.T, s.Store.Do(s.Context(), func(tx *store.Tx) error { return tx.PutIncident(s.Context(), in) }))
}

// dark reads "outlet from to": a time in which nobody can vouch for an outlet.
func (s *script) dark(of []string) {
	from, err := time.ParseInLocation(time.DateOnly, of[1], config.VN)
	must(s.T, err)
	to, err := time.ParseInLocation(time.DateOnly, of[2], config.VN)
	must(s.T, err)
	g := store.Gap{ID: of[0] + of[1], Outlet: of[0], From: from, To: to, State: "dead", Evidence: "không trả lời"}
	must(s.T, s.Store.Do(s.Context(), func(tx *store.Tx) error { return tx.PutGap(s.Context(), g) }))
}

// question reads "fold=no sort=newest level=local not.level=central by=week".
func (s *script) question(text, with string) (q index.Query, by pipeline.Step) {
	q = index.Query{Text: text, Fold: true, Sort: index.Relevance, Limit: 50, Highlight: true, Facets: pipeline.Facets}
	for w := range strings.FieldsSeq(with) {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "fold":
			q.Fold = value == "yes"
		case "sort":
			q.Sort = index.Sort(value)
		case "by":
			by = pipeline.Step(value)
		case "lang":
			q.Lang = value
		default:
			field, not := strings.CutPrefix(key, "not.")
			q.Filters = append(q.Filters, index.Filter{Field: field, Values: strings.Split(value, "|"), Not: not})
		}
	}
	return q, by
}

// ask puts a question and compares every line of the answer.
func (s *script) ask(text string, want []line) {
	s.Helper()
	said := map[string]string{}
	titles := []string{}
	for _, l := range want {
		if l.key == "-" {
			titles = append(titles, l.text)
		} else {
			said[l.key] = l.text
		}
	}
	q, by := s.question(text, said["với"])
	f, err := s.SearchBy(s.Context(), q, by)
	if message, wrong := said["lỗi"]; wrong {
		var syntax *index.SyntaxError
		if !errors.As(err, &syntax) {
			s.Errorf("%s: %s: no fault of the query: %v", s.where, text, err)
		} else {
			s.same(text, "lỗi", message, syntax.In(cmp.Or(q.Lang, "vi")))
		}
		return
	}
	if err != nil {
		s.Errorf("%s: %s: %v", s.where, text, err)
		return
	}
	s.same(text, "titles", strings.Join(titles, "\n"), strings.Join(titlesOf(f), "\n"))
	for key, value := range said {
		if key != "với" {
			s.same(text, key, value, s.says(key, f))
		}
	}
	if (f.Suggest != "") != (said["gợi ý"] != "") {
		s.Errorf("%s: %s: suggests %q", s.where, text, f.Suggest)
	}
	if _, loose := said["nới"]; f.Relaxed != loose {
		s.Errorf("%s: %s: relaxed is %v", s.where, text, f.Relaxed)
	}
	s.consistent(q, f)
}

func titlesOf(f pipeline.Found) []string {
	out := make([]string, len(f.Hits))
	for i, h := range f.Hits {
		out[i] = h.Title
	}
	return out
}

func (s *script) same(text, what, want, got string) {
	s.Helper()
	if want != got {
		s.Errorf("%s: %s\n%s\n got: %s\nwant: %s", s.where, text, what, got, want)
	}
}

// says is one line of an answer as scripts write it.
func (s *script) says(key string, f pipeline.Found) string {
	switch key {
	case "đếm":
		return fmt.Sprintf("%d lượt đăng, %d tin gốc", f.Total, f.Originals)
	case "là":
		return f.InWords
	case "gợi ý":
		return f.Suggest
	case "nới":
		return map[bool]string{true: "", false: "không"}[f.Relaxed]
	case "tiêu đề sáng":
		return marked(f.Hits, func(h pipeline.Hit) []pipeline.Piece { return h.Highlights.Title })
	case "đoạn sáng":
		return marked(f.Hits, func(h pipeline.Hit) []pipeline.Piece { return h.Highlights.Passage })
	case "bản sao":
		return s.copies(f.Hits)
	case "theo thời gian":
		return overTime(f.Counts)
	}
	if values, ok := f.Facets[key]; ok {
		var out []string
		for _, v := range values {
			out = append(out, fmt.Sprintf("%s %d/%d", v.Label, v.Count, v.Originals))
		}
		return strings.Join(out, ", ")
	}
	s.Fatalf("%s: what is %q of an answer?", s.where, key)
	return ""
}

// marked is the text of the first hit, what matched in brackets.
func marked(hits []pipeline.Hit, of func(pipeline.Hit) []pipeline.Piece) string {
	if len(hits) == 0 {
		return ""
	}
	var b strings.Builder
	for _, p := range of(hits[0]) {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// copies are the outlets and times behind the first hit.
func (s *script) copies(hits []pipeline.Hit) string {
	var out []string
	for _, h := range hits[:min(1, len(hits))] {
		for _, c := range h.Copies {
			at, err := time.Parse(time.RFC3339, c.Published)
			must(s.T, err)
			out = append(out, c.Outlet+" "+at.Format("02/01 15:04"))
		}
	}
	return strings.Join(out, ", ")
}

func overTime(c pipeline.Counts) string {
	var out []string
	for _, p := range c.Periods {
		one := fmt.Sprintf("%s %d/%d", p.From, p.Publications, p.Originals)
		if p.Dark > 0 {
			one += fmt.Sprintf(" (tối %d báo)", p.Dark)
		}
		out = append(out, one)
	}
	return strings.Join(out, ", ")
}

// consistent reads the same answer in pages of two, and as it leaves the
// house, and checks that its numbers are those of its list.
func (s *script) consistent(q index.Query, f pipeline.Found) {
	s.Helper()
	titles := strings.Join(titlesOf(f), "\n")
	var byCursor, byOffset []string
	for page := q; ; {
		page.Limit = 2
		part, err := s.SearchBy(s.Context(), page, pipeline.Auto)
		must(s.T, err)
		byCursor = append(byCursor, titlesOf(part)...)
		if part.Next == "" || len(byCursor) > 100 {
			break
		}
		page.After = part.Next
	}
	for page := q; ; page.Offset += 2 {
		page.Limit = 2
		part, err := s.SearchBy(s.Context(), page, pipeline.Auto)
		must(s.T, err)
		byOffset = append(byOffset, titlesOf(part)...)
		if part.Total != f.Total || part.Originals != f.Originals {
			s.Errorf("%s: %s: page %d counts %d/%d", s.where, q.Text, page.Offset/2+1, part.Total, part.Originals)
		}
		if part.Next == "" || len(byOffset) > 100 {
			break
		}
	}
	s.same(q.Text, "pages by cursor", titles, strings.Join(byCursor, "\n"))
	s.same(q.Text, "pages by offset", titles, strings.Join(byOffset, "\n"))
	a, err := s.Answer(s.Context(), q, 0)
	must(s.T, err)
	var out []string
	for _, i := range a.Items {
		out = append(out, i.Title)
	}
	s.same(q.Text, "as it leaves the house", titles, strings.Join(out, "\n"))
	listed := map[bool]int{true: f.Originals, false: f.Total}[q.Fold]
	if len(f.Hits) != listed || a.Publications != f.Total || a.Originals != f.Originals || a.InWords != f.InWords {
		s.Errorf("%s: %s: %d listed of %d/%d, %d/%d leave the house", s.where, q.Text, len(f.Hits), f.Total, f.Originals, a.Publications, a.Originals)
	}
}

// like asks for what is like an article.
func (s *script) like(name string, want []line) {
	s.Helper()
	id, ok := s.ids[name]
	if !ok {
		s.Fatalf("%s: there is no article %q among %v", s.where, name, slices.Sorted(maps.Keys(s.ids)))
	}
	f, err := s.Like(s.Context(), id, "vi", 10)
	must(s.T, err)
	var titles []string
	for _, l := range want {
		titles = append(titles, l.text)
	}
	s.same("gần "+name, "titles", strings.Join(titles, "\n"), strings.Join(titlesOf(f), "\n"))
}
