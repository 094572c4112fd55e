package city

import (
	"fmt"
	"slices"
)

// dirt are the rates of damage most registers share, per 10 000 rows. What few addresses can suffer (an alias, a
// lost village) comes last: its high rate must not crowd out the rest in a very dirty town.
func dirt(more ...rate) []rate {
	list := []rate{{"addr_typo", 110}, {"addr_korp_lost", 110}, {"addr_flat_lost", 40}, {"addr_wrong_flat", 30}, {"missing_account", 30}}
	return slices.Concat(list, more, []rate{{"addr_alias", 900}, {"addr_loc_lost", 2400}})
}

// evenSet is how suppliers write for even seeds: XML of elements, DBF, a workbook of electricity with versions.
func evenSet() *layoutSet {
	s := &layoutSet{services: serviceNames{"Холодная вода", "Водоотведение", "Полив", "Отопление", "ГВС: тепло", "ГВС: вода"}, doors: evenDoors()}
	s.layouts = [trades]*layout{evenWater(), evenHeat(), evenPower(), evenGas(), evenWaste(), evenRepair(), evenManagerA(), evenManagerB(),
		evenAssociation(), evenIntercom(), evenInternet(), evenParking(), evenGasCare()}
	return s
}

func evenWater() *layout {
	return &layout{code: "voda", supplier: "МУП «Заоксководоканал»", offered: []string{"холодная вода", "водоотведение", "полив"},
		file: "voda_{YYYY}{MM}.xml", kind: "xml", encoding: "windows-1251", newline: "\r\n", unit: "record", row: "account-service",
		heading: []string{`<Ведомость Период="{MM}.{YYYY}" Организация="МУП Заоксководоканал">`}, root: "Ведомость", record: "Абонент", nested: "Услуга", elements: true,
		trailer: "  <ИтогоКОплате>{total}</ИтогоКОплате>", total: &controlTotal{Element: "ИтогоКОплате"}, money: "rub_comma", period: "{MM}.{YYYY}",
		number: byCentre("31-", "", mixedWith("31-9", 7, 3, 11)), elsPercent: 60, orphans: 20,
		defects: dirt(rate{"fio_typo", 50}, rate{"dup_row", 50}, rate{"wrong_sum", 40}, rate{"wrong_period", 40}),
		columns: join([]column{say("account", "ЛицевойСчет", "{account}"), say("els", "ИдентификаторЖКУ", "{els}"), say("fio", "Плательщик", "{fio}"),
			say("locality", "Микрорайон", "{loc}"), say("street", "Улица", "{street}"), say("street_type", "ТипУлицы", "{typ}"), say("house", "Дом", "{house}"),
			say("korp", "Корпус", "{korp}"), say("flat", "Квартира", "{flat}"), say("room", "Комната", "{room}"), say("period", "Месяц", "{period}"),
			say("service", "Вид", "{service}"), show("reading_prev", "ПоказанияНач"), show("reading_cur", "ПоказанияКон"), show("volume", "Объем"), show("tariff", "Тариф")},
			sixSums("СальдоНач", "Начислено", "Перерасчет", "Пени", "Оплачено", "СальдоКон")...),
		notes: "запись «Абонент» с вложенными услугами, значения в дочерних элементах; номер: 31- и семь цифр бывшего расчётного центра, если дом обслуживался им"}
}

func evenHeat() *layout {
	return &layout{code: "teplo", supplier: "АО «Заокские тепловые сети»", offered: []string{"отопление", "горячая вода"},
		file: "TEPLO{MM}{YY}.DBF", kind: "dbf", encoding: "cp866", unit: "record", row: "account-service", money: "rub_dot", period: "{YYYY}{MM}", upper: true,
		number: byCentre("32-", "", mixedWith("Т", 8, 7, 31)), elsPercent: 15,
		defects: dirt(rate{"fio_typo", 50}, rate{"dup_row", 40}, rate{"wrong_sum", 40}, rate{"wrong_period", 30}),
		columns: join([]column{chars(say("account", "NOMER", "{account}"), 12), chars(say("els", "JKU", "{els}"), 14), chars(say("fio", "PLAT", "{brief}"), 42),
			chars(say("address", "ADRES", "{loc:|, }{street} {typ}, {house}{korp: корп.}"), 70), chars(say("flat", "KVART", "{flat}{room: ком.}"), 14),
			chars(say("period", "MES", "{period}"), 6), chars(say("service", "VID", "{service}"), 16), digits(show("area", "PLOSHAD"), 8, 2), digits(show("volume", "GKAL_M3"), 14, 6),
			digits(show("tariff", "CENA"), 10, 2)}, sixDBF("DOLG_N", "NACHISL", "KORR", "PENYA", "OPLATA", "DOLG_K")...),
		notes: "запись на счёт и услугу; номер: 32- и те же семь цифр, что у воды, если дом обслуживался одним центром, иначе Т и восемь цифр"}
}

func powerNumber(prefix string, digits, multiplier int) numbering {
	return func(k numberKey) string {
		return withCheck(luhn, prefix+mixed(k.base*3+k.part, digits, multiplier, 29))
	}
}

func evenPower() *layout {
	return &layout{code: "svet", supplier: "АО «Заокскэнергосбыт»", offered: []string{"электроэнергия"},
		file: "Реестр электроэнергия {MM}.{YYYY}.xlsx", kind: "xlsx", sheet: "Начисления", unit: "row", row: "account", money: "rub_number", width: 12, lagsBehind: true,
		heading: []string{"АО «Заокскэнергосбыт»", "Сведения о начислениях за {Month} {YYYY} г.", "{columns}"}, totalLabel: "Всего по реестру",
		total: &controlTotal{Column: "К оплате, руб."}, number: powerNumber("00", 9, 41), elsPercent: 0, orphans: 20,
		defects: dirt(rate{"fio_typo", 40}, rate{"acc_zero_lost", 150}, rate{"acc_typo", 30}, rate{"corr_version", 100}, rate{"dup_row", 30}, rate{"wrong_sum", 20}),
		columns: join([]column{say("-seq", "№", ""), say("account", "Лицевой счёт", "{account}"), show("version", "Редакция"), say("fio", "Потребитель", "{half}"),
			say("address", "Адрес объекта", "{index}, "+regionName+", г "+townName+"{loc:, мкр }, {typ} {street}, д {house}{korp: корп }{flat:, кв }{room:, ком }"),
			say("stove", "Плита", "{stove}"), show("day", "День (или сутки), кВт·ч"), show("night", "Ночь, кВт·ч"), show("peak", "Пик, кВт·ч")},
			sixSums("Долг на начало", "Начислено", "Перерасчёт", "Пени", "Поступило", "К оплате, руб.")...),
		notes: "двенадцать цифр с нулями впереди, последняя – контрольная по Луну; ячейка-число теряет нули; действует старшая редакция строки, порядок строк ничего не значит"}
}

func evenGas() *layout {
	return &layout{code: "gaz", supplier: "ООО «Заокскгаз сбыт»", offered: []string{"газ"},
		file: "GAZ_{MM}_{YYYY}.TXT", kind: "csv", encoding: "cp866", newline: "\r\n", delimiter: "|", unit: "line", row: "account", money: "rub_dot", period: "{MM}{YY}",
		trailer: "ИТОГО|{rows}|{total}", total: &controlTotal{Field: new(1)}, upper: true, lagsBehind: true, number: mixedWith("67", 9, 13, 77), orphans: 20,
		defects: dirt(rate{"mojibake", 20}, rate{"field_shift", 20}, rate{"dup_variant", 40}),
		columns: []column{say("account", "", "{account}"), say("fio", "", "{fio}"),
			sayAlt("address", "", "г. "+townName+", {loc:|, }{type.} {street}, дом {house}{korp:, корп. }{flat:, кв. }{room:, комн. }",
				"г. "+townName+", {loc:|, }{type} {street}, д. {house}{korp:, к. }{flat:, кв.}{room:, комн.}"),
			say("period", "", "{period}"), show("due", "")},
		notes: "без заголовка; только сумма к оплате; строка из шести полей – лишний разделитель внутри адреса; у части строк буквы в другой кодировке"}
}

func evenWaste() *layout {
	return &layout{code: "musor", supplier: "ООО «Чистый берег», региональный оператор", offered: []string{"обращение с ТКО"},
		file: "tko-{YYYY}-{MM}.ndjson", kind: "ndjson", encoding: "utf-8", unit: "line", row: "account", money: "kopeck_int", period: "{YYYY}-{MM}", lagsBehind: true,
		number: func(k numberKey) string { return withCheck(check731, "4"+mixed(k.base, 8, 19, 3)) }, elsPercent: 30, orphans: 40,
		defects: dirt(rate{"fio_typo", 40}, rate{"acc_typo", 30}, rate{"dup_row", 40}, rate{"dup_variant", 40}, rate{"wrong_sum", 30}),
		columns: join([]column{say("account", "ls", "{account}"), say("els", "els", "{els}"), sayAlt("fio", "payer", "{fio}", "{brief}"), say("locality", "place.district", "{loc}"),
			sayAlt("street", "place.street", "{type} {street}", "{street} {typ}"), say("house", "place.house", "{house}{korp:к}"), say("flat", "place.flat", "{flat}"),
			say("room", "place.room", "{room}"), say("period", "period", "{period}"), show("residents", "persons")},
			sixSums("sum.before", "sum.charged", "sum.recalculated", "sum.penalty", "sum.received", "sum.total")...),
		notes: "суммы целыми копейками; десять цифр, последняя – контрольная по весам 7, 1, 3"}
}

func evenRepair() *layout {
	return &layout{code: "kapremont", supplier: "Фонд капитального ремонта Приокской области", offered: []string{"взнос на капитальный ремонт"},
		file: "kr_{YYYY}_{MM}.txt", kind: "1c", encoding: "cp1251", unit: "document", row: "document", money: "rub_dot",
		heading:  []string{"ОбменФондаКР", "ВерсияФормата=2.1", "Кодировка=Windows", "Период={MM}.{YYYY}"},
		docStart: "СекцияНачисление", docEnd: "КонецНачисления", docKind: "Начисление", storno: "СторноНачисления",
		trailer: "КонтрольнаяСумма={total}\r\nКонецФайла", total: &controlTotal{Key: "КонтрольнаяСумма"},
		number: repairNumber, elsPercent: 90,
		defects: dirt(rate{"mojibake", 20}, rate{"storno", 90}, rate{"dup_row", 30}, rate{"fio_typo", 30}),
		columns: join([]column{say("doc_no", "НомерДокумента", "{doc}"), say("account", "ЛицевойСчет", "{account}"), say("els", "ИдентификаторЖКУ", "{els}"),
			say("fio", "Собственник", "{fio}"), say("share", "Доля", "{share}"), say("", "КадастровыйНомер", "{cadaster}"),
			say("address", "Помещение", "г. "+townName+", {loc:мкр. |, }{type.} {street}, д. {house}{korp:, корп. }{flat:, кв. }{room:, комн. }"),
			show("area", "Площадь"), say("doc_ref", "КДокументу", "{ref}"), say("service", "Вид", "{service}")},
			sixSums("СальдоНачальное", "Начислено", "Перерасчет", "Пени", "Оплачено", "СальдоКонечное")...),
		notes: "счёт на каждую долю собственника; сторно уменьшает начисление названного документа и может стоять раньше него"}
}

// repairNumber is the house, the flat, the room and the owner.
func repairNumber(k numberKey) string {
	room := 0
	if k.room != "" {
		room = int(k.room[0] - '0')
	}
	return fmt.Sprintf("71%05d%04d%d%d", k.house, k.flat, room, k.part%10)
}

func evenManagerA() *layout {
	return &layout{code: "uk-bereg", supplier: "ООО «УК Берег»", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "УК Берег {YYYY}-{MM}.xlsx", kind: "xlsx_grouped", sheet: "Ведомость", unit: "row", row: "account", money: "rub_number", order: byStreet,
		heading: []string{"Сводная ведомость по лицевым счетам", "за {Month} {YYYY} г.", "{columns}"}, totalLabel: "ИТОГО",
		total: &controlTotal{Column: "Сальдо исх."}, wrongTotal: true, houseLine: "{type.} {street}{loc: (|)}, д. {house}{korp: к. }",
		number: byCentre("35-", "", mixedWith("Б", 7, 11, 5)), elsPercent: 80,
		defects:      []rate{{"addr_flat_lost", 30}, {"addr_wrong_flat", 30}, {"fio_typo", 40}, {"dup_row", 30}, {"wrong_sum", 30}, {"missing_account", 20}},
		houseDefects: []rate{{"addr_house_typo", 400}, {"addr_house_alias", 1500}, {"addr_house_korp_lost", 300}},
		columns: join([]column{say("account", "Лицевой счёт", "{account}"), say("flat", "Помещение", "{flat}{room:/}"), say("fio", "Собственник", "{brief}"), say("els", "ИЖКУ", "{els}"),
			show("area", "S, м²")}, sixSums("Сальдо вх.", "Начислено", "Корректировка", "Пени", "Оплата", "Сальдо исх.")...),
		notes: "строка с одной первой ячейкой – заголовок дома, строки под ней относятся к нему; 35- и те же семь цифр, что у воды"}
}

func evenManagerB() *layout {
	return &layout{code: "uk-zarya", supplier: "ООО «Жилсервис-Заря»", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "zarya {MM}-{YYYY}.csv", kind: "csv", encoding: "cp1251", newline: "\r\n", delimiter: ";", quote: `"`, unit: "line", row: "account", money: "rub_comma",
		heading: []string{"{columns}"}, period: "01.{MM}.{YYYY}", number: flatNumber("%04d-%03d"), elsPercent: 40,
		defects: dirt(rate{"amount_format", 100}, rate{"fio_typo", 30}, rate{"dup_row", 30}, rate{"wrong_sum", 30}, rate{"wrong_period", 30}),
		columns: join([]column{say("account", "Счет", "{account}"), say("els", "ЕЛС", "{els}"), say("fio", "ФИО", "{fio}"),
			say("address", "Адрес", "{street} {typ}.{loc: (|)}, д.{house}{korp:/}{flat:, кв.}{room:-}"), show("area", "Площадь"), say("period", "Период", "{period}")},
			sixSums("Долг", "Начислено", "Перерасчет", "Пени", "Оплачено", "Итого")...),
		notes: "номер: дом и квартира; дом 40/1 здесь значит корпус 1; в части сумм неразрывные пробелы"}
}

// flatNumber is a number of house and flat, and of the room where there is one.
func flatNumber(pattern string) numbering {
	return func(k numberKey) string { return fmt.Sprintf(pattern, k.house, k.flat) + roomMark(k.room, "к") }
}

// associationNumber is the association and the flat; the file prints only the flat.
func associationNumber(pattern string) numbering {
	return func(k numberKey) string { return fmt.Sprintf(pattern, k.assoc, k.flat) + roomMark(k.room, "-") }
}

func evenAssociation() *layout {
	return &layout{code: "tsn", supplier: "Товарищества собственников Заокска", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "tsn/ТСН-{no} {street} {house} {MM}{YYYY}.csv", kind: "csv", encoding: "koi8-r", newline: "\n", delimiter: ";", unit: "line", row: "account", money: "rub_dot",
		heading: []string{"{columns}"}, houseAddress: true, order: byStreet, prefix: "ТСН{no}/", number: associationNumber("ТСН%d/%d"),
		defects: []rate{{"fio_typo", 50}, {"dup_row", 40}},
		columns: []column{{role: "account", also: "flat", name: "кв", text: "{tail}"}, say("fio", "владелец", "{half}"), {role: "charge", name: "содержание", part: 1}, {role: "charge", name: "вода общ.", part: 2},
			{role: "charge", name: "свет общ.", part: 3}, show("opening", "долг"), show("paid", "оплата"), show("due", "всего")},
		notes: "файл на дом, адрес только здесь; долг уже с перерасчётом и пенями"}
}

func evenIntercom() *layout {
	return &layout{code: "domofon", supplier: "ИП Звонков (домофоны)", offered: []string{"домофон"},
		file: "domofon{MM}{YY}.tsv", kind: "csv", encoding: "koi8-r", newline: "\r\n", delimiter: "\t", unit: "line", row: "account", money: "rub_dot",
		number: mixedWith("K", 7, 27, 13), orphans: 30,
		defects: []rate{{"addr_typo", 110}, {"addr_korp_lost", 110}, {"acc_lookalike", 100}, {"dup_variant", 40}},
		columns: []column{say("account", "", "{account}"), sayAlt("address", "", "{typ} {street} {house}{korp:к} п.{entrance} кв.{flat}", "{typ} {street} {house}{korp:к}, подъезд {entrance}, кв.{flat}"),
			show("due", "")},
		notes: "без заголовка и без имён; K – латинская, иногда набрана кириллицей"}
}

func evenInternet() *layout {
	return &layout{code: "inet", supplier: "ООО «Приоксктелеком»", offered: []string{"интернет"},
		file: "internet {YYYY}-{MM}.txt", kind: "csv", encoding: "utf-16-le-bom", newline: "\r\n", delimiter: "\t", unit: "line", row: "account", money: "rub_comma",
		heading: []string{"{columns}"}, period: "{MM}/{YYYY}", lagsBehind: true, number: mixedWith("zok", 7, 17, 9),
		defects: []rate{{"addr_typo", 110}, {"addr_alias", 500}, {"addr_korp_lost", 110}, {"addr_flat_lost", 60}, {"addr_loc_lost", 2500}, {"wrong_period", 40}},
		columns: []column{say("account", "Логин", "{account}"), say("fio", "Абонент", "{brief}"), say("address", "Адрес подключения", townName+", {typ} {street}{loc: (|)}, {house}{korp: к}{flat:-}"),
			say("period", "Месяц", "{period}"), show("charge", "Абонплата"), show("due", "К оплате")},
		notes: "текст Юникода из электронной таблицы: UTF-16 со знаком порядка байтов, табуляция"}
}

func evenParking() *layout {
	return &layout{code: "parkovka", supplier: "ООО «Место 71»", offered: []string{"машино-место"},
		file: "parking_{YYYY}_{MM}.ndjson", kind: "ndjson", encoding: "utf-8", unit: "line", row: "account", money: "rub_string",
		number:  flatNumber("P%04d/%d"),
		defects: []rate{{"acc_lookalike", 200}, {"fio_typo", 100}, {"addr_typo", 100}},
		columns: []column{say("account", "contract", "{account}"), say("", "place", "{place}"), say("fio", "holder.name", "{fio}"),
			say("address", "holder.house", "{type.} {street}, {house}{korp: корпус }"), say("flat", "holder.flat", "{flat}"), show("due", "to_pay")},
		notes: "суммы строками; P – латинская, иногда набрана кириллицей"}
}

func evenGasCare() *layout {
	return &layout{code: "vdgo", supplier: "ООО «Заокскгаз сервис»", offered: []string{"обслуживание газового оборудования"},
		file: "vdgo_{MM}{YYYY}.csv", kind: "csv", encoding: "utf-8-sig", newline: "\n", delimiter: ",", quote: `"`, unit: "line", row: "account", money: "rub_dot",
		heading: []string{"{columns}"}, period: "{YYYY}{MM}", number: mixedWith("ВД", 8, 33, 21), elsPercent: 20, orphans: 20,
		defects: dirt(rate{"fio_typo", 40}, rate{"dup_row", 30}, rate{"wrong_sum", 30}),
		columns: slices.Concat([]column{say("account", "договор", "{account}"), say("els", "елс", "{els}"), say("fio", "заказчик", "{fio}"), say("locality", "район", "{loc}"),
			say("street", "улица", "{type} {street}"), say("house", "дом", "{house}"), say("korp", "корпус", "{korp}"), say("flat", "квартира", "{flat}"), say("room", "комната", "{room}"),
			say("period", "период", "{period}")}, sixSums("сальдо", "начислено", "перерасчет", "пени", "оплачено", "к_оплате")),
		notes: "номера договоров с буквами"}
}
