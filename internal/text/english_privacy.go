package text

// anonymising are the sentences of the command that makes a copy nobody can be recognised in.
var anonymising = map[string]string{
	"Копия, в которой никого не узнать: для проверок и обучения.":          "A copy nobody can be recognised in: for tests and teaching.",
	"Новая папка для копии (SQLite).":                                      "A new folder for the copy (SQLite).",
	"Изменить саму базу: она уже копия (PostgreSQL).":                      "Change the database itself: it is a copy already (PostgreSQL).",
	"Подтвердить, что база – копия: вернуть данные будет нельзя.":          "Confirm that the database is a copy: the data cannot be brought back.",
	"Готово: таблиц без строк %d, очищено колонок %d. Файлов в копии нет.": "Done: %d tables without rows, %d columns cleared. The copy has no files.",
	"Копия базы SQLite без людей, файлов и журналов.":                      "A copy of an SQLite database without people, files and logs.",
	"То же с копией базы PostgreSQL.":                                      "The same with a copy of a PostgreSQL database.",
}

// privacyFaults are what is said of consents, exports and erasure.
var privacyFaults = map[string]string{
	"На PostgreSQL сначала сделайте копию базы, потом: kvit anonymise --in-place --database-url КОПИЯ.": "On PostgreSQL make a copy of the database first, then: kvit anonymise --in-place --database-url COPY.",
	"Папка %s не пуста. Укажите новую.":                                                                 "The folder %s is not empty. Give a new one.",
	"Такого согласия нет.":                                                                              "There is no such consent.",
	"Файла нет. Запросите свои данные заново.":                                                          "There is no file. Ask for your data again.",
	"Отметьте, что понимаете: вернуть данные будет нельзя.":                                             "Mark that you understand: the data cannot be brought back.",
	"Выберите, что сделать с данными.":                                                                  "Choose what to do with the data.",
}
