package text

import (
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
)

// said is a Russian text of the program. A text put together of parts is a format: "В дне "+x is "В дне %s".
type said struct {
	where string
	text  string
}

// spoken are the names of parameters and constants whose texts people are told, wherever the function is.
var spoken = []string{"message", "format", "hint", "stage", "why", "reason", "allowed", "what"}

// spokenFields are fields whose texts people are told, everywhere or in one package.
var spokenFields = []string{"Hint", "Evidence", "bill.Address"}

// ofPages are packages that speak Russian only (pages and the API), and those of tests.
var ofPages = []string{"portal", "console", "web", "api", "billpdf", "view", "form", "webtest", "dbtest"}

// dataNotWords are Russian texts of the commands that are data of the installation, not words to its operator.
var dataNotWords = []string{"Расчётный центр", "Расчётный центр (показ)", "ежедневно 8:00–20:00"}

// sources reads the program's own files and finds what it says.
type sources struct {
	t        *testing.T
	set      *token.FileSet
	files    map[string][]*ast.File // by package
	tells    map[string][]int       // which arguments of a function people are told: "fault.New": {2}
	gives    map[string][]ast.Expr  // what a function returns
	here     string                 // the package being read
	commands []said
	messages []said
}

func readSources(t *testing.T) *sources {
	t.Helper()
	s := &sources{
		t: t, set: token.NewFileSet(), files: map[string][]*ast.File{}, gives: map[string][]ast.Expr{},
		tells: map[string][]int{"fmt.Errorf": {0}, "errors.New": {0}},
	}
	for _, root := range []string{"../../internal", "../../cmd"} {
		if err := filepath.WalkDir(root, s.parse); err != nil {
			t.Fatal(err)
		}
	}
	for name, files := range s.files {
		for _, f := range files {
			s.here = name
			ast.Inspect(f, s.learn)
		}
	}
	for name, files := range s.files {
		for _, f := range files {
			s.here = name
			ast.Inspect(f, s.read)
		}
	}
	return s
}

func (s *sources) parse(path string, d fs.DirEntry, err error) error {
	if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "russian.go" {
		return err
	}
	name := filepath.Base(filepath.Dir(path))
	if slices.Contains(ofPages, name) {
		return nil
	}
	f, err := parser.ParseFile(s.set, path, nil, parser.SkipObjectResolution)
	s.files[name] = append(s.files[name], f)
	return err
}

// learn finds the functions that tell people something, and what functions return.
func (s *sources) learn(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		name := s.here + "." + n.Name.Name
		s.learnParams(name, n.Type)
		if n.Body != nil {
			ast.Inspect(n.Body, func(n ast.Node) bool {
				if r, ok := n.(*ast.ReturnStmt); ok {
					s.gives[name] = append(s.gives[name], r.Results...)
				}
				return true
			})
		}
	case *ast.Field: // a field that is a function
		if fn, ok := n.Type.(*ast.FuncType); ok && len(n.Names) == 1 {
			s.learnParams(s.here+"."+n.Names[0].Name, fn)
		}
	}
	return true
}

func (s *sources) learnParams(name string, fn *ast.FuncType) {
	at := 0
	for _, field := range fn.Params.List {
		for _, param := range field.Names {
			if slices.Contains(spoken, param.Name) {
				s.tells[name] = append(s.tells[name], at)
			}
			at++
		}
	}
}

// called is the function of a call as learn names it.
func (s *sources) called(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return s.here + "." + fn.Name
	case *ast.SelectorExpr:
		if x, ok := fn.X.(*ast.Ident); ok {
			if name := x.Name + "." + fn.Sel.Name; s.tells[name] != nil {
				return name
			}
		}
		if name := root(fn.X) + "." + fn.Sel.Name; s.tells[name] != nil { // a chain: gateway.NewReasons().Because(…)
			return name
		}
		return s.here + "." + fn.Sel.Name
	}
	return ""
}

// root is the package whose function begins a chain of calls, empty for anything else.
func root(e ast.Expr) string {
	for {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			return ""
		}
		fn, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		if x, ok := fn.X.(*ast.Ident); ok {
			return x.Name
		}
		e = fn.X
	}
}

// read finds what people are told: by functions, by fields, by the states of a payment, by the commands.
func (s *sources) read(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := s.called(n)
		ours := s.here == "kvit" && !strings.HasPrefix(name, "fault.") // its texts are read as literals
		for _, at := range s.tells[name] {
			if at < len(n.Args) && !ours {
				s.told(n.Args[at], name)
			}
		}
		if s.here == "kvit" && strings.HasPrefix(name, "fault.") {
			return false
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && s.isSpoken(key) {
			s.told(n.Value, "")
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if field, ok := left.(*ast.SelectorExpr); ok && s.isSpoken(field.Sel) && len(n.Rhs) == len(n.Lhs) {
				s.told(n.Rhs[i], "")
			}
		}
	case *ast.ValueSpec:
		if s.here == "payment" && n.Names[0].Name == "Labels" {
			for _, e := range n.Values[0].(*ast.CompositeLit).Elts {
				s.told(e.(*ast.KeyValueExpr).Value, "")
			}
		}
		for i, name := range n.Names {
			if i < len(n.Values) && slices.Contains(spoken, name.Name) {
				s.told(n.Values[i], "")
			}
		}
	case *ast.Field:
		if n.Tag != nil {
			s.tag(n.Tag)
			return false
		}
	case *ast.BasicLit:
		if text, _ := s.format(n); s.here == "kvit" {
			s.command(n, text)
		}
	}
	return true
}

// told takes a text that people are told. A message of a fault that cannot be read here would stay Russian.
func (s *sources) told(e ast.Expr, by string) {
	if call, ok := e.(*ast.CallExpr); ok && s.gives[s.called(call)] != nil {
		for _, given := range s.gives[s.called(call)] {
			s.told(given, "")
		}
		return
	}
	text, known := s.format(e)
	if id, ok := e.(*ast.Ident); ok && !known && strings.HasPrefix(by, "fault.") && !slices.Contains(spoken, id.Name) {
		s.t.Errorf("%s: this message cannot be read: write it as a constant, or call the parameter %q", s.set.Position(e.Pos()), spoken[0])
	}
	if strings.ContainsFunc(text, cyrillic) {
		s.messages = append(s.messages, said{s.set.Position(e.Pos()).String(), text})
	}
}

func (s *sources) isSpoken(field *ast.Ident) bool {
	return slices.Contains(spokenFields, field.Name) || slices.Contains(spokenFields, s.here+"."+field.Name)
}

func (s *sources) command(n ast.Node, text string) {
	if strings.ContainsFunc(text, cyrillic) && !slices.Contains(dataNotWords, text) {
		s.commands = append(s.commands, said{s.set.Position(n.Pos()).String(), text})
	}
}

// tag reads the help of a flag, its place holder, the name of an argument.
func (s *sources) tag(n *ast.BasicLit) {
	raw, _ := strconv.Unquote(n.Value)
	for _, key := range []string{"help", "placeholder", "name"} {
		s.command(n, reflect.StructTag(raw).Get(key))
	}
}

// format is a text, or the format of a text with values.
func (s *sources) format(e ast.Expr) (text string, known bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.CallExpr:
		if s.called(e) == s.here+".Sprintf" && len(e.Args) > 0 {
			return s.format(e.Args[0])
		}
	case *ast.BinaryExpr:
		return s.part(e.X) + s.part(e.Y), true
	}
	return "", false
}

// part is a part of a text; one that is not written there is a value, and what it may be is a text too.
func (s *sources) part(e ast.Expr) string {
	if text, known := s.format(e); known {
		return text
	}
	s.told(e, "")
	return "%s"
}
