package lists

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// Feed is a feed that an OPML file names.
type Feed struct {
	Title  string
	URL    string
	Site   string // address of its pages; empty where the file does not say
	Folder string // the outline it stands in
}

// ErrNoOPML says that a file is no OPML or names no feed.
var ErrNoOPML = errors.New("no OPML file with feeds")

// OPML reads the feeds of an OPML file, in order, each once.
func OPML(in io.Reader) ([]Feed, error) {
	d := xml.NewDecoder(io.LimitReader(in, Largest))
	d.Strict, d.CharsetReader, d.Entity = false, charset.NewReaderLabel, xml.HTMLEntity
	var out []Feed
	var folders []string
	seen, root := map[string]bool{}, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, fmt.Errorf("reading OPML: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			root = root || t.Name.Local == "opml"
			if t.Name.Local != "outline" {
				continue
			}
			f := feedOf(t, strings.Join(folders, " / "))
			folders = append(folders, f.Title)
			if f.URL != "" && !seen[f.URL] {
				seen[f.URL] = true
				out = append(out, f)
			}
		case xml.EndElement:
			if t.Name.Local == "outline" && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		}
	}
	if !root || len(out) == 0 {
		return nil, ErrNoOPML
	}
	return out, nil
}

func feedOf(t xml.StartElement, folder string) Feed {
	f := Feed{Folder: folder}
	for _, a := range t.Attr {
		v := strings.TrimSpace(a.Value)
		switch strings.ToLower(a.Name.Local) {
		case "title":
			f.Title = v
		case "text":
			if f.Title == "" {
				f.Title = v
			}
		case "xmlurl":
			f.URL = v
		case "htmlurl":
			f.Site = v
		}
	}
	return f
}
