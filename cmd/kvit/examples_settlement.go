package main

// payoutExamples lead from a closed day to the bank.
var payoutExamples = []example{
	{"kvit payout prepare --by olga", "Подготовить перечисления всем, чей день подошёл…"},
	{"kvit payout approve 1043 --by petr", "…другим человеком утвердить…"},
	{"kvit payout send 1043", "…отправить и записать файл для банка."},
	{"kvit payout write --out to-bank", "…отправить и записать файл для банка."},
}

var requisitesExamples = []example{
	{"kvit suppliers requisites list", "Кто и на какие реквизиты просит перечислять."},
	{"kvit suppliers requisites approve 1042 --by petr", "Утвердить изменение № 1042."},
}

func init() {
	for path, list := range map[string][]example{
		"day": {{"kvit day close", "Закрыть вчерашний день."}}, "day close": {{"kvit day close", "Закрыть вчерашний день."}, {"kvit day close --day 2026-11-24", "Закрыть день, который назван, и дни до него."}},
		"day list": {{"kvit day list", "Какие дни закрыты, с отпечатками документов."}}, "day show": {{"kvit day show --pdf day.pdf", "Напечатать документ последнего закрытого дня."}},
		"contracts": {{"kvit contracts load contracts.yaml", "Загрузить договоры и счёт, с которого центр перечисляет."}}, "contracts load": {{"kvit contracts load contracts.yaml", "Загрузить договоры и счёт, с которого центр перечисляет."}},
		"contracts list": {{"kvit contracts list", "С кем какие условия."}}, "contracts fee": {{"kvit contracts fee --supplier vodokanal --channel cash --sum 1000", "Сколько возьмут за 1000 рублей через кассу."}},
		"payout": payoutExamples, "payout prepare": {payoutExamples[0], {"kvit payout prepare --supplier vodokanal", "Одному поставщику, не дожидаясь его дня."}},
		"payout list": {{"kvit payout list --state sent", "Что отправлено и ещё не исполнено."}}, "payout show": {{"kvit payout show 1043", "Из чего сложилась сумма и на какой счёт она идёт."}},
		"payout approve": {payoutExamples[1]}, "payout send": {{"kvit payout send 1043", "Дать поручению номер."}}, "payout write": {payoutExamples[3]},
		"payout cancel":  {{"kvit payout cancel 1043 --reason mistake", "Передумали: деньги войдут в следующее перечисление."}},
		"payout confirm": {{"kvit payout confirm 1043 --day 2026-11-26", "Банк исполнил, а выписки ещё нет."}}, "payout return": {{"kvit payout return 1043 --day 2026-11-27 --reason closed", "Банк вернул деньги."}},
		"trace":                {{"kvit trace my-1", "Где деньги платежа сейчас."}},
		"suppliers requisites": requisitesExamples, "suppliers requisites list": requisitesExamples[:1], "suppliers requisites approve": requisitesExamples[1:],
		"suppliers requisites refuse": {{"kvit suppliers requisites refuse 1042 --by petr", "Остановить изменение, о котором поставщик не знает."}},
	} {
		examples[path] = list
	}
}
