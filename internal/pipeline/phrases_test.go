package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
)

// A phrase that never stands in a text and one that drags its topic onto
// another are told; one that does its work is not.
func TestOddPhrases(t *testing.T) {
	now := time.Date(2026, 7, 8, 9, 0, 0, 0, config.VN)
	p := archive(t, now)
	pack := p.Rules().Pack
	pack.Topics.Topics = []config.Topic{
		{ID: "pension", Label: "Lương hưu", Strong: []string{"lương hưu", "chi trả lương hửu"}},
		{ID: "digital", Label: "Số hóa", Strong: []string{"tài khoản", "vssid"}, Weak: []string{"xã"}},
	}
	rules, err := Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	p.Use(rules)
	var lines []string
	for i := range 260 {
		title := fmt.Sprintf("Xã số %d chi trả lương hưu qua tài khoản", i)
		if i%2 == 0 {
			title = fmt.Sprintf("Xã số %d dùng VssID trên tài khoản", i)
		}
		lines = append(lines, fmt.Sprintf(`{"url":"https://bao-thu.example/bai-%d.html","title":%q,"published":"2026-07-08T08:00:00+07:00","outlet":"Báo Thử"}`, i, title))
	}
	if _, err := p.Import(t.Context(), "thu.jsonl", strings.NewReader(strings.Join(lines, "\n")), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	odd, read, err := p.OddPhrases(t.Context(), phrasesOf(pack), Trial{Most: LastArticles})
	if err != nil || read != 260 {
		t.Fatalf("tried on %d articles: %v", read, err)
	}
	var got []string
	for _, o := range odd {
		got = append(got, strings.Join(strings.Fields(fmt.Sprintf("%s %s:%d %s %d %s %s", o.Of, o.File, o.Line, o.Text, o.Articles, o.Swallows, o.Meant)), " "))
		if o.Do == "" {
			t.Errorf("%s: nothing is said of what to do", o.Text)
		}
	}
	if want := "pension own.yaml:2 chi trả lương hửu 0 chi trả lương hưu; digital own.yaml:3 tài khoản 260 pension; 3 own.yaml:6 tài khoản đỏ 0; own.yaml:7 xã số 260"; strings.Join(got, "; ") != want {
		t.Errorf("odd phrases are %q,\nwant %q", strings.Join(got, "; "), want)
	}
}

// phrasesOf are those of the test's topics, a line each.
func phrasesOf(pack config.Pack) (out []config.Phrase) {
	add := func(family, of string, list []string) {
		for _, text := range list {
			out = append(out, config.Phrase{Family: family, Of: of, Text: text, File: "own.yaml", Line: len(out) + 1})
		}
	}
	for _, t := range pack.Topics.Topics {
		add("topic", t.ID, t.Strong)
		add("hint", t.ID, t.Weak)
	}
	add("crisis", "3", []string{"tài khoản đỏ"})
	add("leader", "", []string{"xã số"})
	return out
}
