package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"diembao/index"
	"diembao/internal/say"
)

// wrong is an answer of the API that is none.
type wrong struct {
	Error  string `json:"error"`
	Column int    `json:"column,omitempty"` // where a query is wrong, in characters from 1
}

// api answers GET /api/search for programs, the command line among them.
func (s *site) api(w http.ResponseWriter, r *http.Request) {
	lang := r.URL.Query().Get("lang")
	if s.API == nil {
		s.json(w, r, http.StatusServiceUnavailable, wrong{Error: say.In(lang).Say("web.trouble.no-index.what")})
		return
	}
	if _, err := Query(r.URL.Query(), lang, s.Now()); err != nil {
		s.json(w, r, http.StatusBadRequest, wrong{Error: err.Error()})
		return
	}
	answer, err := s.API(r.Context(), r.URL.Query())
	var syntax *index.SyntaxError
	switch {
	case err == nil:
		s.json(w, r, http.StatusOK, answer)
	case r.Context().Err() != nil:
	case errors.As(err, &syntax):
		s.json(w, r, http.StatusBadRequest, wrong{syntax.In(lang), syntax.Column})
	default:
		s.Log.Error("a search could not be answered", "error", err)
		s.json(w, r, http.StatusInternalServerError, wrong{Error: err.Error()})
	}
}

// healthz tells a watchdog whether the archive answers.
func (s *site) healthz(w http.ResponseWriter, r *http.Request) {
	type health struct {
		OK       bool   `json:"ok"`
		Articles int    `json:"articles"`
		At       string `json:"at"`
		Why      string `json:"why,omitempty"`
	}
	h := health{OK: true, At: s.Now().Format(time.RFC3339)}
	status := http.StatusOK
	totals, err := s.Store.Totals(r.Context())
	if err != nil {
		h.OK, h.Why, status = false, err.Error(), http.StatusServiceUnavailable
	}
	h.Articles = totals.Articles
	s.json(w, r, status, h)
}

func (s *site) json(w http.ResponseWriter, r *http.Request, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		s.Log.Error("an answer could not be written as JSON", "page", r.URL.Path, "error", err)
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written as JSON; the log says why"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(append(body, '\n')); err != nil {
		s.Log.Debug("the caller left before the answer was written", "page", r.URL.Path, "error", err)
	}
}
