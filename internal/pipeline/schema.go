package pipeline

import (
	"diembao/config"
	"diembao/index"
	"diembao/internal/say"
)

// Schema is what the index keeps of an article beside its text, and how people
// name it in queries: in Vietnamese, in English, and by id.
func Schema(pack config.Pack) index.Schema {
	vi, en := say.In("vi"), say.In("en")
	field := func(name string, aliases []string, values ...index.Value) index.Field {
		id := "field." + name
		return index.Field{Name: name, Aliases: aliases, Label: map[string]string{"vi": vi.Say(id), "en": en.Say(id)}, Values: values}
	}
	said := func(prefix string, names ...string) []index.Value {
		var out []index.Value
		for _, n := range names {
			label := map[string]string{"vi": vi.Say(prefix + n), "en": en.Say(prefix + n)}
			out = append(out, index.Value{Name: n, Aliases: []string{label["vi"], label["en"]}, Label: label})
		}
		return out
	}
	return index.Schema{
		Version: "3",
		Copy:    "copy",
		Default: []index.Filter{{Field: "relevant", Values: []string{"yes", "uncertain"}}},
		Fields: []index.Field{
			field("outlet", []string{"bao"}, outletValues(pack)...),
			field("level", []string{"cap"}, said("level.", "central", "local")...),
			field("reach", []string{"tam"}, said("reach.", "national", "local")...),
			field("kind", []string{"loai"}, said("kind.", "press", "broadcaster", "agency-portal", "magazine", "provincial-portal", "government-portal", "social", "aggregator")...),
			field("province", []string{"tinh"}, provinceValues(pack)...),
			field("topic", []string{"chude"}, topicValues(pack)...),
			field("insurance", []string{"baohiem"}, said("insurance.", "bhxh", "bhyt", "bhtn")...),
			field("tone", []string{"sacthai"}, said("tone.", "negative", "neutral", "positive")...),
			field("role", []string{"vaitro"}, said("role.", "blamed", "enforcer", "victim", "informant", "none")...),
			field("scope", []string{"phamvi"}, said("scope.", "national", "local")...),
			field("target", []string{"doituong"}),
			field("form", []string{"dang"}, said("form.", "news", "video", "photo", "infographic", "print", "tv", "radio", "social")...),
			field("via", []string{"duongvao"}, said("via.", "crawl", "import", "backfill", "clip")...),
			field("relevant", []string{"lienquan"}, said("relevant.", "yes", "uncertain", "no")...),
			field("unit", []string{"donvi"}), field("story", nil), field("copy", nil), field("lang", []string{"ngonngu"}, said("lang.", "vi", "en")...),
			names(field("author", []string{"tacgia"})),
			of("story", field("incident", []string{"suviec"}, said("state.", "open", "acked", "fading", "closed", "false")...)),
		},
		Synonyms: synonyms,
		Renames:  renames(pack),
	}
}

// names is a field of names.
func names(f index.Field) index.Field {
	f.Names = true
	return f
}

// of is a field that stands for another.
func of(other string, f index.Field) index.Field {
	f.Of = other
	return f
}

func outletValues(pack config.Pack) []index.Value {
	var out []index.Value
	for _, o := range pack.Outlets {
		v := index.Value{Name: o.ID, Aliases: []string{o.Name}, Label: map[string]string{"vi": o.Name, "en": o.Name}}
		for _, d := range o.Domains {
			v.Aliases = append(v.Aliases, d.Host)
		}
		out = append(out, v)
	}
	return out
}

func provinceValues(pack config.Pack) []index.Value {
	var out []index.Value
	for _, p := range pack.Provinces {
		out = append(out, index.Value{Name: p.ID, Aliases: append([]string{p.Name}, p.Aliases...), Label: map[string]string{"vi": p.Name, "en": p.Name}})
	}
	return out
}

func topicValues(pack config.Pack) []index.Value {
	var out []index.Value
	for _, t := range pack.Topics.Topics {
		out = append(out, index.Value{Name: t.ID, Aliases: []string{t.Label, t.LabelEN}, Label: map[string]string{"vi": t.Label, "en": t.LabelEN}})
	}
	return out
}
