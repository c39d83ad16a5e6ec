package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed looks
var looks embed.FS

// templates holds a set for every look: "article" and "list" of its own,
// "lost" and the rest shared.
var templates = parseLooks("toa-soan", "nhat-bao", "dia-phuong", "cong", "sap-bao")

func parseLooks(names ...string) map[string]*template.Template {
	out := map[string]*template.Template{}
	funcs := template.FuncMap{"slug": slug, "weekday": weekday, "caption": caption, "heading": heading}
	for _, name := range names {
		out[name] = template.Must(template.New(name).Funcs(funcs).ParseFS(looks, "looks/chung.html", "looks/"+name+".html"))
	}
	return out
}

// view is what a page shows.
type view struct {
	Paper    *Paper
	Article  *Article
	Text     Version
	Now      time.Time
	List     []entry
	Related  []entry // of the same section or story
	Ours     []entry // "Đọc nhiều": what mentions the insurances, on every page
	Sections []string
	Charset  string
	Host     string // as the reader asked for it, with the port
	Papers   []*Paper
	Port     string // of the newsstand; empty: 80
}

type entry struct {
	Path string
	Version
	Published time.Time
}

// Edited reports whether the page was changed since it was first shown.
func (v view) Edited() bool { return v.Text.At.After(v.Article.Published()) }

// LD is what the page says of itself as JSON-LD.
func (v view) LD() map[string]any {
	return map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle",
		"headline": v.Text.Title, "description": v.Text.Lead,
		"datePublished": v.Article.Published().Format(time.RFC3339),
		"dateModified":  v.Text.At.Format(time.RFC3339),
		"author":        map[string]string{"@type": "Person", "name": v.Text.Author},
		"publisher":     map[string]string{"@type": "Organization", "name": v.Paper.Name},
	}
}

// view gathers what an article's page shows at now.
func (p *Paper) view(a *Article, v Version, now time.Time) view {
	return view{
		Paper: p, Article: a, Text: v, Now: now, Sections: p.sections(), Charset: a.Charset,
		Related: p.related(a, now), Ours: p.ours(a, now),
	}
}

// related is up to four other texts of the section, newest first.
func (p *Paper) related(a *Article, now time.Time) []entry {
	return p.pick(now, 4, func(b *Article) bool {
		return b != a && b.Versions[0].Section == a.Versions[0].Section
	})
}

// ours is up to five texts on the insurances. It stands beside every page,
// also beside football and weather: what a reader of pages must not fall for.
func (p *Paper) ours(a *Article, now time.Time) []entry {
	return p.pick(now, 5, func(b *Article) bool { return b != a && b.Relevant() })
}

func (p *Paper) pick(now time.Time, n int, want func(*Article) bool) []entry {
	var out []entry
	for _, a := range p.latest(now, len(p.articles)) {
		if v, ok := a.At(now); ok && len(out) < n && want(a) {
			out = append(out, entry{a.Path, v, a.Published()})
		}
	}
	return out
}

// sections is the paper's sections, in the order they first appear.
func (p *Paper) sections() []string {
	var out []string
	for _, a := range p.articles {
		if s := a.Versions[0].Section; s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// page renders one template and sends it in the page's encoding.
func (p *Paper) page(w http.ResponseWriter, r *http.Request, name string, v view) {
	v.Host = r.Host
	render(w, r, p.Look, name, v)
}

func render(w http.ResponseWriter, r *http.Request, look, name string, v view) {
	if v.Charset == "" {
		v.Charset = "utf-8"
	}
	var b bytes.Buffer
	if err := templates[look].ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	body := b.Bytes()
	kind := "text/html; charset=utf-8"
	if v.Charset == "windows-1258" {
		var err error
		if body, err = windows1258(b.String()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		kind = "text/html" // such servers leave the charset to the page's meta
	}
	send(w, r, kind, body)
}

// stand sends the newsstand: every paper with a link to its front page.
func (p *Press) stand(w http.ResponseWriter, r *http.Request, now time.Time) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	_, port, _ := strings.Cut(r.Host, ":")
	render(w, r, "sap-bao", "stand", view{Now: now, Papers: p.papers, Port: port})
}

// style sends the style sheet of the paper's look.
func (p *Paper) style(w http.ResponseWriter, r *http.Request) {
	css, err := looks.ReadFile("looks/" + p.Look + ".css")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	send(w, r, "text/css; charset=utf-8", css)
}

// picture stands for every photograph.
var picture = []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" width="640" height="360">
<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#cfe3ea"/><stop offset="1" stop-color="#e9dcc3"/></linearGradient></defs>
<rect width="16" height="9" fill="url(#g)"/><circle cx="12" cy="2.4" r="1" fill="#f4c45a"/>
<path d="M0 9 5 4l3 3 2-2 6 4z" fill="#7d9a83"/></svg>
`)

// weekday names a day as papers do.
func weekday(t time.Time) string {
	return [...]string{"Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}[t.Weekday()]
}

// caption is the caption of a paragraph that stands for a picture, or empty.
func caption(para string) string {
	rest, ok := strings.CutPrefix(para, "[Ảnh: ")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(rest, "]")
}

// heading is the text of a paragraph that is a heading, or empty.
func heading(para string) string {
	rest, ok := strings.CutPrefix(para, "## ")
	if !ok {
		return ""
	}
	return rest
}

// String names an article in test output and in the demo's log.
func (a *Article) String() string { return fmt.Sprintf("%s/%s", a.Outlet, a.Slug) }
