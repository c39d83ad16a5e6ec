package pipeline_test

import (
	"io"
	"strings"
	"testing"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/pipeline"
	"diembao/internal/store"
)

const piece = `<html><head><title>%T</title><meta property="article:published_time" content="2025-08-25T07:00:00+07:00"></head><body><article><h1>%T</h1>
<p>Người tham gia bảo hiểm xã hội ở phường Phú Lâm phản ánh việc thẻ bảo hiểm y tế của họ không được quẹt tại bệnh viện từ đầu tháng, trong khi tiền đóng đã nộp đủ.</p>
<p>Bệnh viện cho biết hệ thống giám định bảo hiểm y tế tạm ngừng để nâng cấp, và người bệnh được hẹn thanh toán lại khi hệ thống chạy trở lại vào tuần sau.</p>
<p>Cơ quan bảo hiểm xã hội địa phương nói đã cử người xuống bệnh viện để hướng dẫn người dân làm thủ tục hoàn tiền trong năm ngày làm việc.</p></article></body></html>`

func page(title string) string { return strings.ReplaceAll(piece, "%T", title) }

// numbered is the demo's configuration, with the numbers of one paper's articles.
func numbered(t *testing.T, h *house) config.Outlet {
	t.Helper()
	pack := h.pack
	for i, o := range pack.Outlets {
		if o.ID == h.press.Papers()[0].ID {
			pack.Outlets[i].Identity = `-(\d{5,})\.html$`
			rules, err := pipeline.Compile(pack)
			must(t, err)
			h.Use(rules)
			return pack.Outlets[i]
		}
	}
	t.Fatal("no such paper")
	return config.Outlet{}
}

// An archive kept under rules without numbers stays as it is under rules with
// them: ids do not move, and the edited address is known.
func TestIdsOutliveTheRules(t *testing.T) {
	h := open(t)
	host := h.pack.Outlets[0].Domains[0].Host
	for _, o := range h.pack.Outlets {
		if o.ID == h.press.Papers()[0].ID {
			host = o.Domains[0].Host
		}
	}
	line := func(slug, title string) io.Reader {
		return strings.NewReader(`{"url":"https://` + host + `/` + slug + `","title":"` + title + `","summary":"Thẻ bảo hiểm y tế.","published":"2025-08-25"}`)
	}
	_, err := h.Rename(t.Context())
	must(t, err)
	before, err := h.Import(t.Context(), "a", line("ten-cu-4933652.html", "Tên cũ"), nil)
	must(t, err)
	numbered(t, h)
	renamed, err := h.Rename(t.Context())
	must(t, err)
	if renamed.Articles != 1 || renamed.Twins != 0 {
		t.Errorf("renamed %+v", renamed)
	}
	again, err := h.Rename(t.Context())
	must(t, err)
	if again != (pipeline.Renamed{}) {
		t.Errorf("the same rules renamed once more: %+v", again)
	}
	after, err := h.Import(t.Context(), "b", line("ten-moi-4933652.html?utm_source=zalo", "Tên mới"), nil)
	must(t, err)
	if after.New != 0 || after.IDs[0] != before.IDs[0] {
		t.Errorf("the edited address is %v, was %v", after, before)
	}
	if got, err := h.Store.ArticleByURL(t.Context(), host+"#4933652"); err != nil || got.ID != before.IDs[0] {
		t.Errorf("by number: %s %v", got.ID, err)
	}
}

// A printed clip and its web text are one original, whichever came first; a
// post begins a story and is no newsroom.
func TestClipsCountOnce(t *testing.T) {
	h := open(t)
	paper := h.press.Papers()[0].ID
	at := h.clock.Now()
	web := func(title string) string {
		a, err := h.FromHTML([]byte(page(title)), "https://"+host(t, h, paper)+"/"+news.ID(title)+".html")
		must(t, err)
		a.Published, a.Outlet = at, paper
		must(t, h.Store.Do(t.Context(), func(tx *store.Tx) error {
			_, err := tx.PutArticles(t.Context(), []news.Article{a}, at)
			return err
		}))
		return a.ID
	}
	clip := func(title string) (news.Article, store.Clip) {
		kept, err := h.AddClip(t.Context(), news.Article{Title: title, Lead: "Thẻ bảo hiểm y tế bị từ chối ở bệnh viện.", Outlet: paper, Published: at},
			store.Clip{Medium: "print", Page: "3", AddedBy: "trực ban"})
		must(t, err)
		return kept.Article, kept.Clip
	}
	read := func() { _, err := h.Read(t.Context()); must(t, err) }
	first := "Bệnh viện Phú Lâm từ chối thẻ bảo hiểm y tế của người dân"
	webID := web(first)
	read()
	printed, c := clip(first)
	if c.Twin != webID || c.TwinWhy == "" {
		t.Errorf("the printed text has the twin %q (%s)", c.Twin, c.TwinWhy)
	}
	read()
	if at, err := h.Store.StoryOf(t.Context(), printed.ID); err != nil || at.CopyOf != webID {
		t.Errorf("the printed text is placed %+v %v", at, err)
	}
	second := "Công nhân bị nợ bảo hiểm xã hội ba năm chờ phán quyết của toà"
	early, _ := clip(second)
	read()
	lateID := web(second)
	read()
	if at, err := h.Store.StoryOf(t.Context(), lateID); err != nil || at.CopyOf != early.ID {
		t.Errorf("the later web text is placed %+v %v", at, err)
	}
	post := news.Article{Title: "Bị từ chối thẻ bảo hiểm y tế, cả nhà kêu cứu", Author: "Trang Mẫu", URL: "https://www.facebook.com/mau/posts/123", Published: at}
	kept, err := h.AddClip(t.Context(), post, store.Clip{Medium: "social", Reach: 12000, AddedBy: "trực ban"})
	must(t, err)
	read()
	a := kept.Article
	if _, err := h.Store.StoryOf(t.Context(), a.ID); err != nil || h.Rules().Outlet(a.Outlet).Kind != "social" || a.Form != "social" {
		t.Errorf("the post is %+v, story %v", a, err)
	}
	if _, err := h.AddClip(t.Context(), post, store.Clip{Medium: "social", AddedBy: "trực ban"}); err != nil {
		t.Error("entering it again:", err)
	}
	post.Outlet = paper
	if _, err := h.AddClip(t.Context(), post, store.Clip{Medium: "social"}); err == nil {
		t.Error("a newspaper is taken for a social network")
	}
	if n := len(h.all(t)); n != 5 {
		t.Errorf("%d records, want 5", n)
	}
}

func host(t *testing.T, h *house, id string) string {
	t.Helper()
	o, ok := h.pack.OutletByID(id)
	if !ok {
		t.Fatal("no outlet", id)
	}
	return o.Domains[0].Host
}

func TestClipFilesAreKeptByDigest(t *testing.T) {
	dir := t.TempDir()
	f, err := pipeline.KeepClipFile(dir, "trang 3.PNG", strings.NewReader("\x89PNG\r\n\x1a\n0000"))
	must(t, err)
	if f.Type != "image/png" || f.Size != 12 || !strings.HasSuffix(f.Path, f.SHA256+".png") || f.Name != "trang 3.PNG" {
		t.Errorf("kept as %+v", f)
	}
	again, err := pipeline.KeepClipFile(dir, "khác.png", strings.NewReader("\x89PNG\r\n\x1a\n0000"))
	must(t, err)
	if again.Path != f.Path {
		t.Errorf("the same picture lies in %s and %s", f.Path, again.Path)
	}
	if _, err := pipeline.KeepClipFile(dir, "rỗng.pdf", strings.NewReader("")); err == nil {
		t.Error("an empty file is evidence")
	}
}
