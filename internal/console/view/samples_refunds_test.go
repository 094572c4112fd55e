package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func refundSamples() []webtest.Sample {
	row := RefundRow{Number: "57", Href: "/c/refunds/57", Why: "Заплатил дважды", Sum: 621435, Asked: at(24, 10, 12), AnswerBy: 20261120, Late: true, State: web.State{Word: "рассматриваем", Tone: web.Warn}}
	done := RefundRow{Number: "58", Href: "/c/refunds/58", Why: "Другое", Sum: 100, Asked: at(23, 9, 0), State: web.State{Word: "возвращено", Tone: web.OK}}
	facts := PaymentFacts{Href: "/paid/1", TraceHref: "/c/trace?payment=1", Number: "01931f2e-7d4a-7c11-9d4a-17c0bfcbab9d", Method: "на сайте", State: "зачислено", On: 20261124, Sum: 621435, Refunded: 100,
		Parts: []PaymentPart{{"АО «Водоканал»", 118242, 100}, {"ООО «Теплосеть»", 503193, 0}}}
	tabs := []web.Tab{{Title: "Ждут решения", Href: "/c/refunds", Current: true}, {Title: "Похожие платежи", Href: "/c/refunds?which=alike", Count: 1}}
	one := Refund{Page: centre("Заявление на возврат № 57"), RefundRow: row, Asker: "житель", Comment: "Банк списал два раза", Payment: facts, Room: 621335, Advance: 1000, DecideTo: "/c/refunds/57", Two: true, Alone: 500000, Key: "sample-key-7",
		Errors: web.Errors{{Field: "answer", Message: "Напишите плательщику, почему отказали."}}}
	one.WithErrors(one.Errors)
	second := Refund{Page: centre("Заявление № 58"), RefundRow: done, Asker: "расчётный центр", Payment: facts, Agreed: "centre_operator:центр", AgreedAt: at(24, 10, 12), Decided: "бухгалтер", DecidedAt: at(24, 11, 0), Answer: "Вернули", DecideTo: "/c/refunds/58", Mine: true, Key: "sample-key-8"}
	return []webtest.Sample{
		{Name: "refunds", Page: RefundsPage(Refunds{Page: centre("Возвраты"), Tabs: tabs, Rows: []RefundRow{row, done}})},
		{Name: "advances", Page: AdvancesPage(Advances{Page: centre("Авансы ушедших"), Tabs: tabs, SettleTo: "/c/advances", Settled: true, Rows: []AdvanceRow{
			{Supplier: "domofon", Account: "17-5", Why: "поставщик ушёл", Sum: 15_000, Way: "перенести на другие счета", Parts: []AdvancePart{{"vodokanal, 1600123456", "Холодная вода", 15_000}}, Key: "sample-key-9"},
			{Supplier: "telecom", Account: "9001", Why: "услуги закончились", Sum: 50_000, Asked: 50_000, Way: "вернуть плательщику"},
		}})},
		{Name: "advances-none", Page: AdvancesPage(Advances{Page: centre("Авансов ушедших нет"), Tabs: tabs})},
		{Name: "refunds-none", Page: RefundsPage(Refunds{Page: centre("Возвратов нет"), Tabs: tabs})},
		{Name: "refunds-alike", Page: RefundsPage(Refunds{Page: centre("Похожие платежи"), Tabs: tabs, AlikeShown: true, JudgeTo: "/c/refunds", Alike: []AlikeRow{{First: "1", Second: "2", FirstOn: 20261122, SecondOn: 20261124, FirstBy: "на сайте", SecondBy: "в кассе 1", Sum: 621435}}})},
		{Name: "refunds-alike-none", Page: RefundsPage(Refunds{Page: centre("Похожих платежей нет"), Tabs: tabs, AlikeShown: true})},
		{Name: "refund", Page: RefundPage(one)}, {Name: "refund-decided", Page: RefundPage(second)},
	}
}

func disputeSamples() []webtest.Sample {
	open := DisputeRow{Title: "Спор № 3", Number: "CB-2026-0117", Href: "/c/disputes/3", Why: "Плательщик говорит, что не платил", Sum: 621435, ToldOn: 20261120, AnswerBy: 20261127, State: web.State{Word: "собираем документы", Tone: web.Warn}}
	form := DisputeForm{Payment: "01931f2e", Sum: "сто", Told: "2026-11-24", By: "2026-12-01", Taken: true, Reasons: web.Choices{Name: "reason", Label: "Что говорит плательщик", Items: []web.Choice{{Value: "fraud", Label: "Плательщик говорит, что не платил", Chosen: true}, {Value: "other", Label: "Другое"}}}}
	bad := Disputes{Page: centre("Споры о платежах"), Rows: []DisputeRow{open}, OpenTo: "/c/disputes", Form: form, Key: "sample-key-9", Tabs: []web.Tab{{Title: "Идут", Href: "/c/disputes", Current: true}}, Errors: web.Errors{{Field: "sum", Message: "Напишите сумму цифрами, например 3000,50"}}}
	bad.WithErrors(bad.Errors)
	over := open
	over.AnswerBy, over.State = 0, web.State{Word: "выигран", Tone: web.OK}
	facts := PaymentFacts{Href: "/paid/1", TraceHref: "/c/trace?payment=1", Number: "01931f2e", Method: "на сайте", State: "зачислено", On: 20261118, Sum: 621435, Parts: []PaymentPart{{"АО «Водоканал»", 621435, 621435}}}
	return []webtest.Sample{
		{Name: "disputes", Page: DisputesPage(bad)},
		{Name: "disputes-none", Page: DisputesPage(Disputes{Page: centre("Споров нет")})},
		{Name: "dispute", Page: DisputePage(Dispute{Page: centre("Спор № 3"), DisputeRow: open, Money: "Банк деньги пока не забирал, проводок нет.", Payment: facts, StepTo: "/c/disputes/3", Key: "sample-key-10"})},
		{Name: "dispute-over", Page: DisputePage(Dispute{Page: centre("Спор решён"), DisputeRow: over, Money: "Деньги остались у нас, проводок по спору нет.", Payment: facts, Steps: []DisputeStep{{Title: "Доказательство", Text: "Чек", Who: "центр", At: at(24, 10, 0)}, {Title: "Банк решил в нашу пользу", Who: "центр", At: at(25, 10, 0)}}})},
	}
}
