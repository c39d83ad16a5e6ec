package config

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What must hold of the pack for Viet Nam, beyond what Load checks of any.

func TestTopics(t *testing.T) {
	want := []string{"policy_law", "arrears_evasion", "lump_sum", "pension", "social_pension", "voluntary_bhxh", "bhyt_coverage", "bhyt_claims", "drugs_supplies",
		"fund_fraud", "unemployment", "sickness_maternity_injury", "digital", "scam_impersonation", "inspection", "fund_finance", "organisation_people", "communication_csr"}
	p := standard(t)
	var got []string
	for _, topic := range p.Topics.Topics {
		got = append(got, topic.ID)
		if topic.Label == "" || topic.LabelEN == "" {
			t.Errorf("topic %s lacks a label", topic.ID)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("topics %v", got)
	}
}

func TestProvinces(t *testing.T) {
	p := standard(t)
	before, today := 0, map[string]bool{}
	for _, v := range p.Provinces {
		if v.From.IsZero() {
			before++
		}
		today[v.Current] = true
		if v.To.IsZero() != (v.Current == v.ID) {
			t.Errorf("%s stands until %v and is %s today", v.ID, v.To, v.Current)
		}
	}
	if before != 63 || len(today) != 34 {
		t.Errorf("%d provinces of before map to %d of today, want 63 and 34", before, len(today))
	}
	on := day(t, "2025-07-01")
	now := 0
	for _, v := range p.Provinces {
		if Covers(v.From, v.To, on) {
			now++
		}
	}
	if now != 34 {
		t.Errorf("%d provinces on 2025-07-01, want 34", now)
	}
}

// TestPlaces holds that a place settles one province.
func TestPlaces(t *testing.T) {
	of := map[string]string{}
	for _, v := range standard(t).Provinces {
		for _, name := range append(append([]string{v.Name}, v.Aliases...), v.Places...) {
			key := strings.ToLower(name)
			if of[key] != "" {
				t.Errorf("%q stands for %s and %s", name, of[key], v.ID)
			}
			of[key] = v.ID
		}
		for _, name := range v.Not {
			if of[strings.ToLower(name)] == v.ID {
				t.Errorf("%q is and is not %s", name, v.ID)
			}
		}
	}
}

func TestUnits(t *testing.T) {
	p := standard(t)
	count := func(kind, on string) (n int) {
		for _, u := range p.Units {
			if u.Kind == kind && Covers(u.From, u.To, day(t, on)) {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		kind, on string
		want     int
	}{
		{"province", "2025-02-28", 63}, {"region", "2025-02-28", 0},
		{"province", "2025-03-01", 0}, {"region", "2025-03-01", 35}, {"region", "2025-06-30", 35},
		{"province", "2025-07-01", 34}, {"region", "2025-07-01", 0}, {"centre", "2025-07-01", 1},
	} {
		if got := count(c.kind, c.on); got != c.want {
			t.Errorf("%d offices of kind %s on %s, want %d", got, c.kind, c.on, c.want)
		}
	}
	covered := map[string]int{}
	for _, u := range p.Units {
		if u.Kind == "province" && u.To.IsZero() {
			for _, a := range u.Area {
				covered[a]++
			}
		}
	}
	for _, v := range p.Provinces {
		if covered[v.ID] != 1 {
			t.Errorf("%s belongs to %d of today's offices", v.ID, covered[v.ID])
		}
	}
}

func TestOutlets(t *testing.T) {
	p := standard(t)
	proven := map[string]bool{"vnexpress": true, "thanhnien": true, "tuoitre": true}
	for _, o := range p.Outlets {
		if o.Proven != proven[o.ID] {
			t.Errorf("%s is marked proven: %v", o.ID, o.Proven)
		}
		if o.Kind == "aggregator" && (o.Licence != "trang-tong-hop" || o.Trusted) {
			t.Errorf("the aggregator %s counts as press", o.ID)
		}
		if o.On && !wellFormed(o) {
			t.Errorf("%s is on, and no source of it is an https address of its own", o.ID)
		}
		if len(o.Domains) == 0 {
			t.Errorf("%s has no domain", o.ID)
		}
	}
	for _, id := range []string{"tuoitre", "nld", "sggp", "plo"} {
		if o, _ := p.OutletByID(id); o.Level != "local" || o.Reach != "national" || o.Province != "tp-ho-chi-minh" {
			t.Errorf("%s is a paper of a body of the city: %+v", id, o)
		}
	}
}

// wellFormed reports whether all sources of an outlet are https addresses on
// its own hosts, at least one of them in use.
func wellFormed(o Outlet) bool {
	used := 0
	for _, s := range slices.Concat(o.Feeds, o.Sitemaps, o.Listings) {
		u, err := url.Parse(s.URL)
		own := err == nil && u.Scheme == "https" && slices.ContainsFunc(o.Domains, func(d Domain) bool { return under(bare(u.Host), d.Host) })
		if !own {
			return false
		}
		if !s.Off {
			used++
		}
	}
	return used > 0
}

// TestSuccession holds that predecessors and successors name each other and
// that a host does not fall out of the list when its paper ends.
func TestSuccession(t *testing.T) {
	p := standard(t)
	for _, o := range p.Outlets {
		for _, id := range o.Predecessor {
			if before, _ := p.OutletByID(id); before.Successor != o.ID {
				t.Errorf("%s follows %s, whose successor is %q", o.ID, id, before.Successor)
			}
		}
		if o.To.IsZero() {
			continue
		}
		for _, d := range o.Domains {
			if next, ok := p.OutletByHost(d.Host, o.To.AddDate(0, 0, 1)); !ok || next.ID != o.Successor {
				t.Errorf("%s is %q's after %s, want %q's", d.Host, next.ID, o.ID, o.Successor)
			}
		}
	}
}

func TestJobs(t *testing.T) {
	p := standard(t)
	var do []string
	for _, j := range p.Site.Jobs {
		do = append(do, j.Do)
	}
	for _, want := range []string{"read", "shelve", "watch", "notify", "report-weekly", "report-daily", "tidy"} {
		if !slices.Contains(do, want) {
			t.Errorf("no standing work does %s", want)
		}
	}
	if p.Site.Fetch.Pace.Seconds() < 2 {
		t.Errorf("the pack asks a host every %v", p.Site.Fetch.Pace)
	}
}

// TestReadable holds that the files of the pack open with an explanation.
func TestReadable(t *testing.T) {
	for _, name := range files {
		text, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s does not say what it is", name)
		}
	}
}

// Everything of the crisis rules that people read has a name in English too.
func TestCrisisSpeaksEnglish(t *testing.T) {
	pack, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, l := range pack.Crisis.Levels {
		said["level "+l.Name], said["means of "+l.Name] = l.NameEN, l.MeansEN
	}
	for _, x := range pack.Crisis.Threats {
		said["threat "+x.ID], _ = pack.Crisis.Threat(x.ID, "en")
		if said["threat "+x.ID] == x.Name {
			t.Errorf("threat %s has no name in English", x.ID)
		}
	}
	for _, x := range pack.Crisis.Kinds {
		said["kind "+x.ID] = x.NameEN
	}
	for _, x := range pack.Crisis.Types {
		said["type "+x.ID] = x.NameEN
	}
	for what, en := range said {
		if en == "" {
			t.Errorf("%s has no English", what)
		}
	}
}
