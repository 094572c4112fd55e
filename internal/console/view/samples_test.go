package view

import (
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

var (
	zone  = time.FixedZone("MSK", 3*3600)
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, zone)
	month = calendar.Month(202611)
)

func at(day, hour, minute int) calendar.Micros {
	return calendar.MicrosOf(time.Date(2026, 11, day, hour, minute, 0, 0, zone))
}

func staff(title string, nav ...web.NavItem) web.Page {
	return web.Page{
		Title: title, Name: "Квит", Path: "/c/today", Token: "sample-token-of-a-form", Now: noon, Prefs: web.Prefs{Text: 100, Lang: "ru"},
		HelpPhone: "8 800 000-00-00", HelpHours: "по будням с 9 до 18", Actor: "Ольга К.", SignOut: "/sign-out", Nav: nav,
	}
}

func operator(title string) web.Page {
	p := staff(title, web.NavItem{Title: "Главная", Href: "/s/home", Icon: "home", Current: true}, web.NavItem{Title: "Загрузки", Href: "/s/intakes", Icon: "file", Count: 3},
		web.NavItem{Title: "Платежи", Href: "/s/payments", Icon: "wallet"}, web.NavItem{Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, web.NavItem{Title: "Расхождения", Href: "/s/conflicts", Icon: "alert"})
	p.More = []web.NavItem{{Title: "Дома", Href: "/s/houses", Icon: "house"}, {Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, {Title: "Интеграция", Href: "/s/webhooks", Icon: "link"}}
	return p
}

func centre(title string) web.Page {
	p := staff(title, web.NavItem{Title: "Сегодня", Href: "/c/today", Icon: "home", Current: true}, web.NavItem{Title: "Найти", Href: "/c/find", Icon: "search"}, web.NavItem{Title: "Загрузки", Href: "/s/intakes", Icon: "file", Count: 2},
		web.NavItem{Title: "Соединения", Href: "/c/review", Icon: "link", Count: 38}, web.NavItem{Title: "Расхождения", Href: "/c/conflicts", Icon: "alert"}, web.NavItem{Title: "Начисление", Href: "/c/runs", Icon: "bill"})
	p.More = []web.NavItem{{Title: "Дома", Href: "/c/houses", Icon: "house"}, {Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, {Title: "Приборы", Href: "/c/devices", Icon: "signal"}, {Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, {Title: "ГИС ЖКХ", Href: "/c/gis", Icon: "up"}}
	p.Search = &web.Search{Action: "/c/find"}
	return p
}

func intakeRows() (rows []IntakeRow) {
	for s := IntakeReceived; s <= IntakeWithdrawn; s++ {
		rows = append(rows, IntakeRow{File: "vodokanal_1126.dbf", Href: "/s/intakes/1", Supplier: "АО «Водоканал»", Month: month, At: at(3+int(s), 6, 40), State: s, Rows: 14402, Issues: 870, Sum: 1234567890})
	}
	return rows
}

func supplierSamples() []webtest.Sample {
	home := Home{
		Page: operator("Сегодня"), Month: month, CloseOn: 20261130, DaysLeft: 6, PaidToday: 12345678, PaidCount: 412, Intakes: intakeRows()[:3], UploadTo: "/s/intakes",
		Waits: []Wait{{"Файл ждёт решения", "vodokanal_1126.dbf", "/s/intakes/1", 1, web.Warn}, {"Строк не загружено", "посмотрите протокол", "/s/intakes/1", 1204, web.Bad}, {"Исправлено при чтении", "для сведения", "/s/intakes/1", 870, web.Info}},
	}
	done, blocked := home, home
	done.Waits, done.DaysLeft, done.CloseOn = nil, 0, 20261124
	blocked.Blocked = "Договор приостановлен с 1 ноября. Позвоните в расчётный центр."
	list := Intakes{
		Page: operator("Файлы"), Rows: intakeRows(), Paging: web.Paging{Number: 1, Size: 8, Total: 40}, UploadTo: "/s/intakes", Key: "sample-key-1",
		Tabs: []web.Tab{{Title: "Все", Href: "/s/intakes", Current: true}, {Title: "Ждут решения", Href: "/s/intakes?state=judged", Count: 1}},
	}
	empty, bad, foreign := list, list, list
	empty.Rows, empty.Tabs = nil, nil
	bad.Errors = web.Errors{{Field: "file", Message: "Файл пустой. Выгрузите его ещё раз"}}
	bad.WithErrors(bad.Errors)
	foreign.Page, foreign.WithOwners, foreign.UploadTo = centre("Файлы поставщиков"), true, ""
	roles := func(chosen string) (c []web.Choice) {
		for _, r := range []string{"не загружать", "номер счёта", "фамилия", "адрес", "услуга", "начислено", "к оплате"} {
			c = append(c, web.Choice{Value: r, Label: r, Chosen: r == chosen})
		}
		return c
	}
	guess := Guess{
		Page: operator("Новый вид файла: где что"), File: "реестр 11.26.xlsx", Container: "XLSX, лист «Реестр», 14 402 строки", Rows: 14402, Sum: 1234567890, SumKnown: true, Action: "/s/intakes/1/columns", Key: "sample-key-1",
		Columns: []GuessColumn{{Name: "c1", Title: "ЛС", Samples: []string{"1600123456", "1600123457"}, Roles: roles("номер счёта")}, {Name: "c2", Title: "ФИО", Samples: []string{"Иванова А. П."}, Roles: roles("фамилия")}, {Name: "c3", Title: "Итого", Samples: []string{"1 182,42", "0,00"}, Roles: roles("к оплате")}},
	}
	known, badGuess := guess, guess
	known.Known, known.Months = true, roles("адрес")
	badGuess.Columns = append([]GuessColumn{}, guess.Columns...)
	badGuess.Columns[2].Error = "Выберите столбец с суммой к оплате"
	badGuess.Errors = web.Errors{{Field: "c3", Message: "Выберите столбец с суммой к оплате"}}
	badGuess.WithErrors(badGuess.Errors)
	days := Days{Page: operator("Платежи по дням"), Range: web.DayRange{From: 20261101, To: 20261124}, Action: "/s/payments", Export: "/s/payments.csv", Days: []Day{
		{On: 20261124, Count: 412, Collected: 12345678, State: web.State{Word: "день идёт", Tone: web.Info}, PaymentsTo: "/s/payments/2026-11-24"},
		{On: 20261123, Count: 1380, Collected: 98765432, Refunded: 621435, State: web.State{Word: "реестр готов", Tone: web.OK}, Register: "/s/registers/2026-11-23", PaymentsTo: "/s/payments/2026-11-23"},
	}}
	noDays, badDays := days, days
	noDays.Days = nil
	badDays.Errors, badDays.Days = web.Errors{{Field: "to", Message: "Конец срока раньше начала. Поменяйте даты местами."}}, nil
	badDays.WithErrors(badDays.Errors)
	return append(append(integrationSamples(), exchangeSamples()...), []webtest.Sample{
		{Name: "shome-open", Page: HomePage(home)},
		{Name: "shome-done", Page: HomePage(done)},
		{Name: "shome-blocked", Page: HomePage(blocked)},
		{Name: "intakes-all", Page: IntakesPage(list)},
		{Name: "intakes-none", Page: IntakesPage(empty)},
		{Name: "intakes-wrong", Page: IntakesPage(bad)},
		{Name: "cintakes-all", Page: IntakesPage(foreign)},
		{Name: "guess-new", Page: GuessPage(guess)},
		{Name: "guess-known", Page: GuessPage(known)},
		{Name: "guess-wrong", Page: GuessPage(badGuess)},
		{Name: "days-all", Page: DaysPage(days)},
		{Name: "days-none", Page: DaysPage(noDays)},
		{Name: "days-wrong", Page: DaysPage(badDays)},
	}...)
}

func exchangeSamples() []webtest.Sample {
	file := ExchangeFileRow{Supplier: "АО «Водоканал»", Code: "payments", Name: "6229000001_23112026.txt", Href: "/s/exchange/vodokanal/payments/3", Number: 3, Rows: 1204, Refused: 2, Sum: 245030, SentAt: at(23, 6, 1), State: web.State{Word: "принят не весь", Tone: web.Warn}}
	list := Exchanges{
		Page: operator("Обмен файлами"),
		List: []ExchangeRow{
			{Supplier: "АО «Водоканал»", Code: "payments", What: "платежи", When: "пн, вт в 06:00", Folder: "sftp://kvit@sftp.vodokanal.example:22/in", Next: at(24, 6, 0), State: web.State{Word: "по расписанию", Tone: web.OK}},
			{Supplier: "АО «Водоканал»", Code: "registers", What: "забираем реестры", When: "каждый день", Folder: "/srv/obmen", State: web.State{Word: "опаздывает", Tone: web.Bad}, Trouble: "Папка /srv/obmen не читается."},
		},
		Sent: []ExchangeFileRow{file, {Supplier: "АО «Водоканал»", Code: "payments", Name: "6229000001_24112026.txt", Href: "/s/exchange/vodokanal/payments/4", Number: 4, Rows: 7, State: web.State{Word: "ждёт отправки", Tone: web.Info}}},
	}
	all := list
	all.Page, all.All = centre("Обмен файлами"), true
	one := ExchangeFile{
		Page: operator("Файл обмена"), File: file, Slot: at(23, 6, 0), Answered: at(23, 7, 0), Again: 1, Open: 1, Download: "/s/exchange/vodokanal/payments/3/file", Action: "/s/exchange/vodokanal/payments/3", Key: "sample-key-1", Said: "Файл отправим ещё раз в ближайшую минуту.",
		Refusals: []RefusalRow{{Row: 2, Account: "1600123456", Reason: "нет такого счёта", State: web.State{Word: "ждёт решения", Tone: web.Warn}}, {Row: 9, Account: "1600123457", Reason: "счёт закрыт", State: web.State{Word: "передана снова, файл № 4", Tone: web.OK}}},
	}
	return []webtest.Sample{
		{Name: "exchange-own", Page: ExchangesPage(list)},
		{Name: "exchange-all", Page: ExchangesPage(all)},
		{Name: "exchange-none", Page: ExchangesPage(Exchanges{Page: operator("Обмен файлами")})},
		{Name: "exchange-file", Page: ExchangeFilePage(one)},
	}
}

func integrationSamples() []webtest.Sample {
	working, failing, off := EndpointRow{URL: "https://erp.vodokanal.example/kvit", Href: "/s/webhooks/1", Kinds: "платежи, возвраты", State: web.State{Word: "работает", Tone: web.OK}}, EndpointRow{}, EndpointRow{}
	failing, off = working, working
	failing.State, failing.Waiting = web.State{Word: "не всё доставляется", Tone: web.Warn}, 1204
	off.State = web.State{Word: "отключён", Tone: web.Bad}
	list := Integration{
		Page: operator("Интеграция"), Endpoints: []EndpointRow{working, failing, off}, CreateTo: "/s/webhooks", Key: "sample-key-1",
		Kinds: []web.Choice{{Value: "payment", Label: "Платежи"}, {Value: "reading", Label: "Показания", Chosen: true}}, Signing: []web.Choice{{Value: "hmac", Label: "HMAC-SHA-256", Hint: "Один секрет у обеих сторон", Chosen: true}},
		Tokens: []TokenRow{{Name: "1С", Scopes: "intake:write, event:read", UsedAt: at(24, 9, 5), ExpiresAt: at(30, 9, 5)}, {Name: "Старый", Scopes: "intake:read", NeverUsed: true, Revoked: true}},
	}
	made, bad, empty := list, list, Integration{Page: operator("Интеграция")}
	made.Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	bad.URL, bad.Errors = "http://10.0.0.1/", web.Errors{{Field: "url", Message: "Такой адрес вызывать нельзя: он не https."}}
	bad.WithErrors(bad.Errors)
	one := EndpointPage{
		Page: operator("Вебхук"), Row: failing, Signing: "hmac", FailingSince: at(23, 18, 40), Action: "/s/webhooks/1", Key: "sample-key-1", OlderHref: "?before=7",
		Deliveries: []DeliveryRow{
			{Kind: "Платежи", Account: "1600123456", At: at(24, 10, 1), State: web.State{Word: "повторим", Tone: web.Warn}, Attempts: 2, NextAt: at(24, 12, 30), Body: `{"id":"evt_1_2_3_4","kind":"payment"}`, Answer: "upstream is down", AnswerStatus: 502, Position: "8", CanSendItAgain: true},
			{Kind: "Платежи", Account: "1600123457", At: at(24, 9, 1), State: web.State{Word: "доставлено", Tone: web.OK}, Attempts: 1, Body: `{"id":"evt_1_2_3_4","kind":"payment"}`, AnswerStatus: 204, Position: "7", CanSendItAgain: true},
		},
	}
	stopped := EndpointPage{Page: operator("Вебхук"), Row: off, Disabled: true, Reason: "Получатель ответил 410: больше не присылать.", Action: "/s/webhooks/1", Key: "sample-key-1"}
	return []webtest.Sample{
		{Name: "integration-all", Page: IntegrationPage(list)},
		{Name: "integration-made", Page: IntegrationPage(made)},
		{Name: "integration-wrong", Page: IntegrationPage(bad)},
		{Name: "integration-none", Page: IntegrationPage(empty)},
		{Name: "webhook-failing", Page: WebhookPage(one)},
		{Name: "webhook-off", Page: WebhookPage(stopped)},
	}
}

func sampleProtocol(state IntakeState) Protocol {
	return Protocol{
		Page: operator("Протокол: vodokanal_1126.dbf"), File: "vodokanal_1126.dbf", State: state, Month: month, At: at(3, 6, 40), By: "Ольга К.", Encoding: "cp866", Done: 6100, Rows: 14402, Key: "sample-key-1",
		Totals:  Totals{FileSum: 1234567890, HasFile: true, ReadSum: 1234567890, AppliedSum: 1230000000, Rows: 14402, Applied: 13460, Repaired: 870, Ignored: 60, Quarantine: 12},
		Compare: &Compare{Month: 202610, RowsNow: 14402, RowsThen: 14390, SumNow: 1234567890, SumThen: 1134567890, NewAccounts: 21, Absent: 9, AbsentHref: "/s/intakes/1/absent"},
	}
}

func withIssues(p Protocol) Protocol {
	p.Groups = []IssueGroup{
		{Code: "account.check_digit", Title: "Номер счёта с опечаткой", Advice: "Сверьте номер с карточкой абонента. Счёт нашли по адресу и фамилии", Count: 31, Severity: Warning, Href: "?code=account.check_digit"},
		{Code: "row.shifted", Title: "Поля сдвинуты", Advice: "Проверьте выгрузку: в строке лишняя точка с запятой", Count: 12, Severity: Blocker, Href: "?code=row.shifted"},
		{Code: "amount.format", Title: "Сумма с пробелами", Advice: "Делать ничего не нужно", Count: 827},
	}
	p.Tabs = []web.Tab{{Title: "Все", Href: "?", Current: true, Count: 870}, {Title: "Не загружено", Href: "?severity=blocker", Count: 12}, {Title: "Исправлено", Href: "?severity=note"}}
	p.Issues = []Issue{
		{Place: "запись 1 204", Account: "1600123465", Title: "Номер счёта с опечаткой", Field: "LS", Value: "1600123465", Now: "1600123456", Hint: "Контрольная цифра не сходится, нашли по адресу.", Severity: Warning},
		{Place: "запись 2 018", Account: "1600200001", Title: "Поля сдвинуты", Field: "SUMMA", Value: "ул. Ленина", Hint: "На месте суммы адрес. Впишите сумму или загрузите строку заново.", Severity: Blocker, FixTo: "/s/intakes/1/fix", FixName: "77"},
		{Place: "запись 2 019", Account: "1600200002", Title: "Поля сдвинуты", Field: "SUMMA", Value: "12-", Hint: "Впишите сумму.", Severity: Blocker, FixTo: "/s/intakes/1/fix", FixName: "78", FixValue: "сто", FixError: "Сумму пишут цифрами: 1182,42"},
		{Place: "запись 3 001", Account: "1600200003", Title: "Сумма с пробелами", Field: "SUMMA", Value: "1 182,42", Now: "1182.42", Hint: "Делать ничего не нужно.", Solved: "исправила Ольга К., сегодня в 10:12"},
	}
	p.Paging = web.Paging{Number: 1, Size: 4, Total: 870}
	p.BrokenHref, p.MapHref, p.ReplayTo = "/s/intakes/1/broken", "/s/intakes/1/columns", "/s/intakes/1/replay"
	return p
}

func protocolSamples() []webtest.Sample {
	sample := func(name string, p Protocol, change func(*Protocol)) webtest.Sample {
		change(&p)
		return webtest.Sample{Name: "protocol-" + name, Page: ProtocolPage(p)}
	}
	return []webtest.Sample{
		sample("received", sampleProtocol(IntakeReceived), func(*Protocol) {}),
		sample("reading", sampleProtocol(IntakeReading), func(p *Protocol) { p.Refresh = 5 }),
		sample("judged", withIssues(sampleProtocol(IntakeJudged)), func(p *Protocol) { p.ApplyTo, p.WithdrawTo = "/s/intakes/1/apply", "/s/intakes/1/withdraw" }),
		sample("clean", sampleProtocol(IntakeApplied), func(p *Protocol) { p.WithdrawTo = "/s/intakes/1/withdraw" }),
		sample("issues", withIssues(sampleProtocol(IntakeApplied)), func(*Protocol) {}),
		sample("mismatch", withIssues(sampleProtocol(IntakeApplied)), func(p *Protocol) { p.Totals.FileSum = 1234500000 }),
		sample("first", sampleProtocol(IntakeApplied), func(p *Protocol) { p.Compare, p.Totals.HasFile = nil, false }),
		sample("refused", sampleProtocol(IntakeRefused), func(p *Protocol) {
			p.Refusal = "В файле нет столбца с номером счёта. Добавьте его в выгрузку и загрузите файл ещё раз."
		}),
		sample("duplicate", sampleProtocol(IntakeDuplicate), func(p *Protocol) {
			p.DuplicateOf = &web.Link{Title: "Открыть первый", Href: "/s/intakes/1"}
		}),
		sample("withdrawn", sampleProtocol(IntakeWithdrawn), func(*Protocol) {}),
	}
}

func samples() []webtest.Sample {
	return slices.Concat(
		supplierSamples(),
		protocolSamples(),
		centreSamples(),
		runSamples(),
		housesSamples(),
		conflictsSamples(),
		gisSamples(),
		deskSamples(),
		draftSamples(),
		payoutsSamples(),
		copiesSamples(),
		refundSamples(),
		disputeSamples(),
		handoverSamples(),
		documentSamples(),
		statusSamples(),
		noticeSamples(),
		appealSamples(),
		waitingSamples(),
	)
}
