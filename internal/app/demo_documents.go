package app

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/statement"
)

// demoDocumentReason is why the demo's centre took a document back.
const demoDocumentReason = "Ошибка в адресе, выдан новый документ"

// documentStates are those of R12 and P3: documents of the demo's family and of a family that owes nothing, made the first time
// a reviewer opens the list.
func (a *App) documentStates(ctx context.Context) ([]demoState, error) {
	c, err := a.demoCast(ctx)
	if err != nil {
		return nil, err
	}
	list := []demoState{
		{page: "Документы", state: "что можно сделать", as: c.family.as, href: "/documents"},
		{page: "Документы", state: "бумажный счёт", as: c.family.as, href: "/documents/paper"},
		{page: "Проверка", state: "начало", href: "/check"},
		{page: "Проверка", state: "неизвестный документ", href: "/check?number=2222-2222-2222"},
		{page: "Проверка", state: "чужие реквизиты", href: "/check?inn=0000000000&account=00000000000000000000"},
		{page: "Проверка", state: "сообщить о подделке", href: "/check/forgery"},
	}
	for _, x := range []struct {
		state string
		who   demoHome
		kind  statement.Kind
	}{
		{"справка об отсутствии долга", c.clear, statement.NoDebt}, {"выписка", c.family, statement.Account}, {"справка о начислениях", c.family, statement.Charges},
		{"справка о платежах", c.family, statement.Payments}, {"справка о показаниях", c.family, statement.Readings}, {"счёт на сегодня", c.family, statement.Bill},
	} {
		d, err := a.demoDocument(ctx, x.who.as, x.kind)
		if err != nil {
			return nil, err
		}
		if d != nil {
			list = append(list, demoState{page: "Документы", state: x.state, as: x.who.as, href: "/documents/" + d.Number}, demoState{page: "Проверка", state: "подлинная: " + x.state, href: "/check/" + d.Number})
		}
	}
	gone, err := a.demoWithdrawn(ctx, c.clear.as)
	if err == nil && gone != nil {
		list = append(list, demoState{page: "Документы", state: "отозван", as: c.clear.as, href: "/documents/" + gone.Number}, demoState{page: "Проверка", state: "отозванный документ", href: "/check/" + gone.Number})
	}
	return list, err
}

// demoDocument is a document of a household; nil where there is nothing to make it of.
func (a *App) demoDocument(ctx context.Context, as access.Actor, kind statement.Kind) (*statement.Document, error) {
	d, _, err := a.Documents.Make(ctx, statement.Request{Ref: bill.Ref{Building: as.BuildingID, Household: as.HouseholdID}, Kind: kind, Actor: "demo"})
	return d, err
}

// demoWithdrawn is a document the centre took back: of two months, so that those of three stay good.
func (a *App) demoWithdrawn(ctx context.Context, as access.Actor) (*statement.Document, error) {
	made, err := a.Documents.List(ctx, as.HouseholdID, 100)
	if err != nil {
		return nil, err
	}
	for i := range made {
		if made[i].State == statement.Withdrawn {
			return &made[i], nil
		}
	}
	month := calendar.DateOf(a.now().Time().In(a.Zone)).Month()
	d, refused, err := a.Documents.Make(ctx, statement.Request{Ref: bill.Ref{Building: as.BuildingID, Household: as.HouseholdID}, Kind: statement.Charges, From: month.Add(-1), To: month, Actor: "demo"})
	if err != nil || refused != nil {
		return nil, err
	}
	if err := a.Documents.Withdraw(ctx, "demo", d.Number, demoDocumentReason); err != nil && !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	return d, nil
}
