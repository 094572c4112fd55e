package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"kvit/internal/text"
)

// Layout is a page for residents and for everybody outside the consoles, in the language of the reader. Pages are drawn in
// Russian; one asked for in English is said over text by text as it is sent.
func Layout(p *Page) templ.Component {
	if p.lang() != string(text.English) {
		return layout(p)
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		buf := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(buf)
		buf.Reset()
		if err := layout(p).Render(ctx, buf); err != nil {
			return err
		}
		return inEnglish(w, buf)
	})
}

// lang is the language of the page, for <html lang>.
func (p *Page) lang() string {
	if p.Prefs.Lang == string(text.English) {
		return p.Prefs.Lang
	}
	return string(text.Russian)
}

// spokenAttributes are attributes whose values people see or hear; the data attributes are shown by the style sheet and by
// scripts.
var spokenAttributes = map[string]bool{
	"title": true, "aria-label": true, "aria-description": true, "aria-valuetext": true, "placeholder": true, "alt": true,
	"data-label": true, "data-unit": true, "data-word": true,
}

// noWords are elements whose texts are no words of ours: programs, styles, what people write.
var noWords = map[string]bool{"script": true, "style": true, "textarea": true, "pre": true, "code": true}

// voidTags have no end and no content.
var voidTags = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

// inEnglish copies a page and says its texts in English. Elements marked as data (translate="no") or as Russian
// (lang="ru") are copied as they are.
func inEnglish(w io.Writer, page io.Reader) error {
	z := html.NewTokenizer(page)
	var out bytes.Buffer
	aside, title := 0, false // depth inside an element that stays as it is; inside <title>
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if z.Err() != io.EOF {
				return fmt.Errorf("say a page in English: %w", z.Err())
			}
			_, err := w.Write(out.Bytes())
			return err
		}
		raw := z.Raw()
		switch {
		case kind == html.StartTagToken:
			raw = bytes.Clone(raw) // reading the token overwrites it
			t := z.Token()
			title = t.Data == "title"
			if aside > 0 || stays(&t) {
				aside += deeper(t.Data)
			} else if sayAttributes(&t) {
				raw = []byte(t.String())
			}
		case kind == html.SelfClosingTagToken && aside == 0:
			raw = bytes.Clone(raw)
			if t := z.Token(); !stays(&t) && sayAttributes(&t) {
				raw = []byte(t.String())
			}
		case kind == html.EndTagToken && aside > 0:
			aside--
		case kind == html.TextToken && aside == 0 && hasCyrillic(raw):
			raw = sayText(raw, title)
		}
		out.Write(raw)
	}
}

// deeper is by how much a start tag is deeper.
func deeper(tag string) int {
	if voidTags[tag] {
		return 0
	}
	return 1
}

// stays tells an element that is no words of ours.
func stays(t *html.Token) bool {
	if noWords[t.Data] {
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "translate" && a.Val == "no" || a.Key == "lang" && a.Val == string(text.Russian) {
			return true
		}
	}
	return false
}

// sayAttributes says the attributes people meet, and tells whether one has changed.
func sayAttributes(t *html.Token) (changed bool) {
	for i, a := range t.Attr {
		if spokenAttributes[a.Key] || a.Key == "content" && t.Data == "meta" {
			said := text.English.Page(a.Val)
			changed = changed || said != a.Val
			t.Attr[i].Val = said
		}
	}
	return changed
}

// sayText says a text between tags: white space around it stays, white space inside counts as one space.
func sayText(raw []byte, title bool) []byte {
	all := html.UnescapeString(string(raw))
	core := strings.TrimFunc(all, isBreak)
	before, after, _ := strings.Cut(all, core)
	core = strings.Join(strings.FieldsFunc(core, isBreak), " ")
	name := ""
	if i := strings.LastIndex(core, titleBreak); title && i >= 0 {
		core, name = core[:i], core[i:]
	}
	return []byte(html.EscapeString(before + text.English.Page(core) + text.English.Page(name) + after))
}

// titleBreak stands between the title of a page and the name of the service.
const titleBreak = " – "

// isBreak is white space of markup; a space that does not break belongs to the text.
func isBreak(r rune) bool { return r != '\u00a0' && unicode.IsSpace(r) }

func hasCyrillic(b []byte) bool {
	return bytes.ContainsFunc(b, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}
