package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floors says on which floor a room stands. A room that is missing here, or
// listed and gone, fails the test.
var floors = map[string]int{
	"config": 0, "internal/news": 0, "internal/when": 0, "internal/vi": 0, "internal/say": 0, "internal/learn": 0,
	"index": 1, "internal/discover": 1, "internal/fetch": 1, "internal/extract": 1, "internal/lists": 1, "internal/match": 1,
	"internal/classify": 1, "internal/story": 1, "internal/crisis": 1, "internal/card": 1, "internal/report": 1, "internal/alarms": 1, "internal/rumour": 1,
	"internal/baseline": 1, "internal/chart": 1, "internal/store": 1, "internal/export": 1, "internal/evidence": 1, "internal/jobs": 1, "internal/pulse": 1, "internal/render": 1, "internal/judge": 1,
	"internal/pipeline": 2, "internal/notify": 2, "internal/web": 2, "internal/eval": 2, "internal/demo": 2,
	"cmd/diembao": 3, "index/bench": 3,
}

// clean rooms give the same output for the same input: these may not be imported there.
var clean = []string{"internal/match", "internal/classify", "internal/story", "internal/crisis", "internal/card", "internal/report", "internal/extract", "internal/baseline", "internal/pulse", "internal/learn", "internal/alarms", "internal/rumour", "internal/chart"}

var impure = []string{"net", "net/http", "os", "os/exec", "database/sql", "math/rand", "math/rand/v2", "crypto/rand"}

// owners says which room alone may import a library.
var owners = map[string]string{
	"github.com/gocolly/colly":       "internal/fetch",
	"github.com/blevesearch/":        "index",
	"github.com/riverqueue/":         "internal/jobs",
	"database/sql":                   "internal/store internal/jobs index/bench",
	"modernc.org/sqlite":             "internal/store index/bench",
	"github.com/wneessen/go-mail":    "internal/notify",
	"github.com/alecthomas/kong":     "cmd/diembao",
	"github.com/goccy/go-yaml":       "config internal/say internal/extract internal/lists internal/demo",
	"github.com/mmcdole/gofeed":      "internal/discover",
	"github.com/markusmobius/":       "internal/extract",
	"codeberg.org/readeck":           "internal/extract",
	"github.com/temoto/robotstxt":    "internal/fetch",
	"github.com/nicksnyder/go-i18n/": "internal/say",
	"github.com/gomutex/godocx":      "internal/export",
	"github.com/go-analyze/":         "internal/chart",
	"gonum.org/v1/gonum":             "internal/baseline internal/learn",
}

type room struct {
	dir     string
	imports map[string][]string // import path → files
	doc     bool
	calls   []string // "time.Now in match.go"
	ways    []string // "net.Dialer in mail.go": connections to the outside of its own making
}

// rooms reads every package of ours, tests aside.
func rooms(t *testing.T) map[string]*room {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*room{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "data") && path != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		read(t, out, filepath.ToSlash(rel), path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, out map[string]*room, dir, path string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	r := out[dir]
	if r == nil {
		r = &room{dir: dir, imports: map[string][]string{}}
		out[dir] = r
	}
	r.doc = r.doc || f.Doc.Text() != ""
	for _, i := range f.Imports {
		p := strings.Trim(i.Path.Value, `"`)
		r.imports[p] = append(r.imports[p], filepath.Base(path))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && slices.Contains(waysOut, x.Name+"."+s.Sel.Name) {
				r.ways = append(r.ways, x.Name+"."+s.Sel.Name+" in "+filepath.Base(path))
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Since" || s.Sel.Name == "Until") {
				r.calls = append(r.calls, "time."+s.Sel.Name+" in "+filepath.Base(path))
			}
		}
		return true
	})
}

// home returns the room a package belongs to: internal/web/pages is part of
// internal/web, and index/bench is a room in another.
func home(dir string) (room string) {
	for r := range floors {
		if (dir == r || strings.HasPrefix(dir, r+"/")) && len(r) > len(room) {
			room = r
		}
	}
	return room
}

func TestFloorsHold(t *testing.T) {
	all := rooms(t)
	for dir, r := range all {
		if dir == "internal" {
			continue
		}
		from := home(dir)
		if from == "" {
			t.Errorf("%s stands on no floor: give it one in floors_test.go and a line in doc.go, or move it", dir)
			continue
		}
		if !r.doc {
			t.Errorf("%s has no package comment", dir)
		}
		for p, files := range r.imports {
			rel, ours := strings.CutPrefix(p, "diembao/")
			if !ours {
				continue
			}
			to := home(rel)
			if to != from && floors[to] >= floors[from] {
				t.Errorf("%s (floor %d) imports %s (floor %d) in %s", from, floors[from], rel, floors[to], strings.Join(files, ", "))
			}
			if from == "index" && to != "index" && to != "internal/vi" {
				t.Errorf("index imports %s: below it stands internal/vi alone", rel)
			}
		}
	}
	for r := range floors {
		if all[r] == nil {
			t.Errorf("floors_test.go names %s, which is not there", r)
		}
	}
}

// waysOut are what connects to the outside without asking our guard.
var waysOut = []string{
	"net.Dial", "net.DialTimeout", "net.DialTCP", "net.Dialer", "tls.Dial", "tls.DialWithDialer", "tls.Dialer", "smtp.Dial", "smtp.SendMail",
	"http.Get", "http.Head", "http.Post", "http.PostForm", "http.DefaultClient", "http.DefaultTransport",
}

// One dialer for every connection that leaves: the guard's, in fetch.
func TestOneWayOut(t *testing.T) {
	all := rooms(t)
	for dir, r := range all {
		for _, w := range r.ways {
			if home(dir) != "internal/fetch" {
				t.Errorf("%s connects by itself with %s: take the DialContext of a fetch.Guard", dir, w)
			}
		}
	}
	if len(all["internal/fetch"].ways) == 0 {
		t.Error("fetch connects to nothing: this test sees nothing")
	}
}

func TestCleanRoomsAreClean(t *testing.T) {
	for dir, r := range rooms(t) {
		if !slices.Contains(clean, home(dir)) {
			continue
		}
		for _, p := range impure {
			if f := r.imports[p]; f != nil {
				t.Errorf("%s imports %s in %s: a clean room gets such things as values", dir, p, strings.Join(f, ", "))
			}
		}
		for _, c := range r.calls {
			t.Errorf("%s calls %s: a clean room gets `now` as a value", dir, c)
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for dir, r := range rooms(t) {
		for p, files := range r.imports {
			for lib, owner := range owners {
				if (p == lib || strings.HasPrefix(p, lib)) && !slices.Contains(strings.Fields(owner), home(dir)) {
					t.Errorf("%s imports %s in %s: that belongs to %s", dir, p, strings.Join(files, ", "), owner)
				}
			}
		}
	}
}

// What is measured and previewed is what ships: match and classify meet in pipeline alone.
func TestReadingIsComposedOnce(t *testing.T) {
	for dir, r := range rooms(t) {
		if r.imports["diembao/internal/match"] != nil && r.imports["diembao/internal/classify"] != nil && dir != "internal/pipeline" {
			t.Errorf("%s calls match and classify together: take pipeline's ReadOne as a function instead", dir)
		}
	}
}

// Maps rot: the tour names every room, and no room that is gone.
func TestTheTourIsTrue(t *testing.T) {
	raw, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	tour := string(raw)
	for r := range floors {
		name := strings.TrimPrefix(r, "internal/")
		if !strings.Contains(tour, "\n//\t"+name+" ") && name != "cmd/diembao" {
			t.Errorf("the tour in doc.go lacks a line for %s", name)
		}
	}
	_, rooms, _ := strings.Cut(tour, "# Map of rooms")
	rooms, _, _ = strings.Cut(rooms, "# What is absent")
	for line := range strings.Lines(rooms) {
		if rest, ok := strings.CutPrefix(line, "//\t"); ok {
			name, _, _ := strings.Cut(rest, " ")
			_, top := floors[name]
			_, inner := floors["internal/"+name]
			if !top && !inner {
				t.Errorf("the tour in doc.go shows %s, which is no room", name)
			}
		}
	}
}
