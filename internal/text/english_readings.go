package text

// readings are the sentences of readings that files bring.
var readings = map[string]string{
	"Показания":                      "Readings",
	"Показания счётчиков.":           "Readings of meters.",
	"Файлы; «-» – стандартный ввод.": "Files; “-” is the standard input.",
	"Код поставщика, чьи лицевые счета в файле; без него счёт ищется у всех.":                                          "Code of the supplier whose accounts are in the file; without it an account is looked for with all.",
	"%s: показаний %d, принято %d, исправлено %d, уже известно %d, под вопросом %d, о замене счётчика %d, отказано %d": "%s: %d {2|reading|readings}, %d taken, %d corrected, %d known already, %d asked about, %d of replaced meters, %d refused",
	"%s, строка %d, %s: %s [%s]":                                                                           "%s, line %d, %s: %s [%s]",
	"Проверить файл банка, ничего не записывая…":                                                           "Check a bank's file and write nothing…",
	"…и принять; повтор ничего не удвоит.":                                                                 "…and take it; repeating doubles nothing.",
	"Файл %s больше 64 МБ. Разделите его.":                                                                 "The file %s is larger than 64 MB. Divide it.",
	"Файл %s не разобран: строка %d, %s.":                                                                  "The file %s cannot be read: line %d, %s.",
	"Строка %d – не объект JSON показания.":                                                                "Line %d is no JSON object of a reading.",
	"%q – не показание. Ожидается число: 251 или 251,904.":                                                 "%q is no reading. A number is expected: 251 or 251.904.",
	"%q – не дата. Ожидается 2026-11-23 или 23.11.2026.":                                                   "%q is no date. Expected: 2026-11-23 or 23.11.2026.",
	"confirm %q неизвестен. Бывает: right, rolled, replaced.":                                              "confirm %q is unknown. There are: right, rolled, replaced.",
	"Введите хотя бы одно показание.":                                                                      "Enter at least one reading.",
	"Поставщик передаёт показания по своим лицевым счетам.":                                                "A supplier gives readings by its own accounts.",
	"Счёт с номером %s есть у нескольких поставщиков. Назовите поставщика: supplier.":                      "Several suppliers have an account with the number %s. Name the supplier: supplier.",
	"Счётчика %s на счёте нет или он снят. Сверьте номер; новый счётчик сначала записывает поставщик.":     "The account has no meter %s, or it was removed. Check the number; a new meter is first recorded by the supplier.",
	"На счёте счётчиков: %d. Назовите номер счётчика.":                                                     "The account has %d {1|meter|meters}. Name the number of the meter.",
	"У счётчика несколько тарифов: %s. Назовите, чьё показание.":                                           "The meter has several registers: %s. Say whose figure it is.",
	"Зоны «%s» у счётчика нет. Его зоны: %s.":                                                              "The meter has no register “%s”. Its registers: %s.",
	"Зона %q неизвестна. Бывает: день, ночь, пик, полупик.":                                                "The register %q is unknown. There are: день, ночь, пик, полупик (day, night, peak, half_peak).",
	"В файле %s нет листа с колонками «Лицевой счет», «Номер счетчика», «Показание». Проверьте заголовки.": "The file %s has no sheet with the columns “Лицевой счет”, “Номер счетчика”, “Показание”. Check the headers.",
}
