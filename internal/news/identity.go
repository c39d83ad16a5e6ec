package news

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"sort"
	"strings"
)

// KeyRule says which query parameters make the identity of a page on a host
// and all hosts below it. The agency's portals are such hosts: their pages are
// `….aspx?CateID=169&ItemID=26712`, and ItemID alone names the article.
type KeyRule struct {
	Host   string   // e.g. "baohiemxahoi.gov.vn"
	Params []string // in the order they stand in the canonical form; compared without case
}

// NumberRule says how the content system of a host and of all hosts below it
// numbers its articles: `…/ten-bai-cu-4933652.html` and, after the editors
// changed the title, `…/ten-bai-moi-4933652.html` are one article.
type NumberRule struct {
	Host   string
	Number *regexp.Regexp // over the path; its first group is the number
}

// Rules is how addresses become identities.
type Rules struct {
	Keys    []KeyRule
	Numbers []NumberRule
}

// scheme counts the changes of Canonical itself; see Rules.Version.
const scheme = 2

// Version names how addresses become identities: by this code and these rules.
// An archive remembers it, for under another one a known article may have
// another canonical address.
func (r Rules) Version() string {
	all := []string{fmt.Sprintf("scheme %d", scheme)}
	for _, k := range r.Keys {
		all = append(all, k.Host+" ?"+strings.ToLower(strings.Join(k.Params, "&")))
	}
	for _, n := range r.Numbers {
		all = append(all, n.Host+" #"+n.Number.String())
	}
	sort.Strings(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return hex.EncodeToString(sum[:6])
}

// tracking lists query parameters that say how a reader came, not what is read.
var tracking = map[string]bool{
	"fbclid": true, "gclid": true, "dclid": true, "msclkid": true, "igshid": true, "zarsrc": true, "zalo": true,
	"gidzl": true, "mc_cid": true, "mc_eid": true, "ref": true, "ref_src": true, "source": true, "src": true,
	"from": true, "share": true, "amp": true, "cmpid": true, "vn_source": true, "vn_medium": true,
	"vn_campaign": true, "vn_term": true, "_ga": true, "gi": true, "rss": true, "_gl": true, "wbraid": true, "gbraid": true,
	"ttclid": true, "twclid": true, "yclid": true, "mibextid": true, "sfnsn": true, "spm": true,
}

// Canonical returns the identity of the page at raw: host without "www.",
// "m." and "amp.", path without a trailing slash, no scheme, no fragment, no
// tracking parameters, the rest of the query in order; for a host with a
// KeyRule the path's page and the named parameters alone, for one with a
// NumberRule host#number. An address that cannot be parsed or has no host is
// its own identity, trimmed.
func Canonical(raw string, rules Rules) string {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	host := bareHost(u)
	path := strings.TrimRight(u.EscapedPath(), "/")
	if k, ok := rules.key(host); ok {
		if q := pick(u.Query(), k.Params); q != "" {
			return host + strings.ToLower(path) + "?" + q
		}
	}
	path = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(path, "/amp"), ".amp"), "/")
	if n := rules.number(host, path); n != "" {
		return host + "#" + n
	}
	q := u.Query()
	for name := range q {
		if l := strings.ToLower(name); tracking[l] || strings.HasPrefix(l, "utm_") {
			delete(q, name)
		}
	}
	if len(q) == 0 {
		return host + path
	}
	return host + path + "?" + q.Encode()
}

// ID returns the article id that belongs to a canonical identity: 64 bits of
// its SHA-256 as 16 hexadecimal digits.
func ID(canonical string) string {
	sum := sha256.Sum256([]byte(canonical))
	return hex.EncodeToString(sum[:8])
}

// Host returns the host of an address in lower case, without "www.", "m.",
// "amp." and default ports; empty where there is none.
func Host(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	return bareHost(u)
}

func bareHost(u *url.URL) string {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, p := range []string{"www.", "m.", "amp.", "mobile."} {
		if rest, ok := strings.CutPrefix(host, p); ok && strings.Contains(rest, ".") {
			host = rest
			break
		}
	}
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	return host
}

func (r Rules) key(host string) (KeyRule, bool) {
	name, _, _ := strings.Cut(host, ":")
	for _, k := range r.Keys {
		if name == k.Host || strings.HasSuffix(name, "."+k.Host) || host == k.Host {
			return k, true
		}
	}
	return KeyRule{}, false
}

// number returns the article's number on a host, by the rule of the nearest
// host above it; empty where there is none.
func (r Rules) number(host, path string) string {
	name, _, _ := strings.Cut(host, ":")
	var rule NumberRule
	for _, n := range r.Numbers {
		if len(n.Host) > len(rule.Host) && (name == n.Host || strings.HasSuffix(name, "."+n.Host)) {
			rule = n
		}
	}
	if rule.Number == nil {
		return ""
	}
	m := rule.Number.FindStringSubmatch(path)
	if len(m) < 2 {
		return ""
	}
	return m[1]
}

// pick returns the named parameters of q as an ordered query; empty where one
// of them is missing, for then they do not name the page.
func pick(q url.Values, names []string) string {
	lower := map[string]string{}
	for name, v := range q {
		if len(v) > 0 {
			lower[strings.ToLower(name)] = v[0]
		}
	}
	var parts []string
	for _, n := range names {
		v := lower[strings.ToLower(n)]
		if v == "" {
			return ""
		}
		parts = append(parts, strings.ToLower(n)+"="+url.QueryEscape(v))
	}
	sort.Strings(parts)
	return strings.Join(parts, "&")
}
