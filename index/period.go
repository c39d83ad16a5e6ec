package index

import (
	"strconv"
	"strings"
	"time"

	"diembao/internal/vi"
)

// layouts of a day as people write it, day before month.
var layouts = []string{"2006-01-02", "2/1/2006", "2-1-2006", "2.1.2006"}

// period reads a day, a month, or a span counted from now, in Vietnamese
// time. to is exclusive.
func period(text string, now time.Time) (from, to time.Time, ok bool) {
	text = strings.Join(strings.Fields(vi.Fold(text)), " ")
	now = now.In(home)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, home)
	if from, to, ok = spoken(text, today); ok {
		return from, to, true
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, home); err == nil {
			return t, t.AddDate(0, 0, 1), true
		}
	}
	for _, layout := range []string{"2006-01", "1/2006"} {
		if t, err := time.ParseInLocation(layout, text, home); err == nil {
			return t, t.AddDate(0, 1, 0), true
		}
	}
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return t, t.Add(time.Second), true
	}
	return counted(text, today)
}

// spoken reads today, this week and their like.
func spoken(text string, today time.Time) (from, to time.Time, ok bool) {
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	first := today.AddDate(0, 0, 1-today.Day())
	switch text {
	case "hom nay", "today":
		return today, today.AddDate(0, 0, 1), true
	case "hom qua", "yesterday":
		return today.AddDate(0, 0, -1), today, true
	case "tuan nay", "this week":
		return monday, monday.AddDate(0, 0, 7), true
	case "tuan truoc", "tuan qua", "last week":
		return monday.AddDate(0, 0, -7), monday, true
	case "thang nay", "this month":
		return first, first.AddDate(0, 1, 0), true
	case "thang truoc", "thang qua", "last month":
		return first.AddDate(0, -1, 0), first, true
	case "nam nay", "this year":
		return first.AddDate(0, 1-int(first.Month()), 0), first.AddDate(1, 1-int(first.Month()), 0), true
	}
	return from, to, false
}

// counted reads 7d, 2w, 3m and "7 ngay": so many days up to the end of today.
func counted(text string, today time.Time) (from, to time.Time, ok bool) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 10_000 {
		return from, to, false
	}
	to = today.AddDate(0, 0, 1)
	switch strings.TrimSpace(text[len(digits):]) {
	case "d", "ngay", "days":
		return to.AddDate(0, 0, -n), to, true
	case "w", "tuan", "weeks":
		return to.AddDate(0, 0, -7*n), to, true
	case "m", "thang", "months":
		return to.AddDate(0, -n, 0), to, true
	}
	return from, to, false
}
