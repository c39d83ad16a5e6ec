package when

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The first days of the lunar years as the public calendars have them.
var knownTet = map[int]string{
	1968: "1968-01-29", 1985: "1985-01-21", 2007: "2007-02-17", // each off the Chinese New Year
	2010: "2010-02-14", 2011: "2011-02-03", 2012: "2012-01-23", 2013: "2013-02-10", 2014: "2014-01-31", 2015: "2015-02-19",
	2016: "2016-02-08", 2017: "2017-01-28", 2018: "2018-02-16", 2019: "2019-02-05", 2020: "2020-01-25", 2021: "2021-02-12",
	2022: "2022-02-01", 2023: "2023-01-22", 2024: "2024-02-10", 2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06",
	2028: "2028-01-26", 2029: "2029-02-13", 2030: "2030-02-02", 2031: "2031-01-23", 2032: "2032-02-11", 2033: "2033-01-31",
	2034: "2034-02-19", 2035: "2035-02-08",
}

func TestTet(t *testing.T) {
	for year, want := range knownTet {
		if got := Tet(year).Format(time.DateOnly); got != want {
			t.Errorf("Tết %d = %s, want %s", year, got, want)
		}
	}
}

func TestLunarDays(t *testing.T) {
	for solar, want := range map[string]LunarDate{
		"2025-04-07": {2025, 3, 10, false}, // Giỗ Tổ
		"2026-04-26": {2026, 3, 10, false},
		"2025-07-25": {2025, 6, 1, true}, // leap sixth month
		"2023-03-22": {2023, 2, 1, true}, // leap second month
		"2020-05-23": {2020, 4, 1, true},
		"2024-09-17": {2024, 8, 15, false}, // Trung thu
		"2025-01-28": {2024, 12, 29, false},
		"2023-01-21": {2022, 12, 30, false},
	} {
		day, err := time.ParseInLocation(time.DateOnly, solar, VN)
		if err != nil {
			t.Fatal(err)
		}
		if got := Lunar(day); got != want {
			t.Errorf("Lunar(%s) = %v, want %v", solar, got, want)
		}
	}
}

func TestSolarUndoesLunar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1930, 1, rapid.IntRange(1, 95_000).Draw(t, "day"), 0, 0, 0, 0, VN)
		l := Lunar(day)
		back, err := l.Solar()
		if err != nil || !back.Equal(day) {
			t.Fatalf("%s is %v, which is %s, %v", day.Format(time.DateOnly), l, back.Format(time.DateOnly), err)
		}
	})
}

func TestSolarRefusesDaysThatAreNot(t *testing.T) {
	for _, l := range []LunarDate{{2026, 3, 10, true}, {2025, 5, 1, true}, {2026, 1, 31, false}} {
		if got, err := l.Solar(); err == nil {
			t.Errorf("%v = %s, want an error", l, got.Format(time.DateOnly))
		}
	}
}
