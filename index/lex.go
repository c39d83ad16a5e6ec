package index

import (
	"strconv"
	"strings"
	"unicode"

	"diembao/internal/vi"
)

// Bounds of a query text.
const (
	maxQueryRunes = 4000
	maxQueryWords = 200
	maxDepth      = 20
	maxLoose      = 12 // words with * or ~
)

// SyntaxError says in words what is wrong with a query and where.
type SyntaxError struct {
	Column int // in characters from 1; 0 if the whole query is meant
	vi, en string
}

func (e *SyntaxError) Error() string { return e.In("vi") }

// In is the message in a language, "vi" or "en".
func (e *SyntaxError) In(lang string) string {
	text, at := e.vi, " ở cột "
	if lang == "en" {
		text, at = e.en, " at column "
	}
	if e.Column > 0 {
		text += at + strconv.Itoa(e.Column)
	}
	return text
}

type kind int

const (
	end kind = iota
	plain
	quoted
	open
	shut
	opAnd
	opOr
	opNot
	minus
	fieldName
)

// lexeme is one piece of the query text.
type lexeme struct {
	kind kind
	text string
	near int  // quoted: the number after ~
	star bool // plain: ends with *
	wavy bool // plain: ends with ~
	col  int
}

// operators in capitals, as people who know them type them.
var operators = map[string]kind{
	"AND": opAnd, "VÀ": opAnd, "&&": opAnd,
	"OR": opOr, "HOẶC": opOr, "||": opOr, "|": opOr,
	"NOT": opNot, "KHÔNG": opNot,
}

// lex cuts a query into pieces.
func lex(text string, isField func(string) bool) ([]lexeme, error) {
	runes := []rune(meant(text))
	if len(runes) > maxQueryRunes {
		return nil, &SyntaxError{0, "câu tìm dài quá " + strconv.Itoa(maxQueryRunes) + " ký tự", "the query is longer than " + strconv.Itoa(maxQueryRunes) + " characters"}
	}
	var out []lexeme
	for i := 0; i < len(runes); {
		l, next, err := piece(runes, i, isField)
		if err != nil {
			return nil, err
		}
		if l.kind != end {
			l.col = i + 1
			out = append(out, l)
		}
		i = next
	}
	return append(out, lexeme{kind: end, col: len(runes) + 1}), nil
}

// meant is a query text without what is never meant: broken bytes, control and
// direction characters, letters in pieces.
func meant(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, vi.NFC(strings.ToValidUTF8(text, " ")))
}

// piece reads one lexeme at i; kind end means nothing stood there.
func piece(runes []rune, i int, isField func(string) bool) (lexeme, int, error) {
	switch r := runes[i]; {
	case unicode.IsSpace(r):
		return lexeme{}, i + 1, nil
	case r == '(':
		return lexeme{kind: open}, i + 1, nil
	case r == ')':
		return lexeme{kind: shut}, i + 1, nil
	case isQuote(r):
		return quote(runes, i)
	case (r == '-' || r == '−') && i+1 < len(runes) && (unicode.IsLetter(runes[i+1]) || unicode.IsNumber(runes[i+1]) || isQuote(runes[i+1]) || runes[i+1] == '('):
		return lexeme{kind: minus}, i + 1, nil
	}
	j := i
	for j < len(runes) && !unicode.IsSpace(runes[j]) && !isQuote(runes[j]) && runes[j] != '(' && runes[j] != ')' {
		if runes[j] == ':' && j > i && isField(string(runes[i:j])) && !(j+1 < len(runes) && runes[j+1] == '/') {
			return lexeme{kind: fieldName, text: string(runes[i:j])}, j + 1, nil
		}
		j++
	}
	text := string(runes[i:j])
	if op, ok := operators[text]; ok {
		return lexeme{kind: op, text: text}, j, nil
	}
	return suffixed(text), j, nil
}

// suffixed takes the * or ~ from the end of a word.
func suffixed(text string) lexeme {
	l := lexeme{kind: plain, text: text}
	if cut, ok := strings.CutSuffix(text, "*"); ok {
		l.text, l.star = cut, true
	} else if at := strings.LastIndexByte(text, '~'); at > 0 && len(text)-at <= 2 {
		l.text, l.wavy = text[:at], true
	}
	return l
}

func isQuote(r rune) bool {
	return r == '"' || r == '“' || r == '”' || r == '„' || r == '«' || r == '»'
}

// quote reads "…" or "…"~10.
func quote(runes []rune, i int) (lexeme, int, error) {
	j := i + 1
	for j < len(runes) && !isQuote(runes[j]) {
		j++
	}
	if j == len(runes) {
		return lexeme{}, j, &SyntaxError{i + 1, "thiếu dấu ngoặc kép đóng cho dấu mở", "no closing quote for the one"}
	}
	l := lexeme{kind: quoted, text: string(runes[i+1 : j])}
	j++
	if j < len(runes) && runes[j] == '~' {
		digits := j + 1
		for digits < len(runes) && runes[digits] >= '0' && runes[digits] <= '9' {
			digits++
		}
		n, err := strconv.Atoi(string(runes[j+1 : digits]))
		if err != nil || n < 1 || n > 100 {
			return lexeme{}, j, &SyntaxError{j + 1, "sau dấu ~ cần một số từ 1 đến 100", "~ needs a number from 1 to 100"}
		}
		l.near, j = n, digits
	}
	return l, j, nil
}
