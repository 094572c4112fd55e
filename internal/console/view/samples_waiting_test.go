package view

import "kvit/internal/web/webtest"

func waitingSamples() []webtest.Sample {
	late := WaitingRow{Kind: "Обращение № 739-204-118", Title: "начисление: Горячая вода, октябрь 2026. Взяли норматив, а счётчик есть", Href: "/s/appeals/739204118", Accounts: "77-000123", Supplier: "ООО «Теплосеть»", AskedAt: at(10, 9, 0), AnswerBy: 20261120, Late: true}
	paper := WaitingRow{Kind: "Документ", Title: "Справка об отсутствии задолженности: сообщите начисления, без них документ не сделать", Href: "/s/intakes", Accounts: "77-000123, 77-000124", Supplier: "ООО «Теплосеть»", AskedAt: at(23, 18, 42), AnswerBy: 20261126}
	ofCentre := paper
	ofCentre.Href = ""
	return []webtest.Sample{
		{Name: "waiting", Page: WaitingPage(Waiting{Page: operator("Ждут ответа"), Late: 1, Rows: []WaitingRow{late, paper}})},
		{Name: "waiting-centre", Page: WaitingPage(Waiting{Page: centre("Ждут ответа поставщиков"), Centre: true, Rows: []WaitingRow{ofCentre}})},
		{Name: "waiting-none", Page: WaitingPage(Waiting{Page: operator("Ждут ответа: всё отвечено")})},
	}
}
