package demo

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// address gives every article the address its paper's software would give it,
// and remembers by which key a request finds it again.
func (p *Paper) address() {
	forbidden := disallowed(p.Robots)
	for i, a := range p.articles {
		v := a.Versions[0]
		switch p.Look {
		case "toa-soan":
			a.Path = fmt.Sprintf("/%s/%s-%s.htm", slug(v.Section), a.Slug, v.At.Format("0601021504"))
		case "nhat-bao":
			a.Path = fmt.Sprintf("/%s-post%d.html", a.Slug, 180400+i*7)
		case "dia-phuong":
			a.Path = fmt.Sprintf("/%s/%s/", v.At.Format("2006/01"), a.Slug)
		case "cong":
			a.Path, a.Alias = portalPaths(26700+i, i)
		}
		a.Kept = p.kept(a, forbidden)
		p.byKey[key(a.Path)] = a
	}
}

// kept says what keeps a polite crawler from an article for good.
func (p *Paper) kept(a *Article, forbidden []string) string {
	switch {
	case slices.ContainsFunc(forbidden, func(under string) bool { return strings.HasPrefix(a.Path, under) }):
		return "robots"
	case p.Gate:
		return "gate"
	case a.Gone.Equal(a.Published()):
		return "gone"
	}
	return ""
}

// disallowed is the path beginnings a robots.txt of the demo forbids; its
// files speak to every robot alike, so the Disallow lines are enough.
func disallowed(robots string) []string {
	var out []string
	for line := range strings.Lines(robots) {
		if path, ok := strings.CutPrefix(line, "Disallow:"); ok && strings.TrimSpace(path) != "" {
			out = append(out, strings.TrimSpace(path))
		}
	}
	return out
}

// portalPaths returns two of the addresses under which a portal's page is
// met: the parameters stand in any order, and category 0 is an alias of all.
func portalPaths(item, i int) (path, alias string) {
	orders := []string{
		"CateID=169&ItemID=%d&OtItem=date",
		"ItemID=%d&CateID=169&OtItem=date",
		"OtItem=date&CateID=169&ItemID=%d",
	}
	page := "/tintuc/Pages/tin.aspx?"
	return page + fmt.Sprintf(orders[i%len(orders)], item), page + fmt.Sprintf("CateID=0&ItemID=%d&OtItem=date", item)
}

// key is the identity of a page on its paper: the path, or a portal's ItemID.
func key(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if item := u.Query().Get("ItemID"); item != "" {
		return strings.ToLower(u.Path) + "?" + item
	}
	return u.Path
}

// slug writes a section's name as it stands in an address: "Y tế" → "y-te".
func slug(s string) string {
	s = strings.NewReplacer("đ", "d", "Đ", "d").Replace(s)
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == ' ' || r == '-':
			b.WriteByte('-')
		}
	}
	return b.String()
}
