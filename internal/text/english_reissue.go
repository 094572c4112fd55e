package text

// reissues are the sentences of bills issued anew, and of drafts.
var reissues = map[string]string{
	"КОДЫ": "CODES",

	"Заменить выставленные счета, где суммы изменились: показать итог, потом другим человеком выставить волнами.":                  "Replace issued bills whose sums have changed: show what it comes to, then let another person issue them in waves.",
	"Месяц счетов, ГГГГ-ММ: найти счета, где суммы изменились.":                                                                    "The month of the bills, YYYY-MM: find those whose sums have changed.",
	"Коды домов через запятую; без них все.":                                                                                       "Codes of buildings, comma between; without them all.",
	"Коды поставщиков через запятую: счета, где изменились их строки.":                                                             "Codes of suppliers, comma between: bills in which lines of theirs have changed.",
	"Номер подготовленной замены: начать её или продолжить.":                                                                       "The number of a prepared reissue: to start it or to go on.",
	"Замена № %d за %s: домов %d из %d, новых счетов %d, без изменений %d, другого месяца или отозвано %d, начислено иначе на %s.": "Reissue No. %d for %s: %d of %d buildings, %d new bills, %d as they were, %d of another month or withdrawn, charged otherwise by %s.",
	"Замена № %d за %s: счетов %d, изменилось %d, другого месяца или отозвано %d.":                                                 "Reissue No. %d for %s: %d {2|bill|bills}, %d changed, %d of another month or withdrawn.",
	"К оплате по прежним %s, по новым %s, начислено иначе на %s.":                                                                  "To pay by the former ones %s, by the new ones %s, charged otherwise by %s.",
	"  %s, семья %s: было %s, станет %s, начислено иначе на %s":                                                                    "  %s, household %s: was %s, becomes %s, charged otherwise by %s",
	"Начать должен другой человек: kvit bill reissue --confirm %s --by ИМЯ":                                                        "Another person has to start it: kvit bill reissue --confirm %s --by NAME",
	"Найти выставленные счета, где суммы изменились, и подготовить замену…":                                                        "Find issued bills whose sums have changed, and prepare to replace them…",
	"…другой человек начинает её; прерванная продолжится той же командой.":                                                         "…another person starts it; one that was stopped goes on by the same command.",
	"Проект: счёт рассчитанного, но не выставленного месяца. Платить по нему нельзя.":                                              "A draft: the bill of a month that is charged and not issued. It is not to be paid.",
	"Проект счёта: месяц рассчитан, счета ещё не выставлены.":                                                                      "The draft of a bill: the month is charged, the bills are not issued yet.",
	"ПРОЕКТ: счёт ещё не выставлен, платить по нему нельзя.":                                                                       "DRAFT: the bill is not issued yet, it is not to be paid.",
}

// reissueFaults are why bills are not issued anew, or have no draft.
var reissueFaults = map[string]string{
	"Назовите месяц: --month 2026-10 --reason ПРИЧИНА, или номер подготовленной замены: --confirm НОМЕР.": "Name the month: --month 2026-10 --reason REASON, or the number of a prepared reissue: --confirm NUMBER.",
	"--house: проекты счетов печатают по одному, без --draft печатается весь дом.":                        "--house: drafts are printed one by one; without --draft the whole house is printed.",
	"Счета за %s здесь ещё не выставлены: заменять нечего.":                                               "No bills for %s are issued here yet: there is nothing to replace.",
	"Замены счетов № %d нет.": "There is no reissue No. %d.",
	"Эту замену счетов подготовили вы. Начать её должен другой человек – так ошибку заметят двое.": "You prepared this reissue. Another person has to start it: so two people look for a mistake.",
	"Замена счетов № %d сейчас не идёт.":                                                  "Reissue No. %d is not going on now.",
	"Замена счетов приостановлена. Продолжить: повторите kvit bill reissue --confirm.":    "The reissue is paused. To go on, repeat kvit bill reissue --confirm.",
	"Проекта счёта нет: месяц этой семье ещё не начислен. Сначала: kvit charge run.":      "There is no draft: the month is not charged for this household yet. First: kvit charge run.",
	"Счёт за %s уже выставлен, проекта больше нет. Посмотреть выставленный: --issued %s.": "The bill for %s is issued, there is no draft any more. To see it: --issued %s.",
}
