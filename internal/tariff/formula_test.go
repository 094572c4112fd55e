package tariff

import (
	"strings"
	"testing"
)

// TestRefusalsOfFormulas: what is wrong with a formula is told when the catalogue is read, once, on its line.
func TestRefusalsOfFormulas(t *testing.T) {
	const lift = "services:\n  - {code: water, name: Вода, unit: m3, kind: metered, rules: water}\n  - {code: lift, name: Лифт, unit: unit, kind: formula}\nformulas:\n"
	for _, c := range []struct {
		name, text string
		code       string
		line       int
		says       string
	}{
		{"unknown figure", lift + "  - {service: lift, formula: площать * 3}", "catalog.formula", 5, "строка 1, столбец 1: Показателя площать нет. Возможно, это площадь?"},
		{"unknown function", lift + "  - {service: lift, formula: 'окргл(площадь, 2)'}", "catalog.formula", 5, "Возможно, это округл?"},
		{"second line of a text", lift + "  - service: lift\n    formula: |\n      площадь\n      * тариф + 'x'", "catalog.formula", 5, "строка 2, столбец 11"},
		{"may divide by zero", lift + "  - {service: lift, formula: 100 / человек}", "catalog.formula", 5, "столбец 7"},
		{"unknown service", lift + "  - {service: lift, formula: 'объём(\"watr\")'}", "catalog.service", 5, "water"},
		{"price of an unknown service", lift + "  - {service: lift, formula: 'тариф_услуги(\"watr\")'}", "catalog.service", 5, "water"},
		{"itself", lift + "  - {service: lift, formula: 'объём(\"lift\") + 1'}", "catalog.cycle", 3, "lift → lift"},
		{"circle", "services:\n  - {code: a, name: А, unit: m3, kind: formula, formula: 'объём(\"b\")'}\n  - {code: b, name: Б, unit: m3, kind: linked, links: [{service: a, factor: 1}]}", "catalog.cycle", 2, "a → b → a"},
		{"unknown result", lift + "  - {service: lift, formula: 1, result: sum}", "catalog.word", 5, "volume, amount"},
		{"of a metered service", lift + "  - {service: lift, formula: 1}\n  - {service: water, formula: 1}", "catalog.formula", 6, "kind: formula"},
		{"in both tables", "services:\n  - {code: lift, name: Лифт, unit: unit, kind: formula, formula: 1}\nformulas:\n  - {service: lift, formula: 2}", "catalog.formula", 2, "Оставьте строки formulas"},
		{"result without a formula", "services:\n  - {code: lift, name: Лифт, unit: unit, kind: formula, result: amount}\nformulas:\n  - {service: lift, formula: 2}", "catalog.formula", 2, "result"},
		{"two at once", lift + "  - {service: lift, formula: 1}\n  - {service: lift, formula: 2, from: 2026-01-01}", "catalog.overlap", 6, "f.yaml:5"},
		{"days without one", lift + "  - {service: lift, formula: 1, until: 2025-12-30}\n  - {service: lift, formula: 2, from: 2026-01-01}", "catalog.gap", 6, "2025-12-31"},
		{"empty", lift + "  - {service: lift, formula: ''}", "catalog.value", 5, "formula"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, faults := Read("f.yaml", strings.NewReader(c.text))
			if len(faults) == 0 {
				faults, _ = d.Catalog.Check()
			}
			if len(faults) != 1 || faults[0].Code != c.code || faults[0].Place.Pos != c.line || !strings.Contains(faults[0].Message, c.says) {
				t.Errorf("got %v, want one %s on line %d with %q", faults, c.code, c.line, c.says)
			}
		})
	}
}

// TestFormulasAreOrdered: a service comes after those its formula needs, wherever they stand.
func TestFormulasAreOrdered(t *testing.T) {
	c := &Catalog{Services: []Service{
		{Code: "fund", Kind: ByFormula, Formula: `начислено("drains") * 0.1`},
		{Code: "drains", Kind: ByFormula},
		{Code: "water", Kind: Metered},
	}, Formulas: []Formula{{Service: "drains", Text: `объём("water") * 0.1`}}}
	order, err := c.InOrder()
	if err != nil || len(order) != 3 || order[0] != 2 || order[1] != 1 || order[2] != 0 {
		t.Errorf("order %v, %v", order, err)
	}
}
