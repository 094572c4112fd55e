package text

// lost are the sentences of payments whose records a return of the data lost.
var lost = map[string]string{
	"повтор ключа %s: платёж %s, %s, на счетах %s из %s":                                                         "key %s asked for again: payment %s, %s, accounts got %s of %s",
	"Данные возвращены из копии, и об этом платеже пока неизвестно. Повторите позже: деньги не спишутся дважды.": "The data came back from a copy, and nothing is known of this payment yet. Repeat later: nothing will be taken twice.",
}

// plans are the sentences of instalment plans on a bill.
var plans = map[string]string{
	"Рассрочка %s %s %s: отложено %s, осталось %s": "Instalment plan %s %s %s: %s put off, %s left",
	"  ближайшая часть за %s: %s, не оплачено %s":  "  the next part, of %s: %s, %s not paid",
}

// border are the sentences of what suppliers tell of months before a house went to another centre.
var border = map[string]string{
	"исправления за прежние месяцы": "corrections of earlier months",
	"Дом этого счёта передан другому расчётному центру. Строки за месяцы до передачи уходят ему сами, остальные отправьте ему вы.":                    "The house of this account went to another settlement centre. Rows of the months before go there by themselves, the others are for you to send.",
	"По %s счёт выставлял прежний расчётный центр. Начисления за этот месяц изменились, разница учтена; оплаченное осталось, как приняли оба центра.": "The former settlement centre billed until %s. The charges of that month changed and the difference is counted; what was paid stays as both centres accepted it.",
	"Список исправлений не читается.":                         "The list of corrections cannot be read.",
	"Дом ещё не принят: исправления примем сразу после него.": "The house has not been taken in yet: corrections are taken right after it.",
}
