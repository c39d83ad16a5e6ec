package store

import (
	"time"

	"diembao/internal/news"
)

// merge brings what came in about a known article into it. A poorer text never
// replaces a richer one:
//
//   - an empty part never replaces a written one;
//   - what came by import or back-fill fills gaps and changes nothing else, so
//     that a second import of the same files, in any order, writes nothing;
//   - a text whose extraction is in doubt fills gaps in a trusted one, too.
//
// What came by crawl or by a person's clip replaces title, lead and body; where
// one of them changes, the other fields follow as far as they are known, and
// the article gets a new version. Where none changes, only gaps are filled.
func merge(k *knownArticle, in news.Article) {
	fills := in.Via == news.Import || in.Via == news.Backfill || (len(in.Doubts) > 0 && len(k.Doubts) == 0 && k.hash != "")
	text := mergeText(k, in, fills)
	if text && !k.newText && k.oldText {
		k.newText = true
		k.Version++
	}
	rest := mergeRest(k, in, text && !fills)
	k.touched = k.touched || text || rest
}

// mergeText merges title, lead and body and reports whether one changed.
func mergeText(k *knownArticle, in news.Article, fills bool) bool {
	changed := set(&k.Title, in.Title, !fills)
	changed = set(&k.Lead, in.Lead, !fills) || changed
	if h := bodyHash(in.Body); set(&k.hash, h, !fills) {
		k.Body, k.newBody, changed = in.Body, true, true
	}
	return changed
}

// mergeRest merges the other fields and reports whether one changed. The door
// and the time of the first meeting stay.
func mergeRest(k *knownArticle, in news.Article, replace bool) bool {
	changed := false
	for _, f := range []struct {
		to   *string
		from string
	}{{&k.URL, in.URL}, {&k.Outlet, in.Outlet}, {&k.Author, in.Author}, {&k.Section, in.Section}, {&k.Form, in.Form}, {&k.Lang, in.Lang}} {
		changed = set(f.to, f.from, replace) || changed
	}
	changed = setTime(&k.Published, in.Published, replace) || changed
	changed = setTime(&k.Modified, in.Modified, replace) || changed
	if len(in.Tags) > 0 && (replace || len(k.Tags) == 0) {
		k.Tags, changed = in.Tags, changed || len(k.Tags) == 0
	}
	if replace {
		k.From, k.Doubts = in.From, in.Doubts
	}
	return changed
}

// set writes from to to where from holds something and to is empty or may be
// replaced; it reports a change.
func set(to *string, from string, replace bool) bool {
	if from == "" || from == *to || (*to != "" && !replace) {
		return false
	}
	*to = from
	return true
}

// setTime does the same for times, in the precision in which they are kept.
func setTime(to *time.Time, from time.Time, replace bool) bool {
	if from.IsZero() || ms(from) == ms(*to) || (!to.IsZero() && !replace) {
		return false
	}
	*to = from
	return true
}
