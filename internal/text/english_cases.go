package text

// cases are what files of worked cases are refused for before they are read as cases.
var cases = map[string]string{
	"файл не разобран как YAML: %w": "the file cannot be read as YAML: %w",
	"строка %s: %s":                 "line %s: %s",
	"строка %d: файл не в кодировке UTF-8: сохраните его в UTF-8":                                   "line %d: the file is not in UTF-8: save it in UTF-8",
	"строка %d: в случае нет ожиданий: добавьте expect":                                             "line %d: the case has no expectations: add expect",
	"рядом с cases других ключей не бывает: %s перенесите в случай":                                 "there are no other keys beside cases: move %s into the case",
	"cases: ожидается список случаев, каждый с «- case:»":                                           "cases: a list of cases is expected, each with “- case:”",
	"строка %d: %s %q: такого долга в случае нет%s":                                                 "line %d: %s %q: there is no such debt in the case%s",
	"сезон: месяцы в списке – числа от 1 до 12":                                                     "season: the months of a list are numbers from 1 to 12",
	"сезон %q: ожидается список месяцев [10, 11, 12, 1], месяцы 10-4 или 10-05..05-10 (месяц-день)": "season %q: a list of months [10, 11, 12, 1], months 10-4 or 10-05..05-10 (month-day) is expected",
	"запятая кончает значение: внутри { } вместо %s,%s пишите %s.%s или возьмите число в кавычки":   "the comma ends the value: inside { } write %[3]s.%[4]s instead of %[1]s,%[2]s, or put the number in quotes",
	"Запятая кончает значение: внутри { } вместо %s,%s пишите %s.%s или возьмите число в кавычки.":  "The comma ends the value: inside { } write %[3]s.%[4]s instead of %[1]s,%[2]s, or put the number in quotes.",

	"в списке [ … ] пропущена запятая или закрывающая скобка": "a comma or a closing bracket is missing in a list [ … ]",
	"в строке { … } пропущена запятая или закрывающая скобка": "a comma or a closing brace is missing in { … }",
	"значение начинается со знака, с которого нельзя: отступы делают пробелами, не табуляцией; значения, что начинаются с @ или `, берут в кавычки": "a value begins with a sign it may not begin with: indents are made of spaces, not tabs; values that begin with @ or ` are put in quotes",
	"отступ сделан табуляцией: поставьте пробелы":                                                           "an indent is made of a tab: use spaces",
	"двоеточие стоит внутри значения или отступ лишний: возьмите значение в кавычки либо выровняйте строку": "a colon is inside a value, or an indent is too deep: put the value in quotes or align the line",
	"отступ не такой, как у соседних ключей: выровняйте строки":                                             "the indent is not that of the keys beside it: align the lines",
	"отступ не такой, как у соседних строк списка: выровняйте строки":                                       "the indent is not that of the other lines of the list: align the lines",
	"после ключа нет двоеточия с пробелом":                                                                  "there is no colon and space after a key",
	"кавычки не закрыты": "quotes are not closed",
	"ссылка * ведёт на имя, которого нет: поставьте & с этим именем раньше или уберите звёздочку": "a reference * leads to a name that is not there: put & with this name before it or take the asterisk away",
	"слишком много вложенных скобок или отступов":                                                 "too many brackets or indents in one another",
	"слишком много ссылок *: напишите значения сами":                                              "too many references *: write the values out",
	"файл не в кодировке UTF-8: сохраните его в UTF-8":                                            "the file is not in UTF-8: save it in UTF-8",
	"в файле есть знаки, которых в тексте не бывает: сохраните его как обычный текст в UTF-8":     "the file has signs that a text does not have: save it as plain text in UTF-8",
}
