package when

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, VN)

func TestParseReadsWhatPagesAndFeedsWrite(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-07T08:01:53+07:00":                          "2026-03-07T08:01:53+07:00",
		"2026-03-07T08:01:53.250+07:00":                      "2026-03-07T08:01:53.25+07:00",
		"2026-03-07T01:01:53Z":                               "2026-03-07T01:01:53Z",
		"2026-03-07T01:01:53.0000000Z":                       "2026-03-07T01:01:53Z",
		"2026-03-07T08:01:53":                                "2026-03-07T08:01:53+07:00",
		"2026-03-07 08:01:53":                                "2026-03-07T08:01:53+07:00",
		"2026-03-07T08:01+0700":                              "2026-03-07T08:01:00+07:00",
		"2026-03-07T08:01:53+07:07":                          "2026-03-07T08:01:53+07:00",
		"2026-03-07T08:01:53+05:30":                          "2026-03-07T08:01:53+05:30",
		"2026-03-07":                                         "2026-03-07T00:00:00+07:00",
		"2026/3/7 08:15":                                     "2026-03-07T08:15:00+07:00",
		"1772845181":                                         "2026-03-07T07:59:41+07:00",
		"/Date(1772845181578)/":                              "2026-03-07T07:59:41.578+07:00",
		"Sat, 07 Mar 2026 08:01:53 GMT+7":                    "2026-03-07T08:01:53+07:00",
		"Sat, 07 Mar 2026 08:01:53 +0700":                    "2026-03-07T08:01:53+07:00",
		"Sat, 07 Mar 2026 08:01:53 +07:07":                   "2026-03-07T08:01:53+07:00",
		"Sat, 07 Mar 2026 01:01:53 GMT":                      "2026-03-07T01:01:53Z",
		"Sat, 7 Mar 26 01:01:53 UTC":                         "2026-03-07T01:01:53Z",
		"Sat, 07 Mar 2026 01:01:53 EST":                      "2026-03-07T01:01:53-05:00",
		"Sat, 07 Mar 2026 08:01:53":                          "2026-03-07T08:01:53+07:00",
		"07-Mar-2026 08:01":                                  "2026-03-07T08:01:00+07:00",
		"March 7, 2026 8:15 PM":                              "2026-03-07T20:15:00+07:00",
		"Published 8:15 PM EST Mar 7, 2026":                  "2026-03-07T20:15:00-05:00",
		"Mar 7, 2026":                                        "2026-03-07T00:00:00+07:00",
		"Sat Mar 7 08:01:53 2026":                            "2026-03-07T08:01:53+07:00",
		"Sat Mar 07 2026 08:01:53 GMT+0700 (Indochina Time)": "2026-03-07T08:01:53+07:00",
		"Thứ bảy, 07/03/2026 08:15 (GMT+7)":                  "2026-03-07T08:15:00+07:00",
		"Thứ Bảy, ngày 07/03/2026 - 08:15":                   "2026-03-07T08:15:00+07:00",
		"Thứ bảy, 7/3/2026, 08:15 (GMT+7)":                   "2026-03-07T08:15:00+07:00",
		"08:15 | 05/08/2024":                                 "2024-08-05T08:15:00+07:00",
		"08:15|05/08/2024":                                   "2024-08-05T08:15:00+07:00",
		"05/08/2024 - 08:15":                                 "2024-08-05T08:15:00+07:00",
		"05/08/2024 | 08:15 GMT+7":                           "2024-08-05T08:15:00+07:00",
		"3/7/2026":                                           "2026-07-03T00:00:00+07:00",
		"ngày 5 tháng 8 năm 2024":                            "2024-08-05T00:00:00+07:00",
		"Thứ hai, ngày 5 tháng 8 năm 2024, 8 giờ 15 phút":    "2024-08-05T08:15:00+07:00",
		"5 Tháng Tám, 2024 không, 5 tháng 8, 2024":           "2024-08-05T00:00:00+07:00",
		"07-03-2026, 08:15":                                  "2026-03-07T08:15:00+07:00",
		"07.03.2026 08h15":                                   "2026-03-07T08:15:00+07:00",
		"Cập nhật lúc 8h15' ngày 07/03/2026":                 "2026-03-07T08:15:00+07:00",
		"07/03/2026 8:15:30 CH":                              "2026-03-07T20:15:30+07:00",
		"07/03/2026 12:05:00 SA":                             "2026-03-07T00:05:00+07:00",
		"07/03/2026 08:01 (GMT+07:00)":                       "2026-03-07T08:01:00+07:00",
		"T7, 07/03/26":                                       "2026-03-07T00:00:00+07:00",
		"Thứ bảy, 07/03/2026\u00a008:15":                     "2026-03-07T08:15:00+07:00",
		"2 giờ trước":                                        "2026-11-23T10:00:00+07:00",
		"hôm qua, 17:05":                                     "2026-11-22T17:05:00+07:00",
		"Thu\u031b\u0301 ba\u0309y, nga\u0300y 7 tha\u0301ng 3 năm 2026": "2026-03-07T00:00:00+07:00",
	} {
		got, err := Parse(in, now)
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
			continue
		}
		if s := got.Format(time.RFC3339Nano); s != want {
			t.Errorf("Parse(%q) = %s, want %s", in, s, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]error{
		"":                            ErrUnknown,
		"vừa xong":                    ErrUnknown,
		"31/02/2026":                  ErrUnknown,
		"13/13/2026":                  ErrUnknown,
		"tháng 8 năm 2024":            ErrUnknown,
		"Giá vàng 180,5-183,5 triệu":  ErrUnknown,
		"1246-03-07T08:01:53+07:00":   ErrOutOfBounds,
		"07/03/1246":                  ErrOutOfBounds,
		"2099-01-01":                  ErrOutOfBounds,
		"Thứ năm, 01/01/2099 08:15":   ErrOutOfBounds,
		strings.Repeat("a", 1_000_00): ErrUnknown,
	} {
		if got, err := Parse(in, now); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %v, %v; want %v", short(in), got, err, want)
		}
	}
	if _, err := Parse("2099-01-01", time.Time{}); err != nil {
		t.Errorf("without a now there is no upper bound: %v", err)
	}
}

func TestReadTellsWhatWasAssumed(t *testing.T) {
	for in, want := range map[string]Stamp{
		"07/03/2026":                {DayOnly: true},
		"07/03/2026 08:15":          {},
		"07/03/2026 08:15 (GMT+7)":  {Zoned: true},
		"2026-03-07T08:15:00+07:07": {},
		"2026-03-07T08:15:00Z":      {Zoned: true},
	} {
		got, err := Read(in, now)
		if err != nil || got.DayOnly != want.DayOnly || got.Zoned != want.Zoned {
			t.Errorf("Read(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
}

func TestFromAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://tuoitre.vn/mot-bai-bao-20250807123929379.htm":     "2025-08-07T12:39:29+07:00",
		"https://thanhnien.vn/mot-bai-bao-185250807123929379.htm":  "2025-08-07T12:39:29+07:00",
		"https://cafef.vn/mot-bai-bao-18825080712392942.chn":       "2025-08-07T12:39:29+07:00",
		"https://example.vn/tin/2025/08/07/mot-bai-bao.html":       "2025-08-07T00:00:00+07:00",
		"https://example.vn/tin/20250807/mot-bai-bao":              "2025-08-07T00:00:00+07:00",
		"https://example.vn/mot-bai-bao-185991307123929379.htm":    "",
		"https://example.vn/mot-bai-bao-d538952.html":              "",
		"https://example.vn/mot-bai-bao-20990807123929379.htm":     "",
		"https://example.gov.vn/tintuc/Pages/a.aspx?ItemID=266712": "",
	} {
		got, ok := FromAddress(in, now)
		if s := got.Time.Format(time.RFC3339); ok != (want != "") || ok && s != want {
			t.Errorf("FromAddress(%q) = %s, %v; want %q", in, s, ok, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Thứ bảy, 07/03/2026 08:15 (GMT+7)", "Sat, 07 Mar 2026 08:01:53 GMT+7", "2026-03-07T08:01:53.25+07:07", "8h15 5/8/24", "Sat Mar 7 08:01:53 2026", "ngày 5 tháng 8 năm 2024", "99 tuần trước"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Read(s, now)
		if err != nil {
			if !got.Time.IsZero() {
				t.Fatalf("Read(%q) gives both a time and an error", s)
			}
			return
		}
		if !InBounds(got.Time, now) {
			t.Fatalf("Read(%q) = %v is out of bounds", s, got.Time)
		}
		again, err := Read(got.Time.Format(time.RFC3339Nano), now)
		if err != nil || !again.Time.Equal(got.Time) {
			t.Fatalf("Read(%q) = %v, but its RFC 3339 form reads as %v, %v", s, got.Time, again.Time, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		for _, s := range []string{"Thứ bảy, 07/03/2026 08:15 (GMT+7)", "Sat, 07 Mar 2026 08:01:53 GMT+7", "2026-03-07T08:01:53+07:00"} {
			if _, err := Parse(s, now); err != nil {
				b.Fatal(err)
			}
		}
	}
}
