package text

// pagesStart are the sentences of the first page, of a bill by its code, of signing in, of the profile.
var pagesStart = map[string]string{
	"Оплата жилья и услуг одним счётом":                             "Housing and utilities on one bill",
	"Счета за жильё – в одном месте":                                "Bills for your home in one place",
	"Счёт за жильё и услуги":                                        "Bill for housing and utilities",
	"Найдём ваши счётчики по квитанции. Регистрация не нужна.":      "We find your meters by your bill. You need not register.",
	"Все поставщики на одной странице. Без регистрации и комиссии.": "All suppliers on one page. No registration, no fee.",

	"Код под номером счёта, 8 знаков. По нему мы понимаем, что квитанция у вас": "The code under the account number, 8 characters. It tells us that you have the bill",
	"Номер лицевого счёта или код с квитанции":                                  "Personal account number or code on the bill",
	"Номер – в правом верхнем углу квитанции":                                   "The number is in the top right corner of the bill",

	"Есть QR-код на квитанции? Наведите на него камеру телефона – счёт откроется сам. Камера не читает или код другого поставщика?": "Is there a QR code on the bill? Point the camera of your telephone at it and the bill opens by itself. The camera does not read it, or it is another supplier's code?",
	"Отправьте снимок": "Send a photo",

	"Продолжить с": "Continue with",
	"Забыть":       "Forget",
	"Код этой квитанции больше не действует: его сменили. Возьмите код с последней квитанции.": "The code of this bill no longer works: it was changed. Take the code from the latest bill.",
	"Ввести другой код": "Enter another code",
	"По этой ссылке счёта нет. Сверьте её с последней квитанцией или введите номер и код.": "There is no bill at this link. Check it against the latest bill or enter the number and the code.",
	"Ввести номер и код": "Enter number and code",
	"Есть счёт новее":    "There is a newer bill",
	"Вы открыли прежнюю квитанцию. Платите по новому счёту: сумма в нём уже другая.": "You opened an earlier bill. Pay the new one: its sum is different.",

	"Было выставлено за %s":                    "It was billed for %s",
	"в оплату всего счёта не входит.":          "is not in the payment of the whole bill.",
	"Кому пойдут деньги":                       "Who gets the money",
	"Заплатить часть, другую сумму или вперёд": "Pay a part, another sum or ahead",
	"Что в счёте":                              "What is on the bill",
	"Сохранить в мои счета":                    "Save to my accounts",
	"Счёт по квитанции":                        "Bill by its code",
	"моим счётом":                              "my account",

	"По коду на квитанции, без регистрации":  "By the code on the bill, without registration",
	"по номеру счёта, без регистрации":       "by the account number, without registration",
	"Воды, света, тепла, газа":               "Of water, electricity, heat, gas",
	"воды, света, газа":                      "of water, electricity, gas",
	"Узнать об отключении":                   "Find out about an outage",
	"Кто отвечает за ваш дом и кому звонить": "Who is responsible for your building and whom to call",
	"по адресу": "by address",
	"Показ":     "Demo",
	"Войти как житель, поставщик или расчётный центр":                   "Sign in as a resident, a supplier or the settlement centre",
	"Введите номер лицевого счёта – он в правом верхнем углу квитанции": "Enter the personal account number: it is in the top right corner of the bill",
	"Код не подошёл":          "The code is wrong",
	"Код больше не действует": "The code no longer works",
	"Прежний счёт":            "Earlier bill",
	"По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией": "Nothing was found. Check the number and the code against the latest bill",

	// staff
	"Вход для сотрудников": "Staff sign-in", "Логин": "Login", "Пароль": "Password", "Вход для сотрудников поставщиков и расчётного центра. Жители": "Sign-in for the staff of suppliers and the settlement centre. Residents", "входят по телефону": "sign in by telephone",
	"Это показ: войти без пароля": "This is a demo: sign in without a password", "Код из приложения": "Code from the app", "6 цифр для входа под логином %s. Никому их не называйте": "6 digits to sign in as %s. Tell them to nobody", "Код для входа": "Code to sign in",
	"Слишком много попыток. Новый вход можно начать в %s": "Too many attempts. You can sign in again at %s", "Логин и пароль не подошли друг к другу. Проверьте раскладку и попробуйте ещё раз": "The login or the password is wrong. Check the keyboard layout and try again",

	// telephone or mail
	"Вход": "Sign in", "Пришлём письмо со ссылкой и кодом": "We send an email with a link and a code", "Получить письмо": "Get the email",
	"Пришлём код. Пароль не нужен, регистрироваться заранее тоже": "We send a code. You need no password and need not register before", "Позвоните мне": "Call me", "Другие способы": "Other ways",
	"Войти по телефону": "Sign in by telephone", "Войти по почте": "Sign in by email", "Войти через Госуслуги": "Sign in through Gosuslugi", "Войти ключом доступа": "Sign in with a passkey",
	"Это не я: пришло сообщение о чужом входе": "It was not me: I got a message about somebody's sign-in", "Это показ: войти без кода": "This is a demo: sign in without a code",
	"Ключ доступа (отпечаток, лицо, код экрана) работает в браузере с включёнными скриптами. Без него входят по коду.": "A passkey (fingerprint, face, screen lock) works in a browser with scripts on. Without it sign in by a code.",
	"Ключ не сработал. Попробуйте ещё раз или возьмите код.":                                                           "The passkey did not work. Try again or use a code.",
	"Новый код отправлен. Прежний больше не подойдёт.":                                                                 "A new code is on its way. The old one no longer works.", "Код": "Code", "Никому не называйте код, даже сотруднику расчётного центра.": "Tell the code to nobody, not even to the staff of the settlement centre.",
	"Код не пришёл?": "No code?", "Прислать письмо ещё раз": "Send the email again", "Прислать SMS ещё раз": "Send the SMS again", "Выбрать другой способ": "Choose another way",
	"Звоним на %s. Робот назовёт 6 цифр": "We are calling %s. A robot will say 6 digits", "6 цифр из письма на %s. Код действует 15 минут": "6 digits from the email to %s. The code works for 15 minutes", "6 цифр из SMS на %s. Код действует 5 минут": "6 digits from the SMS to %s. The code works for 5 minutes",
	"Подтвердить": "Confirm", "Введите код": "Enter the code", "Вход по ссылке": "Sign in by a link", "Запросить новую": "Ask for a new one",
	"Вы открыли ссылку из письма. Нажмите кнопку, чтобы войти на этом устройстве.": "You opened the link of an email. Press the button to sign in on this device.", "Если вы не просили о входе, закройте страницу.": "If you did not ask to sign in, close the page.",
	"Вы меняете важное. Чтобы этого не сделал кто-то другой с вашего устройства, подтвердите ещё раз, что это вы.": "You are changing something important. So that nobody else does it from your device, show once more that it is you.",
	"Куда прислать код": "Where to send the code", "Подтвердить через Госуслуги": "Confirm through Gosuslugi", "Войти заново другим способом": "Sign in anew another way",
	"Все устройства вышли": "All devices are signed out", "То, о чём мы писали, отменено. Войдите сами и проверьте телефон и почту в профиле.": "What we wrote about is undone. Sign in yourself and check the telephone and the email in the profile.",
	"Если мы написали о чужом входе, новом телефоне или ключе, а это были не вы, введите код из сообщения. Все устройства выйдут, а то, о чём мы писали, отменится.": "If we wrote about a sign-in, a new telephone or a passkey and it was not you, enter the code of the message. All devices will be signed out and what we wrote about will be undone.",
	"Код из сообщения": "Code from the message", "12 цифр": "12 digits", "Это не я – выйти везде": "It was not me: sign out everywhere", "Деньги и показания это не тронет. Нет кода – позвоните нам.": "It does not touch money and readings. No code? Call us.", "Это не я": "It was not me",
	"Вы вошли": "You are signed in", "Запись Госуслуг не подтверждена": "The Gosuslugi account is not confirmed", "Поэтому счета и долги закрыты. Подтвердите запись в МФЦ или в своём банке, или войдите по телефону.": "So bills and debts are closed. Confirm the account at a public services centre (MFC) or at your bank, or sign in by telephone.",
	"Вы вошли, но счетов здесь пока нет. Добавьте первый: нужны номер лицевого счёта и код с квитанции.":                             "You are signed in, but there are no accounts here yet. Add the first one: you need the personal account number and the code on the bill.",
	"Раньше входили по-другому, например по телефону? Войдите так же – ваши счета там. Потом добавите новый способ входа в профиле.": "Did you sign in another way before, for example by telephone? Sign in that way: your accounts are there. Then add a new way to sign in on the page Profile.",
	"Профиль: телефон, почта, устройства": "Profile: telephone, email, devices",

	// profile
	"Профиль": "Profile", "Телефон и почта": "Telephone and email", "По ним вы входите, и на них приходят сообщения.": "You sign in by them, and messages come to them.", "Убрать": "Remove",
	"Новый телефон или почта": "New telephone or email", "Пришлём код, чтобы проверить. Сменился номер – добавьте новый и уберите старый": "We send a code to check it. If your number changed, add the new one and remove the old one", "Добавить, код звонком": "Add, code by a call",
	"Входить ещё и через Госуслуги": "Sign in through Gosuslugi too", "Госуслуги": "Gosuslugi", "вход подключён": "sign-in is on", "Ключи доступа": "Passkeys", "С ключом входят отпечатком, лицом или кодом экрана – без SMS.": "With a passkey you sign in by fingerprint, face or screen lock, without an SMS.",
	"Удалить": "Delete", "Удалить ключ %s": "Delete the passkey %s", "Создать ключ на этом устройстве": "Make a passkey on this device", "Создан %s": "Made %s", "Создан %s, входили %s": "Made %s, last used %s",
	"Где вы вошли": "Where you are signed in", "это устройство, вход %s": "this device, signed in %s", "вход %s, открывали %s": "signed in %s, last opened %s", "Закрыть": "Sign out", "Выйти на всех других устройствах": "Sign out on all other devices",
	"Размер текста и цвета": "Text size and colours", "Добавлено. По этому контакту можно входить": "Added. You can sign in by this contact", "Контакт убран": "The contact is removed", "Ключ создан. Теперь можно входить с ним": "The passkey is made. You can sign in with it now", "Ключ удалён": "The passkey is deleted",
	"Вход закрыт": "Signed out", "На других устройствах вы вышли": "You are signed out on the other devices", "Такого контакта у вас нет.": "You have no such contact.", "Браузер": "Browser", "Яндекс Браузер": "Yandex Browser",

	// the demo
	"Показ: войти как…": "Demo: sign in as…", "Показ: кем войти": "Demo: whom to sign in as", "Войти как…": "Sign in as…", "Город выдуман: адреса, люди и суммы не настоящие. Войдите и попробуйте.": "The town is made up: addresses, people and sums are not real. Sign in and try.", "Все состояния страниц": "All states of the pages",
	"Показ: телефон и почта": "Demo: telephone and mail", "Показ: телефон молчит": "Demo: no messages", "Сюда приходит всё, что Квит пишет людям показа: коды для входа, SMS, звонки, письма и уведомления. Их принимают учебные шлюзы на этом же компьютере.": "All that Kvit writes to the people of the demo comes here: codes to sign in, SMS, calls, emails and notifications. Training gateways on this very computer take them.",
	"Пока ничего не пришло": "Nothing has come yet", "Войдите по номеру телефона или сделайте что-нибудь, о чём пишут: сообщение появится здесь.": "Sign in by a telephone number or do something people are told about: the message will be here.",
	"Показ: все состояния страниц": "Demo: all states of the pages", "Город выдуман. Кнопка впускает нужного человека и открывает страницу в этом состоянии. Данные настоящие для показа: если заплатить или ответить, состояние изменится.": "The town is made up. A button signs in the right person and opens the page in this state. The data are live: if you pay or answer, the state changes.",
	"Эта страница показа работает только на этом же компьютере.": "This page of the demo works only on this very computer.", "Ссылки для показа работают только на этом же компьютере.": "The links of the demo work only on this very computer.",
	"Житель": "Resident", "Оператор поставщика": "Supplier's operator", "Расчётный центр": "Settlement centre", "Звонок": "Call", "Письмо": "Email", "Уведомление": "Notification",

	"Закрыть вход %s: %s": "Sign out %s: %s",
	"устройство":          "device",
	"Продолжить с %s":     "Continue with %s",
}
