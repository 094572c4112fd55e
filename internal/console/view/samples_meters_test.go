package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleMeters() Meters {
	return Meters{
		Page: operator("Счётчики"), Action: "/s/meters", Searched: true,
		Account: web.Field{Name: "account", Label: "Лицевой счёт", Value: "1600123456", Width: "m"},
		Rows:    []MeterRow{{Title: "Холодная вода", Serial: "4471201", Href: "/s/meters/1-2", Account: "1600123456", Figures: "251,904 на 31.10.2026", Verified: "10.11.2031", State: web.State{Word: "стоит", Tone: web.OK}}, {Title: "Горячая вода", Href: "/s/meters/1-3", Account: "1600123456", Figures: "показаний нет", State: web.State{Word: "стоит", Tone: web.OK}}},
	}
}

func sampleMeterCard() MeterCard {
	return MeterCard{
		Page: operator("Счётчик № 4471201"), Title: "Холодная вода, индивидуальный, кухня", BackHref: "/s/meters", BackText: "Все счётчики",
		Facts:  []MeterFact{{"Считает с", "10.11.2019"}, {"Поверен до", "10.11.2031"}, {"Пломба", "№ 77"}},
		Device: []string{"Стоки, счёт 2200, водоотведение"},
		Life:   []MeterEvent{{On: "10.11.2026", Words: "Поверен, до 10.11.2031", Reason: "свидетельство 5", Source: "olga", At: at(11, 9, 30)}},
		Readings: []MeterReading{
			{On: "31.10.2026", Value: "251,904", Source: "на сайте", Answer: web.State{Word: "принято поставщиком", Tone: web.OK}},
			{On: "20.10.2026", Zone: "день", Value: "300", Source: "по телефону", Answer: web.State{Word: "поставщик не принял: пломба нарушена", Tone: web.Warn}, Gone: true},
		},
		Adds: []web.Tab{{Title: "Поверка", Href: "?do=verified", Current: true}, {Title: "Замена", Href: "?do=replaced"}},
		Form: &MeterForm{Action: "/s/meters/1-2", Key: "12345678", Do: "verified", Title: "Поверка", Button: "Записать", Fields: []web.Field{{Name: "until", Label: "Поверен до", Width: "s"}, {Name: "reason", Label: "Основание"}}},
	}
}

func metersSamples() []webtest.Sample {
	found, none, card, wrong := sampleMeters(), sampleMeters(), sampleMeterCard(), sampleMeterCard()
	none.Rows = nil
	none.Errors = web.Errors{{Field: "account", Message: "Лицевого счёта 5 у этого поставщика нет. Сверьте номер с квитанцией."}}
	bad := *wrong.Form
	bad.Errors = web.Errors{{Field: "until", Message: "Назовите день, до которого счётчик поверен, например 2032-11-10."}}
	bad.Fields = append([]web.Field(nil), bad.Fields...)
	bad.Fields[0].Error = bad.Errors[0].Message
	wrong.Form, card.Told = &bad, "Записано."
	missing := Missing{Page: centre("Нет показаний"), Month: 202611, Total: 1, More: 12050, ExportHref: "/s/missing.csv", Tabs: []web.Tab{{Title: "Все", Href: "/s/missing", Current: true}, {Title: "По среднему", Href: "/s/missing?method=average"}},
		Rows: []MissingRow{{Supplier: "АО «Водоканал»", Account: "1600123456", Service: "Холодная вода", How: "по среднему", Volume: "4,2 м³", Sum: 21050, More: 12050, Then: "за январь: 612,40\u00a0₽"}}}
	read := missing
	read.Page, read.Rows, read.Total, read.More = centre("Нет показаний: пусто"), nil, 0, 0
	return []webtest.Sample{
		{Name: "missing", Page: MissingPage(missing)}, {Name: "missing-none", Page: MissingPage(read)},
		{Name: "meters", Page: MetersPage(found)}, {Name: "meters-none", Page: MetersPage(none)}, {Name: "meter", Page: MeterCardPage(card)}, {Name: "meter-wrong", Page: MeterCardPage(wrong)},
	}
}
