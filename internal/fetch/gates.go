package fetch

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
)

const (
	scriptGate = 6 << 10  // a page that only sets a cookie and reloads is smaller
	pageGate   = 32 << 10 // a page that only asks for a captcha or a browser check is smaller
	headOfPage = 16 << 10 // within which a page names itself
)

// walls are words that only gates say, with who stands at them. They are
// looked for in pages that hold no article.
var walls = []struct{ words, who string }{
	{"/cdn-cgi/challenge-platform/", "Cloudflare asks for a browser check"},
	{"cf-browser-verification", "Cloudflare asks for a browser check"},
	{"<title>just a moment...</title>", "Cloudflare asks for a browser check"},
	{"<title>attention required! | cloudflare</title>", "Cloudflare refuses us"},
	{"_incapsula_resource", "Imperva asks for a browser check"},
	{"sucuri_cloudproxy_js", "Sucuri asks for a browser check"},
	{"slowaes.decrypt", "a script sets a cookie and reloads"},
	{"ddos-guard", "DDoS-Guard asks for a browser check"},
	{"the requested url was rejected. please consult with your administrator", "a firewall rejects the request"},
	{"<title>access denied</title>", "the site denies access"},
	{"g-recaptcha", "the site asks for a captcha"},
	{"h-captcha", "the site asks for a captcha"},
	{"cf-turnstile", "the site asks for a captcha"},
	{"captcha-delivery.com", "the site asks for a captcha"},
}

var (
	setsCookie = regexp.MustCompile(`(?i)document\.cookie\s*=`)
	reloads    = regexp.MustCompile(`(?i)location\.(?:reload|replace|assign)\s*\(|(?:window|document|self|top)?\.?location(?:\.href)?\s*=|http-equiv=["']?refresh`)
	tags       = regexp.MustCompile(`(?is)<script.*?</script>|<style.*?</style>|<[^>]*>`)
	titleText  = regexp.MustCompile(`(?is)<title[^>]*>(.{0,300}?)</title>`)
)

// gateOf says who stands between us and the page; "" where nobody does. What
// it finds is reported, never got around.
func gateOf(a *Answer) string {
	if strings.EqualFold(http.Header(a.Header).Get("Cf-Mitigated"), "challenge") {
		return "Cloudflare asks for a browser check"
	}
	if len(a.Body) < scriptGate && setsCookie.MatchString(a.Body) && reloads.MatchString(a.Body) && wordless(a.Body) {
		return "the page is only a script that sets a cookie and reloads"
	}
	if len(a.Body) > pageGate || hasArticle(a.Body) {
		return ""
	}
	low := strings.ToLower(a.Body)
	for _, w := range walls {
		if strings.Contains(low, w.words) && (a.Status != http.StatusOK || thin(low)) {
			return w.who
		}
	}
	return ""
}

// wordless: hardly any text is left without scripts.
func wordless(body string) bool { return textLength(body) < 200 }

// thin: less text than an article has; comment forms hold captchas too.
func thin(body string) bool { return textLength(body) < 1200 }

func textLength(body string) int {
	return len(strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " "))
}

// hasArticle: the page says of itself that it is one, or announces them.
func hasArticle(body string) bool {
	for _, mark := range []string{`"NewsArticle"`, `"ReportageNewsArticle"`, `content="article"`, "<item>", "<entry>", "<urlset", "<sitemapindex"} {
		if strings.Contains(body, mark) {
			return true
		}
	}
	return false
}

// goneTitle is what pages are called that say nothing is there.
var goneTitle = regexp.MustCompile(`(?i)^\s*(?:(?:lỗi|error|trang)?\s*404\b|not found|page not found|` +
	`(?:rất tiếc[,!. ]*|xin lỗi[,!. ]*)?(?:không tìm thấy (?:trang|nội dung|bài viết|đường dẫn|kết quả)|` +
	`(?:trang|bài viết|nội dung|liên kết|đường dẫn)(?: này| bạn (?:tìm|yêu cầu|truy cập|đang tìm)[^<]{0,30})? (?:không tồn tại|không có|không tìm thấy|đã bị (?:xóa|xoá|gỡ)|không còn)))`)

// errorPath is where servers send who asks for what is not there.
var errorPath = regexp.MustCompile(`(?i)(?:^|/)(?:404|error|not-?found|page-?not-?found|loi-?404|khong-tim-thay)(?:\.(?:html?|aspx?|php))?/?$`)

// softGone says why a 200 brings no page: it was redirected to an error page
// or from an article to the front page, or its title says so.
func softGone(t *trip, a *Answer) string {
	asked, err1 := url.Parse(t.req.URL)
	final, err2 := url.Parse(a.Final)
	if err1 != nil || err2 != nil {
		return ""
	}
	if len(t.hops) > 1 && errorPath.MatchString(final.Path) && !errorPath.MatchString(asked.Path) {
		return "the server redirects to its error page " + a.Final
	}
	if len(t.hops) > 1 && isFront(final) && isDeep(asked) {
		return "the server redirects to its front page " + a.Final
	}
	if m := titleText.FindStringSubmatch(a.Body[:min(len(a.Body), headOfPage)]); m != nil && goneTitle.MatchString(m[1]) && !hasArticle(a.Body) {
		return "the page is called “" + strings.TrimSpace(clip(m[1], 80)) + "”"
	}
	return ""
}

func isFront(u *url.URL) bool {
	return strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// isDeep: the address is that of an article, a feed or a sitemap rather than
// of a front page by another name.
func isDeep(u *url.URL) bool {
	last := path.Base(u.Path)
	return strings.Count(last, "-") >= 3 || strings.ContainsAny(last, "0123456789") || u.RawQuery != "" ||
		strings.HasSuffix(last, ".rss") || strings.HasSuffix(last, ".xml")
}
