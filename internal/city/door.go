package city

// door is a way payments come in: a bank, fast payments, a cash desk, the post. Its register is a layout like any
// other, with roles of payments.
type door struct {
	code       string
	payer      string // who sends the money to the settlement centre
	share      int    // weight among payers
	commission int64  // 1/10000
	prefix     string // of operation numbers
	office     bool   // works in the daytime only
	clean      bool   // makes no repeated or unknown operations
	date, time string // {dd} {MM} {YYYY} {hh} {mm} {ss}
	layout     layout
}

func bankColumns() []column {
	return []column{show("date", "дата"), show("time", "время"), show("-office", "отделение"), show("operation", "операция"), show("supplier", "поставщик"),
		show("account", "счет"), show("amount", "сумма"), show("net", "перечислено"), show("commission", "комиссия")}
}

func evenDoors() []door {
	return []door{
		{code: "bank", payer: "Банк «Приокский вымышленный»", share: 46, commission: 85, prefix: "7110", date: "{dd}-{MM}-{YYYY}", time: "{hh}-{mm}-{ss}",
			layout: layout{file: "payments/bank_{MM}{YY}.txt", kind: "csv", encoding: "cp1251", newline: "\r\n", delimiter: ";", unit: "line", money: "rub_comma",
				trailer: "=;{rows};{total};{net};{fee};{day}", columns: bankColumns()}},
		{code: "sbp", payer: "Расчётный центр СБП", share: 38, commission: 40, prefix: "A", date: "{YYYY}-{MM}-{dd}", time: "{hh}:{mm}:{ss}",
			layout: layout{file: "payments/sbp_{YYYY}-{MM}.ndjson", kind: "ndjson", encoding: "utf-8", unit: "line", money: "kopeck_int",
				columns: []column{show("operation", "trx"), show("ts", "at"), show("supplier", "to.supplier"), show("account", "to.account"), show("amount", "kopecks")}}},
		{code: "cash", payer: "Касса расчётного центра", share: 9, prefix: "К", office: true, clean: true, date: "{dd}.{MM}.{YYYY}", time: "{hh}:{mm}",
			layout: layout{file: "payments/cash_{YYYY}-{MM}.csv", kind: "csv", encoding: "utf-8", newline: "\n", delimiter: ",", unit: "line", money: "rub_dot", heading: []string{"{columns}"},
				columns: []column{show("date", "дата"), show("time", "время"), show("-office", "касса"), show("operation", "чек"), show("supplier", "поставщик"), show("account", "лс"), show("amount", "сумма")}}},
		{code: "post", payer: "Отделения связи", share: 7, commission: 150, prefix: "54", office: true, date: "{YYYY}{MM}{dd}", time: "{hh}{mm}",
			layout: layout{file: "payments/POST{MM}{YY}.DBF", kind: "dbf", encoding: "cp866", unit: "record", money: "rub_dot",
				columns: []column{chars(show("date", "DATA"), 8), chars(show("-office", "INDEKS"), 6), chars(show("operation", "KVIT"), 12), chars(show("supplier", "POLUCH"), 12),
					chars(show("account", "LS"), 20), digits(show("amount", "SUMMA"), 12, 2), digits(show("commission", "SBOR"), 10, 2)}}},
	}
}

func oddDoors() []door {
	return []door{
		{code: "bank", payer: "Банк «Левобережный вымышленный»", share: 44, commission: 100, prefix: "30", date: "{dd}.{MM}.{YYYY}", time: "{hh}:{mm}:{ss}",
			layout: layout{file: "payments/Реестр {MM}-{YYYY}.txt", kind: "csv", encoding: "koi8-r", newline: "\r\n", delimiter: "|", unit: "line", money: "rub_dot", heading: []string{"{columns}"},
				trailer: "ВСЕГО|{rows}|{total}|{fee}", columns: bankColumns()}},
		{code: "sbp", payer: "Расчётный центр СБП", share: 40, commission: 40, prefix: "B", date: "{YYYY}-{MM}-{dd}", time: "{hh}:{mm}:{ss}",
			layout: layout{file: "payments/sbp-{MM}{YYYY}.ndjson", kind: "ndjson", encoding: "utf-8", unit: "line", money: "rub_string",
				columns: []column{show("ts", "time"), show("operation", "operation.id"), show("amount", "operation.amount"), show("supplier", "biller"), show("account", "account")}}},
		{code: "cash", payer: "Касса расчётного центра", share: 10, prefix: "ПКО", office: true, clean: true, date: "{dd}.{MM}.{YYYY}", time: "{hh}:{mm}",
			layout: layout{file: "payments/касса {YYYY}-{MM}.csv", kind: "csv", encoding: "utf-8-sig", newline: "\r\n", delimiter: ";", unit: "line", money: "rub_comma", heading: []string{"{columns}"},
				columns: []column{show("date", "Дата"), show("operation", "Ордер"), show("supplier", "Поставщик"), show("account", "Счёт"), show("amount", "Принято")}}},
		{code: "site", payer: "Эквайер «Оплата вымышленная»", share: 6, commission: 120, prefix: "pay-", date: "{YYYY}-{MM}-{dd}", time: "{hh}:{mm}:{ss}",
			layout: layout{file: "payments/site_{YYYY}{MM}.xlsx", kind: "xlsx", sheet: "Операции", unit: "row", money: "rub_number", heading: []string{"Операции за {Month} {YYYY} г.", "{columns}"},
				columns: []column{show("date", "Дата"), show("time", "Время"), show("operation", "Операция"), show("supplier", "Получатель"), show("account", "Лицевой счёт"), show("amount", "Сумма"), show("commission", "Комиссия")}}},
	}
}
