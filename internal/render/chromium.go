package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// flags are the same for every page. Debian's launcher adds its own; none of
// ours, and none of the environment's, takes the sandbox away.
var flags = []string{
	"--headless",
	"--dump-dom",
	"--virtual-time-budget=15000", // timers run at once, while answers are waited for; in ms
	"--window-size=1280,4000",     // what loads only when it is seen
	"--lang=vi",
	"--proxy-bypass-list=<-loopback>", // loopback, too, goes through the proxy
	"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
	"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
	"--disable-quic",
	"--blink-settings=imagesEnabled=false",
	"--js-flags=--max-old-space-size=512",
	"--disable-gpu",
	"--disable-background-networking",
	"--disable-breakpad",
	"--disable-client-side-phishing-detection",
	"--disable-component-update",
	"--disable-default-apps",
	"--disable-domain-reliability",
	"--disable-extensions",
	"--disable-features=MediaRouter,OptimizationHints,NetworkTimeServiceQuerying,Translate,DnsOverHttps,AsyncDns",
	"--disable-sync",
	"--metrics-recording-only",
	"--mute-audio",
	"--no-default-browser-check",
	"--no-first-run",
	"--no-pings",
}

// dump runs Chromium on one page and returns the DOM it writes.
func (r *Renderer) dump(ctx context.Context, address, way string) (dom []byte, err error) {
	home, err := profile()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sweep(home)) }()
	out, said := &bounded{left: r.MaxBytes}, &bounded{left: 64 << 10, quiet: true}
	cmd := exec.CommandContext(ctx, r.Binary, append(flags[:len(flags):len(flags)],
		"--user-data-dir="+home, "--crash-dumps-dir="+home, "--user-agent="+r.Agent,
		"--proxy-server="+way, "--ignore-certificate-errors-spki-list="+r.seal.print,
		"--", address)...)
	cmd.Dir, cmd.Env = home, environment(home)
	cmd.Stdout, cmd.Stderr = out, said
	cmd.WaitDelay = 2 * time.Second
	together(cmd)
	err = cmd.Run()
	scatter(cmd)
	switch {
	case out.left < 0:
		return nil, fmt.Errorf("%w: more than %d KiB", ErrTooLarge, r.MaxBytes>>10)
	case strings.Contains(said.kept.String(), "No usable sandbox"), strings.Contains(said.kept.String(), "Failed to move to new namespace"):
		return nil, ErrNoSandbox
	case err != nil:
		return nil, fmt.Errorf("%s ended with %w; its last words: %s", r.Binary, err, lastWords(said.kept.String()))
	}
	return out.kept.Bytes(), nil
}

// longestHome is how long a profile's path may be: Chromium puts a socket below
// it, whose path the kernel bounds at 107 bytes.
const longestHome = 50

func profile() (string, error) {
	home, err := os.MkdirTemp("", "diembao-*")
	if err == nil && len(home) > longestHome {
		err = errors.Join(fmt.Errorf("the path %s is too long; set TMPDIR to a shorter directory", home), os.Remove(home))
	}
	if err != nil {
		return "", fmt.Errorf("making a throw-away profile for Chromium: %w", err)
	}
	return home, nil
}

// environment is all that Chromium is told of ours: no passwords, and the time
// of Viet Nam, by which scripts write dates.
func environment(home string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=Asia/Ho_Chi_Minh",
		"HOME=" + home, "TMPDIR=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home, "XDG_RUNTIME_DIR=" + home,
		"DBUS_SESSION_BUS_ADDRESS=disabled:",
	}
}

// sweep removes a profile. What was just killed may still be letting go of it.
func sweep(home string) error {
	var err error
	for range 20 {
		if err = os.RemoveAll(home); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("removing Chromium's throw-away profile: %w", err)
}

// lastWords is the end of what Chromium said, its small talk about the desktop
// bus left out.
func lastWords(said string) string {
	var lines []string
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "dbus") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return "none"
	}
	return strings.Join(lines[max(0, len(lines)-3):], " / ")
}

// bounded keeps what is written until there is too much. Then it breaks the
// pipe, or, where it is quiet, keeps no more.
type bounded struct {
	kept  bytes.Buffer // not embedded: its ReadFrom knows no bound
	left  int64
	quiet bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left >= 0 {
		return b.kept.Write(p)
	}
	if b.quiet {
		return len(p), nil
	}
	return 0, ErrTooLarge
}
