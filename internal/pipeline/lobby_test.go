package pipeline

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

var morning = time.Date(2026, 3, 3, 8, 0, 0, 0, config.VN)

// told is an article of an invented paper, so many hours after the morning.
func toldAt(hours float64, outlet, title, lead string) news.Article {
	at := morning.Add(time.Duration(hours * float64(time.Hour)))
	id := fmt.Sprintf("%s-%.0f", outlet, hours*60)
	return news.Article{ID: id, URL: "https://" + outlet + ".example/" + id, Canonical: id, Outlet: outlet, Via: news.Crawl,
		Title: title, Lead: lead, Published: at, FirstSeen: at, Version: 1}
}

// Five reports of one event: the third alone names the insurance.
var ferry = []news.Article{
	toldAt(0, "bao-a", "Cụ bà 81 tuổi ngồi chờ ở bến phà Vàm Lở đến khuya", "Cụ Trần Thị Mót ở cù lao Vàm Lở qua phà ba lần, lần nào người ở quầy cũng nói chưa có tiền tuất của chồng."),
	toldAt(1, "bao-b", "Ba chuyến phà cho một khoản tiền tuất", "Bà con cù lao Vàm Lở kể cụ Trần Thị Mót đi từ sáng, người ở quầy nói chưa có tiền, cụ nhịn đói về."),
	toldAt(3, "bao-c", "Cù lao Vàm Lở: BHXH nợ tiền tuất của cụ bà 81 tuổi suốt bảy tháng", "Cụ Trần Thị Mót qua phà ba lần không nhận được tiền tuất; cơ quan BHXH bị phản ánh làm khó người già."),
	toldAt(5, "bao-d", "Cụ Mót ở cù lao Vàm Lở nhập viện", "Người nhà nói cụ Trần Thị Mót kiệt sức sau ba chuyến phà đi hỏi tiền tuất của chồng."),
	toldAt(6, "bao-e", "Chợ hoa Sa Cảng vắng khách ngày rằm", "Tiểu thương chưa bán được một nửa số chậu, phải chở về vườn."),
}

func shippedRules(t testing.TB) *Rules {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := Compile(pack)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// play places articles one after the other and names the story of each.
func play(p *Places, rules *Rules, articles []news.Article) map[string]string {
	in := map[string]string{}
	for _, a := range articles {
		r, _ := ReadOne(a, rules, a.FirstSeen)
		for _, s := range p.Place(rules, a, r, a.FirstSeen) {
			in[s.ID] = s.Placed.Story
		}
	}
	return in
}

// What was told before anybody named the insurance belongs to the story as soon
// as somebody does, and so does what follows; the flower market does not.
func TestReportsWaitForTheNameOfTheInsurance(t *testing.T) {
	rules := shippedRules(t)
	p := NewPlaces()
	if got := play(p, rules, ferry[:2]); len(got) != 0 {
		t.Fatalf("before the insurance is named, stories are %v", got)
	}
	r, _ := ReadOne(ferry[2], rules, ferry[2].FirstSeen)
	settled := p.Place(rules, ferry[2], r, ferry[2].FirstSeen)
	if len(settled) != 3 || settled[0].ID != ferry[2].ID {
		t.Fatalf("the report that names it brought %d", len(settled))
	}
	for _, s := range settled[1:] {
		if why := s.Reading.Verdicts["relevant"].Reasons; !s.Reading.Relevant || !s.Reading.Uncertain || len(why) == 0 || why[0].Quote != ferry[2].Title {
			t.Errorf("%s joined because of %+v", s.ID, why)
		}
	}
	if got := play(p, rules, ferry[3:]); len(got) != 1 || got[ferry[3].ID] != settled[0].Placed.Story {
		t.Errorf("of what follows joined %v", got)
	}
}

// A matter that papers discussed for days before one of them named the
// insurance is not a story of ours.
func TestAPublicDebateIsNotDrawnIn(t *testing.T) {
	rules := shippedRules(t)
	var debate []news.Article
	for day := range 4 {
		a := ferry[day%2]
		a.ID, a.Outlet = fmt.Sprint("x", day), fmt.Sprint("bao-", day)
		a.Published = morning.Add(time.Duration(day-4) * 24 * time.Hour)
		a.FirstSeen = a.Published
		debate = append(debate, a)
	}
	if got := play(NewPlaces(), rules, append(debate, ferry[2])); len(got) != 1 {
		t.Errorf("stories are %v", got)
	}
}

// However much is told, what waits is bounded.
func TestWaitingIsBounded(t *testing.T) {
	rules := shippedRules(t)
	p := NewPlaces()
	for i := range 3 * mostWaiting {
		a := toldAt(float64(i)/100, fmt.Sprint("bao-", i%50), fmt.Sprintf("Người dân xóm %d chờ nước sạch suốt %d ngày", i*7919%9973, i%97), fmt.Sprintf("Hộ thứ %d nói chưa ai trả lời.", i*104729%99991))
		if r, _ := ReadOne(a, rules, a.FirstSeen); r.Relevant || !rules.mayWait(a, r, a.FirstSeen) {
			t.Fatalf("%q would not wait", a.Title)
		} else {
			p.Place(rules, a, r, a.FirstSeen)
		}
	}
	if n := len(p.waiting.held); n > 2*mostWaiting+1 {
		t.Errorf("%d wait, want no more than %d", n, 2*mostWaiting)
	}
}

// A machine that is started anew before every article places them all the same,
// and what joined is kept as ours.
func TestWaitingOutlivesARestart(t *testing.T) {
	var in [2]map[string]string
	for i, restarts := range []bool{false, true} {
		archive, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		p := &Pipeline{Store: archive, Now: func() time.Time { return morning.Add(8 * time.Hour) }}
		p.Use(shippedRules(t))
		for _, a := range ferry {
			if restarts {
				p.memory = memory{}
			}
			if err := takeIn(t.Context(), p, a); err != nil {
				t.Fatal(err)
			}
		}
		in[i] = map[string]string{}
		for _, a := range ferry {
			if at, err := archive.StoryOf(t.Context(), a.ID); err == nil {
				in[i][a.ID] = at.StoryID
			}
			r, err := archive.Reading(t.Context(), a.ID)
			if err != nil || r.Relevant != (in[i][a.ID] != "") {
				t.Errorf("%s has story %q and is relevant: %v, %v", a.ID, in[i][a.ID], r.Relevant, err)
			}
		}
	}
	if len(in[0]) != 4 || fmt.Sprint(in[0]) != fmt.Sprint(in[1]) {
		t.Errorf("without restarts %v, with them %v", in[0], in[1])
	}
}

func takeIn(ctx context.Context, p *Pipeline, a news.Article) error {
	err := p.Store.Do(ctx, func(tx *store.Tx) error {
		_, err := tx.PutArticles(ctx, []news.Article{a}, a.FirstSeen)
		return err
	})
	if err != nil {
		return err
	}
	_, err = p.Read(ctx)
	return err
}

// A person who says that an article is not ours is not overruled by its story.
func TestAPersonsWordKeepsAnArticleOut(t *testing.T) {
	rules := shippedRules(t)
	p := NewPlaces()
	play(p, rules, ferry[2:3])
	r, _ := ReadOne(ferry[3], rules, ferry[3].FirstSeen)
	r = rules.Corrected(r, []store.Correction{{Axis: "relevant", Value: "false", Who: "Lan", At: morning}})
	if got := p.Place(rules, ferry[3], r, ferry[3].FirstSeen); slices.ContainsFunc(got, func(s Settled) bool { return s.ID == ferry[3].ID }) {
		t.Error("it joined the story all the same")
	}
}
