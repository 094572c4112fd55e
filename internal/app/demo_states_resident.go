package app

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payer"
	"kvit/internal/payment"
)

// demoHome is a household of the demo with its bill.
type demoHome struct {
	as   access.Actor
	bill *bill.Bill
}

func residentOf(ref bill.Ref) access.Actor {
	return access.Actor{Role: access.Resident, Name: "житель", BuildingID: ref.Building, HouseholdID: ref.Household}
}

// demoHomeOf is a household with its bill as it is now.
func (a *App) demoHomeOf(ctx context.Context, ref bill.Ref) (demoHome, error) {
	b, err := a.Bills.At(ctx, ref, 0)
	return demoHome{residentOf(ref), b}, err
}

// demoCast are the households the states of the resident's pages are looked for among: the family, the one whose payments
// came to every state, and one of the family's house that owes nothing.
type demoCast struct{ family, payer, clear demoHome }

func (a *App) demoCast(ctx context.Context) (c demoCast, err error) {
	var ref bill.Ref
	if ref.Building, ref.Household, err = a.demoFamily(ctx); err != nil {
		return c, err
	}
	if c.family, err = a.demoHomeOf(ctx, ref); err != nil {
		return c, err
	}
	c.payer, c.clear = c.family, c.family
	if _, actors, err := a.demoPayerDoor(ctx); err != nil {
		return c, err
	} else if len(actors) > 0 {
		if c.payer, err = a.demoHomeOf(ctx, bill.Ref{Building: actors[0].BuildingID, Household: actors[0].HouseholdID}); err != nil {
			return c, err
		}
	}
	refs, err := a.demoNeighbourhood(ctx, ref.Building)
	for i := 0; i < len(refs) && err == nil; i++ {
		var h demoHome
		if h, err = a.demoHomeOf(ctx, refs[i]); err == nil && h.bill.Total == 0 && len(h.bill.Lines) > 0 {
			c.clear = h
			break
		}
	}
	return c, err
}

// demoNeighbourhood are households with charges: of the family's house, then of the others.
func (a *App) demoNeighbourhood(ctx context.Context, building int64) (refs []bill.Ref, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT l.building_id, l.household_id FROM household_link l JOIN charge c ON c.building_id = l.building_id AND c.account_id = l.account_id
			WHERE l.household_id <> 0 AND c.month = (SELECT max(month) FROM charge) GROUP BY l.building_id, l.household_id HAVING max(c.due_kop) <= 0
			ORDER BY CASE WHEN l.building_id = $1 THEN 0 ELSE 1 END, l.building_id, l.household_id LIMIT 20`, building)
		if err != nil {
			return err
		}
		defer rows.Close()
		for refs = nil; rows.Next(); {
			var ref bill.Ref
			if err := rows.Scan(&ref.Building, &ref.Household); err != nil {
				return err
			}
			refs = append(refs, ref)
		}
		return rows.Err()
	})
	return refs, db.Fold(err)
}

// residentStates are those of the resident's pages.
func (a *App) residentStates(ctx context.Context) (list []demoState, err error) {
	c, err := a.demoCast(ctx)
	if err != nil {
		return nil, err
	}
	for _, states := range []func(context.Context, *demoCast) ([]demoState, error){a.homeStates, a.billStates, a.paymentStates, a.readingStates} {
		found, err := states(ctx, &c)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// homeStates are those of R1. What depends on the day is shown as of another day: a demo lets its visitor choose it.
func (a *App) homeStates(_ context.Context, c *demoCast) ([]demoState, error) {
	month, err := calendar.ParseMonth(c.family.bill.Month)
	if err != nil {
		return nil, err
	}
	first := month.Add(1).First()
	on := func(state string, h demoHome, day calendar.Date) demoState {
		return demoState{page: "Главная", state: state, as: h.as, href: "/home?day=" + day.String()}
	}
	return []demoState{
		{page: "Главная", state: "сегодня", as: c.family.as, href: "/home"},
		on("к оплате", c.family, first.AddDays(8)),
		on("срок прошёл, пеней нет", c.family, first.AddDays(24)),
		on("растут пени", c.family, month.Add(3).First().AddDays(20)),
		on("всё оплачено", c.clear, first.AddDays(8)),
		on("счёта за месяц ещё нет", c.clear, month.Add(2).First().AddDays(2)),
		on("новый счёт без данных", c.family, calendar.NewDate(2020, 1, 15)),
		{page: "Главная", state: "ждём банк", as: c.payer.as, href: "/home"},
	}, nil
}

// billStates are those of R3, R4 and R5.
func (a *App) billStates(ctx context.Context, c *demoCast) (list []demoState, err error) {
	add := func(page, state string, h demoHome, href string) {
		list = append(list, demoState{page: page, state: state, as: h.as, href: href})
	}
	add("Счёт", "сегодня", c.family, "/bill")
	add("Счёт", "оплачен частично", c.payer, "/bill")
	add("Счёт", "оплачен", c.clear, "/bill")
	add("Счёт", "заменён", c.family, "/bill/issued/"+c.family.bill.Month+"?version=1")
	add("Счёт", "выставлен", c.family, "/bill/issued/"+c.family.bill.Month)
	add("Счёт", "на другую дату", c.family, "/bill?at="+calendar.DateOf(a.now().Time().In(a.Zone)).AddDays(-1).String())
	add("Почему изменилась сумма", "выросла или упала", c.family, "/bill/why")
	add("Почему изменилась сумма", "сравнивать не с чем", c.clear, "/bill/why")
	add("Почему изменилась сумма", "такого месяца нет", c.family, "/bill/why?with=2020-01")
	lines, err := a.lineStates(ctx, c)
	if err != nil {
		return nil, err
	}
	withdrawn, err := a.withdrawnState(ctx)
	return append(append(list, withdrawn...), lines...), err
}

// withdrawnState is the issued bill that was taken back.
func (a *App) withdrawnState(ctx context.Context) ([]demoState, error) {
	var ref bill.Ref
	var month calendar.Month
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT building_id, household_id, month FROM bill_withdrawal ORDER BY withdrawn_at LIMIT 1").Scan(&ref.Building, &ref.Household, &month))
	})
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return []demoState{{page: "Счёт", state: "отозван", as: residentOf(ref), href: "/bill/issued/" + month.String()}}, err
}

// lineStates are the ways a sum came about, on the bills of the cast and of the neighbours whose water Kvit computes.
func (a *App) lineStates(ctx context.Context, c *demoCast) (list []demoState, err error) {
	homes := []demoHome{c.family}
	_, neighbours, err := a.demoNeighbours(ctx, c.family.as.BuildingID)
	for i := 0; i < len(neighbours) && err == nil; i++ {
		var h demoHome
		h, err = a.demoHomeOf(ctx, bill.Ref{Building: neighbours[i].BuildingID, Household: neighbours[i].HouseholdID})
		homes = append(homes, h)
	}
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, h := range homes {
		for i := range h.bill.Lines {
			x, err := a.Bills.Explain(ctx, h.bill, i+1)
			if err != nil {
				return nil, err
			}
			if how := howFound(x); !seen[how] {
				seen[how] = true
				list = append(list, demoState{page: "Строка счёта", state: how, as: h.as, href: fmt.Sprintf("/bill/lines/%d", i+1)})
			}
		}
	}
	return list, nil
}

// paymentStates are those of R8–R10.
func (a *App) paymentStates(ctx context.Context, c *demoCast) (list []demoState, err error) {
	for _, x := range []struct{ state, href string }{
		{"весь счёт", ""}, {"выбранное", "?mode=chosen"}, {"часть", "?mode=sum&sum=1000"}, {"больше долга", "?mode=sum&sum=90000"}, {"вперёд", "?mode=ahead&sum=20000"}, {"сумма не цифрами", "?mode=sum&sum=сто"},
	} {
		list = append(list, demoState{page: "Проверка платежа", state: x.state, as: c.family.as, href: "/bill/pay" + x.href})
	}
	list = append(list, demoState{page: "Проверка платежа", state: "банк ещё не ответил", as: c.payer.as, href: "/bill/pay"},
		demoState{page: "Платежи", state: "нет платежей", as: c.family.as, href: "/payments"}, demoState{page: "Платежи", state: "все виды", as: c.payer.as, href: "/payments"})
	ids, err := a.Payers.Payments(ctx, payer.Home{Building: c.payer.as.BuildingID, Household: c.payer.as.HouseholdID}, 30)
	seen := map[string]bool{}
	for i := 0; i < len(ids) && err == nil; i++ {
		var o payment.Order
		if o, err = a.Payments.Find(ctx, ids[i]); err == nil && !seen[orderWords(&o)] {
			seen[orderWords(&o)] = true
			list = append(list, demoState{page: "Результат платежа", state: orderWords(&o), as: c.payer.as, href: "/paid/" + o.PublicID})
		}
	}
	return list, err
}

// orderWords are the states of a payment as reviewers read them.
func orderWords(o *payment.Order) string {
	switch {
	case o.Refunded == o.Sum && o.Sum > 0:
		return "возвращён"
	case o.Refunded > 0:
		return "возвращена часть"
	case o.State == payment.StateDeclined:
		return "отклонён"
	case o.State == payment.StateExpired:
		return "время вышло"
	case o.State == payment.StateCaptured || o.State == payment.StateCredited:
		return "оплачен"
	}
	return "ждём банк"
}

// howFound is the way a line's sum came about, as reviewers read it.
func howFound(x *why.Explanation) string {
	switch {
	case x.Origin != why.ByKvit && x.Beside != nil:
		return "сумма поставщика рядом с нашей"
	case x.Origin != why.ByKvit && x.Check != nil:
		return "сумма поставщика пересчитана"
	case x.Origin != why.ByKvit || len(x.Steps) == 0:
		return "сумма поставщика"
	}
	how := x.Steps[0].MethodText
	for i := range x.Steps {
		if x.Steps[i].Factor != "" {
			how += ", повышающий коэффициент"
		}
		if x.Steps[i].About != "" {
			how += ", перерасчёт"
			break
		}
	}
	return how
}

// readingStates are those of R7 and R18.
func (a *App) readingStates(ctx context.Context, c *demoCast) ([]demoState, error) {
	_, neighbours, err := a.demoNeighbours(ctx, c.family.as.BuildingID)
	list := []demoState{
		{page: "Показания", state: "сегодня", as: c.family.as, href: "/readings"},
		{page: "Дом", state: "прошлый месяц", as: c.family.as, href: "/house?month=" + c.family.bill.Month},
		{page: "Дом", state: "данных нет", as: c.family.as, href: "/house?month=2020-01"},
	}
	if len(neighbours) > 0 {
		list = append(list, demoState{page: "Показания", state: "поверка истекла", as: neighbours[0], href: "/readings"})
	}
	return list, err
}
