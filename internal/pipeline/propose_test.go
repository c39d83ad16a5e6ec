package pipeline_test

import (
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/pipeline"
)

// Each paper of the demo press that can be read at all is proposed in a way
// that would collect its articles; what it says of itself is in the entry.
func TestProposeEveryPaper(t *testing.T) {
	h := open(t)
	h.clock.forward(h.press.Start().Add(60 * time.Hour))
	proposed := map[string]pipeline.Proposal{}
	for _, paper := range h.press.Papers() {
		f, err := h.Propose(t.Context(), "http://"+paper.Host+":4000/")
		if paper.Gate {
			if err == nil {
				t.Errorf("%s stands behind a gate and is proposed: %+v", paper.ID, f.Outlet)
			}
			continue
		}
		if err != nil { // a portal whose front page shows next to nothing
			t.Logf("%s: %v", paper.ID, err)
			continue
		}
		proposed[paper.ID] = f
		if f.Known != paper.ID || f.Outlet.Name == "" || f.Outlet.Schedule != config.Learned || len(f.Reasons) == 0 {
			t.Errorf("%s is proposed as %+v, known as %q", paper.ID, f.Outlet, f.Known)
		}
		good := 0
		for _, s := range f.Articles {
			if s.Err == nil && s.Article.Title != "" {
				good++
			}
		}
		if good == 0 || good < min(3, len(f.Articles)) { // a paper in trouble may announce one alone
			t.Errorf("%s: %d of %d samples are articles: %+v", paper.ID, good, len(f.Articles), f.Articles)
		}
		text, err := config.Entry(f.Outlet)
		must(t, err)
		t.Logf("%s\n%q\n%s", paper.ID, f.Reasons, text)
	}
	if len(proposed) < 10 {
		t.Errorf("%d papers are proposed", len(proposed))
	}
	if f := proposed["an-sinh-bon-mua"].Outlet; len(f.Sitemaps) != 1 || f.Licence != "tap-chi" {
		t.Errorf("the magazine has a news sitemap and is proposed as %+v", f)
	}
	if f := proposed["cong-bhxh"].Outlet; f.Kind != "agency-portal" || f.Level != "central" || len(f.Listings) != 1 {
		t.Errorf("the agency's portal is proposed as %+v", f)
	}
	feeds := 0
	for _, f := range proposed {
		feeds += len(f.Outlet.Feeds)
	}
	if feeds < 3 {
		t.Errorf("%d feeds were found", feeds)
	}
	// A house without a store was enough: nothing was kept.
	links, err := h.Store.LinkTallies(t.Context(), h.press.Start(), h.press.End())
	must(t, err)
	if len(links) > 0 {
		t.Errorf("a proposal stored links: %+v", links)
	}
}

func TestProposeWhatIsNoSite(t *testing.T) {
	h := open(t)
	for _, address := range []string{"", "http://", "ftp://bao.example", "khong-co.localhost:4000"} {
		if f, err := h.Propose(t.Context(), address); err == nil {
			t.Errorf("%q is proposed as %+v", address, f.Outlet)
		}
	}
}
