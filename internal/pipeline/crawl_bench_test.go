package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/fetch"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
	"diembao/internal/vi"
)

// The load of BenchmarkCrawl: papers on loopback, each with a feed of pages of
// about 60 KB, asked by as many workers as there are papers.
const (
	benchPapers = 8
	benchPages  = 150
)

// heavy is an article of about 60 KB, as papers send it: a twelfth is text,
// the rest menus, boxes of other articles, and a script.
func heavy(paper, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiên giao sổ số %d ở phường ven sông %d</title><meta property="article:published_time" content="2026-03-02T08:%02d:00+07:00"><script>%s</script></head><body><nav><ul>`,
		n, paper, n%60, strings.Repeat("var q=window.q||[];q.push(['trang',1]);\n", 300))
	for i := range 120 {
		fmt.Fprintf(&b, `<li class="menu-item"><a href="/muc-%d" title="Mục %d">Chuyên mục %d</a></li>`, i, i, i)
	}
	fmt.Fprintf(&b, `</ul></nav><article class="detail"><h1>Phiên giao sổ số %d ở phường ven sông %d</h1><p class="sapo">Bà con ven sông nhận sổ bảo hiểm xã hội ngay tại đình làng.</p>`, n, paper)
	for i := range 14 {
		fmt.Fprintf(&b, `<p>Đoạn %d của bài %d: cán bộ bảo hiểm xã hội đọc tên từng hộ, giải thích mức đóng, trao sổ và hẹn ngày hướng dẫn cài ứng dụng trên điện thoại cho người lớn tuổi trong xóm, ai chưa rõ thì hỏi lại cho rành.</p>`, i, n)
	}
	b.WriteString(`</article><aside>`)
	for i := range 110 {
		fmt.Fprintf(&b, `<div class="box"><a href="/bai-khac-%d.html"><img src="/anh/%d.jpg" alt=""><h3>Tin khác số %d trong ngày ở vùng hạ lưu</h3></a><span class="time">0%d:15</span><p>Tóm tắt ngắn của một tin khác trong ngày, không thuộc bài này.</p></div>`, i, i, i, i%10)
	}
	b.WriteString(`</aside></body></html>`)
	return b.String()
}

// kiosk is a paper on loopback.
func kiosk(b *testing.B, paper int) *httptest.Server {
	b.Helper()
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", http.NotFound)
	pages := make([]string, benchPages)
	for n := range pages {
		pages[n] = heavy(paper, n)
	}
	m.HandleFunc("/rss", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, `<rss version="2.0"><channel><title>b</title>`)
		for n := range pages {
			fmt.Fprintf(w, `<item><title>Bài %d</title><link>http://%s/bai/%d</link></item>`, n, r.Host, n)
		}
		io.WriteString(w, `</channel></rss>`)
	})
	m.HandleFunc("/bai/{n}", func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(r.PathValue("n"), &n)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, pages[n])
	})
	s := httptest.NewServer(m)
	b.Cleanup(s.Close)
	return s
}

// BenchmarkCrawl gathers pages over loopback into a store on disk, beside a
// bare net/http worker pool that calls the same extractor and keeps nothing.
// crawl/bare, the median of all rounds, is the share of the bare pool's pages
// per second; the bar is 0.9. crawl/bare-cpu is the same of processor time,
// which other work on the machine disturbs less.
func BenchmarkCrawl(b *testing.B) {
	pack, err := config.Default()
	must(b, err)
	pack.Outlets = nil
	var allow []string
	for i := range benchPapers {
		s := kiosk(b, i)
		host := strings.TrimPrefix(s.URL, "http://")
		allow = append(allow, host)
		pack.Outlets = append(pack.Outlets, config.Outlet{ID: fmt.Sprintf("bao-%d", i), Name: fmt.Sprintf("Báo %d", i), Level: "central", Kind: "press",
			Domains: []config.Domain{{Host: "127.0.0.1"}}, Feeds: []config.Source{{URL: s.URL + "/rss"}}, On: true})
	}
	rules, err := pipeline.Compile(pack)
	must(b, err)
	b.Logf("a page has %d bytes", len(heavy(1, 1)))
	var bare, crawl, shares, cpu []float64
	const pages = benchPapers * benchPages
	for b.Loop() { // side by side, for machines have moods
		slow, fast := crawled(b, pack, rules, allow), barePool(b, allow, rules)
		bare, crawl = append(bare, pages/fast.wall.Seconds()), append(crawl, pages/slow.wall.Seconds())
		shares, cpu = append(shares, fast.wall.Seconds()/slow.wall.Seconds()), append(cpu, fast.cpu.Seconds()/slow.cpu.Seconds())
	}
	b.ReportMetric(median(bare), "bare-pages/s")
	b.ReportMetric(median(crawl), "crawl-pages/s")
	b.ReportMetric(median(shares), "crawl/bare")
	b.ReportMetric(median(cpu), "crawl/bare-cpu")
}

// spent is what a round took: time on the wall, and of the processors.
type spent struct{ wall, cpu time.Duration }

func stopwatch() (stop func() spent) {
	start, cpu := time.Now(), processor()
	return func() spent { return spent{time.Since(start), processor() - cpu} }
}

// processor is the time this process has had of the processors.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// barePool asks for all pages with plain net/http and extracts them.
func barePool(b *testing.B, hosts []string, rules *pipeline.Rules) spent {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer client.CloseIdleConnections()
	now, stop := time.Now(), stopwatch()
	var all sync.WaitGroup
	for _, host := range hosts {
		all.Go(func() {
			for n := range benchPages {
				url := fmt.Sprintf("http://%s/bai/%d", host, n)
				resp, err := client.Get(url)
				if err != nil {
					b.Error(err)
					return
				}
				raw, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil {
					b.Error(err)
					return
				}
				text, charset := vi.Decode(raw, "")
				page := news.Page{URL: url, Final: url, Status: 200, Raw: raw, Body: text, Charset: charset, At: now}
				if _, err := rules.Extract(page, now); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return stop()
}

// crawled gathers all pages into a new archive.
func crawled(b *testing.B, pack config.Pack, rules *pipeline.Rules, allow []string) spent {
	b.Helper()
	archive, err := store.Open(b.Context(), store.Options{Dir: b.TempDir()})
	must(b, err)
	defer archive.Close()
	p := &pipeline.Pipeline{Store: archive, Now: time.Now, Log: quiet}
	p.Use(rules)
	p.Fetch, err = fetch.New(fetch.Config{Contact: "mailto:thu@bhxh.example", Pace: -1, Allow: allow})
	must(b, err)
	defer p.Fetch.Close()
	stop := stopwatch()
	var all sync.WaitGroup
	for _, o := range pack.Outlets {
		all.Go(func() {
			g, err := p.Gather(b.Context(), o)
			if err != nil || g.Articles != benchPages {
				b.Errorf("%s: %+v, %v", o.ID, g, err)
			}
		})
	}
	all.Wait()
	return stop()
}
