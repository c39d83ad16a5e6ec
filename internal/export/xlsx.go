package export

import (
	"errors"
	"io"

	"github.com/xuri/excelize/v2"

	"diembao/internal/say"
)

// widths of the columns of articles, in characters.
var widths = []float64{17, 22, 14, 60, 60, 45, 12, 28, 20, 16, 28, 18, 18}

// writeXLSX writes a workbook of three sheets: the articles, the counts over
// time, and what was asked. Cells are typed as text, so that nothing the press
// wrote is ever worked out as a formula.
func writeXLSX(out io.Writer, a Answer, w *say.Words) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	articles, counts, query := w.Say("export.sheet.articles"), w.Say("export.sheet.counts"), w.Say("export.sheet.query")
	if err := f.SetSheetName("Sheet1", articles); err != nil {
		return err
	}
	for _, s := range []struct {
		name   string
		widths []float64
		rows   [][]any
		head   bool
	}{
		{articles, widths, articleRows(a, w), true},
		{counts, []float64{14, 14, 14, 14, 22}, countRows(a, w), true},
		{query, []float64{28, 110}, factRows(a, w), false},
	} {
		if err := sheet(f, s.name, s.widths, s.rows, s.head); err != nil {
			return err
		}
	}
	return f.Write(out)
}

func articleRows(a Answer, w *say.Words) [][]any {
	rows := [][]any{anyOf(columns(w))}
	for _, i := range a.Items {
		rows = append(rows, anyOf(harmless(row(i, w))))
	}
	return rows
}

func countRows(a Answer, w *say.Words) [][]any {
	rows := [][]any{{w.Say("export.column.from"), w.Say("export.column.to"), w.Say("export.publications"), w.Say("export.originals"), w.Say("export.column.lost")}}
	for _, p := range a.Periods {
		rows = append(rows, []any{w.Date(p.From), w.Date(p.To.AddDate(0, 0, -1)), p.Publications, p.Originals, w.Percent(p.Lost)})
	}
	return rows
}

func factRows(a Answer, w *say.Words) [][]any {
	var rows [][]any
	for _, f := range facts(a, w) {
		rows = append(rows, []any{f.Name, Harmless(f.Value)})
	}
	return rows
}

func anyOf(cells []string) []any {
	out := make([]any, len(cells))
	for i, c := range cells {
		out[i] = c
	}
	return out
}

// sheet streams rows into a sheet, which is made where it is not there. The
// first row of a table stays in sight.
func sheet(f *excelize.File, name string, widths []float64, rows [][]any, head bool) error {
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	var bold []excelize.RowOpts
	if head {
		style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
		if err != nil {
			return err
		}
		bold = []excelize.RowOpts{{StyleID: style}}
		if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		opts := bold
		if i > 0 {
			opts = nil
		}
		if err := s.SetRow(cell, r, opts...); err != nil {
			return err
		}
	}
	return s.Flush()
}
