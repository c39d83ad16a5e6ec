package main
import ("net/http";"diembao/internal/web")
func (s *server) handler() http.Handler { return web.New(web.Options{}) }
