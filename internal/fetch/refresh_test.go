package fetch

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A page that sends its readers on is a redirect: followed, bounded, guarded
// and asked of robots.txt like any other.
func TestRefreshIsARedirect(t *testing.T) {
	long := strings.Repeat("Bà con ra nhà văn hóa xã nhận sổ. ", 20)
	meta := func(content string) http.HandlerFunc {
		return says("text/html", fmt.Sprintf(`<html><head><META content=%q HTTP-EQUIV="Refresh"></head><body>Đang chuyển…</body></html>`, content))
	}
	m := http.NewServeMux()
	m.HandleFunc("/robots.txt", says("text/plain", "User-agent: *\nDisallow: /rieng\n"))
	m.HandleFunc("/cu", meta("0; URL='/moi'"))
	m.HandleFunc("/xa", meta("5;url=/cu"))
	m.HandleFunc("/cam", meta("0;url=/rieng/a"))
	m.HandleFunc("/trong", meta("0;url=http://169.254.169.254/"))
	m.HandleFunc("/lich/", func(w http.ResponseWriter, r *http.Request) {
		meta("0;url="+r.URL.Path+"x")(w, r)
	})
	m.HandleFunc("/tai-lai", meta("0;url=/tai-lai#a"))
	m.HandleFunc("/cham", meta("300;url=/moi"))
	m.HandleFunc("/khong-ma", says("text/html", `<head><noscript><meta http-equiv=refresh content="0;url=/moi"></noscript></head>`+long))
	m.HandleFunc("/ftp", meta("0;url=ftp://a/b"))
	m.HandleFunc("/moi", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, "<p>tới nơi "+long)
	})
	f, url := served(t, m)
	for path, end := range map[string]struct {
		code  Code
		final string
		words string
	}{
		"/cu":       {OK, "/moi", ""},
		"/xa":       {OK, "/moi", ""},
		"/cam":      {Forbidden, "", "robots.txt"},
		"/trong":    {Guarded, "", "link-local"},
		"/lich/":    {TooManyHops, "", "without end"},
		"/tai-lai":  {OK, "/tai-lai", ""},
		"/cham":     {OK, "/cham", ""},
		"/khong-ma": {OK, "/khong-ma", ""},
		"/ftp":      {OK, "/ftp", ""},
	} {
		t.Run(path, func(t *testing.T) {
			a := wants(t, f, url+path, end.code, end.words)
			if end.code == OK && (a.Final != url+end.final || a.Moved != "" || a.URL != url+path) {
				t.Errorf("final %q, moved %q", a.Final, a.Moved)
			}
		})
	}
	a, err := get(t, f, Request{URL: url + "/xa", ETag: `"v1"`})
	if err != nil || a.Code != OK || len(a.Hops) != 3 || len(a.Notes) != 2 {
		t.Errorf("%v, code %s, hops %q, notes %q: the mark of another page was sent along", err, a.Code, a.Hops, a.Notes)
	}
}
