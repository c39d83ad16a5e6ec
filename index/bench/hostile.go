package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diembao/index"
)

// hostile are questions that nobody means well: each is to be answered, or
// refused in words, within a tenth of a second.
var hostile = []string{
	"", "\x00\x01\x02", "\u202e\u200fảoh", "\xff\xfe", "((((((((", "\"", "NOT", "AND AND", "level:", "from:", "to:99/99/9999", "*", "~", "word~99", "e\u0302\u0301 a\u0306\u0323",
	strings.Repeat("ba OR ", 3000) + "ca", strings.Repeat("ba ca ", 17_000), strings.Repeat("b", 100_000), strings.Repeat("(", 4000), strings.Repeat("NOT ", 900) + "ba", strings.Repeat("\"ba ca\" ", 900),
	strings.Repeat("ba OR ", 40) + "ca", "kh* OR ng* OR th* OR tr* OR nh* OR ph* OR gi* OR qu*", "nghieng~ OR thuong~ OR truong~ OR nhanh~", "NOT ba", "\"ba ca da ga\"~100",
}

// underFire asks each hostile question and tells the slowest.
func (o *ours) underFire(ctx context.Context) error {
	var worst time.Duration
	var of string
	refused := 0
	for _, text := range hostile {
		started := time.Now()
		_, err := o.Search(ctx, index.Query{Text: text, Limit: 20, Facets: fields, Now: lastMoment})
		took := time.Since(started)
		var wrong *index.SyntaxError
		if errors.As(err, &wrong) {
			refused++
		} else if err != nil {
			return fmt.Errorf("%.40q: %w", text, err)
		}
		if took > worst {
			worst, of = took, text
		}
	}
	fmt.Printf("%d hostile questions, %d refused in words; the slowest, %.40q, took %.1f ms\n", len(hostile), refused, of, ms(worst))
	return nil
}
