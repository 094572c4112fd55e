package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func gisSamples() []webtest.Sample {
	v := GIS{
		Page: centre("ГИС ЖКХ"), ExportTo: "/c/gis/export", ImportTo: "/c/gis/import", RetryTo: "/c/gis/retry", Key: "sample-key-1", Month: "2026-10",
		Suppliers: []web.Choice{{Value: "vodokanal", Label: "АО «Водоканал»"}}, Tables: []web.Choice{{Value: "readings", Label: "Показания"}},
		Queues: []GISQueue{
			{"АО «Водоканал»", "показания", 1204, 0, 98_112, 0, "7 дн.", web.State{Word: "ждёт", Tone: web.Warn}},
			{"АО «Водоканал»", "извещения о платежах", 0, 250, 44_010, 12, "3 мин", web.State{Word: "есть отказы", Tone: web.Bad}},
		},
		Refusals: []GISRefusal{
			{"АО «Водоканал»", "извещения о платежах", "INT002000: Сведения не прошли проверку", "Исправьте их у поставщика, затем «Отправить ещё раз».", "1600123456", 12, web.State{Word: "отклонено", Tone: web.Bad}},
			{"АО «Водоканал»", "показания", "Нет идентификатора прибора учёта в ГИС ЖКХ.", "", "", 1204, web.State{Word: "ждёт", Tone: web.Warn}},
		},
	}
	empty, read := v, v
	empty.Off, empty.Queues, empty.Refusals, empty.Suppliers = true, nil, nil, nil
	read.Retried = "Сведений: 12."
	read.Read = &GISRead{"Платежи: файл прочитан", "Строк 40: принято 38, без идентификатора 0, не наших 1, с ошибкой 1.", web.Warn, []GISFinding{{"Основные сведения, строка 5", "B Сумма", "12.345", "Нужна сумма в рублях с копейками: 1234,50."}}, 3}
	return []webtest.Sample{{Name: "gis", Page: GISPage(v)}, {Name: "gis-empty", Page: GISPage(empty)}, {Name: "gis-read", Page: GISPage(read)}}
}
