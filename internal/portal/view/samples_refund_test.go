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
