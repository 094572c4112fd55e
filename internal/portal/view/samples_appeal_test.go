package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

const samplePenalty = "Закон не останавливает пени на время проверки: за неоплаченную верную сумму они начнутся с 31-го дня после срока (ЖК РФ, ст. 155 ч. 14). Если сумму исправят, пени на лишнее снимут."

func sampleAppeal(title string) Appeal {
	return Appeal{
		Page: resident(title), Number: "739-204-118", State: web.State{Word: "отправлено", Tone: web.Info, Icon: "clock"}, Service: "Горячая вода", Supplier: "ООО «Теплосеть»", Account: "77-000123", Month: month, Reason: "Взяли норматив, а счётчик есть",
		Words: "Показания передавал 20 октября", Photos: []string{"/appeals/1/photos/1"}, Sum: 118242, Aside: true, AnswerBy: 20261207, Clause: "ПП РФ № 416, п. 36", PayNow: 503193, PayHref: "/bill/pay", PenaltyWords: samplePenalty, Open: true,
		CalcHref: "/appeals/1/calculation", BillHref: "/bill", Digest: "9f86d081884c7d65", Action: "/appeals/1", MayWithdraw: true, Steps: []AppealStep{{Title: "Отправлено", Who: "вы", At: at(23, 18, 42)}},
	}
}

func appealSamples() []webtest.Sample {
	form := DisputeForm{
		Page: resident("Не согласен: Горячая вода"), Action: "/bill/lines/2/dispute", Key: "sample-key-1", Back: "/bill/lines/2", Service: "Горячая вода", Supplier: "ООО «Теплосеть»", Account: "77-000123", Month: month, Sum: 118242, PenaltyWords: samplePenalty,
		Facts:   []Term{{Name: "Как найден объём", Text: "норматив"}, {Name: "Умножаем", Text: "6,2 м³ × 190,71 ₽"}},
		Reasons: web.Choices{Name: "reason", Label: "Что не так", Items: []web.Choice{{Value: "norm", Label: "Взяли норматив, а счётчик есть"}, {Value: "quality", Label: "Услуги не было или она плохая", Hint: "Напишите, когда"}, {Value: "other", Label: "Другое"}}},
		Words:   web.Field{Name: "words", Label: "Напишите, что заметили", Optional: true, MaxLength: 1000}, Photo: web.Field{Name: "photo", Label: "Фото", Hint: "Счётчик, квитанция: JPEG, PNG или WebP до 10 МБ. Место съёмки удаляем", Type: "file", Optional: true},
	}
	bad := form
	bad.Errors = web.Errors{{Field: "reason", Message: "Отметьте, что не так."}, {Field: "words", Message: "Напишите, что не так: без этого проверить нечего."}}
	bad.Reasons.Error, bad.Words.Error = bad.Errors[0].Message, bad.Errors[1].Message
	bad.WithErrors(bad.Errors)

	draft := sampleAppeal("Проверьте и отправьте")
	draft.Draft, draft.Open, draft.MayWithdraw, draft.DraftUntil = true, false, false, at(25, 12, 0)
	late := sampleAppeal("Обращение: срок прошёл")
	late.Late, late.LateWords, late.State, late.AnswerBy = true, "Обращение передано в расчётный центр.", web.State{Word: "срок ответа прошёл", Tone: web.Bad}, 20261120
	whole := sampleAppeal("Обращение: сумма в оплате")
	whole.Aside, whole.Photos, whole.State = false, nil, web.State{Word: "проверяют", Tone: web.Info, Icon: "clock"}
	fixed := sampleAppeal("Обращение: исправляют")
	fixed.Open, fixed.MayWithdraw, fixed.State, fixed.Outcome, fixed.OutcomeWords, fixed.Answer, fixed.Change, fixed.ShowsIn, fixed.MaySolve, fixed.MayReopen, fixed.ReopenBy = false, false, web.State{Word: "есть ответ", Tone: web.OK}, "corrected", "сумму исправляют", "Пересчитали по показаниям счётчика.", -38819, 202611, true, true, 20261224
	fixed.Again = web.Field{Name: "words", Label: "Что осталось не так", MaxLength: 1000}
	shown := fixed
	shown.Page, shown.Shown, shown.ShownIn = resident("Обращение: исправление на счёте"), -38819, 202611
	explained := fixed
	explained.Page, explained.Outcome, explained.OutcomeWords, explained.Answer = resident("Обращение: сумма верна"), "explained", "сумма верна", "Показаний за октябрь не было, поэтому взяли норматив."
	explained.Errors = web.Errors{{Field: "words", Message: "Напишите, что осталось не так."}}
	explained.Again.Error = explained.Errors[0].Message
	explained.WithErrors(explained.Errors)
	again := sampleAppeal("Обращение: проверяют снова")
	again.State = web.State{Word: "проверяют снова", Tone: web.Warn}
	solved := shown
	solved.Page, solved.State, solved.MaySolve, solved.MayReopen = resident("Обращение: решено"), web.State{Word: "решено", Tone: web.OK}, false, false
	free := sampleAppeal("Обращение: платить нечего")
	free.PayHref, free.PayNow = "", 0

	list := Appeals{Page: resident("Обращения"), BillHref: "/bill", Rows: []AppealRow{
		{Number: "739-204-118", Href: "/appeals/1", What: "начисление: Горячая вода, октябрь 2026", Supplier: "ООО «Теплосеть»", Sum: 118242, AnswerBy: 20261207, State: web.State{Word: "отправлено", Tone: web.Info, Icon: "clock"}},
		{Number: "200-000-001", Href: "/appeals/2", What: "пени: Отопление, сентябрь 2026", Supplier: "ООО «Теплосеть»", Sum: 397, AnswerBy: 20261120, Late: true, State: web.State{Word: "срок ответа прошёл", Tone: web.Bad}},
		{Number: "200-000-002", Href: "/appeals/3", What: "начисление: Газ, август 2026", Supplier: "АО «Горгаз»", Sum: 9800, State: web.State{Word: "решено", Tone: web.OK}},
	}}
	return []webtest.Sample{
		{Name: "dispute", Page: DisputePage(form)}, {Name: "dispute-bad", Page: DisputePage(bad)}, {Name: "appeal-draft", Page: AppealPage(draft)}, {Name: "appeal-sent", Page: AppealPage(sampleAppeal("Обращение № 739-204-118"))},
		{Name: "appeal-late", Page: AppealPage(late)}, {Name: "appeal-whole", Page: AppealPage(whole)}, {Name: "appeal-corrected", Page: AppealPage(fixed)}, {Name: "appeal-shown", Page: AppealPage(shown)}, {Name: "appeal-explained", Page: AppealPage(explained)},
		{Name: "appeal-reopened", Page: AppealPage(again)}, {Name: "appeal-solved", Page: AppealPage(solved)}, {Name: "appeal-nothing-due", Page: AppealPage(free)},
		{Name: "appeals", Page: AppealsPage(list)}, {Name: "appeals-none", Page: AppealsPage(Appeals{Page: resident("Обращений нет"), BillHref: "/bill"})},
	}
}

func myDataSamples() []webtest.Sample {
	v := MyData{
		Page: resident("Мои данные"), Action: "/my-data",
		Consents: []ConsentRow{
			{Code: "electronic", Title: "Счёт только в электронном виде", Words: "Согласен получать платёжный документ в личном кабинете и на почту вместо бумаги.", After: "Со следующего месяца снова придёт бумажная квитанция.", Held: true, At: at(20, 10, 0)},
			{Code: "bots", Title: "Ответы в мессенджере", Words: "Согласен, чтобы бот отвечал мне в мессенджере: счёт, показания, справки.", After: "Бот перестанет отвечать и забудет ваш чат."},
		},
		Looks: []LookRow{{Who: "Оператор расчётного центра", What: "карточка абонента", Why: "звонок жителя", At: at(24, 10, 12), Times: 3}, {Who: "Кассир расчётного центра", What: "счёт в кассе", At: at(23, 9, 0), Times: 1}},
	}
	asked, ready, bad := v, v, v
	asked.Page, asked.Export = resident("Мои данные: собираем"), &ExportState{Asked: at(24, 11, 59)}
	ready.Page, ready.Export, ready.Looks = resident("Мои данные: готово"), &ExportState{Ready: true, Href: "/my-data/file", Until: at(30, 12, 0), Size: "12\u00a0КБ"}, nil
	bad.Page, bad.Errors = resident("Мои данные: проверьте"), web.Errors{{Field: "sure", Message: "Отметьте, что понимаете: вернуть данные будет нельзя."}}
	bad.WithErrors(bad.Errors)
	return []webtest.Sample{
		{Name: "my-data", Page: MyDataPage(v)}, {Name: "my-data-asked", Page: MyDataPage(asked)}, {Name: "my-data-ready", Page: MyDataPage(ready)}, {Name: "my-data-bad", Page: MyDataPage(bad)},
		{Name: "my-data-erased", Page: MyDataPage(MyData{Page: stranger("Данные удалены"), Erased: true})},
	}
}
