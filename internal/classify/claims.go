package classify

import (
	"regexp"
	"slices"
	"strings"

	"diembao/internal/news"
	"diembao/internal/vi"
)

const (
	mostClaims = 12
	leastMoney = 1e9 // đồng; less is what one person gets or pays
	mostWords  = 12  // of what a figure counts
)

// figure is a number and, where it is one of a hundred, its sign.
var figure = regexp.MustCompile(`(?:^|[^\p{L}\p{N}/.,-])` + written + `(\s?%)?`)

// claims finds the figures a text claims of the insurances: "95,15% dân số
// tham gia BHYT". A level that a rule sets ("hưởng 80%") is no claim.
func (c *Classifier) claims(v *view, r *news.Reading) {
	var t tally
	var names []string
	for _, part := range []news.Part{news.Title, news.Lead, news.Body} {
		for _, s := range v.ownSentences(part) {
			for _, claim := range v.claimsIn(part, s) {
				if len(r.Claims) == mostClaims || slices.ContainsFunc(r.Claims, func(k news.Claim) bool { return k.Number == claim.Number && k.Unit == claim.Unit }) {
					continue
				}
				r.Claims = append(r.Claims, claim)
				names = append(names, strings.TrimSpace(claim.Written+" "+claim.Of))
				t.reasons = append(t.reasons, news.Reason{Rule: "con số về bảo hiểm: " + claim.Written, Where: part, Quote: claim.Quote, Weight: 1})
			}
		}
	}
	if len(names) > 0 {
		r.Verdicts["claims"] = t.verdict(names, 0.75)
	}
}

// ownSentences are the sentences of a part that name an insurance.
func (v *view) ownSentences(part news.Part) []vi.Span {
	var out []vi.Span
	for _, m := range v.all {
		if m.Where != part || !slices.Contains(anchors, m.What) {
			continue
		}
		if len(out) == 0 || out[len(out)-1].End <= m.Start {
			out = append(out, v.sentence(m))
		}
	}
	return out
}

func (v *view) claimsIn(part news.Part, s vi.Span) []news.Claim {
	var out []news.Claim
	text := v.text(part)
	for _, at := range figure.FindAllStringSubmatchIndex(text[s.Start:s.End], -1) {
		digits, word := text[s.Start+at[2]:s.Start+at[3]], ""
		if at[4] >= 0 {
			word = text[s.Start+at[4] : s.Start+at[5]]
		}
		number := vi.Span{Start: s.Start + at[2], End: s.Start + at[1]}
		unit, end := "%", number.End
		if at[6] < 0 {
			unit, end = v.unitAfter(part, number.End)
		}
		x := value(digits, word)
		of := counted(text, s, number, end)
		if of == "" || aimed(text[s.Start:number.Start], text[end:s.End]) || unit == "%" && !shares(text[s.Start:number.Start], text[end:s.End]) {
			continue
		}
		if unit == "" || unit == "đồng" && x < leastMoney || v.ruled(part, s, number, unit, end) || unit != "%" && (!v.whole(part, s, number) || v.gathers(part, s)) {
			continue
		}
		out = append(out, news.Claim{Number: x, Written: strings.Join(strings.Fields(text[number.Start:end]), " "), Unit: unit,
			Of: of, Where: part, Quote: shown(text[s.Start:s.End])})
	}
	return out
}

// Words around a number that make it none that was reached: a target, the
// threshold of a law.
var (
	target    = regexp.MustCompile(`(?i)(?:phấn đấu|chỉ tiêu|mục tiêu|đặt ra|giao|hướng tới|dự kiến đạt|tối thiểu|ít nhất)(?:\s+\S+){0,6}\s*$`)
	threshold = regexp.MustCompile(`^(?:\s+\S+){0,2}\s+(?:trở lên|trở xuống|trở đi)`)
)

func aimed(before, after string) bool {
	return target.MatchString(before) || threshold.MatchString(after)
}

// A share of a hundred is claimed of a whole that is named beside it; what the
// rules pay or take is a share, too, and stands beside other words.
var (
	reached = regexp.MustCompile(`(?i)(?:bao phủ|tham gia|chiếm|kế hoạch|cùng kỳ|tỉ lệ nợ|tỷ lệ nợ|tỷ lệ hài lòng|so với năm|hoàn thành|giải ngân)(?:\s+\S+){0,6}\s*$`)
	named   = regexp.MustCompile(`^\s+(?:trong\s+)?(?:tổng|dân số|số|người|lực lượng|lao động|học sinh|sinh viên|hộ|cơ sở|doanh nghiệp|đơn vị|trường hợp|hồ sơ|bệnh nhân|công nhân|quỹ|kế hoạch|so với|bệnh viện|trường|xã|phường|thẻ|phụ nữ|trẻ em|cử tri|đại biểu|ý kiến|chi phí|giao dịch)(?:\s|[,.;)]|$)`)
	scale   = regexp.MustCompile(`(?i)(?:mức hưởng|tỷ lệ hưởng|tỉ lệ hưởng|tính bằng|tính thêm|cộng thêm|tỷ lệ điều chỉnh|hệ số|năm đóng|mỗi năm|quy định|vốn|lương cơ sở|doanh thu|giá dịch vụ|chỉ cần|sẽ tăng|nghỉ hưu trước|suy giảm|khấu trừ|mức tối đa|mức lương)(?:\s+\S+){0,12}\s*$`)
)

func shares(before, after string) bool {
	return !scale.MatchString(before) && !strings.HasPrefix(strings.TrimSpace(after), "vốn") && (reached.MatchString(before) || named.MatchString(after))
}

// unitAfter is what a number counts, right behind it: the longest that is known.
func (v *view) unitAfter(part news.Part, end int) (string, int) {
	best := news.Mention{}
	for _, m := range v.inside("cue:counted", part, vi.Span{Start: end, End: min(end+64, len(v.text(part)))}) {
		if strings.TrimSpace(v.text(part)[end:m.Start]) == "" && m.End > best.End {
			best = m
		}
	}
	if best.End == 0 {
		return "", end
	}
	return v.written(best), best.End
}

// ruled reports whether a number is a level set by a rule: words of a rule
// stand before it, of a share of a hundred also some way off or behind it
// ("100% mức đóng", "80% cho người …").
func (v *view) ruled(part news.Part, s, number vi.Span, unit string, end int) bool {
	far := 2
	if unit == "%" {
		far = 10
		next := strings.Fields(v.text(part)[end:s.End])
		if len(next) > 0 && slices.Contains([]string{"cho", "mức", "chi", "khi", "thay", "lên", "như", "tiền", "lương", "mệnh"}, next[0]) {
			return true
		}
	}
	for _, m := range v.inside("cue:rate", part, vi.Span{Start: s.Start, End: number.Start}) {
		if len(strings.Fields(v.text(part)[m.End:number.Start])) <= far {
			return true
		}
	}
	return false
}

// gathers reports whether a sentence tells of an event: its numbers are of
// those who came.
func (v *view) gathers(part news.Part, s vi.Span) bool {
	return slices.ContainsFunc(v.all, func(m news.Mention) bool {
		return m.Where == part && m.Start >= s.Start && m.End <= s.End && strings.HasPrefix(m.What, "event:")
	})
}

// whole reports whether a number is no day, year, article of a law.
func (v *view) whole(part news.Part, s, number vi.Span) bool {
	words := strings.Fields(strings.ToLower(v.text(part)[s.Start:number.Start]))
	if len(words) == 0 {
		return true
	}
	return !slices.Contains([]string{"ngày", "tháng", "năm", "điều", "khoản", "số", "quý", "thứ", "kỳ", "bài", "nghị", "định", "luật"}, words[len(words)-1])
}

// clause ends a clause: a sign with white space behind it, so that neither
// "TP.HCM" nor "700.000" is cut.
var clause = regexp.MustCompile(`[,;:.!?](?:\s|$)|[()“”"\n]`)

// insurances are the short names of the three insurances.
var insurances = map[string]bool{"BHXH": true, "BHYT": true, "BHTN": true}

// leastOf is how many words tell what a figure counts.
const leastOf = 4

// bared is what stands before a figure without the words that only lead to it.
func bared(before string) []string {
	words := strings.Fields(before)
	for len(words) > 0 && slices.Contains([]string{"đạt", "là", "gần", "hơn", "trên", "khoảng", "lên", "tới", "đến", "còn", "xấp", "xỉ", "có", "đang", "hiện", "chiếm", "tăng", "giảm", "với"}, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return words
}

// goesOn are words behind a figure that tell of something else than what it counts.
var goesOn = []string{"năm", "tháng", "quý", "ngày", "và", "nhưng", "trong", "vào", "từ", "đến", "so", "tăng", "giảm", "là"}

// counted is what a figure is of: the words after it, or, where the clause
// ends there, those before it ("tỷ lệ bao phủ BHYT đạt 95,15%").
func counted(text string, s, number vi.Span, end int) string {
	after := text[end:s.End]
	if i := clause.FindStringIndex(after); i != nil {
		after = after[:i[0]]
	}
	if words := strings.Fields(after); (len(words) > 1 || len(words) == 1 && insurances[strings.ToUpper(words[0])]) && !slices.Contains(goesOn, strings.ToLower(words[0])) {
		return strings.Join(words[:min(len(words), mostWords)], " ")
	}
	before := text[s.Start:number.Start]
	if all := clause.FindAllStringIndex(strings.TrimRight(before, " "), -1); len(all) > 0 {
		before = before[all[len(all)-1][1]:]
	}
	words := bared(before)
	if len(words) < leastOf { // the clause says little: "cả nước có"
		words = bared(text[s.Start:number.Start])
	}
	return strings.Join(words[max(0, len(words)-mostWords):], " ")
}
