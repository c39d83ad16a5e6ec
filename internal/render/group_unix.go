//go:build unix

package render

import (
	"os/exec"
	"syscall"
)

// together puts Chromium and the processes it starts into a group of their
// own, so that the end of its time ends them all.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// scatter ends what Chromium left behind. A group that is gone is what is wanted.
func scatter(cmd *exec.Cmd) {
	if cmd.Process != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck
	}
}
