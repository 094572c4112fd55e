package formula

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"kvit/internal/decimal"
)

// call compiles a function, or a figure of a service or object.
func (c *compiler) call(at file.Location, word string, args []ast.Node) compiled {
	if f := findName(word); f != nil {
		return c.figureOf(at, f, word, args)
	}
	f := findFunction(word)
	switch {
	case f == nil:
		c.unknown(at, word, "Функции %s нет.", word)
		return compiled{}
	case len(args) < f.least || len(args) > f.most:
		c.miscounted(at, f, word)
		return compiled{}
	}
	switch f.latin {
	case "min", "max":
		return c.extreme(f.latin == "max", args)
	case "round", "floor", "ceil":
		return c.rounding(f.latin, args)
	case "abs":
		return c.absolute(args[0])
	case "divide":
		return c.divide(args)
	}
	return c.choice(args[0], args[1], args[2])
}

// miscounted refuses a call with too few or too many arguments, and tells how the function is called.
func (c *compiler) miscounted(at file.Location, f *function, word string) {
	switch f.latin {
	case "round", "floor", "ceil":
		c.problem(at, "У %s нужны число и знаков после точки: %s(площадь * 1.2, 2).", word, word)
	case "if":
		c.problem(at, "У %s нужны условие и два числа: %s(человек > 2, 100, 150).", word, word)
	case "divide":
		c.problem(at, "У %s нужны делимое, делитель и что взять, когда он нуль: %s(площадь, человек, 0).", word, word)
	case "abs":
		c.problem(at, "У %s нужно одно число.", word)
	default:
		c.problem(at, "У %s нужно от двух до %d чисел через запятую.", word, argumentsMax)
	}
}

// figureOf is a figure whose brackets name a service or an object.
func (c *compiler) figureOf(at file.Location, f *name, word string, args []ast.Node) compiled {
	if f.arg == alone {
		c.problem(at, "У показателя %s скобок не бывает. Уберите их.", word)
		return compiled{}
	}
	if len(args) == 1 {
		if s, ok := args[0].(*ast.StringNode); ok && s.Value != "" {
			return c.figure(f, s.Value, at)
		}
	}
	c.problem(at, "В скобках %s нужно одно слово в кавычках, например %s(\"cold_water\").", word, word)
	return compiled{}
}

// extreme is the least or the greatest of numbers.
func (c *compiler) extreme(greatest bool, args []ast.Node) compiled {
	first := c.number(args[0])
	out := compiled{num: first.num, bounds: first.bounds}
	for _, arg := range args[1:] {
		x := c.number(arg)
		a, b, bounds := out.num, x.num, out.bounds.least(x.bounds)
		if greatest {
			bounds = out.bounds.most(x.bounds)
		}
		out = compiled{bounds: bounds, num: func(s Source) decimal.Ratio {
			p, q := a(s), b(s)
			if (p.Cmp(q) < 0) == greatest {
				return q
			}
			return p
		}}
	}
	return out
}

// rounding rounds to so many digits: to the nearest, down or up.
func (c *compiler) rounding(way string, args []ast.Node) compiled {
	x := c.number(args[0])
	digits, ok := args[1].(*ast.IntegerNode)
	if !ok || digits.Value < 0 || digits.Value > decimal.Digits {
		c.problem(args[1].Location(), "Знаков после точки – целое число от 0 до %d.", decimal.Digits)
		return compiled{}
	}
	num, n := x.num, uint8(digits.Value)
	known := bounds{x.bounds.nonNegative, way == "ceil" && x.bounds.positive()}
	return compiled{bounds: known, num: func(s Source) decimal.Ratio { return rounded(s, num(s), way, n) }}
}

// rounded is a number cut to so many digits after the point.
func rounded(s Source, v decimal.Ratio, way string, digits uint8) decimal.Ratio {
	n, err := v.Round(digits)
	if err != nil {
		s.Fail()
		return decimal.Ratio{}
	}
	r := scaled(n, digits)
	switch {
	case way == "floor" && r.Cmp(v) > 0:
		return scaled(n-1, digits)
	case way == "ceil" && r.Cmp(v) < 0:
		return scaled(n+1, digits)
	}
	return r
}

// scaled is n × 10^-digits.
func scaled(n int64, digits uint8) decimal.Ratio {
	unit := decimal.Decimal(1)
	for range decimal.Digits - digits {
		unit *= 10
	}
	return decimal.Int(n).Times(unit)
}

func (c *compiler) absolute(arg ast.Node) compiled {
	x := c.number(arg)
	num := x.num
	return compiled{bounds: bounds{true, x.bounds.nonZero}, num: func(s Source) decimal.Ratio {
		v := num(s)
		if v.Sign() < 0 {
			return v.Neg()
		}
		return v
	}}
}

// divide is a quotient with what stands for it when the divisor is zero.
func (c *compiler) divide(args []ast.Node) compiled {
	x, y, z := c.number(args[0]), c.number(args[1]), c.number(args[2])
	a, b, instead := x.num, y.num, z.num
	whole := bounds{x.bounds.nonNegative && y.bounds.nonNegative, x.bounds.nonZero}
	return compiled{bounds: whole.both(z.bounds), num: func(s Source) decimal.Ratio {
		if d := b(s); !d.IsZero() {
			return a(s).Quo(d)
		}
		return instead(s)
	}}
}
