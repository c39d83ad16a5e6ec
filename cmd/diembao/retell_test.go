package main

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/say"
	"diembao/internal/web"
)

// Every reason that the rules give for the invented texts is of a form that can
// be said in English: a rule that says something new needs its "rule." message.
func TestEveryReasonIsSaidInEnglish(t *testing.T) {
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("../../internal/eval/labels/invented.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	words, missing := say.In("en"), map[string]string{}
	reasons := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var a news.Article
		var x struct{ ID, Title, Summary string }
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		a.ID, a.Title, a.Lead, a.Body, a.Outlet = x.ID, x.Title, x.Summary, x.Summary+"\n"+x.Title, "vnexpress"
		a.Published = time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN)
		reading, mentions := pipeline.ReadOne(a, rules, a.Published)
		for _, axis := range web.InWords(reading, words, pack) {
			for _, why := range axis.Reasons {
				reasons++
				if left := vietnamese(why.Rule); left != "" {
					missing[left] = why.Rule
				}
			}
		}
		for _, m := range mentions {
			if said, ok := words.Retell(m.Rule, func(s string) string { return s }); !ok {
				missing[m.Rule] = said
			}
		}
	}
	if reasons < 5000 {
		t.Errorf("only %d reasons were read", reasons)
	}
	for left, rule := range missing {
		t.Errorf("%q is left in %q: give it a message rule.… in vi.yaml and en.yaml", left, rule)
	}
}

// proper are names, which stay: of places, of offices, of people, figures as
// they were written.
var proper = regexp.MustCompile(`(name of a province|a place of the province|office|level of the outlet by its governing body|figure about insurance|words of|good model|event|form): .*| · .*|“[^”]*”|, (then|under) .*`)

// vietnamese is a word with marks that is left in a sentence beside its names.
func vietnamese(rule string) string {
	rest := proper.ReplaceAllString(rule, "")
	for _, word := range strings.Fields(rest) {
		if strings.ContainsAny(strings.ToLower(word), "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ") {
			return word
		}
	}
	return ""
}
