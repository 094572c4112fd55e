package text

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"kvit/docs/privacy"
)

// pageText is a Russian text of a page as its source makes it: values stand as verbs.
type pageText struct{ where, text string }

// readPages reads the sources of residents' pages: templates, and the Go that makes texts for them.
func readPages(t *testing.T) (list []pageText) {
	t.Helper()
	for _, root := range []string{"../portal", "../web", "../reading/form"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || strings.Contains(path, "webtest") || filepath.Base(path) == "robot.go" { // the robot on the telephone speaks Russian
				return err
			}
			src, err := os.ReadFile(path)
			var texts []string
			switch filepath.Ext(path) {
			case ".go":
				texts = goTexts(string(src))
			case ".templ":
				texts = templTexts(string(src))
			}
			for _, text := range texts {
				if strings.ContainsFunc(text, cyrillic) {
					list = append(list, pageText{strings.TrimPrefix(path, "../"), strings.Join(strings.FieldsFunc(text, isGap), " ")})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return append(list, readStored(t)...)
}

// readStored reads the list of what is kept of people, which a page shows as it is.
func readStored(t *testing.T) (list []pageText) {
	t.Helper()
	titles, rows := privacy.Stored()
	for _, row := range append(rows, titles) {
		for _, cell := range row {
			list = append(list, pageText{"docs/privacy", cell})
		}
	}
	return append(list, readBeside(t)...)
}

// beside are the files of other packages whose texts reach residents' pages: explanations of sums, states, names of services.
var beside = []string{
	"charge/why/*.go", "charge/calc/words.go", "charge/calc/formula.go", "charge/facts.go", "charge/losses/words.go", "charge/losses/chart.go", "bill/late.go", "bill/explainown.go", "reading/answer.go",
	"reading/words.go", "reading/sheet.go", "reading/counts.go", "reading/reading.go", "meter/life.go", "notice/topic.go", "notice/notice.go", "tariff/category.go", "tariff/series.go", "payment/plan.go",
	"payment/channelword.go", "refund/refund.go", "privacy/consent.go", "supplier/title.go", "appeal/reason.go", "appeal/told.go", "app/components.go", "app/demo_states*.go",
}

// wordsRead are files of them that also hold words to be understood, which stand in small letters.
var wordsRead = []string{"reading/words.go", "supplier/title.go", "appeal/reason.go", "notice/notice.go"}

// readBeside reads the texts of other packages, and those of the guide.
func readBeside(t *testing.T) (list []pageText) {
	t.Helper()
	add := func(path, text string) {
		first, _ := utf8.DecodeRuneInString(text)
		read := slices.Contains(wordsRead, strings.TrimPrefix(path, "../")) && !unicode.IsUpper(first) // what people write, in small letters
		if strings.ContainsFunc(text, cyrillic) && !read && !strings.Contains(text, "%q") {            // %q: of the API
			list = append(list, pageText{strings.TrimPrefix(path, "../"), strings.TrimSpace(text)})
		}
	}
	for _, glob := range append(beside, "guide/*.yaml") {
		paths, err := filepath.Glob("../" + glob)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			switch {
			case strings.HasSuffix(path, ".yaml"):
				texts = guideTexts(t, src)
			case !strings.HasSuffix(path, "_test.go"):
				texts = goTexts(string(src))
			}
			for _, text := range texts {
				add(path, text)
			}
		}
	}
	return list
}

// guideTexts are the texts of a file of the guide, without the words it is searched by and the places in a picture.
func guideTexts(t *testing.T, src []byte) (list []string) {
	t.Helper()
	var entries []struct {
		Topic, Title, Text string
		Answer             []string
		Links              []struct{ Title string }
	}
	if err := yaml.Unmarshal(src, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(append(list, e.Topic, e.Title, e.Text), e.Answer...)
		for _, l := range e.Links {
			list = append(list, l.Title)
		}
	}
	return list
}

func isGap(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

// goTexts are the strings of a piece of Go. Those that are added together are one text, what is added to them a value.
func goTexts(src string) (list []string) {
	tokens := goTokens(src)
	for i := 0; i < len(tokens); i++ {
		if tokens[i].kind != token.STRING {
			continue
		}
		text := tokens[i].text
		if i > 0 && tokens[i-1].kind == token.ADD {
			text = "%s" + text
		}
		for i+1 < len(tokens) && tokens[i+1].kind == token.ADD {
			i += 2
			if i < len(tokens) && tokens[i].kind == token.STRING {
				text += tokens[i].text
				continue
			}
			text += "%s"
			i = operand(tokens, i) - 1
		}
		list = append(list, text)
	}
	return list
}

type goToken struct {
	kind token.Token
	text string
}

func goTokens(src string) (list []goToken) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, 0) // pieces of Go need not be whole
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			return list
		}
		if kind == token.STRING {
			text, _ = strconv.Unquote(text)
		}
		list = append(list, goToken{kind, text})
	}
}

// operand is the place after the operand that begins at i.
func operand(tokens []goToken, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i].kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.ADD, token.COMMA, token.SEMICOLON, token.COLON:
			if depth == 0 {
				return i
			}
		}
		if depth < 0 {
			return i
		}
	}
	return i
}

// templTexts are the texts of a template: of elements, of attributes, of the Go in it.
func templTexts(src string) (list []string) {
	p := templReader{src: src}
	for p.at < len(p.src) {
		p.line()
	}
	p.flush()
	return p.list
}

// templReader walks a template. Control lines, calls of components and tags end a text.
type templReader struct {
	src    string
	at     int
	inside bool // a templ block: markup, not Go
	text   strings.Builder
	list   []string
}

func (p *templReader) flush() {
	p.list = append(p.list, p.text.String())
	p.text.Reset()
}

var controls = []string{"if ", "for ", "switch ", "case ", "default:", "}", "@", "//"}

func (p *templReader) line() {
	end := strings.IndexByte(p.src[p.at:], '\n')
	if end < 0 {
		end = len(p.src) - p.at - 1
	}
	line := p.src[p.at : p.at+end+1]
	bare := strings.TrimSpace(line)
	control := !p.inside
	for _, c := range controls {
		control = control || strings.HasPrefix(bare, c)
	}
	switch {
	case strings.HasPrefix(line, "templ "):
		p.inside = true
	case line == "}\n":
		p.inside = false
	}
	if control {
		p.flush()
		p.list = append(p.list, goTexts(line)...)
		p.at += len(line)
		return
	}
	p.markup(p.at + len(line))
}

// markup reads text and tags up to the end of a line; a tag may go on over lines.
func (p *templReader) markup(end int) {
	for p.at < end {
		switch p.src[p.at] {
		case '<':
			p.flush()
			p.tag()
		case '{':
			p.value()
		default:
			p.text.WriteByte(p.src[p.at])
			p.at++
		}
	}
}

// value is { an expression } in a text.
func (p *templReader) value() {
	expr := p.braces()
	if text, err := strconv.Unquote(strings.TrimSpace(expr)); err == nil {
		p.text.WriteString(text)
		return
	}
	p.text.WriteString("%s")
	p.list = append(p.list, goTexts(expr)...)
}

// braces reads { … } and gives what is between.
func (p *templReader) braces() string {
	from, depth, quoted := p.at+1, 0, false
	for ; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; {
		case c == '"':
			quoted = !quoted
		case c == '{' && !quoted:
			depth++
		case c == '}' && !quoted:
			if depth--; depth == 0 {
				p.at++
				return p.src[from : p.at-1]
			}
		}
	}
	return ""
}

// tag reads a tag with its attributes.
func (p *templReader) tag() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case '>':
			p.at++
			return
		case '{':
			p.list = append(p.list, goTexts(p.braces())...)
		case '"':
			end := strings.IndexByte(p.src[p.at+1:], '"') + p.at + 1
			p.list = append(p.list, p.src[p.at+1:end])
			p.at = end + 1
		default:
			p.at++
		}
	}
}
