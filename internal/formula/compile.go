package formula

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"kvit/internal/decimal"
)

// compiler makes closures of nodes and tells what is wrong with them.
type compiler struct {
	text     []rune
	problems []Problem
	inputs   []Input
	guards   []guarded
}

// compiled is a node: a number with what is known of it, or a condition. After a problem it is neither.
type compiled struct {
	num    number
	cond   condition
	bounds bounds
}

func (c *compiler) problem(at file.Location, format string, args ...any) {
	p := Problem{Line: 1, Column: 1, Message: fmt.Sprintf(format, args...)}
	for _, r := range c.text[:min(at.From, len(c.text))] {
		if p.Column++; r == '\n' {
			p.Line, p.Column = p.Line+1, 1
		}
	}
	c.problems = append(c.problems, p)
}

// unknown refuses a word and tells what it could have been.
func (c *compiler) unknown(at file.Location, word string, format string, args ...any) {
	c.problem(at, format, args...)
	russian, latin := Names()
	p := &c.problems[len(c.problems)-1]
	p.Word, p.Known = word, append(russian, latin...)
}

// number compiles a node that must be a number.
func (c *compiler) number(n ast.Node) compiled {
	x := c.node(n)
	if x.cond != nil {
		c.problem(n.Location(), "Здесь нужно число, а стоит условие. Напишите «условие ? одно : другое».")
	}
	x.bounds = c.bounded(n, x.bounds)
	return x
}

// condition compiles a node that must be a condition.
func (c *compiler) condition(n ast.Node) condition {
	x := c.node(n)
	if x.num != nil {
		c.problem(n.Location(), "Здесь нужно условие, а стоит число. Сравните его с чем-нибудь, например > 0.")
	}
	return x.cond
}

func (c *compiler) node(n ast.Node) compiled {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return c.literal(n)
	case *ast.BoolNode:
		holds := n.Value
		return compiled{cond: func(Source) bool { return holds }}
	case *ast.IdentifierNode:
		return c.identifier(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.choice(n.Cond, n.Exp1, n.Exp2)
	case *ast.BuiltinNode:
		return c.call(n.Location(), n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(callee.Location(), callee.Value, n.Arguments)
		}
	case *ast.StringNode:
		c.problem(n.Location(), "Слово в кавычках бывает только внутри показателя: объём(\"cold_water\").")
		return compiled{}
	}
	c.problem(n.Location(), "Такого в формулах нет. Можно: числа, показатели, функции, + - * /, сравнения и условия.")
	return compiled{}
}

// literal is a decimal written out; what expr made of it, a float, is not looked at.
func (c *compiler) literal(n ast.Node) compiled {
	at := n.Location()
	text := string(c.text[at.From:min(at.To, len(c.text))])
	d, err := decimal.Parse(text)
	if strings.Trim(text, "0123456789.") != "" || err != nil {
		c.problem(at, "Число %s не годится: пишут десятичное, не больше %d знаков после точки и двенадцати до неё.", text, decimal.Digits)
		return compiled{}
	}
	value := d.Exact()
	return compiled{num: func(Source) decimal.Ratio { return value }, bounds: boundsOf(d)}
}

func (c *compiler) identifier(n *ast.IdentifierNode) compiled {
	f := findName(n.Value)
	switch {
	case f == nil && findFunction(n.Value) != nil:
		c.problem(n.Location(), "%s – функция: после неё нужны скобки.", n.Value)
	case f == nil:
		c.unknown(n.Location(), n.Value, "Показателя %s нет.", n.Value)
	case f.arg == ofService:
		c.problem(n.Location(), "%s бывает у услуги: назовите её в скобках, %s(\"cold_water\").", n.Value, n.Value)
	case f.arg == ofObject:
		c.problem(n.Location(), "У %s назовите, чего: %s(\"балкон\").", n.Value, n.Value)
	default:
		return c.figure(f, "", n.Location())
	}
	return compiled{}
}

// figure is an input of the formula.
func (c *compiler) figure(f *name, arg string, at file.Location) compiled {
	i := 0
	for i < len(c.inputs) && (c.inputs[i].Figure != f.figure || c.inputs[i].Arg != arg) {
		i++
	}
	if i == len(c.inputs) {
		c.inputs = append(c.inputs, Input{Figure: f.figure, Arg: arg, Column: at.From + 1})
	}
	if f.condition {
		return compiled{cond: func(s Source) bool { return !s.Input(i).IsZero() }}
	}
	return compiled{num: func(s Source) decimal.Ratio { return s.Input(i) }, bounds: f.bounds}
}

func (c *compiler) unary(n *ast.UnaryNode) compiled {
	if n.Operator == "!" || n.Operator == "not" {
		cond := c.condition(n.Node)
		return compiled{cond: func(s Source) bool { return !cond(s) }}
	}
	x := c.number(n.Node)
	if n.Operator == "+" {
		return x
	}
	num := x.num
	return compiled{num: func(s Source) decimal.Ratio { return num(s).Neg() }, bounds: bounds{nonZero: x.bounds.nonZero}}
}

// choice is one number or the other.
func (c *compiler) choice(cond, yes, no ast.Node) compiled {
	test := c.condition(cond)
	var x, y compiled
	c.under(cond, true, func() { x = c.number(yes) })
	c.under(cond, false, func() { y = c.number(no) })
	a, b := x.num, y.num
	return compiled{bounds: x.bounds.both(y.bounds), num: func(s Source) decimal.Ratio {
		if test(s) {
			return a(s)
		}
		return b(s)
	}}
}
