package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleAgenda() web.Agenda {
	return web.Agenda{Title: "Ноябрь 2026", Month: 202611, Today: 20261124, Events: []web.AgendaEvent{
		{On: 20261105, Title: "Счёт за октябрь", Icon: "bill", Done: true}, {On: 20261110, Title: "Автоплатёж", Icon: "swap", Done: true},
		{On: 20261116, Title: "Последний день оплаты", Icon: "wallet"}, {On: 20261125, Title: "Последний день показаний", Icon: "meter"},
	}}
}

func sampleMonth(m calendar.Month, sum, owed money.Amount) BillsMonth {
	x := BillsMonth{Month: m, Sum: sum, Owed: owed, State: web.State{Word: "оплачен", Tone: web.OK}, Href: "/bill/issued/" + m.String(), PDF: "/bill/issued/" + m.String() + "/pdf"}
	x.Change = &BillsChange{Delta: 64010, Than: m.Add(-1), Cause: "Отопление +640,10\u00a0₽: начался отопительный сезон"}
	x.Services = []BillsService{{"Отопление", "", 340110}, {"Холодная вода", "6,94\u00a0м³", 29904}, {"Содержание жилого помещения", "", 120000}}
	return x
}

func samplePairs() *web.PairChart {
	c := &web.PairChart{Title: "Холодная вода: на 7,5\u00a0м³ больше, чем годом раньше", Summary: "Сравнили месяцы, за которые известны оба года: 12. Было 70,2\u00a0м³, стало 77,7\u00a0м³.", Now: "последние 12 месяцев", Before: "год назад", Unit: "м³"}
	for i := range 12 {
		m := calendar.Month(202511).Add(i)
		c.Points = append(c.Points, web.PairPoint{Month: m.Title(), Short: string([]rune(m.Word())[:3]), Now: int64(5 + i%4), NowText: "6,9", HasNow: i != 3, Before: int64(6 + i%3), BeforeText: "6,1", HasBefore: i > 1})
	}
	return c
}

func sampleBills() Bills {
	v := Bills{Page: resident("Счета"), Address: "ул. Ленина, 12, кв. 5", MadeUntil: 20261205, Chart: samplePairs()}
	v.Tabs = []web.Tab{{Title: "Вся сумма", Href: "/bills"}, {Title: "Холодная вода", Href: "/bills?service=cold", Current: true}}
	now := sampleMonth(202610, 621435, 421435)
	now.State, now.Href = web.State{Word: "оплачен частично", Tone: web.Warn}, "/bill"
	corrected := sampleMonth(202609, 518606, 0)
	corrected.Corrected, corrected.Change.Delta = true, -64010
	paper := sampleMonth(202512, 540000, 0)
	paper.Href, paper.PDF, paper.Change.Delta, paper.Change.Cause, paper.Change.Partial = "", "", 0, "", true
	withdrawn := sampleMonth(202511, 500000, 0)
	withdrawn.Withdrawn, withdrawn.DueOnly, withdrawn.Change, withdrawn.Services = true, true, nil, nil
	for _, m := range []BillsMonth{now, corrected, paper, withdrawn} {
		v.Add(m)
	}
	return v
}

func billsSamples() []webtest.Sample {
	none, one := sampleBills(), sampleBills()
	none.Tabs, none.Chart, none.Years = nil, nil, nil
	one.Tabs, one.Chart, one.Years = nil, nil, nil
	first := sampleMonth(202610, 621435, 0)
	first.Change = nil
	one.Add(first)
	return []webtest.Sample{{Name: "bills-many", Page: BillsPage(sampleBills())}, {Name: "bills-one", Page: BillsPage(one)}, {Name: "bills-none", Page: BillsPage(none)}}
}

func statesSamples() []webtest.Sample {
	v := States{Page: stranger("Показ: все состояния страниц"), Action: "/demo/states", Groups: []StateGroup{
		{"Начало", []StateLink{{"первый визит", "/", ""}}}, {"Главная", []StateLink{{"к оплате", "/home?day=2026-11-09", "link"}, {"растут пени", "/home?day=2027-01-20", "link"}}},
	}}
	return []webtest.Sample{{Name: "states-all", Page: StatesPage(v)}}
}
