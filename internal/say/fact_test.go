package say

import (
	"testing"
	"time"
)

func TestFactsAreToldInTheReadersLanguage(t *testing.T) {
	at := time.Date(2026, 7, 6, 8, 30, 0, 0, vn)
	for _, c := range []struct {
		fact   Fact
		vi, en string
	}{
		{Seen("seen.late", "Span", 40*time.Minute), "Lần trả lời gần nhất mất 40 phút.", "The last answer took 40 minutes."},
		{Seen("seen.fewer", "Late", 1, "Of", 12, "What", "lead", "Share", 0.955), "Chỉ 1 trong 12 trang gần nhất có sa-pô; trước đây 95,5 % có.", "Only 1 of the last 12 pages gave a lead; before, 95.5 % did."},
		{Seen("seen.overdue", "Time", at), "Lẽ ra phải hỏi lúc 08:30 06/07/2026 mà chưa ai hỏi.", "Its visit was due at 08:30 06/07/2026 and nobody has made it."},
		{Seen("seen.fetch.server-error", "Status", 5000), "Máy chủ trả lời 5000: lỗi phía báo.", "The server answered 5000: the trouble is theirs."},
	} {
		kept := c.fact.String()
		if got := In("vi").Tell(kept); got != c.vi {
			t.Errorf("%s is told as %q, want %q", kept, got, c.vi)
		}
		if got := In("en").Tell(kept); got != c.en {
			t.Errorf("%s is told as %q, want %q", kept, got, c.en)
		}
	}
	for _, words := range []string{"", "the server answered 500", `{"fact":` /* cut short */} {
		if got := In("vi").Tell(words); got != words {
			t.Errorf("%q, kept in words, is told as %q", words, got)
		}
	}
}
