package pipeline

import (
	"fmt"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// newsroom is an archive with a clock of its own, into which articles come as
// if they were crawled.
type newsroom struct {
	*Pipeline
	t   *testing.T
	now time.Time
	n   int
}

func (r *newsroom) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func newNewsroom(t *testing.T, now time.Time) *newsroom {
	r := &newsroom{Pipeline: archive(t, now), t: t, now: now}
	r.Now = func() time.Time { return r.now }
	pack := r.Rules().Pack
	pack.Site.Mail.Alerts, pack.Site.Mail.From = []string{"truc@coquan.example"}, "diembao@coquan.example"
	for i := range 6 {
		id := fmt.Sprintf("bao-%d", i)
		pack.Outlets = append(pack.Outlets, config.Outlet{ID: id, Name: "Báo " + id, Level: "central", Reach: "national", Kind: "press", Trusted: i == 0, On: true,
			Domains: []config.Domain{{Host: id + ".example"}}})
	}
	rules, err := Compile(pack)
	r.must(err)
	r.Use(rules)
	return r
}

// tell lets an outlet publish, and the machine read and watch.
func (r *newsroom) tell(outlet int, title, lead string) []string {
	r.t.Helper()
	r.n++
	url := fmt.Sprintf("https://bao-%d.example/bai-%d.html", outlet, 1000+r.n)
	canonical := news.Canonical(url, r.Rules().Keys)
	a := news.Article{ID: news.ID(canonical), URL: url, Canonical: canonical, Outlet: fmt.Sprintf("bao-%d", outlet), Title: title, Lead: lead,
		Published: r.now, FirstSeen: r.now, Via: news.Crawl, Lang: "vi"}
	r.must(r.Store.Do(r.t.Context(), func(tx *store.Tx) error {
		_, err := tx.PutArticles(r.t.Context(), []news.Article{a}, r.now)
		return err
	}))
	_, err := r.Read(r.t.Context())
	r.must(err)
	return r.watch()
}

// watch decides and returns the subjects of the letters written by it, oldest first.
func (r *newsroom) watch() (subjects []string) {
	r.t.Helper()
	known := map[string]bool{}
	for _, l := range r.letters() {
		known[l.Key] = true
	}
	_, err := r.Watch(r.t.Context())
	r.must(err)
	for _, l := range r.letters() {
		if !known[l.Key] {
			subjects = append(subjects, l.To+": "+l.Subject)
		}
	}
	return subjects
}

func (r *newsroom) letters() []store.LetterState {
	r.t.Helper()
	ls, err := r.Store.Letters(r.t.Context(), store.LetterFilter{Limit: 1000})
	r.must(err)
	return ls
}

// refusal is a crisis in the words of an outlet.
func (r *newsroom) refusal(outlet int) []string {
	titles := []string{
		"Bệnh viện Suối Đá từ chối thẻ BHYT, hàng trăm người bệnh bức xúc", "Người bệnh kêu cứu vì Bệnh viện Suối Đá từ chối thẻ BHYT",
		"Thẻ BHYT bị từ chối ở Bệnh viện Suối Đá, người bệnh phẫn nộ", "Bệnh viện Suối Đá dừng nhận thẻ BHYT, người bệnh phải đóng tiền túi",
		"Bệnh nhân chạy thận ở Bệnh viện Suối Đá bị từ chối thẻ BHYT", "Người nhà bệnh nhân bức xúc: Bệnh viện Suối Đá từ chối thẻ BHYT",
	}
	leads := []string{
		"Người bệnh có thẻ bảo hiểm y tế còn hạn phải về vì cơ quan bảo hiểm xã hội chậm thanh toán cho bệnh viện.",
		"Lãnh đạo bệnh viện nói bảo hiểm xã hội nợ tiền khám chữa bệnh nhiều tháng, người bệnh mất quyền lợi.",
		"Nhiều người già vay tiền đóng viện phí, tố cáo cơ quan bảo hiểm xã hội làm khó.",
		"Quầy thu viện phí đóng cửa với thẻ bảo hiểm y tế từ sáng; cơ quan bảo hiểm xã hội bị khiếu nại.",
		"Hai ca chạy thận phải chuyển viện trong đêm, gia đình gửi đơn khiếu nại bảo hiểm xã hội tỉnh.",
		"Trước cổng bệnh viện, hàng chục người hỏi vì sao bảo hiểm xã hội từ chối chi trả.",
	}
	return r.tell(outlet, titles[outlet], leads[outlet])
}

func incidentIDs(r *newsroom) (ids []string) {
	r.t.Helper()
	is, err := r.Store.Incidents(r.t.Context(), store.IncidentFilter{})
	r.must(err)
	for _, i := range is {
		ids = append(ids, i.ID)
	}
	return ids
}
