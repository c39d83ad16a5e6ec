package pipeline_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/internal/judge"
	"diembao/internal/news"
	"diembao/internal/store"
)

// summary is the paragraph shown on a story; nil where there is none.
func (h *judged) summary(story string) judge.Summary {
	h.Helper()
	j, err := h.Store.LastAnswer(h.Context(), store.JudgeStory, story)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	must(h.T, err)
	var s judge.Summary
	must(h.T, json.Unmarshal([]byte(j.Answer), &s))
	return s
}

// grown is a story of the same event told n times by as many texts.
func (h *judged) grown(from, to int) (story string, ids []string) {
	h.Helper()
	h.clock.forward(h.clock.Now().Add(time.Minute))
	titles := []string{
		"Hòa Mạn: 312 hộ chờ thẻ bảo hiểm y tế ba tháng", "Giám đốc xin lỗi 312 hộ dân Hòa Mạn chờ thẻ bảo hiểm y tế", "Vì sao thẻ bảo hiểm y tế của 312 hộ Hòa Mạn chậm",
		"Nông dân Hòa Mạn chờ thẻ bảo hiểm y tế xin dùng thẻ cũ", "Bệnh viện Hòa Mạn nhận khám cho 312 hộ chờ thẻ bảo hiểm y tế", "Huyện Hòa Mạn họp về 312 hộ chờ thẻ bảo hiểm y tế",
	}
	leads := []string{
		"Bà Trần Thị Bưởi chờ thẻ đã ba tháng, phải trả 1.200.000 đồng tiền khám.", "Giám đốc Lê Văn Sáo xin lỗi 312 hộ dân và hẹn ngày trả thẻ.",
		"Phần mềm mới làm mất mã của người tham gia ở 4 xã.", "Hội nông dân đề nghị cho dùng thẻ cũ đến hết năm.", "Bệnh viện huyện nhận khám bằng giấy hẹn.", "Ủy ban huyện họp về việc chậm thẻ.",
	}
	for n := from; n < to; n++ {
		ids = append(ids, h.take(50+n, titles[n], leads[n], news.Crawl))
	}
	at, err := h.Store.StoryOf(h.Context(), ids[0])
	must(h.T, err)
	return at.StoryID, ids
}

// storiesOnly answers about stories and finds nothing to say of articles.
func storiesOnly(text func() string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, user string) {
		if strings.Contains(user, `"number":`) {
			modelSays(w, text())
			return
		}
		modelSays(w, "{}")
	}
}

// A story told three times gets a paragraph whose sentences cite their
// articles; it is written anew only where the story became another.
func TestSummaryOfAStory(t *testing.T) {
	h := newJudged(t, "  summaries: true\n  axes: []\n")
	text := `{"sentences":[{"text":"Ở Hòa Mạn, 312 hộ chờ thẻ bảo hiểm y tế ba tháng.","articles":[1,2]},{"text":"Bà Trần Thị Bưởi phải trả 1.200.000 đồng tiền khám.","articles":[1]}]}`
	h.llm.does(storiesOnly(func() string { return text }))
	story, ids := h.grown(0, 2)
	if h.ask(); h.llm.asked.Load() != 0 {
		t.Fatalf("asked about a story of two articles without an incident: %q", h.llm.seen)
	}
	h.grown(2, 3)
	h.ask()
	want := judge.Summary{{Text: "Ở Hòa Mạn, 312 hộ chờ thẻ bảo hiểm y tế ba tháng.", Articles: ids[:2]}, {Text: "Bà Trần Thị Bưởi phải trả 1.200.000 đồng tiền khám.", Articles: ids[:1]}}
	if d := cmp.Diff(want, h.summary(story)); d != "" {
		t.Fatalf("the paragraph (-want +got):\n%s", d)
	}
	h.ask()
	h.grown(3, 4) // one more of three is no other story
	h.ask()
	if n := h.llm.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want 1", n)
	}
	must(t, h.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutIncident(t.Context(), news.Incident{ID: "i1", Story: story, Title: "312 hộ chờ thẻ", Level: 2, State: news.Open, Opened: h.clock.Now(), Updated: h.clock.Now()})
	}))
	h.ask()
	if n := h.llm.asked.Load(); n != 2 {
		t.Errorf("with an incident asked %d times, want 2", n)
	}
	text = `{"sentences":[{"text":"Ủy ban huyện họp về 312 hộ chậm thẻ.","articles":[6]}]}`
	h.grown(4, 6)
	h.ask()
	if s := h.summary(story); h.llm.asked.Load() != 3 || len(s) != 1 || !strings.HasPrefix(s[0].Text, "Ủy ban") {
		t.Errorf("asked %d times; the paragraph is %+v", h.llm.asked.Load(), s)
	}
	text = `{"sentences":[{"text":"Việc đã xong.","articles":[1]}]}`
	h.clock.forward(h.clock.Now().Add(time.Minute))
	h.take(50, "Hòa Mạn: 312 hộ chờ thẻ bảo hiểm y tế ba tháng", "Bà Trần Thị Bưởi chờ thẻ đã ba tháng, phải trả 900.000 đồng tiền khám.", news.Crawl)
	h.ask()
	if s := h.summary(story); h.llm.asked.Load() != 4 || s[0].Text != "Việc đã xong." {
		t.Errorf("an edit of what was sent: asked %d times; %+v", h.llm.asked.Load(), s)
	}
}

// An incident is reason enough, however few articles tell it, and comes before
// everything else.
func TestSummaryOfAnIncident(t *testing.T) {
	h := newJudged(t, "  summaries: true\n")
	h.take(99, waits, "Người bệnh từng phải đi lại nhiều lần, nay bệnh viện hỗ trợ tận nơi.", news.Crawl)
	h.llm.does(storiesOnly(func() string { return `{"sentences":[{"text":"Có 312 hộ chờ thẻ.","articles":[1]}]}` }))
	story, _ := h.grown(0, 1)
	must(t, h.Store.Do(t.Context(), func(tx *store.Tx) error {
		return tx.PutIncident(t.Context(), news.Incident{ID: "i1", Story: story, Title: "312 hộ chờ thẻ", Level: 1, State: news.Open, Opened: h.clock.Now(), Updated: h.clock.Now()})
	}))
	if did, err := h.AskJudge(t.Context(), h.judge, 1); err != nil || did.Asked != 1 || len(h.summary(story)) != 1 {
		t.Fatalf("no paragraph on an incident: %+v, %v, %q", did, err, h.llm.seen)
	}
	h.ask()
	h.ask()
	asked := 0
	for _, q := range h.llm.seen {
		if strings.Contains(q, `"number":`) {
			asked++
		}
	}
	if asked != 1 || h.llm.asked.Load() < 2 {
		t.Errorf("asked %d times about the story, want 1: %q", asked, h.llm.seen)
	}
}

// A paragraph with a number, a name or a source that is not there is refused
// as a whole, counted, and the story is not asked about again; what stood
// before stays.
func TestSummaryRefused(t *testing.T) {
	h := newJudged(t, "  summaries: true\n  axes: []\n")
	text := `{"sentences":[{"text":"Có 312 hộ chờ thẻ.","articles":[1]}]}`
	h.llm.does(storiesOnly(func() string { return text }))
	story, _ := h.grown(0, 3)
	h.ask()
	text = `{"sentences":[{"text":"Có 500 hộ chờ thẻ ở Hòa Mạn.","articles":[1,2,3]}]}`
	h.grown(3, 6)
	h.ask()
	h.ask()
	if s := h.summary(story); len(s) != 1 || s[0].Text != "Có 312 hộ chờ thẻ." {
		t.Errorf("the paragraph is %+v", s)
	}
	if c := h.counts(); c["rejected:number"] != 1 || h.llm.asked.Load() != 2 {
		t.Errorf("asked %d times, counted %v", h.llm.asked.Load(), c)
	}
}
