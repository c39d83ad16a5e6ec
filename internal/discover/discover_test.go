package discover

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/when"
)

var now = time.Date(2026, 3, 7, 18, 0, 0, 0, when.VN)

func page(url, body string) news.Page {
	return news.Page{URL: url, Final: url, Status: 200, Body: body}
}

// show writes links the way the tests compare them.
func show(links []news.Link) string {
	var b strings.Builder
	for _, l := range links {
		at := "-"
		if !l.Published.IsZero() {
			at = l.Published.In(when.VN).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s\n", l.URL, l.Title, l.Lead, at, l.DateFrom)
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

const rss = `<?xml version="1.0" encoding="windows-1258"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Báo Sông Xanh</title><link>https://songxanh.vn/</link>
<item>
  <title>Quỹ &amp;amp; người lao động: mức đóng &lt;b&gt;mới&lt;/b&gt; từ tháng bảy</title>
  <link> https://songxanh.vn/xa-hoi/quy-va-nguoi-lao-dong-20260307080153.htm#rss </link>
  <description><![CDATA[<a href="https://songxanh.vn/x"><img src="a.jpg" /></a>Người lao động &amp; chủ xưởng cùng tính lại mức đóng.]]></description>
  <pubDate>Sat, 07 Mar 2026 08:01:53 GMT+7</pubDate>
</item>
<item>
  <title><![CDATA[Lương < 5 triệu vẫn đủ điều kiện]]></title>
  <link>/xa-hoi/luong-duoi-5-trieu.htm</link>
  <pubDate>3/7/2026 9:15:00 AM</pubDate>
</item>
<item>
  <title>Bệnh viện huyện thêm bàn khám</title>
  <guid isPermaLink="true">https://songxanh.vn/y-te/benh-vien.htm</guid>
  <dc:date>2026-03-07T07:30:00+07:00</dc:date>
</item>
<item><title>Không có địa chỉ</title></item>
<item><title>Lặp lại</title><link>/xa-hoi/luong-duoi-5-trieu.htm</link></item>
</channel></rss>`

func TestFeed(t *testing.T) {
	found, err := Feed(page("https://songxanh.vn/rss/xa-hoi.rss", rss), "song-xanh", now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, show(found.Links), `
https://songxanh.vn/xa-hoi/quy-va-nguoi-lao-dong-20260307080153.htm | Quỹ & người lao động: mức đóng mới từ tháng bảy | Người lao động & chủ xưởng cùng tính lại mức đóng. | 2026-03-07 08:01 | feed pubDate "Sat, 07 Mar 2026 08:01:53 GMT+7"
https://songxanh.vn/xa-hoi/luong-duoi-5-trieu.htm | Lương < 5 triệu vẫn đủ điều kiện |  | - | 
https://songxanh.vn/y-te/benh-vien.htm | Bệnh viện huyện thêm bàn khám |  | 2026-03-07 07:30 | feed dc:date "2026-03-07T07:30:00+07:00"
`)
	if found.Lost != 1 || found.Damage != "" {
		t.Errorf("lost %d, damage %q", found.Lost, found.Damage)
	}
	if l := found.Links[0]; l.Outlet != "song-xanh" || l.Source != "https://songxanh.vn/rss/xa-hoi.rss" {
		t.Errorf("outlet %q, source %q", l.Outlet, l.Source)
	}
}

func TestFeedKinds(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"atom": {`<?xml version="1.1"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>
			<entry><title type="html">Trạm y tế &amp;lt;Bờ Nam&amp;gt; mở lại</title><link rel="alternate" href="/a1"/><updated>2026-03-07T05:00:00Z</updated><summary>Ngắn</summary></entry></feed>`,
			`https://bao.example/a1 | Trạm y tế mở lại | Ngắn | 2026-03-07 12:00 | feed updated "2026-03-07T05:00:00Z"`},
		"json": {`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","url":"https://bao.example/j1","title":"Tin JSON","summary":"Lời dẫn","date_published":"2026-03-07T08:00:00+07:07"}]}`,
			`https://bao.example/j1 | Tin JSON | Lời dẫn | 2026-03-07 08:00 | feed date_published "2026-03-07T08:00:00+07:07"`},
		"rdf": {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>
			<item><title>Tin RDF</title><link>https://bao.example/r1</link><dc:date>2026-03-06</dc:date></item></rdf:RDF>`,
			`https://bao.example/r1 | Tin RDF |  | 2026-03-06 00:00 | feed dc:date "2026-03-06"`},
		"sloppy": {`<rss><channel><item><title>Hỏi & đáp&nbsp;số 1 &hellip; <b>tiếp</b></title><link>https://bao.example/tin.aspx?a=1&b=2</link><description>A&B &lt;p&gt;Xin chào&lt;/p&gt;</description><pubDate>07/03/2026 08:00</pubDate></item></rss>`,
			`https://bao.example/tin.aspx?a=1&b=2 | Hỏi & đáp số 1 … tiếp | A&B Xin chào | 2026-03-07 08:00 | feed pubDate "07/03/2026 08:00"`},
		"empty":       {`<rss version="2.0"><channel><title>x</title></channel></rss>`, ``},
		"year 1246":   {`<rss><channel><item><link>/a</link><title>Cổ</title><pubDate>Mon, 05 Mar 1246 08:00:00 +0700</pubDate></item></channel></rss>`, `https://bao.example/a | Cổ |  | - | `},
		"year 2099":   {`<rss><channel><item><link>/a</link><title>Mai sau</title><pubDate>Thu, 05 Mar 2099 08:00:00 +0700</pubDate></item></channel></rss>`, `https://bao.example/a | Mai sau |  | - | `},
		"no web link": {`<rss><channel><item><link>javascript:alert(1)</link><title>x</title></item><item><link>ftp://a/b</link><title>y</title></item></channel></rss>`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Feed(page("https://bao.example/rss", c.body), "bao", now)
			if err != nil {
				t.Fatal(err)
			}
			same(t, show(found.Links), c.want)
		})
	}
}

func TestBrokenFeedIsSavedItemByItem(t *testing.T) {
	cut := rss[:strings.Index(rss, "Bệnh viện huyện")+8] // in the middle of the third item
	bad := strings.Replace(rss, "<item><title>Không", "<item><title><![CDATA[Không", 1)
	for name, c := range map[string]struct {
		body        string
		links, lost int
	}{"cut off": {cut, 2, 1}, "one item broken": {bad, 3, 1}} {
		t.Run(name, func(t *testing.T) {
			found, err := Feed(page("https://songxanh.vn/rss", c.body), "song-xanh", now)
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Links) != c.links || found.Lost != c.lost || !strings.Contains(found.Damage, "broken") {
				t.Errorf("%d links, %d lost, damage %q\n%s", len(found.Links), found.Lost, found.Damage, show(found.Links))
			}
			if found.Links[0].Published.IsZero() {
				t.Error("the first item lost its date")
			}
		})
	}
}

func TestWhatIsNoFeedIsNamed(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rss><channel><item><title>&lol2;</title></item></channel></rss>`
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"a page":           {"<!DOCTYPE html><html><body>Xin chào</body></html>", ErrHTML},
		"a page in XML":    {"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", ErrHTML},
		"a cookie gate":    {"<html><body><script>document.cookie='D1N=1';location.reload()</script></body></html>", ErrHTML},
		"entities":         {bomb, ErrEntities},
		"bottomless":       {"<rss><channel>" + strings.Repeat("<a>", 200000), ErrDeep},
		"bottomless JSON":  {`{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 5<<20), ErrUnknown},
		"endless items":    {"<rss><channel>" + strings.Repeat("<item>", 200), nil},
		"many open items":  {"<rss><channel><x" + strings.Repeat("<item ", 1<<20), ErrUnknown},
		"nothing":          {" \n", ErrUnknown},
		"words":            {"Xin chào", ErrUnknown},
		"another XML":      {"<cars><car/></cars>", ErrUnknown},
		"JSON of no feed":  {`{"a":1}`, nil},
		"broken JSON feed": {`{"version":"https://jsonfeed.org/version/1","items":[`, ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if found, err := Feed(page("https://bao.example/rss", c.body), "bao", now); !errors.Is(err, c.want) || len(found.Links) > 0 {
				t.Errorf("Feed: %v, want %v", err, c.want)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
			if c.want == ErrHTML || c.want == ErrEntities || c.want == ErrDeep {
				if _, err := Sitemap(page("https://bao.example/sitemap.xml", c.body), "bao", now); !errors.Is(err, c.want) {
					t.Errorf("Sitemap: %v, want %v", err, c.want)
				}
			}
		})
	}
}

func TestSitemap(t *testing.T) {
	body := `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://bao.example/a-1.htm </loc><lastmod>2026-03-07T10:00:00+07:00</lastmod>
 <news:news><news:publication><news:name>Báo</news:name></news:publication><news:publication_date>2026-03-07T09:30:00+07:00</news:publication_date><news:title>Mở lớp tập huấn &amp;quot;số hoá&amp;quot;</news:title></news:news>
 <image:image><image:loc>https://bao.example/a.jpg</image:loc><image:title>Ảnh</image:title></image:image></url>
<url><loc><![CDATA[https://bao.example/a-2.htm?x=1&y=2]]></loc><lastmod>2026-03-06</lastmod></url>
<url><loc>https://bao.example/a-1.htm</loc></url>
<url><loc>mailto:x@y.vn</loc></url>
</urlset>`
	found, err := Sitemap(page("https://bao.example/sitemap-news.xml", body), "bao", now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, show(found.Links), `
https://bao.example/a-1.htm | Mở lớp tập huấn "số hoá" |  | 2026-03-07 09:30 | sitemap news:publication_date "2026-03-07T09:30:00+07:00"
https://bao.example/a-2.htm?x=1&y=2 |  |  | 2026-03-06 00:00 | sitemap lastmod "2026-03-06"
`)
	if found.Lost != 1 {
		t.Errorf("lost %d", found.Lost)
	}
	cut, err := Sitemap(page("https://bao.example/s.xml", body[:strings.Index(body, "a-2.htm")]), "bao", now)
	if err != nil || len(cut.Links) != 1 || cut.Damage == "" || cut.Lost != 1 {
		t.Errorf("cut off: %d links, lost %d, damage %q, error %v", len(cut.Links), cut.Lost, cut.Damage, err)
	}
}

func TestSitemapIndexAndOtherForms(t *testing.T) {
	index := `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/s/2026-03.xml.gz</loc><lastmod>2026-03-07</lastmod></sitemap><sitemap><loc>https://bao.example/s/2026-02.xml</loc></sitemap></sitemapindex>`
	found, err := Sitemap(page("https://bao.example/sitemap.xml", index), "bao", now)
	if err != nil || len(found.Links) != 0 || len(found.Sitemaps) != 2 {
		t.Fatalf("%+v, error %v", found, err)
	}
	if c := found.Sitemaps[0]; c.URL != "https://bao.example/s/2026-03.xml.gz" || c.Modified.In(when.VN).Format(time.DateOnly) != "2026-03-07" {
		t.Errorf("child %+v", c)
	}
	for name, c := range map[string]struct {
		body  string
		links int
	}{
		"lines":  {"https://bao.example/a\nhttps://bao.example/b\n", 2},
		"a feed": {rss, 3},
		"empty":  {`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>`, 0},
	} {
		if found, err := Sitemap(page("https://bao.example/s", c.body), "bao", now); err != nil || len(found.Links) != c.links {
			t.Errorf("%s: %d links, error %v", name, len(found.Links), err)
		}
	}
	var many strings.Builder
	many.WriteString("<urlset>")
	for i := range maxLinks + 10 {
		fmt.Fprintf(&many, "<url><loc>https://bao.example/%d</loc></url>", i)
	}
	if found, err := Sitemap(page("https://bao.example/s", many.String()), "bao", now); err != nil || len(found.Links) != maxLinks || found.Damage == "" {
		t.Errorf("endless: %d links, damage %q, error %v", len(found.Links), found.Damage, err)
	}
}

const front = `<html><head><base href="https://bao.example/">
<link rel="alternate" type="application/rss+xml" title="Tin mới" href="rss/tin-moi.rss"><link rel="sitemap" href="/sitemap.xml"><link rel="canonical" href="https://bao.example/"></head><body>
<nav><a href="/">Trang chủ</a><a href="/xa-hoi.htm">Xã hội</a><a href="/giao-duc-nghe-nghiep-va-viec-lam.htm">Việc làm</a><a href="/rss.htm">RSS</a><a href="/rss/y-te.rss">Y tế</a></nav>
<div class="item"><a href="/xa-hoi/xa-nui-don-xe-kham-luu-dong-20260307081500.htm"><img alt="Xã núi đón xe khám lưu động"></a>
 <h3><a href="/xa-hoi/xa-nui-don-xe-kham-luu-dong-20260307081500.htm#c">Xã núi đón xe khám lưu động đầu xuân</a></h3>
 <span class="time">08:15 | 07/03/2026</span><p class="sapo">Hai chiếc xe khám bệnh lưu động đã lên tới bản xa nhất của xã sáng nay.</p></div>
<div class="item"><h3><a href="xa-hoi/to-dan-pho-gop-quy-mua-the-20260306101500.htm">&gt;&gt; Tổ dân phố góp quỹ mua thẻ cho người già</a></h3><span class="time">2026</span></div>
<div class="item"><a href="https://www.bao.example/y-te/benh-vien-doi-gio-lam-viec-20260305070000.htm"><h2>Bệnh viện đổi giờ làm việc từ tuần sau</h2><p>Người bệnh được khám từ sáu giờ rưỡi, sớm hơn trước một giờ.</p></a></div>
<div><a href="/event/mot-su-kien-dang-duoc-ban-luan-8350.htm">Một sự kiện đang được bàn luận nhiều</a></div>
<div><a href="https://quangcao.example/mua-ngay-keo-het-hang-20260307000000.htm">Mua ngay kẻo hết hàng hôm nay nhé</a><a href="javascript:;">Đóng lại cửa sổ quảng cáo này đi</a></div>
</body></html>`

func TestListingLearnsTheShapeOfArticles(t *testing.T) {
	found, err := Listing(page("https://bao.example/index.htm", front), config.Source{}, "bao", now)
	if err != nil {
		t.Fatal(err)
	}
	same(t, show(found.Links), `
https://bao.example/xa-hoi/xa-nui-don-xe-kham-luu-dong-20260307081500.htm | Xã núi đón xe khám lưu động đầu xuân | Hai chiếc xe khám bệnh lưu động đã lên tới bản xa nhất của xã sáng nay. | 2026-03-07 08:15 | listing "08:15 | 07/03/2026"
https://bao.example/xa-hoi/to-dan-pho-gop-quy-mua-the-20260306101500.htm | Tổ dân phố góp quỹ mua thẻ cho người già |  | - | 
https://www.bao.example/y-te/benh-vien-doi-gio-lam-viec-20260305070000.htm | Bệnh viện đổi giờ làm việc từ tuần sau | Người bệnh được khám từ sáu giờ rưỡi, sớm hơn trước một giờ. | - | 
`)
	if found.Shape != "slug-#.htm" {
		t.Errorf("shape %q", found.Shape)
	}
}

func TestListingByRule(t *testing.T) {
	for name, c := range map[string]struct {
		source config.Source
		links  int
		err    string
	}{
		"selector of boxes": {config.Source{Links: "h3"}, 2, ""},
		"selector of links": {config.Source{Links: ".item a"}, 3, ""},
		"path":              {config.Source{Match: `^/y-te/.+-\d{14}\.htm$`}, 1, ""},
		"both":              {config.Source{Links: "h3 a", Match: `gop-quy`}, 1, ""},
		"nothing left":      {config.Source{Links: ".khong-co a"}, 0, "layout may have changed"},
		"bad selector":      {config.Source{Links: "a[["}, 0, "selector"},
		"bad expression":    {config.Source{Match: "(("}, 0, "expression"},
	} {
		found, err := Listing(page("https://bao.example/", front), c.source, "bao", now)
		if len(found.Links) != c.links || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %d links, error %v\n%s", name, len(found.Links), err, show(found.Links))
		}
	}
	if _, err := Listing(page("https://bao.example/", "<p>Bảo trì</p>"), config.Source{}, "bao", now); !errors.Is(err, ErrNoLinks) {
		t.Errorf("a page without links: %v", err)
	}
}

func TestListingOfAPortalKeyedByQuery(t *testing.T) {
	var b strings.Builder
	for i, title := range []string{"Cơ quan thông báo lịch làm việc dịp lễ", "Hội nghị đánh giá công tác quý một", "Tập huấn phần mềm cho cán bộ cơ sở"} {
		fmt.Fprintf(&b, `<li><a href="/tintuc/Pages/tin.aspx?CateID=169&amp;ItemID=%d&amp;OtItem=date">%s</a></li>`, 26000+i, title)
	}
	b.WriteString(`<a href="/Pages/default.aspx">Trang chủ</a><a href="/gioithieu/Pages/co-cau.aspx">Cơ cấu</a>`)
	found, err := Listing(page("https://cong.example/tintuc/Pages/default.aspx", b.String()), config.Source{}, "cong", now)
	if err != nil || len(found.Links) != 3 || found.Links[0].URL != "https://cong.example/tintuc/Pages/tin.aspx?CateID=169&ItemID=26000&OtItem=date" {
		t.Fatalf("error %v\n%s", err, show(found.Links))
	}
}

// TestHugeListings: pages built to make the reading slow end soon all the same.
func TestHugeListings(t *testing.T) {
	link := `<a href="/tin/mot-bai-bao-rat-dai-%d.htm">Một bài báo có tên rất dài số %d</a>`
	var one, many strings.Builder
	for i := range 30000 {
		fmt.Fprintf(&one, link, 10000, i)
		fmt.Fprintf(&many, link, 10000+i, i)
	}
	for name, body := range map[string]string{
		"one article thirty thousand times": one.String(),
		"thirty thousand articles":          "<div>" + strings.Repeat("<i></i>", 300000) + many.String(),
		"bottomless":                        strings.Repeat("<div>", 1<<20) + many.String(),
	} {
		start := time.Now()
		found, err := Listing(page("https://bao.example/", body), config.Source{}, "bao", now)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %s (%d links, error %v)", name, took, len(found.Links), err)
		}
	}
}

func TestAuto(t *testing.T) {
	o, err := Auto(page("https://bao.example/", front))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(o.Feeds, o.Pages, o.Sitemaps, o.Home)
	want := "[{https://bao.example/rss/tin-moi.rss Tin mới} {https://bao.example/rss/y-te.rss Y tế}] [{https://bao.example/rss.htm RSS}] [{https://bao.example/sitemap.xml }]https://bao.example/"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSavedListings counts what is found on saved pages of real papers, where
// they are at hand.
func TestSavedListings(t *testing.T) {
	files, err := filepath.Glob("../../../shared/data/extraction/vi/html/*_list.html.gz")
	if err != nil || len(files) == 0 {
		t.Skip("no saved listing pages beside the repository (../shared/data/extraction/vi)")
	}
	for _, f := range files {
		raw, err := os.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(raw)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(z)
		raw.Close()
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(f), "_")
		tld := ".vn"
		if name == "dantri" {
			tld = ".com.vn"
		}
		found, err := Listing(page("https://"+name+tld+"/", string(body)), config.Source{}, name, now)
		if err != nil || len(found.Links) < 10 {
			t.Errorf("%s: %d links, error %v", name, len(found.Links), err)
		}
		t.Logf("%s: %d links of shape %s", name, len(found.Links), found.Shape)
	}
}

func FuzzFeed(f *testing.F) {
	f.Add(rss)
	f.Add(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a"}]}`)
	f.Add(`<feed><entry><link href="/a"/></entry>`)
	f.Fuzz(func(t *testing.T, body string) {
		found, err := Feed(page("https://bao.example/rss", body), "bao", now)
		check(t, found, err)
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add(`<urlset><url><loc>https://bao.example/a</loc><lastmod>2026-03-07</lastmod></url></urlset>`)
	f.Add("https://bao.example/a\n")
	f.Fuzz(func(t *testing.T, body string) {
		found, err := Sitemap(page("https://bao.example/s", body), "bao", now)
		check(t, found, err)
	})
}

func FuzzListing(f *testing.F) {
	f.Add(front)
	f.Fuzz(func(t *testing.T, body string) {
		found, err := Listing(page("https://bao.example/", body), config.Source{}, "bao", now)
		check(t, found, err)
		if _, err := Auto(page("https://bao.example/", body)); err != nil {
			t.Fatal(err)
		}
	})
}

// check holds what must be true of anything found in any page.
func check(t *testing.T, found Found, err error) {
	if err != nil && len(found.Links) > 0 {
		t.Fatal("links beside an error")
	}
	for _, l := range found.Links {
		if !strings.HasPrefix(l.URL, "http") || l.Outlet != "bao" {
			t.Fatalf("link %+v", l)
		}
		if !utf8.ValidString(l.Title+l.Lead) || utf8.RuneCountInString(l.Title) > maxTitle+1 || strings.ContainsAny(l.Title, "\n\r\t") {
			t.Fatalf("title %q", l.Title)
		}
		if !l.Published.IsZero() && (!when.InBounds(l.Published, now) || l.DateFrom == "") {
			t.Fatalf("date %s from %q", l.Published, l.DateFrom)
		}
	}
}

func BenchmarkFeed(b *testing.B) {
	item := rss[strings.Index(rss, "<item>") : strings.Index(rss, "</item>")+7]
	var body strings.Builder
	body.WriteString(`<rss version="2.0"><channel>`)
	for i := range 50 {
		body.WriteString(strings.Replace(item, "20260307080153", fmt.Sprint(20260307080153+i), 1))
	}
	body.WriteString("</channel></rss>")
	p := page("https://songxanh.vn/rss", body.String())
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		if found, err := Feed(p, "x", now); err != nil || len(found.Links) != 50 {
			b.Fatal(len(found.Links), err)
		}
	}
}

func BenchmarkListing(b *testing.B) {
	item := front[strings.Index(front, `<div class="item">`):strings.Index(front, "</div>")] + "</div>"
	var body strings.Builder
	for i := range 60 {
		body.WriteString(strings.ReplaceAll(item, "20260307081500", fmt.Sprint(20260307081500+i)))
	}
	p := page("https://bao.example/", body.String())
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		if found, err := Listing(p, config.Source{}, "x", now); err != nil || len(found.Links) != 60 {
			b.Fatal(len(found.Links), err)
		}
	}
}
