package extract

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"diembao/config"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
	"golang.org/x/net/html"
)

//go:embed families.yaml
var familiesYAML []byte

// family is the layout of one content system, as families.yaml has it.
type family struct {
	Name          string   `yaml:"name"`
	Note          string   `yaml:"note"`
	Hosts         []string `yaml:"hosts"`
	Marks         []string `yaml:"marks"`
	config.Layout `yaml:",inline"`
}

// rule is a layout whose selectors are compiled. A nil selector was not given.
type rule struct {
	name                                     string
	holds                                    func(time.Time) bool // on which days pages look so
	title, lead, body, author, date, section cascadia.SelectorGroup
	remove                                   cascadia.SelectorGroup
}

// families holds the rules of the content systems, and which class, id or
// attribute of a page calls for which of them.
type families struct {
	list    []system
	byClass map[string][]int // class → indexes into list
	byID    map[string][]int
	byAttr  map[string]map[string][]int // attribute → value → indexes into list
}

// system is a compiled family. One without hosts is in general use; the others
// are believed on Vietnamese pages only, for their class names are not rare.
type system struct {
	rule
	hosts   []string
	general bool
}

func (s system) serves(host string) bool {
	return slices.ContainsFunc(s.hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}

func readFamilies(text []byte) (families, error) {
	var list []family
	if err := yaml.UnmarshalWithOptions(text, &list, yaml.Strict()); err != nil {
		return families{}, fmt.Errorf("reading the layouts of content systems: %w", err)
	}
	fs := families{byClass: map[string][]int{}, byID: map[string][]int{}, byAttr: map[string]map[string][]int{}}
	for i, f := range list {
		r, err := compile(f.Name, f.Layout)
		if err != nil {
			return families{}, err
		}
		fs.list = append(fs.list, system{rule: r, hosts: f.Hosts, general: len(f.Hosts) == 0})
		for _, m := range f.Marks {
			if err := fs.mark(m, i); err != nil {
				return families{}, fmt.Errorf("layout %s: %w", f.Name, err)
			}
		}
	}
	return fs, nil
}

// mark files system i under one of its marks.
func (fs families) mark(m string, i int) error {
	name, value, isAttr := strings.Cut(strings.Trim(m, "[]"), "=")
	switch {
	case strings.HasPrefix(m, "."):
		fs.byClass[m[1:]] = append(fs.byClass[m[1:]], i)
	case strings.HasPrefix(m, "#"):
		fs.byID[m[1:]] = append(fs.byID[m[1:]], i)
	case strings.HasPrefix(m, "[") && isAttr:
		if fs.byAttr[name] == nil {
			fs.byAttr[name] = map[string][]int{}
		}
		fs.byAttr[name][value] = append(fs.byAttr[name][value], i)
	default:
		return fmt.Errorf("mark %q is none of .class, #id, [name=value]", m)
	}
	return nil
}

// compile turns a layout's selectors into matchers; the error names the layout
// and quotes the selector that cannot be read.
func compile(name string, l config.Layout) (rule, error) {
	r := rule{name: name, holds: l.Holds}
	for _, s := range []struct {
		what string
		css  string
		to   *cascadia.SelectorGroup
	}{
		{"title", l.Title, &r.title}, {"lead", l.Lead, &r.lead}, {"body", l.Body, &r.body},
		{"author", l.Author, &r.author}, {"date", l.Date, &r.date}, {"section", l.Section, &r.section},
		{"remove", strings.Join(l.Remove, ", "), &r.remove},
	} {
		if strings.TrimSpace(s.css) == "" {
			continue
		}
		sel, err := cascadia.ParseGroup(s.css)
		if err != nil {
			return rule{}, fmt.Errorf("layout %s: %s selector %q cannot be read: %w", name, s.what, s.css, err)
		}
		*s.to = sel
	}
	return r, nil
}

func (r rule) empty() bool { return r.body == nil && r.lead == nil && r.title == nil }

// fullest returns, for the earliest selector that finds any text, the node
// with the most of it: systems repeat a class on empty shells and pop-ups.
func fullest(root *html.Node, g cascadia.SelectorGroup) *html.Node {
	for _, s := range g {
		var best *html.Node
		most := 0
		for _, n := range cascadia.QueryAll(root, s) {
			if l := textLen(n); l > most {
				best, most = n, l
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}
