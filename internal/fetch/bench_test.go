package fetch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"diembao/internal/vi"
)

// bigPage is 60 KB, as an article's page is with all that stands around it.
var bigPage = func() string {
	p := `<div class="item"><a href="/xa-hoi/to-dan-pho-gop-quy-20260307101500.htm"><img src="a.jpg" alt=""></a><p>Tổ dân phố góp quỹ mua thẻ cho người già.</p></div>` + "\n"
	return "<!DOCTYPE html><html><head><meta charset=utf-8><title>Trang đo tốc độ</title></head><body>" + strings.Repeat(p, 60<<10/len(p)) + "</body></html>"
}()

// BenchmarkGet measures whole requests on loopback. Compare it with
// BenchmarkBarePool, which asks and decodes the same pages without asking
// robots.txt, guarding, pacing or judging.
func BenchmarkGet(b *testing.B) {
	f, url := served(b, site(says("text/html; charset=utf-8", bigPage)))
	b.SetBytes(int64(len(bigPage)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if a, err := f.Get(b.Context(), Request{URL: url + "/a"}); err != nil || len(a.Raw) != len(bigPage) {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkBarePool(b *testing.B) {
	s := httptest.NewServer(site(says("text/html; charset=utf-8", bigPage)))
	defer s.Close()
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer c.CloseIdleConnections()
	b.SetBytes(int64(len(bigPage)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := c.Get(s.URL + "/a")
			if err != nil {
				b.Error(err)
				return
			}
			raw, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if text, _ := vi.Decode(raw, "utf-8"); err != nil || len(text) != len(bigPage) {
				b.Error(err)
				return
			}
		}
	})
}
