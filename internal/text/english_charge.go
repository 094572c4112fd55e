package text

// charges are what the commands of charging say: helps, examples and answers.
var charges = map[string]string{
	"Начисления: расчёт месяца, проверки, случаи.":                 "Charges: the run of a month, checks, worked cases.",
	"Посчитать случаи, записанные в YAML, и сравнить с ожидаемым.": "Compute worked cases written in YAML and compare them with what they expect.",
	"Файлы со случаями.": "Files of cases.",
	"Сверить расчётные случаи с движком начислений.": "Compare worked cases with the charge engine.",
	"Случаев %d, из них неверных %d.":                "%d {1|case|cases}, %d of them wrong.",
	"  посчитано: %s  %s  %s":                        "  computed: %s  %s  %s",
	"верно":                                          "right",
	"НЕВЕРНО":                                        "WRONG",
	"что":                                            "what",
	"ожидали":                                        "expected",
	"получили":                                       "got",
}
