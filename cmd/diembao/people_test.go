package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
	"diembao/internal/store"
)

// Two reports of one event and two of another, as a person imports them.
const fourReports = `{"url":"https://vnexpress.net/a-4900001.html","title":"Bệnh viện Hòa Mạn từ chối người bệnh BHYT, hàng trăm người bức xúc","summary":"Người bệnh ở bệnh viện Hòa Mạn phẫn nộ vì bị từ chối bảo hiểm y tế.","published":"2026-07-03T09:00:00+07:00"}
{"url":"https://tuoitre.vn/b-20260703100000001.htm","title":"Người bệnh BHYT bức xúc vì bệnh viện Hòa Mạn từ chối","summary":"Hàng trăm người bệnh bị bệnh viện Hòa Mạn từ chối bảo hiểm y tế.","published":"2026-07-03T10:00:00+07:00"}
{"url":"https://vnexpress.net/c-4900002.html","title":"Cụ ông Tư Lành mất lương hưu vì trùng tên với người khác","summary":"Lương hưu bảo hiểm xã hội của cụ Tư Lành bị cắt hai năm.","published":"2026-07-03T11:00:00+07:00"}
{"url":"https://thanhnien.vn/d-185260703120000001.htm","title":"Trùng tên, cụ Tư Lành bị cắt lương hưu hai năm","summary":"Cụ ông Tư Lành không nhận được lương hưu bảo hiểm xã hội.","published":"2026-07-03T12:00:00+07:00"}
`

// desk is a person at the command line of an archive of her own.
type desk struct {
	*testing.T
	dir string
}

// says runs a verb and reads what it answers in JSON.
func (d desk) says(want int, into any, args ...string) string {
	d.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), append([]string{"--data", d.dir, "--json"}, args...), strings.NewReader(fourReports), &out, &errs)
	if code != want {
		d.Fatalf("diembao %s ended with %d: %s", strings.Join(args, " "), code, errs.String())
	}
	if into != nil {
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			d.Fatalf("diembao %s answered %s: %v", strings.Join(args, " "), out.String(), err)
		}
	}
	return errs.String()
}

type storyAnswer struct {
	ID       string
	Locked   bool
	Articles []string
}

// stories are the two stories of the desk, the elder first, with their articles' ids.
func (d desk) stories() (a, b storyAnswer) {
	d.Helper()
	s := d.store()
	defer s.Close()
	var out []storyAnswer
	found, err := s.Stories(context.Background(), store.StoryFilter{})
	if err != nil {
		d.Fatal(err)
	}
	for _, f := range found {
		_, articles, err := s.Story(context.Background(), f.ID)
		if err != nil {
			d.Fatal(err)
		}
		st := storyAnswer{ID: f.ID, Locked: f.Locked}
		for _, a := range articles {
			st.Articles = append(st.Articles, a.ID)
		}
		out = append([]storyAnswer{st}, out...)
	}
	if len(out) != 2 {
		d.Fatalf("there are %d stories: %v", len(out), out)
	}
	return out[0], out[1]
}

func (d desk) store() *store.Store {
	d.Helper()
	s, err := store.Open(context.Background(), store.Options{Dir: d.dir})
	if err != nil {
		d.Fatal(err)
	}
	return s
}

func newDesk(t *testing.T) desk {
	d := desk{t, t.TempDir()}
	d.says(done, nil, "import", "-")
	return d
}

// What a person says of stories stands, and stands after the archive is read anew.
func TestPeoplesWordOnStoriesSurvivesReread(t *testing.T) {
	d := newDesk(t)
	a, b := d.stories()
	word := []string{"--by", "Lan", "--why", "thử"}
	var split, moved, locked, merged storyAnswer
	d.says(done, &split, append([]string{"story", "split", a.Articles[1]}, word...)...)
	if split.ID == a.ID || len(split.Articles) != 1 || split.Articles[0] != a.Articles[1] {
		t.Errorf("split off: %+v", split)
	}
	d.says(done, nil, "reread")
	d.says(done, &locked, append([]string{"story", "lock", a.ID}, word...)...)
	if !locked.Locked || len(locked.Articles) != 1 {
		t.Errorf("after reading anew the elder story is %+v", locked)
	}
	d.says(done, &moved, append([]string{"story", "move", a.Articles[1], b.ID}, word...)...)
	if len(moved.Articles) != 3 {
		t.Errorf("moved: %+v", moved)
	}
	d.says(done, &merged, append([]string{"story", "merge", b.ID, a.ID}, word...)...)
	d.says(done, nil, "reread")
	d.says(done, &locked, append([]string{"story", "lock", a.ID, "--off"}, word...)...)
	if locked.Locked || len(locked.Articles) != 4 || merged.ID != a.ID {
		t.Errorf("after merging and reading anew: %+v, merged into %s", locked, merged.ID)
	}
	if errs := d.says(wrong, nil, append([]string{"story", "split", a.Articles[0]}, word...)...); !strings.Contains(errs, "gives it its name") {
		t.Errorf("splitting the founder off says %q", errs)
	}
	if errs := d.says(wrong, nil, append([]string{"story", "lock", "s-none"}, word...)...); !strings.Contains(errs, "diembao stories") {
		t.Errorf("a story that is not there: %q", errs)
	}
}

// Of two incidents of one event the elder goes on and the younger is closed,
// whichever story was named first; what people say of an incident is kept.
func TestMergeInhibitsTheYoungerIncident(t *testing.T) {
	d := newDesk(t)
	a, b := d.stories()
	at := time.Date(2026, 7, 3, 10, 0, 0, 0, time.UTC)
	s := d.store()
	err := s.Do(context.Background(), func(tx *store.Tx) error {
		for i, st := range []storyAnswer{a, b} {
			in := news.Incident{ID: "i-" + st.ID, Story: st.ID, Title: "Việc", Level: 2, State: news.Open, Opened: at.Add(time.Duration(i) * time.Hour), Updated: at}
			if err := tx.PutIncident(context.Background(), in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	var kept storyAnswer
	d.says(done, &kept, "story", "merge", a.ID, b.ID, "--by", "Lan", "--why", "cùng một việc")
	if kept.ID != a.ID || len(kept.Articles) != 4 {
		t.Errorf("the elder story is to stay, but %+v did", kept)
	}
	var in struct{ State, Owner string }
	d.says(done, &in, "incident", "assign", "i-"+b.ID, "Hoa", "--by", "Lan")
	if in.State != "closed" || in.Owner != "Hoa" {
		t.Errorf("the younger incident is %+v", in)
	}
	for _, step := range []struct{ verb, state string }{{"ack", "acked"}, {"close", "closed"}, {"false", "false"}} {
		d.says(done, &in, "incident", step.verb, "i-"+a.ID, "--by", "Lan", "--why", "thử")
		if in.State != step.state {
			t.Errorf("incident %s left it %s", step.verb, in.State)
		}
	}
	if errs := d.says(wrong, nil, "incident", "ack", "i-none", "--by", "Lan"); !strings.Contains(errs, "diembao incidents") {
		t.Errorf("an incident that is not there: %q", errs)
	}
	if _, err := os.Stat(filepath.Join(d.dir, "index")); err != nil {
		t.Errorf("the archive has no index: %v", err)
	}
}
