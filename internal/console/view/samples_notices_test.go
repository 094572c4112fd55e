package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func noticeSamples() []webtest.Sample {
	tabs := []web.Tab{{Title: "Журнал", Href: "/c/notices", Current: true}, {Title: "Рассылки", Href: "/c/notices/waves"}, {Title: "Тексты", Href: "/c/notices/wordings"}}
	log := Notices{
		Page: centre("Сообщения людям"), Tabs: tabs, States: []web.Choice{{Label: "любое", Chosen: true}, {Value: "failed", Label: "не доставлено"}}, Topics: []web.Choice{{Label: "любая", Chosen: true}},
		Figures: []NoticeFigure{{"SMS", web.State{Word: "доставлено", Tone: web.OK}, 1204}, {"SMS", web.State{Word: "не доставлено", Tone: web.Bad}, 7}},
		Rows: []NoticeRow{
			{At: at(24, 10, 2), SentAt: at(24, 10, 3), Topic: "Новый счёт", Way: "SMS, +7 916 ***-**-67", Text: "Счёт за октябрь: 6\u00a0214,35\u00a0₽. Оплатите до 15 декабря.", State: web.State{Word: "доставлено", Tone: web.OK}, Outside: "9f2c"},
			{At: at(24, 10, 2), Topic: "Счёт не оплачен", Way: "SMS, +7 916 ***-**-11", State: web.State{Word: "не отправляли"}, Why: "уже сделано"},
			{At: at(24, 22, 2), NextAt: at(25, 9, 0), Tries: 2, Topic: "Новый счёт", Way: "Письмо, a***@mail.example", State: web.State{Word: "ждёт"}, Why: "текст составим при отправке"},
		}, Older: "/c/notices?before=1",
	}
	none := log
	none.Page, none.Rows, none.Figures, none.Older = centre("Сообщений не нашли"), nil, nil, ""
	wrong := none
	wrong.Page, wrong.Contact, wrong.Errors = centre("Сообщения: телефон не тот"), "12", web.Errors{{Field: "contact", Message: "Телефон пишут так: +7 900 123-45-67"}}
	wrong.WithErrors(wrong.Errors)
	waves := Waves{Page: centre("Рассылки"), Tabs: tabs, May: true, Rows: []WaveRow{
		{ID: "1", Title: "Счета за 2026-10", Pace: "600", At: at(5, 10, 0), Waiting: 120, Done: 4000, State: web.State{Word: "идёт", Tone: web.OK}},
		{ID: "2", Title: "unpaid:2026-11", Pace: "60", At: at(12, 10, 0), Waiting: 5, Paused: true, By: "ольга", State: web.State{Word: "на паузе", Tone: web.Warn}},
	}}
	calm := waves
	calm.Page, calm.Rows = centre("Рассылок нет"), nil
	row := WordingRow{Name: "bill", Href: "/c/notices/wordings/bill", Subject: "Счёт за месяц", Text: "Счёт: {{сумма}}. Оплатите до {{срок}}.", By: "Квит", Version: "0", From: 20260101, State: web.State{Word: "действует", Tone: web.OK}}
	proposed := row
	proposed.By, proposed.Version, proposed.State = "ольга", "7", web.State{Word: "ждёт второго человека", Tone: web.Warn}
	list := Wordings{Page: centre("Тексты сообщений"), Tabs: tabs, Rows: []WordingRow{row}, Waiting: []WordingRow{proposed}}
	one := Wording{Page: centre("Текст: bill"), Tabs: tabs, Action: "/c/notices/wordings/bill", Key: "sample-key-1", Subject: row.Subject, Text: row.Text, From: "2026-12-01", Words: []string{"сумма", "срок"}, Versions: []WordingRow{proposed, row},
		Tried: []Tried{{"семья 12", "Счёт за октябрь", "Счёт: 6\u00a0214,35\u00a0₽. Оплатите до 15 декабря.", ""}, {"семья 13", "", "", "сейчас не отправили бы: уже сделано"}}}
	bad := one
	bad.Page, bad.Tried, bad.Errors = centre("Текст: такого слова нет"), nil, web.Errors{{Field: "text", Message: "Слова {{пароль}} нет. Есть: сумма, срок."}}
	bad.WithErrors(bad.Errors)
	return []webtest.Sample{
		{Name: "notices", Page: NoticesPage(log)}, {Name: "notices-none", Page: NoticesPage(none)}, {Name: "notices-wrong", Page: NoticesPage(wrong)}, {Name: "waves", Page: WavesPage(waves)}, {Name: "waves-none", Page: WavesPage(calm)},
		{Name: "wordings", Page: WordingsPage(list)}, {Name: "wording", Page: WordingPage(one)}, {Name: "wording-wrong", Page: WordingPage(bad)},
	}
}
