package text

// pagesLine are the sentences of the page of one line of a bill: how its sum was found and from what.
var pagesLine = map[string]string{
	"Как посчитано: %s": "How it is worked out: %s",

	"Начислено за месяц": "Charged for the month",

	"Посчитал Квит,":             "Worked out by Kvit,",
	"Сумму прислал поставщик":    "The sum came from the supplier",
	"Как посчитал Квит":          "How Kvit worked it out",
	"Что вошло в сумму к оплате": "What makes up the sum to pay",

	"К оплате по этой строке": "To pay on this line",

	"За %s: %s.":       "For %s: %s.",
	"Умножаем":         "Multiplied",
	"Получается точно": "The exact result",
	"Округляем один раз, до копейки": "Rounded once, to a kopeck",
	"Формула: %s.":   "Formula: %s.",
	"Основание: %s.": "Law: %s.",
	"Что учли":       "What was taken into account",
	"Откуда данные":  "Where the data come from",

	"Файл %s, запись %s, получен":   "File %s, record %s, received",
	"Файл %s, документ %s, получен": "File %s, document %s, received",
	"Файл %s, элемент %s, получен":  "File %s, element %s, received",
	"Файл %s, строка %s, получен":   "File %s, line %s, received",

	"Почему изменилась сумма": "Why the sum has changed",
	"Данные строки, JSON":     "Data of the line, JSON",

	// the figures of a calculation
	"поставщик не прислал":      "not sent by the supplier",
	"Как найден объём":          "How the volume was found",
	"Человек":                   "People",
	"Площадь, места или головы": "Area, places or animals",
	"Норматив":                  "Standard rate",
	"Дней":                      "Days",
	"%d из %d":                  "%d of %d",
	"Объём":                     "Volume",
	"Тариф":                     "Tariff",
	"Повышающий коэффициент":    "Raising factor",
	"Доля тарифа":               "Share of the tariff",

	"показание %s от %s": "reading %s of %s",

	"цифра другого региона":          "a figure of another region",
	"не сверено с текстом документа": "not checked against the document",
	"цифра придумана для ряда":       "made up to fill the series",
	"цифра придумана":                "a made-up figure",

	// verdicts
	"Квит посчитал сам: %s. Сходится с суммой поставщика.":                                                              "Kvit worked it out itself: %s. It agrees with the supplier's sum.",
	"Квит посчитал сам: %s. У поставщика на %s больше. Платите по сумме поставщика, расхождение видит расчётный центр.": "Kvit worked it out itself: %s. The supplier's sum is %s more. Pay the supplier's sum, the settlement centre sees the difference.",
	"Квит посчитал сам: %s. У поставщика на %s меньше. Платите по сумме поставщика, расхождение видит расчётный центр.": "Kvit worked it out itself: %s. The supplier's sum is %s less. Pay the supplier's sum, the settlement centre sees the difference.",
	"Поставщик прислал сумму без объёма или тарифа, пересчитать её не из чего.":                                         "The supplier sent the sum without a volume or a tariff, so it cannot be checked.",
	"Квит пересчитал: объём × тариф = %s. Сходится с суммой поставщика.":                                                "Kvit checked: volume × tariff = %s. It agrees with the supplier's sum.",
	"Квит пересчитал: объём × тариф = %s. Расходится с суммой поставщика на %s.":                                        "Kvit checked: volume × tariff = %s. It differs from the supplier's sum by %s.",

	"вторая": "half", "третья": "third", "четвёртая": "quarter", "пятая": "fifth", "шестая": "sixth", "седьмая": "seventh",
	"восьмая": "eighth", "девятая": "ninth", "десятая": "tenth", "одиннадцатая": "eleventh", "двенадцатая": "twelfth",

	// facts
	"Площадь": "Area", "Живут": "Live here", "Живут временно": "Live here for a time", "Собственники": "Owners", "Уезжали": "Away",
	"Счётчик": "Meter", "Дом за %s": "Building for %s", "Акт": "Act", "Перебой или качество": "Interruption or quality", "Льгота": "Benefit",
	"Участок и хозяйство": "Plot and animals", "Рассрочка": "Instalment plan", "Штраф поставщика": "Fine on the supplier",
	"%d чел.":              "{1|%d person|%d people}",
	"%d чел. с %s":         "%d {1|person|people} from %s",
	"%d чел. по %s":        "%d {1|person|people} until %s",
	"%d чел. с %s по %s":   "%d {1|person|people} from %s to %s",
	"по данным поставщика": "by the supplier's data",

	"считает расчётный центр": "worked out by the settlement centre",

	"по данным поставщика, со сверкой": "by the supplier's data, checked",

	"весь срок":     "the whole time",
	"сломан с %s":   "broken since %s",
	"поверен до %s": "verified until %s",
	"исправен":      "works",
	"объём %s":      "volume %s",

	"программа поставщика": "the supplier's program",

	// corrections
	"показания или цены стали известны после расчёта": "readings or prices became known after the calculation",
	"стало известно после расчёта: %s":                "became known after the calculation: %s",

	// the days of a penalty
	"срок оплаты": "due date",

	"оплачено %s": "paid on %s",

	"%s; ставка: %s":                               "%s; rate: %s",
	"%d дн. с %s по %s: %s × %s %% ÷ %d × %d = %s": "%d {1|day|days} from %s to %s: %s × %s %% ÷ %d × %d = %s",

	"%s за %s: не оплачено %s из %s. Срок оплаты – %s.":           "%s for %s: %s of %s is not paid. The due date was %s.",
	"%s оплачено %s: со следующего дня пени считаются с остатка.": "On %s %s was paid: from the next day the penalty is on what is left.",
	"Всего пеней на %s: %s, из них начислено раньше %s.":          "Penalty on %s: %s in all, of which %s was charged before.",
	"Всего пеней на %s: %s.":                                      "Penalty on %s: %s in all.",
	"Если не оплатить, завтра прибавится %s.":                     "If it is not paid, %s will be added tomorrow.",
	"Пени начнутся с %s, если не оплатить раньше.":                "The penalty starts on %s unless you pay before.",
	"Поставщик пени не начисляет, сумма дана для сведения.":       "The supplier charges no penalty, the sum is only for your information.",
	"Коммунальные услуги":                                         "Utilities", "Содержание жилья": "Housing maintenance", "Взнос на капитальный ремонт": "Major repair contribution",
	"Дополнительные услуги": "Additional services", "Услуги": "Services",

	"Сумма поставщика – %s часть: так бывает, когда собственники платят отдельно.": "The supplier's sum is one %s of it: this happens when owners pay separately.",
	"ставка: %s":                                       "rate: %s",
	"%s, формула %s":                                   "%s, formula %s",
	"по данным поставщика с %s":                        "by the supplier's data, from %s",
	"по данным поставщика с %s по %s":                  "by the supplier's data, from %s to %s",
	"по данным поставщика, %s с %s":                    "by the supplier's data, %s, from %s",
	"по данным поставщика, %s с %s по %s":              "by the supplier's data, %s, from %s to %s",
	"считает расчётный центр с %s":                     "worked out by the settlement centre, from %s",
	"считает расчётный центр с %s по %s":               "worked out by the settlement centre, from %s to %s",
	"считает расчётный центр, %s с %s":                 "worked out by the settlement centre, %s, from %s",
	"считает расчётный центр, %s с %s по %s":           "worked out by the settlement centre, %s, from %s to %s",
	"по данным поставщика, со сверкой с %s":            "by the supplier's data, checked, from %s",
	"по данным поставщика, со сверкой с %s по %s":      "by the supplier's data, checked, from %s to %s",
	"по данным поставщика, со сверкой, %s с %s":        "by the supplier's data, checked, %s, from %s",
	"по данным поставщика, со сверкой, %s с %s по %s":  "by the supplier's data, checked, %s, from %s to %s",
	"показание %s от %s (%s)":                          "reading %s of %s (%s)",
	"показание %s от %s (%s), показание %s от %s (%s)": "reading %s of %s (%s), reading %s of %s (%s)",
}
