package text

// pagesPublic are the sentences of the pages of tariffs, of the building, of the service's state.
var pagesPublic = map[string]string{
	"Цены услуг по адресу дома или по поставщику: сейчас, раньше и те, что уже утверждены.": "Prices of services by address or by supplier: now, before, and those approved already.", "Или поставщик": "Or a supplier",
	"Тарифов здесь пока нет": "There are no tariffs here yet", "Поставщики этого дома ещё не передали нам тарифы. Сумма и цена стоят в вашем счёте у каждой услуги. Спросить можно у поставщика.": "The suppliers of this building have not given us their tariffs yet. The sum and the price stand on your bill beside each service. You can ask the supplier.",
	"Другой адрес или поставщик": "Another address or supplier", "Цены не зависят от способа оплаты. Откуда цена, написано под ней: кто утвердил и каким документом.": "Prices do not depend on how you pay. Under each price is where it comes from: who approved it and by what document.",
	"Тарифы нам не передали.": "We were not given the tariffs.", "Цену видно в счёте.": "The price is on the bill.", "Скачать таблицей CSV": "Download as a CSV table", "За что": "For what", "Сейчас": "Now", "Что дальше": "What next", "ещё не действует": "not in force yet", "не объявлено": "not announced",
	"Что было раньше": "What it was before", "Сравнить два дня": "Compare two days", "Первый день": "First day", "Второй день": "Second day", "Вернуться к ценам на сегодня": "Back to today's prices", "Дату пишут так: 31.10.2026": "A date is written like this: 31.10.2026",
	"₽ за %s": "₽ per %s", "₽ за %s в год": "₽ per %s a year", "₽ за %s в месяц": "₽ per %s a month", "нет": "none", "не изменилась": "not changed", "для всех": "for everybody",
	"Такого дома или поставщика нет. Выберите его на странице «Тарифы».": "There is no such building or supplier. Choose it on the page “Tariffs”.",

	// the building
	"Данных дома пока нет": "There are no data of the building yet", "Здесь будет расход всего дома: сколько ушло квартирам, на общие нужды и сколько потеряно. Числа появятся с показаниями общедомового счётчика.": "Here will be what the whole building used: how much went to the flats, to common needs, and how much was lost. The figures come with the readings of the building meter.",
	"предварительно": "estimate", "Куда ушло": "Where it went", "Сколько": "How much", "Кто обслуживает": "Who serves", "Показываем только весь дом. Расход соседей не виден никому из жильцов.": "We show the whole building only. No resident sees what the neighbours used.",
	"Счета дома за %s": "Bills of the building for %s", "Квартир со счётом": "Flats with a bill", "Начислено всему дому": "Charged to the whole building", "В среднем на квартиру": "On average for a flat", "Оплатили полностью": "Paid in full", "Моя квартира среди других": "My flat among the others",
	"Покажем, много или мало воды и света уходит у вас рядом с другими квартирами дома. Ваши числа видите только вы.": "We show whether you use much or little water and electricity beside the other flats of the building. Only you see your figures.", "Сравнить мой расход": "Compare my use", "Сравнить пока нечего: объёмов за %s у вас или у соседей нет.": "There is nothing to compare yet: you or your neighbours have no volumes for %s.", "Больше не сравнивать": "Compare no more",

	"Дом по общедомовому счётчику": "Building by its meter", "Квартиры по счётчикам": "Flats by meters", "Квартиры по среднему": "Flats by the average", "Квартиры по нормативу": "Flats by the standard rate", "Квартиры по данным поставщика": "Flats by the supplier's data", "Общие нужды, начислено": "Common needs, charged", "Нежилые помещения": "Non-residential premises", "На тепло и горячую воду дома": "For heat and hot water of the building", "Потери": "Losses",
	"дом": "building", "квартиры и общие нужды": "flats and common needs",
	"%s за год": "%s in a year", "%s: потери %s": "%s: losses %s", "%s: потери больше обычных %s": "%s: losses above the usual %s", "%s: потери меньше обычных %s": "%s: losses below the usual %s", "%s: потери обычные, %s": "%s: losses as usual, %s",
	"За %s данных нет.": "There are no data for %s.", "По данным на сегодня, за %s данных нет.": "By today's data there is nothing for %s.", "За %s квартиры израсходовали %s. Показаний общедомового счётчика нет.": "In %s the flats used %s. There are no readings of the building meter.", "По данным на сегодня, за %s квартиры израсходовали %s. Показаний общедомового счётчика нет.": "By today's data, in %s the flats used %s. There are no readings of the building meter.",
	"За %s дом израсходовал %s. Расход квартир пока неизвестен.": "In %s the building used %s. What the flats used is not known yet.", "По данным на сегодня, за %s дом израсходовал %s. Расход квартир пока неизвестен.": "By today's data, in %s the building used %s. What the flats used is not known yet.",
	"За %s дом израсходовал %s. Квартирам начислили на %s больше.": "In %s the building used %s. The flats were charged %s more.", "По данным на сегодня, за %s дом израсходовал %s. Квартирам начислили на %s больше.": "By today's data, in %s the building used %s. The flats were charged %s more.",
	"За %s дом израсходовал %s, из них квартиры %s. Потери %s (%s %%).": "In %s the building used %s, of which the flats %s. Losses %s (%s %%).", "За %s дом израсходовал %s, из них квартиры %s, общие нужды %s. Потери %s (%s %%).": "In %s the building used %s, of which the flats %s and common needs %s. Losses %s (%s %%).",
	"По данным на сегодня, за %s дом израсходовал %s, из них квартиры %s. Потери %s (%s %%).": "By today's data, in %s the building used %s, of which the flats %s. Losses %s (%s %%).", "По данным на сегодня, за %s дом израсходовал %s, из них квартиры %s, общие нужды %s. Потери %s (%s %%).": "By today's data, in %s the building used %s, of which the flats %s and common needs %s. Losses %s (%s %%).",

	// the state of the service
	"Проверено %s": "Checked %s", "Что сейчас не так": "What is wrong now", "Наблюдений ещё нет": "There are no observations yet", "Они появятся здесь через минуту после запуска. Страница открылась – значит, сервис работает.": "They will be here a minute after the start. The page opened, so the service works.",
	"Из чего состоит сервис": "Parts of the service", "Одна полоска – один день, последний справа. Чем полоска выше, тем хуже был день. Точкой отмечен день без наблюдений.": "One bar is one day, the last on the right. The higher the bar, the worse the day. A dot is a day without observations.", "Что было за 90 дней": "The last 90 days",
	"Деньги и показания, которые вы отправили, при сбое не теряются.": "Money and readings you have sent are not lost in a failure.", "Следующие новости – %s": "Next news: %s", "Наблюдаем с сегодняшнего дня": "Watched since today", "Дни со сбоями": "Days with failures",
	"с перебоями": "with breaks", "не работает": "does not work", "Всё работает": "Everything works", "Часть сервиса работает с перебоями": "Part of the service works with breaks", "Сервис сейчас не работает": "The service does not work now",
	"Так выглядит сбой в показе.": "This is how a failure looks in the demo.", "Счета не открываются": "Bills do not open", "Меняем диск. Платежи и показания сохранены.": "We are changing a disk. Payments and readings are safe.", "закончилось": "over", "Что с сервисом": "About the service",
	"Страницы": "Pages", "Хранение данных": "Storage of data", "Приём данных поставщиков": "Intake of suppliers' data", "Оплата: %s": "Payment: %s",
	"на %s больше": "%s more",
	"на %s меньше": "%s less",
	"%s: у вас %s": "%s: you use %s",
	"как у половины квартир дома":                   "as much as half of the flats",
	"меньше, чем у трёх четвертей квартир дома":     "less than three quarters of the flats",
	"больше, чем у трёх четвертей квартир дома":     "more than three quarters of the flats",
	"Телефон поставщика:":                           "The supplier's telephone:",
	"не работало":                                   "did not work",
	"Работало %s времени, наблюдали дней: %s из %s": "Worked %s of the time, days watched: %s of %s",
	"Месяц не прочитался. Введите так: 2026-10.":    "The month could not be read. Enter it like this: 2026-10.",
	"%s ₽ (%s)": "%s ₽ (%s)",

	// news of failures by email and as a feed
	"Подписки по почте здесь нет.":              "There are no news by email here.",
	"Подписка на новости сервиса":               "News of the service by email",
	"Присылать письма о сбоях на ваш адрес?":    "Send emails about failures to your address?",
	"Да, присылать":                             "Yes, send them",
	"Подписали. Напишем, если что-то сломается": "You are subscribed. We will write if something breaks",
	"Не писать о сбоях":                         "No more news of failures",
	"Больше не присылать письма о сбоях?":       "Send no more emails about failures?",
	"Больше не пишем. Адрес стёрли":             "We write no more. The address is erased",
	"Узнавать о сбоях":                          "Get news of failures",
	"Проверьте почту":                           "Check your email",
	"Если этот адрес ещё не подписан, на него придёт письмо. Откройте ссылку из него и подтвердите.": "If this address is not subscribed yet, an email comes to it. Open the link in it and confirm.",
	"Электронная почта": "Email",
	"Пришлём письмо о сбое и о том, что он закончился. Отписаться можно одним нажатием": "We email you when there is a failure and when it is over. You can unsubscribe with one press",
	"Подписаться":                   "Subscribe",
	"Для программ чтения новостей:": "For news readers:",
	"лента Atom":                    "Atom feed",
}
