package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

// everybody is a public page.
func everybody(title string) web.Page {
	p := stranger(title)
	p.Public, p.Crumbs = true, []web.Link{{Title: "Главная", Href: "/"}}
	return p
}

func publicSamples() (list []webtest.Sample) {
	for _, group := range [][]webtest.Sample{citySamples(), tariffSamples(), statusSamples(), helpSamples()} {
		list = append(list, group...)
	}
	return list
}

func citySamples() []webtest.Sample {
	with := func(name string, change func(*City)) webtest.Sample {
		v := City{Page: everybody("Кто обслуживает дом"), Finder: Finder{Action: "/city"}, Address: "г. Заокск, ул. Ленина, 12", TariffsHref: "/tariffs?house=1",
			Suppliers: []CitySupplier{
				{Name: "АО «Водоканал»", Services: "Холодная вода, водоотведение", Phone: "+7 (48700) 0-00-01", Hours: "пн–пт 8:00–17:00", Emergency: []string{"8 800 000-00-01", "005"}, Email: "spravka@vodokanal.example", Site: "https://vodokanal.example",
					Address: "301901, Приокская обл., г. Заокск, ул. Торговая площадь, д. 2", Offices: []CityOffice{{"ул. Мира, 3", "вт, чт 9:00–19:00", "+7 (48700) 0-00-11"}}},
				{Name: "Общество с ограниченной ответственностью «Управляющая компания Ока-Сервис»", Services: "Содержание жилья"},
			},
			Works: []CityWork{{"Промывка водопровода, вода может быть мутной", "АО «Водоканал»", 20261201, 20261203}, {"Поверка общего счётчика", "ООО «Теплосеть»", 20261128, 0}},
		}
		change(&v)
		return webtest.Sample{Name: "city-" + name, Page: CityPage(v)}
	}
	return []webtest.Sample{
		with("house", func(*City) {}),
		with("street", func(v *City) { v.Street, v.Works = true, nil }),
		with("notserved", func(v *City) { v.NotServed, v.Suppliers, v.Works, v.TariffsHref = true, nil, nil, "" }),
		with("find", func(v *City) { v.Address = "" }),
		with("choose", func(v *City) {
			v.Address, v.Query = "", "ленина"
			v.Found = []web.Link{{Title: "г. Заокск, ул. Ленина, 2", Href: "/city?house=1"}, {Title: "г. Заокск, ул. Ленина, 12", Href: "/city?house=2"}}
		}),
		with("unknown", func(v *City) { v.Address, v.Query, v.None = "", "нигде 1", true }),
	}
}

func tariffSamples() []webtest.Sample {
	with := func(name string, change func(*Tariffs)) webtest.Sample {
		v := Tariffs{Page: everybody("Тарифы"), Finder: Finder{Action: "/tariffs"}, Subject: "г. Заокск, ул. Ленина, 12", Day: "2025-11-24", With: "2026-11-24", CSVHref: "/tariffs.csv?house=1", CityHref: "/city?house=1", AllHref: "/tariffs?house=1",
			Hidden: []HiddenField{{"house", "1"}}, Suppliers: []web.Choice{{Value: "voda", Label: "АО «Водоканал»"}, {Value: "svet", Label: "ПАО «Энергосбыт»"}},
			Groups: []TariffGroup{
				{Supplier: "АО «Водоканал»", Services: []TariffService{{"Холодная вода", "₽ за м³", []TariffRow{
					{Now: "43,12\u00a0₽", Since: 20261001, Document: "Постановление РЭК от 18.12.2025 № 512", Next: &TariffPrice{Value: "47,90\u00a0₽", From: 20270701}, Past: []TariffPrice{{"39,80\u00a0₽", "", "цифра придумана для ряда", 20260101, 20260930}}},
				}}}},
				{Supplier: "ПАО «Энергосбыт»", Services: []TariffService{{"Электроэнергия", "₽ за кВт·ч", []TariffRow{
					{What: "газовая плита, двухтарифный счётчик, день, 1-й диапазон", Now: "9,27\u00a0₽", Since: 20261001, Mark: "цифра придумана"},
					{What: "газовая плита, двухтарифный счётчик, ночь, 1-й диапазон", Next: &TariffPrice{Value: "6,05\u00a0₽", From: 20270101, Until: 20271231}},
				}}}},
				{Supplier: "Фонд капитального ремонта", Phone: "+7 (48700) 0-00-09"},
			},
		}
		change(&v)
		return webtest.Sample{Name: "tariffs-" + name, Page: TariffsPage(v)}
	}
	return []webtest.Sample{
		with("house", func(*Tariffs) {}),
		with("compared", func(v *Tariffs) {
			v.Compared, v.DayOn, v.WithOn = true, 20251124, 20261124
			for i := range v.Groups[1].Services[0].Rows {
				r := &v.Groups[1].Services[0].Rows[i]
				r.Was, r.Is, r.Change = "8,34\u00a0₽", "9,27\u00a0₽", "на 11,2\u00a0% больше"
			}
			v.Groups[0].Services[0].Rows[0].Was, v.Groups[0].Services[0].Rows[0].Is = "нет", "43,12\u00a0₽"
		}),
		with("badday", func(v *Tariffs) {
			v.Day, v.Errors = "31.02", web.Errors{{Field: "day", Message: "Дату пишут так: 31.10.2026"}}
			v.WithErrors(v.Errors)
		}),
		with("none", func(v *Tariffs) { v.Groups = nil }),
		with("find", func(v *Tariffs) { v.Subject = "" }),
	}
}

func statusSamples() []webtest.Sample {
	ok, worse, stopped := web.State{Word: "работает", Tone: web.OK}, web.State{Word: "с перебоями", Tone: web.Warn}, web.State{Word: "не работает", Tone: web.Bad}
	days := func(bad ...int) (list []StatusDay) {
		for i := range 90 {
			d := StatusDay{Day: calendar.Date(20261124).AddDays(i - 89), Tone: web.OK}
			if i < 20 {
				d.Tone = web.Quiet
			}
			for k, n := range bad {
				if n == i {
					d.Tone = []web.Tone{web.Warn, web.Bad}[k%2]
				}
			}
			list = append(list, d)
		}
		return list
	}
	with := func(name string, change func(*ServiceStatus)) webtest.Sample {
		v := ServiceStatus{Page: everybody("Состояние сервиса"), State: ok, Says: "Всё работает", SeenAt: at(24, 11, 59), Components: []StatusComponent{
			{Title: "Страницы", State: ok, Share: "99,98\u00a0%", Days: days(40, 41)}, {Title: "Оплата: Т-Банк", State: ok, Share: "100,00\u00a0%", Days: days()},
			{Title: "Хранение данных", State: ok, Days: days()},
		}}
		change(&v)
		return webtest.Sample{Name: "status-" + name, Page: ServiceStatusPage(v)}
	}
	past := StatusIncident{Title: "Не открывались счета", State: web.State{Word: "закончилось", Tone: web.OK}, Began: at(3, 9, 0), Ended: at(3, 9, 40), News: []StatusNews{{"Починили. Платежи целы.", at(3, 9, 40)}}}
	return []webtest.Sample{
		with("ok", func(v *ServiceStatus) { v.Past = []StatusIncident{past} }),
		with("subscribe", func(v *ServiceStatus) { v.Subscribe = &StatusSubscribe{Action: "/status/subscribe"} }),
		with("subscribe-wrong", func(v *ServiceStatus) {
			v.Subscribe = &StatusSubscribe{Action: "/status/subscribe", Address: "anna", Errors: web.Errors{{Field: "email", Message: "Почту пишут так: name@example.ru"}}}
			v.Page.WithErrors(v.Subscribe.Errors)
		}),
		with("subscribed", func(v *ServiceStatus) { v.Subscribe = &StatusSubscribe{Action: "/status/subscribe", Sent: true} }),
		{Name: "status-confirm", Page: StatusStepPage(StatusStep{Page: everybody("Подписка на новости сервиса"), Action: "/status/confirm/0", Text: "Присылать письма о сбоях на ваш адрес?", Button: "Да, присылать"})},
		{Name: "status-left", Page: StatusStepPage(StatusStep{Page: everybody("Не писать о сбоях"), Action: "/status/leave/0", Done: "Больше не пишем. Адрес стёрли"})},
		with("degraded", func(v *ServiceStatus) {
			v.State, v.Says = worse, "Часть сервиса работает с перебоями"
			v.Components[1].State, v.Components[1].Note = stopped, "Банк не отвечает. Начатые платежи не потеряются."
		}),
		with("stopped", func(v *ServiceStatus) {
			v.State, v.Says = stopped, "Сервис сейчас не работает"
			v.Incidents = []StatusIncident{{Title: "Не открываются счета", State: stopped, Began: at(24, 11, 10), Next: at(24, 13, 0), News: []StatusNews{{"Меняем диск. Платите пока в приложении банка по коду поставщика.", at(24, 11, 30)}}}}
		}),
		with("new", func(v *ServiceStatus) { v.Components, v.SeenAt = nil, 0 }),
	}
}

func helpSamples() []webtest.Sample {
	topics := []HelpTopic{{"Оплата", []HelpQuestion{
		{ID: "fee", Title: "Есть ли комиссия", Answer: []string{"Нет. Сколько написано в счёте, столько и спишет банк. Это одинаково для карты и СБП."}},
		{ID: "twice", Title: "Что делать, если заплатили дважды", Answer: []string{"Откройте платёж в списке платежей и нажмите «Вернуть деньги». Ответим за 10 дней.", "Ответим за 10 дней."}, Links: []web.Link{{Title: "Мои платежи", Href: "/payments"}}},
	}}, {"Счёт", []HelpQuestion{{ID: "grew", Title: "Почему сумма выросла", Answer: []string{"Войдите и откройте счёт. Рядом с суммой есть «Почему?» – там главные причины и числа."}}}}}
	found := []HelpTopic{{"Оплата", []HelpQuestion{topics[0].Questions[1]}}}
	found[0].Questions[0].Open = true
	return []webtest.Sample{
		{Name: "help-all", Page: HelpPage(Help{Page: everybody("Помощь"), Topics: topics, BillRef: "/help/bill"})},
		{Name: "help-found", Page: HelpPage(Help{Page: everybody("Помощь"), Query: "заплатила два раза", Asked: true, Topics: found, BillRef: "/help/bill"})},
		{Name: "help-none", Page: HelpPage(Help{Page: everybody("Помощь"), Query: "купить слона", Asked: true, BillRef: "/help/bill"})},
		{Name: "readbill", Page: ReadBillPage(ReadBill{Page: everybody("Как читать счёт"), Picture: web.Asset("bill.svg"), Marks: []ReadMark{{"За какой месяц счёт", "Вверху стоит месяц и день, на который посчитаны суммы. Платежи, которые пришли позже, здесь ещё не видны."}, {"Кому и за какую квартиру", "Адрес, площадь и число жильцов. По ним считают часть услуг. Если что-то не так, скажите нам."}}})},
		{Name: "accessibility", Page: AccessibilityPage(Accessibility{Page: everybody("Доступность страниц")})},
		{Name: "privacy", Page: PrivacyPage(Privacy{Page: everybody("Ваши данные"), Columns: []string{"Что", "Зачем", "Сколько хранится"}, Rows: [][]string{{"Показания счётчиков", "Посчитать объём услуги", "5 лет"}, {"Фото счётчика", "Проверить показание", "12 месяцев"}}})},
	}
}
