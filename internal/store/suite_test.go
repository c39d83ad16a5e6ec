package store

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"diembao/internal/news"
)

func TestMain(m *testing.M) {
	if os.Getenv("STORE_TEST_DIE_IN") != "" {
		writeUntilKilled()
	}
	goleak.VerifyTestMain(m)
}

var ctx = context.Background()

// day0 is when these tests play: a Monday noon in Viet Nam.
var day0 = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

// onBoth runs a test on SQLite and, where DIEMBAO_TEST_POSTGRES names a
// server, on PostgreSQL, each time on an archive of its own.
func onBoth(t *testing.T, f func(t *testing.T, o Options)) {
	t.Run("sqlite", func(t *testing.T) { f(t, Options{Dir: filepath.Join(t.TempDir(), "data")}) })
	t.Run("postgres", func(t *testing.T) { f(t, Options{DSN: postgres(t), Dir: t.TempDir()}) })
}

// postgres returns the address of an empty schema on the test server.
func postgres(t testing.TB) string {
	dsn := os.Getenv("DIEMBAO_TEST_POSTGRES")
	if dsn == "" && os.Getenv("CI") == "true" {
		t.Fatal("DIEMBAO_TEST_POSTGRES is not set: CI must try PostgreSQL; see .ci/run")
	}
	if dsn == "" {
		t.Skip("NOT TRIED ON POSTGRESQL: set DIEMBAO_TEST_POSTGRES=postgres://user:password@host:port/database")
	}
	conn, err := pgx.Connect(ctx, dsn)
	must(t, err)
	schema := "t_" + strings.ToLower(rand.Text())
	_, err = conn.Exec(ctx, "CREATE SCHEMA "+schema)
	must(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE")
		must(t, err)
		must(t, conn.Close(ctx))
	})
	u, err := url.Parse(dsn)
	must(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// opened opens an archive for the length of a test.
func opened(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(ctx, o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do runs one transaction that must succeed.
func do(t testing.TB, s *Store, f func(*Tx) error) {
	t.Helper()
	must(t, s.Do(ctx, f))
}

// article makes an article of an invented paper.
func article(path, title, lead, body string) news.Article {
	canonical := "bao-a.example/" + path
	return news.Article{ID: news.ID(canonical), URL: "https://" + canonical, Canonical: canonical, Outlet: "bao-a",
		Title: title, Lead: lead, Body: body, Published: day0, Via: news.Crawl, Lang: "vi"}
}

// putArticles keeps articles at day0 and returns what happened.
func putArticles(t testing.TB, s *Store, as ...news.Article) (put Put) {
	t.Helper()
	do(t, s, func(tx *Tx) (err error) {
		put, err = tx.PutArticles(ctx, as, day0)
		return err
	})
	return put
}

// reading makes a relevant reading of an article.
func reading(a news.Article) ArticleReading {
	return ArticleReading{ArticleID: a.ID, Version: 1, Reading: news.Reading{
		Rules: "r1", Relevant: true, Insurance: []string{news.BHYT}, Topics: []string{"bhyt_claims", "fraud"}, Scope: "local",
		Provinces: []string{"hue"}, Current: []string{"hue"}, Tone: "negative", Role: "blamed", Target: "agency", Risk: 2,
		Level: "central", Reach: "national", Verdicts: map[string]news.Verdict{
			"relevant": {Value: true, Confidence: .9, Reasons: []news.Reason{{Rule: "tên bảo hiểm", Where: news.Title, Quote: "BHYT", Weight: 2}}},
			"risk":     {Value: 2, Confidence: .6},
			"topics":   {Value: []string{"bhyt_claims", "fraud"}, Confidence: .7},
		}}}
}

func putReadings(t testing.TB, s *Store, rs ...ArticleReading) {
	t.Helper()
	do(t, s, func(tx *Tx) error { return tx.PutReadings(ctx, rs) })
}
