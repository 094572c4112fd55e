package city

import (
	"fmt"
	"slices"
)

// oddSet is how suppliers write for odd seeds: other kinds of files, other columns, other numbers.
func oddSet() *layoutSet {
	s := &layoutSet{services: serviceNames{"ХВ", "СТОКИ", "ПОЛИВ_САД", "ОТОПЛ", "ГВ_ЭНЕРГИЯ", "ГВ_НОСИТЕЛЬ"}, doors: oddDoors()}
	s.layouts = [trades]*layout{oddWater(), oddHeat(), oddPower(), oddGas(), oddWaste(), oddRepair(), oddManagerA(), oddManagerB(),
		oddAssociation(), oddIntercom(), oddInternet(), oddParking(), oddGasCare()}
	return s
}

func oddWater() *layout {
	return &layout{code: "rodnik", supplier: "ООО «Заокский родник»", offered: []string{"холодная вода", "водоотведение", "полив"},
		file: "RODNIK_{YY}{MM}.dbf", kind: "dbf", encoding: "cp1251", unit: "record", row: "account-service", money: "rub_dot", period: "{MM}.{YYYY}",
		number: byCentre("", "01", mixedWith("8", 10, 1237, 17)), elsPercent: 55, orphans: 20,
		defects: dirt(rate{"fio_typo", 50}, rate{"dup_row", 50}, rate{"wrong_sum", 40}, rate{"wrong_period", 40}),
		columns: join([]column{chars(say("account", "LS", "{account}"), 12), chars(say("els", "IGKU", "{els}"), 14), chars(say("fio", "ABONENT", "{fio}"), 50),
			chars(say("locality", "RAION", "{loc}"), 24), chars(say("street_type", "TIP", "{typ}"), 8), chars(say("street", "UL", "{street}"), 30), chars(say("house", "D", "{house}{korp:/}"), 12),
			chars(say("flat", "KV", "{flat}"), 10), chars(say("room", "KOMN", "{room}"), 3), chars(say("period", "PER", "{period}"), 7), chars(say("service", "USLUGA", "{service}"), 12),
			digits(show("reading_prev", "POK1"), 11, 3), digits(show("reading_cur", "POK2"), 11, 3), digits(show("volume", "KUBOV"), 11, 3), digits(show("tariff", "CENA"), 9, 2)},
			sixDBF("VHOD", "NACH", "IZMEN", "PENI", "OPLATA", "ISHOD")...),
		notes: "запись на счёт и услугу; дом 40/1 – дом 40, корпус 1; номер: семь цифр бывшего центра и 01, если дом обслуживался им, иначе одиннадцать цифр с восьмёркой впереди"}
}

func oddHeat() *layout {
	return &layout{code: "kotelnaya", supplier: "МУП «Городские котельные»", offered: []string{"отопление", "горячая вода"},
		file: "Тепло {YYYY} {MM}.xml", kind: "xml", encoding: "koi8-r", newline: "\n", unit: "record", row: "account-service", money: "rub_dot", order: byStreet, noYo: true,
		heading: []string{`<registry month="{YYYY}-{MM}" rows="{rows}">`}, root: "registry", group: "building", groupAt: "address", record: "account", nested: "charge",
		trailer: `  <total due="{total}"/>`, total: &controlTotal{Element: "total", Attr: "due"}, houseLine: "{loc:мкр. |, }{type} {street}, дом {house}{korp:, корпус }",
		number: byCentre("", "02", mixedWith("Q", 8, 37, 1)), elsPercent: 20,
		defects:      []rate{{"addr_flat_lost", 30}, {"addr_wrong_flat", 30}, {"fio_typo", 50}, {"dup_row", 40}, {"wrong_sum", 40}, {"missing_account", 30}},
		houseDefects: []rate{{"addr_house_typo", 300}, {"addr_house_alias", 1200}, {"addr_house_korp_lost", 300}},
		columns: join([]column{say("account", "number", "{account}"), say("els", "els", "{els}"), say("fio", "name", "{brief}"), say("flat", "flat", "{flat}"), say("room", "room", "{room}"),
			show("area", "area"), show("residents", "people"), say("service", "code", "{service}"), show("volume", "volume"), show("tariff", "rate")},
			sixSums("opening", "charged", "adjusted", "penalty", "paid", "closing")...),
		notes: "адрес один раз на дом; номер: те же семь цифр, что у воды, и 02"}
}

func oddPower() *layout {
	return &layout{code: "energia", supplier: "ПАО «Энергия Приочья»", offered: []string{"электроэнергия"},
		file: "energy_{YYYY}{MM}.jsonl", kind: "ndjson", encoding: "utf-8", unit: "line", row: "account", money: "rub_number", lagsBehind: true,
		number: powerNumber("50", 9, 57), orphans: 20,
		defects: dirt(rate{"fio_typo", 40}, rate{"acc_typo", 30}, rate{"corr_version", 100}, rate{"dup_row", 30}, rate{"wrong_sum", 20}),
		columns: join([]column{show("-seq", "n"), say("account", "contract", "{account}"), show("version", "revision"), say("fio", "client.name", "{fio}"),
			say("address", "client.address", "{index}, "+regionName+", г. "+townName+", {loc:|, }{street} {typ}, д.{house}{korp:, к.}{flat:, кв.}{room:, ком.}"), say("stove", "stove", "{stove}"), show("meters", "meters")},
			sixSums("bill.opening", "bill.charged", "bill.recalculation", "bill.penalty", "bill.payments", "bill.total")...),
		notes: "действует старшая revision; последняя из двенадцати цифр – контрольная по Луну; meters: показания до и после по зонам"}
}

func oddGas() *layout {
	return &layout{code: "ogonek", supplier: "АО «Огонёк-газ»", offered: []string{"газ"},
		file: "9950000001_{MM}{YY}_gas.txt", kind: "csv", encoding: "cp1251", newline: "\r\n", delimiter: ";", unit: "line", row: "account", money: "rub_comma", period: "{MM}/{YYYY}",
		heading: []string{"#SUM {total}", "#ROWS {rows}", "#SERVICE ГАЗ"}, comment: "#", total: &controlTotal{Prefix: "#SUM "}, upper: true, lagsBehind: true,
		number: mixedWith("Г", 9, 13, 7), orphans: 20,
		defects: dirt(rate{"mojibake", 20}, rate{"field_shift", 20}, rate{"dup_variant", 40}),
		columns: []column{say("period", "", "{period}"), say("account", "", "{account}"), say("fio", "", "{fio}"),
			sayAlt("address", "", townName+" г, {loc:|, }{street} {typ}, дом {house}{korp:, корп }{flat:, кв }{room:, комн }", townName+" г, {loc:|, }{street} {type}, д.{house}{korp:, к.}{flat:, кв.}{room:, ком.}"),
			show("due", "")},
		notes: "контрольная сумма первой строкой; без заголовка; только сумма к оплате; у части строк лишняя точка с запятой в адресе или буквы в другой кодировке"}
}

func oddWaste() *layout {
	return &layout{code: "ecotrans", supplier: "ООО «Экотранс-71»", offered: []string{"обращение с ТКО"},
		file: "Экотранс {MM}{YYYY}.xlsx", kind: "xlsx", sheet: "Лист1", unit: "row", row: "account", money: "rub_number", period: "{MM}.{YYYY}", width: 10, lagsBehind: true,
		heading: []string{"Региональный оператор ООО «Экотранс-71»", "Реестр за {Month} {YYYY} г.", "Составлен {day}", "{columns}"}, totalLabel: "Итого по реестру",
		total: &controlTotal{Column: "К уплате"}, wrongTotal: true, number: func(k numberKey) string { return withCheck(check731, "00"+mixed(k.base, 7, 19, 3)) }, elsPercent: 35, orphans: 40,
		defects: dirt(rate{"fio_typo", 40}, rate{"acc_zero_lost", 180}, rate{"acc_typo", 30}, rate{"dup_row", 40}, rate{"dup_variant", 40}, rate{"wrong_sum", 30}, rate{"wrong_period", 30}),
		columns: join([]column{say("account", "Номер счёта", "{account}"), say("period", "Период", "{period}"), sayAlt("fio", "Кому", "{fio}", "{brief}"), say("els", "ЕЛС", "{els}"),
			sayAlt("street", "Улица", "{type.} {street}{loc: (|)}", "{street} {type}{loc: (|)}"), say("house", "№ дома", "{house}{korp: корп.}"), say("flat", "№ кв.", "{flat}{room: комн.}"), show("residents", "Человек")},
			sixSums("Долг на начало", "Начисление", "Перерасчёт", "Пеня", "Платежи", "К уплате")...),
		notes: "десять цифр с нулями впереди, последняя – контрольная по весам 7, 1, 3; ячейка-число теряет нули; итог внизу листа"}
}

func oddRepair() *layout {
	return &layout{code: "fkr71", supplier: "Региональный фонд капремонта Приочья", offered: []string{"взнос на капитальный ремонт"},
		file: "Взносы КР {MM}.{YYYY}.txt", kind: "csv", encoding: "utf-16-le-bom", newline: "\r\n", delimiter: "\t", unit: "line", row: "account", money: "rub_comma", period: "{YYYY}-{MM}-01",
		heading: []string{"{columns}"}, number: repairNumber, elsPercent: 90,
		defects: dirt(rate{"amount_format", 100}, rate{"fio_typo", 30}, rate{"dup_row", 30}, rate{"wrong_sum", 30}, rate{"wrong_period", 30}),
		columns: join([]column{say("account", "Счёт", "{account}"), say("els", "Идентификатор ЖКУ", "{els}"), say("", "Кадастровый номер", "{cadaster}"), say("fio", "Собственник", "{fio}"), say("share", "Доля", "{share}"),
			say("address", "Помещение", regionName+", г. "+townName+", {loc:|, }{type} {street}, д. {house}{korp:, корп. }{flat:, пом. }{room:, ком. }"), show("area", "Площадь"), show("tariff", "Взнос за м²"),
			say("period", "Месяц", "{period}")}, sixSums("Долг", "Начислено", "Перерасчёт", "Пени", "Оплачено", "Всего")...),
		notes: "счёт на каждую долю собственника; в части сумм неразрывные пробелы"}
}

func oddManagerA() *layout {
	return &layout{code: "uk-zatonskaya", supplier: "ООО «УК Затонская»", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "zaton{YYYY}{MM}.txt", kind: "1c", encoding: "cp866", unit: "document", row: "document", money: "rub_comma",
		heading:  []string{"ВыгрузкаНачислений", "Версия=3", "Кодировка=DOS", "Месяц={MM}.{YYYY}", "ИтогоКОплате={total}"},
		docStart: "НачалоДокумента", docEnd: "КонецДокумента", docKind: "Начисление", storno: "Сторно", trailer: "КонецФайла", total: &controlTotal{Key: "ИтогоКОплате"},
		number: byCentre("", "07", mixedWith("ЛС-", 7, 29, 3)), elsPercent: 75,
		defects: dirt(rate{"mojibake", 20}, rate{"storno", 110}, rate{"dup_row", 30}, rate{"fio_typo", 30}, rate{"wrong_sum", 20}),
		columns: join([]column{say("doc_no", "Номер", "{doc}"), say("doc_ref", "Исправляет", "{ref}"), say("account", "Счет", "{account}"), say("els", "ЖКУ", "{els}"), say("fio", "Житель", "{fio}"),
			say("address", "Адрес", "{type.} {street}{loc: (|)}, д.{house}{korp: к.}{flat:, кв.}{room:/}"), show("area", "Площадь"), say("service", "Услуга", "{service}")},
			sixSums("Входящее", "Начислено", "Перерасчет", "Пени", "Оплачено", "Исходящее")...),
		notes: "сторно несёт отрицательное начисление и номер исправляемого документа и может стоять раньше него; номер: семь цифр бывшего центра и 07"}
}

func oddManagerB() *layout {
	return &layout{code: "uk-domovoy", supplier: "АО «Домовой»", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "Домовой_{MM}_{YYYY}.xlsx", kind: "xlsx_grouped", sheet: "По домам", unit: "row", row: "account", money: "rub_number", order: byStreet,
		heading: []string{"Начисления по домам за {Month} {YYYY} г.", "{columns}"}, totalLabel: "Всего", total: &controlTotal{Column: "Долг на конец"},
		houseLine: "{street} {typ}, {house}{korp:, корп. }{loc:, }", number: flatNumber("Д%d-%d"), elsPercent: 40,
		defects:      []rate{{"addr_wrong_flat", 30}, {"addr_flat_lost", 30}, {"fio_typo", 40}, {"dup_row", 30}, {"wrong_sum", 30}, {"missing_account", 20}},
		houseDefects: []rate{{"addr_house_typo", 300}, {"addr_house_alias", 800}, {"addr_house_korp_lost", 200}},
		columns: join([]column{say("account", "Дом, счёт", "{account}"), say("fio", "Наниматель или собственник", "{half}"), say("flat", "Кв.", "{flat}{room:-}"), show("area", "Площадь"), say("els", "ЕЛС", "{els}")},
			sixSums("Долг на начало", "Начислено", "Изменения", "Пени", "Оплачено", "Долг на конец")...),
		notes: "строка с одной первой ячейкой – дом, ниже его квартиры"}
}

func oddAssociation() *layout {
	return &layout{code: "tsj", supplier: "Товарищества собственников Заокска", offered: []string{"содержание жилья", "ресурсы на СОИ"},
		file: "ТСЖ/tsj{no}_{YYYY}-{MM}.csv", kind: "csv", encoding: "cp1251", newline: "\r\n", delimiter: ",", quote: `"`, unit: "line", row: "account", money: "rub_dot",
		heading: []string{"{columns}"}, houseAddress: true, order: byStreet, prefix: "{no}/", number: associationNumber("%d/%d"),
		defects: []rate{{"fio_typo", 50}, {"dup_row", 40}},
		columns: []column{{role: "account", also: "flat", name: "Квартира", text: "{tail}"}, say("fio", "Собственник", "{brief}"), show("opening", "Долг"), {role: "charge", name: "Содержание", part: 1},
			{role: "charge", name: "СОИ вода", part: 2}, {role: "charge", name: "СОИ свет", part: 3}, show("paid", "Оплачено"), show("due", "Итого")},
		notes: "файл на дом, адрес только здесь; долг уже с перерасчётом и пенями"}
}

func oddIntercom() *layout {
	return &layout{code: "signal", supplier: "ООО «Сигнал-дверь»", offered: []string{"домофон"},
		file: "signal-{MM}-{YY}.txt", kind: "csv", encoding: "cp866", newline: "\r\n", delimiter: "~", unit: "line", row: "account", money: "kopeck_int",
		heading: []string{"{columns}"}, number: mixedWith("MT", 7, 27, 13), orphans: 30,
		defects: []rate{{"addr_typo", 110}, {"addr_korp_lost", 110}, {"acc_lookalike", 100}, {"dup_variant", 40}},
		columns: []column{sayAlt("address", "адрес", "{street} {typ} д.{house}{korp: к.}, под. {entrance}, кв. {flat}", "{street} {typ} {house}{korp:к}-{flat}"), say("account", "код", "{account}"), show("due", "копеек")},
		notes:   "без имён; суммы в копейках; M – латинская, иногда набрана кириллицей"}
}

func oddInternet() *layout {
	return &layout{code: "set71", supplier: "АО «Сеть-71»", offered: []string{"интернет", "телевидение"},
		file: "set71_{YYYY}{MM}.xml", kind: "xml", encoding: "utf-8", newline: "\n", unit: "element", row: "account", money: "kopeck_int", period: "{YYYY}{MM}", lagsBehind: true,
		heading: []string{"<clients>"}, root: "clients", record: "client", number: mixedWith("71-", 8, 17, 9),
		defects: []rate{{"addr_typo", 110}, {"addr_alias", 500}, {"addr_korp_lost", 110}, {"addr_flat_lost", 60}, {"addr_loc_lost", 2500}, {"fio_typo", 30}, {"wrong_period", 40}},
		columns: []column{say("account", "login", "{account}"), say("fio", "name", "{half}"), say("address", "address", "{type} {street}{loc: (|)}, {house}{korp:к}{flat:, }"),
			say("period", "month", "{period}"), show("charge", "fee"), show("due", "due")},
		notes: "плоский XML, суммы целыми копейками"}
}

func oddParking() *layout {
	return &layout{code: "garazh", supplier: "Кооператив «Гараж у дома»", offered: []string{"машино-место"},
		file: "garazh {MM}.{YYYY}.csv", kind: "csv", encoding: "utf-8", newline: "\n", delimiter: ";", quote: `"`, unit: "line", row: "account", money: "rub_string",
		heading: []string{"{columns}"}, number: flatNumber("M%03d/%d"),
		defects: []rate{{"acc_lookalike", 200}, {"fio_typo", 100}, {"addr_typo", 100}},
		columns: []column{say("account", "Договор", "{account}"), say("", "Место", "{place}"), say("fio", "Владелец", "{fio}"), say("address", "Дом", "{typ} {street}, {house}{korp:, корп. }"),
			say("flat", "Квартира", "{flat}"), show("due", "К оплате")},
		notes: "номер: дом и квартира; M – латинская, иногда набрана кириллицей"}
}

func oddGasCare() *layout {
	return &layout{code: "gazservis", supplier: "АО «Газсервис Приочье»", offered: []string{"обслуживание газового оборудования"},
		file: "gs-{YYYY}-{MM}.ndjson", kind: "ndjson", encoding: "utf-8", unit: "line", row: "account", money: "rub_string", period: "{MM}.{YYYY}",
		number: func(k numberKey) string { return fmt.Sprintf("ГС/%s", mixed(k.base, 7, 33, 21)) }, elsPercent: 20, orphans: 20,
		defects: dirt(rate{"fio_typo", 40}, rate{"dup_row", 30}, rate{"wrong_sum", 30}),
		columns: slices.Concat([]column{say("account", "dogovor", "{account}"), say("els", "els", "{els}"), say("fio", "fio", "{fio}"), say("locality", "adres.raion", "{loc}"), say("street", "adres.ulica", "{street} {typ}"),
			say("house", "adres.dom", "{house}"), say("korp", "adres.korpus", "{korp}"), say("flat", "adres.kvartira", "{flat}"), say("room", "adres.komnata", "{room}"), say("period", "mesyac", "{period}")},
			sixSums("dolg", "nachisleno", "pereraschet", "peni", "oplacheno", "k_oplate")),
		notes: "суммы строками; номера договоров с буквами и дробью"}
}
