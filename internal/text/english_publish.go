package text

// publications are what the commands of issued bills say: helps, examples and answers.
var publications = map[string]string{
	"Выставить счета утверждённого месяца волнами: прерванное продолжится, выставленное не повторится.": "Issue the bills of an approved month in waves: what was interrupted goes on, what was issued is not issued again.",
	"Остановить идущий расчёт или выставление его счетов.":                                              "Stop a run that goes on, or the issuing of its bills.",
	"Сколько семей получают счета за один раз; без него 5000 или как в прошлый раз.":                    "How many households get their bills at a time; without it 5000, or as the last time.",
	"Сколько ждать между волнами: 30s, 5m.":                                                             "How long to wait between waves: 30s, 5m.",
	"Кто выставляет.": "Who issues.",
	"Выставить счёт одной семье: первый за месяц или новый вместо прежнего.": "Issue the bill of one household: the month's first, or a newer one instead of the one before.",
	"Отозвать выставленный счёт семьи.":                                      "Withdraw an issued bill of a household.",
	"Счёт, каким его выставили за месяц ГГГГ-ММ.":                            "The bill as it was issued for the month YYYY-MM.",
	"Месяц счёта, ГГГГ-ММ.":                                                  "Month of the bill, YYYY-MM.",
	"Причина: её прочитает житель.":                                          "Reason: the resident reads it.",
	"Кто решил.": "Who decided.",
	"Волна %d: домов %d из %d, выставлено %d на %s.":                                       "Wave %d: buildings %d of %d, %d {4|bill|bills} issued for %s.",
	"Счета за %s: домов %d, выставлено %d на %s, уже были %d, без начислений за месяц %d.": "Bills for %s: %d {2|building|buildings}, %d issued for %s, %d issued before, %d without charges of the month.",
	"Счёт № %s выставлен.": "Bill No. %s is issued.",
	"Счёт отозван.":        "The bill is withdrawn.",
	"№ %s, выставлен %s":   "No. %s, issued %s",
	"Заменён %s":           "Replaced %s",
	"Отозван %s: %s":       "Withdrawn %s: %s",
	"Выставить счета за октябрь; прерванное продолжится.":               "Issue the bills of October; what was interrupted goes on.",
	"Волнами по 2 000 семей, между ними пять минут.":                    "In waves of 2,000 households with five minutes between them.",
	"Счёт, каким его выставили за октябрь, что бы ни изменилось потом.": "The bill as it was issued for October, whatever has changed since.",
	"Выставить новый счёт вместо прежнего.":                             "Issue a newer bill instead of the one before.",
	"Отозвать счёт: платить по нему не нужно.":                          "Withdraw the bill: it need not be paid.",
}

// publicationFaults are why a bill is not issued.
var publicationFaults = map[string]string{
	"--house: выставленные счета печатают по одному, без --issued печатается весь дом.": "--house: issued bills are printed one by one; without --issued the whole house is printed.",
	"Счёт за %s ещё не выставлен.":                                                                      "The bill for %s is not issued yet.",
	"Напишите причину: её прочитает житель.":                                                            "Give a reason: the resident reads it.",
	"Этот счёт уже заменён: действует № %s.":                                                            "This bill has been replaced: No. %s holds.",
	"Счёт семьи сейчас не за %s: начислений за этот месяц нет или пришли более поздние.":                "The household's bill is not of %s now: there are no charges of that month, or later ones have come.",
	"Расчёт № %d – перерасчёт: счета выставляют по расчёту месяца.":                                     "Run No. %d is a recalculation: bills are issued for the run of a month.",
	"Расчёт № %d не утверждён. Сначала его утверждает второй человек: kvit charge approve %d --by ИМЯ.": "Run No. %d is not approved. First a second person approves it: kvit charge approve %d --by NAME.",
	"Счета по расчёту № %d сейчас не выставляются.":                                                     "The bills of run No. %d are not being issued.",
	"Выставление счетов приостановлено. Продолжить: повторите kvit charge publish.":                     "Issuing the bills is paused. To go on: repeat kvit charge publish.",
	"Идёт приём файлов: счета изменятся. Дождитесь его конца и повторите.":                              "Files are being taken in: bills will change. Wait until it ends and try again.",
	"Этот лицевой счёт пока не в счёте ни одной семьи, поэтому документ по нему не выставляют.":         "This account is in the bill of no household yet, so no bill is issued for it.",
}
