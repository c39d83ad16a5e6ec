package lists

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed columns.yaml
var columnsYAML []byte

// service is the export of one listening service.
type service struct {
	Name  string            `yaml:"name"`
	Marks []string          `yaml:"marks"` // headers that together only it has
	Map   map[string]string `yaml:"map"`
}

// maps is columns.yaml; its own test holds that it can be read.
var maps = func() (m struct {
	Columns  map[string][]string `yaml:"columns"`
	Media    map[string][]string `yaml:"media"`
	Services []service           `yaml:"services"`
}) {
	if err := yaml.UnmarshalWithOptions(columnsYAML, &m, yaml.Strict()); err != nil {
		panic("lists: the embedded columns.yaml does not parse: " + err.Error())
	}
	return m
}()

// head is what the columns of a table mean.
type head struct {
	at      map[string]int    // column → its place
	names   map[string]string // column → its header
	unused  []string
	service string
}

// above is how many rows of titles and remarks may stand above the headers.
const above = 30

// head finds the headers and returns the place of the first row below them.
func (t table) head(o Options) (head, int, error) {
	for i, r := range t.rows[:min(above, len(t.rows))] {
		if h, ok := headers(r.cells, o); ok {
			return h, i + 1, nil
		}
	}
	if h, ok := t.byContent(o); ok && !o.headed {
		return h, 0, nil
	}
	if len(o.Map) > 0 {
		return head{}, 0, fmt.Errorf("none of the first %d rows has the headers of --map: %s", above, words(o.Map))
	}
	return head{}, 0, fmt.Errorf("%w; name them, as in --map 'url=Đường dẫn,title=Tiêu đề'", ErrNoList)
}

func words(m map[string]string) string {
	var out []string
	for _, header := range m {
		out = append(out, strconv.Quote(header))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// headers reads a row as headers: by the person's map, by the service they
// give away, else by what such columns are called. A row with a title or an
// address and one more known column is one; a single known cell is one too, and
// a column of addresses among unknown ones.
func headers(cells []string, o Options) (head, bool) {
	place := map[string]int{}
	filled := 0
	for i, c := range cells {
		if p := plain(c); p != "" {
			filled++
			if _, ok := place[p]; !ok {
				place[p] = i
			}
		}
	}
	h := head{at: map[string]int{}, names: map[string]string{}}
	for column, header := range o.Map {
		i, ok := place[plain(header)]
		if strings.HasPrefix(header, "#") {
			continue
		}
		if !ok {
			return h, false
		}
		h.take(column, i, cells[i])
	}
	for _, s := range maps.Services {
		if s.marks(place) {
			h.service = s.Name
			for column, header := range s.Map {
				if i, ok := place[plain(header)]; ok {
					h.take(column, i, cells[i])
				}
			}
		}
	}
	h.guess(place, cells)
	_, title := h.at["title"]
	_, url := h.at["url"]
	if !(title || url) || !url && len(h.at) < min(2, filled) || looksLikeData(cells) {
		return h, false
	}
	for i, c := range cells {
		if strings.TrimSpace(c) != "" && !h.uses(i) {
			h.unused = append(h.unused, strings.TrimSpace(c))
		}
	}
	return h, h.numbered(o)
}

func (s service) marks(place map[string]int) bool {
	for _, m := range s.Marks {
		if _, ok := place[plain(m)]; !ok {
			return false
		}
	}
	return true
}

// guess takes the columns that are still free by what they are called.
func (h *head) guess(place map[string]int, cells []string) {
	for _, column := range order {
		for _, name := range maps.Columns[column] {
			if i, ok := place[plain(name)]; ok {
				h.take(column, i, cells[i])
			}
		}
	}
}

// order is which column chooses first where one header could be two.
var order = []string{"url", "title", "published", "page", "issue", "programme", "outlet", "lead", "body", "author", "section", "medium", "reach"}

// take gives a column its place, where neither is taken.
func (h *head) take(column string, i int, header string) {
	if _, ok := h.at[column]; !ok && !h.uses(i) {
		h.at[column], h.names[column] = i, strings.TrimSpace(header)
	}
}

func (h head) uses(i int) bool {
	for _, at := range h.at {
		if at == i {
			return true
		}
	}
	return false
}

// numbered takes the columns a person named by number.
func (h *head) numbered(o Options) bool {
	for column, header := range o.Map {
		if n, ok := strings.CutPrefix(header, "#"); ok {
			i, err := strconv.Atoi(n)
			if err != nil || i < 1 {
				return false
			}
			h.at[column], h.names[column] = i-1, header
		}
	}
	return true
}

// looksLikeData: headers hold no addresses.
func looksLikeData(cells []string) bool {
	return slices.ContainsFunc(cells, isURL)
}

func isURL(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.")
}

// byContent reads a table without headers: the column of addresses, and the
// column with the longest text as titles.
func (t table) byContent(o Options) (head, bool) {
	h := head{at: map[string]int{}, names: map[string]string{}}
	if !h.numbered(o) {
		return h, false
	}
	urls, letters := map[int]int{}, map[int]int{}
	width := 0
	for _, r := range t.rows[:min(200, len(t.rows))] {
		width = max(width, len(r.cells))
		for i, c := range r.cells {
			if isURL(c) {
				urls[i]++
			} else {
				letters[i] += len([]rune(c))
			}
		}
	}
	best := func(score map[int]int) (int, bool) {
		at := -1
		for i := range width {
			if score[i] > 0 && !h.uses(i) && (at < 0 || score[i] > score[at]) {
				at = i
			}
		}
		return at, at >= 0
	}
	if i, ok := best(urls); ok {
		h.take("url", i, "#"+strconv.Itoa(i+1))
	}
	_, url := h.at["url"]
	if i, ok := best(letters); ok && (url || width == 1) {
		h.take("title", i, "#"+strconv.Itoa(i+1))
	}
	_, title := h.at["title"]
	return h, url || title
}
