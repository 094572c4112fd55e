package view

import (
	"time"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

var (
	zone  = time.FixedZone("MSK", 3*3600)
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, zone)
	month = calendar.Month(202610)
)

func at(day, hour, minute int) calendar.Micros {
	return calendar.MicrosOf(time.Date(2026, 11, day, hour, minute, 0, 0, zone))
}

// resident is the page of a signed-in resident as a request would make it.
func resident(title string) web.Page {
	if sampleLang == "en" {
		title = "Title of a sample" // the titles pages have are read in the sources
	}
	return web.Page{
		Title: title, Name: "Квит", Path: "/home", Token: "sample-token-of-a-form", Now: noon,
		Prefs: web.Prefs{Text: 100, Lang: sampleLang}, HelpPhone: "8 800 000-00-00", HelpHours: "ежедневно с 8 до 20",
		Nav:     []web.NavItem{{Title: "Главная", Href: "/home", Icon: "home", Current: true}, {Title: "Счета", Href: "/bills", Icon: "bill"}, {Title: "Показания", Href: "/readings", Icon: "meter"}, {Title: "Обращения", Href: "/appeals", Icon: "talk"}, {Title: "Ещё", Href: "/more", Icon: "more"}},
		Account: &web.AccountSwitch{Current: "ул. Ленина, 12, кв. 5", Others: []web.Link{{Title: "ул. Мира, 3, кв. 18", Href: "/accounts/2"}, {Title: "Все счета", Href: "/accounts"}}},
		SignOut: "/sign-out",
	}
}

func stranger(title string) web.Page {
	p := resident(title)
	p.Nav, p.Account, p.SignOut, p.SignIn = nil, nil, "", "/sign-in"
	return p
}

func sampleRecipients() []Recipient {
	return []Recipient{
		{Name: "АО «Водоканал»", INN: "6200000000", Bank: "Рязанское отделение № 8606", Account: "40702810100000004417", Sum: 118242},
		{Name: "ООО «Теплосеть»", INN: "6200000001", Bank: "Банк Покров", Account: "40702810100000001234", Sum: 340110, Changed: 20261112},
		{Name: "Фонд капитального ремонта"},
	}
}

func sampleLine(service, volume, rate, unit string, charge, opening, paid money.Amount) BillLine {
	return BillLine{
		Service: service, Volume: volume, Rate: rate, Unit: unit, Opening: opening, Charge: charge, Paid: paid, PaidClaimed: paid, Due: opening + charge - paid,
		Source: Source{File: "vodokanal_1126.dbf", Pos: 1204, Unit: "record", At: at(3, 6, 40)},
	}
}

func sampleBill() Bill {
	return Bill{
		Page: resident("Счёт за октябрь 2026"), Address: "г. Рязань, ул. Ленина, 12, кв. 5", ELS: "20АА123456", Month: month, At: at(24, 12, 0), DueOn: 20261215,
		Opening: 123400, Charge: 634285, Recalc: -12850, Penalty: 397, Paid: 123797, Closing: 621435, Total: 621435,
		Groups: []BillGroup{
			{Supplier: "АО «Водоканал»", Account: "1600123456", Month: month, Fresh: at(3, 6, 40), Due: 118242, Lines: []BillLine{
				sampleLine("Холодная вода", "6,935", "43,12", "м³", 29904, 30000, 30000), sampleLine("Водоотведение", "10,8", "38,4", "м³", 41472, 0, 0),
			}},
			{Supplier: "ООО «Теплосеть»", Account: "7000123456", Month: 202609, Fresh: at(4, 9, 5), Late: true, Due: 503193, Lines: []BillLine{
				sampleLine("Отопление", "", "", "", 340110, 93400, 93797), sampleLine("Горячая вода", "3,9", "212,55", "м³", 82895, 0, 0),
			}},
			{Supplier: "Фонд капитального ремонта", Account: "62-00-1", Month: month, Fresh: at(2, 10, 0), Due: 0, Lines: []BillLine{
				{Service: "Платёж без начислений", Paid: 50000, PaidHere: 50000, Due: -50000},
			}},
		},
		Change: &Change{Delta: 102829, Than: 202609, WhyHref: "/bills/1/why"}, Recipients: sampleRecipients(),
		QR: web.Asset("favicon.svg"), QRText: "kvit.example", PayHref: "/pay", PDFHref: "/bills/1.pdf", JSONHref: "/bills/1.json", AtAction: "/bills/1", AtValue: "2026-11-24",
	}
}

func billSamples() []webtest.Sample {
	with := func(name string, change func(*Bill)) webtest.Sample {
		b := sampleBill()
		change(&b)
		return webtest.Sample{Name: "bill-" + name, Page: BillPage(b)}
	}
	return []webtest.Sample{
		with("open", func(*Bill) {}),
		with("part", func(b *Bill) { b.State = BillPartPaid }),
		with("paid", func(b *Bill) { b.State, b.Total, b.Closing = BillPaid, 0, 0 }),
		with("advance", func(b *Bill) { b.State, b.Total, b.Closing, b.Advance = BillPaid, 0, -50000, 50000 }),
		with("empty", func(b *Bill) { b.State, b.Groups, b.Total = BillEmpty, nil, 0 }),
		with("asof", func(b *Bill) { b.AsOf, b.At = true, at(5, 23, 59) }),
		with("badday", func(b *Bill) {
			b.AtError, b.AtValue = "Дату пишут так: 31.10.2026", "31.02"
			b.WithErrors(web.Errors{{Field: "at", Message: b.AtError}})
		}),
		with("replaced", func(b *Bill) { b.State, b.NewerHref = BillReplaced, "/bills/2" }),
		with("withdrawn", func(b *Bill) { b.State, b.PayHref = BillWithdrawn, "" }),
		with("disputed", func(b *Bill) { b.Disputed, b.Groups[1].Lines[1].Disputed = 82895, true }),
		with("moved", func(b *Bill) { b.MovedFrom = 20261213 }),
		with("computed", func(b *Bill) {
			b.Groups[0].Kvit = true
			for i := range b.Groups[0].Lines {
				l := &b.Groups[0].Lines[i]
				l.Kvit, l.Benefit, l.Recalc = true, -5000, -5000
			}
			b.Preliminary = samplePreliminary()
		}),
		with("plan", func(b *Bill) { b.Plans = []Plan{samplePlan()} }),
		with("huge", func(b *Bill) { b.Total, b.Groups[0].Lines[0].Charge = 99999999999, 99999999999 }),
	}
}

// samplePlan is a plan with a part of each state.
func samplePlan() Plan {
	p := Plan{Title: "ООО «Теплосеть», Отопление", PutOff: 500000, Rest: 304500}
	for i, s := range []web.State{{Word: "оплачена", Tone: web.OK}, {Word: "к оплате", Tone: web.Warn}, {Word: "оплачена вперёд", Tone: web.OK}, {Word: "следующая", Tone: web.Info}, {Word: "позже", Tone: web.Quiet}} {
		p.Parts = append(p.Parts, PlanPart{Month: month.Add(i - 1), Sum: money.Amount(103000 - 500*i), Interest: money.Amount(3000 - 500*i), State: s})
	}
	return p
}

func samplePreliminary() *Preliminary {
	return &Preliminary{Month: month.Add(1), Sum: 71376, PayHref: "/bill/pay?mode=ahead", Rows: []PreliminaryRow{
		{sampleLine("Холодная вода", "6,935", "43,12", "м³", 29904, 0, 0), "АО «Водоканал»"},
		{sampleLine("Содержание жилого помещения", "", "", "", 41472, 0, 0), "Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»"},
	}}
}

func homeSamples() []webtest.Sample {
	with := func(name string, change func(*Home)) webtest.Sample {
		h := Home{
			Page: resident("Главная"), Address: "ул. Ленина, 12, кв. 5", Month: month, Due: 621435, DueOn: 20261215, BillHref: "/bills/1", PayHref: "/pay",
			Change:      &Change{Delta: 102829, Than: 202609, WhyHref: "/bills/1/why"},
			LastPayment: &PaymentRow{Number: "9Д4К-17", At: at(10, 18, 42), Sum: 518606, State: PaySuccess, Method: "СБП", Href: "/payments/1"},
			Suppliers: []Freshness{
				{Name: "АО «Водоканал»", Month: month, At: at(3, 6, 40), Due: 118242},
				{Name: "ООО «Теплосеть»", Month: 202609, At: at(4, 9, 5), Due: 503193, Late: true},
				{Name: "Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»", Month: month, At: at(24, 9, 5)},
			},
		}
		h.Title, h.Calendar = "Главная", sampleAgenda()
		change(&h)
		return webtest.Sample{Name: "home-" + name, Page: HomePage(h)}
	}
	return []webtest.Sample{
		with("due", func(*Home) {}),
		with("fell", func(h *Home) { h.Change.Delta = -50000 }),
		with("same", func(h *Home) { h.Change.Delta = 0 }),
		with("partial", func(h *Home) { h.Change.Partial, h.Change.WithYear, h.Change.Than = true, true, 202510 }),
		with("ahead", func(h *Home) { h.Preliminary = samplePreliminary() }),
		with("moved", func(h *Home) { h.DueOn, h.MovedFrom = 20261201, 20261129 }),
		with("clear", func(h *Home) { h.State, h.PaidUntil, h.Advance, h.Change = HomeClear, 20261205, 120000, nil }),
		with("overdue", func(h *Home) { h.State, h.DueOn, h.PenaltyFrom = HomeOverdue, 20261115, 20261215 }),
		with("penalty", func(h *Home) { h.State, h.Due, h.Penalty, h.PerDay = HomePenalty, 418000, 397, 132 }),
		with("waiting", func(h *Home) {
			h.State, h.Waiting = HomeWaiting, &Waiting{Sum: 621435, AnswerBy: at(24, 15, 30), Href: "/payments/2"}
		}),
		with("nobill", func(h *Home) { h.State, h.PaidUntil, h.Change = HomeNoBill, 20261205, nil }),
		with("nobill-late", func(h *Home) { h.State, h.BillLate, h.Change = HomeNoBill, true, nil }),
		with("readings-due", func(h *Home) {
			h.Readings = &ReadingsDue{Text: "Показаний за ноябрь пока нет. Передайте до 25 ноября.", Costs: []string{"Холодная вода. Без показаний посчитаем по среднему: 6,2 м³, 267,34\u00a0₽"}, Href: "/readings"}
		}),
		with("readings-done", func(h *Home) {
			h.ReadingsDone = "Показания за ноябрь есть. Исправить можно до 25 ноября."
		}),
		with("new", func(h *Home) {
			h.State, h.PaidUntil, h.Change, h.LastPayment, h.Suppliers, h.BillHref = HomeNew, 20261205, nil, nil, nil, ""
		}),
		with("several", func(h *Home) {
			h.HomesDue, h.HomesHref = 831435, "/accounts"
			h.Homes = []HomeRow{{"ул. Ленина, 12, кв. 5", "/accounts/1", 621435}, {"ул. Мира, 3, кв. 18", "/accounts/2", 210000}}
		}),
	}
}

func startSamples() []webtest.Sample {
	tiles := []Tile{{"Оплатить", "по номеру счёта, без регистрации", "/pay", "wallet"}, {"Передать показания", "воды, света, газа", "/readings", "meter"}, {"Узнать об отключении", "по адресу", "/outages", "alert"}}
	start := func(name string, change func(*Start)) webtest.Sample {
		v := Start{Page: stranger("Счета за жильё\u00a0– в одном месте"), Tiles: tiles}
		change(&v)
		return webtest.Sample{Name: "start-" + name, Page: StartPage(v)}
	}
	quick := func(name string, change func(*QuickBill)) webtest.Sample {
		v := QuickBill{
			Page: stranger("Счёт по квитанции"), Address: "ул. Л***, 12, кв. *5", Month: month, Due: 621435, DueOn: 20261215, Recipients: sampleRecipients(),
			Lines: []QuickLine{{"Холодная вода", "АО «Водоканал»", 29904}, {"Отопление", "ООО «Теплосеть»", 340110}}, PayHref: "/pay/x", SaveHref: "/sign-in",
			Pay: &PayForm{Action: "/pay/x", Key: "sample-key-2", Total: 621435, Methods: []PayMethod{{Value: "sbp", Title: "СБП", Chosen: true}, {Value: "card", Title: "Карта"}}, Hidden: []HiddenField{{"mode", "all"}}},
		}
		change(&v)
		return webtest.Sample{Name: "quick-" + name, Page: QuickBillPage(v)}
	}
	notFound := web.Errors{{Field: "code", Message: "По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией"}}
	return []webtest.Sample{
		start("first", func(*Start) {}),
		{Name: "qr", Page: CodePage(Code{Page: stranger("Оплата по QR-коду")})},
		{Name: "qr-wrong", Page: CodePage(Code{Page: stranger("Оплата по QR-коду"), Text: "ST00012|", Errors: web.Errors{{Field: "text", Message: "По этому коду счёта не нашли. Возьмите последнюю квитанцию или введите номер счёта и код с нашей квитанции."}}})},
		start("readings", func(v *Start) { v.For, v.Title = ForReadings, "Передать показания" }),
		start("known", func(v *Start) { v.Known = &Known{"ул. Л…, 12", "/pay/x", "/forget"} }),
		start("message", func(v *Start) {
			v.Notices = []web.Notice{{Tone: web.Info, Title: "Сегодня с 23:00 до 1:00 платежи не проходят", Text: "Банк меняет оборудование. Счета открываются как обычно.", Told: true}}
		}),
		start("code", func(v *Start) { v.AskCode, v.Number, v.Tiles = true, "1600123456", nil }),
		start("wrong", func(v *Start) {
			v.AskCode, v.Number, v.Errors, v.Tiles = true, "1600123456", notFound, nil
			v.WithErrors(v.Errors)
		}),
		quick("open", func(*QuickBill) {}),
		quick("late", func(v *QuickBill) { v.DueOn = 20261116 }),
		quick("waiting", func(v *QuickBill) {
			v.Pay, v.Waiting = nil, &Waiting{Sum: 621435, AnswerBy: at(24, 15, 30), Href: "/paid/2"}
		}),
		quick("duplicate", func(v *QuickBill) {
			v.Duplicate = &Duplicate{Sum: 621435, At: at(24, 10, 12), Number: "9Д4К-17", Href: "/paid/1"}
		}),
		quick("paid", func(v *QuickBill) { v.State, v.Pay, v.PayHref = QuickPaid, nil, "" }),
		quick("readings", func(v *QuickBill) { v.ReadHref = "/pay/x/readings" }),
		quick("replaced", func(v *QuickBill) { v.State, v.Pay, v.PayHref, v.NewerHref = QuickReplaced, nil, "", "/pay/y" }),
		quick("expired", func(v *QuickBill) { v.State = QuickExpired }),
		quick("wrong", func(v *QuickBill) { v.State = QuickWrong }),
	}
}

func signInSamples() []webtest.Sample {
	wrongPair := web.Errors{{Field: "login", Message: "Имя, пароль или код не подошли. Проверьте раскладку и время на телефоне."}}
	first := SignIn{Page: stranger("Вход для сотрудников"), Action: "/sign-in", DemoHref: "/demo", ResidentHref: "/signin"}
	first.SignIn = ""
	bad, locked := first, first
	bad.Errors, bad.Login = wrongPair, "olga"
	bad.WithErrors(bad.Errors)
	locked.Locked = "Слишком много попыток. Новый вход можно начать в 14:20"
	code := SignInCode{Page: stranger("Вход: код из приложения"), Action: "/sign-in/code", Login: "olga"}
	badCode := code
	badCode.Errors = web.Errors{{Field: "code", Message: "Имя, пароль или код не подошли. Проверьте раскладку и время на телефоне."}}
	badCode.WithErrors(badCode.Errors)
	lockedCode := code
	lockedCode.Locked = locked.Locked
	doors := Doors{Page: stranger("Показ: кем войти"), Doors: []Door{
		{"Житель", "Живой счёт семьи: все поставщики на одной странице, оплата через учебный банк; электроэнергию считает Квит – по счётчику, с перерасчётом", "/demo/enter", "home", "as", "resident"},
		{"Оператор поставщика", "Загрузка файлов, протоколы, платежи и реестры", "/demo/enter", "file", "as", "supplier"},
		{"Расчётный центр", "Сегодня, поиск, абонент, сомнительные соединения", "/demo/enter", "search", "as", "centre"},
	}}
	return []webtest.Sample{
		{Name: "signin-first", Page: SignInPage(first)},
		{Name: "signin-wrong", Page: SignInPage(bad)},
		{Name: "signin-locked", Page: SignInPage(locked)},
		{Name: "code-first", Page: SignInCodePage(code)},
		{Name: "code-wrong", Page: SignInCodePage(badCode)},
		{Name: "code-locked", Page: SignInCodePage(lockedCode)},
		{Name: "doors-all", Page: DoorsPage(doors)},
		{Name: "phone-empty", Page: PhonePage(Phone{Page: stranger("Показ: телефон молчит")})},
		{Name: "phone", Page: PhonePage(Phone{Page: stranger("Показ: телефон и почта"), Messages: []PhoneMessage{{"sms", "79161234567", "", "Код для входа: 482 913. Никому его не называйте, даже сотруднику расчётного центра", at(24, 11, 58)}, {"mail", "anna@mail.example", "Счёт за октябрь", "К оплате 6\u00a0214,35\u00a0₽ до 15 декабря", at(23, 10, 0)}}})},
	}
}
