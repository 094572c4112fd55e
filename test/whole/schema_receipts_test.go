package whole

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"

	"kvit/internal/app"
	"kvit/internal/cashdesk"
	"kvit/internal/fiscal/atol/simulator"
)

// receipts prints what the commands of receipts and cash desks say. Payments were made before without a register: the rules,
// once loaded, make their receipts.
func (j judged) receipts() {
	j.t.Helper()
	till := simulator.New(simulator.Options{Login: "a", Password: "b", Group: "g"})
	server := httptest.NewServer(till.Handler())
	defer server.Close()
	rules := filepath.Join(j.t.TempDir(), "receipts.yaml")
	if err := os.WriteFile(rules, []byte("- {supplier: '*', from: 2020-01-01, vat: vat20}\n"), 0o600); err != nil {
		j.t.Fatal(err)
	}
	register := []string{"--cashbox-url", server.URL, "--cashbox-login", "a", "--cashbox-password", "b", "--cashbox-group", "g", "--cashbox-inn", "9900000031", "--cashbox-place", "https://epd.example", "--cashbox-email", "centre@example.ru"}
	j.is(0, "receipts-policy-load", nil, "receipts", "policy", "load", rules)
	j.is(0, "receipts-policy-list", nil, "receipts", "policy", "list")
	var done struct{ Made, Printed, Open int }
	j.is(0, "receipts-run", &done, append([]string{"receipts", "run", "--wait", "10s"}, register...)...)
	if done.Made == 0 || done.Printed != done.Made || done.Open != 0 || len(till.Printed()) != done.Made {
		j.t.Errorf("%+v, printed %d", done, len(till.Printed()))
	}
	var list struct {
		Receipts []struct {
			Number int64
			Kind   string
		}
	}
	j.is(0, "receipts-list", &list, "receipts", "list", "--state", "done")
	number := "" // of one that may be corrected: what was given back may not
	for _, r := range list.Receipts {
		if r.Kind == "sell" {
			number = strconv.FormatInt(r.Number, 10)
		}
	}
	j.is(0, "receipts-show", nil, "receipts", "show", number)
	j.fails(1, "receipts", "show", "1")
	j.fails(1, "receipts", "retry", number)
	j.is(0, "receipts-retry", nil, "receipts", "retry", "--all")
	j.is(0, "receipts-correct", nil, "receipts", "correct", number, "--reason", "проверка")
	j.shifts()
}

// shifts shows a shift that a clerk opened on the pages.
func (j judged) shifts() {
	j.t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, app.Settings{Data: j.flags[1]})
	if err != nil {
		j.t.Fatal(err)
	}
	_, err = a.Desks.Begin(ctx, cashdesk.Opening{Clerk: "clerk:olga", Desk: "1", Cash: 50000})
	if err == nil {
		err = a.Desks.Move(ctx, "clerk:olga", "first-move", cashdesk.Handover, 10000, "инкассатор")
	}
	a.Close()
	if err != nil {
		j.t.Fatal(err)
	}
	j.is(0, "cash-shifts-list", nil, "cash", "shifts", "list")
	j.is(0, "cash-shifts-show", nil, "cash", "shifts", "show", "1-1")
	j.fails(1, "cash", "shifts", "show", "9-9")
}
