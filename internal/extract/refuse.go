package extract

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
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
	goneTitle   = regexp.MustCompile(`(?i)(?:^|[^\d])404(?:[^\d]|$)|not found|không tìm thấy|không tồn tại|page unavailable|trang lỗi|đường dẫn không đúng`)
	goneAddress = regexp.MustCompile(`(?i)/(?:404|error404|page-?not-?found|khong-tim-thay|notfound|error)(?:\.\w+)?/?$`)
)

// gates are words that only a check whether the reader is human has.
var gates = []string{"cf-chl", "challenge-platform", "cf-browser-verification", "_incapsula_", "g-recaptcha", "h-captcha", "captcha-delivery", "ddos-guard",
	"<title>just a moment", "<title>attention required", "<title>access denied", "<title>403 forbidden", "<title>request rejected"}

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
	case len(p.Body) < 32<<10 && holds(strings.ToLower(p.Body), gates) && strings.Count(p.Body, "<p") < 4:
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
	length := textUpTo(doc, 1500)
	if slices.ContainsFunc(h.ld, func(a ld) bool { return a.body != "" }) {
		return nil // what the page shows is a shell around its data
	}
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

// refuseArticle says whether what was read is an article at all. A page that
// tells machines it is one, or that a layout fits, is believed; of the others
// the home page, lists and pages without text are turned away.
func (w *work) refuseArticle(t reading, published bool) error {
	length, linked := size(t.paras), linkedShare(t.paras)
	if length < 80 && w.article.Lead == "" {
		return fmt.Errorf("%w: %d characters of text", ErrNotArticle, length)
	}
	if home := strings.Trim(strings.ToLower(w.url.Path), "/"); home == "" && w.url.RawQuery == "" || home == "index.html" || home == "default.aspx" {
		return fmt.Errorf("%w: the home page of %s", ErrNotArticle, w.host)
	}
	if !t.general || w.declared() {
		return nil
	}
	switch {
	case linked > linkShare || t.list:
		return fmt.Errorf("%w: most of its text is links", ErrNotArticle)
	case !published && (length < shortText || w.website() || slices.ContainsFunc(t.doubts, isDisagreement)):
		return fmt.Errorf("%w: no date and little to tell it from a list", ErrNotArticle)
	}
	return nil
}

// declared reports whether the page tells machines that it is an article, in a
// way that lists do not copy: og:type is "article" on home pages too.
func (w *work) declared() bool {
	for _, a := range w.head.ld {
		if !slices.Equal(a.types, []string{"VideoObject"}) {
			return true
		}
	}
	v, _ := w.head.one("article:published_time", "article:published", "datepublished")
	return v != ""
}

func (w *work) website() bool {
	kind, _ := w.head.one("og:type")
	return kind == "website"
}

func isDisagreement(doubt string) bool { return strings.HasPrefix(doubt, DoubtAgreement) }
