package text

// leavingWords are the sentences of advances at suppliers no longer on the bill.
var leavingWords = map[string]string{
	"Авансы у поставщиков, которых больше нет в счёте.":                            "Advances at suppliers no longer on the bill.",
	"Показать авансы у поставщиков, которых больше нет в счёте, и куда они уйдут.": "List the advances at suppliers no longer on the bill, and where they will go.",
	"Перенести эти авансы или попросить их вернуть, как сказано в каталоге.":       "Move these advances, or ask for them to be given back, as the catalogue says.",
	"Только этого поставщика; без него – все.":                                     "Of this supplier only; without it, of all.",
	"Только этот счёт поставщика.":                                                 "This account of the supplier only.",
	"Авансов, которые ждут решения, нет.":                                          "No advances wait for a decision.",
	"вернуть плательщику":                                                          "give back to the payer",
	"перенести преемнику":                                                          "move to the successor",
	"перенести на другие счета":                                                    "move to the other accounts",
	"услуги закончились":                                                           "the services have ended",
	"поставщик ушёл":                                                               "the supplier has left",
	"    просьба вернуть %s ждёт решения на странице «Возвраты»":                   "    the request to give back %s waits for a decision on the page of refunds",
	"    сделано": "    done",
	"Показать, что ждёт и куда уйдёт…":         "See what waits and where it will go…",
	"…и сделать так; повтор ничего не меняет.": "…and do so; repeated, it changes nothing.",
	", пени":  ", penalty",
	", аванс": ", ahead",
}

// leavingFaults are what they refuse.
var leavingFaults = map[string]string{
	"На счёте %s у поставщика %s аванса, который ждёт решения, нет. Что ждёт: kvit advances list.": "Account %s of supplier %s has no advance that waits for a decision. What waits: kvit advances list.",
	"Аванс только что изменился. Посмотрите ещё раз и повторите.":                                  "The advance has just changed. Look again and repeat.",
	"Аванс переносят на другие счета того же дома.":                                                "An advance moves to other accounts of the same house.",
	"По этому платежу деньги уже возвращаются. Дождитесь банка и повторите.":                       "Money of this payment is being given back. Wait for the bank and repeat.",
	"Поставщик ушёл (left): нужны supplier и день from, с которого его нет в счетах.":              "The supplier has left (left): supplier is needed, and from, the day he is no longer on the bills.",
}
