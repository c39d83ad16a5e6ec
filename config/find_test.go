package config

import (
	"slices"
	"testing"
	"time"
)

func standard(t *testing.T) Pack {
	t.Helper()
	p, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	var d Date
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d.Time
}

func TestOutletByHost(t *testing.T) {
	p := standard(t)
	for _, c := range []struct{ host, day, want string }{
		{"vnexpress.net", "2026-11-23", "vnexpress"},
		{"www.VnExpress.net:443", "2026-11-23", "vnexpress"},
		{"suckhoe.vnexpress.net", "2026-11-23", "vnexpress"},
		{"notvnexpress.net", "2026-11-23", ""},
		{"baohiemxahoi.gov.vn", "2026-11-23", "baohiemxahoi"},
		{"hanoi.baohiemxahoi.gov.vn", "2026-11-23", "trang-bhxh-ha-noi"},
		{"dichvucong.baohiemxahoi.gov.vn", "2026-11-23", "baohiemxahoi"},
		{"phuyen.baodaklak.vn", "2026-11-23", "phuyen-baodaklak"},
		{"baohaiduong.vn", "2025-06-30", "baohaiduong"},
		{"baohaiduong.vn", "2025-07-01", "baohaiphong"},
		{"", "2026-11-23", ""},
		{"blog.example", "2026-11-23", ""},
	} {
		o, ok := p.OutletByHost(c.host, day(t, c.day).Add(23*time.Hour))
		if o.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s on %s is %q, want %q", c.host, c.day, o.ID, c.want)
		}
	}
	if o, _ := p.OutletByHost("baohaiduong.vn", time.Time{}); o.ID == "" {
		t.Error("without a day no outlet has baohaiduong.vn")
	}
}

func TestByID(t *testing.T) {
	p := standard(t)
	if o, ok := p.OutletByID("tuoitre"); !ok || o.Level != "local" || o.Reach != "national" {
		t.Errorf("Tuổi Trẻ is %+v", o)
	}
	if v, ok := p.ProvinceByID("hai-duong"); !ok || v.Current != "hai-phong" {
		t.Errorf("Hải Dương is %+v", v)
	}
	if u, ok := p.UnitByID("bhxh-khu-vuc-20"); !ok || len(u.Area) != 2 {
		t.Errorf("region XX is %+v", u)
	}
	if _, ok := p.TopicByID("pension"); !ok {
		t.Error("no topic pension")
	}
	if _, ok := p.TopicByID("pensions"); ok {
		t.Error("a topic pensions")
	}
}

func TestKeyRules(t *testing.T) {
	rules := standard(t).KeyRules()
	for i, r := range rules {
		if len(r.Params) == 0 || i > 0 && len(rules[i-1].Host) < len(r.Host) {
			t.Errorf("rule %d: %+v", i, r)
		}
	}
	if !slices.ContainsFunc(rules, func(r KeyRule) bool { return r.Host == "baohiemxahoi.gov.vn" && r.Params[0] == "ItemID" }) {
		t.Errorf("the agency's portal is not named by ItemID: %+v", rules)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"schedule", "notes", "name", "on", "an-giang", "kien-giang"}
	for _, c := range []struct{ text, want string }{
		{"shedule", "schedule"}, {"schedlue", "schedule"}, {"Name", "name"}, {"an-gian", "an-giang"}, {"om", "on"}, {"xyz", ""}, {"", ""},
	} {
		if got, _ := Nearest(c.text, names); got != c.want {
			t.Errorf("nearest to %q is %q, want %q", c.text, got, c.want)
		}
	}
	if _, ok := Nearest("a", nil); ok {
		t.Error("something is near in nothing")
	}
}

func TestSchedule(t *testing.T) {
	now := day(t, "2026-11-23").Add(time.Hour) // a Monday, 01:00 in Viet Nam
	for spec, want := range map[string]string{
		"30 6 * * 1":             "2026-11-23T06:30:00+07:00",
		"CRON_TZ=UTC 30 6 * * *": "2026-11-23T13:30:00+07:00",
		"@every 15m":             "2026-11-23T01:15:00+07:00",
	} {
		s, err := Schedule(spec)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Next(now).In(VN).Format(time.RFC3339); got != want {
			t.Errorf("%s runs next at %s, want %s", spec, got, want)
		}
	}
	for _, spec := range []string{"", "TZ=", "CRON_TZ=UTC", "* * *", "@hourli"} {
		if _, err := Schedule(spec); err == nil {
			t.Errorf("%q passes as a schedule", spec)
		}
	}
}

func TestSecret(t *testing.T) {
	lookup := func(name string) (string, bool) { return "mật", name == "SMTP_PASSWORD" }
	if s, err := (Mail{Password: "$SMTP_PASSWORD"}).Secret(lookup); err != nil || s != "mật" {
		t.Errorf("from the environment: %q, %v", s, err)
	}
	if s, err := (Mail{Password: "chữ"}).Secret(lookup); err != nil || s != "chữ" {
		t.Errorf("as written: %q, %v", s, err)
	}
	if _, err := (Mail{Password: "$NONE"}).Secret(lookup); err == nil {
		t.Error("a variable that is not set gives no error")
	}
}

func BenchmarkOutletByHost(b *testing.B) {
	p, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, VN)
	for b.Loop() {
		p.OutletByHost("www.baocamau.vn", at)
	}
}

// A schedule is a frame: the learned moment, moved to where the frame lets it be.
func TestVisit(t *testing.T) {
	at := func(hour, minute int) time.Time { return time.Date(2026, 7, 6, hour, minute, 0, 0, VN) }
	for _, c := range []struct {
		schedule         string
		last, wish, want time.Time
	}{
		{Learned, at(8, 0), at(8, 7), at(8, 7)},
		{"*/10 5-22 * * *", at(8, 0), at(8, 7), at(8, 10)},
		{"*/10 5-22 * * *", at(8, 0), at(8, 10), at(8, 10)},
		{"*/10 5-22 * * *", at(22, 50), at(23, 7), at(29, 0)},
		{"@every 30m", at(8, 0), at(8, 7), at(8, 30)},
		{"@every 30m", at(8, 0), at(9, 7), at(9, 7)},
	} {
		got, err := Outlet{ID: "bao-thu", Schedule: c.schedule}.Visit(c.last, c.wish)
		if err != nil || !got.Equal(c.want) {
			t.Errorf("%s, wished at %s: %s (%v), want %s", c.schedule, c.wish, got, err, c.want)
		}
	}
	if _, err := (Outlet{ID: "bao-thu", Schedule: "mỗi giờ"}).Visit(at(8, 0), at(8, 7)); err == nil {
		t.Error("a schedule in words is taken")
	}
}
