package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/crisis"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// TestDecisionLatency stores ten articles a second on a real archive, as the
// crawler does, and measures how long after an alarming one its letter lies in
// the outbox: through the real queue, reading and watch. Five seconds are the
// aim; the test itself only wants half a minute, for machines are busy.
// DIEMBAO_LATENCY=60s measures a whole minute.
func TestDecisionLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("takes several seconds")
	}
	long := 6 * time.Second
	if s := os.Getenv("DIEMBAO_LATENCY"); s != "" {
		var err error
		if long, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	l := newLatency(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := l.open(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.work(ctx); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	for n := 0; n < int(long/(100*time.Millisecond)); n++ {
		<-tick.C
		l.arrive(t, n)
	}
	tick.Stop()
	for wait := 0; l.waiting() > 0 && wait < 100; wait++ {
		time.Sleep(100 * time.Millisecond)
	}
	if err := l.stop(); err != nil {
		t.Error(err)
	}
	l.report(t)
}

// latency is a server that reads and watches, with what arrived and was told.
type latency struct {
	*server
	mu     sync.Mutex
	stored map[int][]time.Time // matter → when its alarms were stored that nobody was told of yet
	took   []time.Duration
	quiet  int // alarms that told nothing new
}

func newLatency(t *testing.T) *latency {
	dir := t.TempDir()
	file := filepath.Join(dir, "diembao.yaml")
	if err := os.WriteFile(file, []byte(alarmingOutlet), 0o600); err != nil {
		t.Fatal(err)
	}
	pack, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{verbs: &verbs{Data: dir, Config: file}, out: &bytes.Buffer{}, errs: &bytes.Buffer{}, log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	l := &latency{stored: map[int][]time.Time{}}
	l.server = &server{house: h, pack: pack, roles: []string{"read"}, now: time.Now, speed: 1, told: l.hear}
	return l
}

// alarmingOutlet is an installation that trusts one outlet and tells one person.
const alarmingOutlet = `mail:
  from: diembao@coquan.example
  alerts: [truc@coquan.example]
jobs:
  - {id: read, do: read, schedule: "@every 1s"}
  - {id: watch, do: watch, schedule: "@every 1s"}
outlets:
  - {id: bao-thu, name: Báo Thử, licence: bao, level: central, reach: national, kind: press, trusted: true, on: true, domains: [{host: bao-thu.example}], feeds: [{url: "https://bao-thu.example/rss"}]}
`

// arrive stores an article and wakes the reader; every tenth is an alarm.
func (l *latency) arrive(t *testing.T, n int) {
	t.Helper()
	a := arrival(n, l.provinces(), time.Now())
	err := l.pipeline.Store.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(t.Context(), []news.Article{a}, a.FirstSeen)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n%10 == 5 {
		l.mu.Lock()
		matter := n / 10 % len(invented)
		l.stored[matter] = append(l.stored[matter], time.Now())
		l.mu.Unlock()
	}
	if err := l.wake(t.Context(), "read"); err != nil {
		t.Fatal(err)
	}
}

// invented are alarms, each of another matter.
var invented = [][2]string{
	{"Bắt tạm giam giám đốc BHXH ở %s", "Công an khám xét nhà riêng ông Lê Văn Mô vì nhận hối lộ của doanh nghiệp."},
	{"Dữ liệu BHXH của công nhân %s bị rao bán", "Tin tặc chào giá từng gói họ tên, số thẻ trên một diễn đàn nước ngoài."},
	{"Kế toán BHXH %s hầu tòa", "Bà Trần Thị Lựu bị cáo buộc rút ruột tiền quỹ qua sổ khống suốt bốn năm."},
	{"Phần mềm giám định bảo hiểm tê liệt, bệnh viện ở %s ghi sổ giấy", "Quầy tiếp đón xếp hàng dài, bác sĩ kê đơn bằng tay."},
	{"Trưởng phòng BHXH %s bị khởi tố", "Hồ sơ nghỉ hưu sớm được ký thay, chữ ký giả của người đã mất."},
	{"Cán bộ BHXH %s nhận phong bì trước camera", "Đoạn phim do một chủ xưởng may ghi lại gây xôn xao."},
	{"Thủ quỹ bảo hiểm xã hội %s ra tòa vì cờ bạc", "Số tiền nướng vào cá độ bóng đá lấy từ két của cơ quan."},
	{"Lộ thông tin bảo hiểm y tế của sản phụ ở %s", "Kẻ lạ gọi điện chào bán sữa, đọc vanh vách ngày dự sinh."},
	{"Ứng dụng VssID không đăng nhập được, người về hưu %s chờ", "Máy chủ quá nóng, kỹ sư tháo vỏ quạt thổi suốt đêm."},
	{"Mã độc tống tiền khóa máy chủ bảo hiểm xã hội ở %s", "Màn hình hiện đồng hồ đếm ngược và địa chỉ ví điện tử."},
}

// arrival is the nth article: an everyday one, or one that names a threat.
func arrival(n int, provinces []string, now time.Time) news.Article {
	url := fmt.Sprintf("https://bao-thu.example/bai-%d.html", 100000+n)
	a := news.Article{URL: url, Outlet: "bao-thu", Via: news.Crawl, Lang: "vi", Published: now, FirstSeen: now,
		Title: fmt.Sprintf("Xã số %d chi trả lương hưu tháng này đúng hẹn", n), Lead: fmt.Sprintf("Hơn %d người nhận lương hưu tại nhà văn hóa.", 100+n)}
	if n%10 == 5 {
		k := n / 10
		alarm := invented[k%len(invented)]
		a.Title, a.Lead = fmt.Sprintf(alarm[0], provinces[k%len(provinces)]), alarm[1]
	}
	a.Canonical = news.Canonical(url, news.Rules{})
	a.ID = news.ID(a.Canonical)
	return a
}

// provinces are the names of today's: articles of two are of two events.
func (l *latency) provinces() (names []string) {
	for _, p := range l.pack.Provinces {
		if p.To.IsZero() {
			names = append(names, p.Name)
		}
	}
	return names
}

// hear is called once a change of an incident and its letters are stored. A
// matter that is told of another province is told by a letter of its own.
func (l *latency) hear(e pipeline.Event) {
	matter := slices.IndexFunc(invented, func(a [2]string) bool {
		before, after, _ := strings.Cut(a[0], "%s")
		return strings.HasPrefix(e.Title, before) && strings.HasSuffix(e.Title, after)
	})
	if e.What != "incident" || matter < 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, at := range l.stored[matter] {
		if e.Detail == string(crisis.Grown) {
			l.quiet++ // nothing new in it: no letter is due
		} else {
			l.took = append(l.took, time.Since(at))
		}
	}
	delete(l.stored, matter)
}

func (l *latency) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.stored)
}

func (l *latency) report(t *testing.T) {
	t.Helper()
	if len(l.took) == 0 {
		t.Fatal("no alarm was told")
	}
	slices.Sort(l.took)
	at := func(share float64) time.Duration {
		return l.took[int(share*float64(len(l.took)-1))].Round(time.Millisecond)
	}
	t.Logf("from stored to the letter in the outbox, %d alarms: p50 %v, p95 %v, max %v; %d told nothing new, %d not decided", len(l.took), at(.5), at(.95), at(1), l.quiet, l.waiting())
	if at(.5) > 30*time.Second {
		t.Errorf("half of the letters took longer than %v", at(.5))
	}
}
