// Package notify empties the outbox by e-mail. A letter is written down before
// it is sent and its bytes follow from what was written down alone, so a
// retransmission is the same letter with the same Message-ID. A second
// transmission happens only where the reply to DATA was lost, or the process
// died between DATA and its record.
package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"diembao/config"
	"diembao/internal/news"
)

// Post is where letters are handed over: an SMTP server, a folder of .eml
// files, or both.
type Post struct {
	Mail config.Mail
	Dial func(ctx context.Context, network, address string) (net.Conn, error) // nil: the net package's own
}

// sender is who letters come from where the configuration names nobody.
const sender = "diembao@localhost"

func (p Post) from() string {
	if p.Mail.From == "" {
		return sender
	}
	return p.Mail.From
}

// Render writes the letter as the bytes that are sent: the same letter gives
// the same bytes.
func (p Post) Render(l news.Letter) ([]byte, error) {
	m, err := p.message(l)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing letter %s: %w", l.MessageID, err)
	}
	return settled(b.Bytes(), boundary(l)), nil
}

// boundary parts a letter's bodies; it follows from the letter.
func boundary(l news.Letter) string {
	sum := sha256.Sum256([]byte(l.Key))
	return "diembao-" + hex.EncodeToString(sum[:12])
}

// drawn is a boundary that the mail library drew by lot: it gives bodies within
// bodies one boundary where it is told which, so with pictures it is not told.
var drawn = regexp.MustCompile(`(?m)^ boundary=([0-9a-f]{60})\r$`)

// settled puts boundaries that follow from the letter in the place of drawn ones.
func settled(raw []byte, name string) []byte {
	for i, m := range drawn.FindAllSubmatch(raw, -1) {
		raw = bytes.ReplaceAll(raw, m[1], fmt.Appendf(nil, "%s-%d", name, i+1))
	}
	return raw
}

func (p Post) message(l news.Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if len(l.Pictures) == 0 {
		m.SetBoundary(boundary(l))
	}
	if err := m.From(p.from()); err != nil {
		return nil, fmt.Errorf("the sender %q is not an address; set mail.from in the configuration: %w", p.from(), err)
	}
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("the recipient %q is not an address; correct mail.alerts or mail.reports in the configuration: %w", l.To, err)
	}
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.Made.In(config.VN))
	m.Subject(l.Subject)
	if l.Thread != "" {
		m.SetGenHeader(mail.HeaderReferences, "<"+l.Thread+">")
		m.SetGenHeader(mail.HeaderInReplyTo, "<"+l.Thread+">")
	}
	names := make([]string, 0, len(l.Headers))
	for name := range l.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m.SetGenHeader(mail.Header(name), l.Headers[name])
	}
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	}
	for i, p := range l.Pictures {
		err := m.EmbedReader(fmt.Sprintf("%d.png", i+1), bytes.NewReader(p.PNG), mail.WithFileContentID("<"+p.ID+">"), mail.WithFileDescription(p.Alt), mail.WithFileContentType("image/png"))
		if err != nil {
			return nil, fmt.Errorf("putting the picture %s into letter %s: %w", p.ID, l.MessageID, err)
		}
	}
	return m, nil
}

// Ready reports whether there is anywhere to hand letters over.
func (p Post) Ready() bool { return p.Mail.SMTP != "" || p.Mail.Folder != "" }

// Deliver hands the bytes of a letter over. Where there is an SMTP server its
// word counts; the folder gets a copy of what was sent. With neither, letters
// stay in the outbox: see Ready.
func (p Post) Deliver(ctx context.Context, l news.Letter, raw []byte) error {
	if p.Mail.SMTP != "" {
		if err := p.transmit(ctx, l, raw); err != nil {
			return err
		}
	}
	if p.Mail.Folder != "" {
		return p.file(l, raw)
	}
	return nil
}

func (p Post) transmit(ctx context.Context, l news.Letter, raw []byte) error {
	c, err := p.client()
	if err != nil {
		return err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("speaking to the mail server %s: %w", p.Mail.SMTP, err)
	}
	defer conn.Close()
	if err := p.dialogue(conn, l.To, raw); err != nil {
		var reply *textproto.Error
		if errors.As(err, &reply) && reply.Code >= 500 {
			return Permanent{fmt.Errorf("the mail server %s refused the letter to %s: %w", p.Mail.SMTP, l.To, err)}
		}
		return fmt.Errorf("sending the letter to %s by %s: %w", l.To, p.Mail.SMTP, err)
	}
	// The server has taken the letter: what QUIT answers changes nothing.
	_ = conn.Quit()
	return nil
}

// dialogue is one mail transaction of RFC 5321, with bytes that were written
// down before: a message rebuilt for a retry might differ by a version.
func (p Post) dialogue(conn *smtp.Client, to string, raw []byte) error {
	from, err := address(p.from())
	if err != nil {
		return err
	}
	if to, err = address(to); err != nil {
		return err
	}
	if err := conn.Mail(from); err != nil {
		return err
	}
	if err := conn.Rcpt(to); err != nil {
		return err
	}
	w, err := conn.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return errors.Join(err, w.Close())
	}
	return w.Close()
}

// address takes the address out of "Tên <a@b>".
func address(s string) (string, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return "", Permanent{fmt.Errorf("%q is not a mail address: %w", s, err)}
	}
	return a.Address, nil
}

// Permanent is a refusal that no retry can mend.
type Permanent struct{ error }

func (e Permanent) Unwrap() error { return e.error }

func (p Post) client() (*mail.Client, error) {
	host, portText, err := net.SplitHostPort(p.Mail.SMTP)
	if err != nil {
		return nil, fmt.Errorf("mail.smtp %q is not host:port: %w", p.Mail.SMTP, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("mail.smtp %q: the port is not a number: %w", p.Mail.SMTP, err)
	}
	options := []mail.Option{mail.WithPort(port), mail.WithTimeout(30 * time.Second)}
	switch p.Mail.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if p.Mail.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.Mail.User), mail.WithPassword(secret(p.Mail.Password)))
	}
	if p.Dial != nil {
		options = append(options, mail.WithDialContextFunc(p.Dial))
	}
	c, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("preparing to speak to the mail server %s: %w", p.Mail.SMTP, err)
	}
	return c, nil
}

// secret reads a password that is written as $NAME from the environment.
func secret(s string) string {
	if name, ok := strings.CutPrefix(s, "$"); ok {
		return os.Getenv(name)
	}
	return s
}

// FileName names a letter in the folder of mail: <time>-<message-id>.eml.
func FileName(l news.Letter) string {
	return l.Made.In(config.VN).Format("20060102-150405") + "-" + strings.Map(fileSafe, l.MessageID) + ".eml"
}

// file writes the letter as FileName has it, whole or not at all.
func (p Post) file(l news.Letter, raw []byte) error {
	if err := os.MkdirAll(p.Mail.Folder, 0o700); err != nil {
		return fmt.Errorf("making the mail folder %s: %w", p.Mail.Folder, err)
	}
	name := FileName(l)
	tmp, err := os.CreateTemp(p.Mail.Folder, ".letter-*")
	if err != nil {
		return fmt.Errorf("writing a letter into %s: %w", p.Mail.Folder, err)
	}
	_, err = tmp.Write(raw)
	if err := errors.Join(err, tmp.Close()); err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("writing %s into %s: %w", name, p.Mail.Folder, err)
	}
	if err := os.Rename(tmp.Name(), filepath.Join(p.Mail.Folder, name)); err != nil {
		return fmt.Errorf("writing %s into %s: %w", name, p.Mail.Folder, err)
	}
	return nil
}

func fileSafe(r rune) rune {
	if r == '/' || r == '\\' || r == ':' || r < ' ' {
		return '_'
	}
	return r
}
