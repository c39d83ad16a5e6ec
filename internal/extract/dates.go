package extract

import (
	"time"

	"diembao/internal/when"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dated is a date with the words it was read from.
type dated struct {
	when.Stamp
	from string
}

func (d dated) known() bool { return !d.Time.IsZero() }

// here is the time in Viet Nam's zone, zero where unknown.
func (d dated) here() time.Time {
	if !d.known() {
		return time.Time{}
	}
	return d.Time.In(when.VN)
}

var publishedNames = []string{"article:published_time", "article:published", "datepublished", "og:published_time", "pubdate", "publishdate",
	"publish-date", "publish_date", "published_time", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "dc.date.issued", "dc.date", "dcterms.created", "date"}

var modifiedNames = []string{"article:modified_time", "article:modified", "datemodified", "og:updated_time", "lastmod", "last-modified", "dcterms.modified"}

// published finds when the article went out. What the page says to machines
// comes first, for it has seconds and a zone; what it shows to readers corrects
// it, for the zone is often wrong: "T08:15:00Z" above a shown "08:15" is a
// local time. The address comes last.
func (w *work) published() dated {
	told := w.toldDate()
	if told.known() && !told.DayOnly && !w.vietnamese() {
		return told // what it shows is in a zone of its own, or "2 hours ago"
	}
	shown := w.shownDate()
	switch {
	case !told.known() && !shown.known():
		if st, ok := when.FromAddress(w.address(), w.now); ok {
			return dated{st, "address"}
		}
		return dated{}
	case !told.known() || told.DayOnly && !shown.DayOnly && shown.known():
		return shown
	case !shown.known():
		return told
	}
	gap := told.Time.Sub(shown.Time).Abs()
	if told.Zoned && !shown.Zoned && !shown.DayOnly && gap >= time.Hour && sameClock(told.Time, shown.Time) {
		return dated{shown.Stamp, shown.from + ", for the zone of " + told.from + " is wrong"}
	}
	if gap > 36*time.Hour {
		w.doubt(DoubtDates, told.from+" "+when.DateTime(told.Time)+", "+shown.from+" "+when.DateTime(shown.Time))
	}
	return told
}

// sameClock reports whether a and b show the same day and minute on a clock,
// each in the zone it was written in.
func sameClock(a, b time.Time) bool {
	const face = "2006-01-02 15:04"
	return a.Format(face) == b.Format(face)
}

func (w *work) toldDate() dated {
	for _, a := range w.head.ld {
		if d, ok := w.read(a.published, "JSON-LD datePublished"); ok {
			return d
		}
	}
	return w.metaDate(publishedNames)
}

func (w *work) metaDate(names []string) dated {
	var day dated
	for _, name := range names {
		for _, v := range w.head.meta[name] {
			if d, ok := w.read(v, name); ok && !d.DayOnly {
				return d
			} else if ok && !day.known() {
				day = d
			}
		}
	}
	return day
}

// shownDate reads the date that stands by the headline.
func (w *work) shownDate() dated {
	var day dated
	if n := w.ruleDate(); n != nil {
		if d, ok := w.readNode(n, "rule "+w.rule.name); ok && !d.DayOnly {
			return d
		} else if ok {
			day = d
		}
	}
	for i, s := range nearest(w.head.dates, w.titleAt) {
		if i >= 12 || textLen(s.node) > 120 || aside(s.node) {
			continue
		}
		d, ok := w.readNode(s.node, "element "+selectorOf(s.node))
		if ok && !d.DayOnly {
			return d
		} else if ok && !day.known() {
			day = d
		}
	}
	return day
}

func (w *work) ruleDate() *html.Node {
	for _, sel := range w.rule.date {
		if n := cascadia.Query(w.doc, sel); n != nil && textLen(n) > 0 {
			return n
		}
	}
	return nil
}

func (w *work) readNode(n *html.Node, from string) (dated, bool) {
	for _, s := range []string{attr(n, "datetime"), attr(n, "content"), line(n)} {
		if d, ok := w.read(s, from); ok {
			if t := line(n); n.DataAtom == atom.Time && d.Zoned && s != t {
				if shown, err := when.Read(t, w.now); err == nil && !shown.DayOnly && !shown.Zoned && sameClock(d.Time, shown.Time) {
					d.Stamp = shown // a local time dressed as UTC
				}
			}
			return d, true
		}
	}
	return dated{}, false
}

func (w *work) read(s, from string) (dated, bool) {
	if s == "" || len(s) > 200 {
		return dated{}, false
	}
	st, err := when.Read(s, w.now)
	if err != nil {
		return dated{}, false
	}
	return dated{st, from + " " + quoted(s)}, true
}

func (w *work) modified(published time.Time) dated {
	var d dated
	for _, a := range w.head.ld {
		if got, ok := w.read(a.modified, "JSON-LD dateModified"); ok {
			d = got
			break
		}
	}
	if !d.known() {
		d = w.metaDate(modifiedNames)
	}
	if !d.known() || d.Time.Before(published) {
		return dated{}
	}
	return d
}
