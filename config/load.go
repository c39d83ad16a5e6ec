package config

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	_ "time/tzdata" // schedules name Asia/Ho_Chi_Minh, and not every machine has the zones
)

//go:embed *.yaml
var pack embed.FS

// files is the default pack in the order it is read.
var files = []string{"site.yaml", "provinces.yaml", "units.yaml", "outlets.yaml", "topics.yaml", "crisis.yaml", "wording.yaml", "report.yaml", "calendar.yaml", "handling.yaml"}

// source is one file and its text.
type source struct {
	name    string
	text    []byte
	overlay bool // laid over the pack by this installation
}

// document is what a file may hold: the keys of Site at the top, and the
// sections of the pack. Every file has this form, the pack's and the overlay.
type document struct {
	Site      *Site       `yaml:",inline"`
	Outlets   *[]Outlet   `yaml:"outlets"`
	Topics    *Topics     `yaml:"topics"`
	Provinces *[]Province `yaml:"provinces"`
	Units     *[]Unit     `yaml:"units"`
	Crisis    *Crisis     `yaml:"crisis"`
	Report    *Report     `yaml:"report"`
	Calendar  *Calendar   `yaml:"calendar"`
	Handling  *Handling   `yaml:"handling"`
}

// Default returns the embedded pack for Viet Nam.
func Default() (Pack, error) { return Load("") }

// Load returns the embedded pack with the file at overlay laid over it; an
// empty overlay is the pack alone. A file that cannot be read is an error,
// and everything wrong in it comes back together as Problems.
func Load(overlay string) (Pack, error) {
	sources, err := laid(overlay)
	if err != nil {
		return Pack{}, err
	}
	return build(sources)
}

// laid is the files of the default pack with the overlay, if any, as the last.
func laid(overlay string) ([]source, error) {
	sources, err := packed()
	if err != nil || overlay == "" {
		return sources, err
	}
	text, err := os.ReadFile(overlay)
	if err != nil {
		return nil, fmt.Errorf("read configuration %s: %w; name a file that can be read, or leave --config out", overlay, err)
	}
	return append(sources, source{overlay, text, true}), nil
}

// packed is the files of the default pack.
func packed() ([]source, error) {
	var out []source
	for _, name := range files {
		text, err := pack.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read embedded configuration %s: %w", name, err)
		}
		out = append(out, source{name, text, false})
	}
	return out, nil
}

// build lays the sources over each other and checks what comes out.
func build(sources []source) (Pack, error) {
	p, _, err := written(sources)
	return p, err
}

// written is build, and where each value stands.
func written(sources []source) (Pack, map[string]place, error) {
	var p Pack
	r := reader{places: map[string]place{}}
	hash := sha256.New()
	c := checker{pack: &p, places: r.places}
	for _, s := range sources {
		if s.overlay { // it may change weights, not add any
			c.factors, c.overlay = keysOf(p.Crisis.Weights), s.name
		}
		r.read(s.name, s.text, &document{&p.Site, &p.Outlets, &p.Topics, &p.Provinces, &p.Units, &p.Crisis, &p.Report, &p.Calendar, &p.Handling})
		fmt.Fprintf(hash, "%d\n%s", len(s.text), s.text)
	}
	fill(&p)
	c.known = r.problems.places()
	if err := append(r.problems, c.check()...).err(); err != nil {
		return Pack{}, nil, err
	}
	p.Version = hex.EncodeToString(hash.Sum(nil))[:12]
	return p, r.places, nil
}

// fill sets what an entry may leave out.
func fill(p *Pack) {
	for i := range p.Outlets {
		o := &p.Outlets[i]
		o.Language = orElse(o.Language, "vi")
		o.Schedule = orElse(o.Schedule, Learned)
		if o.Reach == "" {
			o.Reach = map[string]string{"central": "national", "local": "local"}[o.Level]
		}
	}
}

func orElse(s, def string) string {
	if s == "" {
		return def
	}
	return s
}
