package vi

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		// tone placement
		"Hoà Bình": "hòa bình", "hòa": "hòa", "thuý": "thúy", "Khoẻ": "khỏe",
		"quý": "quý", "qúy": "quý", "quà": "quà", "toán": "toán", "tóan": "toán",
		"khuỷu": "khuỷu", "loại": "loại", "lọai": "loại", "hoằng": "hoằng", "thuở": "thuở",
		"gía": "giá", "gì": "gì", "giếng": "giếng", "giữa": "giữa", "mùa": "mùa", "uỷ": "ủy",
		"nghiêng": "nghiêng", "xoè": "xòe", "ngoéo": "ngoéo", "xoong": "xoong",
		// i and y
		"tỉ": "tỷ", "tỷ": "tỷ", "bác sỹ": "bác sĩ", "kĩ": "kỹ", "lí do": "lý do", "Mĩ": "mỹ",
		"hi vọng": "hy vọng", "qui định": "quy định", "quí": "quý", "Vỹ Dạ": "vĩ dạ",
		"tai tay": "tai tay", "thi Thy": "thi thy", "vi Vy": "vi vy", "ý": "ý", "đi": "đi",
		// capitals, đ, ð, decomposed
		"ĐỒNG": "đồng", "Ðồng": "đồng", norm.NFD.String("Đắk Lắk Nguyễn"): "đắk lắk nguyễn",
		// Hồ Chí Minh City
		"TP.HCM": "tphcm", "TP. HCM": "tphcm", "Tp HCM": "tphcm", "TPHCM": "tphcm", "T.P HCM": "tphcm",
		"TP.HCMX": "tp.hcmx", "TP.Huế": "tp.huế", "T.P Huế": "t.p huế",
		// numbers
		"1.500.000 đồng": "1500000 đồng", "1,500,000": "1500000", "1.500": "1500", "4,5%": "4,5%", "4.5%": "4,5%",
		"1.500,5": "1500,5", "0.500": "0,500", "1.2.3.4": "1.2.3.4", "500đ": "500đ",
		// dates
		"01/07/2026": "1/7/2026", "2026-07-01": "1/7/2026", "1-7-2026": "1/7/2026", "1.7.2026": "1/7/2026",
		"ngày 01/07": "ngày 1/7", "07/2026": "7/2026", "188/2025/NĐ-CP": "188/2025/nđ-cp", "12/2025/QĐ": "12/2025/qđ",
		"5-10 người": "5-10 người", "31/13": "31/13",
		"bảo\u200b hiểm": "bảo hiểm",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldAndMarked(t *testing.T) {
	for in, want := range map[string]string{
		"Bảo hiểm Y tế": "bao hiem y te", "ĐƯỜNG": "duong", "Ðà Nẵng": "da nang",
		norm.NFD.String("Thừa Thiên"): "thua thien", "naïve Ærø Ωmega": "naive ærø ωmega", "abc": "abc",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]bool{
		"bao hiem": false, "bảo hiem": true, "đi": true, norm.NFD.String("à"): true, "": false, "日本": false, "BHYT 2026": false,
	} {
		if got := Marked(in); got != want {
			t.Errorf("Marked(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"Bà Lê Thị Hoà (Q.1) nhận 1.500.000đ.":   "bà|lê|thị|hòa|q|1|nhận|1500000|đ",
		"TP.HCM: 30/4 và COVID-19, U23":          "tphcm|30/4|và|covid|19|u23",
		"Nghị định 188/2025/NĐ-CP ngày 1-7-2026": "nghị|định|188|2025|nđ|cp|ngày|1/7/2026",
		"0912.345.678 hay 0912 345 678":          "0912|345|678|hay|0912|345|678",
		"www.baohiem.example, a@b.example":       "www|baohiem|example|a|b|example",
		"từ 5-10% (tăng 1,5 lần), 2.340.000":     "từ|5|10|tăng|1,5|lần|2340000",
		"":      "",
		"…!? –": "",
		norm.NFD.String("Trần Văn Mẫn ở Đắk Lắk"): "trần|văn|mẫn|ở|đắk|lắk",
	} {
		tokens := Tokens(in)
		texts := make([]string, len(tokens))
		for i, tok := range tokens {
			texts[i] = tok.Text
			if piece := in[tok.Start:tok.End]; Key(piece) != tok.Text {
				t.Errorf("%q: token %q stands at %q", in, tok.Text, piece)
			}
		}
		if got := strings.Join(texts, "|"); got != want {
			t.Errorf("Tokens(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	for in, want := range map[string][]string{
		"Ông Mẫn nói. Bà Lài nghe!":                                  {"Ông Mẫn nói.", "Bà Lài nghe!"},
		"TP. Huế và TP.HCM cùng tăng. PGS. TS. Hà Minh Tuệ nói vậy.": {"TP. Huế và TP.HCM cùng tăng.", "PGS. TS. Hà Minh Tuệ nói vậy."},
		"Quỹ chi 1.500.000 đồng.\nDòng hai":                          {"Quỹ chi 1.500.000 đồng.", "Dòng hai"},
		"1. Mức đóng mới":                                            {"1. Mức đóng mới"},
		"Bà nói: \"Tôi đã nộp.\" Rồi đi.":                            {"Bà nói: \"Tôi đã nộp.\"", "Rồi đi."},
		"Chờ… rồi về. ":                                              {"Chờ… rồi về."},
		"":                                                           nil,
	} {
		var got []string
		for _, s := range Sentences(in) {
			got = append(got, in[s.Start:s.End])
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("Sentences(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}
