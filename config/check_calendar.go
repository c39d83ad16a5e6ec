package config

import "fmt"

// calendar looks at the planned peaks.
func (c *checker) calendar() {
	topics := idsOf(c.pack.Topics.Topics, func(t Topic) string { return t.ID })
	for _, p := range c.pack.Calendar.Peaks {
		at := func(key ...string) []string { return append([]string{"calendar", "peaks", p.ID}, key...) }
		c.slug(p.ID, at("id")...)
		c.filled(p.Name, at("name")...)
		if (p.Yearly == "") == p.From.IsZero() {
			c.bad("", "a peak is either yearly or has a day it is from; write one of the two", at()...)
		}
		if p.Yearly != "" && !p.To.IsZero() {
			c.bad("", "a yearly peak has no last day; say with after how many days it goes on", at("to")...)
		}
		c.inOrder(p.From, p.To, at()...)
		if p.Times < 1 || p.Times > 20 {
			c.bad(fmt.Sprint(p.Times), "a planned peak brings 1 to 20 times the usual number", at("times")...)
		}
		atLeast(c, p.Before, 0, at("before")...)
		atLeast(c, p.After, 0, at("after")...)
		for i, id := range p.Topics {
			c.refers(id, "topic", topics, at("topics", nth(i))...)
		}
	}
}
