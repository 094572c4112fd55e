package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/portal"
	"kvit/internal/refund"
)

// demoPayment is a payment of the demo: what its payer does at the bank and what becomes of it.
type demoPayment struct {
	sum    money.Amount
	does   string // on the bank's page; '' leaves it
	follow func(a *App, ctx context.Context, of bill.Ref, o *payment.Order) error
}

// demoPayments show every state a payment may come to.
var demoPayments = []demoPayment{
	{10_000, "captured", func(a *App, ctx context.Context, _ bill.Ref, o *payment.Order) error {
		_, err := a.Payments.Refund(ctx, demoOperator.String(), o.PublicID, "demo-whole", o.Sum)
		return err
	}},
	{20_000, "captured", func(a *App, ctx context.Context, of bill.Ref, o *payment.Order) error {
		if _, err := a.Payments.Refund(ctx, demoOperator.String(), o.PublicID, "demo-part", 5_000); err != nil {
			return err
		}
		_, err := a.Refunds.Ask(ctx, "demo-ask", refund.Request{PublicID: o.PublicID, BuildingID: of.Building, HouseholdID: of.Household, Kind: refund.Mistaken, Sum: 6_000, Comment: "Хотел заплатить меньше", Actor: string(access.Resident)})
		return err
	}},
	{30_000, "captured", func(a *App, ctx context.Context, _ bill.Ref, o *payment.Order) error {
		today := calendar.DateOf(a.now().Time().In(a.Zone))
		_, err := a.Refunds.OpenDispute(ctx, "demo-dispute", refund.Dispute{PublicID: o.PublicID, Number: "CB-0117", Reason: "fraud", Sum: o.Sum, ToldOn: today, AnswerBy: today.AddDays(refund.AnswerDays), Taken: true, Actor: demoAccountant.String()})
		return err
	}},
	{13_000, "captured", nil}, {13_000, "captured", nil}, // one paid twice
	{15_000, "expired", nil}, {12_000, "declined", nil}, {11_000, "", nil},
}

// payDemo makes the payments of the demo as their payer would: our order, the trial bank's page, what came of it. Without an
// acquirer there are none.
func (a *App) payDemo(ctx context.Context) error {
	if len(a.Payments.Methods()) == 0 {
		return nil
	}
	family, household, err := a.demoFamily(ctx)
	if err != nil {
		return err
	}
	ref, err := a.demoPayer(ctx, family, household)
	if fault.Is(err, fault.NotFound) {
		return nil // a house of one family
	}
	if err != nil {
		return err
	}
	payer, _, err := a.demoOwner(ctx, demoPayerPhone, ref)
	if err != nil {
		return err
	}
	for i := range demoPayments {
		if err := a.payDemoOne(ctx, payer, ref, i); err != nil {
			return fmt.Errorf("demo payment %d: %w", i+1, err)
		}
	}
	son, _, err := a.demoOwner(ctx, demoFamilyPhone, bill.Ref{Building: family, Household: household})
	if err != nil {
		return err
	}
	_, err = a.People.Settle(ctx, person.Home{PersonID: son, Building: ref.Building, Household: ref.Household, Role: person.Payer, Title: "мама", Proof: "demo", Actor: demoOperator.String()})
	return err
}

// demoPayer is the household of the family's house, not the family, that owes most.
func (a *App) demoPayer(ctx context.Context, building, family int64) (ref bill.Ref, err error) {
	ref.Building = building
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, `SELECT l.household_id FROM household_link l JOIN charge c ON c.building_id = l.building_id AND c.account_id = l.account_id
			WHERE l.building_id = $1 AND l.household_id NOT IN (0, $2) AND c.month = (SELECT max(month) FROM charge) GROUP BY l.household_id
			HAVING sum(c.due_kop) BETWEEN 200000 AND 3000000 ORDER BY sum(c.due_kop) DESC, l.household_id LIMIT 1`, building, family).Scan(&ref.Household))
	})
	return ref, err
}

func (a *App) payDemoOne(ctx context.Context, payer int64, ref bill.Ref, i int) error {
	p := &demoPayments[i]
	b, err := a.Bills.At(ctx, ref, 0)
	if err == nil {
		err = a.Bills.Ahead(ctx, b)
	}
	if err != nil {
		return err
	}
	plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: p.sum, Ahead: true})
	if err != nil {
		return err
	}
	o, err := a.Payments.Start(ctx, payment.StartRequest{Key: fmt.Sprintf("demo-payment-%d", i), Plan: plan, Method: "card", Description: "Оплата ЖКУ", ReturnURL: "http://127.0.0.1/paid/{id}", Actor: string(access.Resident)})
	if err == nil {
		err = a.People.Paid(ctx, payer, o.PublicID)
	}
	if err != nil || p.does == "" {
		return err
	}
	if err := pressAtBank(ctx, o.RedirectURL, p.does); err != nil {
		return err
	}
	if o, err = a.Payments.Confirm(ctx, o.PublicID); err != nil || p.follow == nil {
		return err
	}
	return p.follow(a, ctx, ref, &o)
}

// pressAtBank presses a button of the trial bank's page.
func pressAtBank(ctx context.Context, page, button string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, page+"?"+url.Values{"do": {button}}.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	stay := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.Do(req)
	if err != nil {
		return fault.New(fault.Unavailable, "demo.bank", "Учебный банк не ответил.").Because(err)
	}
	return res.Body.Close()
}

// demoPayerDoor is the door of the household whose payments came to every state; none when there is no such one.
func (a *App) demoPayerDoor(ctx context.Context) (doors []portal.DemoDoor, actors []access.Actor, err error) {
	actor := access.Actor{Role: access.Resident, Name: "житель"}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT h.person_id, h.building_id, h.household_id FROM person_payment p JOIN person_home h ON h.person_id = p.person_id AND h.closed_at = 0
			ORDER BY p.recorded_at, p.public_id, h.home_id LIMIT 1`).Scan(&actor.UserID, &actor.BuildingID, &actor.HouseholdID)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	return []portal.DemoDoor{{Title: "Житель с платежами всех видов", Text: "Оплачено, возвращено, возвращена часть, спор, истекло, отклонено, ждём банк", Icon: "wallet"}}, []access.Actor{actor}, db.Fold(err)
}
