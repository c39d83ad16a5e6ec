package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"diembao/config"
)

//go:embed drill/*/*.txtar
var drills embed.FS

// Drills are the kinds of synthetic crisis there are.
func Drills() ([]string, error) {
	folders, err := fs.ReadDir(drills, "drill")
	if err != nil {
		return nil, fmt.Errorf("demo: list the drills: %w", err)
	}
	var kinds []string
	for _, f := range folders {
		kinds = append(kinds, f.Name())
	}
	return kinds, nil
}

// Drill is the press of a synthetic crisis of a kind, whose last article comes
// out at a time.
func Drill(kind string, at time.Time) (*Press, error) {
	kinds, err := Drills()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(kinds, kind) {
		return nil, fmt.Errorf("there is no drill %q; the drills are %v", kind, kinds)
	}
	p, err := read(drills, "drill/"+kind)
	if err != nil {
		return nil, err
	}
	all := p.Articles()
	later := at.Sub(all[len(all)-1].Published())
	for _, a := range all {
		for i := range a.Versions {
			a.Versions[i].At = a.Versions[i].At.Add(later)
		}
	}
	return p, nil
}

// Outlets are the papers as an installation knows outlets, on a press that
// listens on port; their word is trusted.
func (p *Press) Outlets(port int) ([]config.Outlet, error) {
	var out []config.Outlet
	for _, paper := range p.papers {
		text, err := yaml.Marshal(paper.entry(port))
		if err != nil {
			return nil, fmt.Errorf("demo: write the outlet %s: %w", paper.ID, err)
		}
		o := config.Outlet{Language: "vi"}
		if err := yaml.Unmarshal(text, &o); err != nil {
			return nil, fmt.Errorf("demo: read the outlet %s: %w", paper.ID, err)
		}
		o.Trusted = true
		out = append(out, o)
	}
	return out, nil
}
