package eval

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
)

func TestShingleOverlapByHand(t *testing.T) {
	for name, c := range map[string]struct {
		want, got string
		o         overlap
	}{
		"the same":           {"một hai ba bốn năm", "một hai ba bốn năm", overlap{1, 0, 0}},
		"decomposed marks":   {"một hai ba bốn", "mo\u0323\u0302t hai ba bo\u0302\u0301n", overlap{1, 0, 0}},
		"half missing":       {"a b c d e", "a b c d", overlap{.5, 0, .5}},
		"one too many":       {"a b c d", "a b c d e", overlap{.5, .5, 0}},
		"counted, not a set": {"a a a a a", "a a a a", overlap{.5, 0, .5}},
		"nothing read":       {"a b c d", "", overlap{0, .5, .5}},
		"short texts":        {"a b", "a b", overlap{1, 0, 0}},
	} {
		if o := compareShingles(c.want, c.got); math.Abs(o.tp-c.o.tp)+math.Abs(o.fp-c.o.fp)+math.Abs(o.fn-c.o.fn) > 1e-9 {
			t.Errorf("%s: %+v, want %+v", name, o, c.o)
		}
	}
}

func TestExtractCountsLeadsDatesAuthorsAndFailures(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("html/a.html", "<p>Chợ họp từ sáng sớm hôm nay</p>")
	write("html/b.html", "<p>Chợ tan lúc trưa nắng gắt</p>")
	write("ground-truth.json", `{"a":{"articleBody":"Chợ phiên mở lại.\nChợ họp từ sáng sớm hôm nay","sapo":"Chợ phiên mở lại.","date":"2026-03-07T08:15:00+07:00","author":"Lê An; Trần Bình"},
		"b":{"articleBody":"Chợ tan lúc trưa nắng gắt","date":"2026-03-07T08:15:00+07:00","author":null}}`)
	var out bytes.Buffer
	got, err := Extract(dir, ExtractOptions{Out: &out, Extract: func(p news.Page) (news.Article, error) {
		if strings.Contains(p.Body, "trưa") {
			return news.Article{}, errors.New("cannot be read")
		}
		return news.Article{Lead: "Chợ phiên mở lại.", Body: "Chợ họp từ sáng sớm hôm nay", Author: "TRẦN BÌNH - Lê An",
			Published: time.Date(2026, 3, 7, 1, 15, 42, 0, time.UTC)}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Pages != 2 || got.Precision != .5 || got.Recall != .5 || got.F1 != .5 || got.Worst != (WorstPage{"b", 0}) {
		t.Errorf("text: %+v", got)
	}
	if got.LeadKept != (KeptShare{1, 1, 1}) || got.DateExact != (ExactShare{2, 1, .5}) || got.AuthorExact != (ExactAuthor{1, 1}) {
		t.Errorf("leads, dates, authors: %+v", got)
	}
	want := `{"id":"a","text":"Chợ phiên mở lại.\nChợ họp từ sáng sớm hôm nay","author":"TRẦN BÌNH - Lê An","date":"2026-03-07T08:15:42+07:00"}` + "\n" + `{"id":"b","text":"","author":"","date":""}` + "\n"
	if out.String() != want {
		t.Errorf("raw answers:\n%s", out.String())
	}
	if _, err := Extract(filepath.Join(dir, "html"), ExtractOptions{}); err == nil {
		t.Error("a folder without ground truth gave no error")
	}
}
