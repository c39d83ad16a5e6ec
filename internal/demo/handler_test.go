package demo

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/vi"
)

// at is a moment of the week: "08 09:30".
func at(t testing.TB, s string) time.Time {
	t.Helper()
	m, err := moment(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// reader is a client of the press at one moment; it does not follow redirects.
type reader struct {
	t      testing.TB
	client http.Client
}

func readAt(t testing.TB, p *Press, now time.Time) reader {
	return reader{t, http.Client{
		Transport:     p.RoundTripper(func() time.Time { return now }),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (r reader) get(address string, headers ...string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(body)
}

func TestEveryPaperAnswersOverTheNetwork(t *testing.T) {
	p := open(t)
	s := httptest.NewServer(p.Handler(p.End))
	defer s.Close()
	for _, paper := range p.Papers() {
		for _, path := range []string{"/", "/trinh-bay.css", "/anh.svg", paper.articles[0].Path} {
			req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = paper.Host + ":8080"
			resp, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK || len(body) < 100 {
				t.Errorf("%s%s answers %s with %d bytes, %v", paper.Host, path, resp.Status, len(body), err)
			}
		}
	}
	resp, err := s.Client().Get(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), "Sạp báo trình diễn") {
		t.Errorf("an unknown host gets no newsstand: %v, %.80s", err, body)
	}
}

// What is announced by Friday noon is what was published by then, and what is
// announced can be read unless the press says otherwise.
func TestSourcesGrowWithTheClock(t *testing.T) {
	p := open(t)
	for _, paper := range p.Papers() {
		before := 0
		for _, now := range []string{"06 00:00", "06 19:00", "09 11:00"} {
			if !paper.Fails.IsZero() && !paper.Fails.After(at(t, now)) {
				continue
			}
			_, body := readAt(t, p, at(t, now)).get("http://" + paper.Host + paper.SourcePath())
			announced := 0
			for _, a := range paper.articles {
				escaped := strings.ReplaceAll(a.Path, "&", "&amp;")
				if !strings.Contains(body, escaped) && (a.Alias == "" || !strings.Contains(body, strings.ReplaceAll(a.Alias, "&", "&amp;"))) {
					continue
				}
				announced++
				if a.Published().After(at(t, now)) {
					t.Errorf("%s is announced at %s, before it is published", a, now)
				}
			}
			if now == "06 00:00" && announced != 0 || now != "06 00:00" && announced < before+1 {
				t.Errorf("%s announces %d at %s, %d before", paper.ID, announced, now, before)
			}
			before = announced
		}
	}
}

func TestFeedsAndSitemapsAreWellFormed(t *testing.T) {
	p := open(t)
	r := readAt(t, p, at(t, "07 12:00"))
	for _, paper := range p.Papers() {
		if paper.Source == "listing" {
			continue
		}
		_, body := r.get("http://" + paper.Host + ":4000" + paper.SourcePath())
		d := xml.NewDecoder(strings.NewReader(body))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", paper.ID, err)
			}
		}
		if !strings.Contains(body, "http://"+paper.Host+":4000/") {
			t.Errorf("%s announces addresses without the port it was asked at", paper.ID)
		}
	}
	_, body := r.get("http://gio-dai-ngan.localhost/rss/tin-moi.rss")
	if !strings.Contains(body, "Tue, 07 Jul 2026 10:05:00 GMT+7") {
		t.Error("Gió Đại Ngàn does not write its dates as GMT+7")
	}
}

// Every readable page holds its whole text, in its encoding, and says it is
// invented.
func TestPagesHoldTheirTexts(t *testing.T) {
	p := open(t)
	r := readAt(t, p, p.End().Add(-time.Minute))
	for _, a := range p.Articles() {
		if a.Kept == "gate" || !a.Gone.IsZero() {
			continue
		}
		resp, raw := r.get(p.URL(a, 80))
		text, charset := vi.Decode([]byte(raw), "")
		if want := orUTF8(a.Charset); charset != want {
			t.Errorf("%s is read as %s, want %s", a, charset, want)
		}
		if a.Charset != "" && resp.Header.Get("Content-Type") != "text/html" {
			t.Errorf("%s tells its charset in the header, as old servers do not", a)
		}
		text = unescape.Replace(text)
		v := a.Versions[len(a.Versions)-1]
		for _, want := range append([]string{v.Title, v.Lead, v.Author, "Báo hư cấu"}, v.Paragraphs...) {
			want = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(want, "[Ảnh: "), "## "), "]")
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", a, want)
			}
		}
	}
}

func orUTF8(charset string) string {
	if charset == "" {
		return "utf-8"
	}
	return charset
}

var unescape = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&")

func TestEditIsSeen(t *testing.T) {
	p := open(t)
	a := p.find("bo-lam/nguoi-benh-bhyt-bi-tu-choi-phu-lam")
	_, before := readAt(t, p, at(t, "08 11:39")).get(p.URL(a, 80))
	_, after := readAt(t, p, at(t, "08 11:40")).get(p.URL(a, 80))
	if !strings.Contains(before, "khoảng 200 người bệnh") || strings.Contains(before, "1.200") {
		t.Error("the first text is not shown before the edit")
	}
	if !strings.Contains(after, "hơn 1.200 người bệnh") {
		t.Error("the edited text is not shown after the edit")
	}
}

func TestFaults(t *testing.T) {
	p := open(t)
	r := readAt(t, p, at(t, "10 12:00"))

	gated := p.find("mui-duoc/luong-huu-ca-mau")
	if _, body := r.get(p.URL(gated, 80)); len(body) != 177 || !strings.Contains(body, "D1N=") {
		t.Errorf("the gate answers %d bytes, want the script of 177: %s", len(body), body)
	}
	if _, body := r.get(p.URL(gated, 80), "Cookie", "D1N=1"); !strings.Contains(body, gated.Versions[0].Title) {
		t.Error("a browser with the cookie does not pass the gate")
	}

	gone := p.find("tin-som/phu-lam-ngay-hai-tong-hop")
	for _, address := range []string{p.URL(gone, 80), "http://thoi-bao-song-hong.localhost/khong/co-bai-nay.htm"} {
		resp, _ := r.get(address)
		if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/404.html" {
			t.Errorf("%s answers %s to %q, want a soft 404", address, resp.Status, resp.Header.Get("Location"))
		}
	}
	if resp, body := r.get("http://tin-som.localhost/404.html"); resp.StatusCode != http.StatusOK || !strings.Contains(body, "Không tìm thấy trang") {
		t.Errorf("the soft 404's page answers %s", resp.Status)
	}
	if resp, _ := r.get("http://bo-lam.localhost/2026/07/khong-co/"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an honest paper answers %s for a page it never had", resp.Status)
	}

	if resp, _ := r.get("http://lua-tro.localhost/rss/tin-moi.rss"); resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("the dead feed answers %s, want 500", resp.Status)
	}
	if resp, _ := r.get("http://tin-som.localhost/rss/tin-moi.rss"); !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Error("the broken feed is not HTML")
	}
	if _, body := r.get("http://an-sinh-bon-mua.localhost/robots.txt"); !strings.Contains(body, "Crawl-delay: 1") {
		t.Error("the magazine asks for no Crawl-delay")
	}
	if hidden := p.find("an-sinh-bon-mua/noi-bo-ke-hoach-xuat-ban"); hidden.Kept != "robots" {
		t.Error("robots.txt hides no page")
	}
}

// A portal's page is one page under all its addresses.
func TestPortalPagesHaveManyAddresses(t *testing.T) {
	p := open(t)
	a := p.find("cong-bhxh/lich-chi-tra-thang-7")
	item, err := url.Parse(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	id := item.Query().Get("ItemID")
	r := readAt(t, p, p.End())
	for _, path := range []string{a.Path, a.Alias, "/tintuc/Pages/tin.aspx?ItemID=" + id, "/TinTuc/pages/TIN.aspx?OtItem=date&ItemID=" + id + "&CateID=169"} {
		if _, body := r.get("http://cong-bhxh.localhost" + path); !strings.Contains(body, a.Versions[0].Title) {
			t.Errorf("%s is not the page", path)
		}
	}
	_, list := r.get("http://cong-bhxh.localhost/tintuc/Pages/danh-sach.aspx")
	if !strings.Contains(list, "CateID=0&amp;ItemID=") || !strings.Contains(list, "CateID=169&amp;ItemID=") || !strings.Contains(list, "&amp;CateID=169") {
		t.Error("the portal links its pages in one order only")
	}
}

func TestUnchangedAnswersAreShort(t *testing.T) {
	p := open(t)
	r := readAt(t, p, at(t, "07 12:00"))
	const feed = "http://thoi-bao-song-hong.localhost/rss/tin-moi.rss"
	resp, _ := r.get(feed)
	again, body := r.get(feed, "If-None-Match", resp.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("a second asking gets %s and %d bytes, want 304", again.Status, len(body))
	}
	later, _ := readAt(t, p, at(t, "08 12:00")).get(feed, "If-None-Match", resp.Header.Get("ETag"))
	if later.StatusCode != http.StatusOK {
		t.Errorf("a day later the feed answers %s, want 200", later.Status)
	}
}

// The overlay is configuration that the strict reader takes, on the real pack.
func TestOverlayIsConfiguration(t *testing.T) {
	p := open(t)
	real, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Overlay(4711, "du-lieu/mail", real.Outlets)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "demo.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	pack, err := config.Load(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r := readAt(t, p, at(t, "06 12:00"))
	on := 0
	for _, o := range pack.Outlets {
		if !o.On {
			continue
		}
		on++
		for _, s := range append(append(o.Feeds, o.Sitemaps...), o.Listings...) {
			if !strings.Contains(s.URL, ".localhost:4711/") {
				t.Errorf("%s would ask %s, outside the demo", o.ID, s.URL)
				continue
			}
			if resp, _ := r.get(s.URL); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %s answers %s", o.ID, s.URL, resp.Status)
			}
		}
	}
	if on != len(p.Papers()) {
		t.Errorf("%d outlets are on, want the %d of the demo", on, len(p.Papers()))
	}
	if pack.Site.Contact == "" || pack.Site.Mail.Folder != "du-lieu/mail" || len(pack.Site.Fetch.Allow) != 1 {
		t.Errorf("the site is not set up: %+v", pack.Site)
	}
}

func TestClockPlaysTheWeekInAMinute(t *testing.T) {
	p := open(t)
	c := Clock{Start: p.Start(), Speed: 10080}
	if end := c.after(time.Minute); !end.Equal(p.End()) {
		t.Errorf("after a minute it is %s, want %s", end, p.End())
	}
	now := c.Run()
	if first := now(); first.Before(p.Start()) || now().Before(first) {
		t.Errorf("the clock starts at %s and runs backwards", first)
	}
}

func BenchmarkPage(b *testing.B) {
	p := open(b)
	a := p.find("song-hong/tang-luong-huu-8-phan-tram")
	r := readAt(b, p, p.End())
	for b.Loop() {
		r.get(p.URL(a, 80))
	}
}
