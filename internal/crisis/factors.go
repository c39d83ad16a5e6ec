package crisis

import (
	"math"
	"slices"
	"strings"
	"time"

	"diembao/internal/news"
)

// evidence is the fresh articles of a story in the window, sorted by what they say.
type evidence struct {
	on      int       // outlets switched on
	all     []Article // fresh, in the window
	voices  []Article // one for each independent text of a newsroom
	harm    []Article // voices that tell of harm for which the agency, its service or its rules answer
	beside  []Article // voices that say neither ill nor well, and explain themselves by nothing routine
	telling []string  // independent newsrooms among voices
	blaming []string  // … among harm
	threat  *threat
	quote   string    // the sentence with the threat
	by      string    // id of the article with the threat
	warned  []string  // of all that name a threat
	leader  mark      // the agency's people named in harm
	acting  mark      // authorities at work in harm
	rumour  mark      // said to be unproved, or to spread by word of mouth and on networks
	odds    []float64 // of each voice that is no answer of the agency, by its wording
	words   []string  // that speak loudest for a crisis

	surprise, likeness Aside
}

// mark is what was found where.
type mark struct {
	articles []string
	quote    string
}

func (m *mark) add(id, quote string) {
	if m.quote == "" {
		m.quote = quote
	}
	m.articles = append(m.articles, id)
}

// evidence sorts the articles known of a story.
func (r *Rules) evidence(now time.Time, known []Article, on int) evidence {
	e := evidence{on: on}
	for _, a := range known {
		if a.fresh() && now.Sub(a.told()) <= r.Window {
			e.all = append(e.all, a)
		}
	}
	e.voices = independent(e.all)
	for i := range e.voices {
		if e.voices[i].text.grams == nil {
			e.voices[i].text = read(e.voices[i])
		}
	}
	for _, a := range e.voices {
		switch {
		case against(a):
			e.harm = append(e.harm, a)
		case puzzling(a), r.grim(a):
			e.beside = append(e.beside, a)
		}
	}
	e.telling, e.blaming = newsrooms(e.voices), newsrooms(e.harm)
	r.look(&e)
	return e
}

// look looks for threats, leaders and authorities in title and lead.
func (r *Rules) look(e *evidence) {
	for _, a := range e.voices {
		text := a.text.sentences
		if t, quote, ok := r.threatened(text); ok && a.Trusted && a.Role != "enforcer" {
			e.warned = append(e.warned, a.ID)
			if e.threat == nil || t.Level > e.threat.Level {
				e.threat, e.quote, e.by = &t, quote, a.ID
			}
		}
		if a.Role != "informant" || against(a) {
			e.odds = append(e.odds, r.wording.of(a.text))
			e.words = append(e.words, r.wording.telling(a.text, 2)...)
		}
		if quote, ok := r.rumours.find(text); ok {
			e.rumour.add(a.ID, quote)
		}
		if !against(a) {
			continue
		}
		if quote, ok := r.leaders.find(text); ok {
			e.leader.add(a.ID, quote)
		}
		if quote, ok := r.authorities.find(text); ok {
			e.acting.add(a.ID, quote)
		}
	}
}

// press reports whether an outlet of this kind is a newsroom of its own. The
// agency's own pages and magazine, a government's, aggregators and social media
// are not.
func press(kind string) bool {
	switch kind {
	case "agency-portal", "magazine", "provincial-portal", "government-portal", "aggregator", "social":
		return false
	}
	return true
}

// independent is one article for each text that a newsroom made itself: copies
// of a text count with it, and a newsroom that only copies has no voice. Who
// writes a headline of its own over a text it took tells the story too.
func independent(articles []Article) []Article {
	title := map[string]string{}
	for _, a := range articles {
		title[a.ID] = a.Title
	}
	var out []Article
	spoken := map[string]string{} // text → the headlines it spoke under
	for _, a := range articles {
		if !press(a.Kind) {
			continue
		}
		if a.CopyOf != "" {
			original, have := title[a.CopyOf]
			before, heard := spoken[a.CopyOf]
			if (have || heard) && sameHeadline(a.Title, original+" "+before) {
				continue
			}
			spoken[a.CopyOf] = before + " " + a.Title // the original is not among us: its first copy speaks for it
		}
		out = append(out, a)
	}
	return out
}

// sameHeadline reports whether at least half of a headline's words stand in others.
func sameHeadline(title, others string) bool {
	if title != "" && strings.Contains(others, title) {
		return true
	}
	words, told := strings.Fields(spaced(title)), spaced(others)
	same := 0
	for _, w := range words {
		if strings.Contains(told, " "+w+" ") {
			same++
		}
	}
	return 2*same >= len(words)
}

// against reports whether an article tells of harm that the agency has to
// answer for: not that of employers in debt, of criminals who pose as it, or
// of those it acts against.
func against(a Article) bool {
	if a.Tone != "negative" {
		return false
	}
	if a.Role == "blamed" {
		return true
	}
	return a.Target != "employer" && a.Target != "criminals" && a.Role != "enforcer" && a.Role != "victim"
}

// newsrooms are the distinct outlets, in order of their first article.
func newsrooms(articles []Article) []string {
	var out []string
	for _, a := range articles {
		if !slices.Contains(out, a.Outlet) {
			out = append(out, a.Outlet)
		}
	}
	return out
}

// blames is how surely an article lays the harm at our door, 0 to 1.
func blames(a Article) float64 {
	switch {
	case a.Role == "blamed", a.Target == "agency", a.Target == "fund":
		return 1
	case a.Risk >= 3:
		return 0.8
	case a.Target == "policy", a.Target == "hospital", a.Target == "ministry":
		return 0.7
	case a.Risk >= 2, puzzling(a):
		return 0.5
	}
	return 0
}

// least is the risk that is thought of a puzzling article.
const least = 1.0

// puzzling reports whether an article says neither ill nor well and is no
// routine news either: most often harm told in words that no list knows.
func puzzling(a Article) bool {
	return a.Tone == "neutral" && !a.Routine && a.Role != "enforcer" && a.Role != "victim"
}

// loud is the odds from which wording alone makes an article one to wonder at.
const loud = 1.0

// grim reports whether an article that reads like everyday news, or like the
// misdeed of others, is told in the words of a crisis of ours all the same.
func (r *Rules) grim(a Article) bool {
	if a.Tone == "positive" || a.Role != "none" && a.Role != "informant" {
		return false
	}
	return r.wording.of(a.text) >= loud
}

// half is what a puzzling article counts against one that plainly tells of harm.
const half = 0.6

// heard is how many newsrooms tell of harm, the puzzling ones by half.
func (e evidence) heard() float64 {
	return float64(len(e.blaming)) + half*float64(len(e.circle())-len(e.blaming))
}

// circle are the newsrooms of harm and of puzzling articles.
func (e evidence) circle() []string { return newsrooms(e.suspect()) }

// suspect are the articles of harm and the puzzling ones.
func (e evidence) suspect() []Article { return append(slices.Clone(e.harm), e.beside...) }

// attention is 1 from so many newsrooms on whose articles nothing routine
// explains; less where some do explain the story.
func (e evidence) attention(enough int) float64 {
	n := len(e.circle())
	if n < 2 {
		return 0
	}
	many := min(1, float64(n-1)/float64(enough-1))
	return many * many * share(len(e.suspect()), len(e.voices))
}

// worded is the mean odds of the voices, the loudest and the mildest clipped; 0
// where nobody spoke.
func (e evidence) worded() float64 {
	sum := 0.0
	for _, o := range e.odds {
		sum += min(2, max(-2, o))
	}
	return sum / max(1, float64(len(e.odds)))
}

// last is when harm was last told: by an article of harm or of a named threat or,
// where there is none, by a puzzling one.
func (e evidence) last() (last time.Time) {
	told := keep(e.voices, func(a Article) bool { return against(a) || slices.Contains(e.warned, a.ID) })
	if len(told) == 0 {
		told = e.beside
	}
	for _, a := range told {
		if a.heard().After(last) {
			last = a.heard()
		}
	}
	return last
}

// policy reports whether a rule is blamed and nobody is named.
func (e evidence) policy() bool {
	rule := 0
	for _, a := range e.harm {
		if a.Target == "policy" && a.Role != "blamed" {
			rule++
		}
	}
	return 2*rule > len(e.harm)
}

func (e evidence) provinces() []string {
	var out []string
	for _, a := range e.harm {
		out = append(out, a.Provinces...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e evidence) spoken() bool {
	return slices.ContainsFunc(e.all, func(a Article) bool { return a.Role == "informant" })
}

// factors are the named numbers of a story with their weights, in a fixed
// order; "bias" is the score of a story nobody told.
func (r *Rules) factors(e evidence) []news.Factor {
	var out []news.Factor
	put := func(name string, value float64, articles []string, quote string) {
		out = append(out, news.Factor{Factor: name, Value: math.Round(value*1000) / 1000, Weight: r.Weights[name], Articles: articles, Quote: quote})
	}
	harm, quote := ids(e.harm), worst(e.harm)
	put("bias", 1, nil, "")
	put("outlets", math.Log2(1+e.heard()), harm, quote)
	put("attention", e.attention(r.gate(puzzled, e.on)), ids(e.suspect()), "")
	central := keep(e.suspect(), func(a Article) bool { return a.Reach == "national" })
	put("central", min(1, float64(len(newsrooms(central)))/3), ids(central), "")
	put("provinces", min(1, max(0, float64(len(e.provinces())-1))/3), harm, strings.Join(e.provinces(), ", "))
	answers := keep(e.voices, func(a Article) bool { return a.Role == "informant" && !against(a) })
	beside := keep(e.beside, func(a Article) bool { return a.Role != "informant" })
	put("tone", share(5*len(e.harm)+3*len(beside), 5*(len(e.voices)-len(answers))), harm, "") // the agency's answer does not make a story milder
	put("risk", mean(e.suspect(), func(a Article) float64 { return max(float64(a.Risk), least) / 3 }), harm, quote)
	put("blame", mean(e.suspect(), blames), harm, "")
	put("wording", e.worded(), ids(e.voices), strings.Join(firsts(e.words, 6), ", "))
	put("rumour", share(len(e.rumour.articles), len(e.voices)), e.rumour.articles, e.rumour.quote)
	others := keep(e.voices, func(a Article) bool { return a.Tone == "negative" && !against(a) })
	put("others", share(len(others), len(others)+len(e.harm)), ids(others), worst(others))
	put("severity", gravest(e.harm)/3, harm, quote)
	put("leaders", sign(len(e.leader.articles)), e.leader.articles, e.leader.quote)
	put("authorities", sign(len(e.acting.articles)), e.acting.articles, e.acting.quote)
	put("speed", min(1, float64(max(0, burst(e.harm)-1))/3), harm, "")
	put("surprise", e.surprise.Value, e.surprise.Articles, e.surprise.Quote)
	put("likeness", e.likeness.Value, e.likeness.Articles, e.likeness.Quote)
	put("copies", min(1, math.Log2(1+float64(len(e.all)-len(e.voices)))/4), nil, "")
	put("doubt", 1-mean(e.suspect(), func(a Article) float64 { return a.Confidence }), harm, "")
	put("official", sign(count(e.all, "informant")), nil, "")
	if e.policy() {
		put("policy", 1, harm, quote)
	}
	if e.threat != nil {
		put("threat:"+e.threat.ID, 1, []string{e.by}, e.quote)
		out[len(out)-1].Weight = r.Weights["threat"]
	}
	return out
}

// burst is the most newsrooms that told of harm for the first time within six hours.
func burst(harm []Article) int {
	first := map[string]bool{}
	var times []time.Time // harm is in order of time, so these are too
	for _, a := range harm {
		if !first[a.Outlet] {
			first[a.Outlet] = true
			times = append(times, a.told())
		}
	}
	most, from := 0, 0
	for to, t := range times {
		for t.Sub(times[from]) > 6*time.Hour {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

// gravest is the severity of the gravest word of title or lead, or the
// communicator's risk where that is more.
func gravest(articles []Article) (most float64) {
	for _, a := range articles {
		most = max(most, float64(a.Risk))
		for _, h := range a.Hits {
			if h.Where != news.Body {
				most = max(most, float64(h.Severity))
			}
		}
	}
	return most
}

// worst quotes the gravest word of title or lead, or else the first title.
func worst(articles []Article) string {
	quote, most := "", 0
	for _, a := range articles {
		for _, h := range a.Hits {
			if h.Severity > most && h.Where != news.Body {
				quote, most = h.Quote, h.Severity
			}
		}
	}
	if quote == "" && len(articles) > 0 {
		quote = articles[0].Title
	}
	return quote
}

func keep(articles []Article, ok func(Article) bool) []Article {
	var out []Article
	for _, a := range articles {
		if ok(a) {
			out = append(out, a)
		}
	}
	return out
}

// firsts is the first n different words of a list.
func firsts(words []string, n int) []string {
	var out []string
	for _, w := range words {
		if len(out) < n && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func ids(articles []Article) []string {
	var out []string
	for _, a := range articles {
		out = append(out, a.ID)
	}
	return out
}

func mean(articles []Article, of func(Article) float64) float64 {
	if len(articles) == 0 {
		return 0
	}
	sum := 0.0
	for _, a := range articles {
		sum += of(a)
	}
	return sum / float64(len(articles))
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func sign(n int) float64 { return float64(min(1, n)) }

func count(articles []Article, role string) (n int) {
	for _, a := range articles {
		if a.Role == role {
			n++
		}
	}
	return n
}
