package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// Two sides of one event, told apart at first and together later.
const twoSides = `
{"url":"https://bao-mot.example/1","outlet":"Báo Một","published":"2026-07-06T08:00:00+07:00","title":"Bệnh viện Thanh Lộc hết thuốc tiểu đường","summary":"Người có thẻ BHYT phải mua insulin ngoài cổng với giá gấp ba."}
{"url":"https://bao-hai.example/2","outlet":"Báo Hai","published":"2026-07-06T08:20:00+07:00","title":"Hết thuốc tiểu đường, người có thẻ BHYT mua insulin ngoài cổng","summary":"Bệnh viện Thanh Lộc nói đang chờ thầu."}
{"url":"https://bao-ba.example/3","outlet":"Báo Ba","published":"2026-07-06T08:30:00+07:00","title":"Giám đốc Trần Bá Lãm bị đình chỉ công tác","summary":"Sở Y tế đình chỉ ông Trần Bá Lãm mười lăm ngày để kiểm tra việc dùng quỹ BHYT."}
{"url":"https://bao-tu.example/4","outlet":"Báo Tư","published":"2026-07-06T08:40:00+07:00","title":"Đình chỉ giám đốc Trần Bá Lãm vì dùng sai quỹ BHYT","summary":"Quyết định của Sở Y tế có hiệu lực ngay, ông Trần Bá Lãm phải giải trình."}`

const together = `
{"url":"https://bao-mot.example/5","outlet":"Báo Một","published":"2026-07-06T09:00:00+07:00","title":"Giám đốc bệnh viện Thanh Lộc Trần Bá Lãm bị đình chỉ vì hết thuốc tiểu đường","summary":"Người có thẻ BHYT phải mua insulin ngoài cổng, Sở Y tế đình chỉ ông Trần Bá Lãm để kiểm tra quỹ BHYT."}
{"url":"https://bao-hai.example/6","outlet":"Báo Hai","published":"2026-07-06T09:05:00+07:00","title":"Vụ hết thuốc tiểu đường ở bệnh viện Thanh Lộc: đình chỉ giám đốc Trần Bá Lãm","summary":"Sở Y tế kiểm tra quỹ BHYT sau khi người có thẻ phải mua insulin ngoài cổng."}
{"url":"https://bao-nam.example/7","outlet":"Báo Năm","published":"2026-07-06T10:10:00+07:00","title":"Xã Hòa Bắc vận động ba trăm người tham gia BHXH tự nguyện","summary":"Tổ tuyên truyền đến từng nhà giải thích chính sách hỗ trợ mức đóng."}`

func take(t *testing.T, p *Pipeline, lines string) []string {
	t.Helper()
	done, err := p.Import(t.Context(), "thu.jsonl", strings.NewReader(strings.TrimSpace(lines)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	return done.IDs
}

// at is the story of each article.
func at(t *testing.T, p *Pipeline, ids []string) (out []string) {
	t.Helper()
	for _, id := range ids {
		where, err := p.Store.StoryOf(t.Context(), id)
		if err != nil {
			t.Fatal(id, err)
		}
		out = append(out, where.StoryID)
	}
	return out
}

// Two stories that grew towards one another become the elder; of their two
// incidents one goes on, and what follows tells nobody twice.
func TestTheMachineMergesStoriesAndTheirIncidents(t *testing.T) {
	now := time.Date(2026, 7, 6, 9, 0, 0, 0, config.VN)
	p := archive(t, now)
	first := take(t, p, twoSides)
	before := at(t, p, first)
	if before[0] != before[1] || before[2] != before[3] || before[0] == before[2] {
		t.Fatalf("the two sides are not two stories: %v", before)
	}
	incident := func(id, story string, level int) news.Incident {
		return news.Incident{ID: id, Story: story, Title: id, Level: level, State: news.Open, Rules: "c", Opened: now, Updated: now, URLs: []string{}}
	}
	err := p.Store.Do(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutIncident(t.Context(), incident("i-thuoc", before[0], 1)); err != nil {
			return err
		}
		return tx.PutIncident(t.Context(), incident("i-dinh-chi", before[2], 2))
	})
	if err != nil {
		t.Fatal(err)
	}
	all := append(first, take(t, p, together)...)
	for _, story := range at(t, p, all[:6]) {
		if story != before[0] {
			t.Fatalf("the stories are %v, want all six in %s", at(t, p, all), before[0])
		}
	}
	gone, _, err := p.Store.Story(t.Context(), before[2])
	if err != nil || gone.Merged != before[0] || gone.Articles != 0 {
		t.Errorf("the younger story is %+v, %v", gone, err)
	}
	higher, err := p.Store.Incident(t.Context(), "i-dinh-chi")
	if err != nil || higher.Story != before[0] || higher.State != news.Open {
		t.Errorf("the incident that people were told of is %+v, %v", higher, err)
	}
	lower, err := p.Store.Incident(t.Context(), "i-thuoc")
	if err != nil || lower.Story != before[2] || lower.State != news.Closed {
		t.Errorf("the other is %+v, %v", lower, err)
	}
	changes, err := p.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Incident.ID != "i-dinh-chi" {
			t.Errorf("the watch made %s of it: %+v", c.Kind, c.Incident)
		}
	}
	events, err := p.Store.StoryEvents(t.Context(), before[0])
	if err != nil || len(events) != 1 || events[0].Who != machine || !strings.Contains(events[0].Why, "“") {
		t.Errorf("what was done to the story: %+v, %v", events, err)
	}
}

// The same articles in one batch, or a machine started anew after each: the same stories.
func TestMergingDoesNotDependOnRestarts(t *testing.T) {
	now := time.Date(2026, 7, 6, 11, 0, 0, 0, config.VN)
	whole := archive(t, now)
	want := at(t, whole, take(t, whole, twoSides+together))
	cut := archive(t, now)
	var ids []string
	for line := range strings.Lines(strings.TrimSpace(twoSides + together)) {
		ids = append(ids, take(t, cut, line)...)
		cut.memory = memory{}
	}
	if got := at(t, cut, ids); fmt.Sprint(got) != fmt.Sprint(want) || want[0] != want[2] {
		t.Errorf("started anew after each article the stories are %v, in one go %v", got, want)
	}
}

// What a person split stays split, however alike the two have become.
func TestTheMachineDoesNotUndoASplit(t *testing.T) {
	now := time.Date(2026, 7, 6, 11, 0, 0, 0, config.VN)
	p := archive(t, now)
	ids := take(t, p, twoSides)
	if _, err := p.Split(t.Context(), ids[3:4], store.Word{Who: "Lan", Why: "việc khác", At: now}); err != nil {
		t.Fatal(err)
	}
	split := at(t, p, ids)[3]
	ids = append(ids, take(t, p, strings.ReplaceAll(together, "Báo Hai", "Báo Tư"))...)
	if got := at(t, p, ids)[3]; got != split {
		t.Errorf("what Lan split off is in %s again, not in %s", got, split)
	}
}
