package text

// pagesReadings are the sentences of the pages of readings and meters.
var pagesReadings = map[string]string{
	"Счётчиков пока нет": "There are no meters yet",
	"Здесь появятся счётчики, когда поставщик пришлёт сведения о них. Если счётчик стоит, а его тут нет, сообщите поставщику номер и день установки.": "Meters will be here when the supplier sends their data. If you have a meter and it is not here, tell the supplier its number and the day it was installed.",
	"Приборы, которые передают показания сами":                     "Devices that send readings by themselves",
	"Пока ничего не записали. Исправьте цифры или подтвердите их.": "Nothing is recorded yet. Correct the figures or confirm them.",
	"Отправить показания":                                          "Send readings",
	"Пустые поля пропустим: эти счётчики можно передать позже.":    "Empty fields are skipped: you can give those meters later.",

	"Счётчик без номера": "Meter without a number",
	"Прошлые показания":  "Earlier readings",
	"Что вы передавали":  "What you have given",

	"Принято": "Accepted",

	"исправлено": "corrected",

	"уже было":            "known already",
	"ждёт поставщика":     "waiting for the supplier",
	"Исправить можно %s.": "You can correct it %s.",

	"Без показаний остались: %s.": "Left without readings: %s.",
	"Страница подтверждает показания: её можно сохранить или распечатать.": "This page confirms the readings: you can save or print it.",
	"Исправить или передать ещё": "Correct or give more",
	"Показание": "Reading",

	"Вышло": "Makes",

	"Сумма месяца от этого не меняется.": "The sum of the month does not change.",
	"Что это меняет в счёте":             "What it changes on the bill",
	"Предварительно, до конца месяца":    "An estimate, until the end of the month",
	"Весь месяц": "The whole month",

	"Что было со счётчиком": "What happened to the meter",
	"Сведения о счётчике записывает поставщик. Если что-то не так, позвоните ему.": "The supplier records what is known of the meter. If something is wrong, call him.",
	"житель": "the resident",
	"Эти показания уже приняты":                                           "These readings were accepted already",
	"Эти показания уже пришли другим путём. Фото к ним не приложить":      "These readings came another way already. A photo cannot be added to them",
	"Вернуться к счёту":                                                   "Back to the bill",
	"В счёт за этот месяц уже не успеет: показания попадут в счёт за %s.": "It is too late for this month's bill: the readings will be on the bill for %s.",
	"Передайте до %s – попадут в счёт за %s. Введите чёрные цифры. Красные после запятой можно пропустить.": "Give them by %s and they will be on the bill for %s. Enter the black figures. You can skip the red ones after the comma.",
	"Прошлое: %s, %s":                           "Last time: %s, %s",
	"Передаёт сам, последнее %s":                "Sends by itself, last on %s",
	"Почему ваша цифра другая":                  "Why your figure is different",
	"Нужно, только если вводите показание сами": "Needed only if you enter a reading yourself",
	"Передано %s, исправить можно до %s":        "Given on %s, you can correct it until %s",
	"Счётчик неисправен с %s. Вызовите мастера: показания не считаются": "The meter has been out of order since %s. Call a repairer: its readings do not count",
	"Поверка истекает %s. Поверьте счётчик до этого дня":                "The verification runs out on %s. Have the meter verified before that day",
	"Контрольное показание %s: снял инспектор поставщика %s":            "Control reading %s: taken by the supplier's inspector on %s",

	"Введите число со счётчика, например 251 или 251,904":                "Enter the number on the meter, for example 251 or 251,904",
	"Напишите, почему цифра другая: этот счётчик передаёт показания сам": "Write why the figure is different: this meter sends its readings by itself",
	"Введите и это показание: у счётчика нужны все тарифы":               "Enter this reading too: all tariffs of the meter are needed",
	"Введите хотя бы одно показание":                                     "Enter at least one reading",
	"Проверьте показания":                                                "Check the readings",
	"Что с цифрами":                                                      "What about the figures",
	"Исправлю":                                                           "I will correct them",

	"Счётчик прошёл через ноль":    "The meter passed zero",
	"Счётчик заменили":             "The meter was replaced",
	"За услугу выйдет %s за месяц": "The service would cost %s a month",
	"Показания приняты":            "Readings accepted",
	"Показания приняты ещё раз":    "Readings accepted again",

	"Попадут в счёт за %s.": "They will be on the bill for %s.",

	"В счёт за %s уже не успеет, учтём в счёте за %s.": "It is too late for the bill for %s, we count it in the bill for %s.",

	"%s, на %s больше вашего среднего": "%s, which is %s more than your average",
	"по коду счёта":                    "by the code of the bill",

	// channels
	"через расчётный центр": "through the settlement centre", "от программы поставщика": "from the supplier's program", "файлом": "by a file", "по телефону": "by telephone", "от прибора": "from the device",
	"снял инспектор поставщика": "taken by the supplier's inspector", "в Telegram": "in Telegram", "в MAX": "in MAX", "записал расчётный центр": "recorded by the settlement centre", "от поставщика": "from the supplier",
	"принято поставщиком": "accepted by the supplier", "поставщик не принял: %s": "not accepted by the supplier: %s",

	// why a supplier did not accept a reading, and what to do
	"пломба нарушена или её нет": "the seal is broken or missing", "Вызовите поставщика: он опломбирует счётчик": "Call the supplier: he will seal the meter",
	"поверка истекла": "the verification has run out", "Поверьте счётчик и передайте показание снова": "Have the meter verified and give the reading again",
	"счётчик не введён в эксплуатацию": "the meter has not been taken into use", "Подайте поставщику заявку на ввод счётчика": "Ask the supplier to take the meter into use",
	"счётчик неисправен": "the meter is out of order", "Замените счётчик и сообщите поставщику": "Replace the meter and tell the supplier",
	"это цифры другого счётчика": "these are the figures of another meter", "Сверьте номер и передайте показание снова": "Check the number and give the reading again",
	"расход слишком большой": "the use is too large", "Проверьте цифры и передайте показание снова": "Check the figures and give the reading again",
	"показание меньше прошлого": "the reading is less than the last one", "на фото другие цифры": "the photo shows other figures", "Передайте показание с новым фото": "Give the reading with a new photo",
	"передано после срока": "given too late", "Передайте показание в следующем месяце до срока": "Give the reading next month in time", "есть вопрос к показанию": "there is a question about the reading", "Позвоните поставщику": "Call the supplier",

	// doubts and refusals
	"Сейчас %s, а в прошлый раз было %s. Похоже, счётчик прошёл через ноль: вышло %s":                       "Now %s, and last time it was %s. The meter seems to have passed zero: it makes %s",
	"Сейчас %s, а в прошлый раз было %s. Счётчик меняли?":                                                   "Now %s, and last time it was %s. Was the meter replaced?",
	"На счётчике %d знаков до запятой, а в показании больше. Похоже на лишнюю цифру":                        "The meter has %d {1|digit|digits} before the comma, and the reading has more. There seems to be a digit too many",
	"Получается %s. Похоже на лишнюю цифру":                                                                 "That makes %s. There seems to be a digit too many",
	"Получается %s – обычно у вас %s в месяц. Похоже на лишнюю цифру":                                       "That makes %s – you usually use %s a month. There seems to be a digit too many",
	"Получается %s. Проверьте цифры":                                                                        "That makes %s. Check the figures",
	"Получается %s – обычно у вас %s в месяц. Проверьте цифры":                                              "That makes %s – you usually use %s a month. Check the figures",
	"Получается %s – больше, чем могло пройти за это время. Проверьте цифры":                                "That makes %s, more than could have run in this time. Check the figures",
	"Похоже, цифры дня и ночи поменялись местами. Сверьте Т1 и Т2 на счётчике":                              "The figures of day and night seem to have changed places. Check T1 and T2 on the meter",
	"На %s уже есть показание меньше: %s. Проверьте день и цифры":                                           "For %s there is a smaller reading already: %s. Check the day and the figures",
	"За этот день уже есть показание %s из другого источника. Заменить его?":                                "There is a reading %s for this day already from another source. Replace it?",
	"Показание приняли, но расход по нему не посчитать: оно меньше прошлого. Позвоните поставщику":          "The reading is accepted, but the use cannot be worked out from it: it is less than the last one. Call the supplier",
	"Счётчик неисправен с %s: платим не по показаниям, пока его не заменят":                                 "The meter has been out of order since %s: readings do not count until it is replaced",
	"Поверка истекла %s. Показания принимаем, о замене решает поставщик":                                    "The verification ran out on %s. Readings are accepted, the supplier decides about a new meter",
	"Поверка истекла %s. Три месяца считаем по среднему, потом по нормативу с повышением. Поверьте счётчик": "The verification ran out on %s. For three months we charge by the average, then by the standard rate raised. Have the meter verified",
	"Такого счётчика на счёте нет":                                                                          "There is no such meter on the account",
	"Показание меньше нуля. Введите цифры со счётчика":                                                      "The reading is below zero. Enter the figures on the meter",
	"Цифр больше, чем бывает на счётчике. Проверьте показание":                                              "There are more digits than a meter has. Check the reading",
	"У счётчика другие зоны: %s":                                                                            "The meter has other zones: %s",
	"Показание этого дня снял инспектор поставщика: %s. Если не согласны, позвоните поставщику":             "The reading of this day was taken by the supplier's inspector: %s. If you disagree, call the supplier",
	"Этот день ещё не наступил. Укажите сегодняшний или раньше":                                             "This day has not come yet. Give today or an earlier day",
	"Счётчик поставили позже этого дня: %s":                                                                 "The meter was installed after this day: %s",
	"Счётчик снят %s": "The meter was removed on %s",
	"Передавали больше, чем увидел инспектор. Лишнее вернём: %s":                    "You gave more than the inspector saw. We give back what is over: %s",
	"Сообщили поставщику о замене. Показание учтём, когда он запишет новый счётчик": "We told the supplier about the new meter. The reading counts once he records it",

	// photos
	"Фото счётчика": "Photo of the meter", "Фото счётчика %d, открыть": "Photo of the meter %d, open", "JPEG, PNG или WebP до 10 МБ, храним 12 месяцев. Место съёмки удаляем": "JPEG, PNG or WebP up to 10 MB, kept for 12 months. We remove the place where it was taken",
	"Введите показание: фото без него не принимаем": "Enter the reading: a photo without it is not taken", "Выберите фото ещё раз: вместе с вопросом оно не сохранилось": "Choose the photo again: it was not kept with the question",
	"Фото %s": "Photo %s",

	// the page of a meter
	"Считает с": "Counts since", "Снят": "Removed", "Поверен до": "Verified until", "Неисправен с": "Out of order since", "Пломба": "Seal", "нарушена": "broken",
	"%s: больше всего ушло за %s": "%s: most was used in %s",
	"В среднем %s в месяц. Если за месяц показаний не было, его расход стоит в следующем.": "%s a month on average. If a month had no readings, its use is in the next one.",
	"Считаем по нему": "Counts for the charge", "Уточнено: считаем с этого дня": "Corrected: counts from this day", "Поверку не прошёл": "Failed the verification",
	"Описан": "Described", "Установлен": "Installed", "Введён в эксплуатацию": "Taken into use", "Опломбирован": "Sealed", "Пломба нарушена": "Seal broken", "Поверен": "Verified", "Неисправен": "Out of order", "Заменён": "Replaced",
	"Поверен до %s": "Verified until %s",

	"показаний: %s":              "readings: %s",
	"Приняли.":                   "Accepted.",
	"За %s уже по нормативу: %s": "For %s by the standard rate already: %s",
	"Показание %s от %s поставщик не принял: %s.": "The supplier did not accept the reading %s of %s: %s.",
	"Показание %s от %s %s.":                      "Reading %s of %s %s.",
	"на %s больше вашего среднего":                "%s more than your average",
	"вместо № %s":                                 "in place of no. %s",
	"теперь № %s":                                 "now no. %s",
	"пломба № %s":                                 "seal no. %s",

	"Без показаний посчитаем %s: %s, %s": "Without readings we charge %s: %s, %s",
	"обычно у вас %s в месяц":            "you usually use %s a month",
	"начальное":                          "first",
	"последнее":                          "last",
	"%s показание %s":                    "%s reading %s",
}
