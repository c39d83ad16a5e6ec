package config

import (
	"errors"
	"time"
)

// VN is the time zone every date without one is read in.
var VN = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Date is a calendar day in Viet Nam, written 2025-07-01; the zero Date is "no date".
type Date struct{ time.Time }

// UnmarshalText reads "2025-07-01", or "" as no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		d.Time = time.Time{}
		return nil
	}
	t, err := time.ParseInLocation(time.DateOnly, string(b), VN)
	if err != nil {
		return errors.New("not a date; write it as 2025-07-01")
	}
	d.Time = t
	return nil
}

// MarshalText writes the date as it is read.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.Format(time.DateOnly)), nil
}

// Covers reports whether day falls in [from, to], open where one is zero.
func Covers(from, to Date, day time.Time) bool {
	return (from.IsZero() || !day.Before(from.Time)) && (to.IsZero() || day.Before(to.AddDate(0, 0, 1)))
}
