package notify

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// office is a real SMTP server in this process.
type office struct {
	mu      sync.Mutex
	letters []string
	answer  func(n int) error // to DATA number n, from 1; nil: taken
	drop    bool              // take the letter, then break the connection before the reply
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{o, c}, nil }

type session struct {
	o *office
	c *smtp.Conn
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.letters = append(s.o.letters, string(raw))
	if s.o.drop {
		s.o.drop = false
		return errors.Join(s.c.Conn().Close(), io.ErrClosedPipe)
	}
	if s.o.answer != nil {
		return s.o.answer(len(s.o.letters))
	}
	return nil
}

func (o *office) got() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.letters...)
}

func openOffice(t *testing.T, o *office) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(o)
	s.Domain = "thu.example"
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

type bench struct {
	*testing.T
	store *store.Store
	post  Post
	now   time.Time
	log   strings.Builder
}

func newBench(t *testing.T, smtpAt string) *bench {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{T: t, store: s, now: time.Date(2026, 7, 8, 22, 40, 0, 0, config.VN)}
	b.post = Post{Mail: config.Mail{SMTP: smtpAt, TLS: "none", From: "Điểm Báo <diembao@bhxh.example>"}}
	return b
}

func (b *bench) put(key string) {
	b.Helper()
	l := news.Letter{Key: key, MessageID: key + "@bhxh.example", Thread: "goc@bhxh.example", To: "truc@bhxh.example",
		Subject: "[BHXH] Sự việc: Người bệnh chờ từ sáng", Text: "Sáng nay nhiều người bệnh chờ.\n.dòng bắt đầu bằng dấu chấm\n",
		HTML: "<p>Sáng nay</p>", Headers: map[string]string{"X-DiemBao-Level": "2"}, Made: b.now}
	err := b.store.Do(b.Context(), func(tx *store.Tx) error {
		_, err := tx.PutLetter(b.Context(), l)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) run() Sent {
	b.Helper()
	done, err := Run(b.Context(), b.store, b.post, func() time.Time { return b.now }, slog.New(slog.NewTextHandler(&b.log, nil)))
	if err != nil {
		b.Fatal(err)
	}
	return done
}

func (b *bench) state(key string) store.LetterState {
	b.Helper()
	l, err := b.store.Letter(b.Context(), key)
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func TestALetterGoesOutOnce(t *testing.T) {
	o := &office{}
	b := newBench(t, openOffice(t, o))
	b.put("k1")
	if got := b.run(); got != (Sent{Sent: 1}) {
		t.Fatalf("the first run did %+v", got)
	}
	if got := b.run(); got != (Sent{}) {
		t.Errorf("the second run did %+v", got)
	}
	letters := o.got()
	if len(letters) != 1 {
		t.Fatalf("the office has %d letters", len(letters))
	}
	m, err := mail.ReadMessage(strings.NewReader(letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Message-ID": "<k1@bhxh.example>", "References": "<goc@bhxh.example>", "X-DiemBao-Level": "2", "Date": "Wed, 08 Jul 2026 22:40:00 +0700"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if s := b.state("k1"); s.State != store.LetterSent || s.Sendings != 1 {
		t.Errorf("the letter is %s after %d sendings", s.State, s.Sendings)
	}
}

func TestALostReplyBringsTheSameBytesAgain(t *testing.T) {
	o := &office{drop: true}
	b := newBench(t, openOffice(t, o))
	b.put("k1")
	if got := b.run(); got != (Sent{Failed: 1}) {
		t.Fatalf("the first run did %+v", got)
	}
	b.post.Mail.From = "Khác <khac@bhxh.example>" // the configuration changed meanwhile: the letter did not
	b.now = b.now.Add(2 * time.Minute)
	if got := b.run(); got != (Sent{Sent: 1}) {
		t.Fatalf("the second run did %+v", got)
	}
	letters := o.got()
	if len(letters) != 2 || letters[0] != letters[1] {
		t.Errorf("the office has %d letters, the same: %v", len(letters), len(letters) == 2 && letters[0] == letters[1])
	}
	if !strings.Contains(b.log.String(), "a letter is tried again") {
		t.Error("the second transmission is not in the log")
	}
}

func TestASenderThatDiedIsFollowed(t *testing.T) {
	o := &office{}
	b := newBench(t, openOffice(t, o))
	b.put("k1")
	raw, err := b.post.Render(b.state("k1").Letter)
	if err != nil {
		t.Fatal(err)
	}
	err = b.store.Do(t.Context(), func(tx *store.Tx) error { // the process dies after this commit
		_, err := tx.LetterSending(t.Context(), "k1", b.now, string(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.run(); got != (Sent{}) {
		t.Errorf("a letter that another sender holds was taken: %+v", got)
	}
	b.now = b.now.Add(store.LetterLost + time.Second)
	if got := b.run(); got != (Sent{Sent: 1}) {
		t.Errorf("the letter of a dead sender was not sent: %+v", got)
	}
}

func TestRefusals(t *testing.T) {
	busy := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
	never := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	o := &office{answer: func(n int) error {
		if n == 1 {
			return busy
		}
		return never
	}}
	b := newBench(t, openOffice(t, o))
	b.put("k1")
	if got := b.run(); got != (Sent{Failed: 1}) {
		t.Fatalf("a server that is busy: %+v", got)
	}
	if s := b.state("k1"); s.State != store.LetterWaiting || !s.Next.Equal(b.now.Add(time.Minute)) {
		t.Errorf("the letter is %s, next at %s", s.State, s.Next)
	}
	b.now = b.now.Add(time.Minute)
	if got := b.run(); got != (Sent{Dead: 1}) {
		t.Fatalf("a server that says never: %+v", got)
	}
	if s := b.state("k1"); s.State != store.LetterDead || !strings.Contains(s.Why, "no such person") {
		t.Errorf("the letter is %s because %q", s.State, s.Why)
	}
}

func TestNoServerLeavesLettersWaiting(t *testing.T) {
	b := newBench(t, "")
	b.put("k1")
	if got := b.run(); got != (Sent{}) {
		t.Errorf("did %+v", got)
	}
	b.post.Mail.SMTP = "127.0.0.1:1" // nobody listens there
	if got := b.run(); got != (Sent{Failed: 1}) {
		t.Errorf("did %+v", got)
	}
}

func TestTheFolderHoldsWholeLetters(t *testing.T) {
	b := newBench(t, "")
	b.post.Mail.Folder = filepath.Join(t.TempDir(), "mail")
	b.put("a/b:c")
	if got := b.run(); got != (Sent{Sent: 1}) {
		t.Fatalf("did %+v", got)
	}
	files, err := os.ReadDir(b.post.Mail.Folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds %d files, %v", len(files), err)
	}
	if want := "20260708-224000-a_b_c@bhxh.example.eml"; files[0].Name() != want {
		t.Errorf("the letter is named %s, want %s", files[0].Name(), want)
	}
	f, err := os.Open(filepath.Join(b.post.Mail.Folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := mail.ReadMessage(f); err != nil {
		t.Error(err)
	}
}

func TestTheSameLetterGivesTheSameBytes(t *testing.T) {
	l := news.Letter{Key: "k", MessageID: "k@x.example", To: "a@b.example", Subject: "Tiêu đề rất dài " + strings.Repeat("điểm báo ", 30), Text: "x", HTML: "<p>x</p>",
		Headers: map[string]string{"X-A": "1", "X-B": "2", "X-C": "3", "Auto-Submitted": "auto-generated"}, Made: time.Unix(1e9, 0)}
	var p Post
	want, err := p.Render(l)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		got, err := p.Render(l)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Fatalf("two renderings differ:\n%s\n----\n%s", want, got)
		}
	}
}

func TestASenderWithoutAnAddressIsSaid(t *testing.T) {
	b := newBench(t, "127.0.0.1:1")
	b.post.Mail.From = "không phải địa chỉ"
	b.put("k1")
	if got := b.run(); got != (Sent{Dead: 1}) {
		t.Errorf("did %+v", got)
	}
	if why := b.state("k1").Why; !strings.Contains(why, "mail.from") {
		t.Errorf("the reason does not say what to mend: %q", why)
	}
}
