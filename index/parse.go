package index

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diembao/internal/vi"
)

// parser reads a query by recursive descent: OR binds least, then AND and
// plain sequence, then NOT.
type parser struct {
	catalog *catalog
	now     time.Time
	in      []lexeme
	at      int
	depth   int
	count   int  // words so far
	loose   int  // words with * or ~ so far
	strict  bool // an AND or OR was seen
	out     parsed
}

func (c *catalog) parse(text string, now time.Time) (parsed, error) {
	lexemes, err := lex(text, c.looksLikeField)
	if err != nil {
		return parsed{}, err
	}
	p := &parser{catalog: c, now: now, in: lexemes}
	root, err := p.or()
	if err != nil {
		return parsed{}, err
	}
	if l := p.peek(); l.kind == shut {
		return parsed{}, &SyntaxError{l.col, "thừa dấu ngoặc đóng", "a closing bracket too many"}
	}
	p.out.root = root
	if p.strict {
		p.out.root = allStrict(root)
	}
	p.out.marked = anyMarked(p.out.root)
	return p.out, nil
}

// looksLikeField decides whether a colon after name makes it a field: any
// single word of letters does, so that a misspelt field is told, not searched.
func (c *catalog) looksLikeField(name string) bool {
	for _, r := range name {
		if !unicode.IsLetter(r) && r != '_' {
			return false
		}
	}
	return utf8.RuneCountInString(name) > 1 && name[0] != '_'
}

func (p *parser) peek() lexeme { return p.in[p.at] }

func (p *parser) next() lexeme {
	l := p.in[p.at]
	if l.kind != end {
		p.at++
	}
	return l
}

func (p *parser) or() (node, error) {
	var parts []node
	for {
		before := p.peek()
		part, err := p.and()
		if err != nil {
			return nil, err
		}
		if l := p.peek(); l.kind != opOr {
			if part == nil && len(parts) > 0 {
				return nil, &SyntaxError{before.col, "thiếu từ sau HOẶC (OR)", "no word after OR"}
			}
			return either(distinct(append(parts, part))), nil
		}
		if l := p.next(); part == nil {
			return nil, &SyntaxError{l.col, "thiếu từ trước HOẶC (OR)", "no word before OR"}
		}
		p.strict = true
		parts = append(parts, part)
	}
}

// distinct drops words that were said before: "a OR b OR a" asks for a or b.
func distinct(parts []node) []node {
	seen := map[string]bool{}
	return slices.DeleteFunc(parts, func(n node) bool {
		w, ok := n.(words)
		if !ok || w.title {
			return false
		}
		said := fmt.Sprint(w.plain, w.list)
		if seen[said] {
			return true
		}
		seen[said] = true
		return false
	})
}

func either(parts []node) node {
	if len(parts) == 1 {
		return parts[0]
	}
	return or{parts}
}

// and reads parts that stand in sequence, with or without AND. Plain words
// side by side become one group.
func (p *parser) and() (node, error) {
	var parts []node
	for {
		l := p.peek()
		switch l.kind {
		case end, shut, opOr:
			return both(parts), nil
		case opAnd:
			p.next()
			if k := p.peek().kind; len(parts) == 0 || k == end || k == shut || k == opOr || k == opAnd {
				return nil, &SyntaxError{l.col, "VÀ (AND) cần từ ở hai bên", "AND needs a word on either side"}
			}
			p.strict = true
			continue
		}
		part, err := p.unary()
		if err != nil {
			return nil, err
		}
		parts = join(parts, part)
	}
}

// join appends part, merging neighbouring groups of words.
func join(parts []node, part node) []node {
	if part == nil {
		return parts
	}
	w, ok := part.(words)
	if ok && len(parts) > 0 {
		if last, ok := parts[len(parts)-1].(words); ok && last.title == w.title {
			last.list = append(slices.Clip(last.list), w.list...)
			parts[len(parts)-1] = last
			return parts
		}
	}
	return append(parts, part)
}

func both(parts []node) node {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return and{parts}
}

// unary reads one part: a word, a phrase, a group, a field, or NOT of one.
func (p *parser) unary() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, &SyntaxError{p.peek().col, "câu tìm lồng nhau quá sâu", "the query is nested too deeply"}
	}
	defer func() { p.depth-- }()
	l := p.next()
	switch l.kind {
	case opNot, minus:
		if k := p.peek().kind; k == end || k == shut || k == opAnd || k == opOr {
			return nil, &SyntaxError{l.col, "thiếu từ sau KHÔNG (NOT)", "no word after NOT"}
		}
		part, err := p.unary()
		if err != nil || part == nil {
			return nil, err
		}
		return not{part}, nil
	case open:
		return p.group(l)
	case fieldName:
		return p.field(l)
	}
	if d, ok := p.span(l); ok {
		return d, nil
	}
	// Words side by side are cut together, so that TP HCM is one.
	for simple(l) && simple(p.peek()) && !spanned(p.peek().text) {
		l.text += " " + p.next().text
	}
	return p.text(l, false)
}

// span reads 7d and 2w that stand by themselves.
func (p *parser) span(l lexeme) (node, bool) {
	if !simple(l) || !spanned(l.text) {
		return nil, false
	}
	from, to, ok := period(l.text, p.now)
	return dates{from, to}, ok
}

// spanned reports whether a word can only be a number of days or weeks.
func spanned(text string) bool {
	digits, last := text[:max(0, len(text)-1)], text[max(0, len(text)-1):]
	return digits != "" && len(digits) <= 3 && strings.Trim(digits, "0123456789") == "" && strings.Trim(digits, "0") != "" && (last == "d" || last == "w")
}

func simple(l lexeme) bool { return l.kind == plain && !l.star && !l.wavy }

func (p *parser) group(bracket lexeme) (node, error) {
	part, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.next().kind != shut {
		return nil, &SyntaxError{bracket.col, "thiếu dấu ngoặc đóng cho dấu mở", "no closing bracket for the one"}
	}
	return part, nil
}

// text reads a word or phrase, title telling whether in the title only.
func (p *parser) text(l lexeme, title bool) (node, error) {
	list := newWords(l.text)
	if p.count += len(list); p.count > maxQueryWords {
		return nil, &SyntaxError{l.col, "câu tìm có quá nhiều từ", "the query has too many words"}
	}
	if len(list) == 0 {
		return nil, nil
	}
	last := list[len(list)-1]
	if l.star || l.wavy {
		if p.loose++; p.loose > maxLoose {
			return nil, &SyntaxError{l.col, "câu tìm có quá nhiều dấu * và ~", "the query has too many * and ~"}
		}
	}
	switch {
	case l.kind == quoted:
		return &phrase{list: list, near: l.near, title: title}, nil
	case l.star && utf8.RuneCountInString(last.folded) < 2:
		return nil, &SyntaxError{l.col, "cần ít nhất 2 chữ trước dấu *", "* needs at least 2 letters before it"}
	case l.wavy && utf8.RuneCountInString(last.folded) < 4:
		return nil, &SyntaxError{l.col, "dấu ~ chỉ dùng cho từ có từ 4 chữ trở lên", "~ is for words of 4 letters and more"}
	case l.star:
		return lead(list, prefix{last, title}, title), nil
	case l.wavy:
		return lead(list, fuzzy{last, title}, title), nil
	}
	return words{list: list, title: title}, nil
}

// lead keeps the words before the last, as of covid-1*.
func lead(list []word, last node, title bool) node {
	if len(list) == 1 {
		return last
	}
	return and{[]node{words{list: list[:len(list)-1], strict: true, title: title}, last}}
}

// field reads what stands after "name:".
func (p *parser) field(name lexeme) (node, error) {
	key := vi.Fold(vi.Key(name.text))
	switch key {
	case "all", "tatca":
		p.out.all = true
		return nil, nil
	case "title", "tieude":
		return p.title()
	case "lead", "sapo", "dan":
		return p.part(name, "lead")
	case "body", "than":
		return p.part(name, "body")
	case "from", "tu", "to", "den", "date", "ngay":
		return p.date(name, key)
	}
	f := p.catalog.field(name.text)
	if f == nil {
		if k := p.peek(); k.kind == plain && k.col == name.col+utf8.RuneCountInString(name.text)+1 || k.kind == quoted {
			return nil, p.unknown(name)
		}
		return words{list: newWords(name.text)}, nil // "Hà Nội: mưa" is plain text
	}
	return p.values(name, f)
}

// values reads value, value,value, "value" or (value OR value).
func (p *parser) values(name lexeme, f *Field) (node, error) {
	missing := &SyntaxError{name.col, "thiếu giá trị sau " + name.text + ":", "no value after " + name.text + ":"}
	var list []string
	add := func(l lexeme) {
		parts := []string{l.text}
		if l.kind == plain {
			parts = strings.Split(l.text, ",")
		}
		for _, v := range parts {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, p.catalog.value(f, v))
			}
		}
	}
	switch l := p.next(); l.kind {
	case plain, quoted:
		add(l)
		for strings.HasSuffix(l.text, ",") || strings.HasPrefix(p.peek().text, ",") && p.peek().kind == plain {
			if k := p.peek().kind; k != plain && k != quoted {
				break
			}
			l = p.next()
			add(l)
		}
	case open:
		for l = p.next(); l.kind != shut; l = p.next() {
			switch l.kind {
			case plain, quoted:
				add(l)
			case opOr:
			default:
				return nil, &SyntaxError{l.col, "danh sách giá trị của " + name.text + ": chỉ gồm giá trị và HOẶC (OR)", "the list after " + name.text + ": takes values and OR only"}
			}
		}
	default:
		return nil, missing
	}
	if len(list) == 0 {
		return nil, missing
	}
	return filter{f, list}, nil
}

func (p *parser) title() (node, error) {
	switch l := p.next(); l.kind {
	case plain, quoted:
		return p.text(l, true)
	default:
		return nil, &SyntaxError{l.col, "thiếu từ sau title:", "no word after title:"}
	}
}

// part reads what stands in the lead or body: a word, or words in quotes.
func (p *parser) part(name lexeme, part string) (node, error) {
	l := p.next()
	if l.kind != plain && l.kind != quoted || l.star || l.wavy {
		return nil, &SyntaxError{name.col, "sau " + name.text + ": cần một từ hay một cụm trong ngoặc kép", "a word or words in quotes must follow " + name.text + ":"}
	}
	n, err := p.text(lexeme{kind: quoted, text: l.text, near: l.near, col: l.col}, false)
	if ph, ok := n.(*phrase); ok {
		ph.part = part
	}
	return n, err
}

func (p *parser) date(name lexeme, key string) (node, error) {
	l := p.next()
	if l.kind != plain && l.kind != quoted {
		return nil, &SyntaxError{name.col, "thiếu ngày sau " + name.text + ":", "no date after " + name.text + ":"}
	}
	from, to, ok := period(l.text, p.now)
	if !ok {
		return nil, &SyntaxError{l.col, "không hiểu ngày «" + l.text + "», viết như 2026-07-01, 01/07/2026, 7d hay \"tuần này\",", "cannot read the date \"" + l.text + "\", write 2026-07-01, 01/07/2026, 7d or \"this week\","}
	}
	switch key {
	case "from", "tu":
		to = time.Time{}
	case "to", "den":
		from = time.Time{}
	}
	return dates{from, to}, nil
}

// unknown names the fields there are.
func (p *parser) unknown(name lexeme) error {
	var names []string
	for _, f := range p.catalog.Fields {
		names = append(names, f.Name)
	}
	list := strings.Join(append(names, "title", "lead", "body", "from", "to", "all"), ", ")
	return &SyntaxError{name.col, "không có trường «" + name.text + "» (có: " + list + ")", "there is no field \"" + name.text + "\" (there are: " + list + ")"}
}

// allStrict makes every group of words match whole.
func allStrict(n node) node {
	switch n := n.(type) {
	case words:
		n.strict = true
		return n
	case and:
		return and{mapNodes(n.parts, allStrict)}
	case or:
		return or{mapNodes(n.parts, allStrict)}
	case not:
		return not{allStrict(n.part)}
	}
	return n
}

func mapNodes(parts []node, f func(node) node) []node {
	out := make([]node, len(parts))
	for i, p := range parts {
		out[i] = f(p)
	}
	return out
}

// anyMarked reports whether any word of the query was typed with marks.
func anyMarked(n node) bool {
	marked := func(list []word) bool {
		return slices.ContainsFunc(list, func(w word) bool { return vi.Marked(w.key) })
	}
	switch n := n.(type) {
	case words:
		return marked(n.list)
	case *phrase:
		return marked(n.list)
	case prefix:
		return marked([]word{n.word})
	case fuzzy:
		return marked([]word{n.word})
	case and:
		return slices.ContainsFunc(n.parts, anyMarked)
	case or:
		return slices.ContainsFunc(n.parts, anyMarked)
	case not:
		return anyMarked(n.part)
	}
	return false
}
