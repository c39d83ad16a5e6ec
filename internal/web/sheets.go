package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"diembao/config"
	handling "diembao/internal/card"
	"diembao/internal/say"
)

//go:embed pages/*.html pages/*.css static/*
var files embed.FS

// sheets are the templates of all pages in one language, by page.
type sheets map[string]*template.Template

// shared are the templates that pages use parts of.
var shared = map[string]bool{"layout": true, "card": true, "parts": true, "handling": true, "summary": true}

// parse reads the templates. They are embedded, so a fault in one is a fault of
// the build, which every test of this package would meet.
func parse(lang string, now func() time.Time) sheets {
	base := template.New("").Funcs(funcs(say.In(lang), now))
	for name := range shared {
		template.Must(base.ParseFS(files, "pages/"+name+".html"))
	}
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		panic(err)
	}
	out := sheets{}
	for _, file := range names {
		page := strings.TrimSuffix(path.Base(file), ".html")
		if !shared[page] {
			out[page] = template.Must(template.Must(base.Clone()).ParseFS(files, file))
		}
	}
	return out
}

func (s sheets) render(w io.Writer, page string, v view) error {
	t, ok := s[page]
	if !ok {
		return fmt.Errorf("there is no page %q", page)
	}
	if err := t.ExecuteTemplate(w, "layout", v); err != nil {
		return fmt.Errorf("writing the page %s: %w", page, err)
	}
	return nil
}

// funcs is what templates may call.
func funcs(w *say.Words, now func() time.Time) template.FuncMap {
	return template.FuncMap{
		"say": w.Say, "n": w.Number, "pct": w.Percent, "date": w.Date, "clock": w.Clock,
		"dec":    func(x float64) string { return w.Decimal(x, 2) },
		"weight": func(x float64) string { return strings.TrimPrefix(signed(w, x), "+") },
		"signed": func(x float64) string { return signed(w, x) },
		"ago":    func(t time.Time) string { return w.Ago(t, now()) },
		"at":     func(t time.Time) string { return moment(w, t) },
		"day":    func(t time.Time) string { return strings.TrimSuffix(w.Date(t), t.In(config.VN).Format("/2006")) },
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"near":   func(t, now time.Time) string { return handling.Clock(w, t, now) },
		"usual":  func(f handling.Figures) string { return f.Against(w) },
		"hours":  func(h handling.Hours) string { return h.Tell(w) },
		"list":   func(items ...any) []any { return items },
		"size":   func(n int64) string { return size(w, n) },
		"prose":  prose,
		"tenth":  func(x float64) int { return int(x*100 + 0.5) },
	}
}

// moment writes a time as dd/mm/yyyy hh:mm in Viet Nam; empty for the zero time.
func moment(w *say.Words, t time.Time) string {
	return strings.TrimSpace(w.Date(t) + " " + w.Clock(t))
}

// signed writes a weight with its sign.
func signed(w *say.Words, x float64) string {
	if x < 0 {
		return "−" + w.Decimal(-x, 2)
	}
	return "+" + w.Decimal(x, 2)
}

// prose sets what stands in backquotes, a command or a setting, as such.
func prose(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if part = template.HTMLEscapeString(part); i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

// size writes a number of bytes in the unit that fits.
func size(w *say.Words, n int64) string {
	for _, u := range []struct {
		unit string
		of   int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if n >= u.of {
			return w.Decimal(float64(n)/float64(u.of), 1) + " " + u.unit
		}
	}
	return w.Number(int(n)) + " B"
}

// assets are the files beside the pages, with addresses that change when they do.
type assets struct {
	style, script string
	body          map[string][]byte
}

// loadAssets joins the style sheets into one: the layout's first, then a page's each.
func loadAssets() assets {
	a := assets{body: map[string][]byte{}}
	a.style = a.add("style.css", "pages/layout.css", "pages/[^l]*.css")
	a.script = a.add("keys.js", "static/keys.js")
	a.add("icon.svg", "static/icon.svg")
	return a
}

func (a assets) add(name string, patterns ...string) string {
	var all bytes.Buffer
	for _, p := range patterns {
		found, err := fs.Glob(files, p)
		if err != nil {
			panic(err)
		}
		for _, file := range found {
			raw, err := files.ReadFile(file)
			if err != nil {
				panic(err) // embedded: it is there
			}
			all.Write(raw)
		}
	}
	a.body[name] = all.Bytes()
	sum := sha256.Sum256(all.Bytes())
	return "/static/" + name + "?v=" + hex.EncodeToString(sum[:6])
}

func (s *site) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	body, ok := s.assets.body[name]
	if !ok {
		s.page((*visit).lost).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}
