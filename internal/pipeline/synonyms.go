package pipeline

import (
	"time"

	"diembao/config"
	"diembao/index"
)

// synonyms are the short forms of the beat and what they stand for.
var synonyms = [][]string{
	{"BHXH", "bảo hiểm xã hội"}, {"BHYT", "bảo hiểm y tế"}, {"BHTN", "bảo hiểm thất nghiệp"},
	{"KCB", "khám chữa bệnh"}, {"NLĐ", "người lao động"}, {"HSSV", "học sinh sinh viên"}, {"CCCD", "căn cước công dân"},
	{"UBND", "ủy ban nhân dân"}, {"ĐBQH", "đại biểu Quốc hội"}, {"TP.HCM", "TP Hồ Chí Minh", "thành phố Hồ Chí Minh"},
	labourMinistry,
}

// labourMinistry is the ways to write the ministry that is part of another
// since 1 March 2025.
var labourMinistry = []string{"Bộ LĐ-TB&XH", "Bộ LĐTBXH", "Bộ Lao động - Thương binh và Xã hội"}

// renames are names that gave way to others: offices, and the provinces of
// the pack. A province is meant only where "tỉnh" stands before it: alone,
// Hòa Bình and Thái Bình are too often something else.
func renames(pack config.Pack) []index.Rename {
	var out []index.Rename
	for _, name := range labourMinistry {
		out = append(out, index.Rename{Old: name, New: "Bộ Nội vụ", On: time.Date(2025, 3, 1, 0, 0, 0, 0, config.VN)})
	}
	names := map[string]string{}
	for _, p := range pack.Provinces {
		names[p.ID] = p.Name
	}
	for _, p := range pack.Provinces {
		if now := names[p.Current]; !p.To.IsZero() && now != "" && p.Current != p.ID {
			out = append(out, index.Rename{Old: "tỉnh " + p.Name, New: "tỉnh " + now, On: p.To.AddDate(0, 0, 1)})
		}
	}
	return out
}
