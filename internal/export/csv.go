package export

import (
	"encoding/csv"
	"io"

	"diembao/internal/say"
)

// writeCSV writes UTF-8 with a byte order mark, without which Excel takes it
// for an old code page, and commas, as RFC 4180 and Windows set to Vietnamese
// or English both have them. What was asked stands above the table, each line
// beginning with #; a reader of tables skips such lines.
func writeCSV(out io.Writer, a Answer, w *say.Words) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	for _, f := range facts(a, w) {
		if err := c.Write([]string{"# " + f.Name, Harmless(f.Value)}); err != nil {
			return err
		}
	}
	if err := c.Write(columns(w)); err != nil {
		return err
	}
	for _, i := range a.Items {
		if err := c.Write(harmless(row(i, w))); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func harmless(cells []string) []string {
	for i, c := range cells {
		cells[i] = Harmless(c)
	}
	return cells
}
