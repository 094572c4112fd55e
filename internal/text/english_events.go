package text

// events are what the commands and errors of events and webhooks say.
var events = map[string]string{
	"МЕСТО": "PLACE", "УЗЛЫ": "HOSTS",

	"Узлы своей сети, которые можно вызывать вебхуками: узел или узел:порт.": "Hosts of your own network that webhooks may call: host or host:port.",
	"узлы своей сети, которые можно вызывать вебхуками":                      "hosts of your own network that webhooks may call",

	"Лента событий для поставщиков.":                              "The feed of events for suppliers.",
	"Показать ленту событий поставщика.":                          "Show a supplier's feed of events.",
	"После какого места: cursor события или время.":               "After which place: the cursor of an event, or a time.",
	"Не заканчивать: показывать новые события.":                   "Do not end: show new events.",
	"Всё, что рассказано поставщику, с начала.":                   "Everything the supplier was told, from the beginning.",
	"С полуночи 23 ноября и дальше, по мере того как происходит.": "From midnight of 23 November on, as it happens.",

	"События: запись, ленты поставщиков и чтение рядом с записью тех же строк голой базой.": "Events: writing, suppliers' feeds and reading beside a raw write of the same rows.",
	"Сколько событий.": "Events to tell of.",
	"События: запись, ленты, чтение; в пустой папке.": "Events: writing, feeds, reading; in an empty folder.",
	"Событий %d, сообщений поставщикам %d: запись %.2f с, ленты %.2f с (%.0f событий/с), чтение %.2f с (%.0f сообщений/с); всё вместе %.0f событий/с": "%d {1|event|events}, %d {2|message|messages} to suppliers: writing %.2f s, feeds %.2f s (%.0f events/s), reading %.2f s (%.0f messages/s); all together %.0f events/s",
	"Вебхуки: %d вызовов получателя на этом компьютере, %.0f в секунду, потеряно или не по порядку %d":                                                "Webhooks: %d {1|call|calls} of a receiver on this machine, %.0f a second, %d lost or out of order",
	"Те же строки голой базой %.2f с; отношение записи и лент %.2f; нарушений %d":                                                                     "The same rows raw %.2f s; ratio of writing and feeds %.2f; breaches %d",
}

// eventFaults are errors about events and webhooks.
var eventFaults = map[string]string{
	"%q – не место в ленте и не время. Укажите cursor последнего события или время: 2026-11-23T10:00:00Z.": "%q is neither a place in the feed nor a time. Give the cursor of the last event, or a time: 2026-11-23T10:00:00Z.",
	"Такой адрес вызывать нельзя: %s. Нужен https://, порт 443 или 8443 и имя в открытой сети.":            "This address may not be called: %s. It needs https://, port 443 or 8443 and a name in the public network.",
	"Вида событий %q нет.":             "There is no kind of event %q.",
	"Адресов может быть не больше %d. Удалите лишний.": "There may be at most %d {1|address|addresses}. Remove one.",
	"Такого адреса вызова нет.":        "There is no such webhook.",
	"Такой доставки нет.":              "There is no such delivery.",
	"Подпись бывает hmac или ed25519.": "The signature is hmac or ed25519.",
	"За один раз повторяется не больше %d событий. Возьмите срок короче.": "At most %d {1|event is|events are} sent again at once. Take a shorter stretch.",
	"Событие %s длиннее %d байт.":       "The event %s is longer than %d bytes.",
	"он не разбирается":                 "it cannot be read",
	"в нём имя или пароль":              "it has a user name or a password",
	"он слишком длинный или с решёткой": "it is too long or has a fragment",
	"он не https":      "it is not https",
	"порт %s":          "port %s",
	"имя узла неверно": "the name of the host is wrong",
	"адрес не из открытой сети": "the address is not in the public network",
	"имя без точки":             "a name without a dot",
	"числовая запись адреса":    "an address written as a number",
	"имя внутренней сети":       "a name of an inner network",
	"это наш собственный адрес": "this is our own address",
	"Отключён владельцем.":      "Disabled by its owner.",
}
