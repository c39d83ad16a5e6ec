package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user that tests run the program as where they run as root, who
// may write everywhere.
const nobody = 65534

// stranger runs the program as a user who is not root, from a directory that
// everybody may enter.
type stranger struct {
	*testing.T
	dir string
}

func newStranger(t *testing.T) stranger {
	t.Helper()
	exe, err := os.Executable()
	check(t, err)
	dir, err := os.MkdirTemp("", "diembao-*")
	check(t, err)
	s := stranger{t, dir}
	t.Cleanup(func() { check(t, errors.Join(s.writable("."), os.RemoveAll(dir))) })
	check(t, os.Chmod(dir, 0o755))
	raw, err := os.ReadFile(exe)
	check(t, err)
	check(t, os.WriteFile(filepath.Join(dir, "diembao"), raw, 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "tin.jsonl"), []byte(`{"url":"https://vnexpress.net/bhyt-1.html","title":"Thẻ bảo hiểm y tế (BHYT) cho học sinh","published":"2026-07-01"}`), 0o644))
	check(t, os.Mkdir(filepath.Join(dir, "data"), 0o755))
	if os.Geteuid() == 0 {
		check(t, os.Chown(filepath.Join(dir, "data"), nobody, nobody))
	}
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s stranger) program(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(s.Context(), filepath.Join(s.dir, "diembao"), args...)
	cmd.Dir = s.dir
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// says runs a command that must end with a code, and returns all it said.
func (s stranger) says(code int, args ...string) string {
	s.Helper()
	cmd := s.program(args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		s.Errorf("%v ended with %d, want %d:\n%s", args, got, code, out)
	}
	return string(out)
}

// readOnly takes away, or gives back, the right to write anything below dir.
func (s stranger) readOnly(dir string) error { return s.chmod(dir, 0o555, 0o444) }
func (s stranger) writable(dir string) error { return s.chmod(dir, 0o755, 0o644) }

func (s stranger) chmod(dir string, ofDirs, ofFiles fs.FileMode) error {
	return filepath.WalkDir(filepath.Join(s.dir, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == "diembao" && !d.IsDir() {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, ofDirs)
		}
		return os.Chmod(path, ofFiles)
	})
}

// A data directory of somebody else is left alone, and it is said whose it is.
func TestForeignDirectory(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a directory of somebody else: run the tests as root to see this one")
	}
	s := newStranger(t)
	s.says(0, "import", "tin.jsonl")
	check(t, os.Chown(filepath.Join(s.dir, "data"), 0, 0))
	for _, verb := range []string{"search", "import", "reread"} {
		args := map[string][]string{"search": {"BHYT"}, "import": {"tin.jsonl"}}[verb]
		said := s.says(1, append([]string{verb}, args...)...)
		if !strings.Contains(said, "belongs to user 0") || !strings.Contains(said, "--data") {
			t.Errorf("%s says %s", verb, said)
		}
	}
	if said := s.says(1, "check"); !strings.Contains(said, "!!  archive") || !strings.Contains(said, "belongs to another user") {
		t.Errorf("check says %s", said)
	}
}

// A data directory that cannot be written to is said in words, and served as
// far as it can be read; given back, it works as before.
func TestReadOnlyDirectory(t *testing.T) {
	s := newStranger(t)
	s.says(0, "import", "tin.jsonl")
	check(t, s.readOnly("data"))
	if said := s.says(1, "import", "tin.jsonl"); !strings.Contains(said, "may only be read") {
		t.Errorf("import says %s", said)
	}
	if said := s.says(0, "stories", "--days", "36500", "--least", "1"); !strings.Contains(said, "Thẻ bảo hiểm y tế") {
		t.Errorf("stories says %s", said)
	}
	s.serves()
	check(t, s.writable("data"))
	if said := s.says(0, "import", "tin.jsonl"); !strings.Contains(said, "read 1, new 0, known 1") {
		t.Errorf("given back, import says %s", said)
	}
	if said := s.says(0, "search", "BHYT"); !strings.Contains(said, "1 lượt đăng") {
		t.Errorf("given back, search says %s", said)
	}
}

// serves holds that the pages can be read.
func (s stranger) serves() {
	s.Helper()
	cmd := s.program("serve", "--roles", "web", "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	check(s.T, err)
	var errs strings.Builder
	cmd.Stderr = &errs
	check(s.T, cmd.Start())
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.Fatalf("serve says no address: %v %v\n%s", err, cmd.Wait(), errs.String())
	}
	for _, page := range []string{"/", "/outlets", "/incidents"} {
		res, err := http.Get(strings.TrimSpace(address) + page)
		check(s.T, err)
		body, err := io.ReadAll(res.Body)
		check(s.T, errors.Join(err, res.Body.Close()))
		if res.StatusCode != http.StatusOK || len(body) < 500 {
			s.Errorf("%s answers %s with %d bytes", page, res.Status, len(body))
		}
	}
	check(s.T, cmd.Process.Signal(os.Interrupt))
	if err := cmd.Wait(); err != nil {
		s.Errorf("serve ended with %v:\n%s", err, errs.String())
	}
	if strings.Contains(errs.String(), "goroutine ") {
		s.Errorf("a person is shown a stack trace:\n%s", errs.String())
	}
}
