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
		{ID: "pension", Label: "Lương hưu", Strong: []string{"lương hưu", "lương huu"}},
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
	odd, read, err := p.OddPhrases(t.Context())
	if err != nil || read != 260 {
		t.Fatalf("tried on %d articles: %v", read, err)
	}
	var got []string
	for _, o := range odd {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", o.Topic, o.Phrase, o.Articles, o.Swallows)))
		if o.Do == "" {
			t.Errorf("%s: nothing is said of what to do", o.Phrase)
		}
	}
	if want := "pension lương huu 0; digital tài khoản 260 pension"; strings.Join(got, "; ") != want {
		t.Errorf("odd phrases are %q, want %q", strings.Join(got, "; "), want)
	}
}
