package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// stretch is a piece of an article's text. Kind says what was found there:
// ours, bad, good, place, topic; empty for plain text. Rule found it.
type stretch struct {
	Text, Kind, Rule string
}

// in are the mentions in one part of an article, in reading order, the longest
// first where several begin together.
func in(all []news.Mention, part news.Part) []news.Mention {
	var out []news.Mention
	for _, m := range all {
		if m.Where == part && kind(m.What) != "" {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b news.Mention) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	return out
}

// kind sorts what was found into what a reader wants to see.
func kind(what string) string {
	what, rest, _ := strings.Cut(what, ":")
	switch what {
	case news.BHXH, news.BHYT, news.BHTN, "agency", "unit":
		return "ours"
	case "crisis":
		if strings.HasPrefix(rest, "0") {
			return "" // turned around by a negator
		}
		return "bad"
	case "positive":
		return "good"
	case "province":
		return "place"
	case "topic":
		return "topic"
	}
	return ""
}

// mark cuts s[from:to] where mentions begin and end. Of mentions that overlap
// the first is shown; those outside the text or inside a letter are left out.
func mark(s string, from, to int, found []news.Mention) []stretch {
	var out []stretch
	at := from
	for _, m := range found {
		if m.Start < at || m.End > to || m.Start >= m.End || !whole(s, m.Start) || !whole(s, m.End) {
			continue
		}
		if m.Start > at {
			out = append(out, stretch{Text: s[at:m.Start]})
		}
		out = append(out, stretch{s[m.Start:m.End], kind(m.What), m.Rule})
		at = m.End
	}
	if at < to {
		out = append(out, stretch{Text: s[at:to]})
	}
	return out
}

// whole reports whether a letter begins at offset i.
func whole(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// paragraphs are the lines of a body that hold something.
func paragraphs(body string) []vi.Span {
	var out []vi.Span
	at := 0
	for line := range strings.SplitAfterSeq(body, "\n") {
		end := at + len(strings.TrimRight(line, "\n"))
		if strings.TrimSpace(line) != "" {
			out = append(out, vi.Span{Start: at, End: end})
		}
		at += len(line)
	}
	return out
}
