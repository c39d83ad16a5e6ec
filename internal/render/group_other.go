//go:build !unix

package render

import "os/exec"

// Without process groups Chromium's children end when it does.
func together(*exec.Cmd) {}

func scatter(*exec.Cmd) {}
