package webtest

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// asleep are the schemes of addresses that a page may lead to: none of them runs anything.
var asleep = []string{"", "http", "https", "mailto", "tel"}

// Active lists what a page would run or fetch without being asked: tags that act, handlers, addresses of schemes that run.
// Unlike a search for a text it is not misled by a text that only looks like one of them.
func Active(text string) (faults []string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return []string{err.Error()}
	}
	each(doc, func(n *html.Node) {
		if slices.Contains([]string{"iframe", "object", "embed", "base", "style", "template", "marquee", "math", "frame", "applet"}, n.Data) || n.Data == "script" && n.FirstChild != nil {
			faults = append(faults, faultf("<%s>", n.Data))
		}
		if refresh, _ := attr(n, "http-equiv"); strings.EqualFold(refresh, "refresh") {
			if to, _ := attr(n, "content"); strings.Contains(strings.ToLower(to), "//") || strings.Contains(to, ":") {
				faults = append(faults, faultf("goes on to %s", to))
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				faults = append(faults, faultf("<%s %s=…>", n.Data, a.Key))
			}
			if leads(a) && !slices.Contains(asleep, scheme(a.Val)) && !(n.Data == "img" && strings.HasPrefix(a.Val, "data:image/")) {
				faults = append(faults, faultf("<%s %s=%q>", n.Data, a.Key, a.Val))
			}
		}
	})
	return faults
}

func leads(a html.Attribute) bool {
	return slices.Contains([]string{"href", "src", "action", "formaction", "data", "poster", "background", "ping", "srcset", "manifest", "cite"}, a.Key)
}

// scheme is what a browser would take for the scheme of an address: it drops white space around it, tabs and ends of lines in it.
func scheme(address string) string {
	address = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, address)
	if u, err := url.Parse(address); err == nil && u.Scheme != "about" {
		return strings.ToLower(u.Scheme)
	}
	if strings.HasPrefix(address, "about:invalid") { // what the templates put in place of an address they refuse
		return ""
	}
	before, _, _ := strings.Cut(address, ":")
	return strings.ToLower(before)
}
