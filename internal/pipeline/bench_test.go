package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// invented is a stream of n articles made of the demo's texts, each with words
// of its own: about a third of them ours, as few as in a real stream.
func invented(b *testing.B, h *house, n int) []byte {
	b.Helper()
	var texts []map[string]any
	for _, a := range h.press.Articles() {
		v := last(a)
		texts = append(texts, map[string]any{"title": v.Title, "summary": v.Lead, "body": strings.Join(v.Paragraphs, "\n")})
		if !a.Relevant() {
			for range 8 {
				texts = append(texts, texts[len(texts)-1])
			}
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	for i := range n {
		x := map[string]any{}
		for k, v := range texts[i%len(texts)] {
			x[k] = v
		}
		x["url"] = fmt.Sprintf("https://bao-%d.example/bai-%d.html", i%97, i)
		x["title"] = fmt.Sprintf("%s (kỳ %d, xã số %d)", x["title"], i, i*7919%1000)
		x["published"] = h.press.Start().Add(time.Duration(i) * time.Minute)
		must(b, e.Encode(x))
	}
	return out.Bytes()
}

const inventedItems = 2000

// BenchmarkImport stores a stream; reading it is BenchmarkRead's.
func BenchmarkImport(b *testing.B) {
	raw := invented(b, open(b), inventedItems)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		b.StopTimer()
		h := open(b)
		b.StartTimer()
		_, err := h.Import(b.Context(), "tin.jsonl", bytes.NewReader(raw), nil)
		must(b, err)
	}
	b.ReportMetric(float64(inventedItems*b.N)/b.Elapsed().Seconds(), "items/s")
}

// BenchmarkRead reads a stored stream: mentions, reading, story, store.
func BenchmarkRead(b *testing.B) {
	h := open(b)
	_, err := h.Import(b.Context(), "tin.jsonl", bytes.NewReader(invented(b, h, inventedItems)), nil)
	must(b, err)
	for b.Loop() {
		b.StopTimer()
		h.restart()
		h.moveBack(b)
		b.StartTimer()
		n, err := h.Read(b.Context())
		must(b, err)
		if n != inventedItems {
			b.Fatalf("%d articles were read", n)
		}
	}
	b.ReportMetric(float64(inventedItems*b.N)/b.Elapsed().Seconds(), "items/s")
}

// BenchmarkCatchUp does all three at once, as `import` does: from the file to
// read, stored and indexed.
func BenchmarkCatchUp(b *testing.B) {
	raw := invented(b, open(b), inventedItems)
	for b.Loop() {
		b.StopTimer()
		h := open(b)
		h.index(b)
		b.StartTimer()
		must(b, h.importAll(b.Context(), raw))
	}
	b.ReportMetric(float64(inventedItems*b.N)/b.Elapsed().Seconds(), "items/s")
}

// importAll imports, reads and indexes a stream.
func (h *house) importAll(ctx context.Context, raw []byte) error {
	return h.CatchUp(ctx, func(ctx context.Context) error {
		_, err := h.Import(ctx, "tin.jsonl", bytes.NewReader(raw), nil)
		return err
	})
}
