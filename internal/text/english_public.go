package text

// publicFaults are the faults of public pages, of what suppliers tell of themselves and of what the centre tells of the service.
var publicFaults = map[string]string{
	"Поставщик %s: адрес сайта %q начинают с https://.":                              "Supplier %s: the address of the site %q begins with https://.",
	"Поставщик %s: почту %q пишут так: spravka@vodokanal.example.":                   "Supplier %s: the e-mail address %q is written like this: spravka@vodokanal.example.",
	"Поставщик %s: у работ нужны название title и день from, а until не раньше его.": "Supplier %s: works need a title and a day from; until is no earlier than it.",
	"Поставщик %s: у приёмной нужен адрес address.":                                  "Supplier %s: an office needs an address.",
	"Выберите: работает с перебоями или не работает.":                                "Choose: works with interruptions, or does not work.",
	"Этот сбой уже закрыт. Если он вернулся, расскажите о новом.":                    "This incident has ended. If it has come back, tell of a new one.",
	"Такого сбоя нет. Откройте список ещё раз.":                                      "There is no such incident. Open the list again.",
	"Укажите, когда будут следующие новости: время должно быть впереди.":             "Say when the next news will be: a time that is still ahead.",
	"Напишите, что случилось, простыми словами.":                                     "Write what has happened, in plain words.",
	"Здесь помещается %d знаков. Напишите короче.":                                   "There is room for %d signs. Write less.",
	"Укажите, до какого времени показывать: оно должно быть впереди и позже начала.": "Say until when to show it: a time that is still ahead and later than the beginning.",
	"Такого действия нет. Откройте страницу ещё раз.":                                "There is no such action. Open the page again.",
	"Код этой квитанции больше не действует. Возьмите код с последней квитанции.":    "The code of this bill is no longer valid. Take the code off the latest bill.",
}
