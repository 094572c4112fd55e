package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleWhy() Why {
	p := resident("Почему изменилась сумма")
	p.Crumbs = []web.Link{{Title: "Счёт", Href: "/bill"}}
	return Why{
		Page: p, Address: "ул. Ленина, 12, кв. 5", Month: month, Against: 202609, Was: 518606, Is: 621435, Total: 744835, Action: "/bill/why", BillHref: "/bill",
		Causes: []WhyCause{
			{Title: "Отопление", Sum: 64010, Text: "начался отопительный сезон", Href: "/bill/lines/3"},
			{Title: "Горячая вода", Sum: 38819, Text: "показаний не было, взяли среднее – 6,2 м³ вместо 3,9 м³", Remedy: "Передайте показания до 25-го – пересчитаем в следующем счёте", Href: "/bill/lines/4"},
			{Title: "Холодная вода", Sum: 2324, Text: "тариф с 1 октября 43,12\u00a0₽ вместо 39,80\u00a0₽ за м³", Remedy: "Документ: постановление № 118", Href: "/bill/lines/1"},
		},
		Fall: web.Fall{Title: "Сильнее всего повлияло: Отопление", Steps: []web.FallStep{
			{Label: "Было за сентябрь 2026", Sum: 518606, To: 518606, Total: true},
			{Label: "Отопление: появилось в счёте", Sum: 64010, From: 518606, To: 582616},
			{Label: "Горячая вода: способ расчёта", Sum: 38819, From: 582616, To: 621435},
			{Label: "Холодная вода: тариф", Sum: 2324, From: 621435, To: 623759},
			{Label: "Содержание жилья: перерасчёт", Sum: -2324, From: 623759, To: 621435},
			{Label: "Стало за октябрь 2026", Sum: 621435, To: 621435, Total: true},
		}},
		Rows: []WhyRow{
			{Title: "Холодная вода", Supplier: "АО «Водоканал»", Href: "/bill/lines/1", Was: 27580, Is: 29904, Parts: []WhyPart{{"тариф", 2324}, {"расход", -100}, {"доля поставщика", 100}}},
			{Title: "Отопление", Supplier: "ООО «Теплосеть»", Href: "/bill/lines/3", Is: 64010},
			{Title: "Домофон", Supplier: "Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»", Was: 6500},
		},
		Tabs:   []web.Tab{{Title: "Прошлый месяц", Href: "/bill/why?with=2026-09", Current: true}, {Title: "Год назад", Href: "/bill/why?with=2025-10"}},
		Months: []web.Choice{{Value: "2026-09", Label: "Сентябрь 2026", Chosen: true}, {Value: "2025-10", Label: "Октябрь 2025"}},
	}
}

func whySamples() []webtest.Sample {
	with := func(name string, change func(*Why)) webtest.Sample {
		v := sampleWhy()
		change(&v)
		return webtest.Sample{Name: "why-" + name, Page: WhyPage(v)}
	}
	return []webtest.Sample{
		with("grew", func(*Why) {}),
		with("fell", func(v *Why) { v.Was, v.Is, v.Against = 621435, 518606, 202510 }),
		with("same", func(v *Why) { v.Was, v.Causes, v.Fall.Steps = v.Is, nil, nil }),
		with("first", func(v *Why) {
			*v = Why{Page: v.Page, State: WhyFirst, Address: v.Address, Month: v.Month, BillHref: "/bill"}
		}),
		with("missing", func(v *Why) {
			v.Gaps = []WhyGap{{Supplier: "ООО «Теплосеть»", Account: "7000123456", Text: "За октябрь данные ещё не пришли, за сентябрь начислено 2\u00a0000,00\u00a0₽."}}
		}),
		with("apart", func(v *Why) {
			v.State, v.Causes, v.Rows = WhyApart, nil, nil
			v.Gaps = []WhyGap{{Supplier: "Фонд", Account: "62-00-1", Text: "Поставщик присылает только итог к оплате: 600,00\u00a0₽ вместо 500,00\u00a0₽."}}
		}),
		with("badmonth", func(v *Why) {
			v.MonthError = "За июль 2020 начислений не было. Выберите другой месяц"
			v.WithErrors(web.Errors{{Field: "with", Message: v.MonthError}})
		}),
	}
}

func sampleLineView() Line {
	p := resident("Как посчитано: Холодная вода")
	p.Crumbs = []web.Link{{Title: "Счёт", Href: "/bill"}}
	return Line{
		Page: p, Service: "Холодная вода", Supplier: "АО «Водоканал»", Account: "1600123456", Month: month, Origin: "Сумму прислал поставщик", Charge: 29904,
		Verdict: &web.Notice{Tone: web.OK, Text: "Квит пересчитал: объём × тариф = 299,04\u00a0₽. Сходится с суммой поставщика."},
		Steps: []LineStep{{
			Title: "Холодная вода", Sum: 29904, Product: "6,935 × 43,12\u00a0₽", Exact: "299,0372", Formula: "объём × тариф",
			Terms: []Term{{Name: "Как найден объём", Text: "как прислал поставщик"}, {Name: "Объём", Text: "6,935"}, {Name: "Тариф", Text: "43,12\u00a0₽"}},
		}},
		Opening: 30000, Paid: 30000, Due: 29904, Source: Source{File: "vodokanal_1126.dbf", Pos: 1204, Unit: "record", At: at(3, 6, 40)}, BillHref: "/bill", WhyHref: "/bill/why", JSONHref: "/bill/lines/1.json",
	}
}

func lineSamples() []webtest.Sample {
	with := func(name string, change func(*Line)) webtest.Sample {
		v := sampleLineView()
		change(&v)
		return webtest.Sample{Name: "line-" + name, Page: LinePage(v)}
	}
	step := func(title string, sum money.Amount, terms ...Term) LineStep {
		return LineStep{Title: title, Sum: sum, Product: "8,58 м³ × 43,12\u00a0₽", Exact: "369,9696", Formula: "человек × норматив × тариф", Clause: "Правила № 354, п. 42, приложение 2, формула 4", Terms: terms}
	}
	computed := func(terms ...Term) func(*Line) {
		return func(v *Line) {
			v.Origin, v.Verdict, v.Steps = "Посчитал Квит", nil, []LineStep{step("Холодная вода", 36997, terms...)}
		}
	}
	return []webtest.Sample{
		with("supplier", func(*Line) {}),
		with("apart", func(v *Line) {
			v.Verdict = &web.Notice{Tone: web.Warn, Text: "Квит пересчитал: объём × тариф = 299,04\u00a0₽. Расходится с суммой поставщика на 100,00\u00a0₽."}
		}),
		with("sumonly", func(v *Line) {
			v.Verdict = &web.Notice{Tone: web.Info, Text: "Поставщик прислал сумму без объёма или тарифа, пересчитать её не из чего."}
			v.Steps[0] = LineStep{Title: "Холодная вода", Sum: 29904, Formula: "сумма поставщика", Terms: []Term{{Name: "Объём", Text: "поставщик не прислал"}, {Name: "Тариф", Text: "поставщик не прислал"}}}
		}),
		with("payments", func(v *Line) {
			v.Month, v.Steps, v.Verdict, v.Origin, v.Source, v.Charge = 0, nil, nil, "", Source{}, 0
		}),
		with("meter", computed(Term{Name: "Как найден объём", Text: "по счётчику", Note: "показание 10 от 25.09.2026, показание 16,5 от 25.10.2026"}, Term{Name: "Объём", Text: "6,5 м³"}, Term{"Тариф", "43,12\u00a0₽ за м³", "с 01.10.2026,", "постановление № 118", ""})),
		with("average", computed(Term{Name: "Как найден объём", Text: "по среднему, 2-й месяц без показаний"}, Term{Name: "Объём", Text: "6,2 м³"})),
		with("norm", computed(Term{Name: "Человек", Text: "2"}, Term{"Норматив", "4,29\u00a0м³ на человека в месяц", "", "постановление № 8", "(цифра другого региона)"}, Term{Name: "Дней", Text: "15 из 31", Note: "с 01.10.2026 по 15.10.2026"})),
		with("factor", func(v *Line) {
			computed(Term{Name: "Человек", Text: "2"})(v)
			v.Steps = append(v.Steps, step("Повышающий коэффициент", 73994, Term{Name: "Повышающий коэффициент", Text: "3"}))
		}),
		with("correction", func(v *Line) {
			computed(Term{Name: "Человек", Text: "2"})(v)
			v.Kvit, v.Benefit, v.Recalc = true, -5000, -12300
			fix := step("Корректировка", -7300)
			fix.About, fix.Cause, fix.Clause = "сентябрь 2026", "стало известно после расчёта: живут – 1 чел. с 01.09.2026", ""
			v.Steps = append(v.Steps, fix)
			v.Facts = []LineFact{{"Живут", "1 чел. с 01.09.2026", "оператор Иванова", at(3, 6, 40)}, {"Площадь", "54 м²", "файл facts.yaml, строка 12", at(1, 9, 0)}}
		}),
		with("compared", func(v *Line) {
			v.Verdict = &web.Notice{Tone: web.Warn, Text: "Квит посчитал сам: 369,97 ₽. У поставщика на 70,93 ₽ меньше. Платите по сумме поставщика, расхождение видит расчётный центр."}
			v.Beside = []LineStep{step("Холодная вода", 36997, Term{Name: "Человек", Text: "2"})}
		}),
		with("staff", func(v *Line) { v.Source.Href = "/s/intakes/4" }),
	}
}
