package discover

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// A channel of films as YouTube publishes it: Atom, the words in media:group.
const channel = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCmau"/>
 <id>yt:channel:UCmau</id><yt:channelId>UCmau</yt:channelId><title>Đài Mẫu</title>
 <entry>
  <id>yt:video:AbC_123-xyz</id><yt:videoId>AbC_123-xyz</yt:videoId><yt:channelId>UCmau</yt:channelId>
  <title>Thẻ bảo hiểm y tế điện tử: hỏi và đáp</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=AbC_123-xyz"/>
  <author><name>Đài Mẫu</name></author>
  <published>2026-03-06T23:30:11+00:00</published><updated>2026-03-07T02:00:00+00:00</updated>
  <media:group>
   <media:title>Thẻ bảo hiểm y tế điện tử: hỏi và đáp</media:title>
   <media:thumbnail url="https://i.ytimg.com/vi/AbC_123-xyz/hqdefault.jpg" width="480" height="360"/>
   <media:description>Bảo hiểm xã hội trả lời khán giả về thẻ điện tử.</media:description>
  </media:group>
 </entry>
</feed>`

func TestFilmChannel(t *testing.T) {
	const source = "https://www.youtube.com/feeds/videos.xml?channel_id=UCmau"
	found, err := Feed(news.Page{URL: source, Final: source, Body: channel}, "dai-mau", time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	want := []news.Link{{
		URL: "https://www.youtube.com/watch?v=AbC_123-xyz", Outlet: "dai-mau", Source: source, Title: "Thẻ bảo hiểm y tế điện tử: hỏi và đáp",
		Lead: "Bảo hiểm xã hội trả lời khán giả về thẻ điện tử.", Published: time.Date(2026, 3, 6, 23, 30, 11, 0, time.UTC),
		DateFrom: `feed published "2026-03-06T23:30:11+00:00"`,
	}}
	if d := cmp.Diff(want, found.Links, cmp.Comparer(time.Time.Equal)); d != "" {
		t.Error(d)
	}
}
