package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("EVIDENCE_TEST_DIE_IN"); dir != "" {
		keepUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// What is kept reads as the standard has it, and proves what was seen.
func TestKept(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "evidence")
	a, _, _ := opened(t, dir, nil)
	kept := keep(t, a, 1, 2, 3)
	file := filepath.Join(data, kept[0].File)
	rs := stdRead(t, file)
	if len(rs) != 7 {
		t.Fatalf("%d records, want a warcinfo and three pairs", len(rs))
	}
	for i, p := range kept {
		r, q, want := rs[1+2*i], rs[2+2*i], page(i+1)
		if int64(r.start) != p.Offset || int64(q.end) != p.Offset+p.Length || r.get("WARC-Record-ID") != p.Record {
			t.Errorf("place %+v, the records lie at %d–%d", p, r.start, q.end)
		}
		if r.get("WARC-Target-URI") != want.URL || r.get("WARC-Date") != want.At.Format("2006-01-02T15:04:05.000Z") || r.get("WARC-IP-Address") != "192.0.2.7" || r.get("WARC-Protocol") != "h2" {
			t.Errorf("fields %v", r.fields)
		}
		proof, err := Prove(data, p)
		must(t, err)
		if !bytes.Equal(proof.Body, want.Body) || !bytes.HasPrefix(proof.Request, []byte(fmt.Sprintf("GET /bai-%d.htm HTTP/1.1\r\nHost: bao-thu.example\r\n", i+1))) {
			t.Errorf("proof holds %q of %q", proof.Body, proof.Request)
		}
		for _, line := range []string{"HTTP/1.1 200 OK", "X-Archive-Orig-Content-Encoding: br", "X-Archive-Orig-Content-Length: 77",
			fmt.Sprintf("Content-Length: %d", len(want.Body)), "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Odd: một  WARC-Type: response"} {
			if !slices.Contains(strings.Split(string(proof.Head), "\r\n"), line) {
				t.Errorf("the head lacks %q:\n%s", line, proof.Head)
			}
		}
	}
	for _, f := range []string{file, dir} {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, error %v", f, info.Mode(), err)
		}
	}
}

// The same page again is a revisit of the first; another page is not.
func TestRevisit(t *testing.T) {
	data := t.TempDir()
	a, _, _ := opened(t, filepath.Join(data, "evidence"), nil)
	first := keep(t, a, 1)
	again, other := Piece{piece(1).ArticleID, 2, Page}, Piece{piece(1).ArticleID, 3, Page}
	later := page(1)
	later.At = later.At.Add(time.Hour)
	must(t, a.Pend(again, later))
	must(t, a.Pend(other, page(2)))
	kept, _, err := a.Keep([]Wanted{{again, first}, {other, first}})
	must(t, err)
	if kept[0].Refers != first[0].Record || kept[0].Payload != first[0].Payload || kept[1].Refers != "" {
		t.Errorf("kept %+v", kept)
	}
	if got := stdRead(t, filepath.Join(data, first[0].File)); got[3].get("WARC-Type") != "revisit" || got[5].get("WARC-Type") != "response" {
		t.Errorf("types %s, %s", got[3].get("WARC-Type"), got[5].get("WARC-Type"))
	}
	proof, err := Prove(data, kept[0])
	must(t, err)
	if proof.Body != nil || !bytes.HasPrefix(proof.Head, []byte("HTTP/1.1 200 OK\r\n")) {
		t.Errorf("the revisit holds %q, %q", proof.Head, proof.Body)
	}
	_, found, _ := opened(t, filepath.Join(data, "evidence"), listing(first...))
	if !reflect.DeepEqual(found, kept) {
		t.Errorf("found again\n%+v\nwant\n%+v", found, kept)
	}
}

// A file is followed by the next when it is full and when the day turns in
// Viet Nam, and gone on with otherwise.
func TestRotation(t *testing.T) {
	data, now := t.TempDir(), day0
	dir := filepath.Join(data, "evidence")
	small := func(o *Options) { o.MaxBytes, o.Now = 3000, func() time.Time { return now } }
	a, _, _ := opened(t, dir, nil, small)
	var all []Place
	for n := range 9 {
		all = append(all, keep(t, a, n)...)
	}
	must(t, a.Close())
	b, found, notes := opened(t, dir, listing(all...), small)
	if len(found)+len(notes) > 0 {
		t.Errorf("after a good end: found %v, %v", found, notes)
	}
	all = append(all, keep(t, b, 9)...)
	now = time.Date(2026, 3, 2, 17, 0, 1, 0, time.UTC) // one second past midnight in Hà Nội
	all = append(all, keep(t, b, 10)...)
	names, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	must(t, err)
	records := 0
	for i, f := range names {
		info, err := os.Stat(f)
		must(t, err)
		if !strings.Contains(f, fmt.Sprintf("-%05d.", i+1)) || info.Size() > 3000+2000 {
			t.Errorf("file %d is %s of %d bytes", i+1, f, info.Size())
		}
		records += len(stdRead(t, f)) - 1
	}
	if records != 2*len(all) || len(names) < 4 || !strings.Contains(all[10].File, "diembao-20260302170001-") || all[10].File == all[9].File {
		t.Errorf("%d records in %v for %d pieces; the last two in %s, %s", records, names, len(all), all[9].File, all[10].File)
	}
	for _, p := range all {
		_, err := Prove(data, p)
		must(t, err)
	}
}

// A file cut at any byte beyond what is listed is mended: whole exchanges come
// back as they were, the rest is gone, and writing goes on.
func TestTornAnywhere(t *testing.T) {
	data := t.TempDir()
	a, _, _ := opened(t, filepath.Join(data, "evidence"), nil)
	kept := keep(t, a, 1, 2, 3)
	must(t, a.Close())
	raw, err := os.ReadFile(filepath.Join(data, kept[0].File))
	must(t, err)
	var ends []int
	for _, r := range stdRead(t, filepath.Join(data, kept[0].File)) {
		ends = append(ends, r.end)
	}
	for cut := 0; cut <= len(raw); cut++ {
		near := slices.ContainsFunc(ends, func(end int) bool { return cut >= end-10 && cut <= end+10 }) // gzip's trailer and header
		if !near && cut%31 != 0 {
			continue
		}
		at := t.TempDir()
		dir := filepath.Join(at, "evidence")
		must(t, os.MkdirAll(dir, 0o700))
		must(t, os.WriteFile(filepath.Join(at, kept[0].File), raw[:cut], 0o600))
		for _, listed := range []map[string]int64{nil, listing(kept[0])} {
			if int64(cut) < listed[kept[0].File] {
				continue
			}
			b, found, _ := opened(t, dir, listed)
			var want []Place
			for i, p := range kept {
				if p.Offset+p.Length <= int64(cut) && (listed == nil || i > 0) {
					want = append(want, p)
				}
			}
			if !reflect.DeepEqual(found, want) {
				t.Fatalf("cut at %d of %d, listed %v: found %+v, want %+v", cut, len(raw), listed, found, want)
			}
			more := keep(t, b, 4)
			for _, p := range append(found, more...) {
				_, err := Prove(at, p)
				must(t, err)
			}
			before := 0
			if listed != nil {
				before = 1
			}
			if rs := stdRead(t, filepath.Join(at, more[0].File)); len(rs) != 1+2*(before+len(found)+1) {
				t.Fatalf("cut at %d: %d records for %d exchanges", cut, len(rs), before+len(found)+1)
			}
			must(t, b.Close())
			must(t, os.WriteFile(filepath.Join(at, kept[0].File), raw[:cut], 0o600))
		}
	}
}

// Damage that is no torn end is left for people to look at, and told.
func TestDamageIsLeft(t *testing.T) {
	data := t.TempDir()
	a, _, _ := opened(t, filepath.Join(data, "evidence"), nil)
	kept := keep(t, a, 1, 2, 3)
	must(t, a.Close())
	file := filepath.Join(data, kept[0].File)
	raw, err := os.ReadFile(file)
	must(t, err)
	raw[kept[1].Offset+kept[1].Length/3] ^= 0x40
	must(t, os.WriteFile(file, raw, 0o600))
	b, found, notes := opened(t, filepath.Join(data, "evidence"), nil)
	if len(found) != 1 || found[0].Record != kept[0].Record || len(notes) != 1 || !strings.Contains(notes[0], "left as it is") {
		t.Errorf("found %+v, notes %q", found, notes)
	}
	if more := keep(t, b, 4); more[0].File == kept[0].File {
		t.Error("the damaged file is written on")
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, raw) {
		t.Errorf("the damaged file was changed (%v)", err)
	}
	if _, err := Prove(data, kept[1]); !errors.Is(err, ErrDigest) {
		t.Errorf("proof of a damaged record: %v, want ErrDigest", err)
	}
	must(t, os.Truncate(file, kept[2].Offset+10))
	if _, err := Prove(data, kept[2]); !errors.Is(err, ErrTorn) {
		t.Errorf("proof beyond the file's end: %v, want ErrTorn", err)
	}
	if _, _, notes := opened(t, filepath.Join(data, "evidence"), listing(kept...)); !strings.Contains(strings.Join(notes, " "), "backup") {
		t.Errorf("a shortened file is told as %q", notes)
	}
}

// A place that names another file than evidence proves nothing.
func TestPlaceStaysInside(t *testing.T) {
	data := t.TempDir()
	must(t, os.WriteFile(filepath.Join(data, "secret"), []byte("x"), 0o600))
	for _, file := range []string{"../" + filepath.Base(data) + "/secret", filepath.Join(data, "secret"), ""} {
		if _, err := Prove(data, Place{File: file, Length: 1}); err == nil {
			t.Errorf("%q was read", file)
		}
	}
}

// What was laid aside and broke off stops nobody else.
func TestLostPiece(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "evidence")
	a, _, _ := opened(t, dir, nil)
	for n := range 3 {
		must(t, a.Pend(piece(n), page(n)))
	}
	must(t, os.Truncate(filepath.Join(dir, pendingFolder, piece(1).file()), 900))
	must(t, os.WriteFile(filepath.Join(dir, pendingFolder, "x.part"), nil, 0o600))
	must(t, a.Close())
	b, _, _ := opened(t, dir, nil)
	waiting, err := b.Pending()
	must(t, err)
	kept, lost, err := b.Keep([]Wanted{{Piece: piece(0)}, {Piece: piece(1)}, {Piece: piece(2)}})
	must(t, err)
	if len(waiting) != 3 || len(kept) != 2 || len(lost) != 1 || lost[0] != piece(1) {
		t.Errorf("waiting %v, kept %v, lost %v", waiting, kept, lost)
	}
	if err := b.Pend(Piece{"../../x", 1, Page}, page(1)); err == nil {
		t.Error("a path was taken for an article's id")
	}
	if _, err := os.Stat(filepath.Join(dir, pendingFolder, "x.part")); err == nil {
		t.Error("the beginning of a file was left")
	}
}

// keepUntilKilled is the body of a process that TestKill ends with SIGKILL: it
// lays pages aside, keeps them and says their numbers, and never lists them.
func keepUntilKilled(dir string) {
	a, found, _, err := Open(Options{Dir: filepath.Join(dir, "evidence"), Now: func() time.Time { return day0 }})
	for n := len(found); err == nil; n += 2 {
		batch := []Wanted{{Piece: piece(n)}, {Piece: piece(n + 1)}}
		if err = errors.Join(a.Pend(piece(n), page(n)), a.Pend(piece(n+1), page(n+1))); err == nil {
			if _, _, err = a.Keep(batch); err == nil {
				fmt.Println(n + 2)
			}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A process that is killed at any point leaves every exchange that it said was
// kept, whole, and nothing by halves.
func TestKill(t *testing.T) {
	data := t.TempDir()
	said := 0
	for round := range 6 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "EVIDENCE_TEST_DIE_IN="+data)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		for lines := 0; ; lines++ {
			n := 0
			if _, err := fmt.Fscanln(out, &n); err != nil {
				break
			}
			if said = n; lines == 3 {
				time.AfterFunc(time.Duration(round*3)*time.Millisecond, func() { cmd.Process.Kill() })
			}
		}
		if cmd.Wait() == nil || cmd.ProcessState.Exited() {
			t.Fatal("the writer ended by itself")
		}
		_, found, notes := opened(t, filepath.Join(data, "evidence"), nil)
		seen := map[Piece]bool{}
		for _, p := range found {
			if _, err := Prove(data, p); err != nil || seen[p.Piece()] {
				t.Fatalf("%+v: twice %v, error %v", p, seen[p.Piece()], err)
			}
			seen[p.Piece()] = true
		}
		for n := range said {
			if !seen[piece(n)] {
				t.Errorf("round %d: page %d was said to be kept and is not there; notes %q", round, n, notes)
			}
		}
	}
	t.Logf("%d pages said to be kept over six kills", said)
}

// When the disk gives no more, the whole batch is taken back and stays aside.
func TestFailedBatchIsTakenBack(t *testing.T) {
	data := t.TempDir()
	a, _, _ := opened(t, filepath.Join(data, "evidence"), nil)
	first := keep(t, a, 1)
	must(t, a.Pend(piece(2), page(2)))
	_, _, err := a.Keep([]Wanted{{Piece: piece(2)}, {Piece: piece(3)}}) // nothing was laid aside for the second
	if !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
	if rs := stdRead(t, filepath.Join(data, first[0].File)); len(rs) != 3 {
		t.Errorf("%d records, want those of the first batch", len(rs))
	}
	keep(t, a, 2, 3)
}

func BenchmarkPend(b *testing.B) {
	a, _, _ := opened(b, filepath.Join(b.TempDir(), "evidence"), nil)
	x := big()
	b.SetBytes(int64(len(x.Body)))
	for n := range b.N {
		must(b, a.Pend(piece(n%4096), x))
	}
}

func BenchmarkKeep(b *testing.B) {
	a, _, _ := opened(b, filepath.Join(b.TempDir(), "evidence"), nil)
	x := big()
	b.SetBytes(int64(len(x.Body)) * 50)
	var batch []Wanted
	for n := range 50 {
		must(b, a.Pend(piece(n), x))
		batch = append(batch, Wanted{Piece: piece(n)})
	}
	b.ResetTimer()
	for range b.N {
		_, _, err := a.Keep(batch)
		must(b, err)
	}
}

// big is a page of 60 KB, as papers have them.
func big() Exchange {
	x := page(1)
	for i := 0; len(x.Body) < 60<<10; i++ {
		x.Body = fmt.Appendf(x.Body, "<p class=p%d>Tổ dân phố số %d góp quỹ mua thẻ cho %d người già.</p>\n", i*7919%1000, i, i*i%997)
	}
	return x
}
