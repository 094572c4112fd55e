package text

// pagesFrame is what stands around every page, the parts pages are made of, and the pages of failures (internal/web).
var pagesFrame = map[string]string{

	"К содержанию": "Skip to content",
	"Разделы":      "Sections",
	"Найти: номер счёта или адрес": "Find: account number or address",
	"Номер счёта или адрес":        "Account number or address",
	"Найти": "Find",

	"Выйти":              "Sign out",
	"ждут решения":       "to decide",
	"Где вы":             "Where you are",
	"Для всех":           "For everybody",
	"Помощь по телефону": "Help by telephone",
	"Размер текста":      "Text size",
	"Текст %s процентов": "Text at %s per cent",
	"А":                  "A",
	"Цвета страницы":     "Colours of the page",
	"Цвета":              "Colours",
	"Как в системе":      "As the device",
	"Светлые":            "Light",
	"Тёмные":             "Dark",
	"Доступность":        "Accessibility",
	"Помощь":             "Help",

	"Ваши данные":          "Your data",
	"ежедневно":            "every day",
	"ежедневно %s":         "every day %s",
	"ежедневно с %s до %s": "every day %s to %s",

	"необязательно":    "optional",
	"Проверьте данные": "Check what you entered",
	"Показать числа":   "Show the figures",

	"Причина": "Cause",

	"Разница, %s": "Difference, %s",

	"неизвестно": "not known",

	"Назад":                     "Back",
	"Дальше":                    "Next",
	"Страницы списка":           "Pages of the list",
	"С какого дня":              "From",
	"По какой день":             "To",
	"Фото счётчика %s, открыть": "Photo of the meter %s, open",
	"Закрашено – прибавилось, контур – убавилось.": "Filled bars went up, outlined bars went down.",
	"Закрашено – %s":               "Filled: %s",
	"контур – %s":                  "outline: %s",
	"Штриховка – данных нет":       "Hatched: no data",
	"Закрашено – %s, контур – %s.": "Filled: %s, outline: %s.",
	"Закрашено – %s, контур – %s. Штриховка – данных нет.": "Filled: %s, outline: %s. Hatched: no data.",
	"Контур – %s, закрашено – %s. Пунктир – неизвестно.":   "Outline: %s, filled: %s. Dashed: not known.",
	"У вас": "You",
	"Четверть квартир тратит меньше": "A quarter of flats use less than",
	"Половина квартир тратит меньше": "Half of flats use less than",
	"Четверть квартир тратит больше": "A quarter of flats use more than",
	"Полоса – у половины квартир, черта в ней – посередине, точка – у вас. Сравниваем с %s квартирами дома.": "The band is half of the flats, the line in it is the middle, the dot is you. Compared with %s flats of the house.",

	"Отправляем…": "Sending…",

	"Нужно войти":               "Sign in first",
	"Сюда нет доступа":          "You may not open this",
	"Не нашли":                  "Not found",
	"Данные уже изменились":     "The data have changed",
	"Слишком много попыток":     "Too many tries",
	"Сервис сейчас не отвечает": "The service does not answer now",
	"Этого уже нет":             "This is gone",
	"Страница не открылась":     "The page did not open",

	"Можно позвонить": "You can call",
	"Номер случая":    "Case number",
	"Поломка у нас. Показания и платежи, которые вы уже отправили, сохранены.":     "Something broke on our side. Readings and payments you have already sent are safe.",
	"Больше %d МБ за раз не принимаем. Разделите файл на части.":                   "We take no more than %d MB at once. Split the file.",
	"Нужен ключ повтора: от 8 до 64 латинских букв, цифр и дефисов.":               "A key of repetition is needed: 8 to 64 Latin letters, digits and hyphens.",
	"Такой страницы нет. Возможно, адрес набран с ошибкой или страница переехала.": "There is no such page. The address may be mistyped, or the page has moved.",
	"Так эту страницу открыть нельзя. Начните с главной страницы.":                 "This page cannot be opened like this. Begin at the first page.",
	"Запрос пришёл с другого сайта. Откройте страницу на нашем сайте и повторите.": "The request came from another site. Open the page on our site and try again.",
	"Вход ещё не настроен.":                              "Signing in is not set up yet.",
	"Номер страницы – от 1 до %d. Дальше поможет отбор.": "Pages go from 1 to %d. Beyond that, narrow the list down.",

	"Конец срока раньше начала. Поменяйте даты местами.":                                                            "The end is before the beginning. Swap the dates.",
	"Срок длиннее %d дней. Возьмите год или меньше.":                                                                "This is longer than %d days. Take a year or less.",
	"Форма устарела: за это время вы вошли или вышли. Откройте страницу ещё раз и повторите, ничего не отправлено.": "The form is out of date: you have signed in or out since. Open the page again and repeat, nothing was sent.",
	"Форма не прочитана. Откройте страницу ещё раз и повторите.":                                                    "The form could not be read. Open the page again and repeat.",

	"Нет связи": "No connection",
	"Страница не открылась: телефон не в сети. Деньги без связи не уходят, ничего не потеряно.": "The page did not open: the phone is offline. No money leaves without a connection, nothing is lost.",
	"Что есть в телефоне": "What is on the phone",
	"Последний счёт":      "The last bill",
	"Счётчики: показания можно записать сейчас, уйдут позже": "Meters: write readings down now, they are sent later",
	"Счета за жильё, показания и оплата на одной странице":   "Bills of your home, readings and payment on one page",
}

// pagesStyle is the page of the design system.
var pagesStyle = map[string]string{
	"Сумма могла измениться.": "The sum may have changed.", "Списания не было.": "No money was taken.",
	"Здесь появятся платежи с датой и чеком.": "Payments appear here with their day and receipt.",

	"Главная сумма": "The main sum", "Кнопки": "Buttons", "Состояния": "States", "Форма": "Form", "Можно с копейками": "Kopecks are welcome", "сто": "a hundred",
	"Что в столбце": "What the column holds", "номер счёта": "account number", "Файл": "File", "Суммы": "Sums", "на телефоне каждая строка становится карточкой": "on a phone each row becomes a card",
	"Вид": "View", "Виды": "Views", "Читаем строки": "Reading rows", "Спорные": "In dispute", "скоро срок": "due soon", "Больше всего стоит отопление": "Heating costs most",
	"Всё сделано": "All done", "Ничего не ждёт человека.": "Nothing waits for a person.", "Ответ будет до 15:30.": "The answer comes by 15:30.",
	"Выберите, как заплатить": "Choose how to pay", "Больше всего прибавило отопление": "Heating added most",
	"отопление: расход": "heating: consumption", "горячая вода: способ расчёта": "hot water: way of charging",
	"Холодной воды ушло на 9 м³ меньше, чем годом раньше": "9 m³ less cold water than a year before", "За те же месяцы было 73 м³, стало 64 м³.": "In the same months it was 73 m³, it is 64 m³.",
	"Календарь месяца": "Calendar of the month", "Счёт за октябрь": "Bill for October", "Холодная вода: у вас больше, чем у половины квартир дома": "Cold water: you use more than half of the flats of the house",
}
