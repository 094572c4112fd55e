package main

// handoverExamples lead a house from one centre to another.
var handoverExamples = []example{
	{"kvit handover prepare --house H0012 --to novy --by olga", "Отдаём дом: пакет с остатками на эту минуту уходит центру novy…"},
	{"kvit handover accept 0193a1b2 --by ivan", "…там его остатки принимают двое…"},
	{"kvit handover confirm 0193a1b2 --by petr", "…а у нас второй человек отдаёт дом: счета сразу уходят."},
	{"kvit handover show 0193a1b2", "Что сделано, что расходится, что делать дальше."},
}

func init() {
	for path, list := range map[string][]example{
		"handover": handoverExamples, "handover key": {{"kvit handover key", "Ключ, который другой центр закрепит у себя; отпечаток сверяют по телефону."}},
		"handover peers":     {{"kvit handover peers list", "Чьи ключи закреплены."}},
		"handover peers add": {{"kvit handover peers add novy --name Novy --key kvit1.AAAA --url https://rc.example", "Закрепить ключ центра; с адресом сообщения ходят сами."}}, "handover peers list": {{"kvit handover peers list", "Чьи ключи закреплены."}},
		"handover list": {{"kvit handover list", "Дома в пути и переданные."}}, "handover show": {handoverExamples[3]},
		"handover prepare": {handoverExamples[0], {"kvit handover prepare --house H0012 --to novy --out parcel", "Без связи: пакет записан файлом в папку parcel."}},
		"handover take":    {{"kvit handover take parcel/handover-0193a1b2-01-offer.json", "Принять файл другого центра; второй раз ничего не меняет."}},
		"handover accept":  {handoverExamples[1]}, "handover decline": {{"kvit handover decline 0193a1b2 --reason debts", "Не берём: расхождения уйдут вместе с причиной."}},
		"handover confirm": {handoverExamples[2]}, "handover complete": {{"kvit handover complete 0193a1b2", "Принять дом, если он не принялся сам."}},
		"handover cancel": {{"kvit handover cancel 0193a1b2 --reason later", "Передумали: дом остаётся у нас."}},
		"handover send":   {{"kvit handover send", "Отправить всё, что ждёт, и спросить ответы."}, {"kvit handover send 0193a1b2 --out parcel --again", "Записать файлы ещё раз: прежние потерялись."}},
	} {
		examples[path] = list
	}
}
