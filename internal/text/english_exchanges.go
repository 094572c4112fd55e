package text

// exchangeWords are what the commands say of files that people and suppliers' programs make.
var exchangeWords = map[string]string{
	"Принять показания из файлов: реестры банков, XLSX, CSV, DBF, NDJSON; другие – по профилю.":        "Take readings from files: banks' registers, XLSX, CSV, DBF, NDJSON; others by a profile.",
	"Файл с раскладками файлов показаний: профили или formats.json; без него раскладка узнаётся сама.": "A file with the layouts of files of readings: profiles or formats.json; without it a layout is recognised.",
	"    %-10s %s, счётчик не назначен, %s": "    %-10s %s, no meter assigned, %s",
	"    файл %s: %s": "    file %s: %s",
	"любой":           "any", "без номера": "without a number",
	"Доля отказов удалить файл, 0–1.":                "Share of removals refused, 0–1.",
	"Принять файл, чью раскладку описывает профиль.": "Take a file whose layout a profile describes.",
}

// exchangeFaults are errors and notes of such files, of feeds and of suppliers who answer at once.
var exchangeFaults = map[string]string{
	"Места %d в ленте ещё нет, последнее – %d. Если база восстановлена из копии, начните со времени последнего события.": "The feed has not come to place %d yet, its last is %d. If the database was restored from a copy, begin with the time of the last event.",
	"Файл %s взят, но не удалён: нет прав.":                       "The file %s was taken but not removed: no rights.",
	"Строк ответа, которые не разобрать: %d, первая из них – %d.": "Rows of the answer that cannot be read: %d, the first of them is %d.",
	"Номер строки ничего не значит, пока не сказано, о каком он файле: добавьте колонку file или группу name либо number в file_mask.": "The number of a row means nothing until it is said of which file it is: add a column file, or a group name or number in file_mask.",
	"Названия колонок в строке %d, а не в строке %d, как говорит профиль. Прочитано оттуда.":                                           "The names of columns are in row %d and not in row %d as the profile says. They were read there.",
	"На листе «%s» те же колонки, он не прочитан. Передайте его отдельным файлом или назовите нужный лист в профиле: sheet.":           "The sheet «%s» has the same columns and was not read. Send it as a file of its own, or name the sheet that is wanted in the profile: sheet.",
	"Файл %s – XML. Опишите его раскладку профилем: kvit readings load --formats ПРОФИЛЬ.":                                             "The file %s is XML. Describe its layout by a profile: kvit readings load --formats PROFILE.",
	"Для файла %s нет раскладки показаний: назовите его в профиле ключом file или file_mask.":                                          "There is no layout of readings for the file %s: name it in the profile by the key file or file_mask.",
	"колонка account и хотя бы одна с показанием: reading_cur, meters, day_cur, night_cur …":                                           "a column account and at least one with a figure: reading_cur, meters, day_cur, night_cur …",
	"файл %s, строка %s": "file %s, line %s", "файл %s, запись %s": "file %s, record %s", "файл %s, документ %s": "file %s, document %s", "файл %s, дом %s": "file %s, house %s", "файл %s, элемент %s": "file %s, element %s",
	"программа поставщика %s": "program of the supplier %s", "%s, показания %s": "%s, readings %s", "решение: %s": "decision: %s", "ответ поставщика %s": "answer of the supplier %s", "показания общедомового счётчика № %s": "readings of the house meter No. %s", "поставщика № %s": "of a supplier, no. %s",
	"нет суммы due": "there is no sum due",
	"в errors счёт, о котором не спрашивали или уже ответили":     "an account in errors that was not asked about or was answered already",
	"Прибора учёта, который поставили взамен, ещё нет в ГИС ЖКХ.": "The meter put in its place is not in ГИС ЖКХ yet.",
}
