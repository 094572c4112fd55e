package register

import (
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
)

// step is a compiled transform.
type step func(string) string

func compileSteps(list []Transform) ([]step, error) {
	var steps []step
	for _, t := range list {
		s, err := t.compile()
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// transformOps are the words of Transform.Op.
var transformOps = []string{"trim", "upper", "lower", "pad_left", "strip_prefix", "strip_suffix", "replace", "map", "negate", "digits"}

func (t Transform) compile() (step, error) {
	switch t.Op {
	case "trim":
		return strings.TrimSpace, nil
	case "upper":
		return strings.ToUpper, nil
	case "lower":
		return strings.ToLower, nil
	case "strip_prefix":
		return func(s string) string { return strings.TrimPrefix(s, t.Value) }, nil
	case "strip_suffix":
		return func(s string) string { return strings.TrimSuffix(s, t.Value) }, nil
	case "replace":
		return func(s string) string { return strings.ReplaceAll(s, t.Value, t.With) }, nil
	case "pad_left":
		return t.padLeft, nil
	case "map":
		return t.mapped, nil
	case "negate":
		return negate, nil
	case "digits":
		return keepDigits, nil
	}
	return nil, fault.Newf(fault.Invalid, "profile.transform", "Преобразования «%s» нет. Есть: %s.", t.Op, strings.Join(transformOps, ", "))
}

func (t Transform) padLeft(s string) string {
	fill := t.Value
	if fill == "" {
		fill = "0"
	}
	if n := t.Width - signs(s); n > 0 && s != "" {
		return strings.Repeat(fill, n) + s
	}
	return s
}

func (t Transform) mapped(s string) string {
	if v, ok := t.Values[s]; ok {
		return v
	}
	return s
}

// negate turns the sign of a number in text.
func negate(s string) string {
	if rest, ok := strings.CutPrefix(s, "-"); ok || s == "" {
		return rest
	}
	return "-" + s
}

func keepDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// runSteps applies transforms to a cell. What comes out is in the encoding of the file again, so that readers
// of numbers and texts need not know.
func runSteps(steps []step, c cell, enc charset.Encoding) cell {
	var text string
	if c.kind == textCell {
		text = enc.Text(c.raw)
	} else {
		text = string(c.raw)
	}
	was := text
	for _, s := range steps {
		text = s(text)
	}
	if text == was {
		return c
	}
	if c.kind != textCell {
		return cell{[]byte(text), c.kind}
	}
	raw, _ := enc.Append(nil, text)
	return cell{raw, textCell}
}
