package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A full disk is said in words; what is stored can be searched and served; when
// there is space again, the same import goes through.
func TestFullDisk(t *testing.T) {
	s := newStranger(t)
	data := filepath.Join(s.dir, "data")
	size := func(flags uintptr, mb int) error {
		return syscall.Mount("diembao-test", data, "tmpfs", flags, fmt.Sprintf("size=%dm,mode=777,uid=%d", mb, nobody))
	}
	if err := size(0, 6); errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.ENOSYS) {
		t.Skipf("a small disk must be mounted to be filled, and this machine does not let us: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, syscall.Unmount(data, syscall.MNT_DETACH)) })
	const many = 800
	check(t, os.WriteFile(filepath.Join(s.dir, "nhieu.jsonl"), []byte(lines(many)), 0o644))
	s.says(0, "import", "tin.jsonl")
	s.serves()
	if said := s.says(1, "import", "nhieu.jsonl"); !strings.Contains(said, "the disk is full: free some space") {
		t.Errorf("import says %s", said)
	}
	check(t, errors.Join(fillUp(filepath.Join(data, "rac")), os.Chown(filepath.Join(data, "rac"), nobody, nobody)))
	if said := s.says(0, "search", "cho học sinh", "--limit", "1"); !strings.Contains(said, "Thẻ bảo hiểm y tế") {
		t.Errorf("search says %s", said)
	}
	s.serves()
	check(t, size(syscall.MS_REMOUNT, 200))
	if said := s.says(0, "import", "nhieu.jsonl"); !strings.Contains(said, fmt.Sprintf("read %d", many)) {
		t.Errorf("with space again, import says %s", said)
	}
	if said := s.says(0, "search", "all:", "--limit", "1"); !strings.Contains(said, fmt.Sprintf("%d lượt đăng", many+1)) {
		t.Errorf("with space again, search says %s", said)
	}
}

// lines is a stream of n articles that are large enough to fill a small disk.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"url":"https://vnexpress.net/bai-%d.html","title":"Trận bóng thứ %d của xã %d","body":"%s%d","published":"2026-07-01"}`+"\n",
			i, i, i*7919%1000, strings.Repeat("Đội bóng xã bên thắng sít sao. ", 300), i)
	}
	return b.String()
}

// fillUp writes a file until the disk is full.
func fillUp(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
