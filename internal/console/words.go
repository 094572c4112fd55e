package console

// issueTitles say in words what a type of issue is.
var issueTitles = map[string]string{
	"dup_row": "Строка повторена", "dup_variant": "Та же сумма записана второй раз иначе", "corr_version": "Есть более новая версия", "wrong_sum": "Итог не сходится с частями",
	"wrong_period": "Другой месяц", "storno": "Сторно", "contradiction": "Две разные суммы", "control_total_mismatch": "Контрольная сумма не сошлась", "orphan": "Таких дома или квартиры нет",
	"acc_typo": "Контрольная цифра счёта не сходится", "acc_lookalike": "Буква другого алфавита в номере", "acc_zero_lost": "Потеряны нули в номере", "amount_format": "Сумма записана необычно",
	"field_shift": "Поля сдвинуты", "mojibake": "Другая кодировка строки", "fio_typo": "Опечатка в имени", "stale_owner": "Другой плательщик", "addr_typo": "Опечатка в адресе",
	"addr_alias": "Другое имя улицы", "addr_korp_lost": "Не указан корпус", "addr_flat_lost": "Не указана квартира", "addr_wrong_flat": "Другая квартира", "addr_loc_lost": "Не указан населённый пункт",
	"addr_house_typo": "Опечатка в адресе дома", "addr_house_korp_lost": "Не указан корпус дома", "addr_house_alias": "Другое имя улицы дома",
	"pay_dup": "Операция уже учтена", "pay_unknown_account": "Счёт неизвестен", "pay_reversal": "Возврат", "bad_value": "Значение не прочитано",
}

func issueTitle(typ string) string {
	if t, ok := issueTitles[typ]; ok {
		return t
	}
	return "Проверьте строку"
}

var fieldWords = map[string]string{"due": "итог", "charge": "начислено", "opening": "остаток", "account": "лицевой счёт", "address": "адрес", "fio": "плательщик", "flat": "квартира",
	"street": "улица", "period": "месяц", "version": "версия", "amount": "сумма", "operation": "операция"}

func fieldWord(field string) string {
	if w, ok := fieldWords[field]; ok {
		return w
	}
	return field
}

func unitWord(unit string) string {
	switch unit {
	case "record":
		return "запись"
	case "document":
		return "документ"
	case "element":
		return "элемент"
	case "house":
		return "дом"
	}
	return "строка"
}
