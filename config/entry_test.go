package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What Entry writes is what the overlay reads.
func TestEntryIsReadBack(t *testing.T) {
	want := Outlet{ID: "bao-thu", Name: `Báo Thử: "mới" #1`, Licence: "bao", Level: "local", Kind: "press", Province: "an-giang",
		Domains: []Domain{{Host: "baothu.example"}}, Feeds: []Source{{URL: "https://baothu.example/rss?a=1&b=2", Proven: true}},
		Listings: []Source{{URL: "https://baothu.example/", Links: "h3 a[href*='bai']", Match: `^/\d+`, Off: true}},
		Schedule: Learned, On: true, Notes: "thử"}
	text, err := Entry(want)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := lay(t, string(text)).OutletByID("bao-thu")
	if !ok {
		t.Fatalf("the overlay is not read:\n%s", text)
	}
	want.Reach, want.Language = got.Reach, got.Language
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\n%s", text, d)
	}
}
