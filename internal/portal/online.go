package portal

import (
	"context"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/online"
)

// askOnline asks suppliers who answer at once what the accounts of a bill owe now, all of them within one budget. Who is
// silent leaves what he said before.
func (m *Module) askOnline(ctx context.Context, b *bill.Bill) error {
	var accounts []online.Account
	for i := range b.Suppliers {
		t := &b.Suppliers[i]
		accounts = append(accounts, online.Account{Building: b.BuildingID, ID: t.AccountID, SupplierID: t.SupplierID, Number: t.Account})
	}
	known, err := m.Online.Ask(ctx, accounts)
	if err != nil {
		return err
	}
	b.AddOnline(known, func(at calendar.Micros) string { return at.Time().In(m.Zone).Format(time.RFC3339) })
	return nil
}

// onlineWords say what a supplier told by himself, and when.
func (m *Module) onlineWords(x *bill.OnlineBalance) string {
	if x == nil {
		return ""
	}
	at := x.At.Time().In(m.Zone)
	when := "на " + at.Format("15:04")
	if day := calendar.DateOf(at); day != m.today() {
		when = "на " + at.Format("15:04") + " " + day.Words()
	}
	says := "по данным поставщика " + when
	switch {
	case x.Due > 0:
		return "К оплате " + x.Due.Format() + " " + says + "."
	case x.Due < 0:
		return "Переплата " + (-x.Due).Format() + " " + says + "."
	}
	return "Долга нет " + says + "."
}
