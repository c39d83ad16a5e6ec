package news

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var portals = Rules{
	Keys: []KeyRule{{Host: "portal.example", Params: []string{"ItemID"}}},
	Numbers: []NumberRule{
		{Host: "bao-so.example", Number: regexp.MustCompile(`-(\d{5,})\.html$`)},
		{Host: "trang.bao-so.example", Number: regexp.MustCompile(`/(\d+)$`)},
	},
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"scheme, www and slash", "https://www.bao-a.example/tin/mot-2.html/", "bao-a.example/tin/mot-2.html"},
		{"mobile host", "http://m.bao-a.example/tin/mot-2.html", "bao-a.example/tin/mot-2.html"},
		{"amp host and path", "https://amp.bao-a.example/tin/mot-2/amp", "bao-a.example/tin/mot-2"},
		{"tracking", "https://bao-a.example/x?utm_source=zalo&fbclid=1&gidzl=2", "bao-a.example/x"},
		{"what is read stays", "https://bao-a.example/x?page=2&utm_medium=m&id=7", "bao-a.example/x?id=7&page=2"},
		{"fragment", "https://bao-a.example/x#binh-luan", "bao-a.example/x"},
		{"upper case host", "HTTPS://BAO-A.example:443/X", "bao-a.example/X"},
		{"a port is part of the host", "http://bao-a.localhost:8080/x", "bao-a.localhost:8080/x"},
		{"portal by key", "https://portal.example/tin/Pages/bhyt.aspx?CateID=169&ItemID=26712&OtItem=date", "portal.example/tin/pages/bhyt.aspx?itemid=26712"},
		{"portal, other order and alias", "http://portal.example/tin/Pages/bhyt.aspx?ItemID=26712&CateID=0", "portal.example/tin/pages/bhyt.aspx?itemid=26712"},
		{"below the portal", "https://hanoi.portal.example/tin/Pages/a.aspx?itemid=3", "hanoi.portal.example/tin/pages/a.aspx?itemid=3"},
		{"portal list page keeps its query", "https://portal.example/tin?CateID=1", "portal.example/tin?CateID=1"},
		{"number", "https://bao-so.example/ten-cu-4933652.html", "bao-so.example#4933652"},
		{"number, after an edit of the title", "http://m.bao-so.example/muc/ten-moi-4933652.html?utm_source=zalo", "bao-so.example#4933652"},
		{"number on an amp page", "https://amp.bao-so.example/ten-cu-4933652.html/amp", "bao-so.example#4933652"},
		{"another edition counts for itself", "https://en.bao-so.example/name-4933652.html", "en.bao-so.example#4933652"},
		{"the nearest host has the rule", "https://trang.bao-so.example/ten-4933652.html", "trang.bao-so.example/ten-4933652.html"},
		{"no number", "https://bao-so.example/chuyen-muc/y-te.html", "bao-so.example/chuyen-muc/y-te.html"},
		{"a year is no number", "https://bao-so.example/tong-ket-2025.html", "bao-so.example/tong-ket-2025.html"},
		{"not an address", "  không phải địa chỉ ", "không phải địa chỉ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Canonical(c.raw, portals); got != c.want {
				t.Errorf("Canonical(%q) = %q, want %q", c.raw, got, c.want)
			}
		})
	}
}

func TestIDFollowsFromTheCanonicalAddress(t *testing.T) {
	a := ID(Canonical("https://www.bao-a.example/x?utm_source=z", Rules{}))
	b := ID(Canonical("http://bao-a.example/x", Rules{}))
	if a != b || len(a) != 16 {
		t.Errorf("one article has the ids %q and %q", a, b)
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"https://a.example/x?b=1", "http://[::1]:80/", "://", "https://portal.example/?ItemID=%zz", "http://a\x00b/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		Canonical(raw, Rules{}) // answers for any bytes at all
		if id := ID(Canonical(raw, portals)); len(id) != 16 {
			t.Errorf("ID of %q is %q", raw, id)
		}
		if host := Host(raw); host != "" && strings.ContainsAny(host, "/?#") {
			t.Errorf("Host(%q) = %q holds more than a host", raw, host)
		}
	})
}

func TestVersionFollowsTheRules(t *testing.T) {
	turned := Rules{Keys: portals.Keys, Numbers: []NumberRule{portals.Numbers[1], portals.Numbers[0]}}
	if turned.Version() != portals.Version() {
		t.Error("the order of the rules must not matter")
	}
	if (Rules{Keys: portals.Keys}).Version() == portals.Version() {
		t.Error("fewer rules, the same version")
	}
}

func TestLearnNumber(t *testing.T) {
	many := func(n int, f func(i int) string) []string {
		var out []string
		for i := range n {
			out = append(out, "https://bao.example/"+f(i))
		}
		return out
	}
	for _, c := range []struct {
		name string
		urls []string
		want string
	}{
		{"a number", many(30, func(i int) string { return fmt.Sprintf("muc/bai-so-%d-%d.html", i, 4933600+i) }), `[-.](\d{5,7})\.[a-z]{3,5}$`},
		{"a stamp", many(30, func(i int) string { return fmt.Sprintf("bai-%d-202508071239%05d.htm", i, i) }), `-(\d{14,20})\.(?:html?|chn)$`},
		{"post", many(30, func(i int) string { return fmt.Sprintf("bai-%d-post%d.tpo", i, 1800+i) }), `-post(\d{3,})\.[a-z]+$`},
		{"one list page among them", append(many(30, func(i int) string { return fmt.Sprintf("bai-%d-a%d.html", i, 1800+i) }), "https://bao.example/y-te"), `-a(\d{3,})\.html?$`},
		{"a date is none", many(30, func(i int) string { return fmt.Sprintf("bai-%d-250807.html", i) }), ""},
		{"too few", many(5, func(i int) string { return fmt.Sprintf("bai-%d-%d.html", i, 4933600+i) }), ""},
		{"words", many(30, func(i int) string { return fmt.Sprintf("bai-so-%d.html", i) }), ""},
		{"mixed", append(many(15, func(i int) string { return fmt.Sprintf("bai-%d-%d.html", i, 4933600+i) }), many(15, func(i int) string { return fmt.Sprintf("bai-%d", i) })...), ""},
		{"no addresses", []string{"", "x"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if re := LearnNumber(c.urls); re != nil {
				got = re.String()
			}
			if got != c.want {
				t.Errorf("learned %q, want %q", got, c.want)
			}
		})
	}
}
