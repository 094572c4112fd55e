package view

import (
	"strings"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func documentSamples() []webtest.Sample {
	row := DocumentRow{Number: "7M4T-2KQ9-ABCD", Href: "/c/documents/1", Title: "Выписка по лицевым счетам", Period: "сентябрь 2026 – ноябрь 2026", Subscriber: "2M94SS8C2T", SubscriberHref: "/c/account/2M94SS8C2T", By: "житель", At: at(24, 12, 40), State: web.State{Word: "действует", Tone: web.OK}}
	list := Documents{Page: centre("Справки и выписки"), Rows: []DocumentRow{row}, Reports: 2, Waiting: []DocumentWait{
		{Title: "Справка об отсутствии задолженности", SubscriberHref: "/c/account/2M94SS8C2T", Supplier: "ООО «Теплосеть»", Phone: "8 800 000-00-00", At: at(20, 9, 0), AnswerBy: 20261123, Late: true},
	}}
	wrong := Documents{Page: centre("Справки и выписки: проверьте"), Query: "7M4T", Errors: web.Errors{{Field: "number", Message: "Документа с таким номером нет. Сверьте номер: он на первой странице под названием."}}}
	wrong.WithErrors(wrong.Errors)
	one := Document{Page: centre("Документ № 7M4T-2KQ9-ABCD"), DocumentRow: row, Lead: "На начало: долга нет. На конец: к оплате 6\u00a0214,35\u00a0₽.", Digest: strings.Repeat("0123456789abcdef", 4), PDFHref: "/c/documents/1/pdf", CheckHref: "/check/1", WithdrawTo: "/c/documents/1", Key: "sample-key-1"}
	gone := one
	gone.WithdrawTo, gone.Reason, gone.EndedBy, gone.EndedAt, gone.State = "", "Ошибка в адресе", "ольга", at(25, 9, 0), web.State{Word: "отозван", Tone: web.Bad}
	replaced := one
	replaced.WithdrawTo, replaced.Newer, replaced.NewerHref, replaced.State = "", "7M4T-2KQ9-ABCE", "/c/documents/2", web.State{Word: "заменён", Tone: web.Warn}
	tabs := []web.Tab{{Title: "Ждут проверки", Href: "/c/forgeries", Current: true}, {Title: "Все", Href: "/c/forgeries?which=all"}}
	forged := Forgeries{Page: centre("Сообщения о подделках"), Tabs: tabs, JudgeTo: "/c/forgeries", Rows: []ForgeryRow{
		{ID: "17", Number: "К-2610-1", INN: "7707049388", Account: "40702810138250123017", Comment: "Другой расчётный счёт", Contact: "ivan@example.ru", PhotoHref: "/c/forgeries/17/photo", At: at(24, 12, 40), State: web.State{Word: "ждёт проверки", Tone: web.Warn}, Open: true},
		{ID: "16", At: at(23, 12, 40), State: web.State{Word: "подделка", Tone: web.Bad}, Answer: "Счёт не наш", DecidedBy: "ольга"},
	}}
	return []webtest.Sample{
		{Name: "documents", Page: DocumentsPage(list)}, {Name: "documents-none", Page: DocumentsPage(wrong)}, {Name: "document", Page: DocumentPage(one)}, {Name: "document-withdrawn", Page: DocumentPage(gone)}, {Name: "document-replaced", Page: DocumentPage(replaced)},
		{Name: "forgeries", Page: ForgeriesPage(forged)}, {Name: "forgeries-none", Page: ForgeriesPage(Forgeries{Page: centre("Подделок нет"), Tabs: tabs})},
	}
}
