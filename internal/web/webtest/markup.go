package webtest

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Markup lists what is wrong with the markup of a page.
func Markup(text string) (faults []string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return []string{err.Error()}
	}
	faults = append(faults, nesting(text)...)
	faults = append(faults, frame(doc)...)
	faults = append(faults, inline(doc)...)
	faults = append(faults, identity(doc)...)
	faults = append(faults, controls(doc)...)
	for _, table := range all(doc, "table") {
		faults = append(faults, tableFaults(table)...)
	}
	return faults
}

var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

// nesting finds tags that are not closed in the order they were opened; a parser would mend them silently.
func nesting(text string) (faults []string) {
	z := html.NewTokenizer(strings.NewReader(text))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				faults = append(faults, faultf("not closed: %v", open))
			}
			return faults
		case html.StartTagToken:
			name, _ := z.TagName()
			if tag := string(name); !void[tag] {
				if parent := last(open); tag != "" && forbidden(parent, tag) {
					faults = append(faults, faultf("<%s> inside <%s>", tag, parent))
				}
				open = append(open, tag)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if last(open) != string(name) {
				return append(faults, faultf("</%s> closes <%s>", name, last(open)))
			}
			open = open[:len(open)-1]
		}
	}
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

var blocks = map[string]bool{"div": true, "p": true, "ul": true, "ol": true, "dl": true, "table": true, "section": true, "form": true, "h1": true, "h2": true, "h3": true, "details": true, "fieldset": true, "nav": true}

// forbidden are the parents that content models allow words only in.
func forbidden(parent, tag string) bool {
	switch parent {
	case "p", "span", "h1", "h2", "h3", "button", "label", "time", "data", "strong", "b", "caption", "legend", "summary":
		return blocks[tag] && !(parent == "summary" && strings.HasPrefix(tag, "h")) && parent != "caption"
	case "ul", "ol":
		return tag != "li"
	case "dl":
		return tag != "div" && tag != "dt" && tag != "dd"
	case "tr":
		return tag != "td" && tag != "th"
	}
	return false
}

func frame(doc *html.Node) (faults []string) {
	if n := len(all(doc, "h1")); n != 1 {
		faults = append(faults, faultf("%d h1, one is needed", n))
	}
	if textOf(first(doc, "title")) == "" {
		faults = append(faults, "no title")
	}
	if lang, _ := attr(first(doc, "html"), "lang"); lang == "" {
		faults = append(faults, "html has no lang")
	}
	if len(all(doc, "main")) != 1 {
		faults = append(faults, "one main is needed")
	}
	level := 1
	each(doc, func(n *html.Node) {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			now := int(n.Data[1] - '0')
			if now > level+1 {
				faults = append(faults, faultf("h%d %q after h%d", now, textOf(n), level))
			}
			level = now
		}
	})
	return faults
}

// inline finds what the security policy would block.
func inline(doc *html.Node) (faults []string) {
	each(doc, func(n *html.Node) {
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil || n.Data == "iframe" {
			faults = append(faults, faultf("inline <%s>", n.Data))
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				faults = append(faults, faultf("<%s %s=…>", n.Data, a.Key))
			}
			if (a.Key == "src" || n.Data == "link" && a.Key == "href") && strings.Contains(a.Val, "//") && !strings.HasPrefix(a.Val, "data:") {
				faults = append(faults, faultf("foreign source %s", a.Val))
			}
		}
	})
	return faults
}

// identity finds repeated ids, and references to ids that do not exist.
func identity(doc *html.Node) (faults []string) {
	ids := map[string]bool{}
	each(doc, func(n *html.Node) {
		if id, ok := attr(n, "id"); ok {
			if ids[id] {
				faults = append(faults, faultf("id %s stands twice", id))
			}
			ids[id] = true
		}
	})
	each(doc, func(n *html.Node) {
		for _, a := range n.Attr {
			refs := []string{}
			switch {
			case a.Key == "for", a.Key == "aria-describedby", a.Key == "aria-labelledby", a.Key == "headers", a.Key == "form":
				refs = strings.Fields(a.Val)
			case a.Key == "href" && n.Data == "a" && strings.HasPrefix(a.Val, "#"):
				refs = []string{a.Val[1:]}
			}
			for _, ref := range refs {
				if !ids[ref] {
					faults = append(faults, faultf("<%s %s=%s> leads nowhere", n.Data, a.Key, ref))
				}
			}
		}
	})
	return faults
}

// controls finds fields without a label, links and buttons without words, forms that change things unprotected.
func controls(doc *html.Node) (faults []string) {
	labelled := map[string]bool{}
	for _, l := range all(doc, "label") {
		if id, ok := attr(l, "for"); ok && textOf(l) != "" {
			labelled[id] = true
		}
		for _, in := range all(l, "input") {
			if textOf(l) != "" {
				labelled[key(in)] = true
			}
		}
	}
	each(doc, func(n *html.Node) {
		switch n.Data {
		case "input", "select", "textarea":
			if kind, _ := attr(n, "type"); kind != "hidden" && !labelled[key(n)] {
				faults = append(faults, faultf("<%s name=%s> has no label", n.Data, name(n)))
			}
		case "a":
			if href, _ := attr(n, "href"); href == "" || linkName(n) == "" {
				faults = append(faults, faultf("link %q leads to %q", textOf(n), href))
			}
		case "button":
			if label, _ := attr(n, "aria-label"); textOf(n) == "" && label == "" {
				faults = append(faults, "button without words")
			}
		case "img":
			if _, ok := attr(n, "alt"); !ok {
				faults = append(faults, "img without alt")
			}
		case "form":
			faults = append(faults, formFaults(n)...)
		}
	})
	return faults
}

func key(n *html.Node) string {
	if id, ok := attr(n, "id"); ok {
		return id
	}
	kind, _ := attr(n, "type")
	value, _ := attr(n, "value")
	return kind + " " + name(n) + " " + value
}

func name(n *html.Node) string { s, _ := attr(n, "name"); return s }

var tokenShape = regexp.MustCompile(`^[A-Za-z0-9_-]{16,}$`)

func formFaults(form *html.Node) (faults []string) {
	method, _ := attr(form, "method")
	action, _ := attr(form, "action")
	if action == "" || method == "" {
		faults = append(faults, faultf("form %q %q: method and action are needed", method, action))
	}
	token := ""
	for _, in := range all(form, "input") {
		if name(in) == "_form" {
			token, _ = attr(in, "value")
		}
		if complete, _ := attr(in, "autocomplete"); strings.HasPrefix(complete, "cc-") {
			faults = append(faults, "a card is asked for")
		}
	}
	if method == "post" && !tokenShape.MatchString(token) {
		faults = append(faults, faultf("form to %s carries no token", action))
	}
	if method == "get" && token != "" {
		faults = append(faults, faultf("form to %s puts its token into the address", action))
	}
	return faults
}

func tableFaults(table *html.Node) (faults []string) {
	caption := textOf(first(table, "caption"))
	if caption == "" {
		faults = append(faults, "table without caption")
	}
	heads := 0
	for _, th := range all(table, "th") {
		if scope, _ := attr(th, "scope"); scope == "" {
			faults = append(faults, faultf("table %q: th %q without scope", caption, textOf(th)))
		}
		heads++
	}
	if heads == 0 {
		faults = append(faults, faultf("table %q without headers", caption))
	}
	width := 0
	for _, tr := range all(table, "tr") {
		cells := 0
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				cells += span(c)
			}
		}
		if width == 0 {
			width = cells
		}
		if cells != width {
			faults = append(faults, faultf("table %q: a row of %d cells among %d", caption, cells, width))
		}
	}
	return faults
}

func span(cell *html.Node) int {
	text, ok := attr(cell, "colspan")
	if !ok || len(text) != 1 {
		return 1
	}
	return int(text[0] - '0')
}

// linkName is what a link is called: its words, or those of the picture in their place.
func linkName(n *html.Node) string {
	name := textOf(n)
	for _, img := range all(n, "img") {
		alt, _ := attr(img, "alt")
		name += alt
	}
	return name
}
