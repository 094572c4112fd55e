package text

// reissues are the sentences of bills issued anew.
var reissues = map[string]string{}

// reissueFaults are why bills are not issued anew.
var reissueFaults = map[string]string{
	"Счета за %s здесь ещё не выставлены: заменять нечего.": "No bills for %s are issued here yet: there is nothing to replace.",
	"Замены счетов № %d нет.":                               "There is no reissue No. %d.",
	"Эту замену счетов подготовили вы. Начать её должен другой человек – так ошибку заметят двое.": "You prepared this reissue. Another person has to start it: so two people look for a mistake.",
	"Замена счетов № %d сейчас не идёт.":                                               "Reissue No. %d is not going on now.",
	"Замена счетов приостановлена. Продолжить: повторите kvit bill reissue --confirm.": "The reissue is paused. To go on, repeat kvit bill reissue --confirm.",
}
