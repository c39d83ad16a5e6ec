package news

import (
	"net/url"
	"regexp"
)

// shapes is how content systems write the number of an article at the end of
// its path, the surest first. A date is not a number: many articles share it.
var shapes = []*regexp.Regexp{
	regexp.MustCompile(`-(\d{14,20})\.(?:html?|chn)$`),
	regexp.MustCompile(`-post(\d{3,})\.[a-z]+$`),
	regexp.MustCompile(`-a(\d{3,})\.html?$`),
	regexp.MustCompile(`-ar(\d{4,})\.html$`),
	regexp.MustCompile(`-d(\d{4,})\.html$`),
	regexp.MustCompile(`-i(\d{4,})/?$`),
	regexp.MustCompile(`[-.](\d{5,7})\.[a-z]{3,5}$`),
	regexp.MustCompile(`-(\d{5,7})/?$`),
}

const (
	leastNumbered = 10 // addresses below which nothing is learned
	mostOthers    = 10 // per cent of addresses without the number
	mostShared    = 2  // per cent of numbers on two addresses: titles are edited
)

// LearnNumber finds how a site numbers its articles from addresses of many of
// them: the pattern for a NumberRule, nil where they show none. A number that
// stands on many addresses is no article's.
func LearnNumber(addresses []string) *regexp.Regexp {
	paths := map[string]bool{}
	for _, raw := range addresses {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			paths[u.EscapedPath()] = true
		}
	}
	for _, shape := range shapes {
		numbers := map[string]bool{}
		matched := 0
		for path := range paths {
			if m := shape.FindStringSubmatch(path); m != nil {
				matched++
				numbers[m[1]] = true
			}
		}
		if matched >= leastNumbered && 100*(len(paths)-matched) <= mostOthers*len(paths) && 100*(matched-len(numbers)) <= mostShared*matched {
			return shape
		}
	}
	return nil
}
