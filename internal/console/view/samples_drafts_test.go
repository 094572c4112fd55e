package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func draftSamples() []webtest.Sample {
	list := Drafts{Page: centre("Проекты счетов за октябрь 2026"), Month: 202610, BackHref: "/c/runs/1042", NextHref: "/c/runs/1042/drafts?from=7", Rows: []DraftRow{
		{Address: "ул. Лесная, 1, кв. 5", Href: "/c/runs/1042/drafts/K2A7", Charged: 412_050, Before: 389_314, HasBefore: true, Total: 400_000}, {Address: "ул. Лесная, 1, кв. 6", Href: "/c/runs/1042/drafts/K2A8", Charged: 10_000, Total: 10_000},
	}}
	none := Drafts{Page: centre("Проекты счетов за октябрь 2026"), Month: 202610, BackHref: "/c/runs/1042"}
	one := Draft{Page: centre("Проект счёта"), Address: "ул. Лесная, 1, кв. 5", Month: 202610, BackHref: "/c/runs/1042/drafts", PDFHref: "/c/runs/1042/drafts/K2A7/pdf", AccountHref: "/c/account/K2A7", Charge: 412_050, Total: 400_000, Advance: 12_00,
		Lines: []DraftLine{{Service: "Холодная вода", Supplier: "АО «Водоканал»", Account: "1600123456", Volume: "6,586", Rate: "45,61", Charge: 300_39, Due: 300_39}, {Service: "Содержание", Supplier: "ООО «УК»", Account: "77", Charge: 1695_60, Due: 1695_60}}}
	waiting := Reissue{Page: centre("Замена счетов за октябрь 2026"), Month: 202610, State: web.State{Word: "ждёт второго человека", Tone: web.Warn}, Scope: "все дома", Reason: "ошибка в тарифе", PreparedBy: "olga", PreparedAt: at(3, 10, 0),
		Bills: 5012, Changed: 1204, Other: 3, Before: 4_645_707_307, After: 4_600_000_000, Difference: -45_707_307, RunHref: "/c/runs", Confirm: &ReissueConfirm{Action: "/c/reissues/7/confirm", Key: "sample-key-1", Wave: "5000", Pause: "0"},
		Largest: []ReissueRow{{Address: "ул. Лесная, 1, кв. 5", Href: "/c/account/K2A7", Before: 412_050, After: 389_314, Difference: -22_736}}}
	going := waiting
	going.State, going.Going, going.Confirm, going.ConfirmedBy = web.State{Word: "счета заменяются", Tone: web.Info}, true, nil, "vera"
	going.Buildings, going.BuildingsAll, going.Issued, going.Same = 12, 48, 301, 900
	going.Steps = []RunStep{{Title: "Приостановить", To: "/c/reissues/7/pause", Key: "sample-key-1"}}
	ask := ReissueAsk{Page: centre("Заменить счета за октябрь 2026"), Action: "/c/runs/1042/reissue", Key: "sample-key-1", Back: "/c/runs/1042", Houses: web.Field{Name: "houses", Label: "Дома", Optional: true},
		Suppliers: web.Field{Name: "suppliers", Label: "Поставщики", Optional: true}, Reason: web.Field{Name: "reason", Label: "Причина", Error: "Напишите причину: её прочитает житель."}, Errors: web.Errors{{Field: "reason", Message: "Напишите причину: её прочитает житель."}},
		Earlier: []ReissueLink{{Title: "№ 7, ошибка в тарифе", Href: "/c/reissues/7", State: waiting.State}}}
	ask.WithErrors(ask.Errors)
	return []webtest.Sample{
		{Name: "drafts-list", Page: DraftsPage(list)}, {Name: "drafts-none", Page: DraftsPage(none)}, {Name: "draft", Page: DraftPage(one)},
		{Name: "reissue-waiting", Page: ReissuePage(waiting)}, {Name: "reissue-running", Page: ReissuePage(going)}, {Name: "reissue-ask", Page: ReissueAskPage(ask)},
	}
}
