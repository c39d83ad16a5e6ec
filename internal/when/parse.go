package when

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Errors of Parse. They wrap into messages that quote the words.
var (
	ErrUnknown     = errors.New("no date that can be read")
	ErrOutOfBounds = errors.New("date outside what can have been published")
)

// longest is how much of a text is looked at: a date line is short, and a page
// that puts a novel there must not cost time.
const longest = 300

// Stamp is a date read from text.
type Stamp struct {
	Time    time.Time // in the zone written, or +07:00
	DayOnly bool      // no time of day was written: Time is midnight
	Zoned   bool      // the zone was written, and can exist
}

// Parse reads the date in s: RFC 3339 with or without fraction, RFC 1123 and
// its variants, Unix seconds or milliseconds, and the forms of Vietnamese
// pages, always day before month: "Thứ bảy, 07/03/2026 08:15 (GMT+7)",
// "08:15 | 05/08/2024", "ngày 5 tháng 8 năm 2024", "2 giờ trước". A bare date
// is midnight in Viet Nam. An offset that no country uses, such as "+07:07",
// is read as +07:00. A date before Earliest or more than a day after now gives
// ErrOutOfBounds, anything else unreadable ErrUnknown.
func Parse(s string, now time.Time) (time.Time, error) {
	st, err := Read(s, now)
	return st.Time, err
}

// Read is Parse that also tells what was written and what was assumed.
func Read(s string, now time.Time) (Stamp, error) {
	text := clean(s)
	for _, read := range readers {
		st, ok := read(text, now)
		if !ok {
			continue
		}
		if !InBounds(st.Time, now) {
			return Stamp{}, fmt.Errorf("%w: %q", ErrOutOfBounds, short(s))
		}
		return st, nil
	}
	return Stamp{}, fmt.Errorf("%w: %q", ErrUnknown, short(s))
}

// readers are tried in order: the unmistakable forms first.
var readers = []func(string, time.Time) (Stamp, bool){readISO, readEpoch, readEnglish, readVietnamese, readAgo}

// clean lowers s, folds its marks and the signs that differ between keyboards.
func clean(s string) string {
	if len(s) > longest {
		s = s[:longest]
	}
	return strings.Join(strings.Fields(signs.Replace(foldMarks(s))), " ")
}

var signs = strings.NewReplacer("\u00a0", " ", "\u200b", "", "–", "-", "—", "-", "−", "-", "|", " | ", "•", " ", "&nbsp;", " ", "&#43;", "+")

func short(s string) string {
	r := []rune(strings.TrimSpace(strings.ToValidUTF8(s, "")))
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return string(r)
}

var (
	iso = regexp.MustCompile(`(?:^|[^\d])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:t|[ ,|-]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?(.*)$`)

	epoch = regexp.MustCompile(`^(?:/date\()?(\d{10}|\d{13})(?:[+-]\d{4})?(?:\)/)?$`)

	// 2 jan 2006, 2-jan-06
	english = regexp.MustCompile(`(?:^|[^\d])(\d{1,2})(?:st|nd|rd|th)?[ -]+(?:of )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[ -]+(\d{4}|\d{2})(?:[^\d]|$)`)
	// jan 2, 2006; and "jan 2 15:04:05 2006" with the year last
	american = regexp.MustCompile(`(?:^|[^a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? +(\d{1,2})(?:st|nd|rd|th)?(?:,? +(\d{4})|( +\d{1,2}:\d{2}:\d{2}[^\d].*?)(\d{4}))(?:[^\d]|$)`)

	slashed = regexp.MustCompile(`(?:^|[^\d./-])(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4}|\d{2})(?:[^\d/]|$)`)
	spelled = regexp.MustCompile(`(?:^|[^\d])(\d{1,2}) ?(?:thang|thg|th) ?(\d{1,2}) ?,? ?(?:nam )?(\d{4})(?:[^\d]|$)`)

	ago = regexp.MustCompile(`^(?:khoang )?(\d{1,3}) (giay|phut|gio|tieng|ngay|tuan|second|minute|hour|day|week)s? (?:truoc|ago)`)

	clock = regexp.MustCompile(`(?:^|[^\d:.,/+-])(\d{1,2}) ?(?::|h|g|gio) ?(\d{2})?(?: ?(?::|phut) ?(\d{2}))?(?:[.,]\d+)? ?(a\.?m|p\.?m|sa|ch|sang|chieu|toi)?(?:[^\d:a-z]|z|$)`)
	zone  = regexp.MustCompile(`(?:(gmt|utc) ?)?([+-])(\d{1,2})(?::?(\d{2}))?(?:[^\d:/]|$)`)
	named = regexp.MustCompile(`\b(ict|gmt|utc|z|est|edt|cst|cdt|mst|mdt|pst|pdt|bst|cet|cest|jst)\b`)
)

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
	"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// names gives zone abbreviations in hours east of Greenwich (RFC 822, and ICT).
var names = map[string]int{
	"ict": 7, "gmt": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
	"mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "jst": 9,
}

func readISO(s string, _ time.Time) (Stamp, bool) {
	m := iso.FindStringSubmatch(s)
	if m == nil {
		return Stamp{}, false
	}
	d := day{num(m[1]), time.Month(num(m[2])), num(m[3])}
	if m[4] == "" {
		return d.with(m[8])
	}
	frac, _ := strconv.ParseFloat("0."+m[7]+"0", 64)
	return d.at(hms{num(m[4]), num(m[5]), num(m[6]), int(frac * 1e9)}, m[8])
}

func readEpoch(s string, _ time.Time) (Stamp, bool) {
	m := epoch.FindStringSubmatch(s)
	if m == nil {
		return Stamp{}, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if len(m[1]) == 10 {
		n *= 1000
	}
	return Stamp{Time: time.UnixMilli(n).In(VN), Zoned: true}, err == nil
}

func readEnglish(s string, _ time.Time) (Stamp, bool) {
	if m := english.FindStringSubmatchIndex(s); m != nil {
		d := day{year(s[m[6]:m[7]]), months[s[m[4]:m[5]]], num(s[m[2]:m[3]])}
		return d.with(s[:m[2]] + " | " + s[m[7]:])
	}
	m := american.FindStringSubmatch(s)
	if m == nil {
		return Stamp{}, false
	}
	before, after, _ := strings.Cut(s, m[0])
	last := m[0][len(m[0])-1:] // the sign behind the year may open a zone or end a clock
	d := day{num(m[3] + m[5]), months[m[1]], num(m[2])}
	return d.with(m[4] + " | " + before + " | " + last + after)
}

func readVietnamese(s string, _ time.Time) (Stamp, bool) {
	for _, form := range []*regexp.Regexp{spelled, slashed} {
		if m := form.FindStringSubmatchIndex(s); m != nil {
			d := day{year(s[m[6]:m[7]]), time.Month(num(s[m[4]:m[5]])), num(s[m[2]:m[3]])}
			if st, ok := d.with(s[:m[2]] + " | " + s[m[7]:]); ok {
				return st, true
			}
		}
	}
	return Stamp{}, false
}

// readAgo reads "2 giờ trước", and "hôm nay", "hôm qua" with a time of day.
func readAgo(s string, now time.Time) (Stamp, bool) {
	if now.IsZero() {
		return Stamp{}, false
	}
	if m := ago.FindStringSubmatch(s); m != nil {
		unit := map[string]time.Duration{
			"giay": time.Second, "second": time.Second, "phut": time.Minute, "minute": time.Minute,
			"gio": time.Hour, "tieng": time.Hour, "hour": time.Hour,
			"ngay": 24 * time.Hour, "day": 24 * time.Hour, "tuan": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour,
		}[m[2]]
		return Stamp{Time: now.In(VN).Add(-time.Duration(num(m[1])) * unit), DayOnly: unit >= 24*time.Hour, Zoned: true}, true
	}
	back := -1
	switch {
	case strings.Contains(s, "hom nay") || strings.HasPrefix(s, "today"):
		back = 0
	case strings.Contains(s, "hom qua") || strings.HasPrefix(s, "yesterday"):
		back = 1
	default:
		return Stamp{}, false
	}
	y, mo, d := now.In(VN).AddDate(0, 0, -back).Date()
	return day{y, mo, d}.with(s)
}

// day is a calendar day as written.
type day struct {
	y int
	m time.Month
	d int
}

type hms struct{ h, m, s, ns int }

// with reads the time of day and the zone that stand in rest.
func (d day) with(rest string) (Stamp, bool) {
	m := clock.FindStringSubmatchIndex(rest)
	if m == nil {
		st, ok := d.at(hms{}, "")
		st.DayOnly = true
		return st, ok
	}
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return rest[m[2*i]:m[2*i+1]]
	}
	t := hms{h: num(group(1)), m: num(group(2)), s: num(group(3))}
	if t.h > 23 || t.m > 59 || t.s > 60 {
		st, ok := d.at(hms{}, "")
		st.DayOnly = true
		return st, ok
	}
	t.h = half(t.h, group(4))
	return d.at(t, rest[m[1]-1:]) // the sign after the clock may begin the zone
}

// half moves an hour to the afternoon where the words after it say so.
func half(h int, words string) int {
	switch strings.ReplaceAll(words, ".", "") {
	case "pm", "ch", "chieu", "toi":
		if h < 12 {
			return h + 12
		}
	case "am", "sa", "sang":
		if h == 12 {
			return 0
		}
	}
	return h
}

// at puts day, time and the zone in tail together; false where the day or the
// time does not exist.
func (d day) at(t hms, tail string) (Stamp, bool) {
	if d.m < 1 || d.m > 12 || d.d < 1 || d.d > 31 || t.h > 24 || t.m > 59 || t.s > 60 {
		return Stamp{}, false
	}
	loc, zoned := zoneOf(tail)
	out := time.Date(d.y, d.m, d.d, t.h, t.m, t.s, t.ns, loc)
	if check := time.Date(d.y, d.m, d.d, 0, 0, 0, 0, loc); check.Day() != d.d {
		return Stamp{}, false // 31/02
	}
	return Stamp{Time: out, Zoned: zoned}, true
}

// zoneOf reads a zone; +07:00 and false where none, or an impossible one, stands.
func zoneOf(s string) (*time.Location, bool) {
	if m := zone.FindStringSubmatch(s); m != nil {
		mins := num(m[3])*60 + num(m[4])
		if m[2] == "-" {
			mins = -mins
		}
		if !possible[mins] {
			return VN, false
		}
		return at(mins), true
	}
	if m := named.FindString(s); m != "" {
		return at(names[m] * 60), true
	}
	return VN, false
}

func at(mins int) *time.Location {
	switch mins {
	case 7 * 60:
		return VN
	case 0:
		return time.UTC
	}
	return time.FixedZone("", mins*60)
}

// possible lists every offset in civil use, in minutes (IANA tz database 2025b).
var possible = func() map[int]bool {
	p := map[int]bool{-570: true, -210: true, -150: true, 210: true, 270: true, 330: true, 345: true,
		390: true, 525: true, 570: true, 630: true, 765: true, 825: true}
	for h := -12; h <= 14; h++ {
		p[h*60] = true
	}
	return p
}()

func num(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // an absent group; the forms admit digits only
	}
	return n
}

// year reads two digits as this century.
func year(s string) int {
	if len(s) == 2 {
		return 2000 + num(s)
	}
	return num(s)
}
