package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// Nothing of the world is asked in a drill: the outlets, the mail server, the
// proxy and the database of the installation all lead to one door here, and
// nobody knocks. A name that is not of the made-up press is not even resolved.
func TestNothingLeavesInADrill(t *testing.T) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var knocks atomic.Int32
	shut := make(chan struct{})
	go func() {
		defer close(shut)
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			knocks.Add(1)
			conn.Close()
		}
	}()
	at, dir := door.Addr().String(), t.TempDir()
	file := filepath.Join(dir, "diembao.yaml")
	config := fmt.Sprintf(`contact: mailto:thu@coquan.example
store: postgres://ai@%[1]s/kho
fetch:
  proxy: http://%[1]s
  allow: ["%[1]s"]
mail:
  smtp: "%[1]s"
  tls: none
  from: diembao@coquan.example
  alerts: [truc@coquan.example]
  operators: [may@coquan.example]
outlets:
  - {id: bao-that, name: Báo Thật, licence: bao, level: central, reach: national, kind: press, on: true, domains: [{host: bao-that.localhost}], feeds: [{url: "http://%[1]s/rss"}]}
`, at)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"drill", "--config", file, "--data", filepath.Join(dir, "data")}, nil, &out, &errs)
	door.Close()
	<-shut
	if code != done || knocks.Load() != 0 {
		t.Errorf("the drill ended with %d and asked the world %d times\n%s\n%s", code, knocks.Load(), &out, &errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		t.Error("the drill touched the installation's data directory")
	}
	if got, err := loopbackOnly(context.Background(), "vnexpress.net"); err == nil {
		t.Errorf("a name of the world was resolved to %v", got)
	}
}
