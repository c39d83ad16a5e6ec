package extract

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"diembao/internal/vi"

	"github.com/andybalholm/cascadia"
)

// titleOf chooses the headline: the rule's element, the page's own words for
// it, the first h1, and last <title>; without the outlet's affix.
func (w *work) titleOf() (title, from string) {
	for _, sel := range w.rule.title {
		if t := line(cascadia.Query(w.doc, sel)); t != "" && !w.namesSite(t) {
			return w.stripAffix(t), "rule " + w.rule.name
		}
	}
	for _, a := range w.head.ld {
		if a.headline != "" && !isHome(a.headline) {
			return w.stripAffix(a.headline), "JSON-LD headline"
		}
	}
	if t, name := w.head.one("og:title", "twitter:title"); t != "" {
		return w.stripAffix(unescape(t)), name
	}
	if h1 := w.head.h1; h1 != "" && !w.namesSite(h1) {
		return w.stripAffix(h1), "h1"
	}
	return w.stripAffix(w.head.title), "title"
}

var affix = regexp.MustCompile(`^(.{8,}\S)\s+[|»–—\-]+\s+([^|»–—]{2,60})$`)

// stripAffix takes " - Báo X" or " | VnExpress" off the end of a title: what
// names the site, or what the page's own h1 does not have.
func (w *work) stripAffix(t string) string {
	t = withoutAffixes(t, w.outlet.affixes)
	for range 3 {
		m := affix.FindStringSubmatch(t)
		if m == nil || !w.namesSite(m[2]) && !sameText(m[1], w.head.h1) {
			return t
		}
		t = strings.TrimRight(m[1], " |»–—-")
	}
	return t
}

var pressWord = regexp.MustCompile(`(?i)^(?:báo|tạp chí|đài|cổng|trang tin|chuyên trang|tin tức|cơ quan)\s|(?:\.vn|\.com|\.net|online|news)$`)

// namesSite reports whether s is a name of the outlet that the page is from.
func (w *work) namesSite(s string) bool {
	if pressWord.MatchString(s) {
		return true
	}
	site, _ := w.head.one("og:site_name", "application-name", "copyright")
	for _, name := range []string{w.outlet.Name, site, w.host} {
		if name != "" && squeeze(name) != "" && (strings.Contains(squeeze(name), squeeze(s)) || strings.Contains(squeeze(s), squeeze(name))) {
			return true
		}
	}
	return false
}

// squeeze keeps the letters and digits of s in lower case without marks, so
// that "Tuổi Trẻ Online" meets "tuoitre.vn".
func squeeze(s string) string {
	var b strings.Builder
	for _, r := range vi.Fold(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func sameText(a, b string) bool {
	s := squeeze(a)
	return s != "" && s == squeeze(b)
}

// unescape undoes entities that were escaped once too often ("&amp;quot;").
func unescape(s string) string {
	for range 3 {
		u := html.UnescapeString(s)
		if u == s {
			break
		}
		s = u
	}
	return tidy(s)
}
