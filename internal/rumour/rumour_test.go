package rumour

import (
	"testing"

	"diembao/internal/news"
)

var register = Compile([]news.Rumour{
	{ID: 1, Claim: "Từ năm 2027 người lao động không được rút BHXH một lần"},
	{ID: 2, Claim: "Thẻ BHYT giấy hết giá trị, ai không cài ứng dụng sẽ mất quyền khám bệnh"},
	{ID: 3, Claim: "Quỹ bảo hiểm xã hội sắp vỡ, người về hưu sẽ bị cắt lương"},
	{ID: 4, Claim: "Lương hưu"}, // too short to be looked for
})

// A claim is found in other words, written out or shortened, in any part of an
// article; what is only of the same field, or names another year, is not.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		title, lead, body string
		want              int64
		denied            bool
	}{
		{title: "Xôn xao tin từ năm 2027 người lao động không được rút bảo hiểm xã hội một lần", want: 1},
		{title: "Công nhân lo lắng", lead: "Nhiều người truyền nhau rằng từ năm 2027, người lao động sẽ không được rút BHXH một lần nữa.", want: 1},
		{title: "Hỏi đáp", body: "Mở đầu.\nBạn đọc hỏi. Có phải năm 2027 người lao động không được rút bảo hiểm xã hội một lần? Mong được giải đáp.", want: 1},
		{title: "BHXH bác bỏ tin từ năm 2027 người lao động không được rút BHXH một lần", want: 1, denied: true},
		{title: "Thẻ BHYT giấy hết giá trị, không cài ứng dụng là mất quyền khám bệnh?", want: 2},
		{title: "Người già hoang mang", lead: "Nghe nói thẻ bảo hiểm y tế giấy đã hết giá trị, ai không cài ứng dụng sẽ mất quyền khám bệnh.", want: 2},
		{title: "Tin đồn quỹ BHXH sắp vỡ, người về hưu bị cắt lương lan trên mạng", want: 3},
		{title: "Không có chuyện quỹ bảo hiểm xã hội sắp vỡ, cắt lương người về hưu", want: 3, denied: true},

		{title: "Từ năm 2030 người lao động không được rút BHXH một lần"},
		{title: "Hướng dẫn người lao động rút bảo hiểm xã hội một lần năm 2027"},
		{title: "Người lao động rút BHXH một lần tăng mạnh", lead: "Năm 2027, nhiều tỉnh giải quyết chế độ nhanh."},
		{title: "Cài ứng dụng VssID để dùng thẻ BHYT khi đi khám bệnh"},
		{title: "Đổi thẻ bảo hiểm y tế giấy sang căn cước công dân: thủ tục ra sao"},
		{title: "Người về hưu nhận lương mới, quỹ bảo hiểm xã hội chi đúng hạn"},
		{title: "Lương hưu tháng 7 chi trả từ ngày 10"},
	} {
		hits := register.Find(news.Article{ID: "a", Title: c.title, Lead: c.lead, Body: c.body})
		switch {
		case c.want == 0 && len(hits) > 0:
			t.Errorf("%q repeats nothing, but found %+v", c.title, hits)
		case c.want != 0 && (len(hits) != 1 || hits[0].Rumour != c.want || hits[0].Denied != c.denied):
			t.Errorf("%q repeats claim %d, but found %+v", c.title, c.want, hits)
		}
	}
}

func TestShortClaimsAreNotLookedFor(t *testing.T) {
	if Long("Lương hưu tăng") || !Long("Lương hưu tháng bảy bị cắt một nửa") {
		t.Error("how long a claim must be has changed")
	}
}

func BenchmarkFind(b *testing.B) {
	a := news.Article{ID: "a", Title: "Xôn xao tin người lao động không được rút BHXH", Lead: "Công nhân lo lắng."}
	for range 40 {
		a.Body += "Nhiều công nhân đến cơ quan bảo hiểm xã hội hỏi thủ tục. Họ muốn biết quyền lợi của mình.\n"
	}
	for b.Loop() {
		register.Find(a)
	}
}
