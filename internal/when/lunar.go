package when

import (
	"fmt"
	"math"
	"time"
)

// The Vietnamese lunar calendar as computed by Hồ Ngọc Đức, "Thuật toán tính
// âm lịch" (https://www.informatik.uni-leipzig.de/~duc/amlich/calrules.html),
// after Jean Meeus, Astronomical Algorithms, 1998, chapters 25 and 49: a month
// begins on the day of the new moon and month 11 holds the winter solstice,
// both by the clock of +07:00. That zone is why Tết is sometimes a day, and in
// 1985 was a month, off the Chinese New Year. Good for 1900 to 2199.

// LunarDate is a day of the lunar calendar.
type LunarDate struct {
	Year, Month, Day int
	Leap             bool // the second month of that number
}

// String writes the date as Vietnamese calendars do: "10/3 âm lịch", with
// "nhuận" after a leap month.
func (l LunarDate) String() string {
	if l.Leap {
		return fmt.Sprintf("%d/%d nhuận âm lịch", l.Day, l.Month)
	}
	return fmt.Sprintf("%d/%d âm lịch", l.Day, l.Month)
}

// Lunar converts t's day in Viet Nam.
func Lunar(t time.Time) LunarDate {
	y, m, d := t.In(VN).Date()
	day := julian(y, m, d)
	k := int(math.Floor((float64(day) - 2415021.076998695) / synodic))
	start := newMoon(k + 1)
	if start > day {
		start = newMoon(k)
	}
	a11, b11 := month11(y), month11(y+1)
	year := y
	if a11 >= start {
		b11 = a11
		a11 = month11(y - 1)
	} else {
		year = y + 1
	}
	diff := (start - a11) / 29
	month, leap := diff+11, false
	if b11-a11 > 365 {
		if at := leapAt(a11); diff >= at {
			month = diff + 10
			leap = diff == at
		}
	}
	if month > 12 {
		month -= 12
	}
	if month >= 11 && diff < 4 {
		year--
	}
	return LunarDate{Year: year, Month: month, Day: day - start + 1, Leap: leap}
}

// Solar returns midnight in Viet Nam of a lunar day. The error says that the
// year has no such leap month or the month no such day.
func (l LunarDate) Solar() (time.Time, error) {
	a11, b11 := month11(l.Year-1), month11(l.Year)
	if l.Month >= 11 {
		a11, b11 = month11(l.Year), month11(l.Year+1)
	}
	k := int(math.Floor(0.5 + (float64(a11)-2415021.076998695)/synodic))
	off := l.Month - 11
	if off < 0 {
		off += 12
	}
	if b11-a11 > 365 {
		at := leapAt(a11)
		if leapMonth := (at+9)%12 + 1; l.Leap && l.Month != leapMonth {
			return time.Time{}, fmt.Errorf("lunar year %d has no leap month %d", l.Year, l.Month)
		}
		if l.Leap || off >= at {
			off++
		}
	} else if l.Leap {
		return time.Time{}, fmt.Errorf("lunar year %d has no leap month %d", l.Year, l.Month)
	}
	out := fromJulian(newMoon(k+off) + l.Day - 1)
	if back := Lunar(out); back != l {
		return time.Time{}, fmt.Errorf("there is no %s in lunar year %d", l, l.Year)
	}
	return out, nil
}

// Tet returns midnight of the first day of the lunar year that begins in the
// given solar year.
func Tet(year int) time.Time {
	// No new moon that begins a year falls before 20 January by this clock.
	for day := time.Date(year, 1, 19, 0, 0, 0, 0, VN); ; day = day.AddDate(0, 0, 1) {
		if l := Lunar(day); l.Month == 1 && l.Day == 1 && !l.Leap {
			return day
		}
	}
}

// synodic is the mean length of a lunar month in days.
const synodic = 29.530588853

// julian is the Julian day number of a Gregorian date, at noon.
func julian(y int, m time.Month, d int) int {
	a := (14 - int(m)) / 12
	yy, mm := y+4800-a, int(m)+12*a-3
	return d + (153*mm+2)/5 + 365*yy + yy/4 - yy/100 + yy/400 - 32045
}

func fromJulian(day int) time.Time {
	const epoch = 2440588 // 1 January 1970
	return time.Date(1970, 1, 1+day-epoch, 0, 0, 0, 0, VN)
}

// newMoon is the day, by the clock of +07:00, of the kth new moon after that
// of 1 January 1900 (Meeus 1998, chapter 49).
func newMoon(k int) int {
	t := float64(k) / 1236.85
	t2, t3 := t*t, t*t*t
	const dr = math.Pi / 180
	jd := 2415020.75933 + 29.53058868*float64(k) + 0.0001178*t2 - 0.000000155*t3
	jd += 0.00033 * math.Sin((166.56+132.87*t-0.009173*t2)*dr)
	m := 359.2242 + 29.10535608*float64(k) - 0.0000333*t2 - 0.00000347*t3
	mpr := 306.0253 + 385.81691806*float64(k) + 0.0107306*t2 + 0.00001236*t3
	f := 21.2964 + 390.67050646*float64(k) - 0.0016528*t2 - 0.00000239*t3
	c := (0.1734-0.000393*t)*math.Sin(m*dr) + 0.0021*math.Sin(2*dr*m)
	c += -0.4068*math.Sin(mpr*dr) + 0.0161*math.Sin(dr*2*mpr) - 0.0004*math.Sin(dr*3*mpr)
	c += 0.0104*math.Sin(dr*2*f) - 0.0051*math.Sin(dr*(m+mpr)) - 0.0074*math.Sin(dr*(m-mpr))
	c += 0.0004*math.Sin(dr*(2*f+m)) - 0.0004*math.Sin(dr*(2*f-m)) - 0.0006*math.Sin(dr*(2*f+mpr))
	c += 0.0010*math.Sin(dr*(2*f-mpr)) + 0.0005*math.Sin(dr*(2*mpr+m))
	return int(math.Floor(jd + c - deltaT(t) + 0.5 + 7.0/24))
}

// deltaT is the difference of dynamical and universal time in days, t in
// Julian centuries since 1900.
func deltaT(t float64) float64 {
	if t < -11 {
		return 0.001 + 0.000839*t + 0.0002261*t*t - 0.00000845*t*t*t - 0.000000081*t*t*t*t
	}
	return -0.000278 + 0.000265*t + 0.000262*t*t
}

// sunSector is the twelfth of the ecliptic, 0 to 11 from the March equinox, in
// which the sun stands when the given day begins in Viet Nam (Meeus, chapter 25).
func sunSector(day int) int {
	const dr = math.Pi / 180
	t := (float64(day) - 2451545.5 - 7.0/24) / 36525
	t2 := t * t
	m := 357.52910 + 35999.05030*t - 0.0001559*t2 - 0.00000048*t*t2
	l := 280.46645 + 36000.76983*t + 0.0003032*t2
	l += (1.914600-0.004817*t-0.000014*t2)*math.Sin(dr*m) + (0.019993-0.000101*t)*math.Sin(dr*2*m) + 0.000290*math.Sin(dr*3*m)
	l = math.Mod(l*dr, 2*math.Pi)
	if l < 0 {
		l += 2 * math.Pi
	}
	return int(math.Floor(l / math.Pi * 6))
}

// month11 is the first day of the lunar month that holds the winter solstice of a year.
func month11(year int) int {
	off := float64(julian(year, 12, 31) - 2415021)
	k := int(math.Floor(off / synodic))
	if nm := newMoon(k); sunSector(nm) < 9 {
		return nm
	}
	return newMoon(k - 1)
}

// leapAt counts months from month 11 to the leap month: the first in which the
// sun enters no new sector.
func leapAt(a11 int) int {
	k := int(math.Floor((float64(a11)-2415021.076998695)/synodic + 0.5))
	last, i := 0, 1
	arc := sunSector(newMoon(k + i))
	for {
		last = arc
		i++
		arc = sunSector(newMoon(k + i))
		if arc == last || i >= 14 {
			return i - 1
		}
	}
}
