package fault_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"kvit/internal/fault"
	"kvit/internal/text"
	"kvit/internal/web"
)

var update = flag.Bool("update", false, "write docs/errors.md anew")

const errorsPage = "../../docs/errors.md"

// kinds are the kinds by their names in the sources.
var kinds = map[string]fault.Kind{
	"Internal": fault.Internal, "Invalid": fault.Invalid, "Unauthenticated": fault.Unauthenticated, "Forbidden": fault.Forbidden, "NotFound": fault.NotFound,
	"Conflict": fault.Conflict, "Limited": fault.Limited, "Unavailable": fault.Unavailable, "Gone": fault.Gone,
}

// ownStatus are codes whose status the web gives itself.
var ownStatus = map[string]int{"method.unknown": http.StatusMethodNotAllowed, "body.too_large": http.StatusRequestEntityTooLarge}

// code is a code of a fault as the sources declare it.
type code struct {
	kind     fault.Kind
	messages []string // formats with samples in place of their verbs
}

// maker is a function that makes faults for others: which of its arguments are the code and the message (-1: none), what stands
// before the code, and the words of its own.
type maker struct {
	kind          string
	code, message int
	codePrefix    string
	words         ast.Expr
}

// scan reads the program's sources for the faults they make.
type scan struct {
	t        *testing.T
	set      *token.FileSet
	packages map[string][]*ast.File // by folder
	consts   map[string]string      // folder/name and package.name: value
	makers   map[string]maker       // folder/name
	codes    map[string]*code
	places   map[string]string // where a code was met first
}

func readCodes(t *testing.T) map[string]*code {
	t.Helper()
	s := &scan{t: t, set: token.NewFileSet(), packages: map[string][]*ast.File{}, consts: map[string]string{}, makers: map[string]maker{}, codes: map[string]*code{}, places: map[string]string{}}
	for _, root := range []string{"../../internal", "../../cmd"} {
		if err := filepath.WalkDir(root, s.parse); err != nil {
			t.Fatal(err)
		}
	}
	s.each(s.learn)
	s.each(s.find)
	return s.codes
}

func (s *scan) parse(path string, d fs.DirEntry, err error) error {
	if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
		return err
	}
	f, err := parser.ParseFile(s.set, path, nil, parser.SkipObjectResolution)
	folder := filepath.Dir(path)
	s.packages[folder] = append(s.packages[folder], f)
	return err
}

func (s *scan) each(visit func(folder string, f *ast.File)) {
	for folder, files := range s.packages {
		for _, f := range files {
			visit(folder, f)
		}
	}
}

// learn notes constants and functions that make faults of a code they are given.
func (s *scan) learn(folder string, f *ast.File) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.IMPORT && g.Tok != token.TYPE {
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						if text, ok := literal(v.Values[i]); ok {
							s.consts[folder+"/"+name.Name], s.consts[f.Name.Name+"."+name.Name] = text, text
						}
					}
				}
			}
		}
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if call, kind := made(n); call != nil {
					if m, ok := s.maker(kind, call, parameters(fn)); ok {
						s.makers[folder+"/"+fn.Name.Name] = m
					}
				}
				return true
			})
		}
	}
}

func (s *scan) maker(kind string, call *ast.CallExpr, params map[string]int) (m maker, ok bool) {
	m.kind, m.message, m.code, m.words = kind, -1, -1, call.Args[2]
	switch e := call.Args[1].(type) {
	case *ast.BasicLit:
		m.codePrefix, _ = literal(e)
	case *ast.Ident:
		m.code, ok = params[e.Name]
	case *ast.BinaryExpr:
		if name, is := e.Y.(*ast.Ident); is {
			m.codePrefix, _ = literal(e.X)
			m.code, ok = params[name.Name]
		}
	}
	ast.Inspect(call.Args[2], func(n ast.Node) bool {
		if name, is := n.(*ast.Ident); is && m.message < 0 {
			if at, known := params[name.Name]; known {
				m.message = at
			}
		}
		return true
	})
	return m, ok || m.code < 0 && m.message >= 0
}

// made is the call of fault.New or fault.Newf that a node is, and the name of its kind; nil for anything else.
func made(n ast.Node) (*ast.CallExpr, string) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) < 3 {
		return nil, ""
	}
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fmt.Sprint(fn.X) != "fault" || fn.Sel.Name != "New" && fn.Sel.Name != "Newf" {
		return nil, ""
	}
	if kind, ok := call.Args[0].(*ast.SelectorExpr); ok && fmt.Sprint(kind.X) == "fault" {
		return call, kind.Sel.Name
	}
	return nil, ""
}

func parameters(fn *ast.FuncDecl) map[string]int {
	list, at := map[string]int{}, 0
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			list[name.Name] = at
			at++
		}
	}
	return list
}

// find notes the codes of a file.
func (s *scan) find(folder string, f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, kind := made(n); call != nil {
			if name, ok := s.value(folder, call.Args[1]); ok {
				s.note(name, kind, folder, call.Args[2], n)
			}
			return true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := ""
		switch fn := call.Fun.(type) {
		case *ast.Ident:
			name = fn.Name
		case *ast.SelectorExpr:
			name = fn.Sel.Name
		}
		m, ok := s.makers[folder+"/"+name]
		if !ok || max(m.code, m.message) >= len(call.Args) {
			return true
		}
		value, message := "", m.words
		if m.code >= 0 {
			if value, ok = s.value(folder, call.Args[m.code]); !ok {
				return true
			}
		}
		if m.message >= 0 {
			message = call.Args[m.message]
		}
		s.note(m.codePrefix+value, m.kind, folder, message, n)
		return true
	})
}

func literal(e ast.Expr) (string, bool) {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		text, err := strconv.Unquote(l.Value)
		return text, err == nil
	}
	return "", false
}

// value is a text that stands in the sources, or a constant.
func (s *scan) value(folder string, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return literal(e)
	case *ast.Ident:
		text, ok := s.consts[folder+"/"+e.Name]
		return text, ok
	case *ast.SelectorExpr:
		text, ok := s.consts[fmt.Sprintf("%s.%s", e.X, e.Sel.Name)]
		return text, ok
	case *ast.BinaryExpr:
		x, a := s.value(folder, e.X)
		y, b := s.value(folder, e.Y)
		return x + y, a && b
	case *ast.CallExpr:
		if fn, ok := e.Fun.(*ast.SelectorExpr); ok && fn.Sel.Name == "Or" { // cmp.Or(what is known, what else)
			return s.value(folder, e.Args[len(e.Args)-1])
		}
	}
	return "", false
}

// note adds a code; one that has another kind elsewhere is a fault of the program.
func (s *scan) note(name, kindName, folder string, message ast.Expr, at ast.Node) {
	place := s.set.Position(at.Pos()).String()
	kind, ok := kinds[kindName]
	if !ok {
		s.t.Errorf("%s: a fault of the unknown kind %s", place, kindName)
	}
	c := s.codes[name]
	if c == nil {
		c = &code{kind: kind}
		s.codes[name], s.places[name] = c, place
	}
	if c.kind != kind {
		s.t.Errorf("%s is %s at %s and %s at %s: one code has one status", name, c.kind, s.places[name], kind, place)
	}
	if text := s.sentence(folder, message); text != "" && !slices.Contains(c.messages, text) {
		c.messages = append(c.messages, text)
		slices.Sort(c.messages)
	}
}

var verb = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)

// sentence is a message with samples in place of its values; ” when it is made elsewhere.
func (s *scan) sentence(folder string, e ast.Expr) string {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		x, y := s.sentence(folder, sum.X), s.sentence(folder, sum.Y)
		if x == "" {
			x = "…"
		}
		if y == "" {
			y = "…"
		}
		return x + y
	}
	format, ok := s.value(folder, e)
	if !ok || !strings.ContainsFunc(format, cyrillic) {
		return ""
	}
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		switch v[len(v)-1] {
		case 'd':
			return "12"
		case 'q':
			return `"…"`
		case '%':
			return "%"
		}
		return "…"
	})
}

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// TestEveryCode holds ux.md 17 for all codes of faults: one status, a Russian sentence of calm words, an answer to a program and a
// page to a person that tell neither the cause nor the code, and a row in docs/errors.md.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	codes := readCodes(t)
	if len(codes) < 750 {
		t.Fatalf("%d codes: the sources are not read", len(codes))
	}
	codes["internal"] = &code{kind: fault.Internal, messages: []string{fault.As(errors.New("x")).Message}}
	shape := regexp.MustCompile(`^[a-z][a-z0-9]*([._][a-z0-9]+)*$`)
	for name, c := range codes {
		if !shape.MatchString(name) {
			t.Errorf("%q is no code: words of small letters with points and lines between", name)
		}
		if len(c.messages) == 0 && madeElsewhere[name] == "" {
			t.Errorf("%s: no Russian sentence says what it is", name)
		}
		for i, m := range c.messages {
			calm(t, name, m)
			toProgram(t, name, c.kind, m)
			if i == 0 {
				toPerson(t, name, c.kind, m)
			}
		}
	}
	page := document(codes)
	if *update {
		if err := os.WriteFile(errorsPage, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := os.ReadFile(errorsPage); err != nil || string(there) != page {
		t.Errorf("docs/errors.md is not of these sources (%v): go test ./internal/fault -run TestEveryCode -update", err)
	}
}

// madeElsewhere are codes whose words come from somewhere else.
var madeElsewhere = map[string]string{
	"reading.impossible": "what the check of a reading says", "paper.refused": "why a document is refused", "houses.row": "what a column says", "fact.unreadable": "what the reader of rows says",
	"bill.no_centre": "what payout.no_centre says", "stop": "what stopped", "simulator": "a simulator's own words",
}

// harsh are words and signs no message has (ux.md 14).
var harsh = regexp.MustCompile(`(?i)некорректн|невалидн|валидац|обязательное поле|пожалуйста|к сожалению|произошла ошибка|осуществ|в случае если|!|\bSQL\b|\bnil\b|panic|error`)

func calm(t *testing.T, name, message string) {
	t.Helper()
	if word := harsh.FindString(message); word != "" {
		t.Errorf("%s says «%s»: %s", name, word, message)
	}
	if first := []rune(strings.TrimLeft(message, `«"…12: `)); len(first) == 0 {
		t.Errorf("%s says nothing: %q", name, message)
	}
}

const secret = "тайна-базы"

// answered is what a fault becomes, and the status it is to have.
func answered(name string, kind fault.Kind, message, accept string) (out *httptest.ResponseRecorder, status int) {
	status = kind.HTTPStatus()
	if ownStatus[name] == http.StatusMethodNotAllowed {
		status = http.StatusMethodNotAllowed
	}
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Accept", accept)
	out = httptest.NewRecorder()
	web.Error(out, r, fmt.Errorf("store: %w", fault.New(kind, name, message).Because(errors.New(secret))))
	return out, status
}

func toProgram(t *testing.T, name string, kind fault.Kind, message string) {
	t.Helper()
	out, status := answered(name, kind, message, "application/json")
	var p web.Problem
	if err := json.Unmarshal(out.Body.Bytes(), &p); err != nil || out.Code != status || p.Code != name || p.Status != status || p.Detail != message || strings.Contains(out.Body.String(), secret) {
		t.Errorf("%s to a program: %d, want %d: %s", name, out.Code, status, out.Body)
	}
}

func toPerson(t *testing.T, name string, kind fault.Kind, message string) {
	t.Helper()
	out, status := answered(name, kind, message, "text/html")
	body := out.Body.String()
	said := status == http.StatusInternalServerError || strings.Contains(body, html.EscapeString(message))
	if out.Code != status || !said || strings.Contains(body, secret) || strings.Contains(body, "store:") || strings.Contains(body, ">"+name+"<") || !strings.Contains(body, `href="/"`) {
		t.Errorf("%s to a person: %d, want %d, his words, a way on and nothing of ours: %.900s", name, out.Code, status, body)
	}
}

// act is what to do about a fault of a kind, in Russian and in English.
var act = []struct {
	kind             fault.Kind
	who, do, english string
}{
	{fault.Invalid, "тот, кто ввёл", "Исправьте названное поле и отправьте ещё раз.", "Correct the field named and send again."},
	{fault.Unauthenticated, "тот, кто вошёл", "Войдите; программе нужен действующий ключ.", "Sign in; a program needs a valid token."},
	{fault.Forbidden, "тот, у кого есть право", "Попросите того, кому это можно, или расчётный центр.", "Ask whoever may, or the settlement centre."},
	{fault.NotFound, "тот, кто искал", "Проверьте номер или адрес; начните со списка.", "Check the number or the address; begin with the list."},
	{fault.Gone, "тот, кто искал", "Это удалено как старое: начните с места, которое названо.", "It was removed as old: begin at the place named."},
	{fault.Conflict, "тот, кто менял", "Откройте страницу заново: состояние уже другое.", "Open the page anew: the state has moved on."},
	{fault.Limited, "тот, кто спешил", "Подождите до названного времени.", "Wait until the time named."},
	{fault.Unavailable, "программа", "Повторите через минуту с тем же ключом; начатое не пропало.", "Repeat in a minute with the same key; what was begun is not lost."},
	{fault.Internal, "мы", "Назовите номер случая; сохранённое не пропало.", "Tell the number of the case; what was saved is not lost."},
}

// document writes docs/errors.md.
func document(codes map[string]*code) string {
	var b strings.Builder
	b.WriteString("# Errors\n\nEvery code a page, the API or a command may answer with. The table is made of the sources and tested:\n" +
		"`go test ./internal/fault -run TestEveryCode -update`. A code has one status; its Russian sentence says what is wrong and what to do,\n" +
		"and it is what people and programs are told (`detail`). Values are shown as «…» and 12. Where there is no English, only pages say it.\n\n" +
		"What to do by kind, when the sentence itself does not say more:\n\n| status | kind | кто | что делать | what to do |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range act {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", a.kind.HTTPStatus(), a.kind, a.who, a.do, a.english)
	}
	fmt.Fprintf(&b, "\n%d codes:\n\n| code | status | что говорит | in English |\n| --- | --- | --- | --- |\n", len(codes))
	for _, name := range slices.Sorted(maps.Keys(codes)) {
		c, english := codes[name], []string{}
		for _, m := range c.messages {
			if said := text.English.Said(m); said != m {
				english = append(english, said)
			}
		}
		status := c.kind.HTTPStatus()
		if own := ownStatus[name]; own != 0 {
			status = own
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", name, status, cell(c.messages), cell(english))
	}
	return b.String()
}

func cell(list []string) string {
	joined := strings.Join(list, "<br>")
	return strings.NewReplacer("|", "\\|", "\n", " ", "<КЛЮЧ>", "КЛЮЧ").Replace(joined)
}
