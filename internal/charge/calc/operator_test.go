package calc_test

import (
	"testing"

	"kvit/internal/charge/calc"
	"kvit/internal/tariff"
)

// guarded is a household that takes one service by an operator's formula.
func guarded(t testing.TB, text string) (*calc.Book, *calc.Premises) {
	t.Helper()
	c := &tariff.Catalog{Services: []tariff.Service{{Code: "guard", Name: "Охрана", Unit: tariff.Piece, Kind: tariff.ByFormula, Formula: text, Result: tariff.ResultAmount}}}
	if faults, _ := c.Check(); len(faults) > 0 {
		t.Fatal(faults)
	}
	e, err := calc.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := e.Service("guard")
	p := &calc.Premises{Area: 54_3000000, Stays: []calc.Stay{{Persons: 3}}, House: &calc.House{Area: 5420_6000000}, Services: []calc.Subscription{{Service: s}}}
	return e.Month(month), p
}

const shareOfHouse = "макс(150, округл(48000 * площадь / площадь_дома, 2)) + 10 * человек"

// TestFormulaLineDoesNotAllocate holds the bulk path for services by formulas too.
func TestFormulaLineDoesNotAllocate(t *testing.T) {
	book, p := guarded(t, shareOfHouse)
	bill := &calc.Bill{}
	book.Charge(p, bill)
	if len(bill.Lines) != 1 || bill.Lines[0].Amount != 510_83 {
		t.Fatalf("%+v %v", bill.Lines, bill.Issues)
	}
	if n := testing.AllocsPerRun(100, func() { book.Charge(p, bill) }); n != 0 {
		t.Errorf("%v allocations a line", n)
	}
}

// BenchmarkFormulaLine is what a line by an operator's formula costs.
func BenchmarkFormulaLine(b *testing.B) {
	book, p := guarded(b, shareOfHouse)
	bill := &calc.Bill{}
	b.ReportAllocs()
	for b.Loop() {
		book.Charge(p, bill)
	}
}
