package formula

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Words writes the formula for people, each figure as told: its name, or the value put in.
func (p *Program) Words(figure func(i int) string) string {
	return p.written(figure, 0)
}

// WordsOfFactor is Words in brackets where the whole is going to be multiplied and needs them.
func (p *Program) WordsOfFactor(figure func(i int) string) string {
	return p.written(figure, strength["*"])
}

func (p *Program) written(figure func(i int) string, least int) string {
	w := &writer{p: p, figure: figure}
	w.node(p.root, least)
	return w.b.String()
}

// Words is the name of a figure without underscores: «площадь дома».
func (f Figure) Words() string { return strings.ReplaceAll(f.String(), "_", " ") }

// writer prints nodes; weak parts of strong operators go into brackets.
type writer struct {
	p      *Program
	figure func(i int) string
	b      strings.Builder
}

// strength of operators, weakest first; a choice is 1.
var strength = map[string]int{
	"or": 2, "||": 2, "and": 3, "&&": 3, "==": 4, "!=": 4, "<": 4, ">": 4, "<=": 4, ">=": 4, "in": 4, "+": 5, "-": 5, "*": 6, "/": 6,
}

var signs = map[string]string{
	"or": "или", "||": "или", "and": "и", "&&": "и", "==": "=", "!=": "≠", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "in": "среди", "+": "+", "-": "−", "*": "×", "/": "÷",
}

const unaryStrength = 7

// node writes a node; anything weaker than least stands in brackets.
func (w *writer) node(n ast.Node, least int) {
	own := unaryStrength + 1
	switch n := n.(type) {
	case *ast.ConditionalNode:
		own = 1
	case *ast.BinaryNode:
		own = strength[n.Operator]
	case *ast.UnaryNode:
		own = unaryStrength
	}
	if own < least {
		w.b.WriteByte('(')
		defer w.b.WriteByte(')')
	}
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		at := n.Location()
		w.b.WriteString(strings.Replace(string(w.p.text[at.From:min(at.To, len(w.p.text))]), ".", ",", 1))
	case *ast.BoolNode:
		w.b.WriteString(map[bool]string{true: "да", false: "нет"}[n.Value])
	case *ast.IdentifierNode:
		w.named(findName(n.Value), "")
	case *ast.UnaryNode:
		w.b.WriteString(map[string]string{"!": "не ", "not": "не ", "-": "−"}[n.Operator])
		w.node(n.Node, unaryStrength)
	case *ast.BinaryNode:
		w.binary(n, own)
	case *ast.ConditionalNode:
		w.choice(n.Cond, n.Exp1, n.Exp2)
	case *ast.ArrayNode:
		w.list(n.Nodes)
	case *ast.BuiltinNode:
		w.call(n.Name, n.Arguments)
	case *ast.CallNode:
		w.call(n.Callee.(*ast.IdentifierNode).Value, n.Arguments)
	}
}

func (w *writer) binary(n *ast.BinaryNode, own int) {
	if n.Operator == ".." {
		w.b.WriteString("от ")
		w.node(n.Left, unaryStrength)
		w.b.WriteString(" до ")
		w.node(n.Right, unaryStrength)
		return
	}
	w.node(n.Left, own)
	w.b.WriteString(" " + signs[n.Operator] + " ")
	if right, ok := n.Right.(*ast.BinaryNode); ok && right.Operator == ".." {
		own = 0
	} else if n.Operator == "-" || n.Operator == "/" || own == strength["=="] {
		own++
	}
	w.node(n.Right, own)
}

func (w *writer) choice(cond, yes, no ast.Node) {
	w.b.WriteString("если ")
	w.node(cond, 2)
	w.b.WriteString(", то ")
	w.node(yes, 2)
	w.b.WriteString(", иначе ")
	w.node(no, 1)
}

func (w *writer) list(nodes []ast.Node) {
	for i, n := range nodes {
		if i > 0 {
			w.b.WriteString("; ")
		}
		w.node(n, 1)
	}
}

// call writes a function in Russian, or a figure of a service.
func (w *writer) call(word string, args []ast.Node) {
	if f := findName(word); f != nil {
		w.named(f, args[0].(*ast.StringNode).Value)
		return
	}
	f := findFunction(word)
	if f.latin == "if" {
		w.b.WriteByte('(')
		w.choice(args[0], args[1], args[2])
	} else {
		w.b.WriteString(f.russian + "(")
		w.list(args)
	}
	w.b.WriteByte(')')
}

// named writes the input a node names.
func (w *writer) named(f *name, arg string) {
	for i, in := range w.p.inputs {
		if in.Figure == f.figure && in.Arg == arg {
			w.b.WriteString(w.figure(i))
		}
	}
}
