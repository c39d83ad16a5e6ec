package crisis

import (
	"cmp"
	"slices"

	"diembao/internal/news"
)

// Inhibited is what becomes of the incidents of two stories that turned out to
// be one.
type Inhibited struct {
	Stays string   // id of the incident that goes on in the merged story; empty where there was none
	Close []string // living incidents that it stands for from now on
	Away  []string // incidents that stay behind in the story that ended
	Note  string   // why, in words
}

// Inhibit chooses among the incidents of two stories that are merged the one
// that goes on: of the living ones that of the highest level, since people were
// told of that, and of these the elder; where none lives, the latest. The later
// ones stay behind, so that what happens next happens to the one that goes on.
func Inhibit(both []news.Incident) Inhibited {
	if len(both) == 0 {
		return Inhibited{}
	}
	stays := slices.MinFunc(both, func(a, b news.Incident) int {
		switch {
		case alive(a) != alive(b) && alive(a):
			return -1
		case alive(a) != alive(b):
			return 1
		case !alive(a):
			return cmp.Or(b.Opened.Compare(a.Opened), byID(b, a))
		}
		return cmp.Or(cmp.Compare(b.Level, a.Level), a.Opened.Compare(b.Opened), byID(a, b))
	})
	out := Inhibited{Stays: stays.ID, Note: "nhập vào " + stays.ID}
	for _, in := range both {
		if in.ID == stays.ID {
			continue
		}
		if alive(in) {
			out.Close = append(out.Close, in.ID)
		}
		if alive(in) || in.Opened.After(stays.Opened) {
			out.Away = append(out.Away, in.ID)
		}
	}
	return out
}

func alive(in news.Incident) bool { return in.State != news.Closed && in.State != news.False }
