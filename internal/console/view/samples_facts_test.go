package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleFacts() Facts {
	v := Facts{
		Page: centre("Данные для начисления"), Household: "К-2А7", BackHref: "/c/account/1",
		Groups: []FactGroup{
			{"Жильцы", []FactRow{{"семья", "с 01.06.2026", "человек 3", "файл facts.yaml, строка 12", at(3, 6, 40)}}},
			{"Показания", []FactRow{
				{"Холодная вода, счётчик 4471201, счёт 1600123456", "30.09.2026", "значение 245,318", "файл vodokanal_1026.dbf, запись 120", at(3, 6, 40)},
				{"Холодная вода, счётчик 4471201, счёт 1600123456", "31.10.2026", "значение 251,904", "программа поставщика vodokanal", at(23, 18, 42)},
			}},
		},
		Adds: []web.Tab{{Title: "Отсутствие", Href: "?add=absence", Current: true}, {Title: "Жильцы", Href: "?add=residents"}, {Title: "Показание", Href: "?add=reading"}},
	}
	v.Form = &FactForm{
		Action: "/c/account/1/facts", Kind: "absence", Title: "Временное отсутствие",
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
	with.Supposed = &FactSupposed{Month: 202610, Before: 412050, After: 389314, Late: "2026-10"}
	supposed.Form = &with
	same := *known.Form
	same.Supposed = &FactSupposed{Nothing: true}
	known.Form = &same
	bad := *wrong.Form
	bad.Errors = web.Errors{{Field: "left", Message: "Заполните поле «День отъезда»."}}
	bad.Fields = append([]web.Field(nil), bad.Fields...)
	bad.Fields[0].Error = bad.Errors[0].Message
	wrong.Form = &bad
	nothing.Form, nothing.Adds, nothing.Groups, nothing.Told = nil, nil, nil, "Записано."
	return []webtest.Sample{
		{Name: "facts-form", Page: FactsPage(asked)}, {Name: "facts-supposed", Page: FactsPage(supposed)}, {Name: "facts-known", Page: FactsPage(known)},
		{Name: "facts-wrong", Page: FactsPage(wrong)}, {Name: "facts-none", Page: FactsPage(nothing)},
	}
}
