package demo

import "time"

// Clock plays the demo's week faster than life.
type Clock struct {
	Start time.Time // the first moment shown
	Speed float64   // demo seconds in a real second; 10080 plays a week in a minute
}

// Run starts the clock and returns it as a function: Start now, and Speed
// times as fast as the wall clock from then on.
func (c Clock) Run() func() time.Time {
	began := time.Now()
	return func() time.Time { return c.after(time.Since(began)) }
}

func (c Clock) after(real time.Duration) time.Time {
	return c.Start.Add(time.Duration(float64(real) * c.Speed))
}
