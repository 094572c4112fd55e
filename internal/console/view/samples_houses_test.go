package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleTrend() web.TrendChart {
	c := web.TrendChart{Title: "Холодная вода: потери больше обычных 60 м³", Whole: "дом", Part: "квартиры и общие нужды", Unit: "м³"}
	c.Points = []web.TrendPoint{
		{Month: "сентябрь 2026", Short: "сен"},
		{Month: "октябрь 2026", Short: "окт", Whole: "1 000", Part: "880", More: "120", WholeN: 1000, Size: 880, HasWhole: true, HasPart: true},
	}
	return c
}

func sampleHouse() House {
	sum := money.Amount(480_000)
	return House{
		Page: centre("Баланс дома"), Address: "ул. Ленина, 12", Month: "2026-10", Action: "/c/houses/H1", BackHref: "/c/houses",
		Services: []HouseService{{Name: "Холодная вода", Unit: "м³", Says: "За октябрь дом израсходовал 1 000 м³, из них квартиры 850 м³. Потери 120 м³ (12,0 %).", Preliminary: true, Sum: &sum,
			Parts: []HousePart{{"Квартиры по счётчикам", "850"}, {"Потери", "120"}}, Nights: []string{"Ночью, с 1 до 5 часов, через счётчик № 771100 идёт 1 м³ в час, в среднем за месяц 3 м³ (ночей: 4)."}, Anomalies: []string{"Обычно теряется 60 м³, сейчас 120 м³."}, Chart: sampleTrend()}},
		Meters: []MeterRow{{Title: "Отопление", Serial: "70012345", Href: "/s/meters/1-9", Figures: "698,66 на 31.10.2026", Verified: "12.05.2028", State: web.State{Word: "стоит", Tone: web.OK}}}, NewMeter: "/s/houses/H1/meters",
		Flats: []FlatRow{{Flat: "кв. 5", Href: "/c/account/1", Service: "Холодная вода", Supplier: "АО «Водоканал»", Account: "1600123456", Volume: "40 м³", Says: "Расход 40 м³, обычно здесь 6 м³."}},
	}
}

func sampleConflict() Conflict {
	month := money.Amount(171_600)
	return Conflict{
		Page: centre("Расхождение"), Title: "Площадь", Address: "ул. Ленина, 12, кв. 5", SubscriberHref: "/c/account/1", State: web.State{Word: "ждёт решения", Tone: web.Warn},
		Claims: []ConflictClaim{{Name: "ООО «УК»", Account: "101", Value: "45.3", Source: "файл uk.xlsx, строка 12", At: at(23, 6, 40), Suggested: true}, {Name: "Фонд капремонта", Account: "7100", Value: "55", Source: "файл fkr.txt, строка 3", At: at(20, 6, 40), Month: &month}},
		Effect: "На начисление это не влияет.", Action: "/c/conflicts/12", Key: "sample-key-9",
		Choices: []web.Choice{{Value: "uk", Label: "45.3", Hint: "ООО «УК»", Chosen: true}, {Value: "other", Label: "Другое", Hint: "Впишите ниже"}},
		History: []ConflictPast{{At: at(23, 6, 40), Title: "Сообщают разное", Text: "ООО «УК»: 45.3"}},
	}
}

func housesSamples() []webtest.Sample {
	sum := money.Amount(480_000)
	list := Houses{Page: centre("Дома: баланс"), Action: "/c/houses", Month: "2026-10", MonthWords: "октябрь", Services: []web.Choice{{Label: "Все", Chosen: true}}, Total: 2, Preliminary: true, Rows: []HouseRow{
		{Address: "ул. Ленина, 12", Href: "/c/houses/H1", Service: "Холодная вода", House: "1 000 м³", Flats: "850 м³", Loss: "120 м³", Per: "12,0", Sum: &sum, State: web.State{Word: "начислено", Tone: web.OK}},
		{Address: "ул. Ленина, 14", Href: "/c/houses/H2", Service: "Отопление", House: "50 Гкал", Flats: "52 Гкал", Loss: "−2 Гкал", Per: "−4,0", State: web.State{Word: "начислено больше", Tone: web.Warn}},
	}}
	none := Houses{Page: centre("Дома без показаний"), Action: "/c/houses", Month: "2026-10", Services: list.Services}
	meter := HouseMeter{Page: centre("Новый общедомовой счётчик"), Address: "ул. Ленина, 12", Action: "/s/houses/H1/meters", BackHref: "/c/houses/H1", Key: "sample-key-7", Choices: []web.Choices{{Name: "service", Label: "Что измеряет", Items: []web.Choice{{Value: "heating", Label: "Тепло, Гкал", Chosen: true}}}},
		Fields: []web.Field{{Name: "serial", Label: "Номер счётчика", Width: "m", Error: "Назовите номер нового счётчика."}}, Errors: web.Errors{{Field: "serial", Message: "Назовите номер нового счётчика."}}}
	meter.WithErrors(meter.Errors)
	return []webtest.Sample{{Name: "houses", Page: HousesPage(list)}, {Name: "houses-none", Page: HousesPage(none)}, {Name: "house", Page: HousePage(sampleHouse())}, {Name: "house-meter-wrong", Page: HouseMeterPage(meter)}}
}

func conflictsSamples() []webtest.Sample {
	row := ConflictRow{Title: "Площадь", Address: "ул. Ленина, 12, кв. 5", Href: "/c/conflicts/12", Values: "45.3: ООО «УК» и ещё 2; 55: Фонд капремонта", Mine: "счёт 101: 45.3", Decided: "45.3", Age: 3, Effect: 31_200, State: web.State{Word: "ждёт решения", Tone: web.Warn}}
	list := Conflicts{Page: centre("Расхождения поставщиков"), Action: "/c/conflicts", Attributes: []web.Choice{{Label: "Всё", Chosen: true}}, States: []web.Choice{{Value: "open", Label: "ждёт решения"}}, Suppliers: []web.Choice{{Label: "Все"}}, Rows: []ConflictRow{row}, Total: 1,
		Rules: []ByRule{{"Площадь", "расчётный центр, затем ООО «УК», затем остальные", "/c/conflicts/rule/area"}}, Done: &web.Notice{Tone: web.OK, Title: "Решено: 1", Text: "Поставщики узнают об этом из ленты событий."}}
	own := Conflicts{Page: operator("Мои расхождения"), Action: "/s/conflicts", Attributes: list.Attributes, States: list.States, Rows: []ConflictRow{row}, Total: 1, Own: true}
	wrong := sampleConflict()
	wrong.Page, wrong.Errors = centre("Расхождение без причины"), web.Errors{{Field: "reason", Message: "Напишите, почему так решено: это увидят все стороны."}}
	wrong.WithErrors(wrong.Errors)
	rule := ConflictRule{Page: centre("Решение по правилу"), Title: "Площадь", Order: "расчётный центр, затем ООО «УК», затем остальные", Rows: []ConflictRow{row}, Undecided: 2, Change: -31_200, Moves: true, Action: "/c/conflicts/rule/area", Key: "sample-key-8", BackHref: "/c/conflicts"}
	return []webtest.Sample{{Name: "conflicts", Page: ConflictsPage(list)}, {Name: "conflicts-own", Page: ConflictsPage(own)}, {Name: "conflict-wrong", Page: ConflictPage(wrong)}, {Name: "conflict-rule", Page: ConflictRulePage(rule)}}
}
