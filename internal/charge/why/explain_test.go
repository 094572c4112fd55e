package why_test

import (
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// water is a catalogue of cold water and sewage whose price rises in February.
func water(t *testing.T) *calc.Engine {
	t.Helper()
	price := func(service, value string, from, until calendar.Date) tariff.Rate {
		return tariff.Rate{Service: service, Value: num(t, value).Decimal(), Term: tariff.Term{From: from, Until: until}, Origin: tariff.Origin{Document: "постановление № 7", Status: tariff.Verified}}
	}
	c := &tariff.Catalog{
		Rates:      []tariff.Rate{price("cold_water", "40", 20250101, 20260131), price("cold_water", "43", 20260201, 0), price("sewage", "30", 20250101, 0)},
		Normatives: []tariff.Normative{{Service: "cold_water", Value: num(t, "4.29").Decimal(), Unit: "m3/person/month", Origin: tariff.Origin{Document: "постановление № 8"}}},
	}
	e, err := calc.New(tariff.Merge(tariff.Standard(), c))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// charge computes a month of a flat of two with one meter, or without it.
func charge(t *testing.T, e *calc.Engine, month calendar.Month, readings []calc.Reading) *calc.Bill {
	t.Helper()
	p := &calc.Premises{Area: 50_0000000, Stays: []calc.Stay{{Persons: 2}}}
	cold, _ := e.Service("cold_water")
	sewage, _ := e.Service("sewage")
	for s := range e.Services() {
		switch calc.Service(s) {
		case cold:
			sub := calc.Subscription{Service: cold}
			if readings != nil {
				sub.Meters = []calc.Meter{{Readings: readings}}
			}
			p.Services = append(p.Services, sub)
		case sewage:
			p.Services = append(p.Services, calc.Subscription{Service: sewage})
		}
	}
	bill := &calc.Bill{}
	e.Month(month).Charge(p, bill)
	if len(bill.Lines) < 2 || len(bill.Issues) != 0 {
		t.Fatalf("%d lines, issues %+v", len(bill.Lines), bill.Issues)
	}
	return bill
}

// TestComputedBillsAreCompared: the engine's own lines lose nothing on the way, and the causes are those of the facts.
func TestComputedBillsAreCompared(t *testing.T) {
	e := water(t)
	was := charge(t, e, 202601, []calc.Reading{{Ref: 1, On: 20251225, Value: 10_0000000}, {Ref: 2, On: 20260125, Value: 16_0000000}})
	is := charge(t, e, 202602, nil)
	before, after := why.FromCalc(e, was), why.FromCalc(e, is)
	c := why.Compare(before, after, 202601, 202602)
	var sum money.Amount
	for i := range is.Lines {
		sum += is.Lines[i].Amount
	}
	if c.Is != sum || c.Delta() == 0 {
		t.Fatalf("the lines are %d, compared %d", sum, c.Is)
	}
	causes := map[string]bool{}
	for _, p := range c.Lines[0].Parts {
		causes[p.Cause.Code()] = true
	}
	if !causes["method"] || !causes["price"] || causes["unknown"] {
		t.Errorf("%+v", c.Lines[0].Parts)
	}
	said := c.Sentences()
	if len(said) == 0 || !strings.Contains(said[0].Text, "норматив") || !strings.Contains(said[0].Remedy, "до 25-го") {
		t.Errorf("%+v", said)
	}
}

// TestComputedLineOpensToTheBottom: volume and how it was found, price with its document, formula and clause, readings.
func TestComputedLineOpensToTheBottom(t *testing.T) {
	e := water(t)
	bill := charge(t, e, 202601, []calc.Reading{{Ref: 1, On: 20251225, Value: 10_0000000}, {Ref: 2, On: 20260125, Value: 16_5000000}})
	find := func(id int64) *why.Reading {
		if id == 2 {
			return &why.Reading{Value: "16.5", On: 20260125, Day: "2026-01-25"}
		}
		return nil
	}
	c := why.Computed(e, bill.Lines, find)[0]
	if c.Method != "meter" || c.Volume != "6.5" || c.Unit != "м³" || c.Rate != "40" || c.RateDocument != "постановление № 7" || c.Exact != "260" || c.Sum != 26000 {
		t.Errorf("%+v", c)
	}
	if c.Formula.Number != "1" || !strings.Contains(c.Formula.Clause, "354") || c.After == nil || c.After.Day != "2026-01-25" || c.Before != nil {
		t.Errorf("%+v %+v", c.Formula, c.After)
	}
	n := why.Computed(e, charge(t, e, 202601, nil).Lines, nil)[0]
	if n.Method != "normative" || n.Norm != "4.29" || n.NormDocument != "постановление № 8" || n.Persons != "2" || n.Volume != "8.58" {
		t.Errorf("%+v", n)
	}
}

// TestSuppliersSumIsRecomputed says whether a supplier's sum agrees with the volume and rate he sent.
func TestSuppliersSumIsRecomputed(t *testing.T) {
	for _, c := range []struct {
		volume, rate string
		charge       money.Amount
		agrees       bool
		partOf       int
		says         string
	}{
		{"4.627", "43.63", 20188, true, 0, "Сходится"},
		{"4.627", "43.63", 20187, true, 0, "Сходится"},
		{"4.627", "43.63", 30188, false, 0, "Расходится с суммой поставщика на 100,00"},
		{"54.3", "14.01", 38037, false, 2, "вторая часть"},
		{"54.3", "", 38037, false, 0, "без объёма или тарифа"},
		{"", "14.01", 38037, false, 0, "без объёма или тарифа"},
	} {
		parse := func(s string) decimal.Decimal {
			if s == "" {
				return 0
			}
			return num(t, s).Decimal()
		}
		step, check := why.Supplied(parse(c.volume), parse(c.rate), c.charge)
		if check.Agrees != c.agrees || check.PartOf != c.partOf || !strings.Contains(plainSpaces(check.Verdict()), c.says) || step.Sum != c.charge {
			t.Errorf("%s × %s against %d: %+v «%s»", c.volume, c.rate, c.charge, check, check.Verdict())
		}
	}
}

// TestOperatorsFormulaOpensToTheBottom: the formula in names and with the figures put in, its document, no figure lost.
func TestOperatorsFormulaOpensToTheBottom(t *testing.T) {
	c := tariff.Merge(tariff.Standard(), &tariff.Catalog{
		Services: []tariff.Service{{Code: "drains", Name: "Ливневые стоки", Unit: "m3", Kind: tariff.ByFormula}},
		Formulas: []tariff.Formula{{Service: "drains", Text: `макс(объём("maintenance") * показатель("скат") / площадь_дома, 0.4)`, Origin: tariff.Origin{Document: "Решение думы № 5"}}},
		Rates:    []tariff.Rate{{Service: "drains", Value: 12_3000000}, {Service: "maintenance", Value: 1_0000000}},
	})
	e, err := calc.New(c)
	if err != nil {
		t.Fatal(err)
	}
	service := func(code string) calc.Service { s, _ := e.Service(code); return s }
	p := &calc.Premises{Area: 54_3000000, House: &calc.House{Area: 5430_0000000}, Services: []calc.Subscription{
		{Service: service("maintenance")}, {Service: service("drains"), Objects: []calc.Object{{Name: "скат", Count: 70_0000000}}},
	}}
	bill := &calc.Bill{}
	e.Month(202604).Charge(p, bill)
	got := why.Computed(e, bill.Lines[1:], nil)[0]
	if got.Formula.Words != "макс(объём «Содержание жилого помещения» × показатель «скат» ÷ площадь дома; 0,4)" || got.Formula.Clause != "Решение думы № 5" || got.MethodText != "по формуле" {
		t.Errorf("%+v", got.Formula)
	}
	if got.Product != "макс(54,3 × 70 ÷ 5430; 0,4) м³ × 12,3 ₽" || got.Exact != "8.61" || got.Sum != 861 {
		t.Errorf("%s = %s → %d", got.Product, got.Exact, got.Sum)
	}
	if len(got.Inputs) != 3 || got.Inputs[1].Name != "показатель «скат»" || got.Inputs[1].Value != "70" {
		t.Errorf("%+v", got.Inputs)
	}
}
