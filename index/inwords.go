package index

import (
	"fmt"
	"strings"
	"time"
)

// speaker says a query in words.
type speaker struct {
	lang   string
	marked bool
	others *others
}

// inWords is the query as it was understood: what stands in the text first,
// then the filters and dates.
func inWords(p parsed, limits []node, others *others, lang string) string {
	if lang != "en" {
		lang = "vi"
	}
	s := speaker{lang, p.marked, others}
	var said []string
	root := p.root
	if root != nil {
		said = append(said, s.say(root))
		if !p.marked && hasWords(root) {
			said[0] += s.in(" (không phân biệt dấu)", " (marks ignored)")
		}
	}
	for _, n := range limits {
		said = append(said, s.say(n))
	}
	if len(said) == 0 {
		return s.in("mọi bài", "every article")
	}
	return s.in("bài ", "articles ") + strings.Join(said, ", ")
}

func hasWords(n node) bool {
	var runs []run
	gather(n, &runs)
	return len(runs) > 0
}

func (s speaker) in(vi, en string) string {
	if s.lang == "en" {
		return en
	}
	return vi
}

func (s speaker) say(n node) string {
	switch n := n.(type) {
	case words:
		return s.words(n)
	case *phrase:
		return s.phrase(n)
	case prefix:
		return s.in("có từ bắt đầu bằng “", "with a word beginning with “") + n.word.text + "”" + s.where(n.title)
	case fuzzy:
		return s.in("có từ gần giống “", "with a word like “") + n.word.text + "”" + s.where(n.title)
	case and:
		return s.join(n.parts, s.in(" và ", " and "))
	case or:
		return s.join(n.parts, s.in(" hoặc ", " or "))
	case not:
		if _, ok := n.part.(dates); ok {
			return s.in("ngoài khoảng ", "not ") + s.say(n.part)
		}
		return s.in("không ", "not ") + s.group(n.part)
	case filter:
		return s.filter(n)
	case dates:
		return s.dates(n)
	}
	return ""
}

func (s speaker) join(parts []node, between string) string {
	said := make([]string, len(parts))
	for i, p := range parts {
		said[i] = s.group(p)
	}
	return strings.Join(said, between)
}

// group brackets a part that has and/or of its own.
func (s speaker) group(n node) string {
	switch n.(type) {
	case and, or:
		return "(" + s.say(n) + ")"
	}
	return s.say(n)
}

func (s speaker) where(title bool) string {
	if title {
		return s.in(" trong tiêu đề", " in the title")
	}
	return ""
}

func (s speaker) within(n *phrase) string {
	switch n.part {
	case "lead":
		return s.in(" trong đoạn dẫn", " in the lead")
	case "body":
		return s.in(" trong thân bài", " in the body")
	}
	return s.where(n.title)
}

func text(list []word) string {
	said := make([]string, len(list))
	for i, w := range list {
		said[i] = w.text
	}
	return "“" + strings.Join(said, " ") + "”"
}

func (s speaker) words(n words) string {
	different := len(unique(n.list))
	all := different
	units := s.others.units(n.list, s.marked)
	if varied(units) {
		all = len(units)
	}
	need := needed(all)
	said := ""
	switch {
	case different == 1:
		said = s.in("có từ ", "with the word ") + text(n.list)
	case n.strict || need == all:
		said = s.in("có đủ các từ ", "with all the words ") + text(n.list)
	default:
		said = fmt.Sprintf(s.in("có ít nhất %d trong %d từ %s", "with at least %d of the %d words %s"), need, all, text(n.list))
	}
	return said + s.orElse(units) + s.where(n.title)
}

// orElse names the other ways that are found too.
func (s speaker) orElse(units []unit) string {
	var ways []string
	for _, u := range units {
		for _, o := range u.others {
			way := text(o.list)
			if !o.when.from.IsZero() || !o.when.to.IsZero() {
				way += " " + s.dates(o.when)
			}
			ways = append(ways, way)
		}
	}
	if len(ways) == 0 {
		return ""
	}
	return s.in(" (kể cả ", " (also ") + strings.Join(ways, ", ") + ")"
}

func (s speaker) phrase(n *phrase) string {
	if n.near > 0 {
		return fmt.Sprintf(s.in("có các từ %s cách nhau không quá %d từ%s", "with the words %s within %d words%s"), text(n.list), n.near, s.within(n))
	}
	return s.in("có đúng cụm ", "with the exact phrase ") + text(n.list) + s.within(n)
}

func (s speaker) filter(n filter) string {
	said, named := make([]string, len(n.values)), true
	for i, v := range n.values {
		var ok bool
		said[i], ok = n.field.valueLabel(v, s.lang)
		named = named && ok
	}
	list := strings.Join(said, s.in(" hoặc ", " or "))
	if named {
		return list
	}
	return n.field.label(s.lang) + " " + list
}

func (s speaker) dates(n dates) string {
	last := n.to.Add(-time.Second) // people name the last day, not the one after
	switch {
	case n.to.IsZero():
		return s.in("từ ", "from ") + moment(n.from)
	case n.from.IsZero():
		return s.in("đến ", "to ") + moment(last)
	case moment(n.from) == moment(last):
		return s.in("ngày ", "on ") + moment(last)
	}
	return s.in("từ ", "from ") + moment(n.from) + s.in(" đến ", " to ") + moment(last)
}

func moment(t time.Time) string { return t.In(home).Format("02/01/2006") }
