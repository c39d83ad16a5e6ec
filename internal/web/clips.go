package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
	"diembao/internal/when"
)

// Upload is a file that a person sent along; it can be read once.
type Upload struct {
	Name string
	In   io.Reader
}

// ClipError is what is wrong with a clip, to be told to whoever entered it.
type ClipError struct{ Err error }

func (e ClipError) Error() string { return e.Err.Error() }

// media are the kinds of clips, and clipUpload bounds what comes with one.
var media = []string{"print", "tv", "radio", "social"}

const (
	clipUpload = 256 << 20 // bytes, all files together
	clipInHand = 4 << 20   // of these, kept in memory while they come
	clipShown  = 200
	fieldBytes = 20 << 10 // of one field of the form
)

// clipsPage lists what was entered by hand.
type clipsPage struct {
	Media, Days []choice
	Rows        []clipRow
	CanAdd      bool
}

// clipRow is one clip.
type clipRow struct {
	clipView
	Title, Outlet string
	Out           time.Time
}

// clips lists them by medium and by when they were entered.
func (v *visit) clips() error {
	q := v.r.URL.Query()
	days, err := strconv.Atoi(q.Get("days"))
	if err != nil || !slices.Contains([]int{7, 30, 365}, days) {
		days = 30
	}
	found, err := v.Store.ClipsSince(v.ctx, v.now.AddDate(0, 0, -days), clipShown)
	if err != nil {
		return err
	}
	p := &clipsPage{CanAdd: v.AddClip != nil && !v.readOnly()}
	of := map[string]int{}
	for _, c := range found {
		of[c.Medium]++
		of[""]++
		if m := q.Get("medium"); m != "" && m != c.Medium {
			continue
		}
		a, err := v.Store.Article(v.ctx, c.ArticleID)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, clipRow{v.clipView(c), a.Title, v.label.outlet(a.Outlet), store.When(a)})
	}
	at := func(medium string, days int) string { return fmt.Sprintf("/clips?medium=%s&days=%d", medium, days) }
	for _, m := range append([]string{""}, media...) {
		label := v.words.Say("web.all")
		if m != "" {
			label = v.words.Say("web.medium." + m)
		}
		p.Media = append(p.Media, choice{Label: label, URL: at(m, days), On: q.Get("medium") == m, Count: of[m]})
	}
	for _, d := range []int{7, 30, 365} {
		p.Days = append(p.Days, choice{Label: v.words.Say("span.days", "N", d), URL: at(q.Get("medium"), d), On: d == days})
	}
	return v.show("clips", v.words.Say("web.clips"), p)
}

// clipForm is the form, as it was filled in where something is wrong.
type clipForm struct {
	Wrong   string // in words; empty on a fresh form
	Medium  string
	Media   []choice
	Outlets []config.Outlet
	Value   map[string]string
}

func (v *visit) newClip() error {
	return v.clipForm(http.StatusOK, "", map[string]string{"medium": v.r.URL.Query().Get("medium"), "date": moment(v.words, v.now)})
}

func (v *visit) clipForm(status int, wrong string, value map[string]string) error {
	if v.AddClip == nil || v.readOnly() {
		return v.absent("read-only")
	}
	p := clipForm{Wrong: wrong, Medium: value["medium"], Value: value}
	if !slices.Contains(media, p.Medium) {
		p.Medium = "print"
	}
	for _, m := range media {
		p.Media = append(p.Media, choice{Label: v.words.Say("web.medium." + m), URL: "/clips/new?medium=" + m, On: p.Medium == m})
	}
	for _, o := range v.pack.Outlets {
		if (o.Kind == "social") == (p.Medium == "social") {
			p.Outlets = append(p.Outlets, o)
		}
	}
	slices.SortFunc(p.Outlets, func(a, b config.Outlet) int { return strings.Compare(a.Name, b.Name) })
	return v.write(status, "clip", v.words.Say("web.clip.new"), p)
}

// addClip keeps what the form brought.
func (v *visit) addClip() error {
	if v.AddClip == nil || v.readOnly() {
		return v.absent("read-only")
	}
	if err := v.r.ParseMultipartForm(clipInHand); err != nil {
		if e := (*http.MaxBytesError)(nil); errors.As(err, &e) {
			return v.clipForm(http.StatusRequestEntityTooLarge, v.words.Say("web.clip.too-large", "MB", clipUpload>>20), map[string]string{})
		}
		return v.trouble(http.StatusBadRequest, "form", err.Error())
	}
	defer v.forget(v.r.MultipartForm)
	value := map[string]string{}
	for name, vs := range v.r.MultipartForm.Value {
		value[name] = strings.TrimSpace(strings.ToValidUTF8(vs[0], ""))
		if len(value[name]) > fieldBytes && name != "text" {
			return v.clipForm(http.StatusBadRequest, v.words.Say("web.clip.long"), value)
		}
	}
	a, c, wrong := v.entered(value)
	if wrong != "" {
		return v.clipForm(http.StatusBadRequest, wrong, value)
	}
	files, err := opened(v.r.MultipartForm.File["file"])
	if err != nil {
		return err
	}
	defer closeAll(files)
	if c.Medium == "social" && a.URL == "" && len(files) == 0 {
		return v.clipForm(http.StatusBadRequest, v.words.Say("web.clip.no-proof"), value)
	}
	id, err := v.AddClip(v.ctx, a, c, uploads(files, v.r.MultipartForm.File["file"]))
	var bad ClipError
	switch {
	case errors.As(err, &bad):
		return v.clipForm(http.StatusBadRequest, bad.Error(), value)
	case errors.Is(err, store.ErrReadOnly):
		return v.absent("read-only")
	case err != nil:
		return err
	}
	http.Redirect(v.w, v.r, "/article/"+id, http.StatusSeeOther)
	return nil
}

// forget deletes what of an upload was laid on the disk meanwhile.
func (v *visit) forget(f *multipart.Form) {
	if err := f.RemoveAll(); err != nil {
		v.Log.Warn("an upload could not be taken off the disk", "error", err)
	}
}

// entered reads the form; what is wrong comes back in words.
func (v *visit) entered(value map[string]string) (a news.Article, c store.Clip, wrong string) {
	out, err := when.Parse(value["date"], v.now)
	if err != nil {
		return a, c, v.words.Say("web.clip.date", "Text", value["date"])
	}
	a = news.Article{Outlet: value["outlet"], URL: value["link"], Title: value["title"], Lead: value["summary"], Body: value["text"], Author: value["author"], Published: out}
	c = store.Clip{Medium: value["medium"], Page: value["page"], Issue: value["issue"], Programme: value["programme"], SeenBy: value["seen-by"], Note: value["note"], AddedBy: value["by"]}
	if c.SeenBy == "" {
		c.SeenBy = c.AddedBy
	}
	switch {
	case !slices.Contains(media, c.Medium):
		wrong = "web.clip.medium"
	case a.Title == "" || utf8.RuneCountInString(a.Title) > 500:
		wrong = "web.clip.title"
	case c.AddedBy == "":
		wrong = "web.clip.by"
	case a.URL != "" && webAddress(a.URL) == "":
		wrong = "web.clip.link"
	case c.Medium == "print" && c.Page+c.Issue == "":
		wrong = "web.clip.page"
	case (c.Medium == "tv" || c.Medium == "radio") && c.Programme == "":
		wrong = "web.clip.programme"
	}
	if wrong != "" {
		return a, c, v.words.Say(wrong)
	}
	if c.Medium == "tv" || c.Medium == "radio" {
		c.Aired = out
		if c.Length, err = lasting(value["length"]); err != nil {
			return a, c, v.words.Say("web.clip.length", "Text", value["length"])
		}
	}
	if value["reach"] != "" {
		c.Reach, err = strconv.ParseInt(strings.NewReplacer(".", "", ",", "", " ", "").Replace(value["reach"]), 10, 64)
		if err != nil || c.Reach < 0 {
			return a, c, v.words.Say("web.clip.reach", "Text", value["reach"])
		}
		c.ReachAt = v.now
	}
	return a, c, ""
}

// lasting reads minutes and seconds as people write them: 2:30, or 150 seconds.
func lasting(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	minutes, seconds, ok := strings.Cut(text, ":")
	if !ok {
		minutes, seconds = "0", text
	}
	m, err := strconv.ParseUint(minutes, 10, 16)
	s, err2 := strconv.ParseUint(seconds, 10, 16)
	return time.Duration(m)*time.Minute + time.Duration(s)*time.Second, errors.Join(err, err2)
}

// opened opens the files of a form; a field left empty brings none.
func opened(heads []*multipart.FileHeader) ([]multipart.File, error) {
	var out []multipart.File
	for _, h := range heads {
		f, err := h.Open()
		if err != nil {
			closeAll(out)
			return nil, fmt.Errorf("opening the upload %q: %w", h.Filename, err)
		}
		out = append(out, f)
	}
	return out, nil
}

func uploads(files []multipart.File, heads []*multipart.FileHeader) []Upload {
	var out []Upload
	for i, f := range files {
		out = append(out, Upload{heads[i].Filename, f})
	}
	return out
}

// closeAll closes files that were only read: nothing of them can be lost.
func closeAll(files []multipart.File) {
	for _, f := range files {
		_ = f.Close()
	}
}
