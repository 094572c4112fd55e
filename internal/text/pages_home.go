package text

// pagesHome are the sentences of the resident's first page and of what it shows of bills and suppliers.
var pagesHome = map[string]string{
	"Главная":       "Home",
	"Ждём банк: %s": "Waiting for the bank: %s",
	"Деньги не потеряются: ответ будет до %s. Второй раз платить не нужно": "Your money is safe: the bank will answer by %s. Do not pay again",
	"Посмотреть платёж": "View the payment",

	"Из чего сложилось": "What it is made of",
	"переданы":          "given",
	"Посмотреть":        "View",
	"Переплата":         "Overpaid:",
	"лежит у поставщиков и уйдёт в их следующие счета.": "is with the suppliers and will go towards their next bills.",
	"Последний платёж": "Last payment",

	"Следующий счёт появится до": "The next bill will be here by",
	"Счёта пока нет":             "There is no bill yet",
	"Поставщики ещё не прислали начисления за %s. Обычно счёт приходит до 5-го числа. Долга нет.": "The suppliers have not sent the charges for %s yet. The bill usually comes by the 5th. You owe nothing.",
	"Счёт за %s появится до": "The bill for %s will be here by",
	". Долга нет.":           ". You owe nothing.",
	"Ждём данные":            "Waiting for data",
	"Счета появятся до":      "Bills will be here by",
	"– как только поставщики пришлют начисления.": "– as soon as the suppliers send their charges.",

	"На проверке": "Being checked:",
	"Остальное можно оплатить отдельно.": "You can pay the rest separately.",

	"Посмотреть счёт": "View the bill",

	"Срок прошёл %s.": "The due date was %s.",

	"Пени на сегодня": "Penalty to date",
	"растут на":       "growing by",
	"в день":          "a day",

	"Начислено на":      "Charged",
	"больше, чем в %s.": "more than in %s.",
	"меньше, чем в %s.": "less than in %s.",

	"Начислено столько же, сколько в %s.": "Charged the same as in %s.",

	"Почему?": "Why?",

	"Всего":           "Total",
	"Оплатить вместе": "Pay together",
	"Поставщики":      "Suppliers",
	"Счёт %s.":        "Account %s.",
	"пока за %s":      "so far for %s",

	"Данные за %s,": "Data for %s,",
	"Показаний за %s пока нет. Передайте до %s.":   "There are no readings for %s yet. Give them by %s.",
	"Показания за %s есть. Исправить можно до %s.": "The readings for %s are in. You can correct them until %s.",

	"Последний день оплаты":      "Last day to pay",
	"Последний день показаний":   "Last day for readings",
	"К оплате %s %s.":            "To pay %s %s.",
	"Переплата %s %s.":           "Overpaid %s %s.",
	"Долга нет %s.":              "Nothing is owed %s.",
	"по данным поставщика на %s": "according to the supplier at %s",

	"К вашему входу не привязан ни один дом.": "No building is linked to your sign-in.",

	"Платить и менять отсюда нельзя.": "Nothing can be paid or changed from here.",

	// more, and what the pages behind it are for
	"Ещё": "More",

	"Оплата": "Payment",

	"Что и когда вы заплатили, чеки и возвраты": "What you paid and when, receipts and refunds",

	"Счёт оплачивается сам в выбранный день": "The bill is paid by itself on the day you choose",

	"Карты, которые вы сохранили": "Cards you have saved",

	"Справки, выписки, счета":                       "Certificates, statements, bills",
	"Сделать и скачать сразу; отказаться от бумаги": "Make and download at once; stop paper bills",

	"Настоящая ли это квитанция или справка": "Is this bill or certificate genuine",
	"Дом":     "Building",
	"Мой дом": "My building",
	"Сколько израсходовал весь дом и куда это ушло": "What the whole building used and where it went",
	"Сколько израсходовал весь дом":                 "What the whole building used",
	"Датчики": "Devices",
	"Счётчики, которые передают показания сами": "Meters that send their readings by themselves",
	"Я и близкие": "Me and my family",
	"Мои данные":  "My data",
	"Согласия, кто смотрел ваши данные, выгрузка и удаление": "Consents, who looked at your data, export and deletion",

	"За что вы платите: своё жильё, родители, гараж": "What you pay for: your own home, your parents', a garage",
	"Профиль и вход": "Profile and sign-in",
	"Телефон, почта, ключи доступа, ваши устройства": "Telephone, email, passkeys, your devices",

	"Счёт и показания в MAX и Telegram": "The bill and readings in MAX and Telegram",
	"Сообщения": "Messages",
	"Что мы вам писали, как и когда писать": "What we wrote to you, how and when to write",

	// another centre took the house over
	"Дом перешёл в другой расчётный центр": "The building has moved to another settlement centre",
	"Теперь счёт выставляет":               "The bill now comes from",
	"С %s": "From %s",

	"Дом ещё переезжает. Ссылка на новый счёт появится здесь – загляните завтра.":          "The building is still moving. The link to the new bill will be here: look again tomorrow.",
	"Долг, переплата, рассрочка и показания счётчиков перешли вместе с домом.":             "The debt, the overpayment, the instalment plan and the meter readings moved with the building.",
	"Уже заплатили по старой квитанции? Деньги не пропадут: мы передаём их новому центру.": "Already paid by the old bill? The money is not lost: we pass it on to the new centre.",
	"Если был автоплатёж, он у нас отключён. Подключите его заново в новом центре.":        "If you had autopay, it is off here. Turn it on again at the new centre.",
	"Пеней пока нет – они начнутся с %s":                                                   "There is no penalty yet: it starts on %s",
	"Считаем тех, кто прислал оба месяца.":                                                 "Only suppliers who sent both months are counted.",
	"по данным поставщика %s": "according to the supplier %s",
	"Такого счёта нет. Выставленные счета перечислены внизу страницы «Счёт».": "There is no such bill. Issued bills are listed at the bottom of the page “Bill”.",
}
