package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/store"
)

var next = regexp.MustCompile(`rel="next" href="([^"]+)"`)

// Page after page by the links gives every article once, in order.
func TestPagesFollowCursors(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.many(45)
	seen := map[string]int{}
	address := query("lương hưu", "sort", "newest")
	for range 3 {
		page := p.page(address)
		for _, m := range regexp.MustCompile(`tin số (\d+)`).FindAllStringSubmatch(regexp.MustCompile(`</?mark>`).ReplaceAllString(page, ""), -1) {
			seen[m[1]]++
		}
		if m := next.FindStringSubmatch(page); m != nil {
			address = html.UnescapeString(m[1])
		}
	}
	if len(seen) != 45 {
		t.Errorf("three pages show %d of 45 articles", len(seen))
	}
	if !strings.Contains(address, "after=") {
		t.Errorf("the next page has no cursor: %s", address)
	}
}

func TestCopiesApart(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	page := p.page(query("thẻ bảo hiểm", "fold", "no"))
	shows(t, page, "2 lượt đăng", "1 tin gốc", `name="fold" value="no"`)
	if n := strings.Count(page, `<h3><a href="/article/`); n != 2 {
		t.Errorf("%d articles are listed, want each publication", n)
	}
}

func TestOverTimeShowsWhatWasNotSeen(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(30)
	must(t, p.store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutGap(t.Context(), store.Gap{ID: "g", Outlet: "doi-moi", From: now.Add(-30 * time.Hour), To: now.Add(-20 * time.Hour), State: "dead", Evidence: "không trả lời"})
	}))
	p.wire()
	page := p.page(query("lương OR thẻ"))
	shows(t, page, "Theo thời gian", `class="lost"`, "gạch chéo: 1 báo có lúc không theo dõi được", "Gạch chéo là phần thời gian", "15/07/2026: ")
	hides(t, p.page(query("lương OR thẻ", "outlet", "song-xanh")), `class="lost"`)
	shows(t, p.page(query("lương OR thẻ", "by", "week")), "13/07/2026–19/07/2026: 32 lượt đăng, 31 tin gốc", `by=week`)
	hides(t, page, "NaN", "+Inf")
}

func TestSimilarArticles(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.wire()
	body := "Bệnh viện huyện Suối Đá tạm ngừng nhận thẻ bảo hiểm y tế vì máy chủ hỏng từ đêm Chủ nhật."
	id := p.publish(item{path: "mot", title: "Bệnh viện Suối Đá từ chối thẻ", body: body})
	p.publish(item{path: "hai", outlet: "doi-moi", title: "Suối Đá nhận lại thẻ bảo hiểm y tế", body: body + " Nay đã sửa xong."}, item{path: "ba", title: "Lương hưu tăng", body: "Chuyện khác hẳn."})
	page := p.page("/article/" + id)
	shows(t, page, "Bài gần giống", "Suối Đá nhận lại thẻ bảo hiểm y tế")
	hides(t, page, "Lương hưu tăng")
}

func TestFilesAndFeeds(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(60)
	hides(t, p.page(query("thẻ")), "/search.csv")
	if res := p.get("/search.csv?q=x"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a house without files answers %s", res.Status)
	}
	p.wire()
	for _, format := range append(append([]string{}, export.Formats...), export.Feeds...) {
		res := p.get("/search." + format + "?q=luong+huu")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != export.Types[format] || len(text(t, res)) < 1000 {
			t.Errorf("%s: %s, %v", format, res.Status, res.Header)
		}
		if res := p.get("/search." + format + "?q=((" + ""); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s of a broken query: %s", format, res.Status)
		}
	}
	res := p.get("/search.csv?q=luong+huu&not.level=local")
	if body := text(t, res); strings.Count(body, "\r\n") != 60+1+9 || !strings.Contains(body, "# cấp,trừ Địa phương\r\n") {
		t.Errorf("the file is\n%.900s", body)
	}
	feed := "/search.atom?q=luong+huu"
	res = p.get(feed)
	if n := strings.Count(text(t, res), "<entry>"); n != FeedSize {
		t.Errorf("the feed has %d articles", n)
	}
	tag := res.Header.Get("ETag")
	again := p.get(feed, func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
	if body := text(t, again); again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("who has the feed already gets %s and %d bytes", again.Status, len(body))
	}
	p.publish(item{path: "moi", title: "Lương hưu: tin vừa đăng", age: time.Minute})
	again = p.get(feed, func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
	if again.StatusCode != 200 || !strings.Contains(text(t, again), "tin vừa đăng") {
		t.Errorf("the new article is not in the feed: %s", again.Status)
	}
}

// A reader that asks again costs no search while nothing came into the
// archive, and gets no feed again while nothing came for it.
func TestFeedsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.many(3)
	p.wire()
	state, asked := "1", 0
	answer := p.options.Answer
	p.options.State = func(context.Context) (string, error) { return state, nil }
	p.options.Answer = func(ctx context.Context, q index.Query, limit int) (export.Answer, error) {
		asked++
		return answer(ctx, q, limit)
	}
	p.web = New(p.options)
	tag := p.get("/search.rss?q=luong+huu").Header.Get("ETag")
	poll := func(address string, status, searches int) {
		t.Helper()
		asked = 0
		res := p.get(address, func(r *http.Request) { r.Header.Set("If-None-Match", tag) })
		if body := text(t, res); res.StatusCode != status || asked != searches || (status == http.StatusNotModified) != (body == "") {
			t.Errorf("%s with state %s: %s after %d searches, %d bytes; want %d after %d", address, state, res.Status, asked, len(body), status, searches)
		}
		if status == http.StatusNotModified {
			tag = res.Header.Get("ETag")
		}
	}
	poll("/search.rss?q=luong+huu", http.StatusNotModified, 0)
	poll("/search.rss?q=luong", http.StatusOK, 1) // another search is another feed
	state = "2"
	poll("/search.rss?q=luong+huu", http.StatusNotModified, 1) // what came is not for this feed
	poll("/search.rss?q=luong+huu", http.StatusNotModified, 0) // and that is known now
	p.publish(item{path: "moi", title: "Lương hưu: tin vừa đăng", age: time.Minute})
	state = "3"
	poll("/search.rss?q=luong+huu", http.StatusOK, 1)
}

// post sends a form as our own page would.
func (p *press) post(address string, form url.Values, change ...func(*http.Request)) *http.Response {
	p.t.Helper()
	return p.get(address, append([]func(*http.Request){func(r *http.Request) {
		r.Method, r.PostForm = "POST", form
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}}, change...)...)
}

func TestSearchesAreSaved(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.crisis()
	p.many(30)
	p.wire()
	shows(t, p.page("/searches"), "Chưa lưu câu tìm nào")
	found := p.page(query("lương hưu", "level", "central", "from", "7d"))
	link := regexp.MustCompile(`class="save" href="([^"]+)"`).FindStringSubmatch(found)
	if link == nil {
		t.Fatalf("no way to save:\n%s", main(found))
	}
	form := p.page(html.UnescapeString(link[1]))
	shows(t, form, "khoảng 8 lượt đăng, 8 tin gốc mỗi tuần", `method="post"`, "Trung ương", "7d")
	state := regexp.MustCompile(`name="query" value="([^"]+)"`).FindStringSubmatch(form)[1]
	values := url.Values{"name": {"Lương hưu <b>"}, "owner": {"Lan"}, "shared": {"yes"}, "query": {html.UnescapeString(state)}}
	if res := p.post("/searches", values, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's page may save: %s", res.Status)
	}
	if res := p.post("/searches", values); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/searches" {
		t.Fatalf("saving gave %s: %s", res.Status, text(t, res))
	}
	if res := p.post("/searches", values); res.StatusCode != http.StatusConflict {
		t.Errorf("the same name twice gave %s", res.Status)
	}
	list := p.page("/searches")
	shows(t, list, "Lương hưu &lt;b&gt;", "lương hưu · cấp: Trung ương · Từ ngày: 7d", "Lan", "dùng chung")
	hides(t, list, "Lương hưu <b>")
	at := regexp.MustCompile(`/searches/[0-9a-f]+`).FindString(list)
	res := p.get(at)
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != "/?from=7d&level=central&q=l%C6%B0%C6%A1ng+h%C6%B0u" {
		t.Errorf("a saved search leads to %s", res.Header.Get("Location"))
	}
	shows(t, p.page(at+"/rss"), "30 lượt đăng, 30 tin gốc")
	for _, bad := range []url.Values{{"name": {" "}, "query": {"q=x"}}, {"name": {"x"}, "query": {"lang=en"}}, {"name": {strings.Repeat("a", 101)}, "query": {"q=x"}}} {
		if res := p.post("/searches", bad); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%v is saved: %s", bad, res.Status)
		}
	}
	edit := p.page(at + "/edit")
	shows(t, edit, "Tên bạn (câu tìm này của Lan)", `value="lương hưu"`, "Trung ương", "chưa có đăng nhập")
	change := url.Values{"name": {"Lương hưu"}, "q": {"lương hưu -thẻ"}, "who": {"Minh"}}
	for _, address := range []string{at, at + "/remove"} {
		if res := p.post(address, change); res.StatusCode != http.StatusForbidden {
			t.Errorf("another than the owner may do %s: %s", address, res.Status)
		}
	}
	change.Set("who", "lan ")
	if res := p.post(at, change); res.StatusCode != http.StatusSeeOther {
		t.Errorf("changing gave %s: %s", res.Status, text(t, res))
	}
	shows(t, p.page("/searches"), "lương hưu -thẻ · cấp: Trung ương · Từ ngày: 7d", "riêng")
	if res := p.get(at); res.Header.Get("Location") != "/?from=7d&level=central&q=l%C6%B0%C6%A1ng+h%C6%B0u+-th%E1%BA%BB" {
		t.Errorf("the changed search leads to %s", res.Header.Get("Location"))
	}
	if res := p.post(at+"/remove", url.Values{"who": {"Lan"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("removing gave %s", res.Status)
	}
	if res := p.get(at); res.StatusCode != http.StatusNotFound {
		t.Errorf("what was removed is there: %s", res.Status)
	}
}

func TestNothingIsSavedWhereOnlyReading(t *testing.T) {
	t.Parallel()
	p := open(t, func(o *Options) { o.ReadOnly = func() bool { return true } })
	p.many(1)
	hides(t, p.page(query("lương")), "/searches/new")
}

// An address that is read and written again asks the same.
func TestStateIsWhole(t *testing.T) {
	some := func(list ...string) *rapid.Generator[string] { return rapid.SampledFrom(list) }
	rapid.Check(t, func(t *rapid.T) {
		values := url.Values{}
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			name := some(append([]string{"q", "from", "to", "sort", "fold", "by", "not.topic", "page", "after", "lang"}, filters...)...).Draw(t, "name")
			values.Add(name, some("", "a", "a|b", "no", "week", "newest", "2026-07-01", "7d", "05/08/2026", "tuần này", "tháng 7/2026", "2", "&=%", `"x y"`).Draw(t, "value"))
		}
		state := State(values, now)
		back, err := url.ParseQuery(state)
		if err != nil {
			t.Fatal(err)
		}
		if again := State(back, now); again != state {
			t.Fatalf("%q is read as %q", state, again)
		}
		values.Del("page")
		values.Del("after")
		was, _ := Query(onlyGood(values), "vi", now)
		is, err := Query(back, "vi", now)
		if err != nil {
			t.Fatalf("%q: %v", state, err)
		}
		if d := cmp.Diff(was, is); d != "" {
			t.Fatalf("%q asks something else: %s", state, d)
		}
	})
}

// onlyGood leaves out dates that cannot be read, as the page does.
func onlyGood(values url.Values) url.Values {
	for _, b := range ask(values, now).bad {
		values.Del(b.name)
	}
	return values
}
