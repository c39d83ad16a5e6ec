package pipeline

import (
	"errors"
	"net/http"

	"diembao/internal/discover"
	"diembao/internal/fetch"
	"diembao/internal/say"
)

// seen is what went wrong at a source, as a fact that is told in the reader's
// language; an error that has no message of its own is kept in its own words.
func seen(url string, err error) string {
	for _, x := range []struct {
		is error
		id string
	}{
		{discover.ErrHTML, "seen.became-page"}, {discover.ErrUnknown, "seen.not-a-feed"}, {discover.ErrNoLinks, "seen.no-links"},
		{discover.ErrEntities, "seen.hostile"}, {discover.ErrDeep, "seen.hostile"},
	} {
		if errors.Is(err, x.is) {
			return say.Seen(x.id, "URL", url).String()
		}
	}
	var e *fetch.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	end := string(e.Code)
	if e.Code == fetch.Blocked && e.Status == http.StatusOK {
		end = "gate"
	}
	return say.Seen("seen.fetch."+end, "URL", e.URL, "Status", e.Status, "Detail", e.Detail).String()
}
