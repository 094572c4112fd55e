package text

// pagesServices are the names of services of the catalogue and of suppliers' abbreviations, kinds of homes and meters.
var pagesServices = map[string]string{
	"Полив": "Irrigation", "Электроэнергия": "Electricity", "Газ": "Gas",

	"Горячая вода: подогрев": "Hot water: heating it", "Горячая вода: сама вода": "Hot water: the water",
	"Горячая вода (цена за м³)": "Hot water (price per m³)", "Горячая вода (приготовление в доме)": "Hot water (made in the building)", "Полив сада": "Garden irrigation",
	"Обращение с ТКО": "Waste collection", "Обращение с ТКО (с площади)": "Waste collection (by area)", "Обращение с ТКО (плата с человека)": "Waste collection (per person)", "Вывоз мусора (ТКО)": "Waste collection",
	"Содержание жилого помещения": "Housing maintenance", "Содержание и ремонт": "Maintenance and repair", "Наём": "Rent", "Взнос на капремонт": "Major repair contribution", "Капитальный ремонт": "Major repair", "Капремонт": "Major repair",
	"Холодная вода на общее имущество": "Cold water for common property", "Горячая вода на общее имущество": "Hot water for common property", "Водоотведение на общее имущество": "Sewerage for common property",
	"Электроэнергия на общее имущество": "Electricity for common property", "Газ на общее имущество": "Gas for common property",
	"Электроэнергия на общие нужды дома": "Electricity for the building's common needs", "Холодная вода на общие нужды дома": "Cold water for the building's common needs", "Горячая вода на общие нужды дома": "Hot water for the building's common needs",
	"Домофон": "Intercom", "Интернет": "Internet", "Машино-место": "Parking place", "Телевидение": "Television", "Антенна": "Aerial", "Лифт": "Lift", "Видеонаблюдение": "Video surveillance", "Охрана": "Security", "Консьерж": "Concierge",
	"ТО ВДГО": "Gas equipment maintenance", "Обслуживание газового оборудования": "Gas equipment maintenance", "Начисления": "Charges", "Вода": "Water", "Свет": "Electricity", "Тепло": "Heat",
	"ХВ": "Cold water", "ХВС": "Cold water", "ГВ": "Hot water", "ГВС": "Hot water", "ВО": "Sewerage", "ТКО": "Waste collection", "ЭЭ": "Electricity", "Электроснабжение": "Electricity", "Газоснабжение": "Gas", "Холодное водоснабжение": "Cold water", "Горячее водоснабжение": "Hot water",
	"ХВ на СОИ": "Cold water for common property", "ГВ на СОИ": "Hot water for common property", "ЭЭ на СОИ": "Electricity for common property", "ВО на СОИ": "Sewerage for common property",
	"Пеня": "Penalty", "Госпошлина": "State fee", "Судебные расходы": "Court costs",

	// parts and zones of a price
	"подогрев": "heating it", "сама вода": "the water", "день": "day", "ночь": "night", "пик": "peak", "полупик": "half-peak", "сутки": "all day", "одна на весь день": "one for the whole day",
	"Т1 день": "T1 day", "Т2 ночь": "T2 night", "Т1 пик": "T1 peak", "Т3 полупик": "T3 half-peak",

	"однотарифный счётчик": "single-tariff meter", "двухтарифный счётчик": "two-tariff meter", "трёхтарифный счётчик": "three-tariff meter",

	// categories
	"газовая плита": "gas cooker", "электрическая плита": "electric cooker", "плита": "cooker", "плита и водонагреватель": "cooker and water heater", "плита без горячей воды": "cooker without hot water",
	"с лифтом": "with a lift", "без лифта": "without a lift", "квартира": "flat", "жилой дом": "house", "общежитие": "dormitory", "уличная колонка": "street standpipe", "ванна 1200 мм, душ": "bath 1200 mm, shower",
	"ванна 1500 мм, душ": "bath 1500 mm, shower", "ванна 1650 мм, душ": "bath 1650 mm, shower", "ванна без душа": "bath without a shower", "село": "village", "город": "town",
	"гараж": "garage",

	// kinds of meters
	"индивидуальный": "of the flat", "комнатный": "of a room", "общий на квартиру": "common to the flat",
}
