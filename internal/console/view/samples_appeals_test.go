package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func appealSamples() []webtest.Sample {
	row := AppealRow{Number: "739-204-118", Href: "/s/appeals/739204118", What: "начисление: Горячая вода, октябрь 2026", Account: "77-000123", Supplier: "ООО «Теплосеть»", Reason: "Взяли норматив, а счётчик есть", Sum: 118242, AnswerBy: 20261120, Late: true,
		State: web.State{Word: "отправлено", Tone: web.Warn}}
	done := AppealRow{Number: "200-000-002", Href: "/s/appeals/200000002", What: "пени: Отопление, сентябрь 2026", Account: "77-000123", Supplier: "ООО «Теплосеть»", Reason: "Пени начислены зря", Sum: 397, State: web.State{Word: "решено", Tone: web.OK}}
	tabs := []web.Tab{{Title: "Ждут ответа", Href: "/s/appeals", Current: true, Count: 1}, {Title: "Срок прошёл", Href: "/s/appeals?which=late", Count: 1}, {Title: "Все", Href: "/s/appeals?which=all"}}
	one := Appeal{
		Page: operator("Обращение № 739-204-118"), AppealRow: row, Words: "Показания передавал 20 октября", Clause: "ПП РФ № 416, п. 36", Round: "1", Aside: true, Photos: []string{"/s/appeals/1/photos/1"},
		Facts: []Fact{{"Как найден объём", "норматив"}, {"Начислено", "1 182,42 ₽"}}, Digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Steps: []AppealStep{{Title: "Отправлено", Words: "Показания передавал 20 октября", Who: "житель", At: at(23, 18, 42)}}, AnswerTo: "/s/appeals/1", Key: "sample-key-9", MayAccept: true,
		Templates: []web.Link{{Title: "Пересчитали по показаниям", Href: "/s/appeals/1?template=meter"}},
		Outcomes:  web.Choices{Name: "outcome", Label: "Что решили", Items: []web.Choice{{Value: "corrected", Label: "Исправляем сумму", Chosen: true}, {Value: "explained", Label: "Сумма верна, объясняем"}}},
		Text:      web.Field{Name: "words", Label: "Ответ жителю", Value: "Пересчитали.", MaxLength: 2000}, ChangeField: web.Field{Name: "change", Label: "На сколько изменится счёт, ₽", Value: "−388,19", Width: "s"},
		Months: web.Choices{Name: "month", Label: "В счёте за какой месяц видно", Items: []web.Choice{{Value: "2026-11", Label: "ноябрь 2026", Chosen: true}}},
	}
	preview := one
	preview.Page, preview.Preview = operator("Обращение: как увидит житель"), &AppealPreview{Outcome: "сумму исправляют", Text: "Пересчитали.", Change: -38819, ShowsIn: 202611, Message: "Исправляем начисление."}
	ofCentre := one
	ofCentre.Page, ofCentre.SubscriberHref, ofCentre.FactsHref, ofCentre.Instead = centre("Обращение № 739-204-118"), "/c/account/1", "/c/account/1/facts", &web.Field{Name: "instead", Label: "Почему отвечает расчётный центр", Error: "Напишите, почему отвечает расчётный центр."}
	ofCentre.Errors = web.Errors{{Field: "instead", Message: "Напишите, почему отвечает расчётный центр."}}
	ofCentre.WithErrors(ofCentre.Errors)
	answered := Appeal{Page: operator("Обращение: есть ответ"), AppealRow: done, Facts: one.Facts, Digest: one.Digest, Outcome: "сумму исправляют", Answer: "Убрали пени.", Change: -397, ShowsIn: 202611, Steps: one.Steps}
	shown := answered
	shown.Page, shown.Shown, shown.ShownIn, shown.ShownSource = operator("Обращение: исправлено"), -397, 202611, "teplo_1126.csv"
	return []webtest.Sample{
		{Name: "appeals", Page: AppealsPage(Appeals{Page: operator("Обращения"), Tabs: tabs, Rows: []AppealRow{row, done}})}, {Name: "appeals-centre", Page: AppealsPage(Appeals{Page: centre("Обращения"), Tabs: tabs, Rows: []AppealRow{row}, Centre: true})},
		{Name: "appeals-none", Page: AppealsPage(Appeals{Page: operator("Обращений нет"), Tabs: tabs})}, {Name: "appeal", Page: AppealPage(one)}, {Name: "appeal-preview", Page: AppealPage(preview)},
		{Name: "appeal-centre", Page: AppealPage(ofCentre)}, {Name: "appeal-answered", Page: AppealPage(answered)}, {Name: "appeal-shown", Page: AppealPage(shown)},
	}
}
