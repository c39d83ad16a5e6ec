package index

import "testing"

func TestUntelex(t *testing.T) {
	for typed, want := range map[string]string{
		"hieemr": "hiểm", "tees": "tế", "xax": "xã", "hooij": "hội", "luowng": "lương", "lwowng": "lương", "huwu": "hưu", "hwu": "hưu", "nghir": "nghỉ",
		"beenhj": "bệnh", "vieejn": "viện", "vieenj": "viện", "vietej": "việt", "chuwax": "chữa", "luwaf": "lừa", "ddaor": "đảo", "nguwofi": "người", "nguowif": "người",
		"ddoongj": "động", "dongdj": "đọng", "sanr": "sản", "hoaf": "hòa", "thuyr": "thủy", "quys": "quý", "truowngf": "trường",
	} {
		got, ok := untelex(typed)
		if got != want || !ok {
			t.Errorf("%s is %q, %v; want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"bao", "the", "class", "server", "x", "covid", "thẻ", "500", "w", "s"} {
		if got, ok := untelex(typed); ok && got != "ư" {
			t.Errorf("%s is taken for %s", typed, got)
		}
	}
}
