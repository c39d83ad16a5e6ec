package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"diembao/config"
)

// overlay is the part of a configuration file that the demo writes; the keys
// are those of config.Site and config.Outlet.
type overlay struct {
	Name    string       `yaml:"name"`
	Contact string       `yaml:"contact"`
	Fetch   overlayFetch `yaml:"fetch"`
	Mail    overlayMail  `yaml:"mail"`
	Jobs    []overlayJob `yaml:"jobs"`
	Outlets []any        `yaml:"outlets"`
}

type overlayFetch struct {
	Allow   []string `yaml:"allow"`
	Pace    string   `yaml:"pace"`
	Timeout string   `yaml:"timeout"`
}

type overlayMail struct {
	From    string   `yaml:"from"`
	Alerts  []string `yaml:"alerts"`
	Reports []string `yaml:"reports"`
	Folder  string   `yaml:"folder"`
}

type overlayJob struct {
	ID       string `yaml:"id"`
	Do       string `yaml:"do"`
	Schedule string `yaml:"schedule"`
}

type silenced struct {
	ID string `yaml:"id"`
	On bool   `yaml:"on"`
}

type overlayOutlet struct {
	ID            string          `yaml:"id"`
	Name          string          `yaml:"name"`
	GoverningBody string          `yaml:"governing_body"`
	Licence       string          `yaml:"licence"`
	Level         string          `yaml:"level"`
	LevelVerified bool            `yaml:"level_verified"`
	Reach         string          `yaml:"reach"`
	Kind          string          `yaml:"kind"`
	Province      string          `yaml:"province,omitempty"`
	Domains       []overlayDomain `yaml:"domains"`
	Feeds         []overlaySource `yaml:"feeds,omitempty"`
	Sitemaps      []overlaySource `yaml:"sitemaps,omitempty"`
	Listings      []overlaySource `yaml:"listings,omitempty"`
	Layout        *overlayLayout  `yaml:"layout,omitempty"`
	KeyParams     []string        `yaml:"key_params,omitempty"`
	Schedule      string          `yaml:"schedule"`
	On            bool            `yaml:"on"`
	Proven        bool            `yaml:"proven"`
	Notes         string          `yaml:"notes"`
}

type overlayDomain struct {
	Host string `yaml:"host"`
}

type overlaySource struct {
	URL    string `yaml:"url"`
	Links  string `yaml:"links,omitempty"`
	Match  string `yaml:"match,omitempty"`
	Proven bool   `yaml:"proven"`
}

type overlayLayout struct {
	Title  string   `yaml:"title"`
	Lead   string   `yaml:"lead"`
	Body   string   `yaml:"body"`
	Author string   `yaml:"author"`
	Date   string   `yaml:"date"`
	Remove []string `yaml:"remove,omitempty"`
}

// layouts tells the selectors of the looks whose pages name nothing as others
// do; the general rules must do with the rest.
var layouts = map[string]*overlayLayout{
	"dia-phuong": {
		Title: ".tieu-de-bai h1", Lead: ".mo-ta .y-chinh", Body: "#noi-dung", Author: ".tac-gia", Date: ".ngay-gio",
		Remove: []string{".chu-thich"},
	},
	"cong": {
		Title: "#ctl00_lblTitle", Lead: ".art-intro", Body: ".art-content", Author: ".art-author", Date: "#ctl00_lblDate",
	},
}

// often is how often the demo works, by its own clock: about twice in a real
// second at the speed that plays the week in a minute.
const often = "@every 90m"

// Overlay returns the configuration file that turns an installation to the
// demo: the press on loopback at port is read every ninety minutes of its week, the outlets of
// the pack in real are switched off (nothing outside is asked), letters go to
// invented addresses and as .eml files into mail, a folder.
func (p *Press) Overlay(port int, mail string, real []config.Outlet) ([]byte, error) {
	o := overlay{
		Name:    "Điểm Báo (bản trình diễn)",
		Contact: "mailto:trinh-dien@diembao.localhost",
		Fetch: overlayFetch{
			Allow:   []string{fmt.Sprintf("127.0.0.1:%d", port)},
			Pace:    time.Millisecond.String(),
			Timeout: (5 * time.Second).String(),
		},
		Mail: overlayMail{
			From:    "diembao@diembao.localhost",
			Alerts:  []string{"truc-truyen-thong@diembao.localhost"},
			Reports: []string{"lanh-dao@diembao.localhost"},
			Folder:  mail,
		},
	}
	for _, do := range []string{"read", "shelve", "watch", "notify"} {
		o.Jobs = append(o.Jobs, overlayJob{do, do, often})
	}
	for _, r := range real {
		if r.On && !slices.ContainsFunc(p.papers, func(mine *Paper) bool { return mine.ID == r.ID }) {
			o.Outlets = append(o.Outlets, silenced{ID: r.ID})
		}
	}
	for _, paper := range p.papers {
		o.Outlets = append(o.Outlets, paper.entry(port))
	}
	text, err := yaml.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("demo: write the overlay: %w", err)
	}
	return text, nil
}

// entry is the paper as an outlet of the configuration.
func (p *Paper) entry(port int) overlayOutlet {
	out := overlayOutlet{
		ID: p.ID, Name: p.Name, GoverningBody: p.GoverningBody, Licence: p.Licence, Kind: p.Kind,
		Level: p.Level, LevelVerified: true, Reach: p.reach(), Province: p.Province,
		Domains: []overlayDomain{{p.Host}}, Layout: layouts[p.Look], Schedule: often, On: true, Proven: true,
		Notes: "Báo hư cấu của bản trình diễn.",
	}
	source := overlaySource{URL: fmt.Sprintf("http://%s:%d%s", p.Host, port, p.SourcePath()), Proven: true}
	switch p.Source {
	case "rss":
		out.Feeds = []overlaySource{source}
	case "sitemap":
		out.Sitemaps = []overlaySource{source}
	default:
		source.Links, source.Match = "a.tin-tieu-de", `^/20\d\d/\d\d/`
		if p.Look == "cong" {
			source.Links, source.Match = "a.news-title", `tin\.aspx`
		}
		out.Listings = []overlaySource{source}
	}
	if p.Look == "cong" {
		out.KeyParams = []string{"ItemID"}
	}
	return out
}

// reach is the level the paper is read at: its own, under the pack's words.
func (p *Paper) reach() string {
	if p.Level == "central" {
		return "national"
	}
	return "local"
}
