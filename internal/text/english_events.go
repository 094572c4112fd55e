package text

// events are what the commands and errors of events and webhooks say.
var events = map[string]string{
	"МЕСТО": "PLACE",

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
	"Те же строки голой базой %.2f с; отношение записи и лент %.2f; нарушений %d":                                                                     "The same rows raw %.2f s; ratio of writing and feeds %.2f; breaches %d",
}

// eventFaults are errors about events and webhooks.
var eventFaults = map[string]string{
	"%q – не место в ленте и не время. Укажите cursor последнего события или время: 2026-11-23T10:00:00Z.": "%q is neither a place in the feed nor a time. Give the cursor of the last event, or a time: 2026-11-23T10:00:00Z.",
	"Событие должно быть о лицевом счёте или о семье.":                                                     "An event must be about an account or a household.",
	"Событие %s длиннее %d байт.": "The event %s is longer than %d bytes.",
}
