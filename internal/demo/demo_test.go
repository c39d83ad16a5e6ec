package demo

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func open(t testing.TB) *Press {
	t.Helper()
	p, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheWeekIsWhole(t *testing.T) {
	p := open(t)
	articles := p.Articles()
	if len(articles) < 150 {
		t.Errorf("the week has %d articles, want 150 or more", len(articles))
	}
	kinds := map[string]int{}
	for _, paper := range p.Papers() {
		kinds[paper.Kind+" "+paper.Level]++
	}
	for kind, least := range map[string]int{"press central": 3, "press local": 3, "agency-portal central": 1, "magazine central": 1, "provincial-portal local": 1} {
		if kinds[kind] < least {
			t.Errorf("%d outlets are %s, want %d", kinds[kind], kind, least)
		}
	}
	seen := map[string]*Article{}
	for _, a := range articles {
		if other := seen[p.URL(a, 80)]; other != nil {
			t.Errorf("%s and %s have one address, %s", a, other, p.URL(a, 80))
		}
		seen[p.URL(a, 80)] = a
		for _, v := range a.Versions {
			if v.At.Before(p.Start()) || !v.At.Before(p.End()) {
				t.Errorf("%s appears at %s, outside the week", a, v.At)
			}
		}
	}
}

// A text without marks, not in NFC, or with a letter of another script would
// be a slip of the writer.
func TestTextsAreVietnamese(t *testing.T) {
	for _, a := range open(t).Articles() {
		for _, v := range a.Versions {
			for _, text := range append([]string{v.Title, v.Lead}, v.Paragraphs...) {
				if !norm.NFC.IsNormalString(text) {
					t.Errorf("%s is not NFC: %q", a, text)
				}
				if norm.NFD.String(text) == text {
					t.Errorf("%s has no marks: %q", a, text)
				}
				for _, r := range text {
					if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
						t.Errorf("%s has a letter that is not Latin, %q: %q", a, r, text)
					}
				}
			}
		}
	}
}

func TestGoldIsOfTheGuideline(t *testing.T) {
	values := map[string][]string{
		"about": {"bhxh", "bhyt", "bhtn"},
		"tone":  {"negative", "neutral", "positive"},
		"role":  {"blamed", "enforcer", "victim", "informant", "none"},
	}
	check := func(a *Article, axis, value string) {
		for _, v := range values[axis] {
			if v == value {
				return
			}
		}
		t.Errorf("%s: %s is %q, want one of %v", a, axis, value, values[axis])
	}
	for _, a := range open(t).Articles() {
		for _, id := range a.About {
			check(a, "about", id)
		}
		if a.Relevant() {
			check(a, "tone", a.Tone)
			check(a, "role", a.Role)
			if named := agency.MatchString(a.text()); a.Role != "none" && !named {
				t.Errorf("%s: the agency is %s, and nowhere named", a, a.Role)
			}
		} else if a.Tone != "" || a.Role != "" || a.Story != "" {
			t.Errorf("%s is not relevant, yet has a tone, a role or a story", a)
		}
	}
}

// agency is how the texts name the agency and its offices.
var agency = regexp.MustCompile(`(?i)BHXH (Việt Nam|tỉnh|các tỉnh|cơ sở|Nghệ An|Đắk Lắk|An Giang|Hải Phòng)|(cơ quan|nhân viên|cán bộ) (BHXH|bảo hiểm xã hội)|(BHXH|bảo hiểm xã hội) cơ sở`)

// text is all an article says, in its last version.
func (a *Article) text() string {
	v := a.Versions[len(a.Versions)-1]
	return strings.Join(append([]string{v.Title, v.Lead}, v.Paragraphs...), "\n")
}

// The crisis is a crisis (several papers blame the agency within hours) and
// the burst is a burst (many papers at once, none of them angry).
func TestCrisisAndBurst(t *testing.T) {
	blaming, burst := map[string]bool{}, map[string]bool{}
	p := open(t)
	var first, third Version
	for _, a := range p.Articles() {
		switch {
		case a.Story == "phu-lam" && a.Tone == "negative" && a.Role == "blamed":
			if len(blaming) == 0 {
				first = a.Versions[0]
			}
			if blaming[a.Outlet] = true; len(blaming) == 3 && third.At.IsZero() {
				third = a.Versions[0]
			}
		case a.Story == "tang-luong-huu":
			burst[a.Outlet] = true
			if a.Tone == "negative" {
				t.Errorf("%s belongs to the benign burst and is negative", a)
			}
		}
	}
	if len(blaming) < 5 {
		t.Errorf("%d outlets blame the agency, want 5 or more", len(blaming))
	}
	if wait := third.At.Sub(first.At); wait <= 0 || wait.Hours() > 6 {
		t.Errorf("the third paper follows %v after the first, want within 6 h", wait)
	}
	if len(burst) < 7 {
		t.Errorf("%d outlets carry the benign burst, want 7 or more", len(burst))
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	head := "name: Báo Thử\nhost: thu.localhost\nlook: toa-soan\n\n"
	text := "title: Tựa\nlead: Sapo\nkind: event\n\nMột đoạn.\n"
	for name, c := range map[string]struct{ file, want string }{
		"unknown particular": {"colour: đỏ\n", `demo: press/thu.txtar: a paper has no "colour"`},
		"part without slug":  {head + "-- 06 07:00 --\n" + text, `demo: press/thu.txtar: "06 07:00": a part is named "07 08:15 slug"`},
		"impossible hour":    {head + "-- 06 25:00 bai --\n" + text, `demo: press/thu.txtar: "06 25:00 bai": "06 25:00" is not a time of the week; write it as "07 08:15"`},
		"unknown header":     {head + "-- 06 07:00 bai --\ncolor: x\n" + text, `demo: press/thu.txtar: "06 07:00 bai": a text has no "color"`},
		"no lead":            {head + "-- 06 07:00 bai --\ntitle: Tựa\nkind: event\n\nĐoạn.\n", `demo: press/thu.txtar: "06 07:00 bai": a text needs a title and a lead`},
		"copy of nothing":    {head + "-- 06 07:00 bai --\ncopy: thu/khac\n" + text, `demo: thu/bai copies "thu/khac", which nobody printed`},
	} {
		_, err := read(fstest.MapFS{"press/thu.txtar": {Data: []byte(c.file)}}, "press")
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, c.want)
		}
	}
}
