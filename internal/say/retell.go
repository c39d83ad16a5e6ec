package say

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// form is what a rule says in Vietnamese, as a pattern: the "rule." messages
// are these sentences, so that what was kept in Vietnamese can be said in
// another language.
type form struct {
	id           string
	begins, ends string // before the first blank and after the last: most forms are out by these
	pattern      *regexp.Regexp
	fixed        int // bytes that are no blank: of two forms the fuller one is meant
}

// blank is what a message leaves to be filled in.
var blank = regexp.MustCompile(`{{\.(\w+)}}`)

var forms = sync.OnceValue(func() []form {
	raw, err := files.ReadFile("vi.yaml")
	messages := map[string]any{}
	if err == nil {
		err = yaml.Unmarshal(raw, &messages)
	}
	if err != nil {
		panic(fmt.Sprintf("say: the embedded vi.yaml does not parse: %v", err)) // a build fault, as in open
	}
	var out []form
	for id, m := range messages {
		if text, plain := m.(string); plain && strings.HasPrefix(id, "rule.") {
			out = append(out, formOf(id, text))
		}
	}
	slices.SortFunc(out, func(a, b form) int { return cmp.Or(cmp.Compare(b.fixed, a.fixed), strings.Compare(a.id, b.id)) })
	return out
})

func formOf(id, text string) form {
	var pattern strings.Builder
	fixed, at := 0, 0
	for _, m := range blank.FindAllStringSubmatchIndex(text, -1) {
		fixed += m[0] - at
		pattern.WriteString(regexp.QuoteMeta(text[at:m[0]]) + "(?P<" + text[m[2]:m[3]] + ">.+?)")
		at = m[1]
	}
	pattern.WriteString(regexp.QuoteMeta(text[at:]))
	begins, _, _ := strings.Cut(text, "{{")
	return form{id, begins, text[at:], regexp.MustCompile("^" + pattern.String() + "$"), fixed + len(text) - at}
}

// Retell says in the language of w what a rule said in Vietnamese. named names
// in it what the configuration has names for, such as a topic; what is neither
// of a form nor named comes back as it was, and ok is false. In Vietnamese
// nothing changes.
func (w *Words) Retell(said string, named func(string) string) (text string, ok bool) {
	if w.Lang == "vi" {
		return said, true
	}
	if name := named(said); name != said {
		return name, true
	}
	for _, f := range forms() {
		if !strings.HasPrefix(said, f.begins) || !strings.HasSuffix(said, f.ends) {
			continue
		}
		m := f.pattern.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		var pairs []any
		for i, name := range f.pattern.SubexpNames()[1:] {
			part, _ := w.Retell(m[i+1], named)
			pairs = append(pairs, name, part)
		}
		return w.Say(f.id, pairs...), true
	}
	return said, false
}
