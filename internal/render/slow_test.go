//go:build unix

package render

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// slow is a road on which each request waits for its host's turn.
type slow struct {
	http.RoundTripper
	pace time.Duration
}

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.pace)
	return s.RoundTripper.RoundTrip(r)
}

// Time stands still for scripts while they wait for what they asked for.
func TestPolitenessIsWaitedFor(t *testing.T) {
	p := newPress(t)
	page, err := chromium(t, Options{}).Page(t.Context(), p.URL+"/thon-suong.html", slow{p.fetcher(t).Road(0), time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.Body, "Bà Lò Thị Mận kể") {
		t.Errorf("the page is %s", page.Body)
	}
}
