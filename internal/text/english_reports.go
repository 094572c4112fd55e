package text

// reports are what commands answer.
var reports = map[string]string{
	"причина:": "cause:",
	"Остановлено. Повторите команду: сделанное не пропадёт и не удвоится.": "Stopped. Repeat the command: what was done is neither lost nor done twice.",

	// settings
	"папка данных: файлы, база SQLite, ключи": "folder of data: files, the SQLite database, keys",
	"PostgreSQL вместо SQLite":                "PostgreSQL in place of SQLite",
	"язык сообщений":                          "language of messages",
	"адрес и порт сервера":                    "address and port of the server",
	"адрес страниц, каким его видят люди":     "address of the pages as people see it",
	"адрес эквайера":                          "address of the acquirer",
	"секрет эквайера":                         "secret of the acquirer",
	"название расчётного центра":              "name of the settlement centre",
	"телефон для жителей":                     "telephone for residents",
	"часовой пояс региона":                    "time zone of the region",
	"куда копируются отметки журнала":         "where checkpoints of the audit log are copied",
	"часы работы":                             "opening hours",
	"папка, из которой файлы забираются сами": "folder that files are taken from by themselves",
	"Схема базы готова.":                      "The database schema is ready.",

	// demo, serve
	"Квит слушает http://%s": "Kvit listens on http://%s",
	"Делаем город на %d семей и принимаем файлы его поставщиков…":                          "Making a city of %d {1|household|households} and taking in its suppliers' files…",
	"Готово. Откройте http://%s/demo и войдите как житель, поставщик или расчётный центр.": "Ready. Open http://%s/demo and sign in as a resident, a supplier or the settlement centre.",
	"Данные показа: %s. Остановить: Ctrl+C.":                                               "Data of the demo: %s. To stop: Ctrl+C.",

	// city make, suppliers, houses
	"Город записан в %s: семей %d, домов %d, счетов %d, ошибок %d.":             "The city is written to %s: %d {2|household|households}, %d {3|building|buildings}, %d {4|account|accounts}, %d {5|defect|defects}.",
	"Поставщики: новых %d, обновлено %d.":                                       "Suppliers: %d new, %d updated.",
	"Поставщиков ещё нет. Загрузите: kvit suppliers load ФАЙЛ или kvit intake.": "There are no suppliers yet. Load some: kvit suppliers load FILE, or kvit intake.",
	"%-14s %-40s ИНН %-12s %s":      "%-14s %-40s INN %-12s %s",
	"Дома: новых %d, обновлено %d.": "Buildings: %d new, %d updated.",

	// intake, rows
	"%-44s %-11s строк %7d: учтено %d, исправлено %d, пропущено %d, отложено %d": "%-44s %-11s %7d {3|row|rows}: %d applied, %d repaired, %d ignored, %d quarantined",
	"    отклонён: %s [%s]%s":                                  "    refused: %s [%s]%s",
	"    контрольная сумма в файле %s, по строкам %s":          "    control total in the file %s, by its rows %s",
	"%-44s не описан, не прочитан":                             "%-44s not described, not read",
	"Замечаний: %d. Подробно: --json или страница «Загрузки».": "{1|Issue|Issues}: %d. In detail: --json, or the page of intakes.",
	"принят":     "applied",
	"проверен":   "checked",
	"уже был":    "seen before",
	"отклонён":   "refused",
	"получен":    "received",
	"учтена":     "applied",
	"исправлена": "repaired",
	"пропущена":  "ignored",
	"отложена":   "quarantined",
	"Все строки файла %s учтены как есть.":                           "All rows of %s were applied as they are.",
	"№ %-5d %s %d  %-12s %s: «%s». %s":                               "No. %-5d %s %d  %-12s %s: “%s”. %s",
	"          исправлено: %s = «%s»":                                "          fixed: %s = “%s”",
	"Записано. Применить: kvit rows replay %d":                       "Recorded. To apply: kvit rows replay %d",
	"Строка убрана из списка.":                                       "The row is off the list.",
	"Корзин %d, счетов %d, замечаний %d: %s":                         "%d {1|basket|baskets}, %d {2|account|accounts}, %d {3|issue|issues}: %s",
	"# Прочитано строк: %d, из них отложено: %d. Уверенность: %.2f.": "# {1|Row|Rows} read: %d, of them quarantined: %d. Confidence: %.2f.",
	"# Не найдено: %s":                                               "# Not found: %s",
	"# Проверьте и допишите supplier – код поставщика.":              "# Look it over and add supplier, the code of the supplier.",
	"Ключ не используется: %s. Проверьте, не опечатка ли это.":       "The key is not used: %s. Check whether it is a misprint.",
	"Профили верны: %d.":                                             "Profiles in order: %d.",

	// review
	"Сомнительных соединений нет.":                         "There are no doubtful joins.",
	"№ %-8d %-8s %-28s %s":                                 "No. %-8d %-8s %-28s %s",
	"           рядом: %s":                                 "           beside it: %s",
	"Решение № %d записано. Отменить: kvit review undo %d": "Decision No. %d is recorded. To undo: kvit review undo %d",
	"Решение № %d отменено.":                               "Decision No. %d is undone.",

	// bill, pay
	"К оплате %s до %s": "Payable: %s by %s",
	"К оплате %s":       "Payable: %s",
	"Аванс %s":          "Advance: %s",
	"  %-14s %-14s %-30s начислено %14s, к оплате %14s  (%s, %s %d)":     "  %-14s %-14s %-30s charged %14s, payable %14s  (%s, %s %d)",
	"  %-14s %-14s %-30s начислено %14s, к оплате %14s  (посчитал Квит)": "  %-14s %-14s %-30s charged %14s, payable %14s  (computed by Kvit)",
	"Предварительно за %s: %s (в «к оплате» не входит)":                  "Preliminary for %s: %s (not part of what is payable)",
	"  %-14s %-14s %-30s предварительно %14s":                            "  %-14s %-14s %-30s preliminary %14s",
	"%s: %s, платёж %s": "%s: %s, payment %s",
	"Банк ещё не ответил. Деньги не потеряются. Второй раз платить не нужно: повторите команду с тем же ключом.": "The bank has not answered yet. The money will not be lost. Do not pay again: repeat the command with the same key.",
	"Страница оплаты: %s":            "Payment page: %s",
	"Причина: %s. Списания не было.": "Reason: %s. Nothing was taken.",

	"Это повтор: платёж с таким ключом уже был, второй раз ничего не списано.": "This is a repeat: there was a payment with this key already, and nothing was taken again.",

	// refund, suspense, accounts
	"Возвращено %s из %s, платёж %s":                "Refunded: %s of %s, payment %s",
	"Невыясненных платежей нет.":                    "There are no unidentified payments.",
	"Платёж № %d отнесён на счёт %s поставщика %s.": "Payment No. %d is assigned to the account %s of the supplier %s.",
	"Счёт %s поставщика %s теперь в доме %s.":       "The account %s of the supplier %s is in the building %s now.",

	// registers
	"%-14s %-16s %-8s в реестре %14s, в Квите %14s, разница %14s":               "%-14s %-16s %-8s in the register %14s, in Kvit %14s, difference %14s",
	"%-14s счетов %6d, расхождений %6d, оплачено по реестру %16s, в Квите %16s": "%-14s %6d {2|account|accounts}, %6d {3|difference|differences}, paid by the register %16s, in Kvit %16s",
	"За %s платежей не было.":                                                   "There were no payments on %s.",
	"%-44s %-14s строк %6d, сумма %s":                                           "%-44s %-14s %6d {3|row|rows}, sum %s",

	// users
	"Сотрудник %s заведён. Добавьте в приложение с кодами:\n%s": "%s is added. Put this into the authenticator app:\n%s",
	"Отозвать: kvit users revoke %d": "To revoke: kvit users revoke %d",
	"Ключ № %d отозван.":             "Token No. %d is revoked.",

	// check, bench
	"верно":           "holds",
	"нарушено %d: %s": "broken by %d {1|row|rows}: %s",
	"%s: %d строк за %.2f с (%.0f строк/с); те же строки голой базой %.2f с; отношение %.2f; память %d МБ": "%s: %d {2|row|rows} in %.2f s (%.0f rows/s); the same rows raw %.2f s; ratio %.2f; memory %d MB",
	"Корзин %d из %d домохозяйств: p50 %d мкс, p99 %d мкс, наибольшее %d мкс":                              "%d {1|basket|baskets} of %d {2|household|households}: p50 %d µs, p99 %d µs, longest %d µs",
}

// words are stages of progress, states of payments, and what stands where an address is missing.
var words = map[string]string{
	"Город":            "City",
	"Чтение файлов":    "Reading files",
	"Проверка файлов":  "Checking files",
	"Идёт работа":      "Working",
	"Поиск домов":      "Finding buildings",
	"Запись":           "Writing",
	"Платежи":          "Payments",
	"готовим":          "being prepared",
	"ждём банк":        "waiting for the bank",
	"оплачено":         "paid",
	"зачислено":        "credited",
	"отклонено":        "declined",
	"истекло":          "expired",
	"отменено":         "cancelled",
	"адрес уточняется": "address not known yet",
}
