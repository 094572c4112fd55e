package text

// privacyFaults are what is said of consents, exports and erasure.
var privacyFaults = map[string]string{
	"Такого согласия нет.":                                  "There is no such consent.",
	"Файла нет. Запросите свои данные заново.":              "There is no file. Ask for your data again.",
	"Отметьте, что понимаете: вернуть данные будет нельзя.": "Mark that you understand: the data cannot be brought back.",
	"Выберите, что сделать с данными.":                      "Choose what to do with the data.",
}
