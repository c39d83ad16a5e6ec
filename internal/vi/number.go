package vi

import (
	"strconv"
	"strings"
)

// maxChain bounds how many digit groups are looked at together; a longer
// chain is a telephone list or a table, not a number.
const maxChain = 8

// number reads digits, and what belongs to them: groups of three, a decimal
// part, or the other parts of a date.
func (c *cutter) number() Token {
	start := c.i
	c.digits()
	t := Token{c.s[start:c.i], start, c.i}
	if start < c.single {
		return t
	}
	ends, seps := chain(c.s, start)
	if len(seps) == 0 {
		return t
	}
	whole := c.s[start:ends[len(ends)-1]]
	text := ""
	switch {
	case uniform(seps, '/') || uniform(seps, '-'):
		if !joins(c.s, start, ends[len(ends)-1]) {
			text = date(strings.FieldsFunc(whole, func(r rune) bool { return r == rune(seps[0]) }), seps[0])
		}
	default:
		text = amount(whole, seps)
	}
	if text == "" {
		c.single = ends[len(ends)-1]
		return t
	}
	c.i = ends[len(ends)-1]
	return Token{text, start, c.i}
}

func (c *cutter) digits() {
	for c.i < len(c.s) && digit(c.s[c.i]) {
		c.i++
	}
}

// chain follows digits joined by . , / or - from start: the end of each group
// and the signs between them.
func chain(s string, start int) (ends []int, seps []byte) {
	for i := start; len(ends) < maxChain; i++ {
		for i < len(s) && digit(s[i]) {
			i++
		}
		ends = append(ends, i)
		if i+1 >= len(s) || !strings.ContainsRune(".,/-", rune(s[i])) || !digit(s[i+1]) {
			return ends, seps
		}
		seps = append(seps, s[i])
	}
	return ends, seps[:len(ends)-1]
}

func uniform(seps []byte, sep byte) bool {
	for _, s := range seps {
		if s != sep {
			return false
		}
	}
	return true
}

// joins reports whether a slash or hyphen ties the digits to something on
// either side, as in 188/2025/NĐ-CP: then they are no date.
func joins(s string, start, end int) bool {
	tied := func(at int) bool { return s[at] == '/' || s[at] == '-' && at >= end }
	return start > 0 && tied(start-1) || end+1 < len(s) && tied(end) && wordStarts(s[end+1:])
}

// date gives d/m/y, d/m or m/y without leading zeros, or "" if parts are no
// date. With hyphens a year is required: 5-10 is a range more often.
func date(parts []string, sep byte) string {
	n := make([]int, len(parts))
	for i, p := range parts {
		if len(p) > 4 {
			return ""
		}
		n[i], _ = strconv.Atoi(p) // only digits, at most four
	}
	year := func(i int) bool { return len(parts[i]) == 4 && n[i] >= 1900 && n[i] < 2200 }
	day := func(i int) bool { return n[i] >= 1 && n[i] <= 31 && len(parts[i]) <= 2 }
	month := func(i int) bool { return n[i] >= 1 && n[i] <= 12 && len(parts[i]) <= 2 }
	switch {
	case len(n) == 3 && year(0) && month(1) && day(2): // 2026-07-01
		n[0], n[2] = n[2], n[0]
	case len(n) == 3 && day(0) && month(1) && year(2):
	case len(n) == 2 && sep == '/' && day(0) && month(1):
	case len(n) == 2 && month(0) && year(1):
	default:
		return ""
	}
	out := strconv.Itoa(n[0])
	for _, part := range n[1:] {
		out += "/" + strconv.Itoa(part)
	}
	return out
}

// amount ungroups 1.500.000 and 1,500,000, and writes decimals with a comma:
// 4.5 → 4,5. One group after a point is a Vietnamese thousand (1.500 → 1500);
// after a comma it is a decimal. A date with points is a date. "" if none fits.
func amount(whole string, seps []byte) string {
	groups := strings.FieldsFunc(whole, func(r rune) bool { return !digit(byte(r)) })
	if len(seps) == 2 && uniform(seps, '.') {
		if d := date(groups, '.'); d != "" && len(groups[2]) == 4 {
			return d
		}
	}
	lead := len(seps) // how many separators group thousands
	if len(seps) > 1 && seps[len(seps)-1] != seps[0] {
		lead-- // the last one is the decimal sign: 1.500,5
	} else if len(seps) == 1 && !(seps[0] == '.' && grouped(groups)) {
		lead = 0
	}
	if lead > 0 && (!grouped(groups[:lead+1]) || !uniform(seps[:lead], seps[0]) || seps[0] != '.' && seps[0] != ',') {
		return ""
	}
	out := strings.Join(groups[:lead+1], "")
	if lead == len(seps) {
		return out
	}
	if last := seps[len(seps)-1]; last != '.' && last != ',' {
		return ""
	}
	return out + "," + groups[lead+1]
}

// grouped reports whether groups are thousands: one to three digits, not
// starting with 0, then threes.
func grouped(groups []string) bool {
	if len(groups[0]) > 3 || groups[0][0] == '0' {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}
