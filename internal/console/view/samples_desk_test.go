package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func deskSamples() []webtest.Sample {
	atDesk := func(title string) web.Page {
		p := centre(title)
		p.Desk, p.Search = true, nil
		return p
	}
	split := []SplitRow{{"АО «Водоканал»", "Холодная вода", "1600123456", 30050}, {"ПАО «Энергия»", "Электроэнергия, аванс", "500014859820", 9950}}
	pay := DeskPay{Page: atDesk("Приём денег"), Address: "ул. Ленина, 12, кв. 5", Back: "/k/account/K1", Debt: 40000, Action: "/k/account/K1/pay", Mode: "all"}
	ready := pay
	ready.Page, ready.Ready, ready.Split, ready.Total, ready.GivenSum, ready.Change, ready.Key, ready.Identify = atDesk("Приём денег, проверка"), true, split, 40000, 50000, 10000, "sample-key-1", true
	slip := DeskReceipt{Page: atDesk("Квитанция № 1-57-3"), Centre: "Расчётный центр", Phone: "8 800 000-00-00", Number: "1-57-3", Clerk: "olga", At: at(24, 12, 0), Address: "ул. Ленина, 12, кв. 5", Split: split, Sum: 40000, Given: 50000,
		Change: 10000, UndoTo: "/k/receipts/1-57-3", Key: "sample-key-2", NextHref: "/k", Fiscal: []DeskFiscal{{Title: "Кассовый чек", FN: "9999078900000001", FD: "12", FP: "3115486720", At: "24.11.2026 12:00:00", QR: "/paid/1/receipts/7/qr.svg", State: web.State{Word: "напечатан", Tone: web.OK}}}}
	shift := DeskShift{Page: atDesk("Смена"), Name: "1-57", Clerk: "olga", Desk: "1", OpenedAt: at(24, 12, 0), Mine: true, Key: "sample-key-3", Rows: []DeskSum{{"Было при открытии", 50000, false}, {"Должно быть в ящике", 90000, true}},
		Movements: []DeskMovement{{"1-57-3", "платёж", "/k/receipts/1-57-3", "", at(24, 12, 0), 40000}}, ReportHref: "/k/shifts/1-57"}
	return []webtest.Sample{
		{Name: "desk-find", Page: DeskFindPage(DeskFind{Page: atDesk("Касса"), NoShift: true})},
		{Name: "desk-account", Page: DeskAccountPage(DeskAccount{Page: atDesk("В кассе: ул. Ленина, 12, кв. 5"), Address: "ул. Ленина, 12, кв. 5", Household: "K1", Total: 40000, Lines: []DeskLine{{"АО «Водоканал»", "1600123456", 30050}},
			Taken: &web.Link{Title: "№ П-1", Href: "/k/account/K1/readings/1"}, Key: "sample-key-6",
			Meters: []DeskMeter{{Title: "Счётчик холодной воды", Serial: "4471201", Fields: []web.Field{{Name: "r1-0", Label: "Показание, м³", Hint: "Прошлое: 251, 24 октября", InputMode: "decimal", Width: "s"}}}, {Title: "Счётчик газа", Fields: []web.Field{{Name: "r2-0", Label: "Показание, м³", Width: "s"}}}}, Notes: []string{"Уже платили 23 ноября: 400,00\u00a0₽, на сайте."}, Checks: []string{"адрес: человек называет его сам"}, PayHref: "/k/account/K1/pay", ReadingsHref: "/k/account/K1/readings", PrintHref: "/k/account/K1/print"})},
		{Name: "desk-pay", Page: DeskPayPage(pay)},
		{Name: "desk-pay-ready", Page: DeskPayPage(ready)},
		{Name: "desk-receipt", Page: DeskReceiptPage(slip)},
		{Name: "desk-shift", Page: DeskShiftPage(shift)},
		{Name: "desk-open", Page: DeskShiftPage(DeskShift{Page: atDesk("Открыть смену"), None: true, Desk: "1", Rests: "Прошлая смена оставила 500,00\u00a0₽", Key: "sample-key-4"})},
		{Name: "desk-shifts", Page: DeskShiftsPage(DeskShifts{Page: centre("Смены касс"), Rows: []DeskShiftRow{{Name: "1-57", Href: "/k/shifts/1-57", Clerk: "olga", OpenedAt: at(24, 12, 0), State: web.State{Word: "не сошлась", Tone: web.Warn}, Taken: 40000, Difference: -1000, Reason: "не хватило сдачи"}}})},
		{Name: "receipts", Page: ReceiptsPage(Receipts{Page: centre("Кассовые чеки"), Late: 1, Off: true, RuleTaken: true, Tabs: []web.Tab{{Title: "Все", Href: "/c/receipts?state=all", Current: true}}, RetryTo: "/c/receipts", Key: "sample-key-5",
			Rows:  []ReceiptRow{{Number: "10412", Kind: "приход", Payment: "на сайте", Href: "/paid/1", On: 20261124, Sum: 40000, State: web.State{Word: "отклонён кассой", Tone: web.Bad}, Trouble: "Нет бумаги в принтере ККТ", Advice: "Устраните неисправность кассы и отправьте ещё раз.", Retry: true}},
			Rules: []ReceiptRule{{"все остальные", "01.01.2026", "НДС 22 %, вперёд – аванс и зачёт"}}})},
	}
}
