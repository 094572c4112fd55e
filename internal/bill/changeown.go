package bill

import (
	"context"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/why"
	"kvit/internal/money"
)

// ownWhy is what Kvit charged an account for a service in a month, as it is compared with another month.
type ownWhy struct {
	service int64
	parts   []why.Line
}

// Sum is what the service comes to.
func (o *ownWhy) Sum() (sum money.Amount) {
	for i := range o.parts {
		sum += o.parts[i].Sum()
	}
	return sum
}

// ownOf reads what Kvit charged the bill's accounts in a month, by account and service.
func (m *Module) ownOf(ctx context.Context, b *Bill, month calendar.Month) (map[int64][]ownWhy, error) {
	out := map[int64][]ownWhy{}
	if !b.charged.Valid() || month > b.charged {
		return out, nil
	}
	told, err := m.charges.Lines(ctx, b.BuildingID, b.accounts(), month, b.Moment)
	for i := 0; err == nil && i < len(b.formers); i++ {
		var there []charge.Told
		there, err = m.charges.Lines(ctx, b.formers[i].Building, b.formers[i].Accounts, month, b.Moment)
		told = append(told, there...)
	}
	if err != nil || len(told) == 0 {
		return out, err
	}
	engine := told[0].Engine // of the month's own run: corrections name no rows of the catalogue
	type key struct{ account, service int64 }
	bills := map[key]*calc.Bill{}
	var order []key
	for i := range told {
		for _, l := range told[i].Lines {
			if l.Beside || l.Repeats() {
				continue
			}
			k := key{l.AccountID, l.ServiceID}
			if bills[k] == nil {
				bills[k], order = &calc.Bill{}, append(order, k)
			}
			if add := sameService(engine, told[i].Engine, &l); add {
				bills[k].Lines = append(bills[k].Lines, l.Line)
			}
		}
	}
	for _, k := range order {
		out[k.account] = append(out[k.account], ownWhy{k.service, why.FromCalc(engine, bills[k])})
	}
	return out, nil
}

// sameService makes a line one of another catalogue; false when that one does not have its service.
func sameService(to, from *calc.Engine, l *charge.ToldLine) (ok bool) {
	if to == from {
		return true
	}
	l.Service, ok = to.Service(from.Of(l.Service).Code)
	return ok
}

// lines are the parts with their place on the bill; a service that a supplier charges in the other month is one line.
func (o *ownWhy) lines(b *Bill, s SupplierTotal, whole bool) (out []why.Line) {
	place := strconv.FormatInt(s.AccountID, 10) + "/" + strconv.FormatInt(o.service, 10)
	for _, l := range o.parts {
		l.Key, l.Also = place+"/"+l.Key, place+"/"+l.Also
		l.Supplier, l.Number = s.Name, b.numberOf(s.AccountID, o.service)
		out = append(out, l)
	}
	if whole && len(out) > 0 {
		one := why.Together(out)
		one.Key = place
		return []why.Line{one}
	}
	return out
}
