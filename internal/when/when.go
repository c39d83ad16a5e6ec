// Package when reads dates as the Vietnamese press writes them, and knows the
// periods and holidays that reports are made for: weeks from Monday, months,
// quarters, half-years, the lunar calendar, Tết, public holidays and working
// days. It is pure: "now" comes in as a value, the same words give the same
// time. Where no zone is written the time is that of Viet Nam (+07:00).
package when

import "time"

// VN is the time zone of Viet Nam, +07:00 all year. A fixed zone: the result
// does not depend on the machine's zone files.
var VN = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Earliest is the first instant accepted as a date of publication. The first
// Vietnamese newspapers on the web are of 1997; a few archives reach further.
var Earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, VN)

// slack is how far ahead of now a date of publication may lie: clocks differ,
// and some outlets announce the hour at which a piece will go out.
const slack = 24 * time.Hour

// InBounds reports whether t can be a date of publication seen at now. A zero
// now sets no upper bound.
func InBounds(t, now time.Time) bool {
	return !t.Before(Earliest) && (now.IsZero() || !t.After(now.Add(slack)))
}

// StartOfDay returns midnight in Viet Nam at the beginning of t's day there.
func StartOfDay(t time.Time) time.Time {
	y, m, d := t.In(VN).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, VN)
}

// Date writes t's day in Viet Nam as dd/mm/yyyy; the zero time as "".
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(VN).Format("02/01/2006")
}

// DateTime writes t in Viet Nam's time as "dd/mm/yyyy 15:04"; the zero time as "".
func DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(VN).Format("02/01/2006 15:04")
}

// weekdays names the days as Vietnamese pages print them, Sunday first.
var weekdays = [...]string{"Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"}

// Weekday names t's day of the week in Vietnamese, e.g. "Thứ bảy".
func Weekday(t time.Time) string { return weekdays[t.In(VN).Weekday()] }
