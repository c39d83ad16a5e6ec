// Package render lets a headless Chromium build the pages that are nothing
// without their scripts, and hands back what stands in the DOM afterwards.
// Chromium is a stranger in the house: it runs in its own sandbox, in a
// directory that is thrown away, for a bounded time, and its only way out is
// a proxy on loopback that sends every request over the road the caller gives
// it, which is that of internal/fetch with its robots.txt, pace, address guard
// and bounds. Nothing is ever sent but GET, HEAD and OPTIONS.
//
// Read proxy.go for the way out and chromium.go for the process.
package render

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"time"

	"diembao/internal/news"
	"diembao/internal/vi"
)

// Why there is no Renderer, or no page from it.
var (
	ErrAbsent    = errors.New("there is no Chromium on this machine; install it, on Debian with `apt install chromium`, or take `render: true` from the outlets")
	ErrRoot      = errors.New("run by root, Chromium has no sandbox, and without one it is not run; run diembao as an ordinary user")
	ErrNoSandbox = errors.New("no usable sandbox for Chromium; let ordinary users make namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or install the Debian package chromium-sandbox")
	ErrTimeout   = errors.New("not done in time; Chromium was stopped")
	ErrTooLarge  = errors.New("the page that the scripts built is too large")
)

// Options is how pages are rendered. The zero Options will do.
type Options struct {
	Binary   string           // of Chromium; where empty, the first of chromium, chromium-browser and google-chrome on the PATH
	Agent    string           // what scripts are told the browser is; the road says it to servers
	Timeout  time.Duration    // for one page, from its turn to its DOM, waits between requests included; 1 min by default
	MaxBytes int64            // of the DOM; 10 MiB by default
	Now      func() time.Time // time.Now by default
}

// Renderer renders one page at a time, whoever asks: a browser is heavy. It is
// safe for many goroutines.
type Renderer struct {
	Options
	seal *seal
	turn chan struct{}
}

// New finds Chromium. Errors: ErrAbsent, ErrRoot.
func New(o Options) (*Renderer, error) {
	binary, err := find(o.Binary)
	if err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		return nil, ErrRoot
	}
	o.Binary = binary
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 10 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s, err := newSeal(o.Now())
	if err != nil {
		return nil, err
	}
	return &Renderer{Options: o, seal: s, turn: make(chan struct{}, 1)}, nil
}

func find(binary string) (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if binary != "" {
		names = []string{binary}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	if binary != "" {
		return "", fmt.Errorf("%s cannot be run: %w", binary, ErrAbsent)
	}
	return "", ErrAbsent
}

// Page renders the page at address, each of its requests sent over road. Its
// Status, Header and Final are of the document itself, its Body the DOM when
// scripts had run. Where the document could not be had the error is the road's
// own; else one of ErrTimeout, ErrTooLarge, ErrNoSandbox or what Chromium said.
func (r *Renderer) Page(ctx context.Context, address string, road http.RoundTripper) (news.Page, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return news.Page{}, fmt.Errorf("render %s: not an http or https address", address)
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return news.Page{}, ctx.Err()
	}
	page, err := r.page(ctx, u, road)
	if err != nil {
		return page, fmt.Errorf("render %s: %w", address, err)
	}
	return page, nil
}

func (r *Renderer) page(parent context.Context, u *url.URL, road http.RoundTripper) (news.Page, error) {
	ctx, cancel := context.WithTimeout(parent, r.Timeout)
	defer cancel()
	out, err := open(ctx, road, r.seal)
	if err != nil {
		return news.Page{}, err
	}
	dom, err := r.dump(ctx, u.String(), out.address())
	out.close()
	doc := out.document()
	page := news.Page{URL: u.String(), Final: doc.url, Status: doc.status, Header: doc.header, At: r.Now()}
	switch {
	case parent.Err() != nil:
		return page, parent.Err()
	case doc.err != nil:
		return page, doc.err
	case ctx.Err() != nil:
		return page, fmt.Errorf("%w, after %s", ErrTimeout, r.Timeout)
	case err != nil:
		return page, err
	case doc.status != http.StatusOK:
		return page, fmt.Errorf("no page; the document's answer was %d", doc.status)
	}
	page.Raw, page.Body, page.Charset = dom, vi.NFC(string(dom)), "utf-8"
	return page, nil
}
