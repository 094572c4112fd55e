package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func payoutSample(state string, tone web.Tone) PayoutRow {
	return PayoutRow{No: "6021", Href: "/c/payouts/6021", Supplier: "МУП «Городские котельные»", Cutoff: calendar.NewDate(2026, 11, 23), Payments: 1204, Collected: 27_300_334, Refunded: 12_000, Fee: 409_500,
		Held: 1_000_00, Carried: 500_00, Paid: 26_828_834, State: web.State{Word: state, Tone: tone}, Order: "№ 12 от 24.11.2026"}
}

// payoutsSamples are money out, closed days, and the way of a payment.
func payoutsSamples() []webtest.Sample {
	change := RequisitesRow{Supplier: "kotelnaya", From: "счёт 40702810899000000117, БИК 049900803, ИНН 9950016414", To: "счёт 40702810999000000065, БИК 049900802, ИНН 9950016414", Author: "ольга", Contact: "+7 (48700) 0-00-02",
		State: web.State{Word: "ждёт второго человека", Tone: web.Warn}, Action: "/c/requisites/7", Key: "sample-key-7", MayApprove: true}
	applied := RequisitesRow{Supplier: "kotelnaya", From: change.From, To: change.To, Author: "ольга", Decider: "пётр", Effective: at(23, 10, 0), State: web.State{Word: "действует недавно", Tone: web.Bad}}
	claim := ClaimRow{Supplier: "kotelnaya", About: "перечисление № 6021", Text: "В реестре нет платежа за 21 ноября.", At: at(24, 9, 0), Action: "/c/claims/3", Key: "sample-key-3"}
	red := payoutSample("подготовлено", web.Warn)
	red.Red = true
	list := Payouts{Page: centre("Перечисления поставщикам"), PrepareTo: "/c/payouts", Key: "sample-key-1", Tabs: []web.Tab{{Title: "все", Href: "/c/payouts", Current: true}, {Title: "отправлено в банк", Href: "/c/payouts?state=sent"}},
		Rows: []PayoutRow{red, payoutSample("исполнено банком", web.OK)}, Skipped: []string{"signal: по графику – 30.11.2026"}, Changes: []RequisitesRow{change}, Claims: []ClaimRow{claim}}
	one := PayoutView{Page: centre("Перечисление № 6021"), PayoutRow: payoutSample("подготовлено", web.Warn), Payee: "МУП «Городские котельные», ИНН 9950016414", Requisites: "счёт 40702810899000000117, БИК 049900803",
		Purpose: "Перечисление платежей населения за ЖКУ. Без НДС", Change: &applied, Steps: []PayoutStep{{"Подготовлено", "ольга", at(24, 9, 0)}}, Lines: []PayoutLine{{"01a21737-e26f", "/c/trace?payment=01a21737-e26f", "sber", calendar.NewDate(2026, 11, 22), 595_568}}, More: 1203,
		Register: "/c/payouts/6021/register", Orders: "/c/payouts/6021/order", Action: "/c/payouts/6021", Key: "sample-key-2", Approve: true, Cancel: true}
	sent := one
	sent.Approve, sent.Cancel, sent.Settle, sent.Change = false, false, true, nil
	own := sent
	own.Page, own.Action, own.Orders, own.ClaimTo = operator("Перечисление № 6021"), "", "", "/s/payouts/6021"
	row := payoutSample("исполнено банком", web.OK)
	days := SupplierPayouts{Page: operator("Перечисления"), Action: "/s/payouts", Range: web.DayRange{From: calendar.NewDate(2026, 11, 1), To: calendar.NewDate(2026, 11, 24)}, Done: true, Rows: []PayoutRow{row},
		Days: []PayoutDay{{calendar.NewDate(2026, 11, 23), 104, 1_204_500, 0, 18_067, nil}, {calendar.NewDate(2026, 11, 22), 98, 998_100, 12_000, 14_971, &row}}, Claims: []ClaimRow{{Supplier: "kotelnaya", About: claim.About, Text: claim.Text, At: claim.At, Answer: "Он в реестре № 6033."}}}
	closed := ClosedDays{Page: centre("Закрытые дни"), CloseTo: "/c/days", Key: "sample-key-4", Rows: []ClosedDay{{"12", calendar.NewDate(2026, 11, 23), at(24, 8, 0), "ольга", "50183892ebd2", 474, "/c/days/12/pdf"}}}
	way := TraceView{Page: centre("Путь платежа"), Action: "/c/trace", Asked: "01a21737-e26f", Found: true, Payment: "01a21737-e26f", Sum: 595_568, Facts: [][2]string{{"Канал", "sber"}},
		Steps: []TraceRow{{"kotelnaya", "610116602", "счёт", 595_568, "№ 4004 от 22.11.2026", "№ 12", "№ 6021", "поручение № 12 от 24.11.2026", "/c/payouts/6021", web.State{Word: "исполнено банком", Tone: web.OK}}}}
	return []webtest.Sample{{Name: "payouts", Page: PayoutsPage(list)}, {Name: "payouts-empty", Page: PayoutsPage(Payouts{Page: centre("Перечисления поставщикам")})}, {Name: "payout", Page: PayoutPage(one)}, {Name: "payout-sent", Page: PayoutPage(sent)}, {Name: "payout-own", Page: PayoutPage(own)},
		{Name: "supplier-payouts", Page: SupplierPayoutsPage(days)}, {Name: "closed-days", Page: ClosedDaysPage(closed)}, {Name: "trace", Page: TracePage(way)}}
}
