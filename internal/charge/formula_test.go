package charge_test

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/charge"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/tariff"
)

// byFormula makes upkeep of the sample's catalogue a service by an operator's formula.
func byFormula(w *town, text string) {
	c := *w.c
	c.Services = slices.Clone(c.Services)
	for i := range c.Services {
		if s := &c.Services[i]; s.Code == "maintenance" {
			s.Kind, s.Formula, s.Result = tariff.ByFormula, text, tariff.ResultAmount
		}
	}
	w.c = &c
}

// TestOperatorsFormulaIsChargedAndExplained: a run writes the lines, the explanation puts the figures in, another
// formula known later corrects the month, and a preview goes by it.
func TestOperatorsFormulaIsChargedAndExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		byFormula(w, "мин(площадь * тариф, 600)")
		w.houses(1, 5)
		w.charge(october)
		shown := w.upkeep()
		if len(shown) != 1 || shown[0].Amount != 600_00 || !strings.Contains(shown[0].Words, "по формуле: мин(") || !strings.Contains(shown[0].Words, " × 31,2; 600) = 600 → 600,00") {
			t.Fatalf("%+v", shown)
		}
		byFormula(w, "мин(площадь * тариф, 550)")
		p, err := w.m.Preview(w.ctx, 1, 1000, october, charge.Wish{})
		if err != nil || !slices.ContainsFunc(p.Now, func(s charge.Shown) bool { return s.Service == "maintenance" && s.Amount == 550_00 }) {
			t.Errorf("preview by the new formula: %v %+v", err, p)
		}
		r, err := w.m.Recalculate(w.ctx, charge.Recalculation{From: october, In: november, Cause: "formula", Actor: "olga"})
		if err != nil || r.Amount != -5*50_00 {
			t.Errorf("recalculated %v %+v", err, r)
		}
		w.sound()
	})
}

// upkeep are the lines of upkeep of the first account that takes it.
func (w *town) upkeep() (list []charge.Shown) {
	w.t.Helper()
	account := w.count("SELECT min(account_id) FROM charge_line WHERE service_id = $1", w.ids.Service[7])
	all, err := w.m.Explain(w.ctx, 1, account, october)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if s.Service == sample.CodeOf(7) {
			list = append(list, s)
		}
	}
	return list
}
