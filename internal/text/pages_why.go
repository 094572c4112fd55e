package text

// pagesWhy are the sentences of the page about why the sum has changed.
var pagesWhy = map[string]string{
	"С чем сравнить": "Compare with",
	"Прошлый месяц":  "Last month",

	"Сравнить пока не с чем": "There is nothing to compare with yet",
	"Это первый счёт. Когда придёт следующий, здесь будет видно, что изменилось и почему.":                  "This is the first bill. When the next one comes, you will see here what changed and why.",
	"За %s и %s нет ни одного поставщика, который прислал бы оба месяца.":                                   "No supplier has sent both %s and %s.",
	"Сравниваем, сколько начислено за месяц: с перерасчётами и пенями, без долгов и оплат. К оплате сейчас": "We compare what was charged for the month: with recalculations and penalties, without debts and payments. To pay now:",
	"За %s начислено": "Charged for %s",
	"Столько же":      "The same",
	"Как и в %s:":     "As in %s:",

	"Было":            "Before",
	"стало":           "now",
	"Стало":           "Now",
	"Главные причины": "The main causes",

	"По строкам счёта": "By lines of the bill",

	"Не вошло в сравнение":      "Left out of the comparison",
	"Счёт %s. %s":               "Account %s. %s",
	"Сравнить с другим месяцем": "Compare with another month",

	"Сравнить": "Compare",
	"За %s начислений не было. Выберите другой месяц":         "There were no charges for %s. Choose another month",
	"Укажите месяц, например 2026-09":                         "Give a month, for example 2026-09",
	"Как сумма менялась":                                      "How the sum changed",
	"Сильнее всего повлияло: %s":                              "What mattered most: %s",
	"За %s данные ещё не пришли, за %s начислено %s.":         "The data for %s have not come yet; for %s the charge was %s.",
	"За %s данные ещё не пришли, за %s к оплате %s.":          "The data for %s have not come yet; for %s the sum to pay was %s.",
	"За %s поставщик ничего не прислал, за %s начислено %s.":  "The supplier sent nothing for %s; for %s the charge is %s.",
	"За %s поставщик ничего не прислал, за %s к оплате %s.":   "The supplier sent nothing for %s; for %s the sum to pay is %s.",
	"Поставщик присылает только итог к оплате: %s вместо %s.": "The supplier sends only the total to pay: %s instead of %s.",

	"остальные причины": "other causes",
	"прочее":            "other",

	// causes
	"начался отопительный сезон":    "the heating season has begun",
	"отопительный сезон закончился": "the heating season is over",
	"появилось в счёте":             "new on the bill",
	"больше не начислено":           "no longer charged",
	"способ расчёта":                "the way it is worked out",
	"расход":                        "use",

	"тариф":            "tariff",
	"дни":              "days",
	"число человек":    "number of people",
	"площадь":          "area",
	"доля поставщика":  "share of the supplier",
	"перерасчёт":       "recalculation",
	"льгота":           "benefit",
	"рассрочка":        "instalment plan",
	"сумма поставщика": "the supplier's sum",
	"округление":       "rounding",

	"в %s такой строки не было": "there was no such line in %s",
	"в %s такой строки нет":     "there is no such line in %s",
	"перерасчёт %s вместо %s":   "recalculation %s instead of %s",
	"льгота %s вместо %s":       "benefit %s instead of %s",
	"рассрочка %s вместо %s":    "instalment plan %s instead of %s",
	"пени %s вместо %s":         "penalty %s instead of %s",
	"поставщик прислал сумму без объёма и тарифа: %s вместо %s": "the supplier sent a sum without volume and tariff: %s instead of %s",
	"считают на %s чел. вместо %s":                              "counted for %s people instead of %s",

	"посчитано %s вместо %s": "counted %s instead of %s",
	"весь %s":                "the whole of %s",
	"%d дн. из %d":           "%d {1|day|days} of %d",
	"начислено %s от объём × тариф вместо %s":    "charged %s of volume × tariff instead of %s",
	"округление до копейки":                      "rounding to a kopeck",
	"повышающий коэффициент больше не действует": "the raising factor no longer applies",
	"действует повышающий коэффициент %s":        "the raising factor %s applies",

	"израсходовано больше, часть пошла по более дорогому тарифу": "more was used, and part of it at a higher tariff",
	"на дом пришлось %s вместо %s":                               "the building's share was %s instead of %s",
	"по нормативу %s вместо %s":                                  "by the standard rate %s instead of %s",
	"по среднему %s вместо %s":                                   "by the average %s instead of %s",
	"по счётчику %s вместо %s":                                   "by the meter %s instead of %s",
	"объём %s вместо %s":                                         "volume %s instead of %s",
	"примерно %s":                                                "about %s",

	"тариф %s ₽ вместо %s ₽ за %s": "tariff %s ₽ instead of %s ₽ per %s",
	"тариф %s ₽ вместо %s ₽":       "tariff %s ₽ instead of %s ₽",

	// what can be done about them
	"Если услуга незнакома, спросите поставщика":          "If you do not know the service, ask the supplier",
	"Сверьте, кто зарегистрирован и кто живёт временно":   "Check who is registered and who lives there for a time",
	"Сверьте с документами на жильё":                      "Check it against the papers of the home",
	"Спросите поставщика, из чего сложилась его сумма":    "Ask the supplier what the sum is made of",
	"Спросите поставщика, за что перерасчёт":              "Ask the supplier what the recalculation is for",
	"Оплатите долг – пени перестанут расти":               "Pay the debt and the penalty stops growing",
	"Поставьте или поверьте счётчик – коэффициент снимут": "Install a meter or have it verified, and the factor goes",

	"Сверьте с показаниями своего счётчика": "Check it against the readings of your meter",
	"Документ: %s":                "Document: %s",
	"Тариф прислал поставщик: %s": "The tariff came from the supplier: %s",

	// months after «в»

	"%s, чем в %s": "%s than in %s",
	"больше":       "more",
	"меньше":       "less",
	"столько же":   "the same",
	"За %s данные ещё не пришли, за %s %s %s.":        "The data for %s have not come yet; for %s %s %s.",
	"За %s поставщик ничего не прислал, за %s %s %s.": "The supplier sent nothing for %s; for %s %s %s.",
	"%s %d года": "%s %d",
	"тариф с %d %s %s ₽ вместо %s ₽ за %s":                      "tariff from %d %s %s ₽ instead of %s ₽ per %s",
	"тариф с %d %s %s ₽ вместо %s ₽":                            "tariff from %d %s %s ₽ instead of %s ₽",
	"Передайте показания до %s – пересчитаем в следующем счёте": "Give readings by %s and we work it out anew in the next bill",
	"25-го":                     "the 25th",
	"%d %s вместе":              "%d %s together",
	"мелкая причина":            "small cause",
	"мелкие причины":            "small causes",
	"мелких причин":             "small causes",
	"в расчёте %s %s вместо %s": "counted with %s %s instead of %s",
	"показаний не было, взяли среднее – %s":  "there were no readings, the average was taken – %s",
	"показаний не было, взяли норматив – %s": "there were no readings, the standard rate was taken – %s",
	"снова считают по счётчику – %s":         "counted by the meter again – %s",
	"посчитано %s, а было %s – %s":           "counted %s, and before %s – %s",
	"%s вместо %s": "%s instead of %s",
}
