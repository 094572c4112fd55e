package text

// pagesStates are the names of states on the page for reviewers of a demo, and what its service and doors say.
var pagesStates = map[string]string{
	"Начало": "Start", "первый визит, сообщение сервиса; после счёта по квитанции – знакомое устройство": "first visit, a message of the service; after a bill by its code a known device", "первый визит": "first visit", "за показаниями": "for readings",
	"с чего начать": "where to begin", "дома": "of a building", "два дня рядом": "two days side by side", "для адреса их нет": "none for the address", "выбор из улицы": "a choice within a street", "дом не наш": "not our building", "адрес не нашли": "address not found",
	"как сейчас": "as it is now", "остановлен, когда будут новости": "stopped, when there will be news", "вопросы": "questions", "нашли": "found", "не нашли": "not found", "как читать счёт": "how to read the bill", "одно": "one",
	"открыт": "open", "есть счёт новее": "there is a newer bill", "показания без входа": "readings without signing in", "такого кода нет": "no such code", "код сменили": "the code was changed",
	"вошёл новый человек, счетов нет": "a new person signed in, no accounts", "контакты, ключи, устройства": "contacts, passkeys, devices", "подтвердить, что это вы": "confirm that it is you", "оплата по QR-коду": "payment by QR code", "код устарел": "the code is out of date",
	"по почте": "by email", "ссылка из письма": "link of an email", "это не я": "it was not me", "сотрудники": "staff", "все компоненты": "all components",
	"сегодня": "today", "к оплате": "to pay", "срок прошёл, пеней нет": "overdue, no penalty", "растут пени": "the penalty grows", "счёта за месяц ещё нет": "no bill for the month yet", "новый счёт без данных": "a new account without data",
	"на день, когда данных не было": "as of a day without data", "много месяцев": "many months", "один месяц": "one month",
	"выросла или упала": "grew or fell", "сравнивать не с чем": "nothing to compare with", "такого месяца нет": "no such month", "Строка счёта": "Line of a bill", "сумма поставщика рядом с нашей": "the supplier's sum beside ours", "сумма поставщика пересчитана": "the supplier's sum checked",
	"Проверка платежа": "Check of a payment", "весь счёт": "the whole bill", "выбранное": "chosen parts", "часть": "a part", "больше долга": "above the debt", "сумма не цифрами": "a sum not in figures", "банк ещё не ответил": "the bank has not answered yet", "спорное отложено": "the disputed sum is left out",
	"нет платежей": "no payments", "все виды": "all kinds", "Результат платежа": "Result of a payment", "возвращён": "refunded", "время вышло": "time ran out",
	"прошлый месяц": "last month", "моя квартира среди других": "my flat among the others", "данных нет": "no data", "Спор о строке": "Dispute of a line", "что не так": "what is wrong", "ни одного": "none", "согласия, кто смотрел, выгрузка": "consents, who looked, export", "список": "a list", "спорная строка": "a disputed line", "Обращение": "Appeal",
	"чатов нет": "no chats", "чат подключён": "a chat is linked", "что можно сделать": "what can be made", "бумажный счёт": "paper bill", "Проверка": "Check", "начало": "beginning", "неизвестный документ": "unknown document", "чужие реквизиты": "somebody else's bank details", "сообщить о подделке": "report a forgery", "отозванный документ": "withdrawn document",
	"номер и код": "number and code", "есть": "some", "SMS не доставлено": "the SMS did not arrive", "настройки": "settings", "телефон и почта показа": "telephone and mail of the demo",

	"Это показ": "This is a demo", "Город, люди и банки выдуманы. Платить по этим счетам нельзя.": "The town, the people and the banks are made up. These bills must not be paid.", "Не проходили платежи через учебный банк": "Payments through the training bank failed", "Банк не отвечает. Начатые платежи не потеряются.": "The bank does not answer. Payments under way are not lost.", "Банк отвечает. Платежи, которые ждали, прошли.": "The bank answers. The payments that waited went through.",
	"Живой счёт семьи: все поставщики на одной странице, оплата через учебный банк; электроэнергию считает Квит – по счётчику, с перерасчётом": "A household's live bill: all suppliers on one page, payment through a training bank; Kvit works out electricity by the meter, with a recalculation",
	"Загрузка файлов, протоколы, платежи и реестры": "Uploads of files, reports, payments and registers", "Сегодня, поиск, абонент, сомнительные соединения": "Today, search, subscriber, doubtful matches", "Начисление месяца: проверки, утверждение, счета": "Charge of the month: checks, approval, bills",
	"Найти по номеру или сканером, принять деньги, квитанция, смена": "Find by number or scanner, take money, receipt, shift", "Житель с платежами всех видов": "A resident with payments of all kinds", "Оплачено, возвращено, возвращена часть, спор, истекло, отклонено, ждём банк": "Paid, refunded, partly refunded, dispute, expired, declined, waiting for the bank",

	// the state of parts of the service
	"Передача в ГИС ЖКХ": "Exchange with GIS ZhKKh", "Часть страниц не открывается с первого раза.": "Some pages do not open at once.", "Большинство страниц сейчас не открывается.": "Most pages do not open now.", "Данные сейчас не читаются.": "Data cannot be read now.", "Страницы открываются медленно.": "Pages open slowly.",
	"Банк отвечает не на все платежи.": "The bank does not answer all payments.", "Новые суммы появятся на счетах позже обычного.": "New sums reach the accounts later than usual.", "ГИС ЖКХ не ответила на %d сообщений. Повторяем.": "GIS ZhKKh did not answer %d {1|message|messages}. We try again.", "ЮKassa": "YooKassa", "Т-Банк": "T-Bank", "Райффайзен Банк": "Raiffeisen Bank",
	"подлинная": "genuine",
}
