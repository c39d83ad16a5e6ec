package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/news"
)

// dump reads all tables as text, for comparing archives.
func dump(t testing.TB, v View, engine string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range tables {
		columns, err := v.columns(ctx, engine, table)
		must(t, err)
		var rows []string
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, v.q.query(ctx, func(row scanner) error {
			err := row.Scan(into...)
			rows = append(rows, fmt.Sprint(values...))
			return err
		}, `SELECT `+join(columns)+` FROM `+table))
		slices.Sort(rows)
		out[table] = strings.Join(rows, "\n")
	}
	return out
}

// full fills every table of an archive.
func full(t testing.TB, s *Store) {
	w := Word{Who: "hoa", Why: "vì", At: day0}
	as := told(t.(*testing.T), s, 6)
	edited := as[0]
	edited.Body = "Thân mới."
	putArticles(t, s, edited)
	do(t, s, func(tx *Tx) error {
		_, err := tx.PutLinks(ctx, []KeyedLink{link("a", day0)}, day0)
		must(t, err)
		must(t, tx.PutSource(ctx, SourceState{Outlet: "bao-a", URL: "u", State: "ok", LastTry: day0}))
		must(t, tx.CountHours(ctx, []Hour{{Outlet: "bao-a", At: day0, Seen: 3}}))
		must(t, tx.PutOutletState(ctx, OutletState{Outlet: "bao-a", State: "ok", Since: day0, Next: day0}))
		must(t, tx.PutGap(ctx, Gap{ID: "g", Outlet: "bao-a", From: day0, State: "dead", Evidence: "không trả lời"}))
		must(t, tx.MoveMark(ctx, MarkRead, 0, 5))
		_, err = tx.TakeTick(ctx, "week", day0)
		must(t, err)
		_, err = tx.RunStarted(ctx, "gather", "bao-a", day0)
		must(t, err)
		_, err = tx.PutCorrection(ctx, Correction{ArticleID: as[1].ID, Axis: "tone", Value: "neutral", Who: "hoa", At: day0})
		must(t, err)
		must(t, tx.PutLabels(ctx, []Label{{ArticleID: as[1].ID, Axis: "tone", Who: "hoa", Value: "neutral", Blind: true, At: day0}}))
		must(t, tx.PutModel(ctx, Model{Version: "m1", Made: day0, Who: "hoa", Body: "{}"}))
		_, err = tx.ClaimQuestion(ctx, Question{JudgeArticle, as[1].ID, "m", "p1", "d1"}, "", day0, day0)
		must(t, err)
		must(t, tx.CountJudge(ctx, "2026-03-02", "requests", 1))
		must(t, tx.PutJudgeRest(ctx, "llm:80 m", Rest{Faults: 1, Until: day0, Why: "500"}))
		must(t, tx.SetIdentityRules(ctx, "r1", day0))
		must(t, tx.AddName(ctx, "bao-a.example#1", as[1].ID, "số bài", day0))
		_, err = tx.Removed(ctx, Removal{ArticleID: as[2].ID, At: day0, Code: "gone", Evidence: "404"})
		must(t, err)
		must(t, tx.PutClip(ctx, Clip{ArticleID: as[3].ID, Medium: "print", Page: "3", Added: day0}))
		must(t, tx.LockStory(ctx, "s1", true, w))
		must(t, tx.PutIncident(ctx, news.Incident{ID: "i1", Story: "s1", Level: 2, State: news.Open, Score: 1, Opened: day0, Updated: day0}))
		must(t, tx.PutIncident(ctx, news.Incident{ID: "i2", Story: "s2", Level: 1, State: news.Open, Score: .25, Opened: day0, Updated: day0}))
		must(t, tx.PutEvidence(ctx, []Evidence{seen(as[1], 1, "evidence/1.warc.gz", 0, day0)}))
		must(t, tx.PutHold(ctx, "i1", w))
		claim := news.Rumour{Claim: "Thẻ giấy hết giá trị", Truth: news.Untrue, Who: "hoa", FirstSeen: day0, Made: day0}
		must(t, tx.PutRumour(ctx, &claim))
		must(t, tx.PutRumourHits(ctx, nil, []news.RumourHit{{Rumour: claim.ID, Article: as[1].ID, Share: .5, Where: news.Title, Quote: "thẻ giấy"}}))
		silence := news.Silence{Story: "s1", From: day0, Until: day0.Add(time.Hour), Who: "hoa", Why: "vì"}
		must(t, tx.PutSilence(ctx, &silence))
		must(t, tx.PutHeldBack(ctx, news.HeldBack{Silence: silence.ID, Incident: "i1", Title: "Việc", Level: 2, At: day0}))
		_, err = tx.PutMissed(ctx, "Nghe qua điện thoại", day0, w)
		must(t, err)
		must(t, tx.PutSearch(ctx, &Search{Name: "Lương hưu", Query: "q=luong+huu", Made: day0}))
		must(t, tx.PutDeletions(ctx, []Deletion{{At: day0, Kind: "log", What: "90 ngày", Pieces: 3}}))
		_, err = tx.PutLetter(ctx, news.Letter{Key: "k", Subject: "Sự cố <1> & \u2028", Made: day0})
		return err
	})
}

func TestEveryTableIsBackedUp(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	names, err := list(ctx, s.q, scan[string], `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'goose_db_version' ORDER BY name`)
	must(t, err)
	if d := cmp.Diff(names, slices.Sorted(slices.Values(tables))); d != "" {
		t.Error(d)
	}
	full(t, s)
	for table, rows := range dump(t, s.View, s.engine) {
		if rows == "" {
			t.Errorf("the test's archive has nothing in %s", table)
		}
	}
}

// A backup taken while others write holds one moment of the archive, and comes
// back as it was, on the same engine and on the other.
func TestRestoreUnderLoad(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		full(t, s)
		must(t, os.MkdirAll(filepath.Join(o.Dir, "evidence/2026"), 0o700))
		must(t, os.WriteFile(filepath.Join(o.Dir, "evidence/2026/a.warc.gz"), []byte("bằng chứng"), 0o600))
		overlay := filepath.Join(t.TempDir(), "mine.yaml")
		must(t, os.WriteFile(overlay, []byte("site: {name: thử}\n"), 0o600))
		load, stop := context.WithCancel(ctx)
		loaded := make(chan error)
		go func() { loaded <- writePairs(load, s) }()
		file := filepath.Join(t.TempDir(), "backup.tar.gz")
		m, err := s.Backup(ctx, file, BackupOptions{Overlay: overlay, Evidence: []string{"evidence/2026/a.warc.gz"}, WithEvidence: true, Now: day0})
		must(t, err)
		stop()
		must(t, <-loaded)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if (m.Rows["articles"]-6)%2 != 0 {
			t.Errorf("the backup holds half of a transaction: %v", m.Rows)
		}
		again := restoreEverywhere(t, file, m)
		for _, table := range tables {
			for _, other := range again[1:] {
				if d := cmp.Diff(again[0][table], other[table]); d != "" {
					t.Errorf("%s: the engines restored different rows:\n%s", table, d)
				}
			}
		}
	})
}

// writePairs puts articles in, two in a transaction, until told to stop.
func writePairs(load context.Context, s *Store) error {
	for i := 0; load.Err() == nil; i++ {
		a, b := article(fmt.Sprint("p", i), "Một", "", "Thân"), article(fmt.Sprint("q", i), "Hai", "", "Thân")
		err := s.Do(ctx, func(tx *Tx) error {
			if _, err := tx.PutArticles(ctx, []news.Article{a}, day0); err != nil {
				return err
			}
			_, err := tx.PutArticles(ctx, []news.Article{b}, day0)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// restoreEverywhere restores a backup on each engine there is, backs the
// result up and restores that, and returns the dumps.
func restoreEverywhere(t *testing.T, file string, m Manifest) (dumps []map[string]string) {
	onBoth(t, func(t *testing.T, o Options) {
		_, counts, err := Restore(ctx, file, o)
		must(t, err)
		if len(counts) != len(tables) || counts[6] != (Restored{"articles", m.Rows["articles"], m.Rows["articles"]}) {
			t.Errorf("counts %+v", counts)
		}
		for name, want := range map[string]string{"2026/a.warc.gz": "bằng chứng", "../diembao.yaml": "site: {name: thử}\n"} {
			if got, err := os.ReadFile(filepath.Join(o.Dir, "evidence", name)); err != nil || string(got) != want {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
		s := opened(t, o)
		dumps = append(dumps, dump(t, s.View, s.engine))
		if put := putArticles(t, s, article("sau", "Sau", "", "")); len(put.New) != 1 {
			t.Errorf("after restoring nothing can be written: %+v", put)
		}
	})
	return dumps
}

func TestBackupRestoresExactly(t *testing.T) {
	onBoth(t, func(t *testing.T, o Options) {
		s := opened(t, o)
		full(t, s)
		before := dump(t, s.View, s.engine)
		file := filepath.Join(t.TempDir(), "b.tar.gz")
		_, err := s.Backup(ctx, file, BackupOptions{Now: day0})
		must(t, err)
		to := Options{Dir: filepath.Join(t.TempDir(), "new")}
		if s.engine == Postgres {
			to.DSN = postgres(t)
		}
		_, _, err = Restore(ctx, file, to)
		must(t, err)
		r := opened(t, to)
		if d := cmp.Diff(before, dump(t, r.View, r.engine)); d != "" {
			t.Error(d)
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	full(t, s)
	good := filepath.Join(t.TempDir(), "b.tar.gz")
	_, err := s.Backup(ctx, good, BackupOptions{Now: day0})
	must(t, err)
	if _, err := s.Backup(ctx, good, BackupOptions{Now: day0}); err == nil {
		t.Error("a backup was overwritten")
	}
	whole, err := os.ReadFile(good)
	must(t, err)
	busy := t.TempDir()
	must(t, os.WriteFile(filepath.Join(busy, "x"), nil, 0o600))
	for name, c := range map[string]struct {
		file string
		dir  string
		want string
	}{
		"a directory that is not empty": {good, busy, "not empty"},
		"a file cut off":                {written(t, whole[:len(whole)/2]), t.TempDir(), "cut off"},
		"a file that is no backup":      {written(t, []byte("hello")), t.TempDir(), "not a backup"},
		"a changed member":              {repacked(t, whole, func(h *tar.Header, data []byte) []byte { return bytes.Replace(data, []byte("Hai"), []byte("Ba "), 1) }), t.TempDir(), "not what it was"},
		"a path that leaves":            {repacked(t, whole, rename("evidence.jsonl", "evidence/../../x")), t.TempDir(), "does not belong"},
		"an absolute path":              {repacked(t, whole, rename("evidence.jsonl", "/etc/x")), t.TempDir(), "does not belong"},
		"a table of another's":          {repacked(t, whole, rename("evidence.jsonl", "tables/river_job/000001.jsonl")), t.TempDir(), "does not belong"},
		"a missing member":              {repacked(t, whole, rename("evidence.jsonl", "")), t.TempDir(), "missing"},
		"a link":                        {repacked(t, whole, func(h *tar.Header, d []byte) []byte { h.Typeflag, h.Linkname = tar.TypeSymlink, "/etc"; return nil }), t.TempDir(), "not a file"},
		"a newer schema": {repacked(t, whole, func(h *tar.Header, d []byte) []byte {
			return bytes.Replace(d, []byte(`"schema": `), []byte(`"schema": 9`), 1)
		}), t.TempDir(), "newer version"},
	} {
		_, _, err := Restore(ctx, c.file, Options{Dir: c.dir})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(c.dir); err != nil || (len(left) > 0 && c.dir != busy) {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
}

func TestBackupListsEvidence(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Dir: dir})
	must(t, os.WriteFile(filepath.Join(dir, "w.warc"), []byte("x"), 0o600))
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	_, err := s.Backup(ctx, file, BackupOptions{Evidence: []string{"w.warc"}, Now: day0})
	must(t, err)
	data, err := os.ReadFile(file)
	must(t, err)
	sum := sha256.Sum256([]byte("x"))
	if got := string(members(t, data)["evidence.jsonl"]); got != `{"path":"w.warc","size":1,"sha256":"`+hex.EncodeToString(sum[:])+"\"}\n" {
		t.Errorf("list %q", got)
	}
	for _, bad := range []string{"../x", "missing"} {
		if _, err := s.Backup(ctx, file+bad[:1], BackupOptions{Evidence: []string{bad}, Now: day0}); err == nil {
			t.Errorf("evidence %s was packed", bad)
		}
	}
}

func written(t *testing.T, data []byte) string {
	file := filepath.Join(t.TempDir(), "x.tar.gz")
	must(t, os.WriteFile(file, data, 0o600))
	return file
}

func members(t *testing.T, backup []byte) map[string][]byte {
	out := map[string][]byte{}
	repacked(t, backup, func(h *tar.Header, data []byte) []byte { out[h.Name] = data; return data })
	return out
}

// repacked changes the members of a backup, but not their digests; a member
// renamed to nothing is left out.
func repacked(t *testing.T, backup []byte, change func(*tar.Header, []byte) []byte) string {
	file := written(t, backup)
	in, err := gzip.NewReader(bytes.NewReader(backup))
	must(t, err)
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	w, r := tar.NewWriter(zip), tar.NewReader(in)
	for h, err := r.Next(); err == nil; h, err = r.Next() {
		var data bytes.Buffer
		_, err := data.ReadFrom(r)
		must(t, err)
		out := change(h, data.Bytes())
		if h.Size = int64(len(out)); h.Name == "" {
			continue
		}
		must(t, w.WriteHeader(h))
		_, err = w.Write(out)
		must(t, err)
	}
	must(t, w.Close())
	must(t, zip.Close())
	must(t, os.WriteFile(file, buf.Bytes(), 0o600))
	return file
}

func rename(from, to string) func(*tar.Header, []byte) []byte {
	return func(h *tar.Header, data []byte) []byte {
		if h.Name == from {
			h.Name = to
		}
		return data
	}
}
