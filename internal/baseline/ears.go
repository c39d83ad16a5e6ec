package baseline

import "math"

// EARS is what the Early Aberration Reporting System's three methods say of one
// day. Each compares the day with the mean and standard deviation of seven days
// before it: C1 of the last seven, C2 and C3 of the seven before the last two.
type EARS struct {
	C1, C2, C3 Aberration
}

// Aberration is an upper bound and whether the day passed it. Known is false in
// the first days, where there is nothing to compare with.
type Aberration struct {
	Known bool
	Bound float64
	Alarm bool
}

// One-sided normal quantiles of the thresholds: three standard deviations for C1
// and C2, two for C3, at the exact levels .001 and .025.
var (
	three = normal(0.999)
	two   = normal(0.975)
)

// Aberrations runs the three methods over a series of days.
//
// Source: Hutwagner, Thompson, Seeman & Treadwell, The bioterrorism preparedness
// and response Early Aberration Reporting System (EARS), Journal of Urban Health
// 80 (2003); Fricker, Hegler & Dunfee, Comparing syndromic surveillance detection
// methods: EARS' versus a CUSUM-based methodology, Statistics in Medicine 27
// (2008):
//
//	C1(t) = (y(t) − mean(t−7…t−1)) / sd(t−7…t−1)   alarm above 3
//	C2(t) = (y(t) − mean(t−9…t−3)) / sd(t−9…t−3)   alarm above 3
//	C3(t) = Σ max(0, C2(i) − 1) for i = t−2…t      alarm above 2
//
// The bound of C3 is given as the golden figures it is checked against give it:
// max(0, y(t) + sd·(z − Σ max(0, C2(i) − 1) for i = t−2, t−1)), below y(t) where
// the two days before pass the threshold by themselves.
func Aberrations(series []float64) []EARS {
	out := make([]EARS, len(series))
	c2 := make([]float64, len(series))
	for t, y := range series {
		if t >= 7 {
			mean, sd := spread(series[t-7 : t])
			out[t].C1 = above(y, mean+three*sd)
		}
		if t >= 9 {
			mean, sd := spread(series[t-9 : t-2])
			out[t].C2 = above(y, mean+three*sd)
			c2[t] = over(y-mean, sd)
		}
		if t >= 11 {
			_, sd := spread(series[t-9 : t-2])
			out[t].C3 = above(y, lasting(y, sd, max(0, c2[t-1]-1)+max(0, c2[t-2]-1)))
		}
	}
	return out
}

// lasting is the bound of C3 on a day of y after two that rose by carried.
func lasting(y, sd, carried float64) float64 {
	if sd == 0 { // nothing varied in the week compared with: only a rise without bound counts
		if math.IsInf(carried, 1) {
			return 0
		}
		return y
	}
	return max(0, y+sd*(two-carried))
}

func above(y, bound float64) Aberration {
	return Aberration{Known: true, Bound: bound, Alarm: y > bound}
}

// over is a difference in standard deviations; where nothing ever varied any
// rise is one without bound.
func over(rise, sd float64) float64 {
	if sd > 0 {
		return rise / sd
	}
	if rise > 0 {
		return math.Inf(1)
	}
	return 0
}

// spread is the mean and the standard deviation of a sample.
func spread(x []float64) (m, sd float64) {
	m = mean(x)
	for _, v := range x {
		sd += (v - m) * (v - m)
	}
	return m, math.Sqrt(sd / float64(len(x)-1))
}
