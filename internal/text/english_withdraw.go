package text

// withdrawals are the sentences of taking facts back.
var withdrawals = map[string]string{
	"ССЫЛКА": "REF",

	"Отменить факт: показать, что изменится, и записать с причиной. Прежнее остаётся в истории.": "Take a fact back: show what changes, and write it with the reason. What was said stays in history.",
	"Ссылка факта: первое слово его строки в списке известного.":                                 "The reference of the fact: the first word of its line in the list of what is known.",
	"Почему отменяют: причина останется в истории.":                                              "Why it is taken back: the reason stays in history.",
	"Только показать, что изменится.":                                                            "Only show what changes.",
	"Что изменится, если отменить факт; ничего не записывается.":                                 "What changes if a fact is taken back; nothing is written.",
	"Первое слово строки – ссылка факта. Отменить факт: kvit facts withdraw --ref ССЫЛКА":        "The first word of a line is the fact's reference. To take a fact back: kvit facts withdraw --ref REF",
	"Счёт семьи за %s: было %s, станет %s, разница %s.":                                          "The household's charge for %s: it was %s, it becomes %s, the difference is %s.",
	"Месяцы начиная с %s уже начислены: разница станет перерасчётом.":                            "Months from %s on are charged already: the difference becomes a correction.",
	"    для сверки: к оплате идёт сумма поставщика":                                             "    to compare: the supplier's sum is owed",
	"Итого за %s: %s": "In all for %s: %s",
	"Факт отменён.":   "The fact is taken back.",
}

// withdrawalFaults are why a fact is not taken back.
var withdrawalFaults = map[string]string{
	"Не сказано, почему факт отменяют. Добавьте reason – причину: её увидят в истории.":           "It is not said why the fact is taken back. Add reason: it stays in history.",
	"Факта %q здесь нет: его уже отменили или он о другом счёте. Ссылки фактов: kvit facts show.": "There is no fact %q here: it was taken back already, or it is of another account. References of facts: kvit facts show.",
}
