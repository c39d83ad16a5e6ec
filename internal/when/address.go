package when

import (
	"regexp"
	"time"
)

var (
	// Tuổi Trẻ, Dân Trí and others: -20250807123929379.htm
	longStamp = regexp.MustCompile(`(?:^|[^\d])(20\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d{0,4}(?:[^\d]|$)`)
	// VCCorp's newer ids: a site number (Thanh Niên 185, CafeF 188, Người Lao Động 196), then yyMMddHHmmss and two to four digits
	siteStamp = regexp.MustCompile(`(?:^|[^\d])[12]\d{2}(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d{2,4}(?:[^\d]|$)`)
	// /2025/08/07/, /2025-08-07/, /20250807/
	dayPath = regexp.MustCompile(`/(20\d{2})[/-]?(\d{2})[/-]?(\d{2})(?:/|-|$)`)
)

// FromAddress reads the stamp that many papers put into an article's address:
// when the piece was first saved, usually minutes before it was published. It
// is the last resort for a date. A path such as /2025/08/07/ gives the day only.
func FromAddress(url string, now time.Time) (Stamp, bool) {
	for _, form := range []*regexp.Regexp{longStamp, siteStamp, dayPath} {
		m := form.FindStringSubmatch(url)
		if m == nil {
			continue
		}
		st, ok := fromGroups(m)
		if ok && InBounds(st.Time, now) {
			return st, true
		}
	}
	return Stamp{}, false
}

func fromGroups(m []string) (Stamp, bool) {
	d := day{year(m[1]), time.Month(num(m[2])), num(m[3])}
	if len(m) < 7 {
		st, ok := d.at(hms{}, "")
		st.DayOnly = true
		return st, ok
	}
	t := hms{h: num(m[4]), m: num(m[5]), s: num(m[6])}
	if t.h > 23 || t.s > 59 {
		return Stamp{}, false
	}
	return d.at(t, "")
}
