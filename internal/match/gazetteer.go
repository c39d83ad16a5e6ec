package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/config"
	"diembao/internal/vi"
)

// gazetteer is what is known of one name that may tell a province.
type gazetteer struct {
	slug     string
	name     string // as the pack writes it
	not      bool   // a phrase in which the name is not the place: "Thái Bình Dương"
	alias    bool   // an old or popular name, which firms and houses bear anywhere: "Sài Gòn"
	place    bool   // a district or a hospital, not the province's own name
	needsCue bool   // ambiguous: a word such as "tỉnh" must stand before it
}

func (b *builder) gazetteer(provinces []config.Province) {
	for _, p := range provinces {
		b.place(p.Name, gazetteer{slug: p.ID, name: p.Name, needsCue: p.NeedsCue})
		for _, a := range p.Aliases {
			b.place(a, gazetteer{slug: p.ID, name: a, alias: !headed(a)})
		}
		for _, n := range p.Not {
			b.place(n, gazetteer{slug: p.ID, name: n, not: true})
		}
		for _, pl := range p.Places {
			b.place(pl, gazetteer{slug: p.ID, name: pl, place: true})
		}
	}
}

// headed reports whether an alias says itself that it is a place: "TP.HCM",
// "thành phố Huế".
func headed(alias string) bool {
	key := vi.Key(alias)
	return strings.HasPrefix(key, "tp") || strings.HasPrefix(key, "thành phố") || strings.HasPrefix(key, "tỉnh") || strings.HasPrefix(key, "hcm")
}

// place adds one name once for each province: a unit and its successor of the
// same slug bear the same names.
func (b *builder) place(name string, g gazetteer) {
	key := vi.Key(name) + "\x00" + g.slug
	if b.places[key] {
		return
	}
	b.places[key] = true
	rule := "tên tỉnh, thành: " + g.name
	if g.place {
		rule = "địa danh thuộc tỉnh: " + g.name
	}
	b.put(name, entry{kind: place, what: "province:" + g.slug, rule: rule, place: &g})
}

// Words around a name, in key form. They are the grammar of place names, not
// something a press officer would edit; what is particular to a province
// (not, places, needs_cue) stands in the pack.
var (
	// cues say that the name after them is an administrative unit.
	cues = set("tỉnh", "thành phố", "tp", "t.p", "thủ đô", "bhxh", "bảo hiểm xã hội", "ubnd", "hđnd", "công an", "ở", "tại", "từ", "về",
		"thành ủy", "tỉnh ủy", "mttq", "sở y tế", "sở nội vụ", "sở lao động", "sở", "sở tài chính", "địa bàn", "người dân", "liên đoàn lao động", "quê", "đến", "ra", "vào", "khu vực", "cảng", "cdc",
		"đoàn", "viện kiểm sát", "tand", "tòa án", "thuế", "cục thuế", "kho bạc", "bhxh tỉnh", "dân", "học sinh", "lao động", "công nhân")
	// houses begin the proper name of a house that stands in its province:
	// "Bệnh viện Mắt Sài Gòn Bình Dương" lies in Bình Dương.
	houses = set("bệnh viện", "đa khoa", "y tế", "quân dân y", "phòng khám", "trung tâm", "trường", "đại học", "cao đẳng", "khu công nghiệp", "kcn", "sân bay", "trạm", "viện")
	// roads bear names of provinces and lie anywhere.
	roads = set("đường", "phố", "cầu", "hẻm", "ngõ", "ngã tư", "ngã ba", "giao lộ", "đại lộ", "quốc lộ", "dốc", "chợ", "hồ", "thủy điện", "nhà thờ", "kênh", "báo")
	// wards share the names of provinces since July 2025.
	wards = set("phường", "xã", "thị trấn", "thôn", "ấp", "khu phố", "p", "x")
	// firms and clubs are called after a province and act anywhere.
	firms = set("công ty", "tnhh", "cổ phần", "tập đoàn", "clb", "đội", "fc", "câu lạc bộ", "ngân hàng", "dược", "khách sạn", "nhà máy", "quỹ", "chứng khoán", "điện lực", "thcs", "thpt", "tiểu học", "mầm non", "mẫu giáo")
	// surnames begin the names of most people.
	surnames = set("nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương", "lý", "đinh", "trịnh", "đoàn", "lương", "mai", "tô", "tăng", "cao", "hà", "trương", "lâm", "chu", "tạ", "thái", "quách", "thân")
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[vi.Key(w)] = true
	}
	return m
}

// provinces tells the hits that are places from streets, people, clubs, wards
// and longer names, longest first.
func (m *Matcher) provinces(t *text, hits []hit) []find {
	slices.SortStableFunc(hits, func(a, b hit) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	var out []find
	covered := 0 // words before this one belong to a longer name
	for _, h := range hits {
		e := &m.entries[h.entry]
		if h.to <= covered || !t.named(h) {
			continue
		}
		switch {
		case e.place.not:
			covered = h.to
		case h.from < covered:
		case t.isPlace(h, e.place):
			covered = h.to
			out = append(out, find{h.from, h.to, e.what, e.rule})
		case t.isNamesake(h, e.place):
			covered = h.to
			out = append(out, find{h.from, h.to, "namesake:" + e.place.slug, "công ty, cơ sở mang tên tỉnh: " + e.place.name})
		}
	}
	return out
}

// named reports whether the words of a name are written as a name: each with a
// capital but for "tỉnh", "thành phố" before it, in a text not all capitals.
func (t *text) named(h hit) bool {
	for i := h.from; i < h.to; i++ {
		if !t.capital(i) && !generic[t.tokens[i].Text] && !t.digits(i) {
			return false
		}
	}
	return true
}

// generic words may stand in lower case within a name: "thành phố Huế", "quận 1",
// "bệnh viện Chợ Rẫy".
var generic = set("tỉnh", "thành", "phố", "tp", "thủ", "đô", "quận", "huyện", "thị", "xã", "phường", "bệnh", "viện", "đa", "khoa", "trung", "ương", "tâm", "y", "tế", "khu", "vực")

func (t *text) digits(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.tokens[i].Text)
	return unicode.IsDigit(r)
}

// isPlace weighs the words around a name.
func (t *text) isPlace(h hit, g *gazetteer) bool {
	if g.place {
		return !t.before(h.from, roads)
	}
	if t.before(h.from, wards) || t.before(h.from, roads) && !t.before(h.from, cues) || t.before(h.from, firms) {
		return false
	}
	if t.after(h.to, firms) {
		return false
	}
	cued := t.before(h.from, cues) || t.listed(h) || t.former(h.to)
	if t.caps {
		return cued || !g.needsCue
	}
	if from := t.run(h.from); from < h.from {
		return t.partOf(from, h, cued) && (cued || !g.alias)
	}
	if t.glued(h.to-1) && t.capital(h.to) && !t.before(h.from, cues) {
		return false // the name goes on: "Sài Gòn Tâm Đức", "Hà Nội Mới"
	}
	return cued || !g.needsCue
}

// isNamesake reports whether the name ends the proper name of a firm, which
// may lie there or not: "Công ty … Bình Định" moved to Gia Lai.
func (t *text) isNamesake(h hit, g *gazetteer) bool {
	if g.place || g.needsCue || t.caps || t.glued(h.to-1) && t.capital(h.to) {
		return false
	}
	from := t.run(h.from)
	return from < h.from && !surnames[t.tokens[from].Text] && (t.within(from, h.from, firms) || t.before(from, firms) || t.within(max(from-5, 0), from, firms))
}

// run returns where the row of capitalised words that ends with the name
// begins: "Nguyễn Hòa Bình", "Becamex Bình Dương". The word "TP" before "Huế"
// belongs to the name.
func (t *text) run(from int) int {
	i := from
	for i > 0 && t.glued(i-1) && t.capital(i-1) && i-1 >= from-6 {
		i--
	}
	return i
}

// partOf judges a name that ends a longer row of capitals beginning at word from.
func (t *text) partOf(from int, h hit, cued bool) bool {
	if t.within(from, h.from, firms) || t.before(from, firms) {
		return false
	}
	if t.within(from, h.from, cues) || t.within(from, h.from, houses) || t.before(from, houses) {
		return !(t.glued(h.to-1) && t.capital(h.to)) || t.before(h.from, cues)
	}
	if surnames[t.tokens[from].Text] {
		return false
	}
	return cued || from == 0 && h.from == 1 // "Người Hà Nội …" opens a sentence with a capital
}

// glued reports whether word i and the next stand in one name, with nothing
// but a space between.
func (t *text) glued(i int) bool { return t.between(i) == " " }

// before reports whether one or two words that end right before word i are in
// the list, with no more than space, a dot or a bracket between.
func (t *text) before(i int, list map[string]bool) bool {
	if i == 0 || !joint(t.between(i-1)) {
		return false
	}
	if list[t.tokens[i-1].Text] {
		return true
	}
	if i < 2 || !joint(t.between(i-2)) {
		return false
	}
	if list[t.tokens[i-2].Text+" "+t.tokens[i-1].Text] {
		return true
	}
	if i >= 3 && list[t.tokens[i-3].Text+" "+t.tokens[i-2].Text+" "+t.tokens[i-1].Text] {
		return true
	}
	return i >= 4 && list[t.tokens[i-4].Text+" "+t.tokens[i-3].Text+" "+t.tokens[i-2].Text+" "+t.tokens[i-1].Text]
}

// after reports whether the word at i, right after a name, is in the list.
func (t *text) after(i int, list map[string]bool) bool {
	return i < len(t.tokens) && t.glued(i-1) && list[t.tokens[i].Text]
}

// within reports whether a word, or two, of [from, to) is in the list.
func (t *text) within(from, to int, list map[string]bool) bool {
	for i := from; i < to; i++ {
		if list[t.tokens[i].Text] || i+1 < to && list[t.tokens[i].Text+" "+t.tokens[i+1].Text] {
			return true
		}
	}
	return false
}

func joint(gap string) bool { return gap == " " || gap == "." || gap == ". " || gap == "" }

// listed reports whether the name stands in brackets or in a list of places:
// "(An Giang)", "Hậu Giang, Sóc Trăng", or opens the part: "Cà Mau: …".
func (t *text) listed(h hit) bool {
	left, right := t.between(h.from-1), t.between(h.to-1)
	opens := h.from == 0
	return strings.Contains(left, "(") || strings.HasPrefix(left, ",") && (strings.ContainsAny(right, ",.)") || h.to == len(t.tokens)) || opens && strings.HasPrefix(right, ":")
}

// former reports whether "cũ" or "(cũ)" follows.
func (t *text) former(i int) bool { return i < len(t.tokens) && t.tokens[i].Text == "cũ" }
