//go:build unix

package render

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// nobody is who the tests run as where root runs them: root's Chromium has no
// sandbox.
const nobody = 65534

func TestMain(m *testing.M) {
	if os.Geteuid() != 0 {
		os.Exit(m.Run())
	}
	code, err := asNobody()
	if err != nil {
		fmt.Fprintln(os.Stderr, "running the tests as an ordinary user:", err)
		code = 1
	}
	os.Exit(code)
}

// asNobody runs this test binary again, copied to where that user may read it.
func asNobody() (code int, err error) {
	dir, err := os.MkdirTemp("", "r") // short: see longestHome
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "render.test")
	if err := copyFile(binary, os.Args[0]); err != nil {
		return 0, err
	}
	for _, path := range []string{dir, binary} {
		if err := os.Chown(path, nobody, nobody); err != nil {
			return 0, err
		}
	}
	args := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(a string) bool { // files of root's
		return strings.HasPrefix(a, "-test.testlogfile") || strings.HasPrefix(a, "-test.coverprofile") || strings.HasPrefix(a, "-test.gocoverdir")
	})
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "TMPDIR="+dir)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := cmd.Run(); cmd.ProcessState == nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

func copyFile(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		w.Close()
		return err
	}
	return w.Close()
}
