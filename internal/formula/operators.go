package formula

import (
	"github.com/expr-lang/expr/ast"

	"kvit/internal/decimal"
)

func (c *compiler) binary(n *ast.BinaryNode) compiled {
	switch n.Operator {
	case "and", "&&", "or", "||":
		return c.logic(n)
	case "in":
		return c.among(n)
	case "==", "!=", "<", ">", "<=", ">=":
		return c.comparison(n)
	case "+", "-", "*", "/":
		return c.arithmetic(n)
	}
	c.problem(n.Location(), "Знака %s в формулах нет. Можно + - * /, сравнения, and, or, in; степень и остаток – умножением и функцией вниз.", n.Operator)
	return compiled{}
}

func (c *compiler) arithmetic(n *ast.BinaryNode) compiled {
	x, y := c.number(n.Left), c.number(n.Right)
	a, b := x.num, y.num
	switch n.Operator {
	case "+":
		return compiled{bounds: x.bounds.sum(y.bounds), num: func(s Source) decimal.Ratio { return a(s).Plus(b(s)) }}
	case "-":
		return compiled{num: func(s Source) decimal.Ratio { return a(s).Minus(b(s)) }}
	case "*":
		return compiled{bounds: x.bounds.both(y.bounds), num: func(s Source) decimal.Ratio { return a(s).By(b(s)) }}
	}
	if b != nil && !y.bounds.nonZero {
		what := n.Right.String()
		c.problem(n.Right.Location(), "Делитель %s может быть нулём. Напишите делить(делимое, %s, 0), где 0 – что взять тогда, или условие: %s > 0 ? … : 0.", what, what, what)
	}
	return compiled{bounds: bounds{x.bounds.nonNegative && y.bounds.nonNegative, x.bounds.nonZero}, num: func(s Source) decimal.Ratio { return quotient(s, a(s), b(s)) }}
}

// quotient is a ÷ b. A zero that the checks could not see fails.
func quotient(s Source, a, b decimal.Ratio) decimal.Ratio {
	if b.IsZero() {
		s.Fail()
		return decimal.Ratio{}
	}
	return a.Quo(b)
}

func (c *compiler) comparison(n *ast.BinaryNode) compiled {
	a, b := c.number(n.Left).num, c.number(n.Right).num
	var holds func(cmp int) bool
	switch n.Operator {
	case "==":
		holds = func(cmp int) bool { return cmp == 0 }
	case "!=":
		holds = func(cmp int) bool { return cmp != 0 }
	case "<":
		holds = func(cmp int) bool { return cmp < 0 }
	case ">":
		holds = func(cmp int) bool { return cmp > 0 }
	case "<=":
		holds = func(cmp int) bool { return cmp <= 0 }
	default:
		holds = func(cmp int) bool { return cmp >= 0 }
	}
	return compiled{cond: func(s Source) bool { return holds(a(s).Cmp(b(s))) }}
}

// logic joins conditions; what the first one says is known in the second: b > 0 and a / b > 2.
func (c *compiler) logic(n *ast.BinaryNode) compiled {
	and := n.Operator == "and" || n.Operator == "&&"
	a := c.condition(n.Left)
	var b condition
	c.under(n.Left, and, func() { b = c.condition(n.Right) })
	if and {
		return compiled{cond: func(s Source) bool { return a(s) && b(s) }}
	}
	return compiled{cond: func(s Source) bool { return a(s) || b(s) }}
}

// among is a number among several: месяц in [5, 6, 9], месяц in 5..9.
func (c *compiler) among(n *ast.BinaryNode) compiled {
	x := c.number(n.Left).num
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		list := make([]number, len(right.Nodes))
		for i := range right.Nodes {
			list[i] = c.number(right.Nodes[i]).num
		}
		return compiled{cond: func(s Source) bool { return oneOf(s, x(s), list) }}
	case *ast.BinaryNode:
		if right.Operator == ".." {
			low, high := c.number(right.Left).num, c.number(right.Right).num
			return compiled{cond: func(s Source) bool {
				v := x(s)
				return v.Cmp(low(s)) >= 0 && v.Cmp(high(s)) <= 0
			}}
		}
	}
	c.problem(n.Right.Location(), "После in нужен список или промежуток: месяц in [5, 6, 9], месяц in 5..9.")
	return compiled{}
}

func oneOf(s Source, v decimal.Ratio, list []number) bool {
	for _, n := range list {
		if v.Cmp(n(s)) == 0 {
			return true
		}
	}
	return false
}
