package text

// odd are the sentences about odd figures, messages of devices and what they are kept for.
var odd = map[string]string{
	"сколько дней хранить сообщения приборов, 0 – всегда":                                      "days that messages of devices are kept, 0 is for good",
	"сертификаты, которыми подписан чужой брокер":                                              "certificates by which the other broker is trusted",
	"Сколько дней хранить сообщения приборов, как они пришли; 0 – всегда. Показания остаются.": "Days that messages of devices are kept as they came; 0 is for good. Readings stay.",
	"Сертификаты, которыми подписан чужой брокер, PEM; без него – системные.":                  "Certificates (PEM) by which the other broker is trusted; the system's without it.",
}

// oddMessages are what is told of them.
var oddMessages = map[string]string{
	"%q – не месяц. Ожидается 2026-11 или 11.2026.": "%q is not a month. 2026-11 or 11.2026 is expected.",
	"В файле %s нет ни одного показания. Проверьте названия колонок: лицевой счёт, счётчик, показание.": "File %s has no reading at all. Check the names of its columns: account, meter, reading.",
	"В таблице %s нет полей лицевого счёта и показания. Её поля: %s.":                                   "Table %s has no fields of an account and a reading. Its fields: %s.",
	"Сертификаты из файла %s не читаются: нужен PEM.":                                                   "The certificates in file %s cannot be read: PEM is needed.",
	"Об этом показании уже решено. Обновите страницу.":                                                  "This reading is decided already. Reload the page.",
	"Показание не принято. %s.":                                                                         "The reading is not taken. %s.",
	"Слишком много неверных кодов. Повторите через 15 минут.":                                           "Too many wrong codes. Try again in 15 minutes.",
	"Слишком много попыток с неверным секретом. Проверьте секрет и повторите через 15 минут.":           "Too many tries with a wrong secret. Check it and try again in 15 minutes.",
}
