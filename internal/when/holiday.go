package when

import "time"

// Decided is what the Government decides for a year beyond the law: further
// days off, and Saturdays or Sundays to be worked in exchange. Keys are days
// as 2006-01-02. The zero value decides nothing.
type Decided struct {
	Off  map[string]string // day → why
	Work map[string]bool
}

// Holiday names the public holiday of t's day in Viet Nam; "" on other days.
// Source: Labour Code 2019, article 112 (before 2021 that of 2012, article 115,
// without the second day of the National Day), and article 111: a holiday on a
// weekly day of rest is made good on the next working day.
func Holiday(t time.Time) string {
	// Walk through the days before t, counting the holidays that fell on days
	// of rest and the working days already given for them. No run of free days
	// is longer than three weeks.
	owed := 0
	for d := StartOfDay(t).AddDate(0, 0, -21); ; d = d.AddDate(0, 0, 1) {
		name, free := onDay(d), weekend(d)
		last := !d.Before(StartOfDay(t))
		switch {
		case last && name != "":
			return name
		case name != "" && free:
			owed++
		case name == "" && !free && owed > 0:
			owed--
			name = "Nghỉ bù"
		}
		if last {
			return name
		}
	}
}

// onDay names the holiday that the law puts on t's own day.
func onDay(t time.Time) string {
	t = t.In(VN)
	y, m, d := t.Date()
	switch {
	case m == time.January && d == 1:
		return "Tết Dương lịch"
	case m == time.April && d == 30:
		return "Ngày Chiến thắng"
	case m == time.May && d == 1:
		return "Ngày Quốc tế lao động"
	case m == time.September && (d == 2 || y >= 2021 && d == besideNationalDay(y)):
		return "Quốc khánh"
	}
	if l := Lunar(t); l.Month == 3 && l.Day == 10 && !l.Leap {
		return "Giỗ Tổ Hùng Vương"
	}
	if m <= time.February && inTet(t) {
		return "Tết Nguyên đán"
	}
	return ""
}

// inTet reports whether t is one of the five days of Tết. The law leaves their
// place to the Prime Minister, who since 2015 gave the day before the first and four from it
// where that falls on a Monday or Tuesday, else two before and three from it.
func inTet(t time.Time) bool {
	for ahead := 2; ahead >= -3; ahead-- {
		first := StartOfDay(t).AddDate(0, 0, ahead)
		if l := Lunar(first); l.Month != 1 || l.Day != 1 || l.Leap {
			continue
		}
		if w := first.Weekday(); w == time.Monday || w == time.Tuesday {
			return ahead <= 1 && ahead >= -3
		}
		return ahead >= -2
	}
	return false
}

// besideNationalDay is the second day off at the National Day, the day before
// or after, as decided for 2021 to 2026: the one that joins the weekend.
func besideNationalDay(year int) int {
	switch time.Date(year, time.September, 2, 0, 0, 0, 0, VN).Weekday() {
	case time.Monday, time.Thursday, time.Sunday:
		return 3
	}
	return 1
}

func weekend(t time.Time) bool {
	w := t.In(VN).Weekday()
	return w == time.Saturday || w == time.Sunday
}

// WorkingDay reports whether offices work on t's day: Monday to Friday without
// public holidays, as decided.
func WorkingDay(t time.Time, by Decided) bool {
	key := t.In(VN).Format(time.DateOnly)
	switch {
	case by.Work[key]:
		return true
	case by.Off[key] != "":
		return false
	}
	return !weekend(t) && Holiday(t) == ""
}

// AddWorkingDays returns t's time of day n working days later; n is not negative.
func AddWorkingDays(t time.Time, n int, by Decided) time.Time {
	t = t.In(VN)
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if WorkingDay(t, by) {
			n--
		}
	}
	return t
}

// WorkingDays counts the working days of p.
func WorkingDays(p Period, by Decided) int {
	n := 0
	for d := p.From; d.Before(p.To); d = d.AddDate(0, 0, 1) {
		if WorkingDay(d, by) {
			n++
		}
	}
	return n
}
