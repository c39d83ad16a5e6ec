package extract

import (
	"encoding/json"
	"strings"
)

// ld is what a JSON-LD object of a page says of its article.
type ld struct {
	types     []string
	headline  string
	lead      string
	published string
	modified  string
	authors   []string
	section   string
	keywords  []string
	body      string // markup or plain text; mostly empty
	from      string // where it stood, if not in JSON-LD
}

var articleTypes = map[string]bool{
	"Article": true, "NewsArticle": true, "ReportageNewsArticle": true, "AnalysisNewsArticle": true, "OpinionNewsArticle": true,
	"BackgroundNewsArticle": true, "ReviewNewsArticle": true, "LiveBlogPosting": true, "BlogPosting": true, "Report": true,
	"SocialMediaPosting": true, "TechArticle": true, "ScholarlyArticle": true, "MedicalScholarlyArticle": true, "AdvertiserContentArticle": true,
	"VideoObject": true,
}

// readLD takes the articles and breadcrumbs out of one script. Broken JSON is
// common (raw line breaks in strings); what cannot be mended is passed over,
// for everything in it stands elsewhere too.
func (h *head) readLD(script string) {
	var v any
	text := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, script)
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return
	}
	h.takeLD(v, 0)
}

func (h *head) takeLD(v any, depth int) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			h.takeLD(x, depth+1)
		}
	case map[string]any:
		h.takeObject(v)
		for _, key := range []string{"@graph", "mainEntity"} {
			if g, ok := v[key]; ok {
				h.takeLD(g, depth+1)
			}
		}
	}
}

func (h *head) takeObject(o map[string]any) {
	types := texts(o["@type"])
	for _, t := range types {
		if t == "BreadcrumbList" && len(h.crumbs) == 0 {
			h.crumbs = crumbs(o["itemListElement"])
		}
		if !articleTypes[t] {
			continue
		}
		a := ld{types: types, headline: text(o["headline"]), lead: text(o["description"]),
			published: text(o["datePublished"]), modified: text(o["dateModified"]), authors: people(o["author"]),
			section: strings.Join(texts(o["articleSection"]), ", "), keywords: words(o["keywords"])}
		a.body, _ = o["articleBody"].(string)
		if t == "VideoObject" {
			a.published = firstOf(a.published, text(o["uploadDate"]))
			h.ld = append(h.ld, a) // a video on the page of an article comes after the article
		} else {
			h.ld = append([]ld{a}, h.ld...)
		}
		return
	}
}

// text reads a string, unescaped: outlets put HTML entities into JSON, some of
// them twice.
func text(v any) string {
	s, _ := v.(string)
	return unescape(s)
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{text(v)}
	case []any:
		var out []string
		for _, x := range v {
			if s := text(x); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func words(v any) []string {
	var out []string
	for _, s := range texts(v) {
		for part := range strings.SplitSeq(s, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// people reads names out of a string, an object with a name, or a list of either.
func people(v any) []string {
	switch v := v.(type) {
	case string:
		return texts(v)
	case map[string]any:
		if t := text(v["@type"]); t == "Organization" || t == "NewsMediaOrganization" {
			return nil
		}
		return texts(v["name"])
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, people(x)...)
		}
		return out
	}
	return nil
}

func crumbs(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		if inner, ok := x.([]any); ok && len(inner) == 1 {
			x = inner[0] // Dân Trí wraps each crumb once more
		}
		o, _ := x.(map[string]any)
		item, _ := o["item"].(map[string]any)
		name := firstOf(text(o["name"]), text(item["name"]))
		if name != "" && !isHome(name) {
			out = append(out, name)
		}
	}
	return out
}

func isHome(name string) bool {
	switch strings.ToLower(name) {
	case "trang chủ", "home", "trang nhất", "trang chu":
		return true
	}
	return false
}
