package classify

import (
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// view is an article seen through its mentions.
type view struct {
	a      news.Article
	by     map[string][]news.Mention // what → mentions, in reading order
	all    []news.Mention            // those that are judged, in reading order
	digest bool
	opened news.Mention // what told the digest
	asks   bool         // the headline asks a question

	bad, good float64                 // how much harm and praise the rules heard
	sentences map[news.Part][]vi.Span // cut when they are asked for
}

// anchors are the names of the three insurances.
var anchors = []string{news.BHXH, news.BHYT, news.BHTN}

func newView(a news.Article, mentions []news.Mention) *view {
	v := &view{a: a, by: map[string][]news.Mention{}}
	for _, m := range mentions {
		if m.What == "digest" && !v.digest {
			v.digest, v.opened = true, m
		}
	}
	if !v.digest {
		v.digest, v.opened = roundUp(a.Title)
	}
	keep := func(news.Mention) bool { return true }
	if v.digest {
		keep = itemsWithAnchor(a, mentions)
	}
	for _, m := range mentions {
		if keep(m) {
			v.all = append(v.all, m)
			v.by[m.What] = append(v.by[m.What], m)
		}
	}
	v.asks = strings.Contains(a.Title, "?") || v.count("cue:question", news.Title) > 0
	return v
}

// roundUp reports whether a headline strings several news together.
func roundUp(title string) (bool, news.Mention) {
	if i := strings.IndexAny(title, ";|"); i > 0 && len(strings.Fields(title[:i])) > 4 && len(strings.Fields(title[i+1:])) > 4 {
		return true, news.Mention{Where: news.Title, Start: i, End: i + 1, Quote: title}
	}
	return false, news.Mention{}
}

func (v *view) digestVerdict() news.Verdict {
	var t tally
	if v.digest {
		t.add(1, "tiêu đề của bài điểm nhiều tin", v.opened)
	}
	return t.verdict(v.digest, 0.9)
}

// mostItems is how many items of ours a round-up is searched for.
const mostItems = 20

// itemsWithAnchor keeps of a round-up only the items that name an insurance:
// what the others say is no business of ours.
func itemsWithAnchor(a news.Article, mentions []news.Mention) func(news.Mention) bool {
	parts := map[news.Part]string{news.Title: a.Title, news.Lead: a.Lead, news.Body: a.Body}
	type item struct {
		where      news.Part
		start, end int
	}
	var items []item
	for _, m := range mentions {
		if len(items) < mostItems && (m.What == news.BHXH || m.What == news.BHYT || m.What == news.BHTN) {
			start, end := segment(parts[m.Where], m.Start, m.End)
			items = append(items, item{m.Where, start, end})
		}
	}
	return func(m news.Mention) bool {
		for _, i := range items {
			if m.Where == i.where && m.Start >= i.start && m.End <= i.end {
				return true
			}
		}
		return false
	}
}

// segment returns the bounds of the item of a list around s[start:end].
func segment(s string, start, end int) (int, int) {
	const cuts = ";|\n"
	from := strings.LastIndexAny(s[:start], cuts) + 1
	if i := strings.LastIndex(s[:start], ": "); i >= from {
		from = i + 2
	}
	if i := strings.LastIndex(s[:start], ". "); i >= from {
		from = i + 2
	}
	to := len(s)
	if i := strings.IndexAny(s[end:], cuts); i >= 0 {
		to = end + i
	}
	if i := strings.Index(s[end:to], ". "); i >= 0 {
		to = end + i
	}
	return from, to
}

// count returns how often something stands in the given parts.
func (v *view) count(what string, where ...news.Part) int {
	n := 0
	for _, m := range v.by[what] {
		for _, w := range where {
			if m.Where == w {
				n++
			}
		}
	}
	return n
}

// first returns the first mention of something in title or lead, if any.
func (v *view) first(what string) (news.Mention, bool) {
	for _, m := range v.by[what] {
		if m.Where != news.Body {
			return m, true
		}
	}
	return news.Mention{}, false
}

// has reports whether something stands in title or lead.
func (v *view) has(what string) bool { _, ok := v.first(what); return ok }

// inTitle reports whether something stands in the headline.
func (v *view) inTitle(what string) bool { return v.count(what, news.Title) > 0 }

// covered reports whether m lies within a mention of one of the kinds.
func (v *view) covered(m news.Mention, kinds ...string) bool {
	for _, k := range kinds {
		for _, o := range v.by[k] {
			if o.Where == m.Where && o.Start <= m.Start && m.End <= o.End {
				return true
			}
		}
	}
	return false
}

// written returns the words of a mention, in lower case.
func (v *view) written(m news.Mention) string {
	return strings.ToLower(v.text(m.Where)[m.Start:m.End])
}

// distinct returns the mentions of something, each wording once a part.
func (v *view) distinct(what string) []news.Mention {
	var out []news.Mention
	seen := map[string]bool{}
	for _, m := range v.by[what] {
		key := string(m.Where) + v.written(m)
		if !seen[key] {
			seen[key] = true
			out = append(out, m)
		}
	}
	return out
}
