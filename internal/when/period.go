package when

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Kind is the length of a period.
type Kind string

// The periods reports are made for.
const (
	Daily    Kind = "day"
	Weekly   Kind = "week" // Monday to Sunday, numbered as ISO 8601 does
	Monthly  Kind = "month"
	Quarter  Kind = "quarter"
	HalfYear Kind = "half-year"
	Yearly   Kind = "year"
	Span     Kind = "span" // any run of days
)

// Period is a run of whole days in Viet Nam: From is the first midnight in it,
// To the first midnight after it.
type Period struct {
	Kind Kind
	From time.Time
	To   time.Time
}

// Of returns the period of that kind that t falls in. A Span is t's day.
func Of(kind Kind, t time.Time) Period {
	day := StartOfDay(t)
	y, m, _ := day.Date()
	first := func(month time.Month, length int) Period {
		return Period{kind, time.Date(y, month, 1, 0, 0, 0, 0, VN), time.Date(y, month+time.Month(length), 1, 0, 0, 0, 0, VN)}
	}
	switch kind {
	case Weekly:
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		return Period{kind, monday, monday.AddDate(0, 0, 7)}
	case Monthly:
		return first(m, 1)
	case Quarter:
		return first((m-1)/3*3+1, 3)
	case HalfYear:
		return first((m-1)/6*6+1, 6)
	case Yearly:
		return first(1, 12)
	}
	return Period{kind, day, day.AddDate(0, 0, 1)}
}

// Between is the Span from the day of first to the day of last, both included.
func Between(first, last time.Time) Period {
	return Period{Span, StartOfDay(first), StartOfDay(last).AddDate(0, 0, 1)}
}

// Contains reports whether t falls in p.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Days is the length of p in days.
func (p Period) Days() int { return int(p.To.Sub(p.From).Hours()) / 24 } // no clock changes in Viet Nam since 1975

// Last is the last day of p.
func (p Period) Last() time.Time { return p.To.AddDate(0, 0, -1) }

// Prev is the period of the same kind, or of the same length, before p.
func (p Period) Prev() Period {
	if p.Kind == Span {
		return Period{Span, p.From.AddDate(0, 0, -p.Days()), p.From}
	}
	return Of(p.Kind, p.From.AddDate(0, 0, -1))
}

// Next is the period of the same kind, or of the same length, after p.
func (p Period) Next() Period {
	if p.Kind == Span {
		return Period{Span, p.To, p.To.AddDate(0, 0, p.Days())}
	}
	return Of(p.Kind, p.To)
}

// String writes p as ParsePeriod reads it: 2026-07-06, 2026-W28, 2026-07,
// 2026-Q3, 2026-H2, 2026, 2026-07-06..2026-07-09.
func (p Period) String() string {
	switch p.Kind {
	case Daily:
		return p.From.Format(time.DateOnly)
	case Weekly:
		y, w := p.From.ISOWeek()
		return fmt.Sprintf("%d-W%02d", y, w)
	case Monthly:
		return p.From.Format("2006-01")
	case Quarter:
		return fmt.Sprintf("%d-Q%d", p.From.Year(), (p.From.Month()+2)/3)
	case HalfYear:
		return fmt.Sprintf("%d-H%d", p.From.Year(), (p.From.Month()+5)/6)
	case Yearly:
		return p.From.Format("2006")
	}
	return p.From.Format(time.DateOnly) + ".." + p.Last().Format(time.DateOnly)
}

// Range writes the days of p as "06/07/2026–12/07/2026", one day as itself.
func (p Period) Range() string {
	if p.Days() == 1 {
		return Date(p.From)
	}
	return Date(p.From) + "–" + Date(p.Last())
}

// relative gives the periods named by words, folded: kind and steps back.
var relative = map[string]struct {
	kind Kind
	back int
}{
	"hom nay": {Daily, 0}, "today": {Daily, 0}, "hom qua": {Daily, 1}, "yesterday": {Daily, 1},
	"tuan nay": {Weekly, 0}, "this week": {Weekly, 0}, "tuan truoc": {Weekly, 1}, "tuan qua": {Weekly, 1}, "last week": {Weekly, 1},
	"thang nay": {Monthly, 0}, "this month": {Monthly, 0}, "thang truoc": {Monthly, 1}, "thang qua": {Monthly, 1}, "last month": {Monthly, 1},
	"quy nay": {Quarter, 0}, "this quarter": {Quarter, 0}, "quy truoc": {Quarter, 1}, "last quarter": {Quarter, 1},
	"nua nam nay": {HalfYear, 0}, "nua nam truoc": {HalfYear, 1}, "this half-year": {HalfYear, 0}, "last half-year": {HalfYear, 1},
	"nam nay": {Yearly, 0}, "this year": {Yearly, 0}, "nam truoc": {Yearly, 1}, "nam ngoai": {Yearly, 1}, "last year": {Yearly, 1},
}

var (
	isoPeriod = regexp.MustCompile(`^(\d{4})(?:-?(w|q|h)(\d{1,2})|-(\d{2}))?$`)
	vnPeriod  = regexp.MustCompile(`^(tuan|thang|quy|nua nam|nam) ?(\d{1,4}|i|ii|iii|iv)?(?:(?:/| nam |-| )(\d{4}))?$`)
	halves    = regexp.MustCompile(`^(?:6 thang|nua) (dau|cuoi) nam(?: (\d{4}))?$`)
	lastDays  = regexp.MustCompile(`^(\d{1,3}) ?(?:d|days|ngay)(?: qua)?$`)
)

// ParsePeriod reads a period: what String writes; "7d", the last seven days
// with today; "tuần này", "tháng trước", "hôm qua"; "tuần 28/2026", "tháng
// 7/2026", "quý III/2026", "6 tháng đầu năm 2026"; a day as Parse reads it; two
// days with ".." between them. The error says which forms there are.
func ParsePeriod(s string, now time.Time) (Period, error) {
	text := clean(s)
	if r, ok := relative[text]; ok {
		p := Of(r.kind, now)
		for range r.back {
			p = p.Prev()
		}
		return p, nil
	}
	for _, read := range []func(string, time.Time) (Period, bool){periodISO, periodVN, periodHalf, periodDays, periodSpan} {
		if p, ok := read(text, now); ok {
			return p, nil
		}
	}
	return Period{}, fmt.Errorf("%q is not a period; write 2026-07-06, 2026-W28, 2026-07, 2026-Q3, 2026-H1, 2026, 7d, 2026-07-06..2026-07-09, \"tuần này\" or \"tháng trước\"", short(s))
}

func periodISO(s string, _ time.Time) (Period, bool) {
	m := isoPeriod.FindStringSubmatch(s)
	if m == nil {
		return Period{}, false
	}
	y := num(m[1])
	switch {
	case m[2] != "":
		return numbered(map[string]Kind{"w": Weekly, "q": Quarter, "h": HalfYear}[m[2]], y, num(m[3]))
	case m[4] != "":
		return numbered(Monthly, y, num(m[4]))
	}
	return numbered(Yearly, y, 1)
}

// numbered is the nth period of a kind in a year; false where there is none.
func numbered(kind Kind, y, n int) (Period, bool) {
	if y < 1900 || y > 2200 || n < 1 {
		return Period{}, false
	}
	day := func(month int) Period { return Of(kind, time.Date(y, time.Month(month), 1, 0, 0, 0, 0, VN)) }
	switch {
	case kind == Weekly && n <= 53:
		p := Of(Weekly, time.Date(y, 1, 4, 0, 0, 0, 0, VN).AddDate(0, 0, 7*(n-1))) // 4 January is always in week 1
		got, _ := p.From.ISOWeek()
		return p, got == y
	case kind == Monthly && n <= 12:
		return day(n), true
	case kind == Quarter && n <= 4:
		return day(3*n - 2), true
	case kind == HalfYear && n <= 2:
		return day(6*n - 5), true
	case kind == Yearly && n == 1:
		return day(1), true
	}
	return Period{}, false
}

var roman = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4}

func periodVN(s string, now time.Time) (Period, bool) {
	m := vnPeriod.FindStringSubmatch(s)
	if m == nil || m[2] == "" {
		return Period{}, false
	}
	n, y := num(m[2]), now.In(VN).Year()
	if r, ok := roman[m[2]]; ok {
		n = r
	}
	if m[3] != "" {
		y = num(m[3])
	}
	kind := map[string]Kind{"tuan": Weekly, "thang": Monthly, "quy": Quarter, "nua nam": HalfYear, "nam": Yearly}[m[1]]
	if kind == Yearly {
		return numbered(Yearly, n, 1)
	}
	return numbered(kind, y, n)
}

func periodHalf(s string, now time.Time) (Period, bool) {
	m := halves.FindStringSubmatch(s)
	if m == nil {
		return Period{}, false
	}
	y, n := now.In(VN).Year(), 1
	if m[2] != "" {
		y = num(m[2])
	}
	if m[1] == "cuoi" {
		n = 2
	}
	return numbered(HalfYear, y, n)
}

func periodDays(s string, now time.Time) (Period, bool) {
	m := lastDays.FindStringSubmatch(s)
	if m == nil || num(m[1]) == 0 {
		return Period{}, false
	}
	return Between(now.AddDate(0, 0, 1-num(m[1])), now), true
}

func periodSpan(s string, _ time.Time) (Period, bool) {
	a, b, two := strings.Cut(s, "..")
	if !two {
		a, b = s, s
	}
	from, err := Read(a, time.Time{})
	if err != nil {
		return Period{}, false
	}
	to, err := Read(b, time.Time{})
	if err != nil || to.Time.Before(from.Time) {
		return Period{}, false
	}
	if !two {
		return Of(Daily, from.Time), true
	}
	return Between(from.Time, to.Time), true
}
