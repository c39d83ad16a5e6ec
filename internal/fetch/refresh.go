package fetch

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// soonRefresh is the longest wait, in seconds, of a page that sends its
// readers elsewhere; one that waits longer only loads itself anew.
const soonRefresh = 10

// refresh is where a page sends its readers by <meta http-equiv=refresh>;
// empty where it does not, or only to itself. What stands in a noscript
// element is for others.
func refresh(a *Answer) string {
	head := a.Body[:min(len(a.Body), headOfPage)]
	if !strings.Contains(head, "efresh") && !strings.Contains(head, "EFRESH") {
		return ""
	}
	from, err := url.Parse(a.Final)
	if err != nil {
		return ""
	}
	to, err := from.Parse(refreshTarget(head))
	if err != nil || (to.Scheme != "http" && to.Scheme != "https") {
		return ""
	}
	to.Fragment = ""
	if to.String() == a.Final {
		return ""
	}
	return to.String()
}

// refreshTarget is the address in the first such element, as it is written.
func refreshTarget(head string) string {
	z := html.NewTokenizer(strings.NewReader(head))
	for hidden := false; ; {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "noscript" {
				hidden = false
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "noscript" {
				hidden = true
			}
			if to, ok := refreshOf(t); ok && !hidden {
				return to
			}
		}
	}
}

// refreshOf reads an element such as <meta http-equiv="refresh" content="0; url=/moi">.
func refreshOf(t html.Token) (to string, ok bool) {
	var equiv, content string
	for _, a := range t.Attr {
		switch a.Key {
		case "http-equiv":
			equiv = a.Val
		case "content":
			content = a.Val
		}
	}
	if t.Data != "meta" || !strings.EqualFold(strings.TrimSpace(equiv), "refresh") {
		return "", false
	}
	wait, rest, _ := strings.Cut(strings.Replace(content, ",", ";", 1), ";")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(wait), 64)
	if err != nil || seconds < 0 || seconds > soonRefresh {
		return "", false
	}
	rest = strings.TrimSpace(rest)
	if len(rest) > 3 && strings.EqualFold(rest[:3], "url") {
		if _, after, ok := strings.Cut(rest, "="); ok {
			rest = strings.TrimSpace(after)
		}
	}
	rest = strings.Trim(rest, `"'`)
	return rest, rest != ""
}
