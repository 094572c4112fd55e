package webtest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// quoted is what stands in quotation marks: a name.
var quoted = regexp.MustCompile(`«[^»]*»`)

// English fails for every text of a page in English that holds a Russian letter outside what is marked as data
// (translate="no", lang="ru"). Names inside sentences are allowed by name. Each text is told once.
func English(t *testing.T, samples []Sample, names ...string) {
	told := map[string]bool{}
	for _, s := range samples {
		page := Render(t, s.Page)
		for _, fault := range Markup(page) {
			t.Errorf("%s in English: %s", s.Name, fault)
		}
		for _, fault := range misnamed(page) {
			t.Errorf("%s in English: %s", s.Name, fault)
		}
		for _, left := range russianOf(page, names) {
			if !told[left] {
				t.Errorf("%s in English says %q", s.Name, left)
			}
			told[left] = true
		}
	}
}

// seen are the attributes people see or hear.
var seen = []string{"title", "aria-label", "aria-description", "placeholder", "alt", "data-label", "data-unit", "data-word"}

// russianOf lists the texts of a page in English that hold Russian letters.
func russianOf(page string, names []string) (list []string) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	note := func(text string) {
		if isRussian(text, names) {
			list = append(list, strings.Join(strings.Fields(text), " "))
		}
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			note(n.Data)
		}
		if isData(n) || n.Data == "title" || n.Data == "h1" { // samples have titles of their own; those of pages are read in the sources (text)
			return
		}
		for _, a := range n.Attr {
			if slices.Contains(seen, a.Key) {
				note(a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return list
}

// misnamed lists links and buttons whose name for the ear does not begin with the words seen (WCAG 2.5.3): a voice cannot
// press them. A single sign is no word.
func misnamed(page string) (faults []string) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	each(doc, func(n *html.Node) {
		label, _ := attr(n, "aria-label")
		seen := textOf(n)
		if (n.Data == "a" || n.Data == "button") && label != "" && len(seen) > 1 && !strings.HasPrefix(strings.ToLower(label), strings.ToLower(seen)) {
			faults = append(faults, faultf("%q is called %q", seen, label))
		}
	})
	return faults
}

func isData(n *html.Node) bool {
	lang, _ := attr(n, "lang")
	translate, _ := attr(n, "translate")
	return lang == "ru" || translate == "no" || n.Data == "textarea" || n.Data == "script" || n.Data == "pre"
}

func isRussian(text string, names []string) bool {
	text = strings.ReplaceAll(text, "\u00a0", " ")
	for _, name := range names {
		text = strings.ReplaceAll(text, name, "")
	}
	text = quoted.ReplaceAllString(text, "")
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}
