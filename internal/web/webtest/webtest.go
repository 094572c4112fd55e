// Package webtest checks pages as ux.md 17 asks: markup, weight, words, and how they look in a browser.
//
// Owns: the checks that hold for every page of every package. Does not own: sample values, which stand beside the
// pages. Only tests import it.
package webtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Component is anything that writes itself as HTML; a templ component is one.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// Sample is one page in one state.
type Sample struct {
	Name string // «bill-paid», unique
	Page Component
}

// maxHTML is the weight of a compressed page, ux.md 17.
const maxHTML = 20 << 10

// Render gives the HTML of a page.
func Render(t testing.TB, page Component) string {
	t.Helper()
	var b strings.Builder
	if err := page.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Weight is the size of a text as a browser fetches it.
func Weight(text string) int {
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	_, _ = io.WriteString(gz, text) // memory does not fail
	_ = gz.Close()
	return b.Len()
}

// All runs the checks that need no browser on every sample.
func All(t *testing.T, samples []Sample) {
	names := map[string]bool{}
	var words, sentences int
	for _, s := range samples {
		if names[s.Name] {
			t.Errorf("sample %s stands twice", s.Name)
		}
		names[s.Name] = true
		t.Run(s.Name, func(t *testing.T) {
			text := Render(t, s.Page)
			for _, fault := range Markup(text) {
				t.Error(fault)
			}
			for _, fault := range Tone(text) {
				t.Error(fault)
			}
			if n := Weight(text); n > maxHTML {
				t.Errorf("%d bytes compressed, at most %d", n, maxHTML)
			}
			w, n := sentenceWords(text)
			words, sentences = words+w, sentences+n
		})
	}
	if sentences > 0 && float64(words)/float64(sentences) > 12 {
		t.Errorf("%.1f words a sentence on average, at most 12", float64(words)/float64(sentences))
	}
}

// Titles gives title → names of samples, to see that different pages are called differently.
func Titles(t *testing.T, samples []Sample) map[string][]string {
	titles := map[string][]string{}
	for _, s := range samples {
		doc, err := html.Parse(strings.NewReader(Render(t, s.Page)))
		if err != nil {
			t.Fatal(err)
		}
		title := textOf(first(doc, "title"))
		titles[title] = append(titles[title], s.Name)
	}
	return titles
}

// UniqueTitles fails when two pages (the part of a sample's name before the first hyphen) share a title.
func UniqueTitles(t *testing.T, samples []Sample) {
	for title, names := range Titles(t, samples) {
		for _, n := range names {
			if page(n) != page(names[0]) {
				t.Errorf("title %q belongs to %s and %s", title, names[0], n)
			}
		}
	}
}

func page(name string) string {
	short, _, _ := strings.Cut(name, "-")
	return short
}

// XSS fails when a payload put into the values of a page is found in it as markup. The payloads must carry the
// word «взлом» in every tag and attribute they try to make.
func XSS(t *testing.T, p Component) {
	t.Helper()
	text := Render(t, p)
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range Active(text) {
		t.Errorf("payload became %s", fault)
	}
	each(doc, func(n *html.Node) {
		for _, a := range n.Attr {
			if a.Key == "data-vzlom" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("payload became attribute %s of <%s>", a.Key, n.Data)
			}
		}
		if n.Data == "vzlom" || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("payload became <%s>", n.Data)
		}
	})
}

// Order fails unless the texts stand on the page one after another.
func Order(t *testing.T, p Component, texts ...string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(Render(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	rest := textOf(first(doc, "main"))
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Errorf("%q does not follow", text)
			return
		}
		rest = after
	}
}

// Payloads are texts that try to become markup; suppliers' names and services may hold any of them.
var Payloads = []string{
	`<vzlom>`, `</title><vzlom>`, `"><vzlom data-vzlom="1">`, `' data-vzlom='1`, `" data-vzlom="1`, `<script>alert(1)</script>`,
	`</textarea><vzlom>`, `<img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `javascript:alert(1)`, ` JavaScript:alert(1)`,
	`--><vzlom>`, `]]><vzlom>`, `{{.}}`, `${7*7}`, "\u2028<vzlom>", `&lt;vzlom&gt;`, `<style>*{}</style>`, `</dd><vzlom>`,
}

func each(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, visit)
	}
}

func all(n *html.Node, tag string) (list []*html.Node) {
	each(n, func(n *html.Node) {
		if n.Data == tag {
			list = append(list, n)
		}
	})
	return list
}

func first(n *html.Node, tag string) *html.Node {
	if list := all(n, tag); len(list) > 0 {
		return list[0]
	}
	return nil
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune(" \t\r\n\f", r) }), " ")
}

func faultf(format string, args ...any) string { return fmt.Sprintf(format, args...) }
