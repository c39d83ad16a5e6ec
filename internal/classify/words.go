package classify

import "strings"

// inWords names a feature of the model as a press officer would.
func (c *Classifier) inWords(feature string) (rule, quote string) {
	kind, rest, _ := strings.Cut(feature, ":")
	switch kind {
	case "word":
		return "từ ngữ", rest
	case "found":
		return "có " + c.sign(rest), ""
	case "heard":
		return "luật nghe thấy " + map[string]string{"harm": "điều không hay", "praise": "điều tốt"}[rest], ""
	}
	axis, value, _ := strings.Cut(rest, ":")
	return "luật đọc là " + c.value(axis, value), ""
}

// sign names what was found in a text, and the part that it stands in.
func (c *Classifier) sign(found string) string {
	for part, name := range map[string]string{"title:": " ở tít", "lead:": " ở sapo"} {
		if rest, ok := strings.CutPrefix(found, part); ok {
			return c.sign(rest) + name
		}
	}
	kind, rest, _ := strings.Cut(found, ":")
	switch kind {
	case "topic", "hint":
		return "từ khóa của chủ đề " + c.label(rest)
	case "crisis":
		return "từ tin xấu mức " + rest
	case "role", "target":
		return "dấu hiệu " + worded(found)
	}
	if name, ok := signs[found]; ok {
		return name
	}
	return "dấu hiệu " + found
}

// value names a value of an axis.
func (c *Classifier) value(axis, value string) string {
	switch axis {
	case "topic", "main":
		return c.label(value)
	case "risk":
		return "rủi ro " + value
	}
	return worded(axis + ":" + value)
}

// worded is a value of an axis ("role:blamed") in words.
func worded(value string) string {
	if name, ok := values[value]; ok {
		return name
	}
	_, value, _ = strings.Cut(value, ":")
	return value
}

// label is a topic's name.
func (c *Classifier) label(id string) string {
	for _, t := range c.topics {
		if t.ID == id {
			return t.Label
		}
	}
	return id
}

// values are the words for what a reading says.
var values = map[string]string{
	"tone:negative": "tin tiêu cực", "tone:neutral": "tin trung tính", "tone:positive": "tin tích cực",
	"role:blamed": "ngành bị phê phán", "role:enforcer": "ngành xử lý vi phạm", "role:victim": "ngành bị hại, bị mạo danh",
	"role:informant": "ngành cung cấp thông tin", "role:none": "ngành không xuất hiện",
	"target:agency": "trách cơ quan BHXH", "target:fund": "trách quỹ bảo hiểm", "target:policy": "trách chính sách, quy định",
	"target:ministry": "trách bộ, ngành", "target:hospital": "trách cơ sở khám chữa bệnh", "target:employer": "trách doanh nghiệp",
	"target:criminals": "trách tội phạm, kẻ mạo danh", "target:none": "không trách ai",
}

// signs are the words for what the lists of the configuration find.
var signs = map[string]string{
	"bhxh": "tên BHXH", "bhyt": "tên BHYT", "bhtn": "tên BHTN", "agency": "tên cơ quan BHXH", "positive": "từ tin vui",
	"diminisher": "từ giảm nhẹ", "intensifier": "từ nhấn mạnh", "province": "tên tỉnh, thành", "unit": "tên đơn vị của ngành",
	"namesake": "tên trùng với địa danh", "digest": "mở đầu của bài điểm tin",
	"cue:asker": "lời người hỏi", "cue:question": "câu hỏi", "cue:single": "một đơn vị, một trường hợp", "cue:local": "dấu hiệu chỉ một nơi",
	"cue:remedy": "cách xử lý, khắc phục", "cue:proposal": "lời đề xuất", "cue:complaint": "lời phàn nàn", "cue:authority": "cơ quan ra chính sách",
	"cue:denial": "lời bác bỏ", "cue:comparison": "lời so sánh", "cue:harm": "điều không hay", "cue:strain": "điều vướng mắc",
	"cue:mere": "lời nói nhẹ đi", "cue:routine": "tin thường ngày", "cue:bare": "chữ bảo hiểm đứng một mình", "cue:kin": "chuyện gần lĩnh vực",
	"cue:not_foreign": "dấu hiệu ở Việt Nam", "cue:case": "vụ án", "cue:hurt": "người bị thiệt", "cue:insider": "người của ngành",
	"cue:breakdown": "việc đứt gãy trên diện rộng", "cue:plea": "lời kêu cứu",
	"cue:simulated": "chuyện diễn tập, giả định", "cue:cleared": "được xác nhận là làm đúng", "cue:explains": "bài giải thích quy định",
}
