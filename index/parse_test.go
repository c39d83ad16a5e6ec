package index

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// hostile queries: each is answered or refused with words, quickly.
var hostile = []string{
	"", " ", "\x00\x01\x02", "\u202e\u200f", "\xff\xfe", "((((((((", "))))", "\"\"", "\"", "“lệch\"", "-", "--", "- -", "NOT", "AND AND", "OR", "a:b:c", "level:", "level:,", "level:()", "level:(OR)",
	"level:(a NOT b)", "from:", "to:99/99/9999", "~", "*", "~~~", "word~99", "\"a b\"~", "\"a b\"~0", "\"a b\"~101", "all:", "all: all:", "NOT NOT NOT bảo", "-(-(-bảo))", "title:", "title:(a", "http://x.example/?a=b",
	"Bộ trưởng: \"Không để ai thiệt\"", "1.500.000đ", "𝕏 🏥", "ế\u0301\u0323", "level:local,central", "level:local, central", "a\u0000b",
	strings.Repeat("bảo OR ", 3000) + "hiểm", strings.Repeat("a ", 50_000), strings.Repeat("(", 4000), strings.Repeat("-", 4000), strings.Repeat("\"x\" ", 900), strings.Repeat("NOT ", 900) + "x", strings.Repeat("b", 3999),
	strings.Repeat("kh* ", 190), strings.Repeat("nghieng~ ", 190),
}

func TestHostileQueries(t *testing.T) {
	s := newShelf(t, archive(300, 50)...)
	for _, text := range hostile {
		for _, q := range []Query{{Text: text}, {Text: text, AnyWord: true, Highlight: true, Sort: Recency}} {
			q.Limit, q.Now = 10, testNow
			started := time.Now()
			_, err := s.Search(context.Background(), q)
			// The goal is 100 ms; a busy machine may be slower, a query without an end is not.
			if took := time.Since(started); took > 2*time.Second {
				t.Errorf("%.40q took %v", text, took)
			}
			var wrong *SyntaxError
			if err != nil && !errors.As(err, &wrong) {
				t.Errorf("%.40q: not an error in words: %v", text, err)
			}
		}
	}
}

func TestSyntaxErrorsSpeakBothLanguages(t *testing.T) {
	c, err := newCatalog(testSchema)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.parse(`bảo hiểm y tế "xã hội`, testNow)
	var wrong *SyntaxError
	if !errors.As(err, &wrong) || wrong.Column != 15 || wrong.In("en") != "no closing quote for the one at column 15" {
		t.Errorf("got %v", err)
	}
}

func TestInWordsInEnglish(t *testing.T) {
	s := newShelf(t, Doc{ID: "a", Title: "Thẻ"})
	for text, want := range map[string]string{
		"":                               "every article",
		"level:local the":                "articles local press and with the word “the” (marks ignored)",
		"thẻ AND (\"y tế\" OR bảo*)":     "articles with the word “thẻ” and (with the exact phrase “y tế” or with a word beginning with “bảo”)",
		"\"thẻ y\"~5 -mưa":               "articles with the words “thẻ y” within 5 words and not with the word “mưa”",
		"date:2026-07 province:hue,song": "articles from 01/07/2026 to 31/07/2026 and province hue or song",
	} {
		if got := s.search(t, Query{Text: text, Lang: "en"}).InWords; got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string][2]string{
		"hôm nay":    {"2026-07-09", "2026-07-10"},
		"Tuần này":   {"2026-07-06", "2026-07-13"},
		"tuần trước": {"2026-06-29", "2026-07-06"},
		"tháng này":  {"2026-07-01", "2026-08-01"},
		"last month": {"2026-06-01", "2026-07-01"},
		"năm nay":    {"2026-01-01", "2027-01-01"},
		"7d":         {"2026-07-03", "2026-07-10"},
		"2 tuần":     {"2026-06-26", "2026-07-10"},
		"3/2026":     {"2026-03-01", "2026-04-01"},
		"29-2-2024":  {"2024-02-29", "2024-03-01"},
	} {
		from, to, ok := period(text, testNow)
		if !ok || from.Format("2006-01-02") != want[0] || to.Format("2006-01-02") != want[1] {
			t.Errorf("%s: %v to %v, %v; want %v", text, from, to, ok, want)
		}
	}
	for _, text := range []string{"", "30/2/2026", "0d", "-3d", "d", "99999999999999999999d"} {
		if from, to, ok := period(text, testNow); ok {
			t.Errorf("%q was read as %v to %v", text, from, to)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	c, err := newCatalog(testSchema)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := c.parse(text, testNow)
		var wrong *SyntaxError
		if err != nil {
			if !errors.As(err, &wrong) || wrong.Column < 0 || wrong.Column > utf8.RuneCountInString(text)*3+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if said := inWords(p, nil, c.others, "vi"); !utf8.ValidString(said) || said == "" {
			t.Fatalf("%q in words: %q", text, said)
		}
		(&matcher{marked: p.marked, others: c.others}).rankTerms(p.root)
	})
}

// A word said twice between ORs is asked for once.
func TestOrAsksOnce(t *testing.T) {
	t.Parallel()
	parts := func(text string) int {
		q, err := (&catalog{}).parse(text, testNow)
		if err != nil {
			t.Fatal(err)
		}
		return len(q.root.(or).parts)
	}
	if once, often := parts("cá OR gà"), parts(strings.Repeat("cá OR gà OR ", 20)+"cá"); once != 2 || often != 2 {
		t.Errorf("%d and %d parts are asked for, want 2 and 2", once, often)
	}
}
