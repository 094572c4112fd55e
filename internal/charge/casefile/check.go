package casefile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// checkNode compares a node with the type it is read into: an unknown key, a word that is not of a closed list, a key
// left out and a value of another type are refused with the line, and the nearest word is offered.
func checkNode(key string, n *yaml.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case t == reflect.TypeFor[yaml.Node](), t == reflect.TypeFor[LateCatalog](), n.Tag == "!!null":
		return nil
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range n.Content {
			if err := checkNode(key, item, t.Elem()); err != nil {
				return err
			}
		}
		return nil
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		return checkStruct(n, t)
	case n.Kind == yaml.MappingNode && t == reflect.TypeFor[Heatings]():
		return checkStruct(n, t.Elem())
	case n.Kind == yaml.ScalarNode || reads(t) && !isNumber(t):
		return checkValue(key, n, t)
	case n.Kind == yaml.SequenceNode:
		return at(n, "%s: ожидается %s, а не список", key, nounOf(t))
	}
	return at(n, "%s: ожидается %s, а не таблица", key, nounOf(t))
}

// reads tells whether a type reads several forms by itself.
func reads(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[yaml.Unmarshaler]())
}

// isNumber tells whether a type is one value, whatever it reads it from.
func isNumber(t reflect.Type) bool {
	return t == reflect.TypeFor[Figure]() || t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
}

// checkValue tries to read a value.
func checkValue(key string, n *yaml.Node, t reflect.Type) error {
	err := n.Decode(reflect.New(t).Interface())
	switch {
	case err == nil:
		return nil
	case strings.HasPrefix(err.Error(), "строка "):
		return err
	case n.Kind != yaml.ScalarNode:
		return at(n, "%s: ожидается %s", key, nounOf(t))
	case strings.HasPrefix(err.Error(), "yaml:"):
		return at(n, "%s: %q не подходит, ожидается %s", key, n.Value, nounOf(t))
	}
	return at(n, "%s: %v", key, err)
}

// nounOf is what a type is called to people.
func nounOf(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[decimal.Decimal](), t == reflect.TypeFor[Figure]():
		return "число"
	case t == reflect.TypeFor[Roubles]():
		return "сумма в рублях"
	case t == reflect.TypeFor[MonthVolumes]():
		return "число или таблица {2026-01: 5.2}"
	case t == reflect.TypeFor[calendar.Date]():
		return "дата"
	case t == reflect.TypeFor[calendar.Month]():
		return "месяц"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true или false"
	case reflect.Slice:
		return "список"
	case reflect.Struct:
		return "таблица ключей"
	case reflect.String:
		return "слово"
	}
	return "целое число"
}

func checkStruct(n *yaml.Node, t reflect.Type) error {
	fields, known := keysOf(t)
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, ok := fields[key.Value]
		switch {
		case !ok && cutByComma(n, i):
			before := n.Content[i-1]
			return at(key, "запятая кончает значение: внутри { } вместо %s,%s пишите %s.%s или возьмите число в кавычки", before.Value, key.Value, before.Value, key.Value)
		case !ok:
			return at(key, "ключа %q здесь нет%s; бывают: %s", key.Value, perhaps(key.Value, known), strings.Join(known, ", "))
		case seen[key.Value] != 0:
			return at(key, "ключ %s уже стоит в строке %d: оставьте один", key.Value, seen[key.Value])
		}
		seen[key.Value] = key.Line
		if err := checkWord(key.Value, value, field); err != nil {
			return err
		}
		if err := checkNode(key.Value, value, field.Type); err != nil {
			return err
		}
	}
	for _, key := range known {
		if fields[key].Tag.Get("need") != "" && seen[key] == 0 {
			return at(n, "нет ключа %s: добавьте его", key)
		}
	}
	return nil
}

// cutByComma tells whether a key is the end of a number that a comma has cut: {value: 45,61}.
func cutByComma(n *yaml.Node, i int) bool {
	return i > 0 && n.Content[i+1].Tag == "!!null" && digitsOnly(n.Content[i].Value) && digitsOnly(strings.TrimPrefix(n.Content[i-1].Value, "-"))
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func keysOf(t reflect.Type) (map[string]reflect.StructField, []string) {
	fields := map[string]reflect.StructField{}
	var known []string
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" {
			fields[key], known = t.Field(i), append(known, key)
		}
	}
	slices.Sort(known)
	return fields, known
}

// checkWord holds a value to the words its key may have, and to being no less than zero.
func checkWord(key string, n *yaml.Node, field reflect.StructField) error {
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		return nil
	}
	if words := strings.Fields(field.Tag.Get("words")); len(words) > 0 && !slices.Contains(words, n.Value) {
		return at(n, "%s: %q не бывает%s; бывает: %s", key, n.Value, perhaps(n.Value, words), strings.Join(words, ", "))
	}
	if field.Tag.Get("least") != "" && strings.HasPrefix(n.Value, "-") {
		return at(n, "%s: %s меньше нуля не бывает", key, n.Value)
	}
	return nil
}

// check looks at what no single key shows: terms that end before they begin, money without debts.
func (c *Case) check() error {
	if a := c.Account; a != nil {
		for _, x := range a.Absences {
			if x.Returned != 0 && x.Returned < x.Left {
				return fmt.Errorf("строка %d: absences: вернулись %s раньше, чем уехали %s", c.line, x.Returned, x.Left)
			}
		}
		for _, x := range slices.Concat(a.Residents, a.Owners) {
			if x.Until != 0 && x.Until < x.From {
				return fmt.Errorf("строка %d: residents: until %s раньше from %s", c.line, x.Until, x.From)
			}
		}
	}
	if len(c.Debts) == 0 && (c.Pay != nil || len(c.Payments) > 0 || c.PenaltyOn != 0) {
		return fmt.Errorf("строка %d: оплата или пени есть, а долгов нет: добавьте debts", c.line)
	}
	if p := c.Pay; p != nil {
		if err := c.checkNamed(c.line, subject{supplier: p.Supplier, service: p.Service}); err != nil {
			return err
		}
	}
	for i := range c.Expect {
		if err := c.checkSubject(&c.Expect[i]); err != nil {
			return err
		}
	}
	return nil
}

// checkSubject holds an expectation about a debt to the debts there are: a mistyped service would expect nothing.
func (c *Case) checkSubject(e *Expect) error {
	if !e.ofDebts() {
		return nil
	}
	if len(c.Debts) == 0 {
		return fmt.Errorf("строка %d: ожидание о долге, а раздела debts в случае нет", e.line)
	}
	return c.checkNamed(e.line, e.subject())
}

// checkNamed holds a service and a supplier to those of the debts.
func (c *Case) checkNamed(line int, about subject) error {
	var services, suppliers []string
	for i := range c.Debts {
		services, suppliers = append(services, c.Debts[i].Service), append(suppliers, c.Debts[i].Supplier)
	}
	for _, k := range [...]struct {
		key, value string
		known      []string
	}{{"service", about.service, services}, {"supplier", about.supplier, suppliers}} {
		if k.value != "" && !slices.Contains(k.known, k.value) {
			return fmt.Errorf("строка %d: %s %q: такого долга в случае нет%s", line, k.key, k.value, perhaps(k.value, k.known))
		}
	}
	return nil
}

// ofDebts tells whether an expectation is about debts.
func (e *Expect) ofDebts() bool {
	return e.Penalty != nil || e.PenaltySum != nil || e.Due != 0 || e.Paid != nil || e.Balance != nil
}
