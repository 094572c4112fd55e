package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleNotices() Notices {
	return Notices{
		Page: resident("Сообщения"), Tabs: []web.Tab{{Title: "Все", Href: "/notices", Current: true}, {Title: "Новый счёт", Href: "/notices?topic=bill"}, {Title: "Пора передать показания", Href: "/notices?topic=readings"}},
		Unread: 1, Action: "/notices",
		Rows: []NoticeRow{
			{ID: "11", Unread: true, Topic: "Новый счёт", Subject: "Счёт за октябрь", Text: "Счёт за октябрь: 6\u00a0214,35\u00a0₽. Оплатите до 15 декабря. Это на 1\u00a0028,29\u00a0₽ больше, чем в прошлый раз.", Way: "SMS, +7 916 ***-**-67", At: at(5, 10, 12), State: web.State{Word: "доставлено", Tone: web.OK}},
			{ID: "12", Topic: "Платежи, возвраты, автоплатёж", Subject: "Оплачено", Text: "Оплачено 6\u00a0214,35\u00a0₽, платёж П-7Д4К.", Way: "Письмо, a***@mail.example", At: at(4, 9, 0), State: web.State{Word: "отправлено"}},
			{ID: "13", Topic: "Документы", Subject: "Документ готов", Text: "Готово: справка об отсутствии долга.", Way: "На этой странице", At: at(3, 9, 0), State: web.State{Word: "только здесь", Tone: web.Info}},
		},
	}
}

func sampleNoticeSettings() NoticeSettings {
	ways := func(topic string, mail bool) []web.Choice {
		return []web.Choice{{Value: topic + "/mail", Label: "Письмо", Chosen: mail}, {Value: topic + "/sms", Label: "SMS", Chosen: true}}
	}
	return NoticeSettings{
		Page: resident("Как нам писать вам"), Action: "/notices/settings", Key: "sample-key-of-a-form", Ways: []string{"Письмо, a***@mail.example", "SMS, +7 916 ***-**-67"},
		Topics: []NoticeTopic{{Title: "Новый счёт", Ways: ways("bill", true)}, {Title: "Счёт не оплачен", Ways: ways("reminder", false)}, {Title: "Вход и безопасность", Always: true, Ways: ways("security", true)}},
		From:   "21:00", To: "09:00", Calls: true, Agreed: true, PushKey: "BPk",
	}
}

func noticeSamples() []webtest.Sample {
	none, failed := sampleNotices(), sampleNotices()
	none.Page.Title, none.Rows, none.Unread = "Сообщений нет", nil, 0
	one := sampleNotices()
	one.Page.Title, one.Rows = "Счёт за октябрь", one.Rows[:1]
	failed.Page.Title, failed.Unreached = "Сообщения: SMS не дошло", true
	failed.Rows[0].State, failed.Rows[0].Advice = web.State{Word: "не доставлено", Tone: web.Bad}, "SMS не доставлено, проверьте номер"
	kept, wrong, off, nowhere := sampleNoticeSettings(), sampleNoticeSettings(), sampleNoticeSettings(), sampleNoticeSettings()
	kept.Page.Title, kept.Told, kept.Browsers = "Как нам писать вам: сохранено", "Сохранено", 1
	wrong.Page.Title, wrong.From, wrong.Errors = "Как нам писать вам: часы", "25", web.Errors{{Field: "from", Message: "Время пишут так: 21:00."}}
	wrong.Page.WithErrors(wrong.Errors)
	off.Page.Title, off.Agreed, off.Told = "Сообщения выключены", false, "Больше не пишем. О входе и смене данных сообщим всё равно"
	nowhere.Page.Title, nowhere.Ways, nowhere.Topics = "Писать пока некуда", nil, []NoticeTopic{{Title: "Вход и безопасность", Always: true}}
	return []webtest.Sample{
		{Name: "notices", Page: NoticesPage(sampleNotices())}, {Name: "notices-none", Page: NoticesPage(none)}, {Name: "notices-failed", Page: NoticesPage(failed)}, {Name: "notice", Page: NoticePage(one)},
		{Name: "notice-settings", Page: NoticeSettingsPage(sampleNoticeSettings())}, {Name: "notice-settings-kept", Page: NoticeSettingsPage(kept)}, {Name: "notice-settings-wrong", Page: NoticeSettingsPage(wrong)},
		{Name: "notice-settings-off", Page: NoticeSettingsPage(off)}, {Name: "notice-settings-nowhere", Page: NoticeSettingsPage(nowhere)},
	}
}
