package text

// speed are the sentences of the benchmarks of money, and of payouts that stop.
var speed = map[string]string{
	"Платежи всеми путями рядом с записью тех же строк голой базой.":              "Payments by every way beside a raw write of the same rows.",
	"Шквал уведомлений эквайера: за сколько все записаны и за сколько зачислены.": "A burst of an acquirer's notifications: how soon all are stored, and how soon credited.",
	"Закрытие дня и перечисления поставщикам.":                                    "The close of a day and payouts to suppliers.",
	"Сколько платежей каждым путём.":                                              "Payments to make each way.",
	"Сколько плательщиков одновременно; первое число – для всех путей.":           "Payers at the same time; the first number is for all ways.",
	"Сколько уведомлений.":                                                        "Notifications to send.",
	"Сколько приходит одновременно.":                                              "How many come at the same time.",
	"Сколько платежей.":                                                           "Payments to make.",
	"%s, плательщиков %d: %d платежей (%d частей) за %.2f с, %.0f в секунду; те же строки голой базой %.0f в секунду; доля %.2f, наименьшая за круг %.2f; p99 %d мкс; нарушений %d": "%s, payers %d: %d {3|payment|payments} ({4|%d part|%d parts}) in %.2f s, %.0f a second; the same rows raw %.0f a second; share %.2f, the smallest of a round %.2f; p99 %d µs; breaches %d",
	"Уведомлений %d: все записаны за %.1f с (%.0f в секунду, ответ p99 %d мкс); зачислено %d за %.1f с; нарушений %d":                                                               "Notifications %d: all stored in %.1f s (%.0f a second, answer p99 %d µs); credited %d in %.1f s; breaches %d",
	"Платежей %d, приняты реестрами за %.1f с; проверки денег %.1f с; закрытие дня с ними %.1f с; перечисления (%d) со всеми проверками %.1f с; нарушений %d":                       "Payments %d, taken by registers in %.1f s; checks of money %.1f s; the close of the day with them %.1f s; payouts (%d) with all checks %.1f s; breaches %d",
	"Сто тысяч уведомлений эквайера разом, на данных для замеров.":                                                                                                                  "A hundred thousand notifications of an acquirer at once, on data for trials.",
	"Закрыть день и подготовить перечисления по ста тысячам платежей.":                                                                                                              "Close a day and prepare payouts for a hundred thousand payments.",
	"не сходится %s. Разберитесь: kvit check": "%s does not hold. Look into it: kvit check",
}
