package match

import (
	"slices"
	"strings"
	"time"

	"diembao/config"
	"diembao/internal/vi"
)

// offices adds the names of the agency's offices. One name may have been borne
// by several offices in turn: the day of the article tells which.
func (b *builder) offices(units []config.Unit) {
	for i, u := range units {
		b.m.ids[u.ID] = i
		for _, slug := range u.Area {
			b.m.areas[slug] = append(b.m.areas[slug], i)
		}
		for _, name := range append([]string{u.Name}, u.Aliases...) {
			b.office(name, i)
		}
	}
}

func (b *builder) office(name string, unitIndex int) {
	key := vi.Key(name)
	if n, ok := b.units[key]; ok {
		for _, words := range forms(name) { // the forms were added in this order
			b.m.entries[n].unit = append(b.m.entries[n].unit, unitIndex)
			_ = words
			n++
		}
		return
	}
	b.units[key] = int32(len(b.m.entries))
	b.put(name, entry{kind: unit, rule: "đơn vị: " + name, unit: []int{unitIndex}})
}

// offices finds the offices of the agency: by their own names, and as the
// agency's name followed by a province ("BHXH Khánh Hòa", "Bảo hiểm xã hội tỉnh Cà Mau").
func (m *Matcher) offices(t *text, hits []hit, finds []find, day time.Time) []find {
	var out []find
	for _, h := range hits {
		if e := &m.entries[h.entry]; e.kind == unit && t.named(h) {
			if u := m.valid(e.unit, day); u >= 0 {
				out = append(out, find{h.from, h.to, "unit:" + m.units[u].ID, e.rule})
			}
		}
	}
	for _, f := range finds {
		slug, ok := strings.CutPrefix(f.what, "province:")
		if !ok {
			continue
		}
		from, ok := t.agencyBefore(f.from)
		if !ok {
			continue
		}
		out = append(out, find{from, f.to, "agency", "tên cơ quan BHXH kèm tên tỉnh, thành"})
		if u := m.valid(m.areas[slug], day); u >= 0 {
			out = append(out, find{from, f.to, "unit:" + m.units[u].ID, "đơn vị: " + m.units[u].Name})
		}
	}
	slices.SortFunc(out, func(a, b find) int { return strings.Compare(a.what, b.what)*1000000 + (a.from - b.from) })
	return slices.CompactFunc(out, func(a, b find) bool { return a.what == b.what && a.from == b.from })
}

// paid is words after which "BHXH" is the insurance, not its agency: "đóng
// BHXH cho biết" is what the insured say.
var paid = set("đóng", "nợ", "gia", "hưởng", "rút", "cấp", "độ", "luật", "quỹ", "sổ", "mức", "tiền", "mua", "nhận", "lãnh", "phí", "sách", "trốn", "nộp")

// insured reports whether the word before word i says so.
func (t *text) insured(i int) bool { return i > 0 && t.glued(i-1) && paid[t.tokens[i-1].Text] }

// agencyBefore reports whether the agency's name stands right before word i,
// with no more than "tỉnh", "TP", "quận" between, and where it begins.
func (t *text) agencyBefore(i int) (int, bool) {
	for back := 0; back < 3 && i > 0; back++ {
		if !joint(t.between(i - 1)) {
			return 0, false
		}
		w := t.tokens[i-1].Text
		if w == "bhxh" {
			return i - 1, !t.insured(i - 1)
		}
		if w == "hội" && i >= 4 && t.tokens[i-4].Text == "bảo" && t.tokens[i-3].Text == "hiểm" && t.tokens[i-2].Text == "xã" {
			return i - 4, !t.insured(i - 4)
		}
		if !generic[w] {
			return 0, false
		}
		i--
	}
	return 0, false
}

// valid returns which of the offices stood on the day; of those gone, the
// successor of the one that came last, where that stood then, else that one:
// "BHXH Bình Dương" in August 2025 is the office that took it over; -1 where
// there is none.
func (m *Matcher) valid(units []int, day time.Time) int {
	best := -1
	for _, u := range units {
		c := m.units[u]
		if config.Covers(c.From, c.To, day) && (c.Kind == "province" || best < 0) {
			best = u
		}
	}
	if best >= 0 || len(units) == 0 {
		return best
	}
	last := units[len(units)-1]
	gone := m.units[last]
	if !gone.To.IsZero() && day.After(gone.To.Time) && gone.Current != "" {
		if heir, ok := m.ids[gone.Current]; ok && config.Covers(m.units[heir].From, m.units[heir].To, day) {
			return heir
		}
	}
	return last
}
