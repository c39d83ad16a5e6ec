package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"diembao/internal/vi"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// authorOf chooses the byline: the rule's element, JSON-LD, the meta names,
// elements named as bylines are, and the last line of the body where it is
// set as a signature.
func (w *work) authorOf() (author, from string) {
	for _, sel := range w.rule.author {
		if a := w.byline(allLines(w.doc, sel)); a != "" {
			return a, "rule " + w.rule.name
		}
	}
	for _, a := range w.head.ld {
		if by := w.byline(strings.Join(a.authors, "; ")); by != "" {
			return by, "JSON-LD author"
		}
	}
	for _, name := range []string{"article:author", "dable:author", "author", "dc.creator", "sailthru.author", "parsely-author", "cxenseparse:author"} {
		for _, v := range w.head.meta[name] {
			if by := w.byline(v); by != "" {
				return by, name
			}
		}
	}
	for _, s := range nearest(w.head.authors, w.titleAt) {
		if textLen(s.node) > 80 || aside(s.node) {
			continue
		}
		if by := w.byline(line(s.node)); by != "" {
			return by, "element " + selectorOf(s.node)
		}
	}
	return "", ""
}

var (
	bylinePrefix = regexp.MustCompile(`(?i)^(?:theo|tác giả|bài và ảnh|bài, ảnh|bài|thực hiện|nhóm phóng viên|nhóm pv|phóng viên|pv|ctv|ths|ts|by|written by|posted by|author)\s*[:.]?\s+|^[-–—•/|]\s*`)
	bylineSuffix = regexp.MustCompile(`(?i)\s*(?:\((?:tổng hợp|theo [^)]*|t/h|ghi|lược ghi|th|thực hiện|dịch|bhxh[^)]*)\)|[-–—,|/]\s*(?:tổng hợp|theo [^,;]*|t/h|ảnh:.*)|[-–—|]\s*$)`)
	credit       = regexp.MustCompile(`(?i)^\s*(?:(?:tin|bài),?\s*(?:và\s*)?ảnh|bài viết|tin, bài|thực hiện|words|text)\s*:\s*`)
	clockOrDate  = regexp.MustCompile(`\d{1,2}[:/.h]\d{2}|\d{4}`)
	email        = regexp.MustCompile(`\S+@\S+`)
	follow       = regexp.MustCompile(`(?i)\s*(?:xem các bài viết.*|theo dõi.*|follow.*|xem thêm.*)$`)
	role         = regexp.MustCompile(`(?i)^(?:pv|ctv|btv|admin|administrator|editor|tòa soạn|toà soạn|ban biên tập|phóng viên|nhóm phóng viên|nhóm pv|biên tập viên|ban bạn đọc|tổng hợp|staff|guest|quản trị|web|webmaster|bút danh|tác giả|author)$`)
)

// allLines joins what the first few matches of sel say: two authors are often
// two elements.
func allLines(doc *html.Node, sel cascadia.Sel) string {
	var out []string
	for _, n := range cascadia.QueryAll(doc, sel) {
		if len(out) == 5 {
			break
		}
		if t := line(n); t != "" && len(t) < 120 && !aside(n) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "; ")
}

// signature reads the byline from the last lines of a Vietnamese body, where
// most papers set it: a short line of capitalised words.
func (w *work) signature(ps []para) (author, from string) {
	if !w.vietnamese() || len(ps) < 3 {
		return "", ""
	}
	for _, p := range ps[len(ps)-2:] {
		if p.n > 40 || ends(p.text) || p.linked > 0 && !p.bold || !capitalised(p.text) {
			continue
		}
		if by := w.byline(p.text); by != "" {
			return by, "last line of the body"
		}
	}
	return "", ""
}

func capitalised(s string) bool {
	words := strings.Fields(s)
	for _, word := range words {
		if r := []rune(word)[0]; unicode.IsLetter(r) && !unicode.IsUpper(r) {
			return false
		}
	}
	return len(words) >= 2
}

// byline cleans what a page gives as author; "" where it names no one: an
// outlet, an office, a link, an e-mail address.
func (w *work) byline(s string) string {
	s = follow.ReplaceAllString(email.ReplaceAllString(unescape(s), " "), "")
	if strings.Contains(s, "://") || strings.HasPrefix(s, "www.") {
		return ""
	}
	s = credit.ReplaceAllString(s, "")
	var names []string
	for _, part := range splitNames(s) {
		if n := w.name(part); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if len(names) > 6 {
		return ""
	}
	return strings.Join(names, "; ")
}

func splitNames(s string) []string {
	s = strings.NewReplacer(" - ", ";", " – ", ";", " — ", ";", ",", ";", "|", ";", " & ", ";", " và ", ";", " and ", ";", "/", ";", "•", ";").Replace(s)
	return strings.Split(s, ";")
}

func (w *work) name(s string) string {
	s = tidy(s)
	if rest, ok := strings.CutPrefix(s, "Theo "); ok && len(strings.Fields(rest)) == 1 {
		return "" // one word is another outlet; a person has two
	}
	for range 3 {
		t := strings.TrimSpace(bylineSuffix.ReplaceAllString(bylinePrefix.ReplaceAllString(s, ""), ""))
		if t == s {
			break
		}
		s = t
	}
	s = strings.Trim(s, " .,:()[]\"'*")
	runes := []rune(s)
	switch {
	case len(runes) < 2 || len(runes) > 50 || len(strings.Fields(s)) > 7,
		clockOrDate.MatchString(s), role.MatchString(s), pressWord.MatchString(s + " "), w.isOutlet(s),
		!unicode.IsLetter(runes[0]), !strings.ContainsFunc(s, unicode.IsUpper):
		return ""
	}
	return s
}

// isOutlet tells the outlet's own name, which is no author.
func (w *work) isOutlet(s string) bool {
	site, _ := w.head.one("og:site_name", "application-name")
	short := strings.NewReplacer("bao", "", "online", "", "dientu", "", "news", "").Replace
	for _, name := range []string{w.outlet.Name, site, strings.SplitN(w.host, ".", 2)[0]} {
		n := short(squeeze(name))
		if n != "" && n == short(squeeze(s)) {
			return true
		}
	}
	return strings.Contains(vi.Fold(s), "vccorp")
}
