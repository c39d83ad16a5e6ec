package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"diembao/internal/vi"
)

// widest is how many cells of a line are looked at.
const widest = 1000

// separated reads a CSV file of whatever encoding and separator.
func separated(raw []byte) (table, error) {
	text, charset, err := decode(raw)
	if err != nil {
		return table{}, err
	}
	comma, text := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	t := table{format: fmt.Sprintf("csv, separator %s, %s", map[rune]string{'\t': "tab"}[comma]+strings.Trim(string(comma), "\t"), charset)}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, fmt.Errorf("the table cannot be read: %w", err)
		}
		line, _ := r.FieldPos(0)
		t.rows = append(t.rows, row{line, cells[:min(len(cells), widest)]})
	}
}

// decode reads the bytes as text: UTF-16 by its mark or its zero bytes, else
// as vi.Decode does.
func decode(raw []byte) (text, charset string, err error) {
	little, big := bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff})
	if !little && !big {
		head := raw[:min(len(raw), 4096)]
		for i, b := range head {
			if b == 0 { // of an ASCII letter in UTF-16 one byte is zero
				little, big = i%2 == 1, i%2 == 0
				break
			}
		}
	}
	if !little && !big {
		text, charset = vi.Decode(raw, "")
		return text, charset, nil
	}
	order := unicode.LittleEndian
	if big {
		order = unicode.BigEndian
	}
	b, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(raw)
	if err != nil {
		return "", "", fmt.Errorf("the file cannot be read as UTF-16: %w", err)
	}
	return vi.NFC(string(b)), "utf-16", nil
}

// separator finds what stands between the cells: what the file says of itself
// ("sep=;", as Excel writes it), else what cuts most of its first lines into
// the same number of cells.
func separator(text string) (rune, string) {
	first, rest, _ := strings.Cut(text, "\n")
	if s, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); ok && len(s) == 1 {
		return rune(s[0]), rest
	}
	best, most := ',', 0
	for _, c := range []rune{'\t', ';', ',', '|'} {
		if n := regular(text, c); n > most {
			best, most = c, n
		}
	}
	return best, text
}

// regular is how many cells lie in those of the first lines that have the most
// common number of cells, above one.
func regular(text string, comma rune) int {
	r := csv.NewReader(strings.NewReader(text[:min(len(text), 1<<16)]))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	count := map[int]int{}
	for range 50 {
		cells, err := r.Read()
		if err != nil {
			break // the end of the sample
		}
		count[len(cells)]++
	}
	most := 0
	for cells, lines := range count {
		if cells > 1 {
			most = max(most, lines*1000+cells)
		}
	}
	return most
}
