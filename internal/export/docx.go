package export

import (
	"io"
	"strings"
	"unicode"

	"github.com/gomutex/godocx"
	"github.com/gomutex/godocx/docx"

	"diembao/internal/say"
)

// writeDOCX writes a document to be read: what was asked, then each article
// with its excerpt and a link.
func writeDOCX(out io.Writer, a Answer, w *say.Words) error {
	d, err := godocx.NewDocument()
	if err != nil {
		return err
	}
	if _, err := d.AddHeading(w.Say("export.title"), 1); err != nil {
		return err
	}
	for _, f := range facts(a, w) {
		p := d.AddParagraph("")
		p.AddText(f.Name + ": ").Bold(true)
		p.AddText(printable(f.Value))
	}
	if _, err := d.AddHeading(w.Say("export.sheet.articles"), 2); err != nil {
		return err
	}
	for _, i := range a.Items {
		article(d, i, w)
	}
	return d.Write(out)
}

func article(d *docx.RootDoc, i Item, w *say.Words) {
	head := d.AddParagraph("")
	head.AddText(printable(i.Title)).Bold(true)
	by := []string{i.Outlet, strings.TrimSpace(w.Date(i.At) + " " + w.Clock(i.At)), i.Level, i.Tone}
	if len(i.Copies) > 0 {
		by = append(by, w.Say("export.column.copies")+": "+strings.Join(i.Copies, ", "))
	}
	by = append(by, i.Topics...)
	var said []string
	for _, s := range by {
		if s != "" {
			said = append(said, printable(s))
		}
	}
	d.AddParagraph("").AddText(strings.Join(said, " · ")).Italic(true)
	if e := Excerpt(i.Excerpt); e != "" {
		d.AddParagraph(printable(e))
	}
	if link := printable(i.URL); strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		d.AddParagraph("").AddLink(link, link)
	}
	d.AddEmptyParagraph()
}

// printable leaves out what XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || r < ' ' && r != '\t' || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, s)
}
