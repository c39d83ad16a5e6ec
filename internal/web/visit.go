package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"diembao/config"
	"diembao/internal/say"
	"diembao/internal/store"
)

// visit is one request for a page and what it is answered with.
type visit struct {
	*site
	w     http.ResponseWriter
	r     *http.Request
	ctx   context.Context
	words *say.Words
	pack  config.Pack
	now   time.Time
	label labels
}

// frame is what the layout of every page shows.
type frame struct {
	Lang, OtherURL       string
	Name, Agency         string
	Title, Here, Query   string
	Live, Version        string
	Style, Script, Today string
	Feed                 string // of the search that is shown
	Drill                bool
}

// view is a page in its frame.
type view struct {
	Frame frame
	Page  any
}

// page makes a handler of a method that shows a page. What goes wrong becomes
// a page in words.
func (s *site) page(show func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		err := show(v)
		switch {
		case err == nil || r.Context().Err() != nil:
			return
		case errors.Is(err, store.ErrNotFound):
			err = v.lost()
		default:
			s.Log.Error("a page could not be made", "page", r.URL.Path, "error", err)
			err = v.failed(err)
		}
		if err != nil {
			s.Log.Error("the page about a fault could not be made", "page", r.URL.Path, "error", err)
		}
	})
}

func (s *site) visit(w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{site: s, w: w, r: r, ctx: r.Context(), pack: s.Pack(), now: s.Now()}
	v.words = say.In(v.language())
	v.label = labels{v.words, v.pack}
	return v
}

// language is the one asked for, which is then remembered, or the one
// remembered, or the installation's.
func (v *visit) language() string {
	asked := v.r.URL.Query().Get("lang")
	if asked == "vi" || asked == "en" {
		http.SetCookie(v.w, &http.Cookie{Name: "lang", Value: asked, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return asked
	}
	if c, err := v.r.Cookie("lang"); err == nil && (c.Value == "vi" || c.Value == "en") {
		return c.Value
	}
	return v.pack.Site.Language
}

// show writes a page with status 200.
func (v *visit) show(page, title string, data any) error {
	return v.write(http.StatusOK, page, title, data)
}

func (v *visit) write(status int, page, title string, data any) error {
	var b bytes.Buffer
	if err := v.sheets[v.words.Lang].render(&b, page, view{v.frame(page, title), data}); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", v.words.Lang)
	v.w.WriteHeader(status)
	if _, err := v.w.Write(b.Bytes()); err != nil {
		v.Log.Debug("the visitor left before the page was written", "page", v.r.URL.Path, "error", err)
	}
	return nil
}

func (v *visit) frame(page, title string) frame {
	f := frame{
		Lang: v.words.Lang, OtherURL: v.otherLanguage(), Name: v.pack.Site.Name, Agency: v.pack.Site.Agency,
		Title: title, Here: page, Style: v.assets.style, Script: v.assets.script, Version: v.Version, Drill: v.Drill,
		Today: v.words.Weekday(v.now) + ", " + v.words.Date(v.now),
	}
	if page == "search" {
		f.Query = v.r.URL.Query().Get("q")
		if v.Answer != nil {
			f.Feed = ask(v.r.URL.Query(), v.now).file("search.atom")
		}
	}
	if v.Live != nil {
		f.Live = v.Live()
	}
	return f
}

// otherLanguage is the address of this page in the other language.
func (v *visit) otherLanguage() string {
	q := v.r.URL.Query()
	q.Set("lang", map[string]string{"vi": "en", "en": "vi"}[v.words.Lang])
	return (&url.URL{Path: v.r.URL.Path, RawQuery: q.Encode()}).String()
}

// trouble is what an error page says.
type trouble struct {
	Title, What, Do string
	Detail          string
}

func (v *visit) trouble(status int, id, detail string) error {
	t := trouble{Title: v.words.Say("web.trouble." + id), What: v.words.Say("web.trouble." + id + ".what"), Do: v.words.Say("web.trouble." + id + ".do"), Detail: detail}
	return v.write(status, "trouble", t.Title, t)
}

func (v *visit) lost() error { return v.trouble(http.StatusNotFound, "lost", v.r.URL.Path) }

// failed tells what went wrong; errors of this house say what to do.
func (v *visit) failed(err error) error {
	return v.trouble(http.StatusInternalServerError, "failed", err.Error())
}

func (v *visit) broken() error  { return v.trouble(http.StatusInternalServerError, "broken", "") }
func (v *visit) foreign() error { return v.trouble(http.StatusForbidden, "foreign", "") }
func (v *visit) strangeHost() error {
	return v.trouble(http.StatusMisdirectedRequest, "host", v.r.Host)
}

func (v *visit) wrongMethod() error {
	v.w.Header().Set("Allow", "GET, HEAD")
	return v.trouble(http.StatusMethodNotAllowed, "method", v.r.Method)
}

// absent says that a part of the house is not to be had in this process.
func (v *visit) absent(id string) error { return v.trouble(http.StatusServiceUnavailable, id, "") }
