package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "k-7731-never-to-be-logged"

// asked is a judge of a server on loopback, and what its log says.
func asked(t *testing.T, timeout time.Duration, serve http.HandlerFunc) (*Judge, *bytes.Buffer) {
	t.Helper()
	srv := httptest.NewServer(serve)
	t.Cleanup(srv.Close)
	var log bytes.Buffer
	j, err := New(Options{URL: srv.URL + "/v1/", Model: "mẫu-1", Key: key, Timeout: timeout, Now: time.Now,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
		},
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.Close)
	return j, &log
}

// says answers with a text as a chat-completions server does.
func says(w io.Writer, text string) {
	json.NewEncoder(w).Encode(map[string]any{"id": "c1", "object": "chat.completion",
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}}},
		"usage":   map[string]any{"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}})
}

var prompt = Prompt{System: "Hãy đọc.", User: "một bài bí mật", Answer: 50}

func TestAsk(t *testing.T) {
	var got struct {
		Model    string
		Messages []message
		Stream   bool
		Max      int `json:"max_tokens"`
	}
	j, log := asked(t, time.Second, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer "+key {
			t.Errorf("asked %s %s with %q", r.Method, r.URL, r.Header.Get("Authorization"))
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		says(w, "vâng")
	})
	reply, err := j.Ask(t.Context(), prompt)
	if err != nil || reply != (Reply{"vâng", 320}) {
		t.Fatalf("%+v, %v", reply, err)
	}
	if got.Model != "mẫu-1" || got.Stream || got.Max != 50 || len(got.Messages) != 2 || got.Messages[0] != (message{"system", "Hãy đọc."}) || got.Messages[1] != (message{"user", "một bài bí mật"}) {
		t.Errorf("the server was sent %+v", got)
	}
	if text := log.String(); strings.Contains(text, key) || strings.Contains(text, "bí mật") || strings.Contains(text, "vâng") || !strings.Contains(text, "tokens=320") {
		t.Errorf("the log says %s", text)
	}
}

// Whatever a server does ends in a named fault, soon, and the log holds
// neither key nor text.
func TestFaults(t *testing.T) {
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, "body of the fault with "+r.Header.Get("Authorization"))
		}
	}
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		want  Fault
	}{
		"429 with seconds":   {status(429, "Retry-After", "90"), Fault{Code: "busy", Status: 429, Rest: 90 * time.Second}},
		"503 for years":      {status(503, "Retry-After", "999999999999"), Fault{Code: "busy", Status: 503}},
		"503 for long":       {status(503, "Retry-After", "99999999"), Fault{Code: "busy", Status: 503, Rest: longest}},
		"429 nonsense":       {status(429, "Retry-After", "soon"), Fault{Code: "busy", Status: 429}},
		"500":                {status(500), Fault{Code: "server", Status: 500}},
		"401":                {status(401), Fault{Code: "key", Status: 401}},
		"403":                {status(403), Fault{Code: "key", Status: 403}},
		"404":                {status(404), Fault{Code: "request", Status: 404}},
		"to the metadata":    {status(302, "Location", "http://169.254.169.254/latest/meta-data/"), Fault{Code: "redirect"}},
		"307 with the body":  {status(307, "Location", "/v1/other"), Fault{Code: "redirect"}},
		"a web page":         {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>chào</html>") }, Fault{Code: "protocol", Status: 200}},
		"JSON of another":    {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"choices":[]}`) }, Fault{Code: "protocol", Status: 200}},
		"nothing":            {func(http.ResponseWriter, *http.Request) {}, Fault{Code: "protocol", Status: 200}},
		"hangs up":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Fault{Code: "broken"}},
		"never answers":      {func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, Fault{Code: "timeout"}},
		"drips":              {drip, Fault{Code: "timeout"}},
		"never ends":         {endless, Fault{Code: "too-large", Status: 200}},
		"cut in the middle":  {cut, Fault{Code: "broken"}},
		"redirects in rings": {status(301, "Location", "/v1/chat/completions"), Fault{Code: "redirect"}},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			j, log := asked(t, 400*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				c.serve(w, r)
			})
			began := time.Now()
			_, err := j.Ask(t.Context(), prompt)
			var f *Fault
			if !errors.As(err, &f) {
				t.Fatalf("want a fault, got %v", err)
			}
			if f.Code != c.want.Code || f.Status != c.want.Status || f.Rest != c.want.Rest && name != "503 for years" {
				t.Errorf("got %+v", *f)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
			for _, text := range []string{log.String(), err.Error()} {
				if strings.Contains(text, key) || strings.Contains(text, "bí mật") || strings.Contains(text, "body of") {
					t.Errorf("too much is told: %s", text)
				}
			}
			if !strings.Contains(log.String(), "fault="+c.want.Code) {
				t.Errorf("the log says %s", log)
			}
		})
	}
}

func drip(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		fmt.Fprint(w, " ")
		w.(http.Flusher).Flush()
		time.Sleep(20 * time.Millisecond)
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
			return
		}
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "4000")
	fmt.Fprint(w, `{"choices":[`)
}

// Who gives up is told so, not of a fault of the server.
func TestCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	j, log := asked(t, time.Minute, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	if _, err := j.Ask(ctx, prompt); !errors.Is(err, context.Canceled) || log.Len() > 0 {
		t.Errorf("got %v; the log says %s", err, log)
	}
}

func TestRefusals(t *testing.T) {
	for body, want := range map[string]string{
		`{"choices":[{"message":{"content":null,"refusal":"I cannot"},"finish_reason":"stop"}]}`:   "refusal",
		`{"choices":[{"message":{"content":"","refusal":null},"finish_reason":"content_filter"}]}`: "refusal",
		`{"choices":[{"message":{"content":"{\"tone\":"},"finish_reason":"length"}]}`:              "cut",
		`{"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]}`:                       "empty",
	} {
		j, _ := asked(t, time.Second, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		_, err := j.Ask(t.Context(), prompt)
		var r *Rejected
		if !errors.As(err, &r) || r.Why != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

// A server that is not there is told from one that breaks off.
func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	j, err := New(Options{URL: "http://" + l.Addr().String(), Model: "m", Timeout: time.Second, Now: time.Now, Log: slog.New(slog.DiscardHandler), Dial: new(net.Dialer).DialContext})
	if err != nil {
		t.Fatal(err)
	}
	var f *Fault
	if _, err := j.Ask(t.Context(), prompt); !errors.As(err, &f) || f.Code != "unreachable" || !f.Innocent() {
		t.Errorf("got %v", err)
	}
}

func TestJudgeNeedsADialer(t *testing.T) {
	if _, err := New(Options{URL: "http://llm.example/v1"}); err == nil {
		t.Error("a judge without the guard's dialer was made")
	}
}
