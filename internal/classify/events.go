package classify

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// mostEvents is how many events of one article are kept.
const mostEvents = 8

// events finds the direct communication a text tells of: what kind, where, on
// which day, with how many people. In the body an event counts only where its
// sentence names an insurance. What was called off is no event.
func (c *Classifier) events(v *view, r *news.Reading) {
	for _, m := range v.all {
		kind, ok := strings.CutPrefix(m.What, "event:")
		if !ok || len(r.Events) == mostEvents || v.longerAt(m, "event:") {
			continue
		}
		s := v.sentence(m)
		if m.Where == news.Body && !v.insured(m.Where, s) || v.justBefore("cue:cancelled", m, s) || v.unheld(kind, m, s) {
			continue
		}
		e := c.event(v, r, kind, m, s)
		if i := sameEvent(r.Events, e); i >= 0 {
			r.Events[i] = completed(r.Events[i], e)
			r.Events[i].Planned = r.Events[i].Planned || ahead(r.Events[i], day(v.a))
		} else {
			r.Events = append(r.Events, e)
		}
	}
	r.Events = once(r.Events)
	if len(r.Events) == 0 {
		return
	}
	var t tally
	var kinds []string
	for _, e := range r.Events {
		kinds = append(kinds, e.Kind)
		t.reasons = append(t.reasons, news.Reason{Rule: c.tells(e), Where: e.Where, Quote: e.Quote, Weight: 1})
	}
	r.Verdicts["events"] = t.verdict(unique(kinds), 0.8)
}

func (c *Classifier) event(v *view, r *news.Reading, kind string, m news.Mention, s vi.Span) news.Event {
	text := v.text(m.Where)
	e := news.Event{Kind: kind, Count: countBefore(text[s.Start:m.Start]), Where: m.Where, Quote: shown(text[s.Start:s.End])}
	e.Planned = v.justBefore("cue:planned", m, s)
	e.Province = v.provinceIn(m.Where, s, m.Start, r)
	if e.Place = c.venue(text[m.End:s.End]); e.Place == "" {
		e.Place = c.venue(text[s.Start:m.Start])
	}
	e.People = v.attended(m, s)
	if d, ok := dayIn(text[s.Start:s.End], day(v.a).In(config.VN)); ok {
		e.Day = d.Format(time.DateOnly)
	}
	e.Planned = e.Planned || ahead(e, day(v.a))
	return e
}

// ahead reports whether an event's day comes after the article's own.
func ahead(e news.Event, told time.Time) bool {
	return !told.IsZero() && e.Day > told.In(config.VN).Format(time.DateOnly)
}

// Words around an event that tell of none that was held: what should be done,
// what a rule knows by that name, whom to ring for advice.
var (
	wished  = regexp.MustCompile(`(?i)(?:^|[\s,])(?:hằng năm|hàng năm|nên|cần|phải|sẵn sàng|muốn|mong|đề nghị|kiến nghị|yêu cầu|khuyến khích|tăng cường|đẩy mạnh|thông qua|hình thức|các|những|nghị quyết|như)\s+(?:\S+\s+){0,2}$`)
	general = regexp.MustCompile(`^\s+(?:\S+\s+)?(?:định kỳ|hằng năm|hàng năm|người lao động|cán bộ, công chức|tại nơi làm việc)`)
	contact = regexp.MustCompile(`(?i)liên hệ|hotline|tổng đài|số điện thoại|e-?mail`)
)

// unheld reports whether the words around an event say that none is told of.
func (v *view) unheld(kind string, m news.Mention, s vi.Span) bool {
	text := v.text(m.Where)
	if wished.MatchString(text[s.Start:m.Start]) && v.attended(m, s) == 0 {
		return true
	}
	return general.MatchString(text[m.End:s.End]) || inVerb(text[m.End:s.End]) || kind == "advice" && contact.MatchString(text[s.Start:s.End])
}

// inVerb reports whether what follows makes "hội nghị", "hội thảo" the halves of
// two other words: "Quốc hội thảo luận", "Quốc hội nghị quyết".
func inVerb(after string) bool {
	return strings.HasPrefix(after, " luận") || strings.HasPrefix(after, " quyết")
}

// once drops a conference of which only the name is told where the article
// tells another event too: it is that one, "tại hội nghị".
func once(all []news.Event) []news.Event {
	if len(all) < 2 {
		return all
	}
	named := slices.ContainsFunc(all, func(e news.Event) bool { return e.Kind != bareKind || !bare(e) })
	kept := slices.DeleteFunc(slices.Clone(all), func(e news.Event) bool { return e.Kind == bareKind && bare(e) && named })
	return kept
}

// bareKind is the kind whose name stands for any other.
const bareKind = "conference"

func bare(e news.Event) bool { return e.Day == "" && e.People == 0 && e.Count == 1 }

// justBefore reports whether something stands before a mention in its
// sentence, with at most a few words between.
func (v *view) justBefore(what string, m news.Mention, s vi.Span) bool {
	for _, o := range v.inside(what, m.Where, vi.Span{Start: s.Start, End: m.Start}) {
		if len(strings.Fields(v.text(m.Where)[o.End:m.Start])) <= 4 {
			return true
		}
	}
	return false
}

// atPlace is the place after "tại", "ở": up to the end of the clause; "tồn tại",
// "nhà ở" name none.
var atPlace = regexp.MustCompile(`(?:^|(\S+)\s)(?:tại|ở)\s+((?:[^,;:.!?()“”"\n]|TP\.|Q\.|P\.){3,60})`)

// beyond is where the words of a place end and the clause goes on.
var beyond = regexp.MustCompile(`\s(?:ngày|sáng|chiều|tối|trưa|vào|do|với|để|diễn|nhằm|trong|cho|đã|sẽ|vừa|tăng|Tại|từ|của|và|là|thu hút|có|được)(?:\s|$)`)

// noPlace begins what stands after "tại" and is no place.
var noPlace = regexp.MustCompile(`(?i)^(?:hội nghị|hội thảo|tọa đàm|toạ đàm|buổi|lễ|cuộc|đây|phiên|kỳ họp|sự kiện|chương trình|các|những|nhiều|một số|mỗi|từng|khoản|điều|thông tư|nghị định|luật|quyết định|tổ|việt nam|nước ta)(?:\s|$)`)

// venue is where an event takes place, as written; a province alone is none.
func (c *Classifier) venue(s string) string {
	m := atPlace.FindStringSubmatch(s)
	if m == nil || noPlace.MatchString(m[2]) || slices.Contains([]string{"tồn", "hiện", "thực", "nhà", "nơi", "chỗ"}, strings.ToLower(m[1])) {
		return ""
	}
	if end := beyond.FindStringIndex(m[2]); end != nil {
		m[2] = m[2][:end[0]]
	}
	words := strings.Fields(m[2])
	if len(words) > 10 {
		words = words[:10]
	}
	named := false
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		named = named || unicode.IsUpper(r)
	}
	out := strings.Trim(strings.Join(words, " "), "'‘’–- ")
	if !named || c.provinceAlone(out) { // "ở nhiều nơi"
		return ""
	}
	return out
}

// provinceAlone reports whether a place is a province and nothing more: "TP. HCM".
func (c *Classifier) provinceAlone(place string) bool {
	bare := strings.NewReplacer(" ", "", ".", "").Replace
	for _, units := range c.provinces {
		for _, p := range units {
			if slices.ContainsFunc(append([]string{p.Name}, p.Aliases...), func(name string) bool { return bare(name) == bare(place) }) {
				return true
			}
		}
	}
	return false
}

// joined is a number of people: "hơn 300 đại biểu", "với 1.200 người tham dự".
var joined = regexp.MustCompile(`(?:^|[^\p{L}\p{N}/.,-])` + written + `\s+$`)

// attended is the largest number of people in the sentence of an event or in
// the one after it.
func (v *view) attended(m news.Mention, s vi.Span) int {
	text := v.text(m.Where)
	if rest := strings.TrimLeft(text[s.End:], " \n"); rest != "" {
		from := len(text) - len(rest)
		next := v.sentence(news.Mention{Where: m.Where, Start: from, End: from + 1})
		if opens := strings.ToLower(text[next.Start:min(len(text), next.Start+12)]); strings.HasPrefix(opens, "tham dự") || strings.HasPrefix(opens, "tham gia") || strings.HasPrefix(opens, "dự ") {
			s.End = next.End
		}
	}
	most := 0
	for _, p := range v.inside("cue:attended", m.Where, s) {
		n := joined.FindStringSubmatch(text[max(s.Start, p.Start-farthestNumber):p.Start])
		if n == nil {
			continue
		}
		if lead := text[s.Start : p.Start-len(n[0])]; strings.HasSuffix(lead, "đại diện") || strings.HasSuffix(lead, "trong số") {
			continue // they stand for those
		}
		if x := value(n[1], n[2]); x >= 5 && x < 1e6 && int(x) > most {
			most = int(x)
		}
	}
	return most
}

// dated is a day as the press writes it in a sentence.
var dated = regexp.MustCompile(`(\S+\s+)?(?:[Nn]gày|[Ss]áng|[Cc]hiều|[Tt]ối|[Tt]rưa)\s+(?:nay\s*)?\(?(?:ngày\s+)?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?`)

// limits stand before a day on which nothing was held: it begins or ends a time.
var limits = []string{"từ", "đến", "trước", "sau", "hết", "tới", "kể", "lực"}

// today is how a paper says "on the day this came out".
var today = regexp.MustCompile(`(?:[Ss]áng|[Cc]hiều|[Tt]ối|[Hh]ôm) nay`)

// dayIn reads the day of an event; a day without a year is the one nearest to
// the article's own.
func dayIn(s string, published time.Time) (time.Time, bool) {
	var m []string
	for _, found := range dated.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(limits, strings.ToLower(strings.TrimSpace(found[1]))) {
			m = found
			break
		}
	}
	if m == nil {
		return published, today.MatchString(s) && !published.IsZero()
	}
	d, errDay := strconv.Atoi(m[2])
	mon, errMonth := strconv.Atoi(m[3])
	year, errYear := strconv.Atoi(m[4])
	if errDay != nil || errMonth != nil || mon < 1 || mon > 12 || d < 1 {
		return time.Time{}, false
	}
	if errYear != nil {
		if published.IsZero() {
			return time.Time{}, false
		}
		year = published.Year()
		if at := time.Date(year, time.Month(mon), d, 0, 0, 0, 0, published.Location()); at.Sub(published) > 183*24*time.Hour {
			year--
		} else if published.Sub(at) > 183*24*time.Hour {
			year++
		}
	}
	at := time.Date(year, time.Month(mon), d, 0, 0, 0, 0, time.UTC)
	return at, at.Day() == d
}

// sameEvent finds an event of the same kind that contradicts nothing of e.
func sameEvent(known []news.Event, e news.Event) int {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	for i, k := range known {
		if k.Kind == e.Kind && !differ(k.Day, e.Day) && !differ(k.Province, e.Province) && (k.Count == e.Count || k.Count == 1 && k.Day == "" || e.Count == 1) {
			return i
		}
	}
	return -1
}

// completed fills what the first telling of an event left open.
func completed(e, more news.Event) news.Event {
	if e.Day == "" && more.Day != "" {
		e.Day, e.Where, e.Quote = more.Day, more.Where, more.Quote
	}
	if e.Province == "" {
		e.Province = more.Province
	}
	if e.Place == "" {
		e.Place = more.Place
	}
	if more.Planned && !e.Planned {
		return e // what is still to come adds no number to what was held
	}
	e.Count, e.People, e.Planned = max(e.Count, more.Count), max(e.People, more.People), e.Planned && more.Planned
	return e
}

// tells says an event in a line.
func (c *Classifier) tells(e news.Event) string {
	out := e.Kind
	for _, s := range c.kinds {
		if s.ID == e.Kind {
			out = s.Label
		}
	}
	if e.Count > 1 {
		out += fmt.Sprintf(" × %d", e.Count)
	}
	if e.Planned {
		out += " (dự kiến)"
	}
	if d, err := time.Parse(time.DateOnly, e.Day); err == nil {
		out += " · " + d.Format("02/01/2006")
	}
	if e.Place != "" {
		out += " · " + e.Place
	}
	if units := c.provinces[e.Province]; len(units) > 0 {
		out += " · " + units[0].Name
	}
	if e.People > 0 {
		out += fmt.Sprintf(" · %d người", e.People)
	}
	return out
}

// unique keeps the first of each.
func unique(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}
