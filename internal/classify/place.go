package classify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/news"
)

// place tells where it happens: provinces as the text names them, today's
// provinces, offices of the agency, and whether the matter is national.
func (c *Classifier) place(v *view, r *news.Reading) {
	var t tally
	points := map[string]float64{}
	var order []string
	for _, m := range v.all {
		slug, ok := strings.CutPrefix(m.What, "province:")
		if !ok || m.Where == news.Body && len(order) > 0 {
			continue
		}
		if points[slug] == 0 {
			order = append(order, slug)
		}
		w := placeWeight(v, m)
		points[slug] += w
		t.add(w, m.Rule, m)
	}
	if len(order) == 0 {
		order = c.namesakes(v, points, &t)
	}
	for _, slug := range order {
		if points[slug] >= 1 && !c.renamed(v, slug, order) {
			r.Provinces = append(r.Provinces, slug)
		}
	}
	r.Scope = c.scope(v, r)
	if r.Scope == "national" {
		r.Provinces = nil
	}
	for _, slug := range r.Provinces {
		if cur := c.current(slug, v.a); !slices.Contains(r.Current, cur) {
			r.Current = append(r.Current, cur)
		}
	}
	r.Weights = weigh(v, r.Provinces)
	r.Verdicts["provinces"] = t.verdict(r.Provinces, 0.9)
	c.unitsOf(v, r)
}

// mostBody bounds what the body adds to a province's weight: it is long, and
// names places that only come to mind.
const mostBody = 2

// weigh shares an article among its provinces by where and how often each is
// named: in the headline more than in the lead, there more than in the body.
// The sum is 1; nil where there is no province.
func weigh(v *view, provinces []string) map[string]float64 {
	if len(provinces) == 0 {
		return nil
	}
	points, sum := map[string]float64{}, 0.0
	for _, slug := range provinces {
		body := 0.0
		for _, m := range append(slices.Clone(v.by["province:"+slug]), v.by["namesake:"+slug]...) {
			if w := placeWeight(v, m); m.Where == news.Body {
				body += w
			} else {
				points[slug] += w
			}
		}
		points[slug] += min(body, mostBody)
		sum += points[slug]
	}
	shares, left := make(map[string]float64, len(provinces)), 1.0
	for _, slug := range provinces[1:] {
		shares[slug] = round(points[slug] / sum)
		left -= shares[slug]
	}
	shares[provinces[0]] = round(left)
	return shares
}

// renamed reports whether a former province is known only by one of its
// districts while the text names today's province: "Quy Nhơn (Gia Lai)".
func (c *Classifier) renamed(v *view, slug string, order []string) bool {
	now := c.current(slug, v.a)
	if now == slug || !slices.Contains(order, now) {
		return false
	}
	for _, m := range v.by["province:"+slug] {
		if !strings.HasPrefix(m.Rule, "địa danh thuộc tỉnh") {
			return false
		}
	}
	return true
}

// namesakes falls back on firms called after a province, where no place is named.
func (c *Classifier) namesakes(v *view, points map[string]float64, t *tally) []string {
	for _, m := range v.all {
		if slug, ok := strings.CutPrefix(m.What, "namesake:"); ok && m.Where != news.Body {
			points[slug] = 1
			t.add(1, m.Rule, m)
			return []string{slug}
		}
	}
	return nil
}

// placeWeight is what one naming of a province says about where it happens:
// "sau TP.HCM", "như Đồng Nai" only compare.
func placeWeight(v *view, m news.Mention) float64 {
	w := map[news.Part]float64{news.Title: 2, news.Lead: 1, news.Body: 0.4}[m.Where]
	for _, c := range v.by["cue:comparison"] {
		if c.Where == m.Where && c.End < m.Start && m.Start-c.End <= 30 && !strings.ContainsAny(v.text(c.Where)[c.End:m.Start], ";:") && (c.Start > 0) {
			return 0.2
		}
	}
	return w
}

func (v *view) text(p news.Part) string {
	switch p {
	case news.Title:
		return v.a.Title
	case news.Lead:
		return v.a.Lead
	}
	return v.a.Body
}

// current returns today's unit for a slug as named on the article's day.
func (c *Classifier) current(slug string, a news.Article) string {
	units := c.provinces[slug]
	for _, p := range units {
		if config.Covers(p.From, p.To, day(a)) && p.Current != "" {
			return p.Current
		}
	}
	for _, p := range units {
		if p.Current != "" {
			return p.Current
		}
	}
	return slug
}

// scope tells a matter of a few places, houses or companies from one of rules,
// funds or people everywhere.
func (c *Classifier) scope(v *view, r *news.Reading) string {
	var t tally
	for _, slug := range r.Provinces {
		m, _ := v.first("province:" + slug)
		w := 1.5
		if m.Where == news.Title {
			w = 3
		}
		t.add(w, "xảy ra ở một địa phương", m)
	}
	if m, ok := v.first("cue:nationwide"); ok {
		w := -1.0
		if m.Where == news.Title {
			w = -2
		}
		t.add(w, "chuyện của cả nước, của luật, của bộ", m)
	}
	if slices.Contains(r.Topics, policy) {
		t.add(-0.7, "chủ đề chính sách, pháp luật", news.Mention{})
	}
	if m, ok := v.first("cue:local"); ok {
		t.add(2, "một vài tỉnh", m)
	}
	if m, ok := v.single(); ok && !v.asks {
		t.add(1.5, "một đơn vị, một trường hợp", m)
	}
	scope := "national"
	if t.score > 0.5 {
		scope = "local"
	}
	r.Verdicts["scope"] = t.verdict(scope, sure(t.score-0.5))
	return scope
}

// single returns a house, a firm or a person that the text tells of by name:
// one whose name, with a capital, follows.
func (v *view) single() (news.Mention, bool) {
	for _, m := range v.by["cue:single"] {
		if m.Where == news.Body {
			continue
		}
		rest := strings.TrimLeft(v.text(m.Where)[m.End:], " ")
		if r, _ := utf8.DecodeRuneInString(rest); unicode.IsUpper(r) {
			return m, true
		}
	}
	return news.Mention{}, false
}
