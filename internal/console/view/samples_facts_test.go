package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleFacts() Facts {
	v := Facts{
		Page: centre("Данные для начисления"), Household: "К-2А7", BackHref: "/c/account/1", Here: "/c/account/1/facts",
		Groups: []FactGroup{
			{"Жильцы", []FactRow{{"семья", "с 01.06.2026", "человек 3", "файл facts.yaml, строка 12", at(3, 6, 40), "/c/account/1/facts/a1/withdraw"}}},
			{"Показания", []FactRow{
				{"Холодная вода, счётчик 4471201, счёт 1600123456", "30.09.2026", "значение 245,318", "файл vodokanal_1026.dbf, запись 120", at(3, 6, 40), "/c/account/1/facts/b2/withdraw"},
				{"Холодная вода, счётчик 4471201, счёт 1600123456", "31.10.2026", "значение 251,904", "программа поставщика vodokanal", at(23, 18, 42), "/c/account/1/facts/c3/withdraw"},
			}},
		},
		Kinds: &web.Choices{Name: "add", Label: "Что записать", Width: "m", Items: []web.Choice{{Value: "absence", Label: "Временное отсутствие", Chosen: true}, {Value: "residents", Label: "Сколько человек живёт"}}},
	}
	v.Form = &FactForm{
		Action: "/c/account/1/facts", Kind: "absence", Title: "Временное отсутствие", About: "Перерасчёт за дни, когда люди не жили дома.",
		Choices: []web.Choices{{Name: "meter", Label: "Счётчик", Items: []web.Choice{{Value: "0", Label: "Холодная вода, счётчик 4471201", Chosen: true}}}},
		Fields: []web.Field{
			{Name: "left", Label: "День отъезда", Hint: "Например, 03.10.2026", Width: "s", Value: "03.10.2026"}, {Name: "persons", Label: "Сколько человек", Width: "s", Value: "2"},
			{Name: "reason", Label: "Основание", Hint: "Заявление, справка, акт: увидят все, кто смотрит этот факт", Value: "заявление от 20.10"},
		},
	}
	return v
}

func factsSamples() []webtest.Sample {
	asked, supposed, known, wrong, nothing := sampleFacts(), sampleFacts(), sampleFacts(), sampleFacts(), sampleFacts()
	with := *supposed.Form
	with.Supposed = &FactSupposed{Month: 202610, Before: 412050, After: 389314, Late: "октября 2026"}
	supposed.Form = &with
	same := *known.Form
	same.Supposed = &FactSupposed{Nothing: true}
	known.Form = &same
	bad := *wrong.Form
	bad.Errors = web.Errors{{Field: "left", Message: "Заполните поле «День отъезда»."}}
	bad.Fields = append([]web.Field(nil), bad.Fields...)
	bad.Fields[0].Error = bad.Errors[0].Message
	wrong.Form = &bad
	nothing.Form, nothing.Kinds, nothing.Groups, nothing.Told = nil, nil, nil, "Записано."
	back := FactWithdrawal{Page: centre("Отменить факт"), Title: "Жильцы", Row: asked.Groups[0].Rows[0], Action: "/c/account/1/facts/a1/withdraw", BackHref: "/c/account/1/facts", Reason: web.Field{Name: "reason", Label: "Причина", Hint: "Её увидят в истории"}}
	sure, empty := back, back
	sure.Supposed, sure.Reason.Value = &FactSupposed{Month: 202610, Before: 412050, After: 389314}, "ошибка"
	empty.Errors = web.Errors{{Field: "reason", Message: "Напишите, почему факт отменяют."}}
	empty.Reason.Error = empty.Errors[0].Message
	empty.WithErrors(empty.Errors)
	return []webtest.Sample{
		{Name: "fact-withdraw", Page: FactWithdrawalPage(back)}, {Name: "fact-withdraw-sure", Page: FactWithdrawalPage(sure)}, {Name: "fact-withdraw-wrong", Page: FactWithdrawalPage(empty)},
		{Name: "facts-form", Page: FactsPage(asked)}, {Name: "facts-supposed", Page: FactsPage(supposed)}, {Name: "facts-known", Page: FactsPage(known)},
		{Name: "facts-wrong", Page: FactsPage(wrong)}, {Name: "facts-none", Page: FactsPage(nothing)},
	}
}
