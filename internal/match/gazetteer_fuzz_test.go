package match

import (
	"strings"
	"testing"

	"diembao/config"
	"diembao/internal/news"
	"diembao/internal/vi"
)

// FuzzGazetteer holds that whatever is taken for a province is written there: as
// a name, an alias or a place of that province, with a capital.
func FuzzGazetteer(f *testing.F) {
	pack, err := config.Default()
	if err != nil {
		f.Fatal(err)
	}
	m := standard(f)
	names := map[string]map[string]bool{} // province → its names, in key form
	for _, p := range pack.Provinces {
		if names[p.ID] == nil {
			names[p.ID] = map[string]bool{}
		}
		for _, list := range [][]string{{p.Name}, p.Aliases, p.Places} {
			for _, name := range list {
				names[p.ID][words(name)] = true
			}
		}
	}
	for _, s := range []string{
		"", "Hà Nội", "hà nội", "HÀ NỘI", "Bệnh viện Mắt Sài Gòn Bình Dương", "Nguyễn Hòa Bình ở Thái Bình Dương", "BHXH khu vực XX", "đường Điện Biên Phủ (An Giang)",
		"Công ty Cổ phần Bình Định", "Quy Nhơn (Gia Lai)", "TP.HCM, TP. Huế, T.P Cần Thơ", "Bạc Liêu cũ", "phường Cà Mau", "Hà \u0301Nội", "Ha\u0300 No\u0302\u0323i", "Đắk Lắk/Đăk Lăk", "\xffCà Mau\x00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range m.Find(news.Article{Title: text}, november) {
			slug, ok := strings.CutPrefix(n.What, "province:")
			if !ok {
				continue
			}
			if n.Start < 0 || n.Start >= n.End || n.End > len(text) {
				t.Fatalf("%s: offsets %d to %d of %d", n.What, n.Start, n.End, len(text))
			}
			if written := text[n.Start:n.End]; !names[slug][words(written)] || strings.ToLower(written) == written {
				t.Errorf("%q is taken for %s", written, slug)
			}
		}
	})
}

// words are the words of a text in key form.
func words(s string) string {
	var out []string
	for _, t := range vi.Tokens(s) {
		out = append(out, t.Text)
	}
	return strings.Join(out, " ")
}
