package fetch

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"diembao/internal/vi"
)

// bigPage is 60 KB, as an article's page is with all that stands around it.
var bigPage = func() string {
	p := `<div class="item"><a href="/xa-hoi/to-dan-pho-gop-quy-20260307101500.htm"><img src="a.jpg" alt=""></a><p>Tổ dân phố góp quỹ mua thẻ cho người già.</p></div>` + "\n"
	return "<!DOCTYPE html><html><head><meta charset=utf-8><title>Trang đo tốc độ</title></head><body>" + strings.Repeat(p, 60<<10/len(p)) + "</body></html>"
}()

// BenchmarkPages asks for pages on loopback: through colly and the road, and
// by a bare net/http pool that asks no robots.txt, guards, paces and judges
// nothing; decoded alone, and parsed as every page is afterwards.
func BenchmarkPages(b *testing.B) {
	for _, parsed := range []bool{false, true} {
		name := "decoded"
		if parsed {
			name = "parsed"
		}
		b.Run(name+"/road", func(b *testing.B) {
			f, url := served(b, site(says("text/html; charset=utf-8", bigPage)))
			ask(b, parsed, func(ctx context.Context) (string, error) {
				a, err := f.Get(ctx, Request{URL: url + "/a"})
				return a.Body, err
			})
		})
		b.Run(name+"/bare", func(b *testing.B) {
			s := httptest.NewServer(site(says("text/html; charset=utf-8", bigPage)))
			defer s.Close()
			c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
			defer c.CloseIdleConnections()
			ask(b, parsed, func(context.Context) (string, error) {
				resp, err := c.Get(s.URL + "/a")
				if err != nil {
					return "", err
				}
				defer resp.Body.Close()
				raw, err := io.ReadAll(resp.Body)
				text, _ := vi.Decode(raw, "utf-8")
				return text, err
			})
		})
	}
}

func ask(b *testing.B, parsed bool, get func(context.Context) (string, error)) {
	b.SetBytes(int64(len(bigPage)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			text, err := get(b.Context())
			if err == nil && parsed {
				_, err = html.Parse(strings.NewReader(text))
			}
			if err != nil || len(text) != len(bigPage) {
				b.Errorf("%d bytes, error %v", len(text), err)
				return
			}
		}
	})
}
