package when

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	at := time.Date(2026, 7, 8, 1, 0, 0, 0, VN) // a Wednesday, still Tuesday in Greenwich
	for in, want := range map[string]string{
		"2026-W28": "2026-W28 06/07/2026–12/07/2026", "2026W01": "2026-W01 29/12/2025–04/01/2026",
		"2020-W53": "2020-W53 28/12/2020–03/01/2021",
		"tuần này": "2026-W28 06/07/2026–12/07/2026", "Tuần trước": "2026-W27 29/06/2026–05/07/2026", "tuan 28": "2026-W28 06/07/2026–12/07/2026",
		"tuần 1/2025": "2025-W01 30/12/2024–05/01/2025",
		"2026-07":     "2026-07 01/07/2026–31/07/2026", "tháng trước": "2026-06 01/06/2026–30/06/2026", "tháng 2 năm 2024": "2024-02 01/02/2024–29/02/2024",
		"2026-Q3": "2026-Q3 01/07/2026–30/09/2026", "quý III/2025": "2025-Q3 01/07/2025–30/09/2025", "quý này": "2026-Q3 01/07/2026–30/09/2026",
		"2026-H1": "2026-H1 01/01/2026–30/06/2026", "6 tháng đầu năm": "2026-H1 01/01/2026–30/06/2026", "6 tháng cuối năm 2025": "2025-H2 01/07/2025–31/12/2025",
		"2026": "2026 01/01/2026–31/12/2026", "năm ngoái": "2025 01/01/2025–31/12/2025", "năm 2024": "2024 01/01/2024–31/12/2024",
		"hôm nay": "2026-07-08 08/07/2026", "hôm qua": "2026-07-07 07/07/2026", "7/3/2026": "2026-03-07 07/03/2026",
		"7d": "2026-07-02..2026-07-08 02/07/2026–08/07/2026", "30 ngày qua": "2026-06-09..2026-07-08 09/06/2026–08/07/2026",
		"2026-07-06..2026-07-09": "2026-07-06..2026-07-09 06/07/2026–09/07/2026", "06/07/2026..09/07/2026": "2026-07-06..2026-07-09 06/07/2026–09/07/2026",
	} {
		p, err := ParsePeriod(in, at)
		if err != nil {
			t.Errorf("ParsePeriod(%q): %v", in, err)
			continue
		}
		if got := p.String() + " " + p.Range(); got != want {
			t.Errorf("ParsePeriod(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "2026-W54", "2025-W53", "2026-13", "2026-Q5", "2026-H3", "tuần", "0d", "2026-07-09..2026-07-06", "mai"} {
		if p, err := ParsePeriod(in, at); err == nil {
			t.Errorf("ParsePeriod(%q) = %s, want an error", in, p)
		}
	}
}

func TestPeriodsTileTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(7e8, 4e9).Draw(t, "at"), 0)
		kind := rapid.SampledFrom([]Kind{Daily, Weekly, Monthly, Quarter, HalfYear, Yearly}).Draw(t, "kind")
		p := Of(kind, at)
		if !p.Contains(at) {
			t.Fatalf("%s does not hold %v", p, at)
		}
		if !p.Next().From.Equal(p.To) || !p.Prev().To.Equal(p.From) || p.Next().Prev() != p {
			t.Fatalf("%s does not join its neighbours", p)
		}
		if back, err := ParsePeriod(p.String(), at); err != nil || back != p {
			t.Fatalf("%s reads back as %s, %v", p, back, err)
		}
	})
}

// The days off as the Government announced them for offices.
func TestHolidaysAsAnnounced(t *testing.T) {
	for _, run := range []struct{ from, to string }{
		{"2021-02-10", "2021-02-16"}, {"2022-01-31", "2022-02-04"}, {"2023-01-20", "2023-01-26"},
		{"2024-02-08", "2024-02-14"}, {"2025-01-27", "2025-01-31"}, {"2026-02-16", "2026-02-20"},
		{"2021-09-02", "2021-09-03"}, {"2022-09-01", "2022-09-02"}, {"2023-09-01", "2023-09-04"}, {"2024-09-02", "2024-09-03"}, {"2025-09-01", "2025-09-02"},
		{"2023-04-29", "2023-05-03"}, {"2025-04-07", "2025-04-07"}, {"2022-01-01", "2022-01-03"},
	} {
		from, to := day0(t, run.from), day0(t, run.to)
		for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
			if WorkingDay(d, Decided{}) {
				t.Errorf("%s is a working day, announced off in %s to %s", d.Format(time.DateOnly), run.from, run.to)
			}
		}
		for _, d := range []time.Time{from.AddDate(0, 0, -1), to.AddDate(0, 0, 1)} {
			if !WorkingDay(d, Decided{}) && !weekend(d) {
				t.Errorf("%s (%s) is off, beyond %s to %s", d.Format(time.DateOnly), Holiday(d), run.from, run.to)
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	friday := time.Date(2026, 2, 13, 16, 0, 0, 0, VN)
	if got := AddWorkingDays(friday, 1, Decided{}); got.Format("2006-01-02 15:04") != "2026-02-23 16:00" {
		t.Errorf("one working day after %s is %s", friday, got)
	}
	by := Decided{Off: map[string]string{"2026-02-23": "hoán đổi"}, Work: map[string]bool{"2026-02-28": true}}
	if got := WorkingDays(Of(Weekly, time.Date(2026, 2, 24, 0, 0, 0, 0, VN)), by); got != 5 {
		t.Errorf("the week has %d working days, want Tuesday to Saturday", got)
	}
}

func day0(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, s, VN)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"tuần này", "2026-W28", "quý III/2025", "7d", "2026-07-06..2026-07-09"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePeriod(s, now); err == nil && (p.Days() < 1 || !p.To.After(p.From)) {
			t.Fatalf("ParsePeriod(%q) = %v, which is empty", s, p)
		}
	})
}
