package town

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// door is a network of terminals: it takes money by a supplier's number and sends a register the next morning; lines come
// twice, days late, again in another file, and with numbers nobody has.
type door struct {
	town *town
	day  []payLine // taken since the last register
	old  []payLine // of the last register
	seq  int
}

// payLine is one operation of a terminal.
type payLine struct {
	operation string
	on        calendar.Date
	account   *account
	number    string // as the payer typed it
	sum       money.Amount
}

// take takes money for an account of a home; one payer in fifteen mistypes the number.
func (d *door) take(h *home) {
	t := d.town
	d.seq++
	a := h.accounts[t.rng.IntN(len(h.accounts))]
	l := payLine{fmt.Sprintf("op%06d", d.seq), t.day, a, a.number, money.Amount(100 + t.rng.Int64N(300_000))}
	if t.rng.IntN(15) == 0 {
		l.number = "9" + a.number + "9"
	}
	d.day = append(d.day, l)
}

// send gives the register of what was taken; some lines of the one before are in it again.
func (d *door) send() {
	t := d.town
	if len(d.day) == 0 || t.rng.IntN(5) == 0 { // late: it comes another day
		return
	}
	lines := slices.Clone(d.day)
	for _, l := range d.old {
		if t.rng.IntN(4) == 0 {
			lines = append(lines, l)
		}
	}
	t.rng.Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
	text := "operation;date;supplier;account;sum\n"
	for _, l := range lines {
		text += fmt.Sprintf("%s;%s;%s;%s;%d.%02d\n", l.operation, l.on.Dotted(), l.account.of.code, l.number, l.sum/100, l.sum%100)
	}
	t.files++
	name := fmt.Sprintf("terminal-%03d.csv", t.files)
	write(filepath.Join(t.dir, name), text)
	t.intake(fmt.Sprintf(`{"month": %q, "payments": [{"file": %q, "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot",
		"columns": {"operation": "operation", "date": "date", "supplier": "supplier", "account": "account", "amount": "sum"}}]}`, t.day.Month(), name), name)
	for _, l := range d.day {
		if l.number == l.account.number {
			l.account.paid = append(l.account.paid, heard{l.on, l.sum})
		}
	}
	d.old, d.day = d.day, nil
}

// assign lets the centre find the accounts of money nobody could place.
func (d *door) assign() {
	t := d.town
	waiting := t.suspense()
	for _, s := range waiting {
		a := t.find(s.Supplier, strings.TrimSuffix(strings.TrimPrefix(s.Number, "9"), "9"))
		t.must("assign "+s.Number, func(ctx context.Context) error {
			for _, still := range t.suspense() { // a killed program may have done it
				if still.ID == s.ID {
					return t.app.Payments.SplitSuspense(ctx, "centre", s.ID, []payment.Share{{Supplier: a.of.code, Number: a.number, Amount: s.Amount}})
				}
			}
			return nil
		})
		a.paid = append(a.paid, heard{s.PaidOn, s.Amount})
	}
}
