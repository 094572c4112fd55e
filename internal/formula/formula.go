// Package formula holds operators' own formulas of charging: written as text in the catalogue, checked when it is
// loaded, compiled once, computed exactly.
//
// Owns: the language (figures, functions, types), its checks and its bounds. Does not own: where figures come from
// (charge/calc gives them), when a formula holds (tariff). The text is taken apart by expr's parser; what it means is
// decided here (docs/decisions/0006).
//
// Invariants: a number is an exact ratio from the literal to the result, nothing is a float; a formula has no loops, so
// computing costs at most its nodes; a division whose divisor may be zero is refused when the formula is loaded.
package formula

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"kvit/internal/decimal"
)

// Bounds of a formula.
const (
	runesMax = 2000
	nodesMax = 300
)

// Source gives a formula its figures: of one household in one month.
type Source interface {
	// Input is the figure of Program.Inputs with the number; a condition is one or zero.
	Input(i int) decimal.Ratio
	// Fail tells that the formula has no result: it divided by nothing, or a number left every range.
	Fail()
}

// Input is a figure a formula names: of the household itself, or of a service or object.
type Input struct {
	Figure Figure
	Arg    string // code of a service, or name of an object
	Column int    // where it stands first, from 1
}

// Program is a checked formula. It is read-only and safe for use by many at once.
type Program struct {
	inputs []Input
	root   ast.Node
	text   []rune
	value  number
}

// number and condition are compiled nodes.
type (
	number    func(Source) decimal.Ratio
	condition func(Source) bool
)

// Inputs are the figures the formula names, each once, in the order they stand.
func (p *Program) Inputs() []Input { return p.inputs }

// Uses tells whether the formula names a figure.
func (p *Program) Uses(f Figure) bool {
	for i := range p.inputs {
		if p.inputs[i].Figure == f {
			return true
		}
	}
	return false
}

// Value computes the formula. It is of no use once the source was told of a failure.
func (p *Program) Value(s Source) decimal.Ratio { return p.value(s) }

// Problem is something wrong with a formula.
type Problem struct {
	Line, Column int      // in the formula, from 1
	Message      string   // Russian, tells a way out
	Word         string   // an unknown word …
	Known        []string // … and what it could have been
}

// Compile checks a formula and makes it ready. All problems are told; with any there is no program.
func Compile(text string) (*Program, []Problem) {
	c := &compiler{text: plain([]rune(text))}
	if len(c.text) > runesMax {
		c.problem(file.Location{From: runesMax}, "Формула длиннее %d знаков. Разделите её на две услуги.", runesMax)
		return nil, c.problems
	}
	root, err := c.parse()
	if err != nil {
		return nil, c.problems
	}
	result := c.number(root)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Program{inputs: c.inputs, root: root, text: c.text, value: result.num}, nil
}

// plain puts one sign for what is written with several, each one rune for one: places stay where they are.
func plain(text []rune) []rune {
	for i, r := range text {
		switch r {
		case '×', '·':
			text[i] = '*'
		case '÷':
			text[i] = '/'
		case '−', '–':
			text[i] = '-'
		case '«', '»', '“', '”', '„':
			text[i] = '"'
		case '\u00a0', '\u202f', '\u2009':
			text[i] = ' '
		}
	}
	return text
}

// parse takes the text apart.
func (c *compiler) parse() (ast.Node, error) {
	config := conf.CreateNew()
	config.MaxNodes, config.DisableIfOperator = nodesMax, true
	tree, err := parser.ParseWithConfig(string(c.text), config)
	if err == nil {
		return tree.Node, nil
	}
	place := file.Location{}
	if at, ok := err.(*file.Error); ok {
		place = at.Location
	}
	c.problem(place, "Не разобрано. Можно: числа с точкой, показатели и функции по имени, + - * /, скобки, сравнения, and, or, not, «условие ? одно : другое»; не больше %d частей.", nodesMax)
	return nil, err
}
