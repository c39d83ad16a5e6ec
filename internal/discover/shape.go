package discover

import (
	"net/url"
	"path"
	"regexp"
	"sort"
	"strings"
)

var (
	idToken = regexp.MustCompile(`^[a-z]{0,6}\d{4,}$`) // 20260306104452343, d538824, post180400
	numeral = regexp.MustCompile(`^\d+$`)
)

// shapeOf describes an address the way a content system builds it, so that
// all articles of a paper share a shape and sections have another:
//
//	/kinh-doanh/quy-moi-cho-nguoi-lao-dong-20260306104452343.htm  →  slug-#.htm
//	/2026/03/quy-moi-cho-nguoi-lao-dong/                          →  #/slug
//	/tintuc/pages/tin.aspx?CateID=169&ItemID=26712                →  word.aspx?cateid,itemid
//	/kinh-doanh.htm                                               →  word.htm
func shapeOf(u *url.URL) string {
	dirs, last := path.Split(strings.TrimSuffix(u.Path, "/"))
	ext := strings.ToLower(path.Ext(last))
	if len(ext) > 6 || strings.ContainsAny(ext, " 0123456789") {
		ext = ""
	}
	shape := stem(strings.TrimSuffix(strings.ToLower(last), ext)) + ext + keys(u.Query())
	for dir := range strings.SplitSeq(dirs, "/") {
		if numeral.MatchString(dir) || idToken.MatchString(dir) {
			return "#/" + shape
		}
	}
	return shape
}

// stem tells a slug of words from a single word, and whether it holds an id.
func stem(s string) string {
	words, id := 0, ""
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		if idToken.MatchString(part) {
			id = "#"
		} else {
			words++
		}
	}
	switch {
	case words >= 4 && id != "":
		return "slug-#"
	case words >= 4:
		return "slug"
	case words > 0 && id != "":
		return "word-#"
	case id != "":
		return "#"
	}
	return "word"
}

// keys names the query's parameters that hold a number.
func keys(q url.Values) string {
	var names []string
	for name, v := range q {
		if len(v) > 0 && numeral.MatchString(v[0]) {
			names = append(names, strings.ToLower(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	sort.Strings(names)
	return "?" + strings.Join(names, ",")
}

// numbered reports whether a shape holds an id: articles do, in most systems.
func numbered(shape string) bool { return strings.ContainsAny(shape, "#?") }

// tally is what speaks for a shape being that of articles.
type tally struct {
	shape string
	n     int // addresses
	long  int // of these, with a title as long as a headline
}

func (t tally) share() float64 { return float64(t.long) / float64(t.n) }

// learn chooses the shapes of articles among a page's links: at least three
// addresses, most of them under words as long as a headline. The shape with
// the most headlines leads; others join it if they are as clearly headlines,
// and hold an id where the leader does.
func learn(links []*anchor) (shapes map[string]bool, leader string) {
	by := map[string]*tally{}
	for _, a := range links {
		t := by[a.shape]
		if t == nil {
			t = &tally{shape: a.shape}
			by[a.shape] = t
		}
		t.n++
		if headline(a.title()) {
			t.long++
		}
	}
	all := make([]tally, 0, len(by))
	for _, t := range by {
		if t.n >= 3 && t.share() >= 0.5 {
			all = append(all, *t)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].long != all[j].long {
			return all[i].long > all[j].long
		}
		return all[i].shape < all[j].shape
	})
	shapes = map[string]bool{}
	for i, t := range all {
		if i == 0 || t.share() >= 0.75 && (numbered(t.shape) || !numbered(all[0].shape)) {
			shapes[t.shape] = true
		}
	}
	if len(all) > 0 {
		leader = all[0].shape
	}
	return shapes, leader
}

// headline: at least five words and 20 letters. Vietnamese section names have
// two to four syllables.
func headline(s string) bool {
	return len([]rune(s)) >= 20 && len(strings.Fields(s)) >= 5
}
