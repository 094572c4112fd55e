package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleReadings() Readings {
	return Readings{
		Page: resident("Показания"), Action: "/readings", Key: "sample-key-of-a-form", Window: "Передайте до 25 ноября – попадут в счёт за ноябрь. Введите чёрные цифры. Красные после запятой можно пропустить.",
		Cards: []ReadingCard{
			{ID: "1", Title: "Холодная вода", Serial: "4471201", Unit: "м³", Missing: "Без показаний посчитаем по нормативу: 4,29 м³, 195,66\u00a0₽", Fields: []web.Field{{Name: "r1-0", Label: "Показание, м³", Hint: "Прошлое: 124, 22 октября", InputMode: "decimal", Autocomplete: "off", Width: "s", MaxLength: 20}}, Photo: samplePhoto("1"),
				History: []ReadingPast{{On: 20261022, Value: "124", Source: "на сайте", Photos: []string{"/readings/photos/1-2-3"}}, {On: 20261022, Value: "142", Source: "на сайте", Gone: true}}},
			{ID: "2", Title: "Электроэнергия", Serial: "900100", Unit: "кВт·ч", Sent: "Передано 20 ноября, исправить можно до 25 ноября", Notes: []string{"Поверка истекает 3 декабря. Поверьте счётчик до этого дня"}, Fields: []web.Field{
				{Name: "r2-1", Label: "Т1 день, кВт·ч", InputMode: "decimal", Width: "s", MaxLength: 20}, {Name: "r2-2", Label: "Т2 ночь, кВт·ч", InputMode: "decimal", Width: "s", MaxLength: 20}}, Photo: samplePhoto("2")},
		},
		Receipts: []ReadingRow{{Number: "П-7Д4К2", Href: "/readings/П-7Д4К2", Channel: "на сайте", At: at(20, 18, 42), Figures: 3}},
	}
}

func samplePhoto(meter string) web.Field {
	return web.Field{Name: "p" + meter, Label: "Фото счётчика", Hint: "JPEG, PNG или WebP до 10 МБ, храним 12 месяцев. Место съёмки удаляем", Type: "file", Accept: "image/jpeg,image/png,image/webp", Optional: true}
}

func sampleReadingReceipt() ReadingReceipt {
	return ReadingReceipt{
		Page: resident("Показания приняты"), Number: "П-7Д4К2", Channel: "на сайте", At: at(23, 18, 42), Bill: "Попадут в счёт за ноябрь.", Until: 20261125, Skipped: []string{"горячая вода"},
		Lines: []ReadingLine{
			{Title: "Холодная вода", Serial: "4471201", Value: "131", Volume: "7 м³", State: web.State{Word: "принято", Tone: web.OK}},
			{Title: "Электроэнергия", Serial: "900100", Zone: "день", Value: "6 200", Volume: "120 кВт·ч", State: web.State{Word: "исправлено", Tone: web.OK}, Notes: []string{"Поверка истекла 3 сентября. Показания принимаем, о замене решает поставщик"}},
		},
		HasEffect: true, Before: 612400, After: 621435, Made: []ReadingMade{{"Холодная вода", "7 м³", 18500, 30184}, {"Водоотведение", "10,8 м³", 38200, 41472}}, AgainHref: "/readings", HomeHref: "/home", HomeTitle: "На главную",
	}
}

func readingSamples() []webtest.Sample {
	with := func(name string, change func(*Readings)) webtest.Sample {
		v := sampleReadings()
		change(&v)
		return webtest.Sample{Name: "readings-" + name, Page: ReadingsPage(v)}
	}
	quiet := sampleReadingReceipt()
	quiet.Page.Title, quiet.Made, quiet.Until, quiet.Skipped, quiet.Bill = "Показания приняты ещё раз", nil, 0, nil, "Приняли. В счёт за ноябрь уже не успеет, учтём в счёте за декабрь."
	return []webtest.Sample{
		with("open", func(*Readings) {}),
		with("late", func(v *Readings) {
			v.Page.Title, v.Late, v.Window = "Показания после срока", true, "В счёт за этот месяц уже не успеет: показания попадут в счёт за декабрь."
		}),
		with("asked", func(v *Readings) {
			v.Page.Title, v.Asked, v.Receipts = "Проверьте показания", 1, nil
			v.Cards[0].Doubts, v.Cards[0].Makes = []string{"Сейчас 118, а в прошлый раз было 124. Счётчик меняли?"}, "За услугу выйдет 412,10\u00a0₽ за месяц"
			v.Cards[0].Answer = web.Choices{Name: "a1", Label: "Что с цифрами", Items: []web.Choice{{Label: "Исправлю", Chosen: true}, {Value: "rolled", Label: "Счётчик прошёл через ноль"}, {Value: "replaced", Label: "Счётчик заменили"}}}
		}),
		with("wrong", func(v *Readings) {
			v.Page.Title = "Показания с ошибкой"
			v.Errors = web.Errors{{Field: "r1-0", Message: "Введите хотя бы одно показание"}}
			v.Cards[0].Fields[0].Error = v.Errors[0].Message
			v.Page.WithErrors(v.Errors)
		}),
		with("wrong-photo", func(v *Readings) {
			v.Page.Title = "Показания с плохим фото"
			v.Errors = web.Errors{{Field: "p1", Message: "Это не фото JPEG, PNG или WebP. Снимите счётчик ещё раз или выберите другой файл."}}
			v.Cards[0].Fields[0].Value, v.Cards[0].Photo.Error = "131", v.Errors[0].Message
			v.Page.WithErrors(v.Errors)
		}),
		with("empty", func(v *Readings) {
			v.Page.Title, v.Cards, v.Receipts = "Показания без счётчиков", nil, nil
		}),
		with("for-resident", func(v *Readings) {
			v.Page.Title, v.BackHref, v.BackTitle, v.Told = "Показания за жителя", "/c/account/1", "Вернуться к абоненту", "Эти показания уже приняты"
		}),
		with("declined", func(v *Readings) {
			v.Page.Title = "Показания, которые поставщик не принял"
			v.Cards[0].Href, v.Cards[0].Notes = "/readings/meters/1", []string{"Показание 124 от 22 октября поставщик не принял: пломба нарушена или её нет. Вызовите поставщика: он опломбирует счётчик"}
			v.Cards[0].History = []ReadingPast{{On: 20261022, Value: "124", Source: "на сайте", Answer: "поставщик не принял: пломба нарушена или её нет", Gone: true}}
		}),
		{Name: "readings-meter", Page: MeterPage(sampleMeter())}, {Name: "readings-receipt", Page: ReadingReceiptPage(sampleReadingReceipt())}, {Name: "readings-receipt-late", Page: ReadingReceiptPage(quiet)},
	}
}

func sampleMeter() MeterCard {
	v := MeterCard{Page: sampleReadings().Page, Title: "Холодная вода, индивидуальный", Place: "кухня", Facts: []MeterFact{{"Считает с", "10.11.2019"}, {"Поверен до", "10.11.2031"}}}
	v.Page.Title = "Счётчик № 4471201"
	v.Life = []MeterEvent{{On: "10.11.2026", Words: "Поверен, до 10.11.2031", Reason: "свидетельство 5"}}
	return v
}
