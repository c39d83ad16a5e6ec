package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"diembao/index"
	"diembao/internal/export"
	"diembao/internal/when"
)

// FeedSize is how many articles a feed holds.
const FeedSize = 50

// files are the forms in which an answer can be taken along.
func (v *visit) files(q question) []choice {
	if v.Answer == nil {
		return nil
	}
	var out []choice
	for _, f := range append([]string{"xlsx", "csv", "docx", "jsonl"}, export.Feeds...) {
		label := map[string]string{"xlsx": "Excel", "csv": "CSV", "docx": "Word", "jsonl": "JSON", "rss": "RSS", "atom": "Atom"}[f]
		out = append(out, choice{Label: label, URL: q.file("search." + f)})
	}
	return out
}

// file writes the answer to the search in the address as a file.
func (v *visit) file(format string) error {
	values := v.r.URL.Query()
	a, ok, err := v.answerTo(values, 0, "")
	if !ok {
		return err
	}
	var b bytes.Buffer
	if err := export.Write(&b, format, a, v.words); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", export.Types[format])
	v.w.Header().Set("Content-Disposition", `attachment; filename="diem-bao-`+v.now.In(a.AsOf.Location()).Format("20060102-1504")+"."+format+`"`)
	if _, err := v.w.Write(b.Bytes()); err != nil {
		v.Log.Debug("the visitor left before the file was written", "page", v.r.URL.Path, "error", err)
	}
	return nil
}

// feed writes the newest articles of a search as a feed. A reader who has it
// already is told so in a line: without a search where nothing came into the
// archive since, which the first half of the tag tells, and after one where
// what came is not for this feed, which the second half tells.
func (v *visit) feed(feed string, values url.Values) error {
	state, err := v.feedState(feed, values)
	if err != nil {
		return err
	}
	has := v.r.Header.Get("If-None-Match")
	if state != "" && strings.Contains(has, `"`+state+"-") {
		v.w.Header().Set("ETag", has)
		v.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	a, ok, err := v.answerTo(values, FeedSize, index.Newest)
	if !ok {
		return err
	}
	var b bytes.Buffer
	if err := export.WriteFeed(&b, feed, a, v.base()+v.r.URL.RequestURI(), v.words); err != nil {
		return err
	}
	content := digest(b.Bytes())
	v.w.Header().Set("ETag", `"`+state+"-"+content+`"`)
	v.w.Header().Set("Content-Type", export.Types[feed])
	if strings.Contains(has, "-"+content+`"`) {
		v.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	http.ServeContent(v.w, v.r, "", a.Newest(), bytes.NewReader(b.Bytes()))
	return nil
}

// feedState changes with everything that can change a feed: the archive, the
// search, the day that 7d is counted from, who asks and how. It is empty where
// the state of the archive is not known.
func (v *visit) feedState(feed string, values url.Values) (string, error) {
	if v.State == nil {
		return "", nil
	}
	state, err := v.State(v.ctx)
	if err != nil || state == "" {
		return "", err
	}
	today := when.StartOfDay(v.now).Format(time.DateOnly)
	return digest(fmt.Appendf(nil, "%q", []string{state, v.Version, feed, v.words.Lang, v.base(), v.r.URL.RequestURI(), values.Encode(), today})), nil
}

// digest is short and the same for the same bytes.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// answerTo asks for what leaves the house. Where it is not to be had the page
// that says so is written and ok is false.
func (v *visit) answerTo(values url.Values, limit int, sort index.Sort) (a export.Answer, ok bool, err error) {
	if v.Answer == nil {
		return a, false, v.absent("no-export")
	}
	q, err := Query(values, v.words.Lang, v.now)
	if err != nil {
		return a, false, v.trouble(http.StatusBadRequest, "query", err.Error())
	}
	if n, err := strconv.Atoi(values.Get("limit")); err == nil && n > 0 && (limit == 0 || n < limit) {
		limit = n
	}
	q.After = ""
	if sort != "" {
		q.Sort = sort
	}
	if like := values.Get("like"); like != "" && v.AnswerLike != nil {
		a, err = v.AnswerLike(v.ctx, like, v.words.Lang, cmp.Or(limit, pageSize))
	} else {
		a, err = v.Answer(v.ctx, q, limit)
	}
	var wrong *index.SyntaxError
	if errors.As(err, &wrong) {
		return a, false, v.trouble(http.StatusBadRequest, "query", wrong.In(v.words.Lang))
	}
	if err != nil {
		return a, false, err
	}
	Describe(&a, values, v.base(), v.pack, v.words, v.now)
	return a, true, nil
}

// base is the address of this house as the visitor knows it.
func (v *visit) base() string {
	if v.r.TLS != nil {
		return "https://" + v.r.Host
	}
	return "http://" + v.r.Host
}
