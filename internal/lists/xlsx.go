package lists

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// unpacked bounds an XLSX file after decompression.
const unpacked = 256 << 20

// vn is the time zone of dates in workbooks, which name none.
var vn = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// workbook reads the sheet of an XLSX file that holds a list.
func workbook(raw []byte, o Options) (l List, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: unpacked})
	if err != nil {
		return l, fmt.Errorf("the workbook cannot be opened: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sheets := f.GetSheetList()
	if o.Sheet != "" {
		sheets = []string{o.Sheet}
	}
	for _, o.headed = range []bool{true, false} { // a cover sheet has text too
		for _, name := range sheets {
			if l, err = sheet(f, name, o); err == nil {
				return l, nil
			}
		}
	}
	return l, err
}

// sheet reads one sheet. Dates are taken from the number behind the cell, for
// what a cell shows may have the month first; a headline that is a link gives
// the address.
func sheet(f *excelize.File, name string, o Options) (List, error) {
	shown, err := f.GetRows(name)
	if err != nil {
		return List{}, fmt.Errorf("sheet %q: %w", name, err)
	}
	t := table{format: "xlsx, sheet " + name}
	for i, cells := range shown {
		t.rows = append(t.rows, row{i + 1, cells})
	}
	l, err := t.list(o)
	if err != nil {
		return l, fmt.Errorf("sheet %q: %w", name, err)
	}
	h, _, err := t.head(o)
	if err != nil {
		return l, err
	}
	for i := range l.Items {
		item := &l.Items[i]
		if at, ok := h.at["published"]; ok {
			if s, err := date(f, name, at, item.Line); err != nil {
				return l, err
			} else if s != "" {
				item.Published = s
			}
		}
		for _, column := range []string{"url", "title"} {
			at, ok := h.at[column]
			if !ok || isURL(item.URL) {
				continue
			}
			link, err := hyperlink(f, name, at, item.Line)
			if err != nil {
				return l, err
			}
			if link != "" {
				item.URL = link
			}
		}
	}
	return l, nil
}

// date reads the number behind a cell as a date; empty where it is none.
func date(f *excelize.File, sheet string, column, line int) (string, error) {
	cell, err := excelize.CoordinatesToCellName(column+1, line)
	if err != nil {
		return "", err
	}
	raw, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return "", fmt.Errorf("cell %s: %w", cell, err)
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n < 32_000 || n > 80_000 { // days since 1900: from 1987 to 2119
		return "", nil
	}
	t, err := excelize.ExcelDateToTime(n, false)
	if err != nil {
		return "", nil // a number that is no date
	}
	t = t.Round(time.Second)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, vn).Format(time.RFC3339), nil
}

func hyperlink(f *excelize.File, sheet string, column, line int) (string, error) {
	cell, err := excelize.CoordinatesToCellName(column+1, line)
	if err != nil {
		return "", err
	}
	has, link, err := f.GetCellHyperLink(sheet, cell)
	if err != nil || !has || !isURL(strings.TrimSpace(link)) {
		return "", err
	}
	return strings.TrimSpace(link), nil
}
