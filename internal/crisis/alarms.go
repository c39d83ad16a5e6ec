package crisis

// Alarms returns what the watch hears in the words of one article by itself:
// "threat:ID", "leader", "authority", each with the sentence it stands in. What
// becomes of it is for the story to say.
func (r *Rules) Alarms(title, lead string) map[string]string {
	text := read(Article{Title: title, Lead: lead}).sentences
	heard := map[string]string{}
	if t, quote, ok := r.threatened(text); ok {
		heard["threat:"+t.ID] = quote
	}
	if quote, ok := r.leaders.find(text); ok {
		heard["leader"] = quote
	}
	if quote, ok := r.authorities.find(text); ok {
		heard["authority"] = quote
	}
	return heard
}
