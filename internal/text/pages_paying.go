package text

// pagesPaying are the sentences of the page of a payment before it is made.
var pagesPaying = map[string]string{
	"Оплата: проверьте и заплатите": "Payment: check and pay",
	"По счёту всё оплачено":         "Everything on the bill is paid",

	"На проверке %s, в «Весь счёт» эта сумма не входит. Заплатить её можно в «Выбранном».": "%s is being checked and is not in “The whole bill”. You can pay it under “Chosen parts”.",
	"Что оплатить":                          "What to pay",
	"За какие адреса заплатить":             "Which addresses to pay for",
	"к оплате %s":                           "to pay %s",
	"всё оплачено":                          "everything is paid",
	"Выбрать эти адреса":                    "Choose these addresses",
	"Добавить адрес, гараж или другой счёт": "Add an address, a garage or another account",
	"Этот счёт уже оплачивается":            "This bill is already being paid",
	"Ждём ответа банка о платеже %s. Ответ будет до %s. Второй раз платить не нужно.": "We are waiting for the bank about the payment of %s. It will answer by %s. Do not pay again.",
	"Оплатить ещё раз всё равно":                                    "Pay again all the same",
	"Похожий платёж уже был":                                        "There was a similar payment",
	"Посмотреть тот платёж":                                         "View that payment",
	"%s вы уже заплатили %s по этому счёту, № %s. Платить ещё раз?": "%s you already paid %s on this bill, no. %s. Pay again?",
	"Показать, сколько выйдет":                                      "Show the total",
	"Сколько заплатить, ₽":                                          "How much to pay, ₽",
	"Можно с копейками: 3000 или 3000,50":                           "Kopecks are allowed: 3000 or 3000,50",
	"Показать, кому сколько":                                        "Show who gets how much",
	"Сколько внести вперёд, ₽":                                      "How much to pay ahead, ₽",
	"Сначала закроем долг, остальное пойдёт в следующие счета":      "First we pay the debt, the rest goes towards the next bills",
	"Отметьте, что оплатить":                                        "Tick what to pay",
	"Сумму каждой строки можно изменить":                            "You can change the sum of each line",
	"Что": "What",

	"Заплатить, ₽":          "Pay, ₽",
	"– пени":                "– penalty",
	"%s – пени":             "%s – penalty",
	"Сколько заплатить: %s": "How much to pay: %s",
	"Заплатите":             "You pay",
	"Данные карты вводят на странице банка, у нас их нет.": "Card details are entered on the bank's page, we do not have them.",

	"без комиссии": "no fee",
	"Комиссия":     "Fee",
	"комиссия %s":  "fee %s",

	"Останется":    "Left to pay",
	"Сверх долга:": "Above the debt:",

	"примерно до %s":                         "until about %s",
	"Запомнить карту":                        "Save the card",
	"Прислать чек на почту или телефон":      "Send the receipt by email or to a telephone",
	"Почта или телефон":                      "Email or telephone",
	"Чек будет и здесь, на странице платежа": "The receipt will be here too, on the page of the payment",

	"Платёж": "Payment",
	"реквизиты изменились %s – проверьте": "the bank details changed on %s – check them",
	"Как заплатить":                       "How to pay",
	"Кому сколько":                        "Who gets how much",
	"Кому сколько: %s":                    "Who gets how much: %s",
	"Реквизиты поставщик ещё не передал, QR-кода для него нет": "The supplier has not given bank details yet, so there is no QR code for him",
	"ИНН %s, счёт %s": "INN %s, account %s",

	"Выбранное":    "Chosen parts",
	"Другая сумма": "Another sum",
	"Вперёд":       "Ahead",

	"%s, пени":    "%s, penalty",
	"%s и ещё %d": "%s and %d more",

	"Разрешаю банку запомнить мою карту, чтобы в следующий раз не вводить её номер. Деньги спишутся только тогда, когда я сам нажму «Оплатить». Номера карты у расчётного центра нет. Забыть карту можно в любой день на странице «Мои карты».": "I let the bank save my card so that I need not enter its number next time. Money is taken only when I press “Pay” myself. The settlement centre does not have the number of the card. I can remove the card on any day on the page “My cards”.",
	"Разрешаю банку запомнить мою карту, чтобы в следующий раз не вводить её номер.": "I let the bank save my card so that I need not enter its number next time.",
	"СБП": "SBP",

	"Касса":            "Cash desk",
	"Банковская карта": "Bank card",
	"Запомнить можно только карту. Выберите карту или снимите отметку.": "Only a card can be saved. Choose a card or clear the tick.",

	"Этот платёж больше не ждёт оплаты по коду.": "This payment no longer waits to be paid by the code.",
	"Код СБП: оплатить в приложении банка":       "SBP code: pay in your bank's app",

	// why a supplier gets so much of a payment
	"так вы указали": "as you asked",
	"судебные расходы платят первыми (ГК РФ ст. 319)":                      "court costs are paid first (Civil Code, art. 319)",
	"закрыто полностью":                                                    "paid in full",
	"сначала долг, срок которого наступил раньше (ГК РФ ст. 319.1)":        "the debt that fell due earlier goes first (Civil Code, art. 319.1)",
	"на весь месяц не хватило: поделено по суммам (Правила № 354, п. 118)": "not enough for the whole month: shared by the sums (Rules No. 354, cl. 118)",
	"эту услугу платят раньше других":                                      "this service is paid before the others",
	"пени – после долга (ГК РФ ст. 319)":                                   "the penalty comes after the debt (Civil Code, art. 319)",
	"вперёд: уйдёт в следующие счета":                                      "ahead: goes towards the next bills",
	"аванс поставщика, которого больше нет в счёте":                        "the advance of a supplier who is no longer on the bill",

	"По счёту %s, %s": "On the bill %s, %s",
	"запомнена, %s":   "saved, %s",
	"Это аванс, он уйдёт в следующие счета.": "This is an advance, it goes towards the next bills.",
	"Хватит %s.": "It will last %s.",
	"Остаток можно вернуть в любой день.": "You can take back what is left on any day.",
	"Сколько заплатить:":                  "How much to pay:",
}
