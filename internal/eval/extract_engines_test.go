package eval

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"diembao/internal/news"

	readability "codeberg.org/readeck/go-readability/v2"
	trafilatura "github.com/markusmobius/go-trafilatura"
)

// The metric is checked against two engines whose figures on these pages are
// known from measuring with the benchmark's own Python: it is the yardstick
// for everything else here.
func TestExtractMetricGivesTheKnownFiguresOfTwoEngines(t *testing.T) {
	const dir = "../../../shared/data/extraction/en"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared pages are not here: ", err)
	}
	for name, want := range map[string]struct {
		extract       func(news.Page) (news.Article, error)
		f1, low, high float64
	}{
		"readeck":     {plainReadeck, .960, .955, .965},
		"trafilatura": {plainTrafilatura, .965, .960, .970},
	} {
		got, err := Extract(dir, ExtractOptions{Extract: want.extract})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: F1 %.4f P %.4f R %.4f over %.2f", name, got.F1, got.Precision, got.Recall, got.OverParse)
		if got.F1 < want.low || got.F1 > want.high {
			t.Errorf("%s: F1 %.4f, known to be %.3f", name, got.F1, want.f1)
		}
	}
}

func plainReadeck(p news.Page) (news.Article, error) {
	u, err := url.Parse(p.URL)
	if err != nil {
		return news.Article{}, err
	}
	a, err := readability.FromReader(strings.NewReader(p.Body), u)
	if err != nil || a.Node == nil {
		return news.Article{}, err
	}
	var b strings.Builder
	err = a.RenderText(&b)
	return news.Article{Body: b.String()}, err
}

func plainTrafilatura(p news.Page) (news.Article, error) {
	u, err := url.Parse(p.URL)
	if err != nil {
		return news.Article{}, err
	}
	r, err := trafilatura.Extract(strings.NewReader(p.Body), trafilatura.Options{OriginalURL: u, ExcludeComments: true})
	if err != nil {
		return news.Article{}, err
	}
	return news.Article{Body: r.ContentText}, nil
}
