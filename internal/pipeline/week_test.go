package pipeline_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/demo"
	"diembao/internal/news"
	"diembao/internal/pulse"
	"diembao/internal/store"
)

// The stories of the week that must and must not become incidents.
const (
	theCrisis = "phu-lam"        // a hospital turns the insured away; several papers blame the agency
	theBurst  = "tang-luong-huu" // pensions rise: everybody writes, nobody is angry
)

// TestWeek plays the week of the demo press, two hours at a time, and holds
// what stands in the archive against what was printed.
func TestWeek(t *testing.T) {
	h := open(t)
	w := &week{house: h, changes: h.play(t, 2*time.Hour), byID: map[string]store.Entry{}}
	for _, e := range h.all(t) {
		w.byID[e.ID] = e
	}
	t.Logf("%d articles, %d requests, %d changes of incidents", len(w.byID), len(h.asked), len(w.changes))
	t.Run("every article once", w.onceEach)
	t.Run("title lead date", w.texts)
	t.Run("body", w.bodies)
	t.Run("edits", w.edits)
	t.Run("removed", w.removed)
	t.Run("windows-1258", w.oldEncoding)
	t.Run("copies", w.copies)
	t.Run("relevance", w.relevance)
	t.Run("sources", w.sources)
	t.Run("links without articles", w.links)
	t.Run("politeness", w.polite)
	t.Run("crisis", w.crisis)
	t.Run("letters", w.letters)
	t.Run("watched again", w.again)
	t.Run("every state is shown", w.states)
}

type week struct {
	*house
	changes []crisis.Change
	byID    map[string]store.Entry
}

// readable are the articles of the week that a polite crawler can read.
func (w *week) readable() []*demo.Article {
	var out []*demo.Article
	for _, a := range w.press.Articles() {
		if a.Kept == "" {
			out = append(out, a)
		}
	}
	return out
}

func (w *week) onceEach(t *testing.T) {
	want := map[string]string{}
	for _, a := range w.readable() {
		want[w.id(a)] = a.String()
		if _, ok := w.byID[w.id(a)]; !ok {
			t.Errorf("%s (%s) is not in the archive: %s", a, w.press.URL(a, port), w.fate(t, a))
		}
	}
	for id, e := range w.byID {
		if want[id] == "" {
			t.Errorf("%s %q stands in the archive and was not to be read, or stands there twice", e.URL, e.Title)
		}
	}
	if len(w.byID) != len(w.readable()) {
		t.Errorf("%d articles, want %d", len(w.byID), len(w.readable()))
	}
}

// fate is what became of the link to an article.
func (w *week) fate(t *testing.T, a *demo.Article) string {
	l, err := w.Store.Link(t.Context(), news.Canonical(w.press.URL(a, port), w.Rules().Keys))
	if err != nil {
		return err.Error()
	}
	return l.Verdict + " " + l.Why
}

// last is the text that stood on a page at the end of the week.
func last(a *demo.Article) demo.Version { return a.Versions[len(a.Versions)-1] }

func (w *week) texts(t *testing.T) {
	for _, a := range w.readable() {
		e, ok := w.byID[w.id(a)]
		if !ok {
			continue // told by onceEach
		}
		v := last(a)
		if e.Title != v.Title {
			t.Errorf("%s:\n got title %q\nwant       %q", a, e.Title, v.Title)
		}
		if e.Lead != v.Lead {
			t.Errorf("%s:\n got lead %q\nwant      %q", a, e.Lead, v.Lead)
		}
		if !e.Published.Equal(a.Published()) {
			t.Errorf("%s: published %s (from %s), want %s", a, e.Published.In(config.VN), e.From["published"], a.Published())
		}
		if e.Outlet != a.Outlet || e.Via != news.Crawl || e.FirstSeen.Before(a.Published()) {
			t.Errorf("%s: outlet %s via %s, first seen %s", a, e.Outlet, e.Via, e.FirstSeen)
		}
	}
}

// The body holds every paragraph and nothing of the page around it.
func (w *week) bodies(t *testing.T) {
	for _, a := range w.readable() {
		got, err := w.Store.Article(t.Context(), w.id(a))
		if err != nil {
			continue // told by onceEach
		}
		want, words := 0, strings.Fields(got.Body)
		for _, p := range last(a).Paragraphs {
			if strings.HasPrefix(p, "[Ảnh: ") {
				continue
			}
			p = strings.TrimPrefix(p, "## ")
			want += len(strings.Fields(p))
			if !strings.Contains(got.Body, p) {
				t.Errorf("%s lacks the paragraph %.60q", a, p)
			}
		}
		if extra := len(words) - want; extra > 40 {
			t.Errorf("%s has %d words beyond its text: %.300q", a, extra, got.Body)
		}
	}
}

// An article that its paper edited has both texts.
func (w *week) edits(t *testing.T) {
	edited := 0
	for _, a := range w.readable() {
		versions, err := w.Store.Versions(t.Context(), w.id(a))
		if err != nil {
			continue // told by onceEach
		}
		if len(versions) != len(a.Versions) {
			t.Errorf("%s has %d versions, want %d", a, len(versions), len(a.Versions))
			continue
		}
		for i, v := range versions {
			if v.Title != a.Versions[i].Title || v.Lead != a.Versions[i].Lead || v.Since.Before(a.Versions[i].At) {
				t.Errorf("%s: version %d of %s is %q", a, v.Number, v.Since, v.Title)
			}
		}
		if len(versions) > 1 {
			edited++
		}
	}
	if edited == 0 {
		t.Error("no page of the week was edited")
	}
}

// A page that was read and then taken down stays in the archive, and its link says so.
func (w *week) removed(t *testing.T) {
	n := 0
	for _, a := range w.readable() {
		if a.Gone.IsZero() {
			continue
		}
		n++
		l, err := w.Store.Link(t.Context(), news.Canonical(w.press.URL(a, port), w.Rules().Keys))
		must(t, err)
		if l.Verdict != "gone" || l.ArticleID != w.id(a) || l.Why == "" {
			t.Errorf("%s was taken down; its link says %q (%s), article %q", a, l.Verdict, l.Why, l.ArticleID)
		}
		rs, err := w.Store.Removals(t.Context(), w.id(a))
		must(t, err)
		if len(rs) != 1 || rs[0].At.Before(a.Gone) || rs[0].Evidence == "" || !rs[0].Back.IsZero() {
			t.Errorf("%s was taken down at %s; noticed: %+v", a, a.Gone, rs)
		}
	}
	if n == 0 {
		t.Error("no page of the week was taken down")
	}
}

func (w *week) oldEncoding(t *testing.T) {
	n := 0
	for _, a := range w.readable() {
		if a.Charset != "windows-1258" {
			continue
		}
		n++
		got, err := w.Store.Article(t.Context(), w.id(a))
		must(t, err)
		text := strings.Join(last(a).Paragraphs, "\n")
		if got.Title != last(a).Title || got.Body != text {
			t.Errorf("%s:\n got %q %q\nwant %q %q", a, got.Title, got.Body, last(a).Title, text)
		}
	}
	if n == 0 {
		t.Error("no page of the week is in windows-1258")
	}
}

func (w *week) copies(t *testing.T) {
	byName := map[string]*demo.Article{}
	for _, a := range w.press.Articles() {
		byName[a.String()] = a
	}
	for _, a := range w.readable() {
		e := w.byID[w.id(a)]
		switch original := byName[a.Copy]; {
		case original == nil && e.CopyOf != "":
			t.Errorf("%s is no copy, the archive has it as one of %s", a, w.byID[e.CopyOf].URL)
		case original != nil && e.CopyOf != w.id(original):
			t.Errorf("%s copies %s, the archive has %q", a, a.Copy, e.CopyOf)
		}
	}
}

// Nearly all articles are read as a careful reader reads them; each that is
// not is logged.
func (w *week) relevance(t *testing.T) {
	right, ours := 0, 0
	for _, a := range w.readable() {
		r := w.byID[w.id(a)].Reading
		if r.Relevant == a.Relevant() {
			right++
		} else {
			t.Logf("%s: relevant %v (uncertain %v), the gold says %v", a, r.Relevant, r.Uncertain, a.Relevant())
		}
		if a.Relevant() && (r.Relevant || r.Uncertain) {
			ours++
		} else if a.Relevant() {
			t.Errorf("%s is ours and would be dropped", a)
		}
	}
	n := len(w.readable())
	t.Logf("%d of %d agree, %d of ours are kept", right, n, ours)
	if share := float64(right) / float64(n); share < 0.97 {
		t.Errorf("%.3f of the articles are read as a reader reads them, want .97", share)
	}
}

// A source that died says how and since when; the others are well.
func (w *week) sources(t *testing.T) {
	health, err := w.Store.Health(t.Context(), w.press.Start())
	must(t, err)
	states := map[string]string{}
	for _, x := range health {
		state, since := x.State()
		states[x.Outlet] = state
		if len(x.Sources) != 1 {
			t.Errorf("%s has %d sources, want 1", x.Outlet, len(x.Sources))
			continue
		}
		for _, p := range w.press.Papers() {
			if p.ID != x.Outlet {
				continue
			}
			ill := p.FailsAs == "500" || p.FailsAs == "html" || p.Gate
			if ill == x.Well() || ill && x.Evidence() == "" {
				t.Errorf("%s is %s (%s)", p.ID, state, x.Evidence())
			}
			if !p.Fails.IsZero() && (since.Before(p.Fails) || since.After(p.Fails.Add(3*time.Hour))) {
				t.Errorf("%s is %s since %s", p.ID, state, since.In(config.VN))
			}
		}
	}
	for id, want := range map[string]string{"lua-tro": pulse.Dead, "tin-som": pulse.Layout, "mui-duoc": pulse.Blocked} {
		if states[id] != want {
			t.Errorf("the source of %s is %q, want %q", id, states[id], want)
		}
	}
	if len(states) != len(w.press.Papers()) {
		t.Errorf("%d outlets have a state, want %d", len(states), len(w.press.Papers()))
	}
}

// Every link that gave no article says why, in one word and in a sentence.
func (w *week) links(t *testing.T) {
	want := map[string]string{"robots": "robots", "gone": "soft-gone", "gate": "given-up"}
	for _, a := range w.press.Articles() {
		if a.Kept == "" {
			continue
		}
		l, err := w.Store.Link(t.Context(), news.Canonical(w.press.URL(a, port), w.Rules().Keys))
		if err != nil {
			t.Errorf("%s (kept by %s): %v", a, a.Kept, err)
			continue
		}
		ok := l.Verdict == want[a.Kept]
		if a.Kept == "gate" && l.Verdict == "" { // not yet given up: a gate may open
			ok = l.Attempts > 0 && l.Next.After(w.clock.Now().Add(-3*time.Hour))
		}
		if !ok || l.Why == "" || l.ArticleID != "" {
			t.Errorf("%s (kept by %s): %q, %q after %d attempts, article %q", a, a.Kept, l.Verdict, l.Why, l.Attempts, l.ArticleID)
		}
	}
}

// Nothing was asked that a robots.txt forbids, and no host faster than it asks.
func (w *week) polite(t *testing.T) {
	last := map[string]time.Time{}
	delayed := 0
	for _, x := range w.asked {
		if strings.Contains(x.URL, "/luu-hanh-noi-bo/") {
			t.Errorf("%s was asked, against robots.txt", x.URL)
		}
		if before, ok := last[x.Host]; ok && x.Kind != "robots" && strings.HasPrefix(x.Host, "an-sinh-bon-mua.") {
			delayed++
			if x.At.Sub(before) < time.Second {
				t.Errorf("%s was asked %s after the request before; its Crawl-delay is 1", x.URL, x.At.Sub(before))
			}
		}
		last[x.Host] = x.At
	}
	if delayed == 0 {
		t.Error("the paper with a Crawl-delay was asked once at most")
	}
}

// told counts the articles of a gold story among the articles of an incident's story.
func (w *week) told(t *testing.T, storyID, gold string) int {
	n := 0
	_, members, err := w.Store.Story(t.Context(), storyID)
	must(t, err)
	for _, m := range members {
		for _, a := range w.press.Articles() {
			if a.Story == gold && w.id(a) == m.ID {
				n++
			}
		}
	}
	return n
}

func (w *week) crisis(t *testing.T) {
	found, err := w.Store.Incidents(t.Context(), store.IncidentFilter{})
	must(t, err)
	ofCrisis := 0
	for _, in := range found {
		t.Logf("level %d %s %s %.2f %q (%d articles of the crisis, %d of the burst)", in.Level, in.State, in.Opened.In(config.VN).Format("02/01 15:04"),
			in.Score, in.Title, w.told(t, in.Story, theCrisis), w.told(t, in.Story, theBurst))
		if w.told(t, in.Story, theBurst) > 0 {
			t.Errorf("the benign burst raised the incident %s %q, level %d", in.ID, in.Title, in.Level)
		}
		if w.told(t, in.Story, theCrisis) == 0 {
			continue
		}
		ofCrisis++
		events, err := w.Store.IncidentEvents(t.Context(), in.ID)
		must(t, err)
		raised := slices.ContainsFunc(events, func(e store.IncidentEvent) bool { return e.Did == "raised" })
		if in.Level < 2 || len(in.Reasons) == 0 || events[0].Did != "opened" || !raised {
			t.Errorf("the crisis reached level %d with %d reasons: %+v", in.Level, len(in.Reasons), events)
		}
	}
	if ofCrisis != 1 {
		t.Errorf("the crisis raised %d incidents, want 1", ofCrisis)
	}
	w.soon(t)
}

// soon holds that the alert came within hours of the third paper.
func (w *week) soon(t *testing.T) {
	blaming := map[string]bool{}
	var third time.Time
	for _, a := range w.readable() {
		if a.Story == theCrisis && a.Tone == "negative" && a.Copy == "" && third.IsZero() {
			if blaming[a.Outlet] = true; len(blaming) == 3 {
				third = a.Published()
			}
		}
	}
	for _, c := range w.changes {
		if c.Incident.Level >= 2 && w.told(t, c.Incident.Story, theCrisis) > 0 {
			if wait := c.Incident.Updated.Sub(third); wait > 6*time.Hour {
				t.Errorf("level 2 came %s after the third paper", wait)
			}
			return
		}
	}
}

// Every change that people are to be told of has one letter for each of them.
func (w *week) letters(t *testing.T) {
	told := map[string]int{}
	for _, c := range w.changes {
		if c.Tell {
			told[c.Incident.ID]++
		}
	}
	letters, err := w.Store.Letters(t.Context(), store.LetterFilter{Limit: 10_000})
	must(t, err)
	written, keys, messages, subjects, first := map[string]int{}, map[string]bool{}, map[string]bool{}, map[string]string{}, map[string]int{}
	for _, l := range letters {
		written[l.Headers["X-DiemBao-Incident"]]++
		if keys[l.Key] || messages[l.MessageID] {
			t.Errorf("the letter %s was written twice", l.Key)
		}
		keys[l.Key], messages[l.MessageID] = true, true
		if l.State != store.LetterWaiting || l.Sendings != 0 || l.Text == "" || l.HTML == "" || l.Subject == "" || l.Thread == "" {
			t.Errorf("the letter %s is %s, sent %d times, subject %q", l.Key, l.State, l.Sendings, l.Subject)
		}
		if !slices.Contains(w.pack.Site.Mail.Alerts, l.To) {
			t.Errorf("a letter went to %s", l.To)
		}
		actionable(t, l, subjects)
		if !strings.Contains(l.Text, "CÓ GÌ MỚI") {
			first[l.Thread+l.To]++
		}
	}
	for thread, n := range first {
		if n != 1 {
			t.Errorf("of the letters in %s %d say nothing of what is new; only the first has nothing to say", thread, n)
		}
	}
	if !maps.Equal(told, written) || len(written) == 0 {
		t.Errorf("letters by incident %v, want %v", written, told)
	}
}

// actionable holds that a letter alone tells what happened, what to do and who
// must answer, and that mail programs show it whole and in one thread.
func actionable(t *testing.T, l store.LetterState, subjects map[string]string) {
	for _, block := range []string{"CHUYỆN GÌ\n  ", "VIỆC CẦN LÀM\n  ", "AI PHẢI TRẢ LỜI, TRƯỚC LÚC NÀO\n  - ", "VÌ SAO BÁO ĐỘNG\n  - ", "CON SỐ\n  "} {
		if !strings.Contains(l.Text, block) {
			t.Errorf("the letter %s lacks %q:\n%s", l.Key, block, l.Text)
		}
	}
	if len(l.Pictures) != 1 || http.DetectContentType(l.Pictures[0].PNG) != "image/png" || !strings.Contains(l.Text, l.Pictures[0].Alt) ||
		!strings.Contains(l.HTML, `src="cid:`+l.Pictures[0].ID+`"`) {
		t.Errorf("the letter %s shows %d pictures, or does not tell in words what they show", l.Key, len(l.Pictures))
	}
	if len(l.Text)+len(l.HTML) > 100<<10 {
		t.Errorf("the letter %s has %d bytes", l.Key, len(l.Text)+len(l.HTML))
	}
	if was, ok := subjects[l.Thread]; ok && was != l.Subject {
		t.Errorf("in one thread the subjects %q and %q", was, l.Subject)
	}
	subjects[l.Thread] = l.Subject
}

// A look a moment later changes nothing and writes no letter.
func (w *week) again(t *testing.T) {
	before, err := w.Store.Totals(t.Context())
	must(t, err)
	changes, err := w.Watch(t.Context())
	must(t, err)
	n, err := w.Read(t.Context())
	must(t, err)
	after, err := w.Store.Totals(t.Context())
	must(t, err)
	if len(changes) != 0 || n != 0 || before != after {
		t.Errorf("%d changes, %d read, %+v became %+v", len(changes), n, before, after)
	}
	if _, err := w.Store.StoryOf(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the archive says of an unknown article: %v", err)
	}
}
