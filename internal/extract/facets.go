package extract

import (
	"slices"
	"strings"

	"diembao/internal/vi"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// sectionOf reads the section: the rule's element, JSON-LD, the breadcrumbs,
// article:section.
func (w *work) sectionOf() (section, from string) {
	if w.rule.section != nil {
		for _, sel := range w.rule.section {
			if s := firstCrumb(w.doc, sel); s != "" {
				return s, "rule " + w.rule.name
			}
		}
	}
	for _, a := range w.head.ld {
		if a.section != "" && len(a.section) < 100 {
			return a.section, "JSON-LD articleSection"
		}
	}
	if s, name := w.head.one("article:section"); s != "" {
		return unescape(s), name
	}
	crumbs := slices.DeleteFunc(slices.Clone(w.head.crumbs), func(c string) bool { return sameText(c, w.article.Title) })
	if len(crumbs) > 0 {
		return crumbs[0], "JSON-LD BreadcrumbList"
	}
	return "", ""
}

// tagsOf reads the tags, each once.
func (w *work) tagsOf() (tags []string, from string) {
	add := func(list []string, name string) {
		for _, t := range strings.FieldsFunc(strings.Join(list, ";"), func(r rune) bool { return r == ',' || r == ';' }) {
			t = strings.Trim(unescape(t), " #")
			if t != "" && len(t) < 100 && !slices.Contains(tags, t) && len(tags) < 30 {
				tags, from = append(tags, t), name
			}
		}
	}
	add(w.head.meta["article:tag"], "article:tag")
	if len(tags) == 0 {
		add(w.head.tags, "links rel=tag")
	}
	for _, name := range []string{"news_keywords", "keywords"} {
		if v, _ := w.head.one(name); len(tags) == 0 && v != "" {
			add([]string{v}, name)
		}
	}
	for _, a := range w.head.ld {
		if len(tags) == 0 {
			add(a.keywords, "JSON-LD keywords")
		}
	}
	return tags, from
}

// formOf tells news from pictures, videos and infographics.
func (w *work) formOf(bodyLen int) (form, from string) {
	title := strings.ToLower(w.article.Title)
	kind, _ := w.head.one("og:type")
	switch {
	case strings.Contains(title, "infographic") || strings.Contains(title, "[đồ họa]"):
		return "infographic", "title"
	case strings.HasPrefix(title, "video") || strings.HasPrefix(title, "[video]") || strings.HasPrefix(title, "clip"):
		return "video", "title"
	case strings.HasPrefix(kind, "video") && bodyLen < 1500:
		return "video", "og:type"
	case strings.Contains(title, "[ảnh]") || strings.HasPrefix(title, "ảnh:") || strings.HasPrefix(title, "chùm ảnh"):
		return "photo", "title"
	}
	for part := range strings.SplitSeq(strings.ToLower(w.url.Path), "/") {
		switch {
		case part == "video" || part == "videos" || part == "clip":
			return "video", "address"
		case part == "infographic" || part == "infographics" || part == "do-hoa":
			return "infographic", "address"
		case part == "photo" || part == "anh" || part == "media-anh":
			return "photo", "address"
		}
	}
	return "news", ""
}

// langOf tells Vietnamese by its marks; what has none is what the page says it is.
func (w *work) langOf() (lang, from string) {
	marked, all := 0, 0
	for word := range strings.FieldsSeq(w.article.Title + " " + w.article.Lead + " " + w.article.Body) {
		if all++; vi.Marked(word) {
			marked++
		}
		if all == 400 {
			break
		}
	}
	declared := strings.ToLower(w.head.lang)
	switch {
	case all > 0 && marked*100 >= all*25:
		return "vi", "marks"
	case strings.HasPrefix(declared, "en") || all >= 20 && marked*100 < all*3 && (declared == "" || strings.HasPrefix(declared, "vi")):
		return "en", "no Vietnamese marks"
	case len(declared) >= 2:
		return declared[:2], "html lang"
	}
	return "", ""
}

// vietnamese reports whether the page presents itself in Vietnamese.
func (w *work) vietnamese() bool {
	return vi.Marked(w.article.Title) || vi.Marked(w.head.title) || w.article.Title == "" && strings.HasPrefix(strings.ToLower(w.head.lang), "vi")
}

// firstCrumb returns the first link's text of a breadcrumb that is not the home page.
func firstCrumb(doc *html.Node, sel interface{ Match(*html.Node) bool }) string {
	for _, n := range cascadia.QueryAll(doc, sel) {
		if t := line(n); t != "" && len(t) < 80 && !isHome(t) {
			return t
		}
	}
	return ""
}

func quoted(s string) string {
	return `"` + tidy(s) + `"`
}
