package eval

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/extract"
	"diembao/internal/news"
)

// What ships, on the development pages. DIEMBAO_EVAL_OUT names a directory
// for the raw answers.
func TestShippedExtractionOnTheSharedPages(t *testing.T) {
	x, err := extract.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, config.VN)
	for set, least := range map[string]float64{"en": .970, "vi": .985} {
		dir := "../../../shared/data/extraction/" + set
		if _, err := os.Stat(dir); err != nil {
			t.Skip("the shared pages are not here: ", err)
		}
		opts := ExtractOptions{Extract: func(p news.Page) (news.Article, error) { return x.Extract(p, now) }}
		if out := os.Getenv("DIEMBAO_EVAL_OUT"); out != "" {
			f, err := os.Create(out + "/" + set + ".jsonl")
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			opts.Out = f
		}
		got, err := Extract(dir, opts)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s", set, b)
		if got.F1 < least {
			t.Errorf("%s: F1 %.4f, want %.3f", set, got.F1, least)
		}
	}
}
