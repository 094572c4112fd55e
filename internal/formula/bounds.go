package formula

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"kvit/internal/decimal"
)

// bounds is what is known of a number before it is computed.
type bounds struct{ nonNegative, nonZero bool }

func (b bounds) positive() bool { return b.nonNegative && b.nonZero }

// both is what is known of a number that is one or the other.
func (b bounds) both(o bounds) bounds {
	return bounds{b.nonNegative && o.nonNegative, b.nonZero && o.nonZero}
}

func boundsOf(d decimal.Decimal) bounds { return bounds{nonNegative: d >= 0, nonZero: d != 0} }

func (b bounds) sum(o bounds) bounds {
	both := b.nonNegative && o.nonNegative
	return bounds{both, both && (b.nonZero || o.nonZero)}
}

func (b bounds) least(o bounds) bounds {
	return bounds{b.nonNegative && o.nonNegative, b.positive() && o.positive()}
}

func (b bounds) most(o bounds) bounds {
	return bounds{b.nonNegative || o.nonNegative, b.positive() || o.positive()}
}

// guarded is a number that a condition around it says is not zero.
type guarded struct {
	text     string
	positive bool
}

// bounded adds to what is known of a node what the conditions around it say.
func (c *compiler) bounded(n ast.Node, b bounds) bounds {
	if len(c.guards) == 0 {
		return b
	}
	text := n.String()
	for _, g := range c.guards {
		if g.text == text {
			b.nonZero, b.nonNegative = true, b.nonNegative || g.positive
		}
	}
	return b
}

// under compiles with what a condition says when it holds, or when it does not.
func (c *compiler) under(cond ast.Node, holds bool, compile func()) {
	before := len(c.guards)
	c.guards = append(c.guards, guards(cond, holds)...)
	compile()
	c.guards = c.guards[:before]
}

// guards are the numbers that are not zero when a condition holds, or does not.
func guards(cond ast.Node, holds bool) []guarded {
	switch n := cond.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return guards(n.Node, !holds)
		}
	case *ast.BinaryNode:
		and, or := n.Operator == "&&" || n.Operator == "and", n.Operator == "||" || n.Operator == "or"
		if and && holds || or && !holds {
			return slices.Concat(guards(n.Left, holds), guards(n.Right, holds))
		}
		return compared(n, holds)
	}
	return nil
}

var (
	opposite = map[string]string{">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}
	mirrored = map[string]string{">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}
)

// compared is what a comparison with a literal says of the other side.
func compared(n *ast.BinaryNode, holds bool) []guarded {
	op, side, with := n.Operator, n.Left, n.Right
	if _, ok := sign(with); !ok {
		op, side, with = mirrored[op], n.Right, n.Left
	}
	s, ok := sign(with)
	if !holds {
		op = opposite[op]
	}
	if !ok {
		return nil
	}
	above := op == ">" && s >= 0 || op == ">=" && s > 0 || op == "==" && s > 0
	below := op == "<" && s <= 0 || op == "<=" && s < 0 || op == "==" && s < 0
	if above || below || op == "!=" && s == 0 {
		return []guarded{{side.String(), above}}
	}
	return nil
}

// sign is the sign of a literal.
func sign(n ast.Node) (int, bool) {
	v := 0.0
	switch n := n.(type) {
	case *ast.IntegerNode:
		v = float64(n.Value)
	case *ast.FloatNode:
		v = n.Value
	case *ast.UnaryNode:
		s, ok := sign(n.Node)
		return -s, ok && n.Operator == "-"
	default:
		return 0, false
	}
	switch {
	case v > 0:
		return 1, true
	case v < 0:
		return -1, true
	}
	return 0, true
}
