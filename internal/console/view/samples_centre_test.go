package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func todaySamples() []webtest.Sample {
	v := Today{
		Page: centre("Сегодня, 24 ноября"), CheckedAt: at(24, 3, 10), CheckTo: "/c/check", Files: intakeRows()[:2], Missing: []web.Link{{Title: "ООО «Теплосеть»", Href: "/c/suppliers/2"}},
		Counts: []Wait{
			{"Файлы", "получены сегодня", "/c/intakes", 14, web.Quiet},
			{"Строки не загружены", "в файлах месяца", "/c/intakes?severity=blocker", 312, web.Bad},
			{"Спорные соединения", "чья это квартира", "/c/review", 38, web.Warn},
			{"Деньги без адресата", "платежи без счёта", "/c/suspense", 3, web.Warn},
			{"Счета без дома", "адрес не найден", "/c/unplaced", 27, web.Warn},
		},
		Invariants: []Invariant{{"I1", "Проводки сходятся в ноль", "/c/check/I1", 0}, {"I2", "Счёт равен сумме строк", "/c/check/I2", 2}},
	}
	green, stopped := v, v
	green.Counts = []Wait{{"Файлы", "получены сегодня", "/c/intakes", 14, web.Quiet}, {"Спорные соединения", "чья это квартира", "/c/review", 0, web.Warn}}
	green.Invariants, green.Missing = v.Invariants[:1], nil
	stopped.Stopped = "База не отвечает с 11:52. Приём платежей ждёт, деньги не теряются."
	return []webtest.Sample{{Name: "today-needs", Page: TodayPage(v)}, {Name: "today-green", Page: TodayPage(green)}, {Name: "today-stopped", Page: TodayPage(stopped)}}
}

func findSamples() []webtest.Sample {
	v := Find{Page: centre("Поиск"), Action: "/c/find", Searched: []string{"счета", "адреса", "платежи", "коды квитанций"}}
	v.Search = nil
	found, none, short, denied := v, v, v, v
	found.Query, found.Groups = "ленина 12", []FindGroup{
		{Title: "Квартиры", Total: 24, More: "/c/find?q=x&kind=flat", Items: []FindItem{{"ул. Ленина, 12, кв. 5", "семья К-2А7, 7 счетов", "/c/account/1", web.State{Word: "долг", Tone: web.Bad}}, {"ул. Ленина, 12 к1, кв. 5", "семья К-9Ж1, 6 счетов", "/c/account/2", web.State{Word: "оплачено", Tone: web.OK}}}},
		{Title: "Платежи", Total: 1, Items: []FindItem{{"№ 9Д4К-17", "сегодня, 6\u00a0214,35\u00a0₽", "/c/payments/1", web.State{}}}},
	}
	none.Query = "абырвалг 12"
	short.Query, short.Error = "ле", "Нужно хотя бы 3 знака"
	denied.Query, denied.Denied = "ленина", "Поиск по людям закрыт для вашей роли. Ищите по номеру счёта."
	return []webtest.Sample{{Name: "find-first", Page: FindPage(v)}, {Name: "find-found", Page: FindPage(found)}, {Name: "find-none", Page: FindPage(none)}, {Name: "find-short", Page: FindPage(short)}, {Name: "find-denied", Page: FindPage(denied)}}
}

func sampleSubscriber() Subscriber {
	return Subscriber{
		Page: centre("ул. Ленина, 12, кв. 5"), Address: "ул. Ленина, 12, кв. 5", Household: "К-2А7", State: web.State{Word: "открыт", Tone: web.OK}, Due: 621435, DueOn: 20261215, BillHref: "/c/account/1/bill",
		Accounts: []SubscriberAccount{{"АО «Водоканал»", "1600123456", "/c/accounts/1", 118242, "адрес и площадь совпали", web.State{Word: "соединён", Tone: web.OK}}, {"ООО «Теплосеть»", "7000123456", "", 503193, "номер с той же основой", web.State{Word: "проверьте", Tone: web.Warn}}},
		Tabs:     []web.Tab{{Title: "Всё", Href: "?", Current: true}, {Title: "Платежи", Href: "?kind=payment"}, {Title: "Начисления", Href: "?kind=charge"}},
		Entries: []Entry{
			{At: at(24, 10, 12), Kind: "payment", Title: "Платёж № 9Д4К-17", Text: "Оплачено через СБП, поделено на 2 счёта", Who: "житель", From: "портал", Href: "/c/payments/1", Sum: -621435, HasSum: true},
			{At: at(23, 18, 42), Kind: "match", Title: "Счёт 7000123456 присоединён", Text: "Номер с той же основой, фамилия совпала", Who: "Ольга К.", From: "решение по вопросу 38"},
			{At: at(3, 6, 40), Kind: "charge", Title: "Начислено за октябрь", Who: "АО «Водоканал»", From: "файл vodokanal_1126.dbf, запись 1 204", Href: "/c/intakes/1", Sum: 71376, HasSum: true},
			{At: at(2, 9, 0), Kind: "note", Title: "Заметка", Text: "Звонила, просила бумажный счёт", Who: "Пётр С."},
		},
		Paging: web.Paging{Number: 1, Size: 4, Total: 60},
		People: samplePeople(),
	}
}

// samplePeople see a household: its owner, one who waits, one let in for a time, one who moved out.
func samplePeople() People {
	return People{Action: "/c/account/1/people", Rows: []PeopleRow{
		{ID: "1", Name: "+7 900 ***-**-01", Role: "собственник", Proof: "номер и код с квитанции", May: "видит, платит, передаёт показания, берёт документы, даёт доступ другим", Since: at(2, 9, 0)},
		{ID: "2", Name: "+7 900 ***-**-02", Role: "наниматель", Proof: "номер и код с квитанции", May: "платит", Since: at(3, 9, 0), Pending: true},
		{ID: "3", Name: "+7 900 ***-**-03", Role: "доверенное лицо", Proof: "приглашение", May: "видит, платит", Since: at(4, 9, 0), To: 20261231},
		{ID: "4", Name: "телефон скрыт", Role: "собственник", Proof: "номер и код с квитанции", May: "видит, берёт документы", Since: at(1, 9, 0), From: 20240101, To: 20261031, Over: true},
	}}
}

func sampleCase() Case {
	return Case{
		Page: centre("Это одна квартира?"), Action: "/c/review/38", Key: "sample-key-1", CanSplit: true, NextHref: "/c/review/39",
		Left: Side{"Счёт 7000123456, Теплосеть", "", "/c/accounts/2"}, Right: Side{"Семья К-2А7", "", "/c/account/1"},
		Facts:   []SideFact{{"Адрес", "Ленина 12-5", "ул. Ленина, 12, кв. 5", true, true}, {"Фамилия", "Иванава А. П.", "Иванова А. П.", true, false}, {"Площадь", "54,3 м²", "54,3 м²", false, false}, {"Жильцов", "2", "3", true, false}, {"ЕЛС", "", "71АА123456", true, false}},
		Reasons: []Reason{{"Площадь совпала до сотых", true}, {"Фамилия отличается на одну букву", true}, {"В доме есть второй счёт с такой же квартирой", false}},
		Targets: []web.Choice{{Value: "", Label: "не переносить", Chosen: true}, {Value: "2", Label: "ул. Ленина, 12 к1, кв. 5"}},
	}
}

func centreSamples() []webtest.Sample {
	list := append(append(append(todaySamples(), findSamples()...), factsSamples()...), append(deviceSamples(), agentSamples()...)...)
	list = append(list, metersSamples()...)
	sub, advance, closed := sampleSubscriber(), sampleSubscriber(), sampleSubscriber()
	advance.Due, advance.Advance = 0, 120000
	closed.State, closed.Due, closed.Entries = web.State{Word: "закрыт с 1 ноября", Tone: web.Quiet}, 0, nil
	queue := Review{
		Page: centre("Спорные соединения"), Tabs: []web.Tab{{Title: "Ждут решения", Href: "?", Current: true, Count: 38}, {Title: "Решённые", Href: "?done=yes"}}, Paging: web.Paging{Number: 1, Size: 2, Total: 38},
		Rows: []ReviewRow{{"Ленина 12-5 и ул. Ленина, 12, кв. 5", "фамилия отличается на букву", "/c/review/38", "ООО «Теплосеть»", at(23, 6, 40), 2, 503193}, {"Мира 3, без квартиры", "в доме 80 квартир", "/c/review/39", "Домофон-сервис", at(20, 6, 40), 1, 9000}},
		Done: []Decision{{Title: "Соединили: Гагарина 7-12", Who: "Ольга К.", At: at(24, 9, 30), UndoTo: "/c/review/37/undo", Key: "sample-key-2"}, {Title: "Оставили отдельно: Мира 5-1", Who: "Пётр С.", At: at(23, 9, 30), Undone: true}},
	}
	empty := queue
	empty.Rows, empty.Done, empty.Tabs = nil, nil, nil
	doubt, decided, bad, readOnly := sampleCase(), sampleCase(), sampleCase(), sampleCase()
	decided.Decided = &Decision{Title: "соединили", Who: "Пётр С.", At: at(24, 11, 58)}
	bad.Errors = web.Errors{{Field: "target", Message: "Выберите, куда перенести"}}
	bad.WithErrors(bad.Errors)
	readOnly.Action, readOnly.Reasons = "", nil
	return append(list,
		webtest.Sample{Name: "subscriber-due", Page: SubscriberPage(sub)}, webtest.Sample{Name: "subscriber-advance", Page: SubscriberPage(advance)}, webtest.Sample{Name: "subscriber-closed", Page: SubscriberPage(closed)},
		webtest.Sample{Name: "review-queue", Page: ReviewPage(queue)}, webtest.Sample{Name: "review-empty", Page: ReviewPage(empty)},
		webtest.Sample{Name: "case-open", Page: CasePage(doubt)}, webtest.Sample{Name: "case-decided", Page: CasePage(decided)}, webtest.Sample{Name: "case-wrong", Page: CasePage(bad)}, webtest.Sample{Name: "case-readonly", Page: CasePage(readOnly)})
}
