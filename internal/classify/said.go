package classify

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"diembao/internal/news"
	"diembao/internal/vi"
)

const (
	mostSaid   = 8
	farOffice  = 220 // bytes between an office and the verb of saying
	mostOffice = 14  // words
	leastSaid  = 20  // bytes of a quotation
)

// person is a name with the form of address the press puts before it, or the
// two to five capitalised words right before a verb of saying.
var (
	person   = regexp.MustCompile(`(?:^|[\s,(–-])(?:[ÔôĐđ]ồng chí|[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Bb]ác sĩ|BS\.?|TS\.?|ThS\.?|PGS\.?|GS\.?)\s+((?:\p{Lu}[\p{L}.]*\s?){2,5})`)
	lastName = regexp.MustCompile(`(?:^|[^(\p{L}])((?:\p{Lu}\p{Ll}*\s+){1,4}\p{Lu}\p{Ll}*)\s*[,–-]?\s*(?:cũng|đã|vừa|tiếp tục|còn|đều)?\s*$`)
)

// said finds what officials are quoted with: an office, most often with a
// name, before a verb of saying, and the words after it.
func (c *Classifier) said(v *view, r *news.Reading) {
	var t tally
	var names []string
	for _, verb := range v.by["cue:saying"] {
		if verb.Where == news.Title || len(r.Said) == mostSaid {
			continue
		}
		s := v.sentence(verb)
		office, ok := v.officeBefore(verb, s)
		if !ok {
			continue
		}
		text := v.text(verb.Where)
		if heard.MatchString(text[s.Start:office.Start]) || strings.HasSuffix(strings.ToLower(strings.TrimRight(text[s.Start:verb.Start], " ")), " ban") {
			continue // they are spoken to; "ban chỉ đạo" says nothing
		}
		said := news.Said{Where: verb.Where, Quote: quoted(text, s, verb)}
		said.Who, said.Office = namedIn(text, s, office, verb)
		if said.Who == "" && object.MatchString(said.Office) {
			continue
		}
		if said.Quote == "" || said.Who == "" && !placed(said.Office) || slices.ContainsFunc(r.Said, func(k news.Said) bool { return k.Quote == said.Quote }) {
			continue
		}
		r.Said = append(r.Said, said)
		names = append(names, said.Name())
		t.reasons = append(t.reasons, news.Reason{Rule: "lời của " + said.Name(), Where: said.Where, Quote: said.Quote, Weight: 1})
	}
	if len(names) > 0 {
		r.Verdicts["said"] = t.verdict(unique(names), 0.75)
	}
}

// officeBefore is the office whose holder speaks: the first of the run of
// offices nearest before the verb in its sentence.
func (v *view) officeBefore(verb news.Mention, s vi.Span) (news.Mention, bool) {
	all := v.inside("cue:office", verb.Where, vi.Span{Start: max(s.Start, verb.Start-farOffice), End: verb.Start})
	for i := len(all) - 1; i >= 0; i-- {
		between := v.text(verb.Where)[all[i].End:verb.Start]
		first := len(v.inside("cue:saying", verb.Where, vi.Span{Start: all[i].End, End: verb.Start})) == 0
		if first && !strings.ContainsAny(between, ";:“”\"") {
			return all[i], true
		}
	}
	return news.Mention{}, false
}

// namedIn tells the person and the office between the beginning of a sentence
// and its verb of saying: "ông A, Giám đốc BHXH tỉnh B, cho biết" and "Giám đốc
// BHXH tỉnh B A cho biết".
func namedIn(text string, s vi.Span, office, verb news.Mention) (who, what string) {
	title := text[office.Start:verb.Start]
	if at := leading.FindStringIndex(title); at != nil {
		title = title[:at[0]]
	}
	if at := lastPerson(text[s.Start:verb.Start]); at != nil {
		who = strings.TrimSpace(text[s.Start+at[2] : s.Start+at[3]])
		if start := s.Start + at[0]; start > office.Start {
			title = text[office.Start:start]
		}
	} else if at := lastName.FindStringSubmatchIndex(title); at != nil && at[2] > 0 {
		if who = surnamed(title[at[2]:at[3]]); who != "" {
			title = title[:at[2]] + strings.TrimSuffix(title[at[2]:at[3]], who)
		}
	}
	if i := strings.IndexAny(title, ",;(–"); i > 0 {
		title = title[:i]
	}
	words := strings.Fields(title)
	what = strings.Trim(strings.Join(words[:min(len(words), mostOffice)], " "), " -–,")
	if !strings.Contains(what, "(") {
		what = strings.TrimSuffix(what, ")")
	}
	return who, what
}

// heard stands before an office whose holder is spoken to.
var heard = regexp.MustCompile(`(?i)(?:đối thoại với|làm việc với|gửi|báo cáo|trước|cùng với|kiến nghị|theo chỉ đạo của|yêu cầu của)\s*$`)

// object is an office of which something is told: "đại biểu Quốc hội về …".
var object = regexp.MustCompile(`\s(?:về|và|với|để|theo|của các)\s`)

// leading are the words that lead from a name to the verb of saying: "cũng",
// "đã ký văn bản".
var leading = regexp.MustCompile(`\s(?:cũng|cho|đã|vừa|còn|tiếp tục|ký|đều|từng|bức xúc|nêu|có ý kiến|phải|mới|lại)(?:\s|$)`)

// aside begins words that tell where and when something was said, not what.
var aside = regexp.MustCompile(`(?i)^(?:tại|trong|khi|chiều|sáng|tối|hôm|ngày|điều này|điều đó|việc này|thông tin này|như vậy|như thế|như trên|với|về|trước|bên lề|khai mạc|kết luận|chất vấn|trường hợp của|cao)(?:\s|[,.]|$)`)

// leastWords is how many words a quotation has at least: fewer are a turn of
// phrase within another's sentence.
const leastWords = 6

// surnames tell where a name begins in a run of words with capitals: "Bộ Y tế
// Trần Văn A", "tỉnh Cà Mau Lê Thị B".
var surnames = strings.Fields(`Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Trương Đinh Lâm Mai Tô Tạ Phùng Hà Cao Lưu Thái Châu Chu Tống Quách Kiều Doãn Lương Nông Hứa Triệu La Lò Giàng Vừ Ksor Nay Y H Uông Nghiêm Khuất Mạc Lục Thạch Sầm`)

// places are the provinces that begin as a name does: "tỉnh Hà Tĩnh Lê Thị B".
var places = []string{"Hà Nội", "Hà Nam", "Hà Tĩnh", "Hà Giang", "Thái Bình", "Thái Nguyên", "Cao Bằng", "Lâm Đồng"}

// surnamed is the name at the end of a run of words with capitals; empty where
// no surname begins one of two to five words.
func surnamed(run string) string {
	words := strings.Fields(run)
	for n := min(5, len(words)); n >= 2; n-- {
		first := words[len(words)-n]
		if n > 3 && slices.Contains(places, first+" "+words[len(words)-n+1]) {
			continue
		}
		if slices.Contains(surnames, first) {
			return strings.Join(words[len(words)-n:], " ")
		}
	}
	return ""
}

// placed reports whether an office without a name tells of which house it is.
func placed(office string) bool {
	_, rest, _ := strings.Cut(office, " ")
	return strings.IndexFunc(rest, unicode.IsUpper) >= 0
}

func lastPerson(s string) []int {
	all := person.FindAllStringSubmatchIndex(s, -1)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// quoted is what was said: the words in quotation marks after the verb, else
// the rest of its sentence.
func quoted(text string, s vi.Span, verb news.Mention) string {
	rest := text[verb.End:]
	if i := strings.IndexAny(rest, "“\""); i >= 0 && i <= max(s.End-verb.End, 4) {
		_, size := utf8.DecodeRuneInString(rest[i:])
		if j := strings.IndexAny(rest[i+size:], "”\""); j >= leastSaid && len(strings.Fields(rest[i+size:i+size+j])) >= leastWords {
			return shown(rest[i+size : i+size+j])
		}
	}
	tail := strings.TrimLeftFunc(text[verb.End:max(s.End, verb.End)], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",:;-–", r) })
	tail = strings.TrimPrefix(tail, "rằng ")
	if len(tail) < leastSaid || len(strings.Fields(tail)) < leastWords || aside.MatchString(tail) || strings.Contains(tail, "Ảnh:") || strings.Contains(tail, "ảnh:") {
		return ""
	}
	return shown(tail)
}
