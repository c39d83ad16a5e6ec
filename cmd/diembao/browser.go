package main

import (
	"slices"

	"diembao/config"
	"diembao/internal/pipeline"
	"diembao/internal/render"
)

// browser gives a pipeline that fetches a Chromium, where one of the outlets
// wants it. Without one the other outlets are read all the same, and the log
// says what is missing.
func (h *house) browser(p *pipeline.Pipeline, outlets []config.Outlet) {
	i := slices.IndexFunc(outlets, func(o config.Outlet) bool { return o.Render })
	if i < 0 {
		return
	}
	r, err := render.New(render.Options{Agent: p.Fetch.Agent()})
	if err != nil {
		h.log.Warn("pages that only scripts build are not read", "outlet", outlets[i].ID, "error", err)
		return
	}
	p.Render = r.Page
}
