package extract

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"diembao/internal/news"

	"golang.org/x/net/html"
)

// maxBytes bounds what is parsed. The longest pages of the press, live blogs,
// have two megabytes.
const maxBytes = 16 << 20

// gateBytes is the size below which a page made of scripts is taken for a gate.
const gateBytes = 6 << 10

var (
	setsCookie  = regexp.MustCompile(`(?i)document\.cookie\s*=`)
	reloads     = regexp.MustCompile(`(?i)location\.(?:reload|replace|href|assign)|location\s*=|http-equiv=["']?refresh|\.submit\(\)`)
	captcha     = regexp.MustCompile(`(?i)cf-chl|challenge-platform|cf-browser-verification|_incapsula_|g-recaptcha|h-captcha|captcha-delivery|ddos-guard|<title>\s*(?:just a moment|attention required|access denied|403 forbidden|request rejected)`)
	goneTitle   = regexp.MustCompile(`(?i)(?:^|[^\d])404(?:[^\d]|$)|not found|không tìm thấy|không tồn tại|page unavailable|trang lỗi|đường dẫn không đúng`)
	goneAddress = regexp.MustCompile(`(?i)/(?:404|error404|page-?not-?found|khong-tim-thay|notfound|error)(?:\.\w+)?/?$`)
)

// refuseAnswer says why an answer cannot be a page with an article, before it
// is parsed; nil where it can.
func refuseAnswer(p news.Page) error {
	switch {
	case p.Status == 404 || p.Status == 410:
		return fmt.Errorf("%w: status %d", ErrGone, p.Status)
	case p.Status == 401 || p.Status == 403 || p.Status == 429 || p.Status == 451:
		return fmt.Errorf("%w: status %d", ErrBlocked, p.Status)
	case len(p.Body) > maxBytes:
		return fmt.Errorf("%w: %d MB, at most %d MB are read", ErrTooLarge, len(p.Body)>>20, maxBytes>>20)
	case strings.TrimSpace(p.Body) == "":
		return fmt.Errorf("%w: no bytes", ErrEmpty)
	case !looksHTML(p):
		return fmt.Errorf("%w: %s", ErrNotHTML, kindOf(p))
	case len(p.Body) < gateBytes && setsCookie.MatchString(p.Body) && reloads.MatchString(p.Body):
		return fmt.Errorf("%w: a script sets a cookie and loads the page again", ErrBlocked)
	case len(p.Body) < 64<<10 && captcha.MatchString(p.Body) && !strings.Contains(p.Body, "<article"):
		return fmt.Errorf("%w: a check whether the reader is human", ErrBlocked)
	}
	if u, err := url.Parse(p.Final); err == nil && goneAddress.MatchString(u.Path) {
		return fmt.Errorf("%w: led to %s", ErrGone, u.Path)
	}
	return nil
}

func looksHTML(p news.Page) bool {
	head := strings.TrimSpace(p.Body[:min(len(p.Body), 1024)])
	if strings.HasPrefix(head, "%PDF") || strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[") {
		return false
	}
	return strings.Contains(p.Body[:min(len(p.Body), 64<<10)], "<")
}

func kindOf(p news.Page) string {
	for _, v := range p.Header["Content-Type"] {
		return v
	}
	return "no markup in it"
}

// refuseDocument looks at the parsed page for what only words tell: a page
// without any text, a soft 404, a gate that is a shell.
func refuseDocument(doc *html.Node, h head) error {
	length := textLen(doc)
	if length == 0 {
		return fmt.Errorf("%w: markup without text", ErrEmpty)
	}
	if length < 1500 && (goneTitle.MatchString(h.title) || goneTitle.MatchString(h.h1)) {
		return fmt.Errorf("%w: it says %q", ErrGone, firstOf(h.h1, h.title))
	}
	if length < 300 && h.refresh {
		return fmt.Errorf("%w: a page that only sends on", ErrBlocked)
	}
	return nil
}
