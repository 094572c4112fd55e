package text

// pagesMyData are the sentences of the pages about a person's data and about messages to him.
var pagesMyData = map[string]string{
	"Данные удалены": "The data are deleted",
	"Телефон, почта, входы, фото и ваши слова удалены. Начисления и платежи хранит закон – без имени. Оплатить счёт можно по коду с квитанции.": "The telephone, email, sign-ins, photos and your words are deleted. The law keeps charges and payments, without a name. You can pay a bill by the code on it.",
	"Согласия": "Consents",
	"Начислять и принимать оплату разрешает закон. Согласие нужно только на то, что ниже. Без него всё остальное работает.": "The law allows us to charge and take payments. Consent is needed only for what is below. All the rest works without it.",
	"согласие дано": "consent given", "нет согласия": "no consent", "Текст изменился. Прочитайте его и решите заново.": "The text has changed. Read it and decide anew.",
	"Отозвать согласие: %s": "Withdraw the consent: %s", "Согласиться: %s": "Agree: %s", "Согласиться": "Agree",
	"Кто смотрел ваши данные": "Who looked at your data", "Никто. Сотрудники видны здесь сразу: кто, когда и что открывал.": "Nobody. Staff are shown here at once: who opened what and when.",

	"Мои данные файлом": "My data in a file", "Соберём всё, что о вас есть: контакты, адреса, счета, платежи, счётчики, обращения. Обычно это минута.": "We collect all there is about you: contacts, addresses, bills, payments, meters, appeals. It usually takes a minute.",
	"Скачать, %s": "Download, %s", "Файл лежит до %s. Внутри страница для чтения и данные для программ.": "The file stays until %s. Inside are a page to read and data for programs.",
	"собираем": "collecting", "Страницу можно закрыть: файл появится здесь.": "You can close the page: the file will be here.", "Собрать мои данные": "Collect my data",
	"Удалить мои данные": "Delete my data", "Удалить вход и всё, что я о себе оставил": "Delete my sign-in and all I left about myself",
	"Удалим сразу: телефон и почту, входы и устройства, фото, ваши слова в обращениях. Начисления и платежи закон велит хранить: они останутся без имени. Резервные копии стираются за 35 дней.": "We delete at once: telephone and email, sign-ins and devices, photos, your words in appeals. The law makes us keep charges and payments: they stay without a name. Backups are wiped within 35 days.",
	"Понимаю: вернуть данные будет нельзя": "I understand that the data cannot be brought back",
	"Оператор расчётного центра":           "Operator of the settlement centre", "Бухгалтер расчётного центра": "Accountant of the settlement centre", "Проверяющий": "Auditor", "Кассир расчётного центра": "Cashier of the settlement centre", "Сотрудник": "Member of staff",
	"карточка абонента": "subscriber's card", "счёт в кассе": "bill at the cash desk", "звонок жителя": "the resident called",

	"Счёт только в электронном виде": "Bill in electronic form only", "Согласен получать платёжный документ в личном кабинете и на почту вместо бумаги.": "I agree to get the bill on this site and by email instead of on paper.", "Со следующего месяца снова придёт бумажная квитанция.": "From next month the bill comes on paper again.",
	"Хранить карту": "Keep the card", "Согласен, чтобы банк запомнил мою карту для следующих платежей. Номер карты у нас не хранится.": "I agree that the bank saves my card for the next payments. We do not keep the number of the card.", "Сохранённые карты забудем. Автоплатёж с них остановится.": "We forget the saved cards. Autopay from them stops.",
	"Напоминания и новости": "Reminders and news", "Согласен получать напоминания о счёте, показаниях и новости дома.": "I agree to get reminders of the bill and of readings, and news of the building.", "Оставим только то, что требует закон, и сообщения об авариях.": "Only what the law requires and messages about accidents stay.",
	"Ответы в мессенджере": "Answers in a messenger", "Согласен, чтобы бот отвечал мне в мессенджере: счёт, показания, справки.": "I agree that the bot answers me in a messenger: bill, readings, certificates.", "Бот перестанет отвечать и забудет ваш чат.": "The bot stops answering and forgets your chat.",

	// messages
	"SMS не доставлено, проверьте номер": "The SMS did not arrive, check the number", "Последнее сообщение до вас не дошло. Проверьте номер в разделе «Ещё».": "The last message did not reach you. Check the number under “More”.",
	"Не дозвонились, проверьте номер": "The call was not answered, check the number", "Письмо не доставлено, проверьте адрес": "The email did not arrive, check the address",
	"Как и когда нам писать вам": "How and when to write to you", "Темы": "Topics", "Сообщений пока нет": "There are no messages yet", "Сообщений нет": "No messages", "Здесь появится всё, что мы вам писали: счета, напоминания, ответы. Первое придёт с новым счётом.": "All that we wrote to you will be here: bills, reminders, answers. The first comes with a new bill.",
	"Все": "All", "доставлено": "delivered", "только здесь": "only here", "не доставлено": "not delivered", "в пути": "on its way",
	"Новый счёт": "New bill", "Счёт не оплачен": "Bill not paid", "Пора передать показания": "Time to give readings", "Платежи, возвраты, автоплатёж": "Payments, refunds, autopay", "Обращения и споры": "Appeals and disputes", "Поверка счётчиков": "Verification of meters", "Отключения и аварии": "Outages and accidents", "Вход и безопасность": "Sign-in and security",

	"Уведомление в браузере": "Notification in the browser", "На этой странице": "On this page",
	"Сохранено": "Saved", "Больше не пишем. О входе и смене данных сообщим всё равно": "We write no more. We still tell you about sign-ins and changes of your data", "Снова пишем вам": "We write to you again", "Уведомления в этом браузере включены": "Notifications in this browser are on", "Уведомления в браузерах выключены": "Notifications in browsers are off",
	"Как нам писать вам": "How to write to you", "Войдите по номеру телефона: настройки у каждого человека свои.": "Sign in by telephone number: each person has settings of his own.",
	"Сообщения выключены": "Messages are off", "Пишем только о входе и смене данных. Остальное смотрите на странице «Сообщения».": "We write only about sign-ins and changes of your data. See the rest on the page “Messages”.", "Писать пока некуда": "There is nowhere to write yet", "Добавьте телефон, почту или мессенджер. Пока всё показываем на странице «Сообщения».": "Add a telephone, an email or a messenger. Until then all is on the page “Messages”.",
	"Сначала пробуем первый способ. Если не получилось – следующий:": "We try the first way. If it fails, the next:", "О чём писать": "What to write about", ": пишем всегда, всеми способами": ": we always write, by all ways", "Когда не беспокоить": "When not to disturb", "С какого часа": "From what hour", "До какого часа": "Until what hour",
	"Аварии и вход в кабинет – в любое время": "Accidents and sign-ins come at any time", "Только важное: без напоминаний и готовых документов": "Only what matters: no reminders, no documents", "Звонить вместо SMS": "Call instead of an SMS", "Уведомления в браузере": "Notifications in the browser",
	"Выключить во всех": "Turn off in all", "Сообщение появится на экране, даже если страница закрыта. Нужен браузер с уведомлениями.": "A message appears on the screen even when the page is closed. You need a browser with notifications.", "Включить в этом браузере": "Turn on in this browser",
	"Не писать мне": "Do not write to me", "Согласие на сообщения можно отозвать. О входе и смене данных напишем всё равно: это ваша безопасность.": "You can withdraw the consent to messages. We still write about sign-ins and changes of your data: it is your security.", "Больше не писать": "Write no more", "Снова писать мне": "Write to me again", "Счета, напоминания и ответы будут приходить, как раньше.": "Bills, reminders and answers will come as before.", "Писать снова": "Write again", "Все сообщения": "All messages",
	"%s раз": "%s {1|time|times}",
	"Включены, браузеров: %s.":        "On, browsers: %s.",
	"Сообщение шлюза не прочиталось.": "The gateway's message could not be read.",
	"Уведомление не прочиталось.":     "The notification could not be read.",

	"не прочитано": "unread", "новых: %s": "new: %s", "новое": "new", "Отметить все прочитанными": "Mark all as read", "Прочитано": "Mark as read", "Прочитано: %s": "Mark as read: %s",
}
