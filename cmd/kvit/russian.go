package main

import "kvit/internal/text"

// usageRussian says in Russian what the parser of the command line says about wrong usage.
var usageRussian = text.NewPhrases(map[string]string{
	"unknown flag %s":                                            "нет такой настройки: %s",
	"unexpected argument %s":                                     "лишнее слово: %s",
	"%s, did you mean %s?":                                       "%s. Может быть, %s?",
	"%s, did you mean one of %s?":                                "%s. Может быть, одно из: %s?",
	"%s; perhaps try %s?":                                        "%s. Может быть, %s?",
	"missing flags: %s":                                          "не указано: %s",
	"missing positional arguments %s":                            "не указано: %s",
	"expected %s":                                                "ожидается %s",
	"expected one of %s":                                         "ожидается одно из: %s",
	"%s must be one of %s but got %q":                            "%s: ожидается одно из %s, а указано %s",
	"%s and %s can't be used together":                           "%s и %s нельзя указать вместе",
	"%s: %s":                                                     "%s: %s",
	"%s (from envar %s)":                                         "%s (из переменной %s)",
	"expected a valid %d bit int but got %q":                     "ожидается целое число, а указано %[2]s",
	"expected a valid %d bit uint but got %q":                    "ожидается целое число от нуля, а указано %[2]s",
	"expected a float but got %s":                                "ожидается число, а указано %s",
	"expected an int but got %s":                                 "ожидается целое число, а указано %s",
	"expected duration but got %q":                               "ожидается срок, например 5s или 2m, а указано %s",
	"expected duration but got %q: %s":                           "ожидается срок, например 5s или 2m, а указано %s",
	"expected %s value but got %s":                               "нет значения",
	"bool value must be true, 1, yes, false, 0 or no but got %q": "ожидается true или false, а указано %s",
	"stat %s: no such file or directory":                         "файла %s нет",
	"stat %s: permission denied":                                 "файл %s недоступен: нет прав",
	"%q exists but is a directory":                               "%s – папка, а нужен файл",
	"missing value, expecting %s":                                "нет значения, ожидается %s",
	"name --supplier and --account, or --house for a house's own meter": "назовите --supplier и --account или, для общедомового счётчика, --house",
	"a house's own meter has no account: leave --house alone":           "у общедомового счётчика нет лицевого счёта: оставьте только --house",
	"no command selected": "не указана команда",
})

// wrongUsage is a message of the parser in the language.
func wrongUsage(message string, lang text.Language) string {
	if lang == text.English {
		return message
	}
	if russian, ok := usageRussian.Say(message); ok {
		return russian
	}
	return message
}
