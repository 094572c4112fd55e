package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func houseSamples() []webtest.Sample {
	chart := web.TrendChart{Title: "Холодная вода: потери 120 м³", Whole: "дом", Part: "квартиры и общие нужды", Unit: "м³", Points: []web.TrendPoint{
		{Month: "сентябрь 2026", Short: "сен"},
		{Month: "октябрь 2026", Short: "окт", Whole: "1 000", Part: "880", More: "120", WholeN: 1000, Size: 880, HasWhole: true, HasPart: true},
	}}
	v := House{Page: resident("Дом"), Address: "ул. Ленина, 12", Month: 202610, Months: []web.Tab{{Title: "сентябрь 2026", Href: "/house?month=2026-09"}, {Title: "октябрь 2026", Href: "/house", Current: true}},
		Services: []HouseService{{Name: "Холодная вода", Says: "За октябрь дом израсходовал 1 000 м³, из них квартиры 850 м³. Потери 120 м³ (12,0 %).", Preliminary: true, Parts: []HousePart{{"Квартиры по счётчикам", "850 м³"}, {"Потери", "120 м³"}}, Chart: chart}}}
	none := v
	none.Page, none.Services = resident("Дом без данных"), nil
	totals := v
	totals.Page, totals.Services = resident("Дом и соседи"), nil
	totals.Totals = &HouseTotals{Month: 202610, Flats: 48, Paid: 31, Charged: 29828880, Each: 621435}
	totals.Contacts = []HouseContact{{"Расчётный центр", "8 800 000-00-00", "ежедневно с 8 до 20"}, {"АО «Водоканал»", "+7 (4912) 00-00-00", "ул. Ленина, 1"}, {"Фонд капитального ремонта", "", ""}}
	compared := totals
	compared.Page, compared.Compares = resident("Дом и моя квартира"), true
	compared.Own = []web.QuartileChart{{Title: "Холодная вода: у вас как у половины квартир дома", Unit: "м³", Flats: 48, Low: 1, Lower: 4, Middle: 6, Upper: 9, High: 21, Own: 7, LowerText: "4", MiddleText: "6", UpperText: "9", OwnText: "7"}}
	moved := Moved{Page: resident("Дом перешёл в другой расчётный центр"), Centre: "РЦ «Новый»", From: calendar.NewDate(2026, 11, 1), Link: "https://novy.example/pay/0eb77789503ff03317aa"}
	moving := moved
	moving.Page, moving.Link = resident("Дом переходит в другой расчётный центр"), ""
	return []webtest.Sample{{Name: "house", Page: HousePage(v)}, {Name: "house-none", Page: HousePage(none)}, {Name: "house-totals", Page: HousePage(totals)}, {Name: "house-compared", Page: HousePage(compared)}, {Name: "moved", Page: MovedPage(moved)}, {Name: "moving", Page: MovedPage(moving)}}
}
