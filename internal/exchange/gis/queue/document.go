package queue

import (
	"context"
	"fmt"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// issuedBill is a bill that was issued, or withdrawn, lately.
type issuedBill struct {
	ref       bill.Ref
	month     calendar.Month
	version   int
	published calendar.Micros
	withdrawn bool
	after     calendar.Micros
}

// billsOf are the bills of a house issued or withdrawn after a moment, for months from one on.
func billsOf(ctx context.Context, tx *db.Tx, house int64, after calendar.Micros, from calendar.Month) (list []issuedBill, err error) {
	err = tx.Scan(ctx, `SELECT household_id, month, version, published_at, withdrawn_at FROM v_bill_issued WHERE building_id = $1 AND month >= $2 AND (published_at > $3 OR withdrawn_at > $3)
		ORDER BY household_id, month, version`, []any{house, int64(from), int64(after)}, func(v []int64, _ []byte) error {
		list = append(list, issuedBill{bill.Ref{Building: house, Household: v[0]}, calendar.Month(v[1]), int(v[2]), calendar.Micros(v[3]), v[4] > 0, after})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("issued bills of a house: %w", err)
	}
	return list, nil
}

func documentEntity(account int64, month calendar.Month) string {
	return fmt.Sprintf("document:%d/%d", account, int(month))
}

// linesOf are a supplier's lines of an issued bill by his accounts, in the order of the bill.
func linesOf(b *bill.Bill, supplierID int64) (accounts []int64, lines map[int64][]bill.Line) {
	lines = map[int64][]bill.Line{}
	for _, l := range b.Lines {
		if l.SupplierID != supplierID {
			continue
		}
		if lines[l.AccountID] == nil {
			accounts = append(accounts, l.AccountID)
		}
		lines[l.AccountID] = append(lines[l.AccountID], l)
	}
	return accounts, lines
}

// documentsOf are the payment documents of bills: one for each account of the supplier.
func (m *Module) documentsOf(ctx context.Context, s *supplier.Supplier, issued []issuedBill) (list []object, err error) {
	for _, x := range issued {
		if x.published <= x.after {
			continue
		}
		b, err := m.Bills.IssuedFor(ctx, x.ref, x.month, x.version)
		if err != nil {
			return nil, err
		}
		accounts, lines := linesOf(b, s.ID)
		for i, account := range accounts {
			number := documentNumber(b.Issued.Number, i)
			body, reason := documentBody(s, number, lines[account])
			o := newObject(s.ID, gis.KindDocument, documentEntity(account, x.month), fmt.Sprintf("%d/%d/%d", account, int(x.month), x.version), account, body)
			o.Batch = int64(x.month)
			if reason != "" {
				o.State, o.Reason = stateRefused, reason
			}
			list = append(list, o)
		}
	}
	return list, nil
}

// documentNumber is the number of the document of the i-th of a supplier's accounts in a bill.
func documentNumber(bill string, i int) string {
	if i == 0 {
		return bill
	}
	return fmt.Sprint(bill, "-", i+1)
}

// withdrawalsOf take back the documents of withdrawn bills.
func (m *Module) withdrawalsOf(ctx context.Context, s *supplier.Supplier, issued []issuedBill) (list []object, err error) {
	for _, x := range issued {
		if !x.withdrawn {
			continue
		}
		b, err := m.Bills.IssuedFor(ctx, x.ref, x.month, x.version)
		if err != nil {
			return nil, err
		}
		accounts, _ := linesOf(b, s.ID)
		for _, account := range accounts {
			o := newObject(s.ID, gis.KindWithdrawal, documentEntity(account, x.month), fmt.Sprintf("%d/%d/%d", account, int(x.month), x.version), account, &gis.Withdrawal{})
			o.Batch = int64(x.month)
			list = append(list, o)
		}
	}
	return list, nil
}

// sums are what an account's lines come to.
type sums struct{ opening, charged, penalty, paid, due money.Amount }

func sumOf(lines []bill.Line) (s sums) {
	for i := range lines {
		l := &lines[i]
		s.opening, s.charged, s.penalty, s.paid, s.due = s.opening+l.Opening, s.charged+l.Charge+l.Recalc, s.penalty+l.Penalty, s.paid+l.Paid, s.due+l.Due
	}
	return s
}

// documentBody is an account's payment document. The reason is why it cannot be made.
func documentBody(sup *supplier.Supplier, number string, lines []bill.Line) (d *gis.Document, reason string) {
	s := sumOf(lines)
	d = &gis.Document{
		Number: number, Expose: true, TotalCharged: s.charged.String(), Debt: max(s.opening, 0).String(), Advance: max(-s.opening, 0).String(),
		Total: s.due.String(), TotalPayable: (s.charged + s.penalty).String(), PaidCash: max(s.paid, 0).String(),
	}
	if s.penalty != 0 {
		d.Penalties = s.penalty.String()
	}
	for i := range lines {
		service, reason := serviceOf(sup, lines[i].Service)
		if reason != "" {
			return d, reason
		}
		d.Charges = append(d.Charges, chargeOf(&service, &lines[i]))
	}
	return d, ""
}

// rateDigits is how many digits after the point a tariff has in ГИС ЖКХ.
const rateDigits = 6

// recalcReason is why a recalculation is there, where nobody tells more.
const recalcReason = "Перерасчёт прошлых периодов"

func chargeOf(service *supplier.GISService, l *bill.Line) (c gis.Charge) {
	x := &gis.ServiceCharge{Service: gis.Ref{Code: service.Code, GUID: service.GUID, Name: service.Name}, Rate: "0", Total: (l.Charge + l.Recalc).String(), Period: l.Charge.String()}
	if rate, err := decimal.Parse(l.RateText); err == nil {
		x.Rate = short(rate, rateDigits)
	}
	if l.Recalc != 0 {
		x.Recalc = &gis.Recalculation{Reason: recalcReason, Sum: l.Recalc.String()}
	}
	switch service.Kind {
	case supplier.GISHousing:
		c.Housing = x
	case supplier.GISAdditional:
		c.Additional = x
	default:
		if l.VolumeText != "" {
			x.Consumed = &gis.Consumption{Volume: gis.Volume{Type: "I", Value: l.VolumeText}}
		}
		c.Municipal = x
	}
	return c
}
