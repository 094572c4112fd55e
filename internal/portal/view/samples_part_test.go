package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func samplePart() BillPart {
	return BillPart{Page: resident("Моя часть счёта"), Address: "ул. Ленина, 12, кв. 5", Due: 248574, Whole: 621435, Autopay: true, GiveHref: "/accounts/give",
		Ways: []web.Tab{{Title: "В процентах от счёта", Href: "/accounts/part/new?way=percent"}, {Title: "Суммой в месяц", Href: "/accounts/part/new?way=sum"}, {Title: "По услугам", Href: "/accounts/part/new?way=services"}},
		Agreed: &Agreement{ID: "1", Since: "с 12 ноября", Rows: []AgreementRow{
			{Who: "+7 900 ***-**-10", Part: "60\u00a0%", Due: 372861, Paid: 0, Counted: true}, {Who: "вы", Part: "40\u00a0%", Due: 248574, Paid: 150000, Counted: true},
		}}}
}

func partSamples() []webtest.Sample {
	v, ok, waits := samplePart(), web.State{Word: "согласен", Tone: web.OK}, web.State{Word: "ждём", Tone: web.Info, Icon: "clock"}
	none, mine, theirs, let := v, v, v, v
	none.Page, none.Agreed, none.Ways = resident("Делить не с кем"), nil, nil
	mine.Page, mine.Agreed = resident("Вам предлагают поделить"), nil
	mine.Offered = &Agreement{ID: "2", From: "+7 900 ***-**-12", Mine: true, Rows: []AgreementRow{{Who: "+7 900 ***-**-12", Part: "3\u00a0000,00\u00a0₽ в месяц", State: ok}, {Who: "вы", Part: "остальное", State: waits}}}
	theirs.Page, theirs.Told = resident("Предложение ждёт"), "Предложение отправлено. Ждём ответа"
	theirs.Offered = &Agreement{ID: "2", From: "вы", Rows: []AgreementRow{{Who: "вы", Part: "Отопление и остальное", State: ok}, {Who: "+7 900 ***-**-13", Part: "Холодная вода", State: waits}}}
	let.Page, let.SharesHref = resident("Моя часть: сдаётся"), "/accounts/shares"
	acting := Acting{Page: resident("Действовать за жителя"), Address: "ул. Ленина, 12, кв. 5", Action: "/c/account/1/act", Back: "/c/account/1", Reason: "да", Errors: web.Errors{{Field: "reason", Message: "Напишите, о чём попросил житель: от 5 до 200 букв. Он это увидит."}}}
	acting.Nav, acting.Account = nil, nil
	acting.WithErrors(acting.Errors)
	acted := Home{Page: resident("Главная: за жителя"), State: HomeClear, PaidUntil: 20261205}
	acted.Page.Acting, acted.Page.ActingReason = "Вы действуете за жителя до 14:30. Он увидит, что вы сделали.", "звонок 24 ноября, просит справку"
	return append([]webtest.Sample{
		{Name: "acting", Page: ActingPage(acting)}, {Name: "acting-home", Page: HomePage(acted)},
		{Name: "part", Page: BillPartPage(v)}, {Name: "part-none", Page: BillPartPage(none)}, {Name: "part-mine", Page: BillPartPage(mine)}, {Name: "part-theirs", Page: BillPartPage(theirs)}, {Name: "part-let", Page: BillPartPage(let)},
	}, append(partFormSamples(), partedSamples()...)...)
}

func partFormSamples() []webtest.Sample {
	percent := PartForm{Page: resident("В процентах от счёта"), Action: "/accounts/part/new", Way: "percent", Key: "sample-key-1", Lead: "Напишите, сколько процентов платит каждый. Вместе – 100.", Fields: []web.Field{
		{Name: "part-1", Label: "Вы, %", Value: "50", InputMode: "decimal", Autocomplete: "off", Width: "s"}, {Name: "part-2", Label: "+7 900 ***-**-10, %", Value: "40", InputMode: "decimal", Autocomplete: "off", Width: "s"},
	}, Errors: web.Errors{{Field: "parts", Message: "Вместе должно выйти 100 %, а выходит 90 %."}}}
	percent.WithErrors(percent.Errors)
	who := []web.Choice{{Value: "1", Label: "Вы", Chosen: true}, {Value: "2", Label: "+7 900 ***-**-10"}}
	services := PartForm{Page: resident("По услугам"), Action: "/accounts/part/new", Way: "services", Key: "sample-key-1", Lead: "Выберите, кто за какую услугу платит.",
		Services: []web.Choices{{Name: "service-1", Label: "Холодная вода", Width: "m", Items: who}, {Name: "service-2", Label: "Отопление", Width: "m", Items: who}}, Rest: web.Choices{Name: "rest", Label: "Кто платит новые услуги", Items: who}}
	return []webtest.Sample{{Name: "part-percent", Page: PartFormPage(percent)}, {Name: "part-services", Page: PartFormPage(services)}}
}

// partedSamples are pages that say a part beside the whole.
func partedSamples() []webtest.Sample {
	part := &PartSum{Whole: 621435}
	b := sampleBill()
	b.Page, b.Part, b.Total, b.PayHref = resident("Счёт: моя часть"), part, 248574, "/bill/pay"
	home := Home{Page: resident("Главная: моя часть"), State: HomeDue, Address: "ул. Ленина, 12, кв. 5", Month: month, Due: 248574, DueOn: 20261215, Part: part, BillHref: "/bill", PayHref: "/bill/pay"}
	paid := home
	paid.Page, paid.State, paid.Due, paid.PaidUntil = resident("Главная: часть оплачена"), HomeClear, 0, 20261205
	pay := samplePay(PayAll)
	pay.Page, pay.Divided, pay.Debt, pay.Split, pay.Total = resident("Оплата моей части"), true, 248574, sampleSplit(), 248574
	pay.Tabs = append([]web.Tab{{Title: "Моя часть", Href: "/pay?mode=all", Current: true}, {Title: "Весь счёт", Href: "/pay?mode=whole"}}, pay.Tabs[1:]...)
	return []webtest.Sample{{Name: "part-bill", Page: BillPage(b)}, {Name: "part-home", Page: HomePage(home)}, {Name: "part-paid", Page: HomePage(paid)}, {Name: "part-pay", Page: PayCheckPage(pay)}}
}
