package bill_test

import (
	"fmt"
	"testing"

	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/qr"
)

// TestPaperOpensItsAccount reads suppliers' own codes: who has the paper sees its account, who made a code up nothing.
func TestPaperOpensItsAccount(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.exec("UPDATE supplier SET inn = '7707049388', bank_account = '40702810138250123017', bic = '044525225' WHERE supplier_id = 1")
	w.exec("INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (1, '10000', 10000, 1)")
	w.goTo(2026, 10, 6)
	w.sent(10000, september, 0, 0, 300_00, 0)
	w.goTo(2026, 11, 6)
	w.sent(10000, october, 0, 300_00, 250_50, 300_00)
	w.goTo(2026, 11, 20)
	w.paid(10000, 0, 20261118, 100_00)
	code := func(account, inn, sum string) *qr.Code {
		c, err := qr.Parse([]byte(fmt.Sprintf("ST00011|Name=X|PersonalAcc=40702810138250123018|BankName=B|BIC=044525225|CorrespAcc=0|payeeINN=%s|persAcc=%s|Sum=%s|", inn, account, sum)))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, x := range []struct {
		name, account, inn, sum string
		opens                   bool
	}{
		{"what is due now", "10000", "7707049388", "15050", true},
		{"what was due before a part was paid", "10000", "7707049388", "25050", true},
		{"roubles instead of kopecks", "10000", "7707049388", "250.50", true},
		{"the paper of the month before", "10000", "7707049388", "30000", true},
		{"a sum made up", "10000", "7707049388", "25051", false},
		{"no sum", "10000", "7707049388", "", false},
		{"another account", "10011", "7707049388", "25050", false},
		{"another payee", "10000", "7707049389", "25050", false},
	} {
		building, id, err := w.bills.FindByPaper(w.ctx, code(x.account, x.inn, x.sum))
		if opens := err == nil && building == 1 && id == 10000; opens != x.opens || !x.opens && fault.CodeOf(err) != "bill.paper_unknown" {
			t.Errorf("%s: %d, %v", x.name, id, err)
		}
	}
}
