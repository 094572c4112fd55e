package text

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// said is something the program says: a Russian sentence, or a fault with its code.
type said struct {
	where  string
	code   string // of a fault or a hint; empty for a sentence
	text   string // Russian; empty when it is put together at run time
	format bool   // text is a format with values
}

// sources reads the program's own files and finds what it says.
type sources struct {
	set       *token.FileSet
	sentences []said
	faults    []said
	hints     []said
}

func readSources(t *testing.T) *sources {
	t.Helper()
	s := &sources{set: token.NewFileSet()}
	for _, root := range []string{"../../internal", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				s.readPackage(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *sources) readPackage(t *testing.T, dir string) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	p := &pkg{sources: s, t: t, constants: map[string]ast.Expr{}, makers: map[string]maker{}}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		f, err := parser.ParseFile(s.set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, f)
		p.learnConstants(f)
	}
	if strings.HasSuffix(dir, "internal/fault") {
		s.faults = append(s.faults, said{where: dir, code: "internal"})
		return
	}
	for found := true; found; { // functions that make faults of their parameters, and functions that call those
		found = p.learnMakers()
	}
	command := strings.HasSuffix(dir, "cmd/kvit")
	for _, f := range p.files {
		p.readFaults(f)
		p.readHints(f)
		if command {
			p.readCommand(f)
		} else {
			p.readWords(f)
		}
	}
}

// pkg is one package while it is read.
type pkg struct {
	*sources
	t         *testing.T
	files     []*ast.File
	constants map[string]ast.Expr
	makers    map[string]maker
}

// maker is a function that makes a fault: which argument is the code, which the message; a negative number is none,
// and then the code it always gives stands in fixed.
type maker struct {
	code, message int
	fixed         string
	format        bool
}

func (p *pkg) learnConstants(f *ast.File) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, name := range v.Names {
				if i < len(v.Values) {
					p.constants[name.Name] = v.Values[i]
				}
			}
		}
	}
}

// constant is the value of a string known when the program is built.
func (p *pkg) constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.ParenExpr:
		return p.constant(e.X)
	case *ast.Ident:
		if v, ok := p.constants[e.Name]; ok {
			return p.constant(v)
		}
	case *ast.BinaryExpr:
		x, ok := p.constant(e.X)
		y, too := p.constant(e.Y)
		return x + y, ok && too && e.Op == token.ADD
	}
	return "", false
}

// makes tells whether a call makes a fault.
func (p *pkg) makes(call *ast.CallExpr) (maker, bool) {
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fn.X.(*ast.Ident); ok && x.Name == "fault" && (fn.Sel.Name == "New" || fn.Sel.Name == "Newf") {
			return maker{code: 1, message: 2, format: fn.Sel.Name == "Newf"}, true
		}
		m, ok := p.makers[fn.Sel.Name]
		return m, ok
	case *ast.Ident:
		m, ok := p.makers[fn.Name]
		return m, ok
	}
	return maker{}, false
}

// learnMakers finds functions that hand a parameter on as the code or as the message of a fault.
func (p *pkg) learnMakers() (found bool) {
	for _, f := range p.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if _, known := p.makers[fn.Name.Name]; known {
				continue
			}
			if m, ok := p.makerOf(fn); ok {
				p.makers[fn.Name.Name], found = m, true
			}
		}
	}
	return found
}

func (p *pkg) makerOf(fn *ast.FuncDecl) (m maker, ok bool) {
	var params []string
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			params = append(params, name.Name)
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		inner, makes := p.makes(call)
		if !makes || inner.code >= len(call.Args) || inner.message >= len(call.Args) {
			return true
		}
		made := maker{code: -1, message: paramOf(call, inner.message, params), fixed: inner.fixed, format: inner.format}
		if inner.code >= 0 {
			if made.code = paramOf(call, inner.code, params); made.code < 0 {
				made.fixed, _ = p.constant(call.Args[inner.code])
			}
		}
		if made.code >= 0 || made.message >= 0 {
			m, ok = made, true
		}
		return true
	})
	return m, ok
}

// paramOf is which parameter an argument is, or -1.
func paramOf(call *ast.CallExpr, arg int, params []string) int {
	if arg < 0 {
		return -1
	}
	id, ok := call.Args[arg].(*ast.Ident)
	if !ok {
		return -1
	}
	return slices.Index(params, id.Name)
}

// readFaults finds the faults a file makes.
func (p *pkg) readFaults(f *ast.File) {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			if _, makes := p.makers[fn.Name.Name]; makes {
				if m := p.makers[fn.Name.Name]; m.code >= 0 {
					continue // its callers say the code
				}
			}
		}
		ast.Inspect(d, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if m, ok := p.makes(call); ok {
				p.faultOf(call, m)
			}
			return true
		})
	}
}

func (p *pkg) faultOf(call *ast.CallExpr, m maker) {
	x := said{where: p.set.Position(call.Pos()).String(), code: m.fixed, format: m.format}
	if m.code >= 0 {
		var ok bool
		if x.code, ok = p.constant(call.Args[m.code]); !ok {
			p.t.Errorf("%s: the code of this fault cannot be read: write it as a constant", x.where)
			return
		}
	}
	if m.message >= 0 {
		x.text, _ = p.constant(call.Args[m.message])
	}
	if x.format && x.text == "" {
		p.t.Errorf("%s: the format of this fault cannot be read: write it as a constant", x.where)
	}
	p.faults = append(p.faults, x)
}

// hintsByCode are hints with values whose code is given apart from them.
var hintsByCode = []string{"row.duplicate_variant"}

// readHints finds what rows of files are told: the hint itself is the key, or the code when the hint has values.
func (p *pkg) readHints(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			fields := map[string]ast.Expr{}
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if name, ok := kv.Key.(*ast.Ident); ok {
						fields[name.Name] = kv.Value
					}
				}
			}
			p.hint(fields["Code"], fields["Hint"])
		case *ast.CallExpr:
			fn, ok := n.Fun.(*ast.SelectorExpr)
			switch at := map[string]int{"reject": 3, "repair": 5, "find": 5}; {
			case !ok || len(n.Args) != at[nameOf(fn)]+1:
			case fn.Sel.Name == "find":
				p.hint(nil, n.Args[5])
			default:
				p.hint(n.Args[0], n.Args[at[fn.Sel.Name]])
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if fn, ok := left.(*ast.SelectorExpr); ok && fn.Sel.Name == "Hint" && len(n.Rhs) == len(n.Lhs) {
					p.hint(nil, n.Rhs[i])
				}
			}
		}
		return true
	})
}

func nameOf(fn *ast.SelectorExpr) string {
	if fn == nil {
		return ""
	}
	return fn.Sel.Name
}

func (p *pkg) hint(code, text ast.Expr) {
	if text == nil {
		return
	}
	if s, ok := p.constant(text); ok {
		if strings.ContainsFunc(s, cyrillic) {
			p.sentences = append(p.sentences, said{where: p.set.Position(text.Pos()).String(), text: s})
		}
		return
	}
	if code == nil {
		return
	}
	if s, ok := p.constant(code); ok {
		p.hints = append(p.hints, said{where: p.set.Position(text.Pos()).String(), code: s})
	}
}

// dataNotWords are Russian texts of the commands that are data of the installation, not words to its operator.
var dataNotWords = []string{"Расчётный центр", "Расчётный центр (показ)", "ежедневно 8:00–20:00"}

// readCommand finds every Russian text of the commands: helps and place holders in tags, and string literals that
// are no message of a fault. The file of kong's own words in Russian is left out.
func (p *pkg) readCommand(f *ast.File) {
	if strings.HasSuffix(p.set.Position(f.Pos()).Filename, "russian.go") {
		return
	}
	tags := map[ast.Node]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			m, makes := p.makes(n)
			return !makes || m.message < 0
		case *ast.Field:
			if n.Tag != nil {
				tags[n.Tag] = true
				raw, _ := p.constant(n.Tag)
				p.sentence(n, reflect.StructTag(raw).Get("help"))
				p.sentence(n, reflect.StructTag(raw).Get("placeholder"))
			}
		case *ast.BasicLit:
			if s, ok := p.constant(n); ok && !tags[n] && !slices.Contains(dataNotWords, s) {
				p.sentence(n, s)
			}
		}
		return true
	})
}

// readWords finds the Russian words of other packages that the command line shows: stages of progress, states of
// payments, units of places.
func (p *pkg) readWords(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.SelectorExpr); ok && strings.EqualFold(fn.Sel.Name, "progress") && len(n.Args) == 3 {
				p.word(n.Args[0])
			}
		case *ast.ValueSpec:
			if f.Name.Name == "payment" && n.Names[0].Name == "Labels" {
				ast.Inspect(n, func(n ast.Node) bool {
					if e, ok := n.(ast.Expr); ok {
						p.word(e)
					}
					return true
				})
			}
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Unit" {
				p.word(n.Value)
			}
		}
		return true
	})
}

func (p *pkg) word(e ast.Expr) {
	if s, ok := p.constant(e); ok {
		p.sentence(e, s)
	}
}

func (p *pkg) sentence(n ast.Node, s string) {
	if strings.ContainsFunc(s, cyrillic) {
		p.sentences = append(p.sentences, said{where: p.set.Position(n.Pos()).String(), text: s, format: true})
	}
}

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// verbs are what a format takes, by the number of the argument: {1: "d", 2: "s"}.
func verbs(format string) string {
	found := map[int]string{}
	next := 1
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.[]", format[i]) >= 0; i++ {
			if format[i] == '[' {
				next, _ = strconv.Atoi(format[i+1 : i+1+strings.IndexByte(format[i+1:], ']')])
			}
		}
		if i < len(format) && format[i] != '%' {
			found[next] = string(format[i])
			next++
		}
	}
	return fmt.Sprint(found)
}
