package eval

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// crisisScript is one invented story, told by outlets one after the other.
type crisisScript struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Crisis   bool            `json:"crisis"`
	Target   string          `json:"target"` // agency, hospital, fund, policy, employer, criminals, none
	Articles []scriptArticle `json:"articles"`
	Prefer   struct {
		Hours     []float64 `json:"hours"`     // of the day, from and to
		Monthdays []int     `json:"monthdays"` // from and to
		Months    []int     `json:"months"`
	} `json:"prefer"` // what the text says of its time

	file string
}

type scriptArticle struct {
	Minute  float64 `json:"minute"` // after the first article
	Outlet  string  `json:"outlet"`
	Domain  string  `json:"domain"`
	Title   string  `json:"title"`
	Summary string  `json:"summary"`
}

// span is how long a story is told, with the hours in which it is still fresh.
func (s crisisScript) span() time.Duration {
	return minutes(s.Articles[len(s.Articles)-1].Minute) + 8*time.Hour
}

func minutes(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }

// StoryFiles lists the invented stories of a folder, a JSON file each: those in
// it and those in the folders in it, one for each writer.
func StoryFiles(dir string) ([]string, error) {
	var out []string
	for _, pattern := range []string{"*.json", "*/*.json"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, fmt.Errorf("listing the stories of %s: %w", dir, err)
		}
		out = append(out, files...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no story in %s; name a folder of JSON files, one a story", dir)
	}
	return out, nil
}

// readScripts reads the scripts of some folders, in order of folder and name.
func readScripts(dirs []string) ([]crisisScript, error) {
	var out []crisisScript
	where := map[string]string{}
	for _, dir := range dirs {
		files, err := StoryFiles(dir)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			s, err := readScript(file)
			if err != nil {
				return nil, err
			}
			if where[s.ID] != "" {
				return nil, fmt.Errorf("reading the script %s: the id %q is that of %s too", file, s.ID, where[s.ID])
			}
			where[s.ID] = file
			out = append(out, s)
		}
	}
	return out, nil
}

func readScript(file string) (s crisisScript, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return s, fmt.Errorf("reading the script %s: %w", file, err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("reading the script %s, line %d: %w", file, lineOf(text, err), err)
	}
	s.file = file
	if s.ID == "" || len(s.Articles) == 0 {
		return s, fmt.Errorf("reading the script %s: it needs an id and articles", file)
	}
	for i, a := range s.Articles {
		if a.Domain == "" || a.Title == "" || a.Minute < 0 {
			return s, fmt.Errorf("reading the script %s, article %d: it needs a domain, a title and a minute that is not below 0", file, i+1)
		}
	}
	slices.SortStableFunc(s.Articles, func(a, b scriptArticle) int { return cmp.Compare(a.Minute, b.Minute) })
	return s, nil
}

// lineOf is the line at which reading JSON failed.
func lineOf(text []byte, err error) int {
	var at int64
	switch e := err.(type) {
	case *json.SyntaxError:
		at = e.Offset
	case *json.UnmarshalTypeError:
		at = e.Offset
	}
	return 1 + strings.Count(string(text[:min(int(at), len(text))]), "\n")
}

// strangers are the articles of outlets that the configuration does not know:
// nobody would have collected them.
func strangers(scripts []crisisScript, known func(outlet, domain string) bool) []string {
	var out []string
	for _, s := range scripts {
		for i, a := range s.Articles {
			if !known(a.Outlet, a.Domain) {
				out = append(out, fmt.Sprintf("%s, article %d: %s (%s)", filepath.Base(s.file), i+1, a.Outlet, a.Domain))
			}
		}
	}
	return out
}

// only keeps the articles of these domains, and the stories that have two of
// them left, counted from the first left.
func only(scripts []crisisScript, domains map[string]bool) []crisisScript {
	var out []crisisScript
	for _, s := range scripts {
		var left []scriptArticle
		for _, a := range s.Articles {
			if domains[a.Domain] {
				left = append(left, a)
			}
		}
		if len(left) < 2 {
			continue
		}
		first := left[0].Minute
		for i := range left {
			left[i].Minute -= first
		}
		s.Articles = left
		out = append(out, s)
	}
	return out
}

// blank is a place in a script's text for a date: {d}, {d-1} the day of
// publication or near it, {m}, {m+1} the month, {y} the year.
var blank = regexp.MustCompile(`\{([dmy])([+-]\d+)?\}`)

// dated writes the dates into a text as an outlet writes them.
func dated(text string, at time.Time, domain string) string {
	between := "/"
	switch domain {
	case "tuoitre.vn", "nld.com.vn", "sggp.org.vn":
		between = "-"
	case "thanhnien.vn":
		between = "."
	}
	at = at.In(vietnam)
	return blank.ReplaceAllStringFunc(text, func(found string) string {
		part := blank.FindStringSubmatch(found)
		by, _ := strconv.Atoi(part[2]) // without one: 0
		switch part[1] {
		case "d":
			day := at.AddDate(0, 0, by)
			return fmt.Sprintf("%d%s%d", day.Day(), between, day.Month())
		case "m":
			return strconv.Itoa(((int(at.Month())-1+by)%12+12)%12 + 1)
		}
		return strconv.Itoa(at.Year() + by)
	})
}
