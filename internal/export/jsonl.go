package export

import (
	"encoding/json"
	"io"
	"time"

	"diembao/config"
	"diembao/internal/say"
)

// asked is the first line of a JSON Lines file.
type asked struct {
	Query        string            `json:"query"`
	Filters      map[string]string `json:"filters"`
	InWords      string            `json:"in_words"`
	AsOf         string            `json:"as_of"`
	Rules        string            `json:"rules"`
	Address      string            `json:"address"`
	Publications int               `json:"publications"`
	Originals    int               `json:"originals"`
	Folded       bool              `json:"folded"`
	Relaxed      bool              `json:"relaxed"`
	Listed       int               `json:"listed"`
}

// line is every further line.
type line struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Excerpt   string   `json:"excerpt"`
	Outlet    string   `json:"outlet"`
	Published string   `json:"published"`
	Level     string   `json:"level"`
	Tone      string   `json:"tone"`
	Topics    []string `json:"topics"`
	Provinces []string `json:"provinces"`
	Insurance []string `json:"insurance"`
	CopyOf    string   `json:"copy_of"`
	Copies    []string `json:"copies"`
	Story     string   `json:"story"`
}

// writeJSONL writes a line about the search and a line for each article.
func writeJSONL(out io.Writer, a Answer, _ *say.Words) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	head := asked{a.Query, map[string]string{}, a.InWords, rfc(a.AsOf), a.Rules, a.Address, a.Publications, a.Originals, a.Folded, a.Relaxed, len(a.Items)}
	for _, f := range a.Filters {
		head.Filters[f.Name] = f.Value
	}
	if err := e.Encode(head); err != nil {
		return err
	}
	for _, i := range a.Items {
		l := line{i.ID, i.URL, i.Title, Excerpt(i.Excerpt), i.Outlet, rfc(i.At), i.Level, i.Tone, all(i.Topics), all(i.Provinces), all(i.Insurance), i.CopyOf, all(i.Copies), i.Story}
		if err := e.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// all is a list that JSON writes as [] where it is empty.
func all(list []string) []string { return append([]string{}, list...) }

func rfc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(config.VN).Format(time.RFC3339)
}
