package console

import (
	"kvit/internal/charge/record"
	"kvit/internal/web"
)

// asks is where the answers of a choice come from.
type asks uint8

const (
	fixed     asks = iota // the choice's own
	ofTaken               // services the household's accounts take
	ofCatalog             // services of the catalogue
	ofMembers             // accounts of the household
	ofMeters              // meters in use
)

// factChoice is a question of a form with answers to choose from.
type factChoice struct {
	web.Choices
	from asks
}

// factKind is a fact that can be told by hand: its questions are keys of the record.
type factKind struct {
	kind    record.Kind
	title   string
	about   string // what it is for
	house   bool   // of the whole house
	always  map[string]any
	choices []factChoice
	fields  []web.Field
}

func dayField(name, label, hint string) web.Field {
	return web.Field{Name: name, Label: label, Hint: hint, Width: "s", MaxLength: 10}
}

func monthField(hint string) web.Field {
	return web.Field{Name: "month", Label: "Месяц", Hint: "Например, 2026-10. " + hint, Width: "s", MaxLength: 7}
}

func numberField(name, label, hint string) web.Field {
	return web.Field{Name: name, Label: label, Hint: hint, InputMode: "decimal", Width: "s", MaxLength: 20}
}

func countField(name, label, hint string) web.Field {
	return web.Field{Name: name, Label: label, Hint: hint, InputMode: "numeric", Width: "s", MaxLength: 9}
}

func optional(f web.Field) web.Field {
	f.Optional = true
	return f
}

func choose(name, label, hint string, items ...web.Choice) factChoice {
	return factChoice{Choices: web.Choices{Name: name, Label: label, Hint: hint, Items: items}}
}

func yesNo(name, label, hint string) factChoice {
	return choose(name, label, hint, web.Choice{Label: "нет"}, web.Choice{Value: "true", Label: "да"})
}

var (
	zoneChoice = choose("zone", "Зона суток", "", web.Choice{Label: "все сутки"}, web.Choice{Value: "day", Label: "день"}, web.Choice{Value: "night", Label: "ночь"},
		web.Choice{Value: "peak", Label: "пик"}, web.Choice{Value: "half_peak", Label: "полупик"})
	takenChoice   = factChoice{Choices: web.Choices{Name: "taken", Label: "Услуга"}, from: ofTaken}
	catalogChoice = factChoice{Choices: web.Choices{Name: "service", Label: "Услуга"}, from: ofCatalog}
	meterChoice   = factChoice{Choices: web.Choices{Name: "counter", Label: "Счётчик"}, from: ofMeters}
)

// factKinds are all facts of charging, those told most often first.
var factKinds = []factKind{
	{kind: record.Absence, title: "Временное отсутствие", about: "Перерасчёт за дни, когда люди не жили дома: больше пяти полных дней, день отъезда и день возвращения не считаются.", fields: []web.Field{
		dayField("left", "День отъезда", "Например, 03.10.2026"), optional(dayField("returned", "День возвращения", "Пусто, если ещё не вернулись")), countField("persons", "Сколько человек", ""),
		optional(dayField("recorded", "День заявления", "Если заявление подали раньше, чем записываете")),
	}},
	{kind: record.Residents, title: "Сколько человек живёт", about: "Число жильцов с нужного дня. Прежние сведения о жильцах кончатся накануне.", always: map[string]any{"instead": true}, fields: []web.Field{
		countField("persons", "Живёт всего", ""), dayField("from", "С какого дня", "Например, 01.10.2026"), optional(dayField("until", "По какой день", "Пусто – пока не скажут иначе")),
	}, choices: []factChoice{yesNo("temporary", "Живут временно", "Временные жильцы не меняют счёт постоянных")}},
	{kind: record.Owners, title: "Сколько собственников", about: "По ним считают, когда в квартире никто не живёт.", always: map[string]any{"instead": true}, fields: []web.Field{
		countField("persons", "Собственников", ""), dayField("from", "С какого дня", ""), optional(dayField("until", "По какой день", "")),
	}},
	{kind: record.Party, title: "Смена плательщика", about: "С этого дня платит другой человек: начисление месяца делится по дням.", fields: []web.Field{dayField("from", "С какого дня", "")}},
	{kind: record.Reading, title: "Показание счётчика", about: "Показание с указанного дня участвует в расчёте; другое показание того же дня заменит прежнее.", choices: []factChoice{meterChoice, zoneChoice,
		yesNo("initial", "Показание при установке", "С него счётчик начинает отсчёт")}, fields: []web.Field{dayField("date", "День", ""), numberField("value", "Показание", "")}},
	{kind: record.Volume, title: "Объём за месяц", about: "Сколько услуги потратили за месяц, если показаний нет. Показания того же месяца важнее.", choices: []factChoice{takenChoice, zoneChoice},
		fields: []web.Field{monthField(""), numberField("volume", "Объём", "В единицах услуги: м³, кВт·ч, Гкал")}},
	{kind: record.Benefit, title: "Льгота", about: "Скидка от начисления. Без услуг – на все услуги.", fields: []web.Field{
		{Name: "name", Label: "Название", MaxLength: 100}, numberField("percent", "Процент", ""), dayField("from", "С какого дня", ""), optional(dayField("until", "По какой день", "")),
		optional(web.Field{Name: "services", Label: "Услуги", Hint: "Коды услуг каталога через запятую, например cold_water, sewage", MaxLength: 300}),
		optional(numberField("area", "Площадь в пределах, м²", "")), optional(countField("persons", "Льготников среди жильцов", "")), optional(web.Field{Name: "fund", Label: "Кто платит", Hint: "Например, бюджет", MaxLength: 100}),
	}, choices: []factChoice{choose("netted", "Как учесть", "", web.Choice{Value: "true", Label: "уменьшает счёт"}, web.Choice{Label: "только показать рядом"}),
		yesNo("within_normative", "Только в пределах норматива", "")}},
	{kind: record.Event, title: "Перерыв или плохое качество", about: "За перерыв и отклонение платят меньше (Приложение 1 Правил № 354). Назовите день или месяц целиком.", choices: []factChoice{
		choose("whom", "У кого", "", web.Choice{Value: "house", Label: "во всём доме"}, web.Choice{Value: "home", Label: "у этой семьи"}),
		{Choices: web.Choices{Name: "service", Label: "Услуга"}, from: ofCatalog},
		choose("event", "Что было", "", web.Choice{Value: "outage", Label: "перерыв"}, web.Choice{Value: "temperature", Label: "температура"}, web.Choice{Value: "pressure", Label: "давление"},
			web.Choice{Value: "pressure_far", Label: "давление сильно ниже"}, web.Choice{Value: "composition", Label: "состав и свойства"}, web.Choice{Value: "voltage", Label: "напряжение"},
			web.Choice{Value: "delay", Label: "не вывезли отходы"}),
		yesNo("night", "Ночью", "С 0 до 5 часов нормы мягче"), yesNo("corner", "Угловая комната", "Для отопления"),
	}, fields: []web.Field{
		optional(dayField("date", "День", "Или месяц ниже")), optional(monthField("Если день не важен")), optional(numberField("hours", "Сколько часов", "")), optional(numberField("longest", "Самый длинный перерыв, часов", "")),
		optional(numberField("value", "Измерили", "Температура, давление")), optional(numberField("norm", "Должно быть", "")), optional(countField("days", "Дней", "Для вывоза отходов")),
		optional(web.Field{Name: "circumstance", Label: "Обстоятельство", Hint: "Слово из правил каталога, если норма от него зависит", MaxLength: 60}),
	}},
	{kind: record.Act, title: "Акт о счётчике", about: "Проверка, отказ в допуске, вмешательство или самовольное подключение.", choices: []factChoice{takenChoice, choose("act", "Что в акте", "",
		web.Choice{Value: "refusal", Label: "отказ в допуске"}, web.Choice{Value: "repeat_refusal", Label: "повторный отказ в допуске"}, web.Choice{Value: "check", Label: "проверка показаний"},
		web.Choice{Value: "unauthorised", Label: "самовольное подключение"}, web.Choice{Value: "tampering", Label: "вмешательство в счётчик"}, web.Choice{Value: "impossible", Label: "счётчик поставить нельзя"})},
		fields: []web.Field{dayField("date", "День акта", ""), optional(numberField("volume", "Объём", "Насчитанный по акту")), optional(numberField("power", "Мощность, кВт", "При самовольном подключении")),
			optional(countField("days", "Дней", "За сколько дней насчитать")), optional(dayField("since", "День прошлой проверки", "")), optional(numberField("factor", "Множитель", "Обычно 10"))}},
	{kind: record.Service, title: "Услуга счёта", about: "Какую услугу берёт лицевой счёт, по какой категории и кто её считает. С нового дня прежний порядок кончается накануне.", choices: []factChoice{
		{Choices: web.Choices{Name: "member", Label: "Лицевой счёт"}, from: ofMembers}, catalogChoice,
		choose("mode", "Чьё начисление", "", web.Choice{Value: "computed", Label: "считает Квит"}, web.Choice{Value: "issued", Label: "поставщика"}, web.Choice{Value: "compared", Label: "поставщика, Квит сверяет"}),
		yesNo("meter_possible", "Счётчика нет, но поставить можно", "Тогда норматив с повышающим коэффициентом"), yesNo("included", "Посчитано главным счётчиком", "Например, полив"),
	}, fields: []web.Field{
		dayField("from", "С какого дня", ""), optional(dayField("until", "По какой день", "")), optional(web.Field{Name: "category", Label: "Категория тарифа", Hint: "Код из каталога, например electric_stove", MaxLength: 100}),
		optional(numberField("quantity", "Сколько единиц", "")), optional(numberField("share", "Доля цены", "Например, 0,9249")), optional(web.Field{Name: "part", Label: "Доля собственника", Hint: "Например, 1/2", Width: "s", MaxLength: 15}),
		optional(numberField("flat_rest", "Объём квартиры за вычетом комнат", "Для комнаты со своим счётчиком")), optional(web.Field{Name: "name", Label: "Как услугу называет поставщик", Hint: "Если не так, как каталог", MaxLength: 100}),
	}},
	{kind: record.Meter, title: "Счётчик", about: "Установка, замена, поломка или поверка счётчика услуги.", choices: []factChoice{takenChoice}, fields: []web.Field{
		{Name: "meter", Label: "Номер счётчика", MaxLength: 40}, optional(dayField("installed", "Установлен", "")), optional(dayField("removed", "Снят", "Последний день, когда он считал")),
		optional(dayField("verified_until", "Поверен по", "")), optional(dayField("failed", "Неисправен с", "")), optional(countField("digits", "Знаков до запятой", "")),
		optional(countField("registers", "Зон суток", "")), optional(numberField("gas_factor", "Коэффициент газа", "")),
	}},
	{kind: record.Verification, title: "Поверка счётчика", about: "Срок, в который показаниям верят.", choices: []factChoice{meterChoice}, fields: []web.Field{
		optional(dayField("from", "С какого дня", "")), dayField("until", "По какой день", "")}},
	{kind: record.GasFactor, title: "Коэффициент газа за месяц", about: "На него умножают объём по счётчику этого месяца.", choices: []factChoice{meterChoice}, fields: []web.Field{monthField(""), numberField("value", "Коэффициент", "Например, 1,07")}},
	{kind: record.Object, title: "Участок и хозяйство", about: "Что поливают и кого держат: по нормативу на единицу.", choices: []factChoice{takenChoice}, fields: []web.Field{
		{Name: "object", Label: "Что", Hint: "Слово из норматива, например garden", MaxLength: 60}, numberField("count", "Сколько", "м² или голов")}},
	{kind: record.Instalment, title: "Рассрочка", about: "Сумма, которую перенесли на другой месяц.", choices: []factChoice{takenChoice}, fields: []web.Field{
		monthField("В чей счёт она попадёт"), numberField("amount", "Сумма, ₽", ""), optional(numberField("interest", "Проценты, ₽", ""))}},
	{kind: record.Fine, title: "Штраф поставщика", about: "Начислили лишнее и не исправили за 30 дней: поставщик возвращает ещё половину лишнего (ЖК РФ ст. 157 ч. 6).", choices: []factChoice{takenChoice}, fields: []web.Field{
		monthField("Чей счёт уменьшить"), numberField("overcharged", "Сколько начислили лишнего, ₽", ""), optional(dayField("applied", "День обращения", "")), optional(dayField("corrected", "День исправления", ""))}},
	{kind: record.Premises, title: "Помещение", about: "Площадь и устройство квартиры. Чего не написать, останется как было.", choices: []factChoice{yesNo("own_heat", "Своё отопление", "")}, fields: []web.Field{
		optional(numberField("area", "Площадь, м²", "")), optional(numberField("heated_area", "Отапливается, м²", "Если не вся")), optional(countField("rooms", "Комнат", "")),
		optional(countField("flat_residents", "Жильцов во всей квартире", "Для комнаты в коммунальной квартире")), optional(numberField("living_area", "Жилая площадь комнаты, м²", "")),
		optional(numberField("flat_living_area", "Жилая площадь всей квартиры, м²", "")),
	}},
	{kind: record.Area, title: "Площадь с даты", about: "Площадь изменилась: месяц делится по дням.", fields: []web.Field{
		numberField("area", "Площадь, м²", ""), optional(numberField("heated_area", "Отапливается, м²", "")), dayField("from", "С какого дня", "")}},
	{kind: record.House, title: "Дом", about: "Площади дома и порядок оплаты отопления – для всех его семей. Чего не написать, останется как было.", house: true, choices: []factChoice{
		choose("heating.mode", "Отопление платят", "", web.Choice{Label: "как было"}, web.Choice{Value: "season", Label: "в отопительный сезон"}, web.Choice{Value: "even", Label: "равными частями весь год"}),
		yesNo("private", "Жилой дом", ""), yesNo("direct", "Непосредственное управление", ""),
	}, fields: []web.Field{
		dayField("from", "С какого дня", ""), optional(numberField("area", "Жилые и нежилые помещения, м²", "")), optional(numberField("common_area", "Общее имущество, м²", "")),
		optional(numberField("own_heat_area", "Без центрального отопления, м²", "")), optional(countField("residents", "Жильцов во всём доме", "")),
		optional(web.Field{Name: "heating.months", Label: "Отопительный сезон", Hint: "Например, 10-05..05-10", Width: "s", MaxLength: 20}),
	}},
	{kind: record.Resource, title: "Общедомовой счётчик за месяц", about: "Сколько дом потратил за месяц и из чего это сложилось – для всех его семей.", house: true, choices: []factChoice{catalogChoice,
		choose("method", "На общее имущество", "", web.Choice{Label: "по обычному порядку"}, web.Choice{Value: "normative", Label: "по нормативу"}, web.Choice{Value: "average", Label: "по среднему"}, web.Choice{Value: "actual", Label: "сколько вышло"}),
		yesNo("all_metered", "Счётчики у всех", "Для отопления"), yesNo("actual_decided", "Собрание решило распределять всё", ""), yesNo("correction", "Месяц корректировки года", "Для отопления равными частями"),
	}, fields: []web.Field{
		monthField(""), optional(numberField("volume", "По счётчику дома", "Пусто – счётчика нет")), optional(numberField("nonresidential", "Из них нежилые", "")), optional(numberField("unmetered", "Квартиры по нормативу", "")),
		optional(numberField("metered", "Квартиры по счётчикам", "")), optional(numberField("own_use", "На приготовление тепла и горячей воды", "")), optional(numberField("metered_area", "Площадь со счётчиками, м²", "")),
		optional(numberField("last_year", "Объём прошлого года", "")), optional(numberField("common_area", "Своя площадь общего имущества, м²", "")), optional(numberField("average_common", "Среднее на общее имущество", "")),
		optional(numberField("hot_volume", "Горячая вода всего дома", "Если её готовят в доме")), optional(countField("months_out_of_order", "Какой месяц счётчик неисправен", "")),
	}},
}

func findFactKind(kind string) *factKind {
	for i := range factKinds {
		if string(factKinds[i].kind) == kind {
			return &factKinds[i]
		}
	}
	return nil
}
