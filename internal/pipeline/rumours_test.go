package pipeline

import (
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/store"
)

// A claim of the register that comes back is known again as the article is
// read, in the watch and in the letter; reading anew doubles nothing, and a
// claim that is not looked for any more stays known where it was found.
func TestRumourComesBack(t *testing.T) {
	r := newNewsroom(t, time.Date(2026, 7, 6, 8, 0, 0, 0, config.VN))
	claim := news.Rumour{Claim: "Bệnh viện Suối Đá từ chối mọi thẻ BHYT vì quỹ bảo hiểm y tế đã hết tiền", Truth: news.Untrue, Document: "Thông cáo 7/BHXH", Who: "Lan", FirstSeen: r.now, Made: r.now}
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error { return tx.PutRumour(t.Context(), &claim) }))
	r.refusal(0)
	r.now = r.now.Add(10 * time.Minute)
	r.tell(1, "Bệnh viện Suối Đá từ chối thẻ BHYT vì quỹ bảo hiểm y tế đã hết tiền?", "Hàng trăm người bệnh bức xúc, tố cáo cơ quan bảo hiểm xã hội; bệnh viện từ chối mọi thẻ bảo hiểm y tế.")
	r.now = r.now.Add(10 * time.Minute)
	r.refusal(2)
	r.now = r.now.Add(10 * time.Minute)
	r.tell(3, "BHXH bác bỏ tin Bệnh viện Suối Đá từ chối mọi thẻ BHYT vì quỹ bảo hiểm y tế hết tiền", "Cơ quan bảo hiểm xã hội nói quỹ vẫn đủ.")
	count := func() (said, denied int) {
		hits, err := r.Store.RumourArticles(t.Context(), claim.ID, 10)
		r.must(err)
		for _, h := range hits {
			if h.Denied {
				denied++
			} else {
				said++
			}
		}
		return said, denied
	}
	if said, denied := count(); said != 1 || denied != 1 {
		t.Errorf("%d articles repeat the claim and %d deny it, want 1 and 1", said, denied)
	}
	told := r.letters()
	if len(told) == 0 || !strings.Contains(told[0].Text, "TIN ĐỒN CŨ LẠI XUẤT HIỆN: "+claim.Claim+" (sai)") || !strings.Contains(told[0].HTML, "Thông cáo 7/BHXH") {
		t.Errorf("no letter tells of the claim: %d letters", len(told))
	}
	tallies, err := r.tallies(t.Context(), r.now)
	r.must(err)
	marked := 0
	for _, a := range tallies[0].Articles {
		if a.Rumour == claim.ID {
			marked++
		}
	}
	if marked != 1 {
		t.Errorf("the watch sees %d articles that repeat the claim, want 1", marked)
	}
	r.must(r.Store.Do(t.Context(), func(tx *store.Tx) error { return tx.EndRumour(t.Context(), claim.ID, r.now) }))
	if _, err := r.LookFor(t.Context(), r.now.AddDate(0, 0, -30)); err != nil {
		t.Fatal(err)
	}
	if said, denied := count(); said != 1 || denied != 1 {
		t.Errorf("after it ended %d articles repeat the claim and %d deny it", said, denied)
	}
}
