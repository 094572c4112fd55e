package console

import (
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/console/view"
	"kvit/internal/payment"
	"kvit/internal/web"
)

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

// fileNotes are what is said of a file as a whole, by code: such findings are no defects and have no type.
var fileNotes = map[string]string{
	"file.no_rows": "В файле нет строк", "file.encoding_differs": "Кодировка не та, что объявлена", "file.last_line_open": "Последняя строка без конца",
	"dbf.record_count": "Число записей не сходится с заголовком", "control.missing": "Контрольной суммы нет", "control.bad": "Контрольная сумма не прочитана",
	"1c.unclosed": "У документа нет конца", "1c.no_end": "Нет строки КонецФайла",
}

func issueTitle(typ, code string) string {
	if t, ok := issueTitles[typ]; ok {
		return t
	}
	if t, ok := fileNotes[code]; ok {
		return t
	}
	return "Проверьте строку"
}

// issueAdvice says what a person can do about a type of issue.
var issueAdvice = map[string]string{
	"dup_row": "Ничего: вторая такая строка не учтена", "dup_variant": "Ничего: сумма учтена один раз", "corr_version": "Ничего: взята новая версия", "wrong_sum": "Сверьте итог с начислением и остатком в своей программе",
	"wrong_period": "Пришлите строку в файле своего месяца", "storno": "Проверьте, что сторно относится к этому счёту", "contradiction": "Решите, какая сумма верна, и пришлите её одну", "control_total_mismatch": "Сверьте итог файла со своей программой",
	"orphan": "Проверьте адрес: такого дома или квартиры нет в реестре", "acc_typo": "Сверьте номер счёта", "acc_lookalike": "Ничего: номер прочитан. В программе замените букву", "acc_zero_lost": "Выгружайте номер как текст, с нулями впереди",
	"amount_format": "Ничего: сумма прочитана", "field_shift": "Проверьте разделители в этой строке", "mojibake": "Выгружайте весь файл в одной кодировке", "fio_typo": "Ничего: счёт найден. Опечатку можно исправить у себя",
	"stale_owner": "Проверьте, не сменился ли плательщик", "addr_typo": "Ничего: адрес понят", "addr_alias": "Ничего: адрес понят по другому имени улицы", "addr_korp_lost": "Добавьте корпус в адрес", "addr_flat_lost": "Добавьте квартиру в адрес",
	"addr_wrong_flat": "Проверьте номер квартиры", "addr_loc_lost": "Добавьте населённый пункт в адрес", "addr_house_typo": "Ничего: дом понят", "addr_house_korp_lost": "Добавьте корпус дома", "addr_house_alias": "Ничего: дом понят",
	"pay_dup": "Ничего: платёж учтён один раз", "pay_unknown_account": "Найдите счёт плательщика и пришлите номер", "pay_reversal": "Ничего: возврат учтён", "bad_value": "Исправьте значение здесь или в файле",
}

// adviceOn is what to do about issues of a type.
func adviceOn(typ string) string {
	if a, ok := issueAdvice[typ]; ok {
		return a
	}
	return "Откройте строки и посмотрите подсказку"
}

// invariantTitles are the rules of the check in words.
var invariantTitles = map[string]string{
	"left_out_is_disputed": "Отложенная сумма всегда на проверке", "disputed_is_left_out": "Сумма на проверке отложена, как просил житель", "one_dispute_of_a_line": "По строке счёта одно обращение", "appeals_follow_their_steps": "Состояние обращения – по его шагам",
	"appeals_have_routes": "Обращение находится по номеру", "calculations_keep_digest": "Расчёты в обращениях не менялись",
	"balances_equal_entries": "Остатки равны сумме проводок", "entries_have_transactions": "У каждой проводки есть операция", "transactions_sum_to_zero": "Каждая операция сходится в ноль",
	"transfers_net_to_zero": "Переносы между домами сходятся в ноль", "batches_are_finished": "Приём файлов закончен", "issues_for_each_row_left_out": "О каждой незагруженной строке сказано",
	"rows_have_verdicts": "У каждой строки файла есть итог", "links_name_households": "Каждый счёт ведёт в семью", "one_live_building": "Счёт живёт в одном доме", "routes_lead_to_live_accounts": "Номера ведут к действующим счетам",
	"due_follows_from_parts": "К оплате выводится из частей строки", "credited_means_posted": "Зачисленное разнесено", "order_equals_parts": "Платёж равен сумме частей", "posted_parts_equal_ledger": "Разнесённое равно книге",
	"refunds_within_captured": "Возвращено не больше полученного", "notifications_have_a_state": "Уведомления банка разобраны", "audit_chain": "Журнал действий цел",
	"digest_matches_the_bill": "Выставленные счета не изменены", "one_live_bill": "У семьи один действующий счёт за месяц", "bills_follow_from_facts": "Выставленные счета следуют из данных того дня",
	"published_households_have_bills": "Счёт получила каждая семья", "lines_equal_postings": "Строки начислений равны проводкам", "buildings_equal_lines": "Итоги домов равны строкам",
	"line_or_reason": "У каждой услуги есть строка или причина", "sheets_hold_the_facts": "Листы домов равны данным", "meters_live_in_one_building": "Счётчик стоит в одном доме",
	"subscriptions_do_not_overlap": "Сроки услуги не пересекаются", "closed_months_get_nothing": "В закрытые месяцы ничего не добавлено",
	"conflicts_name_households": "Расхождения ведут к семьям", "decisions_have_reasons": "У решений есть причины", "decisions_are_told": "О решениях сказано поставщикам", "open_conflicts_disagree": "В открытых расхождениях спорят",
	"meter_steps_have_meters": "У записей о счётчиках есть счётчик", "meter_steps_are_told": "О счётчиках рассказано поставщикам", "answers_of_own_meters": "Отвечает тот, чей счётчик",
	"declined_readings_do_not_count": "Непринятые показания не считаются",
}

// invariantTitle is a rule in words; ruleOf its number.
func invariantTitle(id string) string {
	_, name, _ := strings.Cut(id, ".")
	if t, ok := invariantTitles[name]; ok {
		return t
	}
	return name
}

func ruleOf(id string) string {
	rule, _, _ := strings.Cut(id, ".")
	return rule
}

var channelWords = map[string]string{"online": "на сайте", "site": "на сайте банка", "sber": "в банке", "sbp": "по СБП", "cash": "в кассе", "касса": "в кассе", "реестр": "реестр банка"}

func channelWord(channel string) string {
	if w, ok := channelWords[channel]; ok {
		return w
	}
	if desk, ok := strings.CutPrefix(channel, payment.ChannelCash); ok {
		return "в кассе " + desk
	}
	return channel
}

// queryOf is a text as the value of an address's parameter.
func queryOf(s string) string { return url.QueryEscape(s) }

// kinds parts the timeline by kind of event: each kind has an address of its own.
func kinds(r *http.Request, all []view.Entry) (tabs []web.Tab, shown []view.Entry) {
	asked := r.URL.Query().Get("kind")
	for _, k := range []struct{ kind, title string }{{"", "Всё"}, {"charge", "Начисления"}, {"bill", "Счета"}, {"payment", "Платежи"}, {"match", "Соединения"}, {"appeal", "Обращения"}} {
		tab := web.Tab{Title: k.title, Href: r.URL.Path, Current: asked == k.kind}
		if k.kind != "" {
			tab.Href += "?kind=" + k.kind
		}
		for i := range all {
			if k.kind == "" || all[i].Kind == k.kind {
				tab.Count++
				if tab.Current {
					shown = append(shown, all[i])
				}
			}
		}
		tabs = append(tabs, tab)
	}
	return tabs, shown
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
