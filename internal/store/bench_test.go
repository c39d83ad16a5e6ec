package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diembao/internal/news"
)

// engines runs a benchmark on SQLite and, where there is one, PostgreSQL.
func engines(b *testing.B, f func(b *testing.B, s *Store)) {
	b.Run("sqlite", func(b *testing.B) { f(b, opened(b, Options{Dir: b.TempDir()})) })
	b.Run("postgres", func(b *testing.B) { f(b, opened(b, Options{DSN: postgres(b), Dir: b.TempDir()})) })
}

// short makes the n-th short item: a title and a lead, as a feed gives them.
func short(n int) news.Article {
	a := article(fmt.Sprintf("muc-%d", n), fmt.Sprintf("Bảo hiểm xã hội trả lời kiến nghị số %d của người lao động", n),
		strings.Repeat("Người dân đề nghị cơ quan chức năng sớm giải quyết hồ sơ. ", 3), "")
	a.Via, a.Published, a.Outlet = news.Import, day0.Add(time.Duration(n)*time.Minute), fmt.Sprintf("bao-%d", n%50)
	return a
}

const batch = 256

func BenchmarkPutArticles(b *testing.B) {
	for name, body := range map[string]string{"short": "", "3kB": strings.Repeat("Thân bài viết dài. ", 120)} {
		b.Run(name, func(b *testing.B) {
			engines(b, func(b *testing.B, s *Store) {
				n := 0
				for b.Loop() {
					as := make([]news.Article, batch)
					for i := range as {
						as[i] = short(n)
						as[i].Body = body
						n++
					}
					putArticles(b, s, as...)
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
			})
		})
	}
}

func BenchmarkPutKnownArticles(b *testing.B) {
	engines(b, func(b *testing.B, s *Store) {
		as := make([]news.Article, batch)
		for i := range as {
			as[i] = short(i)
		}
		putArticles(b, s, as...)
		for b.Loop() {
			putArticles(b, s, as...)
		}
		b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "articles/s")
	})
}

func BenchmarkPutReadings(b *testing.B) {
	for name, relevant := range map[string]bool{"relevant": true, "irrelevant": false} {
		b.Run(name, func(b *testing.B) {
			engines(b, func(b *testing.B, s *Store) {
				n := 0
				for b.Loop() {
					b.StopTimer()
					as, rs := make([]news.Article, batch), make([]ArticleReading, batch)
					for i := range as {
						as[i] = short(n)
						rs[i] = reading(as[i])
						rs[i].Relevant = relevant
						n++
					}
					putArticles(b, s, as...)
					b.StartTimer()
					putReadings(b, s, rs...)
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "readings/s")
			})
		})
	}
}

// archive fills 20,000 articles, one in eight of them relevant.
func archive(b *testing.B, s *Store) {
	for n := 0; n < 20_000; n += batch {
		as, rs := make([]news.Article, batch), make([]ArticleReading, batch)
		for i := range as {
			as[i] = short(n + i)
			rs[i] = reading(as[i])
			rs[i].Relevant = (n+i)%8 == 0
			rs[i].Topics = []string{fmt.Sprintf("topic-%d", (n+i)/8%18)}
		}
		putArticles(b, s, as...)
		putReadings(b, s, rs...)
	}
}

func BenchmarkRead(b *testing.B) {
	week := Filter{From: day0.AddDate(0, 0, 5), To: day0.AddDate(0, 0, 12)}
	engines(b, func(b *testing.B, s *Store) {
		archive(b, s)
		for _, c := range []struct {
			name string
			ask  func() error
		}{
			{"newest", func() error { _, _, err := s.Newest(ctx, Filter{}, 50, ""); return err }},
			{"newest of a topic", func() error { _, _, err := s.Newest(ctx, Filter{Topics: []string{"topic-3"}}, 50, ""); return err }},
			{"newest of all", func() error { _, _, err := s.Newest(ctx, Filter{All: true}, 50, ""); return err }},
			{"a week by topic", func() error { _, err := s.Counts(ctx, AxisTopic, week); return err }},
			{"a week by outlet and day", func() error { _, err := s.CountsByDay(ctx, ByOutlet, week); return err }},
			{"256 changed articles", func() error { _, err := s.ArticlesAfter(ctx, 5000, 256); return err }},
			{"256 readings to shelve", func() error { _, err := s.ReadingsAfter(ctx, 5000, 256); return err }},
		} {
			b.Run(c.name, func(b *testing.B) {
				for b.Loop() {
					must(b, c.ask())
				}
			})
		}
	})
}
