package reading

import (
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/fault"
)

// TestWhatNoReadingCosts: three months by the average, then the normative; by the engine, against the own average. A supplier
// sees his own accounts.
func TestWhatNoReadingCosts(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		of := func(actor access.Actor, service string) (row *MissingRow) {
			t.Helper()
			rows, err := w.m.Missing(w.ctx, actor, MissingQuery{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range rows {
				if rows[i].Service == service {
					row = &rows[i]
				}
			}
			return row
		}
		x := of(system, "cold_water")
		if x == nil || x.Method != "average" || x.Volume != "8" || x.Account != "100" || x.Sum <= 0 || x.Usual <= 0 || x.Then != "2027-02" || x.ThenSum <= 0 {
			t.Fatalf("%+v", x)
		}
		if x.More != 0 || x.Usual != x.Sum || x.ThenSum <= x.Usual {
			t.Errorf("against the own average: %+v", x)
		}
		sewer := access.Actor{Role: access.SupplierOperator, SupplierID: 2}
		if x := of(sewer, "cold_water"); x != nil {
			t.Errorf("the sewage company sees %+v", x)
		}
		if _, err := w.m.Missing(w.ctx, resident, MissingQuery{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a resident lists: %v", err)
		}
		sheet, err := w.m.Sheet(w.ctx, resident, home)
		if err != nil {
			t.Fatal(err)
		}
		if words := sheet.Cards[0].Missing.Words(); !strings.Contains(words, "по среднему: 8") || !strings.Contains(words, "За февраль уже по нормативу") {
			t.Errorf("the page says %q", words)
		}
		w.give("", given(cold, 20261120, 180))
		if x := of(system, "cold_water"); x != nil {
			t.Errorf("read, and still missing: %+v", x)
		}
	})
}
