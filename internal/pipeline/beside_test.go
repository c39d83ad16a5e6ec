package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/pulse"
	"diembao/internal/say"
)

// What a page says beside its article: in a related box, a sidebar, the most
// read, the readers' comments, a picture's caption, a menu.
const beside = `bảo hiểm xã hội`

// families are pages as different systems build them; %s is the article's text.
var pageFamilies = map[string]string{
	"related box inside the text": `<div class="detail-content afcbc-body" data-role="content">%s
		<div type="RelatedOneNews" class="VCSortableInPreviewMode"><a href="/b.htm">Quỹ bảo hiểm xã hội chậm chi ở ba xã</a><p>Nhiều người chờ tiền bảo hiểm xã hội từ tháng trước, cơ quan hứa trả trong tuần.</p></div></div>`,
	"sidebar and most read": `<main><article>%s</article></main><aside><h3>Đọc nhiều</h3><ul><li><a href="/1">Rút bảo hiểm xã hội một lần tăng</a></li><li><a href="/2">Nợ bảo hiểm xã hội ở xưởng giày</a></li></ul>
		<div class="hoi-dap"><p>Bạn đọc hỏi: tôi đóng bảo hiểm xã hội được mười lăm năm thì lương hưu tính thế nào, mong được trả lời.</p></div></aside>`,
	"comments": `<div id="content"><div class="bai-viet">%s</div></div><section id="comments" class="comment-list"><div class="comment"><p>Ông Tư: còn chuyện bảo hiểm xã hội của công nhân xưởng tôi thì sao, bao giờ giải quyết cho dứt điểm?</p></div>
		<div class="comment"><p>Bà Năm: nhân đây xin hỏi bảo hiểm xã hội tự nguyện đóng ở đâu trong xã mình vậy?</p></div></section>`,
	"list of other news below": `<div class="entry-content">%s</div><div class="tin-lien-quan"><h4>Tin liên quan</h4><ul><li><a href="/3">Bảo hiểm xã hội tỉnh họp báo quý</a></li><li><a href="/4">Thẻ mới của bảo hiểm xã hội</a></li></ul></div>`,
	"ASP.NET portal": `<form id="aspnetForm"><table><tr><td class="menu"><a href="/bhxh">Bảo hiểm xã hội</a><a href="/bhyt">Bảo hiểm y tế</a></td><td><div class="news-detail"><h1>Đội bóng chuyền xóm Bãi vào chung kết</h1><div class="content">%s</div></div>
		<div class="tinkhac"><a href="/5">Bảo hiểm xã hội huyện tập huấn</a></div></td></tr></table></form>`,
	"see also in a paragraph": `<article class="fck_detail">%s<p>&gt;&gt; Xem thêm: <a href="/6">Sổ bảo hiểm xã hội điện tử thay sổ giấy</a></p></article>`,
}

// An article whose only mention of insurance stands beside its text does not
// concern us; the same page with the mention in the text does.
func TestAMentionBesideTheArticleIsNone(t *testing.T) {
	pack, err := config.Default()
	must(t, err)
	rules, err := pipeline.Compile(pack)
	must(t, err)
	now := time.Date(2026, 7, 6, 12, 0, 0, 0, config.VN)
	sentences := []string{"Đội bóng chuyền xóm Bãi thắng ba ván liền trước đội xóm Gò trong chiều mưa lất phất.",
		"Huấn luyện viên Lò Văn Mạ thay hai người ở ván cuối, giữ được thế trận tới điểm thứ hai mươi lăm.",
		"Khán giả đứng kín bờ đê, trống hội vang tới tối mới dứt.",
		"Trận chung kết diễn ra sáng Chủ nhật, vé mời phát ở nhà văn hóa thôn."}
	for name, family := range pageFamilies {
		for _, inText := range []bool{false, true} {
			var text strings.Builder
			for _, s := range append(sentences, sentences...) {
				fmt.Fprintf(&text, "<p>%s</p>", s)
			}
			if inText {
				text.WriteString("<p>Sau trận, Bảo hiểm xã hội tỉnh An Giang trao sổ bảo hiểm xã hội tự nguyện cho mười cầu thủ và hướng dẫn cách đóng.</p>" +
					"<p>Giám đốc Bảo hiểm xã hội tỉnh An Giang cho biết Nhà nước hỗ trợ một phần mức đóng BHXH tự nguyện, ai đủ tuổi sẽ được hưởng lương hưu.</p>")
			}
			html := `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Đội bóng chuyền xóm Bãi vào chung kết</title><meta property="article:published_time" content="2026-07-06T08:00:00+07:00">
				<meta property="og:title" content="Đội bóng chuyền xóm Bãi vào chung kết"></head><body><h1>Đội bóng chuyền xóm Bãi vào chung kết</h1>` + fmt.Sprintf(family, text.String()) + `</body></html>`
			a, err := rules.Extract(news.Page{URL: "https://xombai.example/bong-chuyen-120726.html", Status: 200, Body: html, At: now}, now)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if inText { // a headline of the matter, or a mention in passing is all there is
				a.Title = "Bảo hiểm xã hội tỉnh An Giang trao sổ cho cầu thủ xóm Bãi"
			}
			if got := strings.Contains(a.Lead+a.Body, beside); got != inText {
				t.Errorf("%s: the mention is in the text %t, want %t (by %s):\n%s", name, got, inText, a.From["body"], a.Body)
			}
			if r, _ := pipeline.ReadOne(a, rules, now); r.Relevant != inText {
				t.Errorf("%s: read as relevant %t, want %t", name, r.Relevant, inText)
			}
		}
	}
}

// A layout whose selectors no longer find what stands on the canary page is
// told to have changed, though the general engines still read the articles;
// once it is mended, all is well again.
func TestTheCanaryTellsALayoutThatChanged(t *testing.T) {
	h, s := well(t)
	h.pack.Outlets[0].Layout = config.Layout{Title: "article h1", Body: "article", Canary: "http://ben-song.example/bai-1.html"}
	rules, err := pipeline.Compile(h.pack)
	must(t, err)
	h.Use(rules)
	h.learn(t, 48*time.Hour)
	if got := h.state(t); got.State != pulse.OK {
		t.Fatalf("a sound outlet is %s: %s", got.State, got.Evidence)
	}
	s.set(func(s *ailing) { s.page = s.redrawn })
	h.learn(t, 30*time.Hour)
	got := h.state(t)
	if words := say.In("en").Tell(got.Evidence); got.State != pulse.Layout || !strings.Contains(words, "bai-1.html") || !strings.Contains(words, "title, body") {
		t.Errorf("it is %s: %s", got.State, words)
	}
	s.set(func(s *ailing) { s.page = nil })
	h.learn(t, 30*time.Hour)
	if got := h.state(t); got.State != pulse.OK {
		t.Errorf("mended, it is %s: %s", got.State, say.In("en").Tell(got.Evidence))
	}
}

// redrawn is the site's article in another dress, which engines read as well.
func (s *ailing) redrawn(w http.ResponseWriter, r *http.Request) {
	inner := &reply{header: w.Header(), status: 200}
	s.article(inner, r)
	w.WriteHeader(inner.status)
	text := strings.NewReplacer("<article>", "<section class=bai>", "</article>", "</section>", "<h1>", "<h2>", "</h1>", "</h2>").Replace(inner.String())
	if _, err := w.Write([]byte(text)); err != nil {
		panic(err)
	}
}
