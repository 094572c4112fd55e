package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

// handoverSamples are houses that go to other centres and come from them.
func handoverSamples() []webtest.Sample {
	month := calendar.NewMonth(2026, 10)
	row := HandoverRow{Href: "/c/handovers/01a217ce", Address: "ул. Южная, 62", House: "B00011", Centre: "РЦ «Новый»", Out: true, Month: month, Accounts: 1305, Due: 235_844_457, Book: -159_008_053,
		State: web.State{Word: "пакет готов, ждём другой центр", Tone: web.Warn}, Next: "Передайте пакет другому центру и дождитесь его согласия."}
	taken := row
	taken.Out, taken.Href = false, "/c/handovers/02a217ce"
	list := Handovers{Page: centre("Передача домов"), Rows: []HandoverRow{row, taken}, Centres: []HandoverCentre{{Code: "novy", Name: "РЦ «Новый»", Fingerprint: "a1c2 e9d1 ac8d 628f 8bad", URL: "https://novy.example"}, {Code: "stary", Name: "РЦ «Старый»", Fingerprint: "48d2 ae9e 51b5 1995 5111"}},
		Peers: []web.Choice{{Value: "novy", Label: "РЦ «Новый»", Chosen: true}}, OwnKey: "kvit1.PlystJg8TjCrR1yz1XeAfnfK6vEH1fI6XZkJZ3eyVmxZVOOsq5YEA2uCOAhj1u1vFJYpj29iiEQp_sYnAQFSdg", Fingerprint: "48d2 ae9e 51b5 1995 5111", Key: "sample-key-1", MayPin: true}
	bad := list
	bad.Page, bad.Errors = centre("Передача домов: ошибка"), web.Errors{{Field: "month", Message: "Месяц не прочитался. Введите так: 2026-10."}}
	bad.Page.WithErrors(bad.Errors)
	one := Handover{Page: centre("ул. Южная, 62"), Centre: "РЦ «Старый»", Next: "Сверьте остатки и разберите расхождения. Потом примите – двумя людьми.", Act: "714a57c54e7fd30035c739994403db7640cbaac90a56a3b1dc391b3ecbc0668d", Month: month, Cut: at(24, 9, 0),
		Accounts: 2, Due: 531_094, Book: -674_927, State: web.State{Word: "пакет пришёл, сверьте остатки", Tone: web.Warn},
		Steps: []HandoverStep{{What: "Пакет пришёл", At: at(24, 9, 5), Done: true}, {What: "Остатки принял первый человек"}},
		Differences: []HandoverDifference{{Blocking: true, About: "71-50100642, rodnik", Cause: "К оплате не складывается из сальдо, начисления, перерасчёта, пеней и оплат.", Do: "Попросите прежний центр проверить расчёт и прислать пакет заново.", Theirs: 100_000, Ours: 99_900},
			{About: "energia", Cause: "С поставщиком «ПАО «Энергия»» у нас нет договора.", Do: "Загрузите договор: kvit contracts load."}},
		Balances: []HandoverBalance{{Supplier: "ООО «Родник»", Account: "71-50100642", Flat: "12", Month: "октябрь 2026", Due: 85_000, Penalty: 402, Book: -85_850, Oldest: "август 2026"}}, More: 1304,
		Letters: []HandoverLetter{{What: "пакет дома", Made: at(24, 9, 5), Taken: at(24, 9, 5)}, {What: "отказ", Sent: true, Made: at(24, 10, 0), Trouble: "Центр stary не отвечает.", Href: "/c/handovers/01a217ce/messages/1"}},
		Late:    HandoverLate{Count: 2, Sum: 2011, Booked: 777}, Action: "/c/handovers/01a217ce", Key: "sample-key-2", Accept: true, Decline: true}
	ours := one
	ours.Page, ours.Out, ours.Accept, ours.Decline, ours.Confirm, ours.Cancel, ours.Differences, ours.Reason = centre("ул. Южная, 62, отдаём"), true, false, false, true, true, nil, "договор не подписан"
	return []webtest.Sample{{Name: "handovers", Page: HandoversPage(list)}, {Name: "handovers-bad", Page: HandoversPage(bad)}, {Name: "handovers-empty", Page: HandoversPage(Handovers{Page: centre("Передача домов: пусто"), OwnKey: "kvit1.a", Fingerprint: "48d2"})},
		{Name: "handover", Page: HandoverPage(one)}, {Name: "handover-out", Page: HandoverPage(ours)}}
}
