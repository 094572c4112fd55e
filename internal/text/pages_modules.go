package text

// pagesModules are words that other modules give to pages: suggested accounts, the rule of autopay, documents, cash
// receipts, steps of appeals. Papers and messages themselves stay Russian.
var pagesModules = map[string]string{
	// proposal
	"тот же единый лицевой счёт":                        "the same unified account",
	"тот же адрес и квартира":                           "the same address and flat",
	"в файле поставщика указана ваша квартира":          "the supplier's file names your flat",
	"имя плательщика похоже на ваше":                    "the payer's name looks like yours",
	"сами не решились: %s":                              "we did not decide by ourselves: %s",
	"второй счёт этого поставщика, и плательщик другой": "a second account of this supplier, and another payer",

	// autopay
	"весь счёт, но не больше %s":          "the whole bill, but no more than %s",
	"%s, но не больше, чем к оплате":      "%s, but no more than is to pay",
	"%d-го числа спишем %s":               "On day %d of the month we take %s",
	"Разрешаю банку запомнить мою карту.": "I allow the bank to remember my card.",
	"Автоплатёж за ЖКУ":                   "Autopay for housing and utilities",
	"без телефона":                        "no telephone",

	// statement
	"Выписка по лицевым счетам":              "Statement of accounts",
	"Справка об отсутствии задолженности":    "Certificate of no debt",
	"Справка о платежах":                     "Certificate of payments",
	"Справка о начислениях":                  "Certificate of charges",
	"Справка о показаниях счётчиков":         "Certificate of meter readings",
	"Осталось на конец периода":              "Left at the end of the period",
	"Платёж %s от %s":                        "Payment %s of %s",
	"Начисление за %s, %s":                   "Charge for %s, %s",
	"Показание счётчика № %s от %s":          "Reading of meter No. %s of %s",
	"%s отменён или возвращён.":              "%s is cancelled or refunded.",
	"Платёж %s от %s отменён или возвращён.": "Payment %s of %s is cancelled or refunded.",
	"на %s %s года":                          "as of %s %s",
	"ждёт проверки":                          "waits to be checked",
	"подделка":                               "forgery",
	"наш документ":                           "our document",
	"подлинный":                              "genuine",
	"Начислений ещё нет: счёта пока не из чего сделать.":                                           "Nothing is charged yet: there is nothing to make a bill of.",
	"Начислений и платежей ещё нет: документ пока не из чего сделать.":                             "There are no charges and payments yet: there is nothing to make a document of.",
	"Начислений ещё нет: справку пока не из чего сделать.":                                         "Nothing is charged yet: there is nothing to make a certificate of.",
	"Расчётный центр ведёт ваши счета с %s %s года. За более раннее время справку даёт поставщик.": "The settlement centre keeps your accounts since %s %s. For earlier times the supplier gives the certificate.",
	"Справку не даём: просрочено %s.":                                                              "No certificate yet: %s is overdue.",
	"Оплатите, и справка будет готова сразу.":                                                      "Pay it, and the certificate is ready at once.",
	"%s ещё не сообщил начисления за %s %s года.":                                                  "%s has not told the charges for %s %s yet.",
	"%s ещё не сообщил начисления за %s.":                                                          "%s has not told the charges for %s yet.",
	"Я согласен получать счета за жильё и коммунальные услуги только в электронном виде: на сайте расчётного центра и сообщением о новом счёте.": "I agree to get bills for housing and utilities in electronic form only: on the site of the settlement centre and by a message about a new bill.",
	"Бумажный счёт присылать не нужно.": "No paper bill need be sent.",
	"Согласие можно отозвать в любой день: со следующего месяца бумажный счёт придёт снова.": "The consent can be withdrawn any day: from the next month the paper bill comes again.",
	"Платить и получать услуги можно и без этого согласия.":                                  "Paying and getting services does not depend on this consent.",
	"Ошибка в адресе.": "A mistake in the address.",

	// steps of appeals
	"Проверим %s. Ответ – до %s. %s":            "We check %s. Answer by %s. %s",
	"Начали проверять %s. Ответ – до %s.":       "We have begun to check %s. Answer by %s.",
	"Исправляем %s: %s. Увидите в счёте за %s.": "We correct %s: %s. You will see it on the bill for %s.",
	"Ответили про %s: сумма верна. Почему – на странице обращения. Не согласны – нажмите «Не решено» до %s.": "Answered about %s: the sum is right. The page of the appeal says why. If you disagree, press “Not solved” by %s.",
	"Срок ответа прошёл. Обращение передано в расчётный центр.":                                              "The term of the answer has passed. The appeal was handed to the settlement centre.",
	"Обращение передано в расчётный центр.":                                                                  "The appeal was handed to the settlement centre.",
	"Проверим ещё раз. Ответ – до %s.":                                                                       "We check again. Answer by %s.",
	"Исправление видно в счёте: %s.":                                                                         "The correction is on the bill: %s.",
	"прошлые месяцы": "past months",

	// cash receipts
	"уточняем у кассы":             "asking the till",
	"печатается":                   "being printed",
	"напечатан":                    "printed",
	"отклонён кассой":              "declined by the till",
	"заменён коррекцией":           "replaced by a correction",
	"у платежа чека не было":       "the payment had no receipt",
	"обязанность ещё не наступила": "it is not due yet",

	// devices
	"Канал %s не привязан к счётчику":               "The channel %s is not tied to a meter",
	"Прибор передаёт %s, а счётчик считает %s":      "The device sends %s, the meter counts %s",
	"Прибор или шлюз, приславший сообщение, удалён": "The device or gateway that sent the message is removed",

	// bills
	"15-е число – нерабочий день, срок перенесён": "the 15th is a day off, the term has moved",
	"данные от %s": "data of %s",
	"завтра в %s":  "tomorrow at %s",

	// payments alike, disputes at the bank
	"Такой же платёж по этому адресу: № %s": "The same payment for this address: No. %s",
	"Ответ отправлен банку":                 "The answer is sent to the bank",
	"Банк решил в нашу пользу":              "The bank decided for us",
	"Банк решил в пользу плательщика":       "The bank decided for the payer",
}
