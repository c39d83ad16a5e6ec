package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// modelKey is what the model's server wants; it must stand nowhere else.
const modelKey = "k-2209-of-the-model"

// judging is a press of one paper, a language model, and the program.
type judging struct {
	*testing.T
	dir   string
	llm   *httptest.Server
	asked atomic.Int32               // questions that were answered
	kill  atomic.Pointer[os.Process] // killed before its answer is sent; nil: nobody
	log   bytes.Buffer
}

const hardTitle = "Vướng mắc khi chuyển tuyến khám bảo hiểm y tế ở Cửa Lạch được gỡ"

func newJudging(t *testing.T) *judging {
	x := &judging{T: t, dir: t.TempDir()}
	paper := httptest.NewServer(http.HandlerFunc(x.paper))
	t.Cleanup(paper.Close)
	x.llm = httptest.NewServer(http.HandlerFunc(x.model))
	t.Cleanup(x.llm.Close)
	port := paper.Listener.Addr().(*net.TCPAddr).Port
	pack, err := config.Default()
	x.must(err)
	var c strings.Builder
	fmt.Fprintf(&c, "contact: mailto:truyenthong@coquan.example\nfetch: {allow: [\"127.0.0.1:%d\"], pace: 1ms}\n", port)
	fmt.Fprintf(&c, "judge: {url: %q, model: mau-1, key: $DIEMBAO_TEST_MODEL_KEY, timeout: 5s}\njobs:\n", x.llm.URL+"/v1")
	for _, id := range []string{"read", "judge"} {
		fmt.Fprintf(&c, "  - {id: %s, schedule: \"@every 1s\"}\n", id)
	}
	fmt.Fprintf(&c, "outlets:\n  - {id: bao-thu, name: Báo Thử, licence: bao, level: central, kind: press, on: true, domains: [{host: bao-thu.localhost}], feeds: [{url: \"http://bao-thu.localhost:%d/rss\"}]}\n", port)
	for _, o := range pack.Outlets {
		if o.On {
			fmt.Fprintf(&c, "  - {id: %s, on: false}\n", o.ID)
		}
	}
	x.must(os.WriteFile(filepath.Join(x.dir, "diembao.yaml"), []byte(c.String()), 0o600))
	return x
}

func (x *judging) must(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// paper is a newspaper of one article.
func (x *judging) paper(w http.ResponseWriter, r *http.Request) {
	lead := "Người bệnh từng phải đi lại nhiều lần, nay bệnh viện hỗ trợ tận nơi."
	at := time.Now().Add(-time.Hour)
	switch r.URL.Path {
	case "/rss":
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Báo Thử</title><item><title>%s</title><link>http://%s/kham-benh-4900001.html</link><description>%s</description><pubDate>%s</pubDate></item></channel></rss>`, hardTitle, r.Host, lead, at.Format(time.RFC1123Z))
	case "/kham-benh-4900001.html":
		fmt.Fprintf(w, `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>%s</title><meta property="og:title" content="%[1]s"><meta property="og:description" content="%s"><meta property="article:published_time" content="%s"></head><body><article><h1>%[1]s</h1><p class="sapo">%[2]s</p><p>%s</p></article></body></html>`,
			hardTitle, lead, at.Format(time.RFC3339), strings.Repeat("Trạm y tế xã hướng dẫn từng người làm giấy chuyển tuyến ngay tại chỗ và gọi trước cho bệnh viện huyện. ", 6))
	default:
		http.NotFound(w, r)
	}
}

// model answers that the article is neutral, to whoever has the key.
func (x *judging) model(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+modelKey {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	x.asked.Add(1)
	if p := x.kill.Swap(nil); p != nil {
		p.Kill()
	}
	answer, _ := json.Marshal(`{"tone":{"value":"neutral","quote":"khám bảo hiểm y tế ở Cửa Lạch được gỡ"}}`)
	fmt.Fprintf(w, `{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":%s}}],"usage":{"total_tokens":900}}`, answer)
}

func (x *judging) command(key string, args ...string) *exec.Cmd {
	exe, err := os.Executable()
	x.must(err)
	cmd := exec.CommandContext(x.Context(), exe)
	cmd.Args, cmd.Dir = append([]string{"diembao"}, args...), x.dir
	cmd.Env = append(os.Environ(), "DIEMBAO_TEST_MODEL_KEY="+key)
	return cmd
}

// says runs a command to its end and returns what it says, on both ways.
func (x *judging) says(key string, args ...string) (string, error) {
	out, err := x.command(key, args...).CombinedOutput()
	if strings.Contains(string(out), modelKey) {
		x.Errorf("%v shows the key", args)
	}
	return string(out), err
}

// told is a command that must succeed and say these words.
func (x *judging) told(args []string, words ...string) {
	x.Helper()
	out, err := x.says(modelKey, args...)
	if err != nil {
		x.Fatalf("%v: %v\n%s", args, err, out)
	}
	for _, w := range words {
		if !strings.Contains(out, w) {
			x.Errorf("%v does not say %q:\n%s", args, w, out)
		}
	}
}

// found is the address of the article if it is read in a tone.
func (x *judging) found(tone string) string {
	out, err := x.command(modelKey, "search", "--json", "tone:"+tone+` title:"chuyển tuyến khám"`).Output()
	var found struct{ Hits []struct{ URL string } }
	if err != nil || json.Unmarshal(out, &found) != nil || len(found.Hits) == 0 {
		return ""
	}
	return found.Hits[0].URL
}

// opinion are the model's reasons among those of the tone, as explain has them.
func (x *judging) opinion(url string) (said []news.Reason) {
	x.Helper()
	out, err := x.command(modelKey, "explain", "--json", url).Output()
	x.must(err)
	var all struct{ Reading map[string]news.Verdict }
	x.must(json.Unmarshal(out, &all))
	for _, r := range all.Reading["tone"].Reasons {
		if strings.HasPrefix(r.Rule, "judge:") {
			said = append(said, r)
		}
	}
	if len(said) == len(all.Reading["tone"].Reasons) {
		x.Errorf("the model's word is the only one: %+v", said)
	}
	return said
}

// The whole chain, each step the real program: a configuration, a paper that
// is crawled, a hard case that serve asks about by itself, the reason in
// explain, and the same reason after reading everything anew while the model's
// server is gone.
func TestJudgeFromConfigurationToReread(t *testing.T) {
	t.Parallel()
	x := newJudging(t)
	x.told([]string{"check"}, "mau-1 at 127.0.0.1", "at most 200 requests", "the key travels unencrypted")
	x.told([]string{"doctor"}, "language model", "this host and port alone")

	serve := x.command(modelKey, "serve", "--debug", "--listen", "127.0.0.1:0")
	serve.Stdout, serve.Stderr = &x.log, &x.log
	x.must(serve.Start())
	url := ""
	for range 300 {
		time.Sleep(100 * time.Millisecond)
		if url = x.found("neutral"); x.asked.Load() > 0 && url != "" && len(x.opinion(url)) > 0 {
			break
		}
	}
	x.must(serve.Process.Signal(syscall.SIGTERM))
	x.must(serve.Wait())
	if log := x.log.String(); strings.Contains(log, modelKey) || strings.Contains(log, "hỗ trợ tận nơi") || !strings.Contains(log, "the language model answered") {
		t.Errorf("the log of serve: %s", log)
	}
	kept := x.opinion(url)
	if len(kept) != 1 || !regexp.MustCompile(`^judge:mau-1 \(câu hỏi [0-9a-f]{8}, \d\d/\d\d/\d{4}\): neutral, trước đó negative$`).MatchString(kept[0].Rule) || kept[0].Quote != "khám bảo hiểm y tế ở Cửa Lạch được gỡ" {
		t.Fatalf("asked %d times; the model's reasons are %+v; serve says\n%s", x.asked.Load(), kept, x.log.String())
	}
	x.told([]string{"doctor"}, "today 1 of 200 requests, 900 of 400000 tokens, 1 answered")
	x.told([]string{"judge"}, "asked 0, answered 0")
	x.llm.Close()
	x.told([]string{"reread"}, "read 1")
	if again := x.opinion(url); !slices.Equal(again, kept) || x.found("neutral") != url {
		t.Errorf("read anew its reasons are %+v", again)
	}
	x.told([]string{"explain", url}, kept[0].Rule)
	x.told([]string{"judge", "--list", "--json"}, "[]")
	if n := x.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want 1", n)
	}
}

// A refused key, an absent one and a server that is gone are told by doctor and
// check, with what to do; collecting and reading go on.
func TestJudgeTroubleIsTold(t *testing.T) {
	t.Parallel()
	x := newJudging(t)
	x.told([]string{"crawl", "--once", "--outlet", "bao-thu"})
	x.told([]string{"judge", "--list"}, hardTitle, "tone")
	if out, err := x.says("", "judge"); err == nil || !strings.Contains(out, "the environment has no DIEMBAO_TEST_MODEL_KEY") {
		t.Errorf("without a key: %v\n%s", err, out)
	}
	if out, err := x.says("", "check"); err == nil || !strings.Contains(out, "the environment has no DIEMBAO_TEST_MODEL_KEY") {
		t.Errorf("check without a key: %v\n%s", err, out)
	}
	out, err := x.says("wrong", "judge")
	if err != nil || !strings.Contains(out, "asked 1, answered 0, rejected 0, faults 1") {
		t.Errorf("with a wrong key: %v\n%s", err, out)
	}
	for _, verb := range []string{"doctor", "check"} {
		out, err := x.says("wrong", verb)
		if err == nil || !strings.Contains(out, "1 fault key") || !strings.Contains(out, "left alone until") || !strings.Contains(out, "the server refuses the key (401); put a valid one where judge.key says") {
			t.Errorf("%s after a refused key: %v\n%s", verb, err, out)
		}
	}
	if n := x.asked.Load(); n != 0 {
		t.Errorf("%d questions were answered", n)
	}
}

// A process that is killed with the answer on its way leaves the question
// claimed: nobody asks it while the dead one might still be waiting, then it is
// asked once more, and kept.
func TestJudgeKilledBeforeTheRecord(t *testing.T) {
	t.Parallel()
	x := newJudging(t)
	x.told([]string{"crawl", "--once", "--outlet", "bao-thu"})
	doomed := x.command(modelKey, "judge")
	x.must(doomed.Start())
	x.kill.Store(doomed.Process) // long before it asks: it opens the archive and the index first
	if err := doomed.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	x.told([]string{"judge"}, "asked 0, answered 0")
	x.sql(`UPDATE judgements SET at = at - 3600000`) // an hour passes
	x.told([]string{"judge"}, "asked 1, answered 1")
	x.sql(`UPDATE judgements SET at = at - 3600000`)
	x.told([]string{"judge"}, "asked 0, answered 0")
	if n := x.asked.Load(); n != 2 {
		t.Errorf("asked %d times, want 2", n)
	}
	x.told([]string{"doctor"}, "today 2 of 200 requests")
}

func (x *judging) sql(text string) {
	x.Helper()
	db, err := sql.Open("sqlite", filepath.Join(x.dir, "data", store.File))
	x.must(err)
	_, err = db.Exec(text)
	x.must(errors.Join(err, db.Close()))
}
