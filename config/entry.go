package config

import (
	"bytes"
	"fmt"

	"github.com/goccy/go-yaml"
)

// entry is an outlet as a person writes it: what is not said is left out.
type entry struct {
	ID            string      `yaml:"id"`
	Name          string      `yaml:"name"`
	GoverningBody string      `yaml:"governing_body,omitempty"`
	Licence       string      `yaml:"licence"`
	Level         string      `yaml:"level"`
	Kind          string      `yaml:"kind"`
	Province      string      `yaml:"province,omitempty"`
	Domains       []entryHost `yaml:"domains"`
	Feeds         []entryFeed `yaml:"feeds,omitempty"`
	Sitemaps      []entryFeed `yaml:"sitemaps,omitempty"`
	Listings      []entryFeed `yaml:"listings,omitempty"`
	Affixes       []string    `yaml:"affixes,omitempty"`
	Identity      string      `yaml:"identity,omitempty"`
	Schedule      string      `yaml:"schedule,omitempty"`
	On            bool        `yaml:"on"`
	Proven        bool        `yaml:"proven,omitempty"`
	Notes         string      `yaml:"notes,omitempty"`
}

type entryHost struct {
	Host string `yaml:"host"`
}

type entryFeed struct {
	URL    string `yaml:"url"`
	Links  string `yaml:"links,omitempty"`
	Match  string `yaml:"match,omitempty"`
	Proven bool   `yaml:"proven,omitempty"`
	Off    bool   `yaml:"off,omitempty"`
}

// Entry writes outlets as they stand in diembao.yaml.
func Entry(outlets ...Outlet) ([]byte, error) {
	var out struct {
		Outlets []entry `yaml:"outlets"`
	}
	for _, o := range outlets {
		e := entry{ID: o.ID, Name: o.Name, GoverningBody: o.GoverningBody, Licence: o.Licence, Level: o.Level, Kind: o.Kind, Province: o.Province,
			Feeds: entryFeeds(o.Feeds), Sitemaps: entryFeeds(o.Sitemaps), Listings: entryFeeds(o.Listings),
			Affixes: o.Affixes, Identity: o.Identity, Schedule: o.Schedule, On: o.On, Proven: o.Proven, Notes: o.Notes}
		for _, d := range o.Domains {
			e.Domains = append(e.Domains, entryHost{d.Host})
		}
		out.Outlets = append(out.Outlets, e)
	}
	text, err := yaml.MarshalWithOptions(out, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write the outlets as YAML: %w", err)
	}
	return bytes.ReplaceAll(text, []byte(`    "on": `), []byte(`    on: `)), nil // no reader of ours takes on for a flag
}

func entryFeeds(ss []Source) (out []entryFeed) {
	for _, s := range ss {
		out = append(out, entryFeed(s))
	}
	return out
}
