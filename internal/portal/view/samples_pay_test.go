package view

import (
	"slices"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleSplit() []SplitRow {
	return []SplitRow{
		{Supplier: "АО «Водоканал»", Service: "Холодная вода", Account: "1600123456", Due: 118242, Pay: 57084, Left: 61158},
		{Supplier: "ООО «Теплосеть»", Service: "Отопление", Account: "7000123456", Due: 503193, Pay: 242916, Left: 260277},
	}
}

func samplePay(mode PayMode) PayCheck {
	v := PayCheck{
		Page: resident("Оплата: проверьте и заплатите"), Mode: mode, Address: "ул. Ленина, 12, кв. 5", DueOn: 20261215, Debt: 621435, Action: "/pay", PayAction: "/pay", Key: "sample-key-1",
		Tabs:    []web.Tab{{Title: "Весь счёт", Href: "/pay?mode=all"}, {Title: "Выбранное", Href: "/pay?mode=chosen"}, {Title: "Другая сумма", Href: "/pay?mode=sum"}, {Title: "Вперёд", Href: "/pay?mode=ahead"}},
		Methods: []PayMethod{{Value: "sbp", Title: "СБП", Chosen: true}, {Value: "card", Title: "Карта"}}, Recipients: sampleRecipients(),
	}
	for i, m := range []PayMode{PayAll, PayChosen, PaySum, PayAhead} {
		v.Tabs[i].Current = m == mode
	}
	return v
}

func paySamples() []webtest.Sample {
	with := func(name string, mode PayMode, change func(*PayCheck)) webtest.Sample {
		v := samplePay(mode)
		change(&v)
		return webtest.Sample{Name: "pay-" + name, Page: PayCheckPage(v)}
	}
	whole := func(v *PayCheck) { v.Split, v.Total = sampleSplit(), 621435 }
	choices := []PayChoice{
		{Name: "pick", Value: "1", Supplier: "АО «Водоканал»", Service: "Холодная вода", Due: 118242, Chosen: true, SumName: "sum-1", Sum: "1182,42"},
		{Name: "pick", Value: "2", Supplier: "ООО «Теплосеть»", Service: "Отопление", Due: 503193, SumName: "sum-2", Sum: "5031,93"},
		{Name: "pick", Value: "3", Supplier: "ООО «Теплосеть»", Service: "Отопление", Due: 397, SumName: "sum-3", Sum: "3,97", IsPenalty: true},
	}
	return []webtest.Sample{
		with("all", PayAll, whole),
		with("chosen", PayChosen, func(v *PayCheck) { v.Choices = choices }),
		with("chosenbad", PayChosen, func(v *PayCheck) {
			bad := append([]PayChoice{}, choices...)
			bad[0].Sum, bad[0].SumError = "сто", "Сумму пишут цифрами: 1182,42"
			v.Choices, v.Errors = bad, web.Errors{{Field: "sum-1", Message: "Водоканал: сумму пишут цифрами: 1182,42"}}
			v.WithErrors(v.Errors)
		}),
		with("nothing", PayChosen, func(v *PayCheck) {
			v.Choices, v.Errors = choices, web.Errors{{Field: "pick", Message: "Отметьте хотя бы одну строку"}}
			v.WithErrors(v.Errors)
		}),
		with("sumempty", PaySum, func(*PayCheck) {}),
		with("sum", PaySum, func(v *PayCheck) { v.Sum, v.Split, v.Total, v.Left = "3000", sampleSplit(), 300000, 321435 }),
		with("ahead", PayAhead, func(v *PayCheck) {
			v.Sum, v.Split, v.Total, v.Above, v.AheadTo = "20000", sampleSplit(), 2000000, 1378565, "примерно до марта"
		}),
		with("duplicate", PayAll, func(v *PayCheck) {
			whole(v)
			v.Duplicate = &Duplicate{Sum: 621435, At: at(24, 10, 12), Number: "9Д4К-17", Href: "/payments/1"}
		}),
		with("waiting", PayAll, func(v *PayCheck) {
			v.Waiting, v.AnywayTo = &Waiting{Sum: 621435, AnswerBy: at(24, 15, 30), Href: "/payments/2"}, "/pay?anyway=yes"
		}),
		with("several", PayAll, several),
		with("methodoff", PayAll, func(v *PayCheck) {
			whole(v)
			v.Methods, v.Fee = []PayMethod{{Value: "card", Title: "Карта", Fee: 6214, Chosen: true}, {Value: "cash", Title: "Касса", Fee: 0}, {Value: "sbp", Title: "СБП", Off: "банк чинит, заработает после 18:00"}}, 6214
		}),
	}
}

func resultSamples() []webtest.Sample {
	with := func(name string, state PayState, change func(*PayResult)) webtest.Sample {
		v := PayResult{
			Page: resident("Платёж № 9Д4К-17"), State: state, Sum: 621435, Number: "9Д4К-17", At: at(24, 10, 12), Method: "СБП", Split: sampleSplit(), BillHref: "/bills/1", HomeHref: "/home",
			Steps: []PayStep{{Title: "Отправлено в банк", At: at(24, 10, 12)}, {Title: "Банк подтвердил", At: at(24, 10, 13)}, {Title: "Зачислено на счета"}, {Title: "Перечислено поставщикам", On: 20261125}},
		}
		change(&v)
		return webtest.Sample{Name: "result-" + name, Page: PayResultPage(v)}
	}
	return []webtest.Sample{
		with("success", PaySuccess, func(v *PayResult) {
			v.CreditOn = 20261125
			v.Receipts = []FiscalReceipt{
				{Title: "Чек", Sum: 621435, State: web.State{Word: "готов", Tone: web.OK}, FN: "9999078900000001", FD: "1204", FP: "3115486720", At: "23.11.2026 18:42:10", URL: "https://ofd.example/rec/1", QR: "/paid/1/receipts/7/qr.svg"},
				{Title: "Чек зачёта аванса", Sum: 50000, State: web.State{Word: "готовится", Tone: web.Info, Icon: "clock"}},
			}
		}),
		with("part", PaySuccess, func(v *PayResult) {
			v.CreditOn, v.Left, v.DueOn, v.Sum = 20261125, 321435, 20261215, 300000
		}),
		with("ahead", PaySuccess, func(v *PayResult) { v.Advance = 1378565 }),
		with("waiting", PayWaiting, func(v *PayResult) { v.AnswerBy, v.Refresh = at(24, 15, 30), 10 }),
		with("declined", PayDeclined, func(v *PayResult) { v.Reason, v.RetryHref = "не хватает денег на карте", "/pay" }),
		with("expired", PayExpired, func(v *PayResult) { v.RetryHref = "/pay" }),
		with("sbp", PayWaiting, func(v *PayResult) {
			v.AnswerBy, v.Refresh, v.SBP = at(24, 15, 30), 10, &SBPLink{"https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=1&cur=RUB&crc=AB75", "/paid/1/qr.svg"}
		}),
		with("held", PayHeld, func(*PayResult) {}),
		with("cancelled", PayCancelled, func(v *PayResult) { v.RetryHref = "/pay" }),
		with("partrefunded", PayPartRefunded, func(v *PayResult) {
			v.Back = []BackRow{{Title: "Возврат", Sum: 100000, At: at(25, 9, 0), Done: true}, {Title: "Возврат, сделанный в банке", Sum: 5000, At: at(25, 10, 0)}}
		}),
		with("disputed", PayDisputed, func(v *PayResult) {
			v.Back = []BackRow{{Title: "Банк вернул деньги плательщику по спору", Sum: 621435, At: at(26, 9, 0), Done: true}}
		}),
		with("asked", PaySuccess, func(v *PayResult) {
			v.MayAsk, v.RefundTo = true, "/payments/1/refund"
			v.Requests = []RefundRow{
				{ID: "1", Why: "Заплатил дважды", Sum: 100000, At: at(25, 9, 0), State: web.State{Word: "рассматриваем", Tone: web.Info, Icon: "clock"}, AnswerBy: 20261205, Mine: true},
				{ID: "2", Why: "Другое", Sum: 100, At: at(24, 9, 0), State: web.State{Word: "отказано", Tone: web.Bad, Icon: "cross"}, Answer: "Поставщик подтвердил начисление."},
			}
		}),
		with("refunded", PayRefunded, func(v *PayResult) { v.RefundOn = 20261127 }),
	}
}

func paymentsSamples() []webtest.Sample {
	rows := []PaymentRow{}
	for i, state := range []PayState{PayWaiting, PaySuccess, PayDeclined, PayExpired, PayRefunded} {
		rows = append(rows, PaymentRow{Number: "9Д4К-1", At: at(24-i, 10, 12), Sum: 621435, State: state, Method: "СБП", Href: "/payments/1"})
	}
	homes := Payments{Page: resident("Платежи за всех"), Home: "/home", Autopay: "/autopay", Accounts: "/accounts", Cards: "/cards", Tabs: []web.Tab{{Title: "Все адреса", Href: "/payments", Current: true}, {Title: "мама", Href: "/payments?home=7"}},
		Benefits: &Benefits{Month: 202611, Rows: []BenefitRow{{Service: "Отопление", Sum: -12000}}, Total: -12000}}
	homes.Rows, homes.Chart = append(homes.Rows, rows[1]), samplePairs()
	homes.Rows[0].Receipt, homes.Rows[0].Split = "чек готов", sampleSplit()
	homes.Rows[0].Split[0].Home, homes.Rows[0].Split[1].Home = "ул. Ленина, 12, кв. 5", "мама"
	return []webtest.Sample{
		{Name: "payments-homes", Page: PaymentsPage(homes)},
		{Name: "payments-registers", Page: PaymentsPage(Payments{Page: resident("Платежи"), Rows: []PaymentRow{
			{Number: "C0BF-CBAB", At: at(17, 0, 0), ByDay: true, Sum: -10000, State: PayRefunded, Method: "в кассе", Href: "/paid/1"}, {Number: "9BCD-E001", At: at(16, 0, 0), ByDay: true, Sum: 10000, State: PaySuccess}}})},
		{Name: "payments-none", Page: PaymentsPage(Payments{Page: resident("Платежи"), Home: "/home"})},
		{Name: "payments-all", Page: PaymentsPage(Payments{Page: resident("Платежи"), Rows: rows, Paging: web.Paging{Number: 2, Size: 5, Total: 23}})},
	}
}

func samples() []webtest.Sample {
	return slices.Concat(
		startSamples(),
		signInSamples(),
		homeSamples(),
		billSamples(),
		paySamples(),
		resultSamples(),
		paymentsSamples(),
		whySamples(),
		lineSamples(),
		readingSamples(),
		houseSamples(),
		deviceSamples(),
		refundSamples(),
		accountSamples(),
		partSamples(),
		billsSamples(),
		statesSamples(),
		proveSamples(),
		notMeSamples(),
		profileSamples(),
		chatSamples(),
		documentSamples(),
		checkSamples(),
		publicSamples(),
		noticeSamples(),
		appealSamples(),
		myDataSamples(),
	)
}
