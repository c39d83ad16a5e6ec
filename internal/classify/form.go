package classify

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// plainForm is what an article is where nothing tells another form.
const plainForm = "news"

// form tells the form of an article, by what is surest first: the page itself,
// the section it stands in, the mark in its headline, how its text is built,
// its words.
func (c *Classifier) form(v *view, r *news.Reading) {
	var t tally
	form, confidence := plainForm, 0.8
	for _, read := range []struct {
		by   func(*view) (string, string, news.Mention)
		sure float64
	}{{c.pageForm, 0.95}, {c.sectionForm, 0.9}, {c.openingForm, 0.95}, {c.dialogueForm, 0.85}, {c.questionForm, 0.75}, {c.wordForm, 0.7}} {
		if id, rule, m := read.by(v); id != "" {
			form, confidence = id, read.sure
			t.add(1, rule, m)
			break
		}
	}
	r.Form = form
	r.Verdicts["form"] = t.verdict(form, confidence)
}

// pageForm takes the page's own word: it shows a film, pictures, a drawing.
func (c *Classifier) pageForm(v *view) (string, string, news.Mention) {
	known := slices.ContainsFunc(c.forms, func(s config.Sign) bool { return s.ID == v.a.Form })
	if v.a.Form == plainForm || !known {
		return "", "", news.Mention{}
	}
	return v.a.Form, "trang báo trình bày như thế", news.Mention{}
}

// sectionForm reads the section an article stands in, and the folders of its address.
func (c *Classifier) sectionForm(v *view) (string, string, news.Mention) {
	folders := []string{hyphened(v.a.Section)}
	if u, err := url.Parse(v.a.URL); err == nil {
		parts := strings.Split(strings.Trim(strings.ToLower(u.Path), "/"), "/")
		folders = append(folders, parts[:max(0, len(parts)-1)]...) // the last names the article
	}
	for _, s := range c.forms {
		for _, folder := range folders {
			if slices.Contains(s.Paths, strings.TrimSuffix(folder, ".html")) {
				return s.ID, "chuyên mục của báo: " + s.Label, news.Mention{Quote: folder}
			}
		}
	}
	return "", "", news.Mention{}
}

// hyphened writes a section as addresses do: "Ý kiến" is "y-kien".
func hyphened(s string) string {
	return strings.Join(strings.FieldsFunc(vi.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// openingForm reads a mark in the headline: "Video: …", "[Infographic] …", "… (ảnh)".
func (c *Classifier) openingForm(v *view) (string, string, news.Mention) {
	for _, s := range c.forms {
		for _, m := range v.by["opens:"+s.ID] {
			if m.Where == news.Title && marksHeadline(v.a.Title, m) {
				return s.ID, "dấu ở tiêu đề: " + s.Label, m
			}
		}
	}
	return "", "", news.Mention{}
}

// marksHeadline reports whether words stand alone before a colon at the head
// of a headline, or in brackets anywhere in it.
func marksHeadline(title string, m news.Mention) bool {
	before, after := strings.TrimSpace(title[:m.Start]), strings.TrimSpace(title[m.End:])
	if strings.HasSuffix(before, "[") && strings.HasPrefix(after, "]") || strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")") {
		return true
	}
	return before == "" && (strings.HasPrefix(after, ":") || strings.HasPrefix(after, "|"))
}

// askedTwice is how many questions of a reporter make a dialogue of a text.
const askedTwice = 2

// dialogueForm finds a body that is questions and answers by turns: lines that
// open with "PV:", "Phóng viên:", "Hỏi:".
func (c *Classifier) dialogueForm(v *view) (string, string, news.Mention) {
	for _, s := range c.forms {
		if s.ID != "qa" && s.ID != "interview" { // "Ảnh:", "Đồ họa:" open lines that say whose they are
			continue
		}
		n := 0
		for _, m := range v.by["opens:"+s.ID] {
			if m.Where == news.Body && opensLine(v.a.Body, m) {
				if n++; n == askedTwice {
					return s.ID, "bài gồm nhiều lượt hỏi và đáp", m
				}
			}
		}
	}
	return "", "", news.Mention{}
}

func opensLine(body string, m news.Mention) bool {
	line := body[strings.LastIndexByte(body[:m.Start], '\n')+1 : m.Start]
	return strings.Trim(line, " -–*•") == "" && strings.HasPrefix(strings.TrimLeft(body[m.End:], " "), ":")
}

// questionForm finds the headline of an advice column: a question in the first
// person, or one that a reader sent.
func (c *Classifier) questionForm(v *view) (string, string, news.Mention) {
	if !v.asks || v.digest {
		return "", "", news.Mention{}
	}
	m, ok := v.asker()
	if !ok {
		m, ok = v.first("form:qa")
	}
	if !ok {
		return "", "", news.Mention{}
	}
	return "qa", "tiêu đề là câu hỏi của bạn đọc", m
}

// quotedBefore is a headline in which somebody is quoted: "X: 'tôi …'".
var quotedBefore = regexp.MustCompile(`:\s*["“‘']`)

// sent is how readers' letters are told from words of the paper's own.
var sent = regexp.MustCompile(`(?i)hỏi|gửi|thắc mắc|thư`)

// asker returns who asks in the headline or the lead of an advice column. A
// question within somebody's words is theirs, "chúng tôi" is anger, and a
// reader is one only who asks.
func (v *view) asker() (news.Mention, bool) {
	if quotedBefore.MatchString(v.a.Title) || !strings.Contains(v.a.Title, "?") && !v.opensAsking() {
		return news.Mention{}, false
	}
	for _, m := range v.by["cue:asker"] {
		if m.Where == news.Body {
			break
		}
		text := v.text(m.Where)
		before := text[v.sentence(m).Start:m.Start]
		switch {
		case strings.HasSuffix(strings.ToLower(before), "chúng "), strings.Count(before, "\"")%2 == 1, strings.Count(before, "“") > strings.Count(before, "”"):
		case v.written(m) == "bạn đọc" && !sent.MatchString(text[m.End:v.sentence(m).End]):
		default:
			return m, true
		}
	}
	return news.Mention{}, false
}

// opensAsking reports whether a headline without a question mark begins as a question.
func (v *view) opensAsking() bool {
	return slices.ContainsFunc(v.by["cue:question"], func(m news.Mention) bool { return m.Where == news.Title && m.Start == 0 })
}

// ourTalk follows the words for an interview that this paper led; of one that
// another house led the paper tells as news.
var ourTalk = regexp.MustCompile(`(?i)^\W{0,3}(?:\S+\s+){0,4}?(?:phóng viên|PV\b|P\.V|chúng tôi|TTXVN|VOV|báo chí|(?:ông|bà|bác sĩ|BS|TS|ThS|PGS|GS|luật sư|thứ trưởng|bộ trưởng|giám đốc|phó giám đốc|chủ tịch)[\s.])`)

// wordForm reads the form from words of headline and lead.
func (c *Classifier) wordForm(v *view) (string, string, news.Mention) {
	for _, s := range c.forms {
		if m, ok := v.first("form:" + s.ID); ok {
			if s.ID == "interview" && m.Where != news.Title && !ourTalk.MatchString(v.text(m.Where)[m.End:]) {
				continue
			}
			return s.ID, m.Rule, m
		}
	}
	return "", "", news.Mention{}
}

// part is the mark of a part of a series in a headline: "… – Bài 2: …",
// "Kỳ cuối: …"; "kỳ 2 năm 2026" is none, nor is "bài học".
var part = regexp.MustCompile(`(?:^|[-–—|:(.]\s*)(?:Bài|BÀI|Kỳ|KỲ|Kì|Phần|PHẦN|Tập)\s+(\d{1,2}|cuối|CUỐI)\s*(?:[:.)–—-]|$)`)

// loat is how a lead names a series.
var loat = regexp.MustCompile(`(?:[Ll]oạt bài|[Tt]uyến bài|[Vv]ệt bài)(?: viết| phóng sự)?:?\s*["“‘']([^"”’'“‘]{3,120})["”’']`)

// prize stands before a series that won one: another's, or an earlier one.
var prize = regexp.MustCompile(`(?i)đoạt giải|trao giải|giải (?:nhất|nhì|ba|a|b|c|đặc biệt|khuyến khích)(?:\s|[,.])`)

// series tells of which series a text is a part.
func (c *Classifier) series(v *view, r *news.Reading) {
	var t tally
	s := news.Series{}
	if at := part.FindStringSubmatchIndex(v.a.Title); at != nil {
		s.Part = news.Last
		if n, err := strconv.Atoi(v.a.Title[at[2]:at[3]]); err == nil {
			s.Part = n
		}
		s.Name = strings.Trim(v.a.Title[:at[0]], " -–—|:(.\"“”")
		t.add(1, "số thứ tự trong tiêu đề", news.Mention{Where: news.Title, Quote: v.a.Title[at[0]:at[1]]})
	}
	for _, p := range []news.Part{news.Lead, news.Body} {
		if at := loat.FindStringSubmatchIndex(v.text(p)); s.Name == "" && at != nil && !prize.MatchString(v.text(p)[:at[0]]) {
			s.Name = v.text(p)[at[2]:at[3]]
			t.add(1, "bài nêu tên loạt bài", news.Mention{Where: p, Quote: v.text(p)[at[0]:at[1]]})
		}
	}
	if len(t.reasons) == 0 {
		return
	}
	r.Series = s
	r.Verdicts["series"] = t.verdict(told(s), 0.9)
}

// told says which part of which series it is.
func told(s news.Series) string {
	switch {
	case s.Part == news.Last:
		return strings.TrimSpace(s.Name + " (bài cuối)")
	case s.Part > 0:
		return strings.TrimSpace(s.Name + " (bài " + strconv.Itoa(s.Part) + ")")
	}
	return s.Name
}
