package card

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/say"
)

var update = flag.Bool("update", false, "write the golden files anew")

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 7, day, hour, minute, 0, 0, config.VN)
}

// night is a July evening with a hospital that turns people away, as known at 22:40.
func night(t testing.TB) Facts {
	t.Helper()
	pack, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	pack.Outlets = []config.Outlet{
		{ID: "suong-mai", Name: "Báo Sương Mai", Reach: "local", Kind: "press"},
		{ID: "dong-lua", Name: "Báo Đồng Lúa", Reach: "national", Kind: "press"},
		{ID: "ben-cu", Name: "Báo Bến Cũ", Reach: "local", Kind: "press"},
		{ID: "cong", Name: "Cổng BHXH", Reach: "national", Kind: "agency-portal"},
	}
	told := func(id, outlet, title, lead string, when time.Time) Article {
		a := Article{Article: news.Article{ID: id, Outlet: outlet, Title: title, Lead: lead, URL: "https://" + outlet + ".example/" + id, FirstSeen: when.Add(5 * time.Minute)}, At: when, Harm: true}
		a.Reading.Tone, a.Reading.Current, a.Reading.Units = "negative", []string{"nghe-an"}, []string{"bhxh-nghe-an"}
		return a
	}
	f := Facts{Now: at(8, 22, 40), Pack: pack, Fades: at(9, 22, 0), Closes: at(12, 22, 0), Proofs: map[string]int{"a1": 2}}
	f.Articles = []Article{
		told("a1", "suong-mai", "Bệnh viện Đá Trắng từ chối 12 người bệnh có thẻ", "Sáng 8/7, 12 người bệnh phải về. Không ai giải thích.", at(8, 19, 5)),
		told("a2", "dong-lua", "Thẻ còn hạn vẫn phải đóng tiền ở Đá Trắng, 34 người bệnh kêu cứu", "Đến tối, 34 người bệnh đã tự trả tiền.", at(8, 20, 10)),
		told("a3", "ben-cu", "Bệnh viện Đá Trắng từ chối 12 người bệnh có thẻ", "Sáng 8/7, 12 người bệnh phải về.", at(8, 20, 30)),
		told("a4", "ben-cu", "Lan sang Hòn Nhỏ: quầy thuốc đóng cửa, cụ già ngồi chờ", "Người nhà chờ tới khuya.", at(8, 21, 50)),
	}
	f.Articles[2].CopyOf = "a1"
	f.Articles[3].Reading.Current = []string{"an-giang"}
	f.Edits = []Edit{{Article: "a1", Was: "Bệnh viện Đá Trắng đuổi người bệnh", Now: f.Articles[0].Title, At: at(8, 20, 0)}}
	f.Incident = news.Incident{ID: "i-1", Story: "s-1", Title: f.Articles[0].Title, Level: 2, State: news.Open, Score: .87, Opened: at(8, 20, 15), Updated: at(8, 21, 55),
		Kind: news.Called{Value: "denied-care"}, Type: news.Called{Value: "accidental", By: "Lan"}, URLs: []string{"1", "2", "3", "4"},
		Reasons: []news.Factor{
			{Factor: "bias", Value: 1, Weight: -6}, {Factor: "outlets", Value: 2, Weight: 1.3, Articles: []string{"a1", "a2", "a4"}, Quote: "từ chối 12 người bệnh"},
			{Factor: "tone", Value: 1, Weight: 2, Articles: []string{"a1"}}, {Factor: "risk", Value: .9, Weight: 1.5, Articles: []string{"a2"}, Quote: "kêu cứu"},
			{Factor: "blame", Value: .8, Weight: 1.5, Articles: []string{"a2"}}, {Factor: "others", Value: .2, Weight: -3}}}
	f.Life = []Event{{At: at(8, 20, 15), Did: "opened", Level: 2}, {At: at(8, 20, 40), Did: "done verify", Who: "Lan", Why: "bệnh viện nói 34 người"}}
	f.Usual = Usual{Topic: "bhyt_claims", Today: 19, Mean: 6.4, Low: 2, High: 12, Days: 56}
	old := news.Incident{ID: "i-0", Title: "Bệnh viện Suối Vàng từ chối người bệnh có thẻ", Level: 2, State: news.Closed, Opened: at(1, 8, 0), Updated: at(3, 8, 0), Kind: news.Called{Value: "denied-care"}, URLs: []string{"1"}}
	f.Cases = []Case{
		{Incident: f.Incident},
		{Incident: old, Provinces: []string{"nghe-an"}, Life: []Event{{Who: "Hoa", Did: "closed", Why: "đã hoàn tiền đủ"}}},
		{Incident: news.Incident{ID: "i-2", Title: "Lương hưu chậm hai tuần", Kind: news.Called{Value: "payment"}}},
	}
	return f
}

// The whole card of a night, as somebody on duty reads it.
func TestCardOfANight(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		w := say.In(lang)
		var b bytes.Buffer
		if err := Text(&b, Make(night(t), w), w); err != nil {
			t.Fatal(err)
		}
		golden(t, "night."+lang+".txt", b.Bytes())
		for _, bad := range []string{"⟨", "<no value>", "{"} {
			if strings.Contains(b.String(), bad) {
				t.Errorf("the card holds %q", bad)
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (go test ./internal/card -update writes it anew):\n%s", file, d)
	}
}

// Of an incident nothing is known of, nothing is said.
func TestNothingIsInvented(t *testing.T) {
	f := night(t)
	f = Facts{Now: f.Now, Pack: f.Pack, Incident: news.Incident{ID: "i-9", Level: 1, State: news.Open, Opened: f.Now}}
	c := Make(f, say.In("vi"))
	if len(c.Happened)+len(c.Why)+len(c.Turns)+len(c.Outlets)+len(c.Past)+len(c.Evidence) != 0 || c.Agency != nil || c.Stance+c.Holding != "" {
		t.Errorf("something is told of nothing: %+v", c)
	}
	if c.Steps[0].Do == "" || strings.Contains(c.Steps[0].Do, "{") {
		t.Errorf("the first step is %q", c.Steps[0].Do)
	}
}

// The law of the incident's day decides, not today's.
func TestDeadlinesFollowTheDay(t *testing.T) {
	for _, c := range []struct {
		opened       time.Time
		want, absent string
	}{
		{time.Date(2026, 6, 30, 23, 0, 0, 0, config.VN), "answer-press-2016", "answer-press-2025"},
		{time.Date(2026, 7, 1, 0, 0, 0, 0, config.VN), "answer-press-2025", "answer-press-2016"},
	} {
		f := night(t)
		f.Incident.Opened, f.Now = c.opened, at(20, 0, 0)
		var ids []string
		for _, d := range Make(f, say.In("vi")).Due {
			ids = append(ids, d.ID)
		}
		all := strings.Join(ids, " ")
		if !strings.Contains(all, c.want) || strings.Contains(all, c.absent) {
			t.Errorf("opened %s: %s", c.opened, all)
		}
	}
}

// A deadline runs from the first article, or from when a paper asked; it is met
// by the agency's word in the press, or by a person's; working days leave out Tết.
func TestDeadlinesRun(t *testing.T) {
	f := night(t)
	rows := f.Pack.Handling.Deadlines
	f.Pack.Handling.Deadlines = append(rows[:1:1], config.Deadline{ID: "trong-nganh", Who: "Giám đốc", Must: "báo cáo", WorkingDays: 2, Since: "asked", Status: "unsure"})
	due := func() (first, own Due) {
		for _, d := range Make(f, say.In("vi")).Due {
			if d.ID == "trong-nganh" {
				own = d
			} else {
				first = d
			}
		}
		return first, own
	}
	first, own := due()
	if !first.By.Equal(at(9, 19, 5)) || first.Late || first.Left != "còn 20 giờ" || !own.By.IsZero() {
		t.Errorf("at first %+v and %+v", first, own)
	}
	f.Now = at(10, 8, 0)
	if first, _ = due(); !first.Late {
		t.Errorf("the next day %+v", first)
	}
	portal := Article{Article: news.Article{ID: "p", Outlet: "cong", Title: "Thông tin về bệnh viện Đá Trắng"}, At: at(9, 9, 0)}
	f.Articles = append(f.Articles, portal)
	if first, _ = due(); first.Late || !strings.Contains(first.Met, "Cổng BHXH") {
		t.Errorf("after the agency spoke in time %+v", first)
	}
	f.Life = append(f.Life, Event{At: time.Date(2026, 2, 13, 16, 0, 0, 0, config.VN), Did: "asked", Who: "Lan"})
	if _, own = due(); own.By.Format(time.DateOnly) != "2026-02-24" {
		t.Errorf("two working days after the Friday before Tết are %s", own.By)
	}
	f.Life = append(f.Life, Event{At: at(9, 9, 0), Did: "done trong-nganh", Who: "Hoa"})
	if _, own = due(); !strings.Contains(own.Met, "Hoa") {
		t.Errorf("done %+v", own)
	}
}

// What was called done by mistake is open again, and its time runs on; both
// words stay in what happened.
func TestUndo(t *testing.T) {
	f := night(t)
	f.Life = append(f.Life, Event{At: at(8, 21, 0), Did: "undone verify", Who: "Hoa", Why: "gọi nhầm bệnh viện"},
		Event{At: at(8, 21, 5), Did: "done first-statement", Who: "Lan"})
	c := Make(f, say.In("vi"))
	if c.Steps[0].Who != "" || !c.Steps[0].Late || c.Late() != 6 {
		t.Errorf("the step is %+v, %d are late", c.Steps[0], c.Late())
	}
	if d := c.Due[0]; !d.Said || d.Met == "" {
		t.Errorf("the deadline is %+v", d)
	}
	var said []string
	for _, turn := range c.Turns {
		if turn.What == "person" {
			said = append(said, turn.Text)
		}
	}
	if len(said) != 3 || !strings.HasPrefix(said[0], "Lan: đã làm “Gọi") || !strings.HasPrefix(said[1], "Hoa: bỏ dấu “Gọi") {
		t.Errorf("the history is %q", said)
	}
	f.Life = append(f.Life, Event{At: at(8, 21, 9), Did: "undone first-statement", Who: "Lan"}, Event{At: at(8, 21, 10), Did: "done verify", Who: "Hoa"})
	if c = Make(f, say.In("vi")); c.Due[0].Met != "" || c.Steps[0].Who != "Hoa" {
		t.Errorf("in the end %+v and %+v", c.Due[0], c.Steps[0])
	}
	f.Life = append(f.Life, Event{At: at(8, 21, 11), Did: "asked", Who: "Lan"})
	if c = Make(f, say.In("vi")); len(c.Waiting()) != 0 || len(c.Running()) != len(c.Due) {
		t.Errorf("once a paper asked %d deadlines wait", len(c.Waiting()))
	}
	f.Life = append(f.Life, Event{At: at(8, 21, 12), Did: "undone asked", Who: "Lan"})
	if c = Make(f, say.In("vi")); len(c.Waiting()) != 2 || c.Due[1].Asked {
		t.Errorf("after that was taken back %d wait", len(c.Waiting()))
	}
	f.Incident.State = news.Closed
	if n := Make(f, say.In("vi")).Late(); n != 0 {
		t.Errorf("%d steps of a closed incident are late", n)
	}
}

// A figure that its paper corrected is not left to stand alone.
func TestCorrected(t *testing.T) {
	f := night(t)
	if c := Make(f, say.In("vi")); c.Corrected != nil {
		t.Errorf("nobody corrected, but %+v", c.Corrected)
	}
	f.Articles = append(f.Articles, Article{Article: news.Article{ID: "a9", Outlet: "suong-mai", Title: "Đính chính: số người bệnh phải về là 3"}, At: at(8, 22, 20)})
	if c := Make(f, say.In("vi")); c.Corrected == nil || c.Corrected.Outlet != "Báo Sương Mai" || c.Corrected.Text != "Đính chính: số người bệnh phải về là 3" {
		t.Errorf("the correction is %+v", c.Corrected)
	}
}

// The agency's word stands by itself: what the press told last is another's.
func TestLatestIsNotTheAgencysOwn(t *testing.T) {
	f := night(t)
	f.Articles = append(f.Articles, Article{Article: news.Article{ID: "p", Outlet: "dong-lua", Title: "BHXH xin lỗi", Lead: "Giám đốc xin lỗi."}, At: at(8, 22, 30), Harm: true})
	f.Articles[4].Reading.Said = []news.Said{{Office: "BHXH tỉnh Nghệ An", Quote: "xin lỗi"}}
	c := Make(f, say.In("vi"))
	if c.Agency == nil || c.Agency.Article != "p" || len(c.Happened) != 2 || c.Happened[1].Article != "a4" {
		t.Errorf("the press told %+v, the agency %+v", c.Happened, c.Agency)
	}
}

// Who only repeats others' texts is no newsroom that tells of harm.
func TestFiguresCountVoices(t *testing.T) {
	f := night(t)
	again := f.Articles[0]
	again.ID, again.Outlet, again.CopyOf = "a8", "chep", "a1"
	f.Articles = append(f.Articles, again)
	if c := Make(f, say.In("vi")).Figures; c.Voices != 3 || c.Harm != 3 || c.Publications != 5 || c.Copies != 2 {
		t.Errorf("the figures are %+v", c)
	}
}

// The hours end with the present one; what is dated tomorrow or came days ago
// is left out.
func TestHours(t *testing.T) {
	f := night(t)
	f.Articles = append(f.Articles, Article{Article: news.Article{ID: "f", Outlet: "ben-cu"}, At: at(9, 8, 0)})
	h := Make(f, say.In("vi")).Hours
	if len(h.Bad) != 12 || !h.From.Equal(at(8, 11, 0)) || h.Bad[8] != 1 || h.Bad[9] != 2 || h.Bad[10] != 1 || h.Usual != 6.4/24 {
		t.Errorf("the hours are %+v", h)
	}
	if got := h.Tell(say.In("vi")); got != "4 bài từ 11:00 08/07/2026 đến 23:00; dày nhất 2 bài từ 20:00 đến 21:00, trong đó 2 tiêu cực. Ngày như thế thường cả chủ đề có 6,4 bài." {
		t.Errorf("in words: %q", got)
	}
	f.Now = at(10, 22, 40)
	if h = Make(f, say.In("vi")).Hours; !h.From.Equal(at(8, 19, 0)) || len(h.Bad) != 14 {
		t.Errorf("of a silent story the hours are from %s", h.From)
	}
	f.Now, f.Articles[0].At = at(8, 22, 40), at(5, 9, 0)
	if h = Make(f, say.In("vi")).Hours; len(h.Bad) != 24 || !h.From.Equal(at(7, 23, 0)) {
		t.Errorf("of a story of days: %d hours from %s", len(h.Bad), h.From)
	}
}

// What is said of lowering and raising is true of the moment: no time that has
// passed, the gates of this installation, a person's word that stands.
func TestWhatLowersAndRaises(t *testing.T) {
	f := night(t)
	f.Raises, f.Incident.Lowered = 3, 4
	all := strings.Join(append(Make(f, say.In("vi")).Lower, Make(f, say.In("vi")).Raise...), "\n")
	for _, want := range []string{"đến 22:00 09/07/2026", "chỉ nâng lại khi có 8 bài (nay 4)", "cần ít nhất 3 tòa soạn cùng kể (nay 3)"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said in:\n%s", want, all)
		}
	}
	f.Now = at(11, 9, 0)
	all = strings.Join(Make(f, say.In("vi")).Lower, "\n")
	if strings.Contains(all, "09/07/2026") || !strings.Contains(all, "lần tính tới máy chuyển sang đang lắng") || !strings.Contains(all, "đến 22:00 12/07/2026") {
		t.Errorf("after the time of fading:\n%s", all)
	}
	f.Now = at(20, 9, 0)
	if all = strings.Join(Make(f, say.In("vi")).Lower, "\n"); strings.Contains(all, "12/07/2026") {
		t.Errorf("after the time of closing:\n%s", all)
	}
}

// A threat is the first reason though it weighs nothing, and who says the same
// twice is heard once.
func TestReasonsInWords(t *testing.T) {
	f := night(t)
	f.Incident.Reasons = append(f.Incident.Reasons, news.Factor{Factor: "threat:arrest", Value: 1, Articles: []string{"a2"}, Quote: "34 người bệnh kêu cứu"})
	why := Make(f, say.In("vi")).Why
	if len(why) != 3 || why[0].Factor != "threat:arrest" || why[0].Quote == nil || why[0].Quote.Outlet != "Báo Đồng Lúa" {
		t.Fatalf("the reasons are %+v", why)
	}
	for _, r := range why {
		if r.Factor == "blame" || r.Factor == "others" || r.Factor == "bias" {
			t.Errorf("%s is no reason to tell", r.Factor)
		}
	}
}

// Harm that no article tells is no reason, though puzzling ones gave it points.
func TestReasonsHaveArticles(t *testing.T) {
	f := night(t)
	f.Incident.Reasons = []news.Factor{{Factor: "outlets", Value: 1.8, Weight: 1.3}, {Factor: "tone", Value: .5, Weight: 2}, {Factor: "attention", Value: .8, Weight: 2, Articles: []string{"a1", "a2", "a4"}}}
	if why := Make(f, say.In("en")).Why; len(why) != 1 || why[0].Text != "3 newsrooms tell one story that no everyday news explains" {
		t.Errorf("the reasons are %+v", why)
	}
}

// What is new since a letter is what was seen since, whenever it was published.
func TestSinceTheLastLetter(t *testing.T) {
	w := say.In("vi")
	c := Make(night(t), w)
	got := strings.Join(c.Since(at(8, 21, 52), w), "\n")
	if !strings.Contains(got, "An Giang") || strings.Contains(got, "34") {
		t.Errorf("since 21:52:\n%s", got)
	}
}

// An arrest at 22:40, one article: the card names whom to call, what to ask, what
// to say meanwhile, who may speak and until when, and what is not known yet.
func TestArrestAtNight(t *testing.T) {
	f := night(t)
	a := Article{Article: news.Article{ID: "b1", Outlet: "dong-lua", Title: "Bắt tạm giam phó giám đốc BHXH huyện Hòn Nhỏ", Lead: "Tối 8/7, công an khám xét nơi làm việc của ông này."}, At: at(8, 22, 36), Harm: true}
	a.Reading.Units, a.Reading.Current = []string{"bhxh-an-giang"}, []string{"an-giang"}
	f.Articles, f.Edits, f.Life, f.Cases = []Article{a}, nil, nil, nil
	f.Incident = news.Incident{ID: "i-3", Title: a.Title, Level: 2, State: news.Open, Opened: at(8, 22, 40), Updated: at(8, 22, 40),
		Kind: news.Called{Value: "arrest"}, Type: news.Called{Value: "preventable"},
		Reasons: []news.Factor{{Factor: "threat:arrest", Value: 1, Articles: []string{"b1"}, Quote: a.Title}, {Factor: "outlets", Value: 1, Weight: 1.3, Articles: []string{"b1"}}}}
	c := Make(f, say.In("vi"))
	if len(c.Happened) != 1 || c.Agency != nil || len(c.Past) != 0 {
		t.Errorf("one article tells %+v, the agency %+v, past %+v", c.Happened, c.Agency, c.Past)
	}
	first := c.Steps[0]
	if first.ID != "verify" || !strings.Contains(first.Do, "Giám đốc Bảo hiểm xã hội tỉnh An Giang") || !strings.Contains(first.Do, "tội gì") || first.By.Format("15:04") != "22:55" {
		t.Errorf("the first step is %+v", first)
	}
	if !strings.Contains(c.Stance, "lãnh đạo phát ngôn") || !strings.Contains(c.Avoid, "tội danh") || !strings.Contains(c.Holding, "cơ quan chức năng") {
		t.Errorf("stance %q, avoid %q, holding %q", c.Stance, c.Avoid, c.Holding)
	}
	if c.Why[0].Quote == nil || !strings.Contains(c.Why[0].Text, "một bài của báo tin cậy là đủ") || len(c.Speakers) != 2 {
		t.Errorf("why %+v, speakers %+v", c.Why, c.Speakers)
	}
	if next := c.Next(); next == nil || !next.By.Equal(at(9, 22, 36)) || next.Left != "còn 24 giờ" {
		t.Errorf("the next deadline is %+v", next)
	}
}

// BenchmarkTenThousandCopies is the card of a text that everybody reprints.
func BenchmarkTenThousandCopies(b *testing.B) {
	f := night(b)
	for i := range 10_000 {
		c := f.Articles[2]
		c.ID, c.Outlet = fmt.Sprint("c", i), fmt.Sprint("o", i%60)
		f.Articles = append(f.Articles, c)
	}
	w := say.In("vi")
	for b.Loop() {
		if c := Make(f, w); c.Figures.Copies != 10_001 {
			b.Fatalf("%d copies", c.Figures.Copies)
		}
	}
}
