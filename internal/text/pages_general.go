package text

// pagesGeneral are words and numbers that stand on many pages, and what dates stand in.
var pagesGeneral = map[string]string{
	"до %s": "by %s", "с %s": "from %s", "с %s по %s": "from %s to %s", "по %s": "to %s", "в %s": "in %s", "за %s": "for %s", "на %s": "for %s", "от %s": "of %s", "из %s": "of %s", "к %s": "to %s",
	"%s из %s": "%s of %s", "№ %s": "no. %s", "срок прошёл %s": "was due %s", "минус %s": "minus %s",
	"%d рубль %s": "%d {1|rouble|roubles} %s", "%d рубля %s": "%d roubles %s", "%d рублей %s": "%d roubles %s",
	"%d копейка": "%d {1|kopeck|kopecks}", "%d копейки": "%d kopecks", "%d копеек": "%d kopecks",
	"%d день": "%d {1|day|days}", "%d дня": "%d {1|day|days}", "%d дней": "%d {1|day|days}", "%d дн": "%d days",
	"%d месяц": "%d {1|month|months}", "%d месяца": "%d {1|month|months}", "%d месяцев": "%d {1|month|months}", "%s год": "%s", "%d год": "%d {1|year|years}", "%d года": "%d years", "%d лет": "%d years",
	"%d час": "%d {1|hour|hours}", "%d часа": "%d {1|hour|hours}", "%d часов": "%d {1|hour|hours}", "%d минута": "%d {1|minute|minutes}", "%d минуты": "%d minutes", "%d минут": "%d {1|minute|minutes}", "%d минуту": "%d {1|minute|minutes}",
	"%d человек": "%d {1|person|people}", "%d человека": "%d people", "%d квартира": "%d {1|flat|flats}", "%d квартиры": "%d flats", "%d квартир": "%d flats", "%d счёт": "%d {1|account|accounts}", "%d счёта": "%d accounts", "%d счетов": "%d accounts",
	"%s чел": "%s people", "%s +%s": "%s +%s", "%s −%s": "%s −%s", "%s (%d)": "%s (%d)", "%s, счёт %s": "%s, account %s",
	"%s от %s": "%s of %s",
	// laws and their clauses
	"ПП РФ № %s": "Government Decree No. %s", "Правила № %s": "Rules No. %s", "ЖК РФ": "Housing Code", "ЖК РФ %s": "Housing Code %s", "ФЗ № %s": "Federal Law No. %s", "%s-ФЗ": "%s-FZ", "ФЗ": "FZ",
	"п. %s": "item %s", "пп. %s": "items %s", "ст. %s": "art. %s", "ч. %s": "part %s", "%s п. %s": "%s item %s", "%s ч. %s": "%s part %s", "%s ст. %s": "%s art. %s",
}
