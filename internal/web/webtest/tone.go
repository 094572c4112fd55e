package webtest

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// stopWords are never said to people (ux.md 7 and 14). Stems: «некорректн» catches all its forms.
var stopWords = []string{
	"неверн", "некорректн", "валидац", "обязательное поле", "пожалуйста", "к сожалению", "упс", "осуществ", "в случае если", "данный", "данная",
	"нет данных", "произошла ошибка", "невалидн",
}

// Tone lists words and signs of a page that ux.md forbids.
func Tone(text string) (faults []string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return []string{err.Error()}
	}
	words := strings.ToLower(textOf(first(doc, "body")))
	for _, stop := range stopWords {
		if strings.Contains(words, stop) {
			faults = append(faults, faultf("says «%s»", stop))
		}
	}
	if strings.Contains(words, "!") {
		faults = append(faults, "an exclamation mark")
	}
	if ascii := regexp.MustCompile(`[0-9],[0-9]{2} ₽|- ?[0-9]+,[0-9]{2}\x{a0}₽`).FindString(words); ascii != "" {
		faults = append(faults, faultf("a sum with a breaking space or a hyphen: %q", ascii))
	}
	if loose := regexp.MustCompile(`[а-яё0-9)] [,.;:](\s|$)`).FindString(words); loose != "" {
		faults = append(faults, faultf("a space before punctuation: %q", loose))
	}
	return append(faults, glued(doc)...)
}

// glued finds words that stick to the element beside them: a template drops the space between a text and a
// component.
func glued(doc *html.Node) (faults []string) {
	each(doc, func(n *html.Node) {
		class, _ := attr(n, "class")
		if n.Data != "data" && n.Data != "time" && n.Data != "a" && n.Data != "strong" && class != "nowrap" {
			return
		}
		if p := n.PrevSibling; p != nil && p.Type == html.TextNode && wordEnd.MatchString(p.Data) {
			faults = append(faults, faultf("%q sticks to %q", textOf(n.Parent), textOf(n)))
		}
		if p := n.NextSibling; p != nil && p.Type == html.ElementNode && p.Data == "span" && n.Parent.Data != "div" && n.Parent.Data != "li" {
			faults = append(faults, faultf("%q sticks to what follows %q", textOf(n.Parent), textOf(n)))
		}
		if p := n.NextSibling; p != nil && p.Type == html.TextNode && wordStart.MatchString(p.Data) {
			faults = append(faults, faultf("%q sticks to what follows %q", textOf(n.Parent), textOf(n)))
		}
	})
	return faults
}

var (
	wordEnd   = regexp.MustCompile(`[\pL\pN:,.–]$`)
	wordStart = regexp.MustCompile(`^[\pL\pN–(]`)
)

// sentenceWords counts words and sentences of the running text of a page.
func sentenceWords(text string) (words, sentences int) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return 0, 0
	}
	for _, p := range all(doc, "p") {
		for _, s := range strings.FieldsFunc(textOf(p), func(r rune) bool { return r == '.' || r == '?' || r == ':' }) {
			if n := len(strings.Fields(s)); n >= 3 {
				words, sentences = words+n, sentences+1
			}
		}
	}
	return words, sentences
}
