package city

import "testing"

type pair struct{ charge, due int64 }

func TestSumsOfAccountsMakeHousesAndSuppliers(t *testing.T) {
	for _, seed := range []int64{5, 6} {
		dir, sum := makeTown(t, Options{Households: 1200, Seed: seed, Month: 202507, Defects: 1, Payments: true})
		checkSums(t, readAnswer(t, dir), sum)
	}
}

func checkSums(t *testing.T, a answer, sum Summary) {
	t.Helper()
	houses, suppliers, paid, seen := map[string]pair{}, map[string]pair{}, map[string]int64{}, map[string]bool{}
	for _, h := range a.Households {
		own := pair{}
		for _, acc := range h.Acc {
			code, number := acc[0].(string), acc[1].(string)
			if seen[code+":"+number] {
				t.Errorf("account %s:%s stands in two baskets", code, number)
			}
			seen[code+":"+number] = true
			charge, due := int64(acc[2].(float64)), int64(acc[3].(float64))
			own = pair{own.charge + charge, own.due + due}
			suppliers[code] = pair{suppliers[code].charge + charge, suppliers[code].due + due}
			paid[code] += int64(acc[4].(float64))
		}
		if own != (pair{h.Charge, h.Due}) {
			t.Errorf("%s: accounts make %v, the household says %d, %d", h.ID, own, h.Charge, h.Due)
		}
		houses[h.House] = pair{houses[h.House].charge + own.charge, houses[h.House].due + own.due}
	}
	checkTotals(t, a, houses, suppliers, paid)
	checkNumbers(t, a, seen)
	if len(seen) != sum.Accounts || len(a.Suppliers) < 10 || a.Meta.Accounts != sum.Accounts {
		t.Errorf("accounts %d, summary %d, meta %d, suppliers %d", len(seen), sum.Accounts, a.Meta.Accounts, len(a.Suppliers))
	}
}

// checkTotals holds houses and suppliers to the sums of their accounts.
func checkTotals(t *testing.T, a answer, houses, suppliers map[string]pair, paid map[string]int64) {
	t.Helper()
	for id, h := range a.Houses {
		if houses[id] != (pair{h.Charge, h.Due}) {
			t.Errorf("house %s: accounts make %v, the house says %d, %d", id, houses[id], h.Charge, h.Due)
		}
	}
	for code, s := range a.Suppliers {
		if suppliers[code] != (pair{s.Charge, s.Due}) || s.Due != s.Opening+s.Charge+s.Recalc+s.Penalty-s.Paid {
			t.Errorf("supplier %s: accounts make %v, the supplier says %+v", code, suppliers[code], s)
		}
		if paid[code] != s.Paid || a.Payments.BySupplier[code] != s.Paid {
			t.Errorf("supplier %s: paid %d by accounts, %d by payments, %d by the supplier", code, paid[code], a.Payments.BySupplier[code], s.Paid)
		}
	}
}

// checkNumbers holds numbers that are nobody's apart from those that are somebody's.
func checkNumbers(t *testing.T, a answer, seen map[string]bool) {
	t.Helper()
	for _, o := range a.Orphans {
		if seen[o[0]+":"+o[1]] {
			t.Errorf("orphan %v is somebody's account", o)
		}
	}
	for _, x := range a.Absent {
		if seen[x[0]+":"+x[1]] {
			t.Errorf("absent account %v is in a basket", x)
		}
	}
	for printed, real := range a.Aliases {
		if seen[printed] || !seen[real] {
			t.Errorf("alias %s of %s: the first must be nobody's number, the second somebody's", printed, real)
		}
	}
}
