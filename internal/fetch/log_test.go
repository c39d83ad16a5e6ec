package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestLogIsBoundedAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "requests")
	l, err := OpenLog(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC)
	l.most = 32 << 10
	long := strings.Repeat("a", 1<<20)
	for i := range 400 { // far more than the bound
		l.Asked(Exchange{Host: fmt.Sprint("bao-", i%2, ".vn"), URL: "https://bao.vn/" + long, Kind: Page, At: at.Add(time.Duration(i) * time.Second), Status: 200})
	}
	l.Asked(Exchange{Host: "bao-2.vn", URL: "https://bao-2.vn/a", Kind: Feed, At: at, Delay: 2 * time.Second, Took: 30 * time.Millisecond, Err: errors.New("không nối được")})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var bytes int64
	names, err := logNames(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		info, err := os.Stat(filepath.Join(dir, n))
		if err != nil {
			t.Fatal(err)
		}
		bytes += info.Size()
	}
	if most := logFiles * (l.most + 4<<10); bytes > most || len(names) != logFiles {
		t.Errorf("the log takes %d bytes in %d files, want %d at most in %d", bytes, len(names), most, logFiles)
	}
	// A crash cut the last line short; another process goes on.
	f, err := os.OpenFile(filepath.Join(dir, names[len(names)-1]), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, `{"host":"bao-2.vn","url`+"\n")
	f.Close()
	var got []Exchange
	if err := ReadLog(dir, "bao-2.vn", func(x Exchange) error { got = append(got, x); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Delay != 2*time.Second || got[0].Took != 30*time.Millisecond || got[0].Err == nil || !got[0].At.Equal(at) {
		t.Errorf("read back %+v", got)
	}
}

// A 429 that does not say for how long is obeyed all the same, and the host is
// asked more slowly until it has answered well for a while.
func TestTooManyRequestsSlowTheHost(t *testing.T) {
	var busy atomic.Bool
	clock := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC)
	var waits []time.Duration
	f, url := served(t, site(func(w http.ResponseWriter, _ *http.Request) {
		if busy.Load() {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		io.WriteString(w, "trang")
	}), func(c *Config) {
		c.Pace = 2 * time.Second
		c.Now = func() time.Time { return clock }
		c.Sleep = func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			clock = clock.Add(d)
			return nil
		}
	})
	wants(t, f, url+"/1", OK, "")
	busy.Store(true)
	wants(t, f, url+"/2", Blocked, "429")
	wants(t, f, url+"/3", Blocked, "429")
	busy.Store(false)
	for range 30 {
		wants(t, f, url+"/4", OK, "")
	}
	// After robots.txt, after /1, one minute, two minutes, then twice twice the pace, fading.
	want := []time.Duration{2 * time.Second, 2 * time.Second, time.Minute, 2 * time.Minute}
	for i, w := range want {
		if waits[i] != w {
			t.Fatalf("waited %v, want %v first", waits, want)
		}
	}
	if after := waits[len(want)]; after != 7200*time.Millisecond {
		t.Errorf("the host was asked %s after its first good answer, want 7.2 s", after)
	}
	if last := waits[len(waits)-1]; last != 2*time.Second {
		t.Errorf("after 30 good answers it is asked every %s, want its own pace", last)
	}
}

// Hosts that were asked once and never again are not remembered for ever.
func TestLanesAreForgotten(t *testing.T) {
	clock := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC)
	p := newPacer(func() time.Time { return clock }, func(context.Context, time.Duration) error { return nil }, time.Minute)
	stays, err := p.enter(t.Context(), "stays.vn", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer stays()
	p.hold("held.vn", clock.Add(100*24*time.Hour), "it asked")
	for i := range 4 * manyHosts {
		clock = clock.Add(time.Minute)
		leave, err := p.enter(t.Context(), fmt.Sprint(i, ".vn"), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if n := len(p.lanes); n > manyHosts+2 {
		t.Errorf("%d lanes are remembered, want %d at most", n, manyHosts)
	}
	if p.lanes["stays.vn"] == nil || p.lanes["held.vn"] == nil {
		t.Error("a lane in use, or one that owes a rest, was forgotten")
	}
}
