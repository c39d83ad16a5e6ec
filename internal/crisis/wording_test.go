package crisis

import (
	"fmt"
	"math"
	"testing"

	"diembao/config"
)

// eight stories, four of each kind: a word has to stand in four to be learnt.
func eight() []Told {
	return []Told{
		{Crisis: true, Articles: []Wording{{"Người bệnh chờ thuốc 12 ngày", "Chờ mãi."}, {"Lại chờ", "Không ai trả lời."}}},
		{Crisis: true, Articles: []Wording{{"Cụ bà chờ lương hưu 3 tháng", "Chờ từ sáng."}}},
		{Crisis: true, Articles: []Wording{{"Chờ dấu giáp lai", "Chờ sang tuần thứ 5."}}},
		{Crisis: true, Articles: []Wording{{"Sản phụ chờ tiền", "Vẫn chờ."}}},
		{Articles: []Wording{{"Trao tặng 300 thẻ", "Bà con vui."}}},
		{Articles: []Wording{{"Tặng sổ cho 20 ngư dân", "Lễ trao tặng."}}},
		{Articles: []Wording{{"Tặng quà học sinh", "Buổi trao ấm áp."}}},
		{Articles: []Wording{{"Trao thẻ cho người nghèo", "Tặng thêm 40 suất."}}},
	}
}

func TestLearnWeighsTheWordsOfBothKinds(t *testing.T) {
	learnt := Learn(eight())
	if a, b := fmt.Sprint(learnt), fmt.Sprint(Learn(eight())); a != b {
		t.Errorf("the same stories gave %s and %s", a, b)
	}
	w := worded(learnt)
	bad := w.of(read(Article{Title: "Người dân chờ thẻ", Lead: "Chờ đã 7 tuần."}))
	good := w.of(read(Article{Title: "Trao tặng xe lăn", Lead: ""}))
	if bad <= 0 || good >= 0 {
		t.Errorf("the odds are %.2f of bad and %.2f of good news, with %v", bad, good, learnt)
	}
	if _, ok := w.weight["trả lời"]; ok {
		t.Error("a word of one story alone was learnt")
	}
	for gram := range w.weight {
		if gram == "12" || gram == "300" {
			t.Errorf("the number %s was learnt as itself", gram)
		}
	}
}

// The fit is where its loss is least: the slope there is as good as none.
func TestLearnEndsWhereTheSlopeIsFlat(t *testing.T) {
	words, examples := gather(eight())
	theta := fit(len(words), examples)
	grad := make([]float64, len(theta))
	slope(theta, examples, grad)
	for i, g := range grad {
		if math.Abs(g) > 1e-6 {
			t.Errorf("the slope of %d is %g", i, g)
		}
	}
}

func TestWordsSpeakInTheFactor(t *testing.T) {
	w := worded(config.Wording{Words: map[int][]string{30: {"không", "không ai"}, 20: {"chờ", "trả lời"}, -15: {"tặng"}}})
	a := read(Article{Title: "Không ai trả lời", Lead: "Người già chờ."})
	if got := w.telling(a, 5); fmt.Sprint(got) != "[chờ trả lời]" {
		t.Errorf("the words that speak are %v", got)
	}
}
