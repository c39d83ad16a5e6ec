package say

import "testing"

// What a rule said in Vietnamese is said in English by its form, the fuller
// form first, part by part; what is of no form stays as it is.
func TestRetell(t *testing.T) {
	named := func(s string) string {
		if s == "Khám chữa bệnh, thanh toán BHYT" {
			return "Care and claims"
		}
		return s
	}
	w := In("en")
	for said, want := range map[string]string{
		"tái phát: giống sự việc cũ 0.71; cùng nêu Suối Đá, Lò Văn Sảnh; “chạy thận”": "told anew: like the incident before, 0.71; both name Suối Đá, Lò Văn Sảnh; “chạy thận”",
		"nhập vào i-s-1":       "merged into i-s-1",
		"nêu tên BHXH":         "names BHXH",
		"nêu tên cơ quan BHXH": "names the agency",
		"từ khóa mạnh: Khám chữa bệnh, thanh toán BHYT": "strong keyword: Care and claims",
		"điều không hay xảy ra":                         "harm happens",
		"mô hình 3e5c8e7b, học từ 3 lời của người: Khám chữa bệnh, thanh toán BHYT: có từ khóa của chủ đề Khám chữa bệnh, thanh toán BHYT ở tít": "model 3e5c8e7b, taught by 3 words of people: Care and claims: has a keyword of Care and claims in the title",
		"mô hình, cách làm hay: Mỗi ngày một nghìn":                                  "good model: Mỗi ngày một nghìn",
		"đơn vị: BHXH Huế, khi ấy là Bảo hiểm xã hội thành phố Huế; nay là BHXH Huế": "office: BHXH Huế, then Bảo hiểm xã hội thành phố Huế; today BHXH Huế",
		"từ tin xấu mức 3, bị phủ định bởi “không”":                                  "word of bad news, severity 3, negated by “không”",
	} {
		if got, ok := w.Retell(said, named); got != want || !ok {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
	if got, ok := w.Retell("Ốc vít", named); got != "Ốc vít" || ok {
		t.Errorf("what is of no form became %q", got)
	}
	if got, ok := In("vi").Retell("nêu tên BHXH", named); got != "nêu tên BHXH" || !ok {
		t.Errorf("in Vietnamese it is %q", got)
	}
}
