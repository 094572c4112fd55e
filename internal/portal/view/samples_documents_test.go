package view

import (
	"strings"

	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

var sampleDigest = strings.Repeat("0123456789abcdef", 4)

func sampleDocuments() Documents {
	months := []web.Choice{{Value: "2026-11", Label: "Ноябрь 2026", Chosen: true}, {Value: "2026-10", Label: "Октябрь 2026"}}
	return Documents{
		Page: resident("Документы"), Action: "/documents", Key: "sample-key-1", PaperHref: "/documents/paper",
		Kinds: web.Choices{Name: "kind", Label: "Какой документ", Items: []web.Choice{{Value: "nodebt", Label: "Справка об отсутствии задолженности", Hint: "на сегодня, период не нужен", Chosen: true}, {Value: "account", Label: "Выписка по лицевым счетам"}}},
		From:  web.Choices{Name: "from", Label: "С какого месяца", Items: months, Width: "m"}, To: web.Choices{Name: "to", Label: "По какой месяц", Items: months, Width: "m"},
		Suppliers: web.Choices{Name: "supplier", Label: "По кому", Items: []web.Choice{{Label: "Все поставщики", Chosen: true}, {Value: "s1", Label: "Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»"}}},
	}
}

func documentSamples() []webtest.Sample {
	empty, full, debt, waits, bad := sampleDocuments(), sampleDocuments(), sampleDocuments(), sampleDocuments(), sampleDocuments()
	full.Paperless = true
	for i, state := range []web.State{{Word: "действует", Tone: web.OK}, {Word: "заменён", Tone: web.Warn}, {Word: "отозван", Tone: web.Bad, Icon: "cross"}} {
		number := []string{"7M4T-2KQ9-ABCD", "7M4T-2KQ9-ABCE", "7M4T-2KQ9-ABCF"}[i]
		full.Rows = append(full.Rows, DocumentRow{Title: "Выписка по лицевым счетам", Period: "сентябрь 2026 – ноябрь 2026", Number: number, Href: "/documents/1", PDFHref: "/documents/1/pdf", At: at(24, 12, 40), State: state})
		full.Bills = append(full.Bills, BillFiles{Month: month.Add(-i), Number: "К-2610-2M94SS8C2T", Href: "/bill/issued/2026-10", PDF: "/pdf", Large: "/large", XML: "/xml", State: state})
	}
	debt.Title, debt.Refused = "Документ не готов", &DocumentRefused{Why: "Справку не даём: просрочено " + money.Amount(621435).Format() + ". Оплатите, и справка будет готова сразу.", PayHref: "/bill/pay", Debts: []DocumentDebt{
		{Supplier: "АО «Водоканал»", Account: "1600123456", Since: 202609, Sum: 618000, Penalty: 3435}, {Supplier: "Фонд капитального ремонта", Account: "62-00-1", Penalty: 100},
	}}
	waits.Title, waits.Refused = "Ждём поставщика", &DocumentRefused{Why: "ООО «Теплосеть» ещё не сообщил начисления за октябрь 2026 года.", AnswerBy: 20261127}
	waits.Waiting = []DocumentWaiting{{Title: "Справка об отсутствии задолженности", Supplier: "ООО «Теплосеть»", AnswerBy: 20261127}}
	bad.Errors = web.Errors{{Field: "from", Message: "Первый месяц должен быть не позже последнего."}}
	bad.From.Error = bad.Errors[0].Message
	bad.WithErrors(bad.Errors)
	return append([]webtest.Sample{
		{Name: "documents-empty", Page: DocumentsPage(empty)}, {Name: "documents", Page: DocumentsPage(full)}, {Name: "documents-debt", Page: DocumentsPage(debt)}, {Name: "documents-waits", Page: DocumentsPage(waits)},
		{Name: "documents-bad", Page: DocumentsPage(bad)},
	}, oneDocumentSamples()...)
}

func oneDocumentSamples() []webtest.Sample {
	d := Document{
		Page: resident("Выписка по лицевым счетам"), Number: "7M4T-2KQ9-ABCD", Digest: sampleDigest, At: at(24, 12, 40), State: web.State{Word: "действует", Tone: web.OK}, Address: "ул. Ленина, 12, корп. 1, кв. 5", Payer: "Иванова А. П.",
		Lead: "На начало: к оплате " + money.Amount(100000).Format() + ". На конец: переплата " + money.Amount(5000).Format() + ".", Facts: [][2]string{{"Период", "сентябрь 2026 – ноябрь 2026"}}, Notes: []string{"Документ сделан автоматически и действует без подписи и печати."},
		PDFHref: "/documents/1/pdf", LargeHref: "/documents/1/pdf?large=1", CheckHref: "/check/1", MailTo: "/documents/1/mail", Key: "sample-key-1", Fresh: true, Back: "/documents",
		Tables: []DocumentTable{
			{Title: "По поставщикам", Columns: []string{"Поставщик", "Лицевой счёт", "Было", "Начислено", "Оплачено", "Осталось"}, Numbers: 4, Total: true, Rows: [][]string{
				{"Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»", "1600123456", "1 000,00", "6 000,00", "7 050,00", "−50,00"}, {"Всего", "", "1 000,00", "6 000,00", "7 050,00", "−50,00"},
			}},
			{Title: "Платежи", Columns: []string{"День", "Сумма"}, Numbers: 1, Empty: "Платежей за этот период нет."},
		},
	}
	replaced, gone, mailed := d, d, d
	replaced.Page, replaced.Fresh, replaced.MailTo, replaced.State, replaced.Newer, replaced.NewerHref = resident("Выписка заменена"), false, "", web.State{Word: "заменён", Tone: web.Warn}, "7M4T-2KQ9-ABCE", "/documents/2"
	gone.Page, gone.Fresh, gone.MailTo, gone.State, gone.Reason = resident("Выписка отозвана"), false, "", web.State{Word: "отозван", Tone: web.Bad, Icon: "cross"}, "Платёж 947C-1B13 от 20.09.2026 отменён или возвращён."
	mailed.Page, mailed.Mailed = resident("Письмо отправлено"), true
	paper := PaperChoice{Page: resident("Бумажный счёт"), Action: "/documents/paper", Key: "sample-key-1", Text: "Я согласен получать счета за жильё и коммунальные услуги только в электронном виде: на сайте расчётного центра и сообщением о новом счёте. Бумажный счёт присылать не нужно. Согласие можно отозвать в любой день: со следующего месяца бумажный счёт придёт снова. Платить и получать услуги можно и без этого согласия.", Version: "2026-11", Back: "/documents"}
	given, wrong := paper, paper
	given.Page, given.Given, given.Since, given.Told = resident("Счета без бумаги"), true, at(24, 12, 40), "Счета будут приходить без бумаги"
	wrong.Page, wrong.Errors = resident("Бумажный счёт: проверьте"), web.Errors{{Field: "agree", Message: "Отметьте согласие – или оставьте бумажный счёт."}}
	wrong.WithErrors(wrong.Errors)
	return []webtest.Sample{
		{Name: "document", Page: DocumentPage(d)}, {Name: "document-replaced", Page: DocumentPage(replaced)}, {Name: "document-withdrawn", Page: DocumentPage(gone)}, {Name: "document-mailed", Page: DocumentPage(mailed)},
		{Name: "paper", Page: PaperPage(paper)}, {Name: "paper-given", Page: PaperPage(given)}, {Name: "paper-bad", Page: PaperPage(wrong)},
	}
}

func checkSamples() []webtest.Sample {
	with := func(name, title string, change func(*Check)) webtest.Sample {
		v := Check{Page: stranger(title), ReportHref: "/check/forgery?number=1"}
		change(&v)
		return webtest.Sample{Name: "check-" + name, Page: CheckPage(v)}
	}
	found := CheckedDocument{State: web.State{Word: "подлинный, действует", Tone: web.OK}, Title: "Выписка по лицевым счетам", Number: "7M4T-2KQ9-ABCD", Address: "ул. Л***, 12, кв. *5", Period: "октябрь 2026", SumName: "Осталось на конец периода", Sum: 621435, HasSum: true, At: at(24, 12, 40), Digest: sampleDigest}
	replaced, gone := found, found
	replaced.State, replaced.Newer = web.State{Word: "подлинный, но заменён", Tone: web.Warn}, "7M4T-2KQ9-ABCE"
	gone.State, gone.Reason, gone.EndedAt, gone.HasSum = web.State{Word: "отозван", Tone: web.Bad, Icon: "cross"}, "Ошибка в адресе.", at(25, 9, 0), false
	report := ForgeryReport{Page: stranger("Сообщить о подделке"), Key: "sample-key-1", Number: "К-1"}
	bad, done := report, report
	bad.Page, bad.Errors = stranger("Сообщить о подделке: проверьте"), web.Errors{{Field: "comment", Message: "Напишите, что насторожило, или приложите фото документа."}}
	bad.WithErrors(bad.Errors)
	done.Page, done.Done, done.Report = stranger("Сообщение принято"), true, "17"
	return []webtest.Sample{
		with("start", "Проверить документ", func(*Check) {}),
		with("genuine", "Документ подлинный", func(v *Check) { v.Found, v.Number = &found, found.Number }),
		with("replaced", "Документ заменён", func(v *Check) { v.Found, v.Number = &replaced, found.Number }),
		with("withdrawn", "Документ отозван", func(v *Check) { v.Found, v.Number = &gone, found.Number }),
		with("unknown", "Документ неизвестен", func(v *Check) { v.Unknown, v.Number = true, "2222-2222-2222" }),
		with("code", "Проверить документ: код", func(v *Check) {
			v.AskCode, v.Number, v.Errors = true, "К-2610-2M94SS8C2T", web.Errors{{Field: "code", Message: "Это номер счёта. Введите и код проверки – он в нижней строке счёта"}}
			v.WithErrors(v.Errors)
		}),
		with("ours", "Реквизиты наши", func(v *Check) { v.Payee = &CheckedPayee{Name: "АО «Водоканал»", Known: true, Ours: true} }),
		with("old", "Реквизиты старые", func(v *Check) {
			v.Payee = &CheckedPayee{Name: "АО «Водоканал»", Known: true, Until: at(12, 9, 0)}
		}),
		with("other-account", "Счёт чужой", func(v *Check) { v.Payee = &CheckedPayee{Name: "АО «Водоканал»", Known: true} }),
		with("nobody", "Реквизиты чужие", func(v *Check) { v.Payee = &CheckedPayee{} }),
		{Name: "forgery", Page: ForgeryPage(report)}, {Name: "forgery-bad", Page: ForgeryPage(bad)}, {Name: "forgery-done", Page: ForgeryPage(done)},
	}
}
