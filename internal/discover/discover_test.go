package discover

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
https://songxanh.vn/y-te/benh-vien.htm | Bệnh viện huyện thêm bàn khám |  | 2026-03-07 07:30 | feed pubDate "2026-03-07T07:30:00+07:00"
`)
	if found.Lost != 1 || found.Damage != "" {
		t.Errorf("lost %d, damage %q", found.Lost, found.Damage)
	}
	if l := found.Links[0]; l.Outlet != "song-xanh" || l.Source != "https://songxanh.vn/rss/xa-hoi.rss" {
		t.Errorf("outlet %q, source %q", l.Outlet, l.Source)
	}
}
