package app

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// demoAppealAge is how many days ago the demo's late appeal was sent: longer than any term.
const demoAppealAge = 30

// demoAppeal is an appeal of the demo: what becomes of it after it was sent.
type demoAppeal struct {
	words  string
	late   bool // sent long ago
	follow func(ctx context.Context, m *appeal.Module, resident, supplier access.Actor, number string) error
}

func demoReply(outcome, words string, month calendar.Month) appeal.Reply {
	r := appeal.Reply{Outcome: outcome, Words: words}
	if outcome == appeal.Corrected {
		r.Change, r.ShowsIn = -10_000, month
	}
	return r
}

// demoAppeals show every state an appeal may come to.
func demoAppeals(month calendar.Month) []demoAppeal {
	answer := func(outcome, words string) func(context.Context, *appeal.Module, access.Actor, access.Actor, string) error {
		return func(ctx context.Context, m *appeal.Module, _, supplier access.Actor, number string) error {
			_, err := m.Answer(ctx, supplier, number, demoReply(outcome, words, month))
			return err
		}
	}
	return []demoAppeal{
		{"Сумма больше, чем у соседей", false, nil},
		{"Посмотрите ещё раз", false, func(ctx context.Context, m *appeal.Module, _, supplier access.Actor, number string) error {
			_, err := m.Accept(ctx, supplier, number)
			return err
		}},
		{"Показания другие", false, answer(appeal.Corrected, "Пересчитали. Исправление увидите в счёте.")},
		{"Почему столько", false, answer(appeal.Explained, "Проверили: тариф и объём верны.")},
		{"Не согласен с суммой", false, func(ctx context.Context, m *appeal.Module, resident, supplier access.Actor, number string) error {
			if err := answer(appeal.Explained, "Сумма верна.")(ctx, m, resident, supplier, number); err != nil {
				return err
			}
			_, err := m.Reopen(ctx, resident, number, "Объём всё равно не тот")
			return err
		}},
		{"Жду ответа давно", true, nil},
	}
}

// disputeDemo writes the appeals of the demo, each about a line of its own, in the home that owes most in the family's house.
func (a *App) disputeDemo(ctx context.Context) error {
	family, household, err := a.demoFamily(ctx)
	if err != nil {
		return err
	}
	ref, err := a.demoPayer(ctx, family, household)
	if fault.Is(err, fault.NotFound) {
		return nil // a house of one family
	}
	var b *bill.Bill
	if err == nil {
		b, err = a.Bills.At(ctx, ref, 0)
	}
	if err != nil {
		return err
	}
	for i, x := range demoAppeals(calendar.DateOf(a.now().Time().In(a.Zone)).Month()) {
		if i == len(b.Lines) {
			break // one line, one appeal
		}
		if err := a.disputeDemoOne(ctx, b, i+1, &x); err != nil {
			return fmt.Errorf("demo appeal %d: %w", i+1, err)
		}
	}
	return a.Appeals.Escalate(ctx)
}

func (a *App) disputeDemoOne(ctx context.Context, b *bill.Bill, line int, x *demoAppeal) error {
	m, resident := a.Appeals, access.Actor{Role: access.Resident, BuildingID: b.BuildingID, HouseholdID: b.HouseholdID}
	begun, err := m.Begin(ctx, resident, fmt.Sprintf("demo-appeal-%d", line), appeal.Plea{Line: line, Reason: appeal.ReasonOther, Words: x.words, Aside: line == 1})
	if err == nil && begun.State == appeal.Draft {
		begun, err = m.Send(ctx, resident, begun.Number)
		if err == nil && x.follow != nil {
			err = x.follow(ctx, m, resident, access.Actor{Role: access.SupplierOperator, Name: "оператор", SupplierID: begun.SupplierID}, begun.Number)
		}
		if err == nil && x.late {
			err = m.Backdate(ctx, begun.Number, demoAppealAge)
		}
	}
	return err
}

// demoStatesMost bounds the appeals whose states are listed.
const demoStatesMost = 50

// appealStates are the pages of disputes and of a person's data.
func (a *App) appealStates(ctx context.Context) (list []demoState, err error) {
	family, household, err := a.demoFamily(ctx)
	if err != nil {
		return nil, err
	}
	own := access.Actor{Role: access.Resident, BuildingID: family, HouseholdID: household}
	list = append(list, demoState{page: "Спор о строке", state: "что не так", href: "/bill/lines/1/dispute", as: own}, demoState{page: "Обращения", state: "ни одного", href: "/appeals", as: own}, demoState{page: "Мои данные", state: "согласия, кто смотрел, выгрузка", href: "/my-data", as: own})
	ref, err := a.demoPayer(ctx, family, household)
	if fault.Is(err, fault.NotFound) {
		return list, nil // a house of one family
	}
	if err != nil {
		return nil, err
	}
	payer := access.Actor{Role: access.Resident, BuildingID: ref.Building, HouseholdID: ref.Household}
	appeals, err := a.Appeals.List(ctx, payer, appeal.Filter{Limit: demoStatesMost})
	list = append(list, demoState{page: "Обращения", state: "список", href: "/appeals", as: payer}, demoState{page: "Счёт", state: "спорная строка", href: "/bill", as: payer}, demoState{page: "Проверка платежа", state: "спорное отложено", href: "/bill/pay", as: payer})
	today := calendar.DateOf(a.now().Time().In(a.Zone))
	for i := range appeals {
		x := &appeals[i]
		state := appeal.Labels[x.State]
		if x.Late(today) {
			state = "срок ответа прошёл"
		}
		if x.Outcome != "" {
			state += ": " + appeal.OutcomeWords[x.Outcome]
		}
		list = append(list, demoState{page: "Обращение", state: state, href: "/appeals/" + x.Number, as: payer})
	}
	return list, err
}
