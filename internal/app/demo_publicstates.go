package app

import (
	"context"
	"net/url"

	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
)

// publicStates are the states of the pages for everybody.
func (a *App) publicStates(ctx context.Context) ([]demoState, error) {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return nil, err
	}
	list, err := a.quickStates(ctx, bill.Ref{Building: building, Household: household})
	if err != nil {
		return nil, err
	}
	var house housing.Building
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		house, err = housing.FindBuilding(ctx, tx, building)
		return err
	})
	own, street := "?house="+url.QueryEscape(house.Code), "?q="+url.QueryEscape(house.Street)
	return append(list,
		demoState{page: "Начало", state: "первый визит, сообщение сервиса; после счёта по квитанции – знакомое устройство", href: "/"},
		demoState{page: "Начало", state: "за показаниями", href: "/?for=readings"},
		demoState{page: "Тарифы", state: "с чего начать", href: "/tariffs"},
		demoState{page: "Тарифы", state: "дома", href: "/tariffs" + own},
		demoState{page: "Тарифы", state: "два дня рядом", href: "/tariffs" + own + "&day=2025-01-15&with=2026-10-15"},
		demoState{page: "Тарифы", state: "для адреса их нет", href: "/tariffs?house=" + demoHouseCode},
		demoState{page: "Кто обслуживает дом", state: "дом", href: "/city" + own},
		demoState{page: "Кто обслуживает дом", state: "выбор из улицы", href: "/city" + street},
		demoState{page: "Кто обслуживает дом", state: "дом не наш", href: "/city?house=" + demoHouseCode},
		demoState{page: "Кто обслуживает дом", state: "адрес не нашли", href: "/city?q=" + url.QueryEscape("Неизвестная 1")},
		demoState{page: "Состояние сервиса", state: "как сейчас", href: "/status"},
		demoState{page: "Состояние сервиса", state: "с перебоями", href: "/status?as=degraded"},
		demoState{page: "Состояние сервиса", state: "остановлен, когда будут новости", href: "/status?as=stopped"},
		demoState{page: "Состояние сервиса", state: "подписались, ждём подтверждения", href: "/status?done=asked"},
		demoState{page: "Состояние сервиса", state: "подтвердить подписку", href: "/status/confirm/0"},
		demoState{page: "Состояние сервиса", state: "отписаться", href: "/status/leave/0"},
		demoState{page: "Помощь", state: "вопросы", href: "/help"},
		demoState{page: "Помощь", state: "нашли", href: "/help?q=" + url.QueryEscape("заплатила два раза")},
		demoState{page: "Помощь", state: "не нашли", href: "/help?q=" + url.QueryEscape("купить слона")},
		demoState{page: "Помощь", state: "как читать счёт", href: "/help/bill"},
		demoState{page: "Доступность страниц", state: "одно", href: "/accessibility"},
		demoState{page: "Ваши данные", state: "одно", href: "/privacy"},
	), err
}

// quickStates are the states of a bill opened by its code.
func (a *App) quickStates(ctx context.Context, own bill.Ref) ([]demoState, error) {
	b, err := a.Bills.At(ctx, own, 0)
	if err != nil {
		return nil, err
	}
	code, err := a.Bills.CodeOf(ctx, own)
	if err != nil {
		return nil, err
	}
	const page = "Счёт по квитанции"
	link := "/pay/" + code.Token
	list := []demoState{
		{page: page, state: "открыт", href: link}, {page: page, state: "есть счёт новее", href: link + "?b=" + b.Month + ".1"}, {page: page, state: "показания без входа", href: link + "/readings"},
		{page: page, state: "такого кода нет", href: "/pay/00000000000000000000"},
	}
	other, err := a.demoOther(ctx, own)
	if err != nil {
		return nil, err
	}
	if former, err := a.Bills.FormerCode(ctx, other); err == nil {
		list = append(list, demoState{page: page, state: "код сменили", href: "/pay/" + former.Token})
	}
	paid, err := a.demoPaid(ctx)
	if err != nil || paid.Household == 0 {
		return list, err
	}
	if code, err = a.Bills.CodeOf(ctx, paid); err == nil {
		list = append(list, demoState{page: page, state: "всё оплачено", href: "/pay/" + code.Token})
	}
	return list, err
}

// demoOther is the household of the demo whose code was renewed.
func (a *App) demoOther(ctx context.Context, own bill.Ref) (ref bill.Ref, err error) {
	return a.demoHousehold(ctx, "household_id <> $1 AND total_kop > 0", own.Household)
}

// demoPaid is a household that owes nothing; the zero Ref when there is none.
func (a *App) demoPaid(ctx context.Context) (bill.Ref, error) {
	return a.demoHousehold(ctx, "household_id <> $1 AND total_kop = 0", 0)
}

func (a *App) demoHousehold(ctx context.Context, which string, not int64) (ref bill.Ref, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT building_id, household_id FROM bill_snapshot WHERE "+which+" ORDER BY building_id DESC, household_id DESC LIMIT 1", not).Scan(&ref.Building, &ref.Household))
	})
	if fault.Is(err, fault.NotFound) {
		return bill.Ref{}, nil
	}
	return ref, err
}
