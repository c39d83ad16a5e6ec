package config

import (
	"errors"
	"time"
)

// Yearly is a day that comes back every year, written 07-01; empty is none.
type Yearly string

// UnmarshalText reads "07-01", or "" as no day.
func (y *Yearly) UnmarshalText(b []byte) error {
	*y = Yearly(b) // also where it is wrong: something was written
	if len(b) > 0 {
		if _, err := time.Parse("2006-01-02", "2024-"+string(b)); err != nil {
			return errors.New("not a day of the year; write 1 July as 07-01")
		}
	}
	return nil
}

// In is the first moment of that day of a year in Viet Nam; that of 1 March for
// 29 February of a year without it. The zero time where y is no day.
func (y Yearly) In(year int) time.Time {
	t, err := time.ParseInLocation("2006-01-02", "2024-"+string(y), VN)
	if err != nil {
		return time.Time{}
	}
	return time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, VN)
}
