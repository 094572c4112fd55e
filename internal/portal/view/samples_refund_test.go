package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func refundSamples() []webtest.Sample {
	ask := RefundAsk{
		Page: resident("Вернуть деньги"), Action: "/payments/1/refund", Href: "/paid/1", Key: "sample-key-1", Number: "9Д4К-17", At: at(24, 10, 12), Online: true, Paid: 621435, Room: 621435, Advance: 10000, Days: 10, Sum: "6214,35",
		Kinds: web.Choices{Name: "kind", Label: "Почему вернуть", Items: []web.Choice{{Value: "doubled", Label: "Заплатил дважды"}, {Value: "advance", Label: "Вернуть аванс", Hint: "не использовано " + money.Amount(10000).Format()}}},
	}
	bad, none := ask, ask
	bad.Errors = web.Errors{{Field: "sum", Message: "Вернуть можно не больше " + money.Amount(621435).Format() + "."}}
	bad.SumError = bad.Errors[0].Message
	bad.WithErrors(bad.Errors)
	none.Page, none.Room, none.ByDay, none.Online = resident("Возвращать нечего"), 0, true, false
	return []webtest.Sample{
		{Name: "refund-ask", Page: RefundPage(ask)}, {Name: "refund-bad", Page: RefundPage(bad)}, {Name: "refund-none", Page: RefundPage(none)},
	}
}

func accountSamples() []webtest.Sample {
	v := Accounts{Page: resident("Мои адреса"), Total: 700000, PayHref: "/bill/pay?home=own&home=7", Told: "Адрес добавлен. Теперь его можно оплатить вместе со своим", Homes: []AccountHome{
		{Name: "ул. Ленина, 12, кв. 5", Due: 621435, Mine: true}, {ID: "7", Name: "мама, ул. М***, 3, кв. *8", Due: 78565}, {ID: "8", Name: "гараж", Gone: true},
	}}
	bad := Accounts{Page: resident("Мои адреса: проверьте"), Homes: v.Homes[:1], Number: "1600123456", Code: "2222 2222", Errors: web.Errors{{Field: "code", Message: "По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией."}}}
	bad.WithErrors(bad.Errors)
	return []webtest.Sample{
		{Name: "more", Page: MorePage(More{Page: resident("Ещё"), Groups: []MoreGroup{{"Оплата", []MoreLink{{"Автоплатёж", "Счёт оплачивается сам в выбранный день", "/autopay"}}}, {"Дом", []MoreLink{{"Мой дом", "Сколько израсходовал весь дом", "/house"}}}}})},
		{Name: "accounts", Page: AccountsPage(v)}, {Name: "accounts-bad", Page: AccountsPage(bad)},
		{Name: "cards", Page: CardsPage(Cards{Page: resident("Мои карты"), Cards: []Card{{ID: "1", Title: "Карта ····4477", Consent: "Разрешаю банку запомнить мою карту.", Expires: 202811, Since: at(24, 10, 12)}}})},
		{Name: "cards-none", Page: CardsPage(Cards{Page: resident("Карт нет"), Forgotten: true})},
	}
}

// several are homes one payment is for.
func several(v *PayCheck) {
	v.Address, v.HomesHref = "", "/accounts"
	v.Homes = []PayHome{{Value: "own", Name: "ул. Ленина, 12, кв. 5", Due: 621435, Chosen: true}, {Value: "7", Name: "мама, ул. М***, 3, кв. *8", Due: 78565, Chosen: true}, {Value: "8", Name: "гараж"}}
	v.Split = sampleSplit()
	v.Split[0].Home, v.Split[1].Home = v.Homes[0].Name, v.Homes[1].Name
	v.Total, v.Keep = 700000, "Разрешаю банку запомнить мою карту, чтобы в следующий раз не вводить её номер."
	v.Methods = append(v.Methods, PayMethod{Value: "saved:1", Title: "Карта ····4477", Kept: true})
	v.Errors = web.Errors{{Field: "contact", Message: "Напишите почту или телефон, например ivan@example.ru или 8 912 345-67-89"}}
	v.Contact = "ivan"
	v.WithErrors(v.Errors)
}
