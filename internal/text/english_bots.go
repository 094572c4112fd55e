package text

// bots are the sentences of commands about bots in messengers.
var bots = map[string]string{
	"Токен бота Telegram; лучше через переменную. Без него бота нет.":         "Token of the Telegram bot; better by the variable. Without it there is no bot.",
	"Адрес Telegram Bot API; без него – настоящий.":                           "Address of the Telegram Bot API; without it the real one.",
	"Токен бота MAX; лучше через переменную. Без него бота нет.":              "Token of the MAX bot; better by the variable. Without it there is no bot.",
	"Адрес MAX Bot API; без него – настоящий.":                                "Address of the MAX Bot API; without it the real one.",
	"Мессенджеры сами вызывают адрес из --base-url; без этого их опрашивают.": "Messengers call the address of --base-url themselves; without it they are polled.",
	"Токен бота.":                                              "Token of the bot.",
	"Сколько людей с телефонами.":                              "How many people with telephones.",
	"Задержка каждого ответа.":                                 "Delay of each answer.",
	"Доля событий, о которых сказано дважды, 0–1.":             "Share of events told twice, 0 to 1.",
	"Доля событий, поменявшихся местами со следующим, 0–1.":    "Share of events that change places with the next one, 0 to 1.",
	"Доля выполненных вызовов, ответ на которые потерян, 0–1.": "Share of calls that were done and whose answer is lost, 0 to 1.",
	"Доля вызовов с отказом 429, 0–1.":                         "Share of calls refused with 429, 0 to 1.",
	"Учебный Telegram: чаты с ботом на странице, удвоенные и переставленные события, потерянные ответы.": "A Telegram for trials: chats with the bot on a page, events doubled and out of order, answers lost.",
	"Учебный MAX: то же по его протоколу.":                                              "A MAX for trials: the same by its protocol.",
	"Учебный Telegram: с ним говорят на странице http://127.0.0.1:8093.":                "A Telegram for trials: talk through the page http://127.0.0.1:8093.",
	"MAX, который теряет каждый пятый ответ и повторяет события.":                       "A MAX that loses every fifth answer and tells events again.",
	"Учебный мессенджер не ответил.":                                                    "The messenger for trials did not answer.",
	"Мессенджеры для показа: %s и %s. Код для бота – на странице «Мессенджеры» жителя.": "Messengers of the demo: %s and %s. The code for the bot is on the resident's page “Мессенджеры”.",
	"токен бота Telegram":           "token of the Telegram bot",
	"адрес Telegram Bot API":        "address of the Telegram Bot API",
	"токен бота MAX":                "token of the MAX bot",
	"адрес MAX Bot API":             "address of the MAX Bot API",
	"мессенджеры вызывают нас сами": "messengers call us themselves",
}

// botFaults are the faults of bots.
var botFaults = map[string]string{
	"Человек закрыл этот чат для бота.":          "The person has closed this chat to the bot.",
	"Мессенджер не принял сообщение (%d).":       "The messenger did not take the message (%d).",
	"Мессенджер не ответил. Повторим позже.":     "The messenger did not answer in time. We try again later.",
	"Мессенджер не отвечает. Повторим позже.":    "The messenger does not answer. We try again later.",
	"Вызов без секрета бота.":                    "A call without the secret of the bot.",
	"Сообщение мессенджера не разобрано.":        "The messenger's message cannot be read.",
	"MAX ещё готовит файл. Повторим позже.":      "MAX is still working on the file. We try again later.",
	"Такого бота здесь нет.":                     "There is no such bot here.",
	"На это сообщение уже ответили.":             "This message was answered already.",
	"Войдите по телефону, чтобы подключить чат.": "Sign in by telephone to link a chat.",
	"По этим данным ничего не нашли.":            "Nothing was found by these data.",
	"Такого чата в вашем списке нет.":            "There is no such chat in your list.",
	"Этот чат ни к кому не подключён.":           "This chat is linked to nobody.",
	"Человек просил сюда не писать.":             "The person asked not to write here.",
	"Такого документа нет.":                      "There is no such document.",
}
