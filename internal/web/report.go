package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"

	"diembao/internal/when"
)

// reportPage frames the report of a period.
type reportPage struct {
	Period               when.Period
	Document, Prev, Next string
	Kinds                []choice
	Bad                  string
	Running              bool // the period is not over
}

// period is the one asked for; last week otherwise.
func (v *visit) period() (when.Period, string) {
	last := when.Of(when.Weekly, v.now).Prev()
	asked := v.r.URL.Query().Get("period")
	if asked == "" {
		return last, ""
	}
	p, err := when.ParsePeriod(asked, v.now)
	if err != nil {
		return last, asked
	}
	return p, ""
}

func (v *visit) report() error {
	if v.Report == nil {
		return v.absent("no-report")
	}
	period, bad := v.period()
	address := func(path string, p when.Period) string {
		return path + "?" + url.Values{"period": {p.String()}}.Encode()
	}
	p := &reportPage{Period: period, Bad: bad, Document: address("/report/document", period), Prev: address("/report", period.Prev()),
		Running: period.To.After(v.now)}
	if next := period.Next(); next.From.Before(v.now) {
		p.Next = address("/report", next)
	}
	for _, k := range []when.Kind{when.Daily, when.Weekly, when.Monthly, when.HalfYear} {
		last := when.Of(k, v.now).Prev()
		p.Kinds = append(p.Kinds, choice{Label: v.words.Say("web.period." + string(k)), URL: address("/report", last), On: period.Kind == k})
	}
	return v.show("report", v.words.Say("web.report"), p)
}

// reportDocument is the report alone, as it goes out by mail: a document with
// a style of its own, allowed by its digest, and nothing that runs.
func (v *visit) reportDocument() error {
	if v.Report == nil {
		return v.absent("no-report")
	}
	period, _ := v.period()
	doc, err := v.Report(v.ctx, period.From, period.To, v.words.Lang)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self' data:; style-src "+styleDigest(doc)+
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation")
	h.Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(http.StatusOK)
	if _, err := v.w.Write(doc); err != nil {
		v.Log.Debug("the visitor left before the report was written", "error", err)
	}
	return nil
}

// styleDigest names the first style element of a document as a policy does.
// Text from the press cannot make one: it is escaped.
func styleDigest(doc []byte) string {
	_, rest, found := bytes.Cut(doc, []byte("<style>"))
	style, _, closed := bytes.Cut(rest, []byte("</style>"))
	if !found || !closed {
		return "'none'"
	}
	sum := sha256.Sum256(style)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
