package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

// arrests are events told twice, a week apart: the second time in other words.
var arrests = [][2][2]string{
	{{"Bắt tạm giam giám đốc BHXH huyện Suối Đá", "Công an khám xét nhà riêng ông Lê Vũ Mô vì nhận hối lộ của doanh nghiệp."},
		{"Két sắt 14,6 tỷ đồng và lời khai của giám đốc BHXH bị bắt Lê Vũ Mô", "Doanh nghiệp ở Suối Đá kể chuyện hối lộ, người quen giữ hộ chìa khóa."}},
	{{"Kế toán BHXH huyện Thanh Lộc hầu tòa", "Bà Trần Diệu Lựu bị cáo buộc rút ruột tiền quỹ qua sổ khống suốt bốn năm."},
		{"Mười hai năm tù cho Trần Diệu Lựu", "Kế toán BHXH Thanh Lộc lĩnh án, phải nộp lại căn nhà mua bằng tiền quỹ qua sổ khống."}},
	{{"Dữ liệu BHXH của công nhân Đồi Quế bị rao bán", "Nhóm tin tặc Ổ Kiến chào giá từng gói họ tên, số thẻ trên một diễn đàn nước ngoài."},
		{"Tin tặc lại rao bán dữ liệu BHXH của công nhân Đồi Quế", "Diễn đàn nước ngoài có thêm gói số thẻ mới, nhóm Ổ Kiến giảm giá một nửa."}},
}

// TestKillWhileToldAnew kills the real server while it finds that stories tell
// the events of incidents anew that were closed: at the end each old incident is
// open again, with one letter more, and there is no other.
func TestKillWhileToldAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the process nine times")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, data := filepath.Join(dir, "diembao.yaml"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, []byte(alarmingOutlet), 0o600); err != nil {
		t.Fatal(err)
	}
	lastWeek(t, file, data)
	for incident, n := range told(t, data) {
		if n != 1 {
			t.Fatalf("last week %s had %d letters", incident, n)
		}
	}
	run := func(length time.Duration) {
		cmd := exec.CommandContext(ctx, exe)
		cmd.Args = []string{"diembao", "serve", "--roles", "read", "--config", file, "--data", data}
		cmd.Stderr = &bytes.Buffer{}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(length)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
			t.Fatalf("the server ended by itself: %v\n%s", err, cmd.Stderr)
		}
	}
	for i, event := range arrests {
		storeArticle(t, data, 10+i, event[1], time.Now())
		for range 3 {
			run(300*time.Millisecond + time.Duration(rand.Int64N(int64(2*time.Second))))
		}
	}
	for range 5 {
		if run(6 * time.Second); toldTwice(t, data) {
			break
		}
	}
	run(3 * time.Second) // nothing may follow
	letters := told(t, data)
	if len(letters) != len(arrests) {
		t.Errorf("%d incidents for %d events", len(letters), len(arrests))
	}
	for incident, n := range letters {
		if n != 2 {
			t.Errorf("incident %s has %d letters, want one of last week and one that it is told anew", incident, n)
		}
	}
	joined(t, data)
}

// lastWeek has the machine hear of the events a week ago, and a person close the incidents.
func lastWeek(t *testing.T, file, data string) {
	t.Helper()
	pack, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := pipeline.Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	then := time.Now().AddDate(0, 0, -7)
	for i, event := range arrests {
		storeArticle(t, data, i, event[0], then)
	}
	s := opened(t, data)
	defer s.Close()
	p := &pipeline.Pipeline{Store: s, Now: func() time.Time { return then }, Log: slog.New(slog.DiscardHandler)}
	p.Use(rules)
	if _, err := p.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	changes, err := p.Watch(t.Context())
	if err != nil || len(changes) != len(arrests) {
		t.Fatalf("last week %d incidents, %v", len(changes), err)
	}
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		for _, c := range changes {
			if err := tx.SetIncident(t.Context(), c.Incident.ID, news.Closed, store.Word{Who: "Lan", At: then.Add(time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// storeArticle puts the nth article into an archive.
func storeArticle(t *testing.T, data string, n int, text [2]string, at time.Time) {
	t.Helper()
	s := opened(t, data)
	defer s.Close()
	url := fmt.Sprintf("https://bao-thu.example/bai-%d.html", 200000+n)
	canonical := news.Canonical(url, news.Rules{})
	a := news.Article{ID: news.ID(canonical), URL: url, Canonical: canonical, Outlet: "bao-thu", Via: news.Crawl, Lang: "vi", Published: at, FirstSeen: at, Title: text[0], Lead: text[1]}
	err := s.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(t.Context(), []news.Article{a}, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// toldTwice reports whether every event has had its second letter.
func toldTwice(t *testing.T, data string) bool {
	n := 0
	for _, letters := range told(t, data) {
		n += letters
	}
	return n >= 2*len(arrests)
}

// joined checks that each incident is open and that its story holds both
// articles, at least one of them by way of another story.
func joined(t *testing.T, data string) {
	t.Helper()
	s := opened(t, data)
	defer s.Close()
	found, err := s.Incidents(t.Context(), store.IncidentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	anew := 0
	for _, in := range found {
		st, _, err := s.Story(t.Context(), in.Story)
		if err != nil || in.State != news.Open || st.Articles != 2 {
			t.Errorf("incident %s is %s, its story has %d articles, %v", in.ID, in.State, st.Articles, err)
		}
		events, err := s.IncidentEvents(t.Context(), in.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Did == "retold" {
				anew++
			}
		}
	}
	if anew == 0 {
		t.Error("no story was told anew: all joined the old one at once")
	}
	t.Logf("%d of %d by another story", anew, len(found))
}
