package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func accountSamples() []webtest.Sample {
	return append(append(homeListSamples(), addSamples()...), append(shareSamples(), cardSamples()...)...)
}

func sampleAccounts() Accounts {
	v := Accounts{Page: resident("Мои адреса"), Total: 700000, PayHref: "/bill/pay?home=1&home=7", Told: "Адрес убран", Homes: []AccountHome{
		{ID: "1", Name: "ул. Ленина, 12, кв. 5", Role: "собственник", Says: "Можно всё", Due: 621435, HasDue: true, Current: true, Open: true, LeaveHref: "/accounts/leave/1"},
		{ID: "7", Name: "мама, ул. М***, 3, кв. *8", Role: "плательщик", Says: "Можно платить и видеть сумму", Due: 78565, HasDue: true, LeaveHref: "/accounts/leave/7"},
		{ID: "8", Name: "ул. Мира, 3, кв. 18", Role: "доверенное лицо", Says: "До 31.12.2026 включительно. Можно видеть и платить", Due: 0, HasDue: true, Open: true, LeaveHref: "/accounts/leave/8"},
		{ID: "9", Name: "ул. С***, 1, кв. *2", Role: "наниматель", Says: "Можно платить и видеть сумму", State: web.State{Word: "ждёт подтверждения", Tone: web.Info, Icon: "clock"}, Due: 1000, HasDue: true},
		{ID: "10", Name: "ул. Садовая, 7, кв. 1", Role: "собственник", Says: "До 10.11.2026 включительно. Можно только видеть", State: web.State{Word: "вы выехали", Tone: web.Quiet}, Open: true, FinalHref: "/accounts/final/10"},
		{ID: "11", Name: "гараж", Role: "плательщик", Says: "Можно платить и видеть сумму", State: web.State{Word: "счёт закрыт, платить нечего", Tone: web.Quiet}},
	}}
	v.Page.Account.Homes, v.Page.Account.Action = []web.SwitchHome{{Value: "8", Title: "ул. Мира, 3, кв. 18"}}, "/accounts/choose"
	v.Invites = []AccountInvite{{ID: "3", Says: "ул. П***, 9, кв. *4. До 31.12.2026 включительно. Можно видеть и платить."}}
	v.People = &AccountPeople{Address: "ул. Ленина, 12, кв. 5", SharesHref: "/accounts/shares", Flats: 2, People: []AccountPerson{
		{Do: "close", ID: "21", Name: "+7 900 ***-**-02", Role: "Доверенное лицо", Says: "Можно видеть и платить"},
		{Do: "close", ID: "22", Name: "+7 900 ***-**-03", Role: "Собственник", Says: "Можно платить и видеть сумму", State: web.State{Word: "ждёт вашего слова", Tone: web.Warn}, Pending: true},
		{Name: "+7 900 ***-**-04", Role: "Наниматель", Says: "Можно всё"},
		{Do: "withdraw", ID: "5", Name: "+7 900 ***-**-05", Role: "Доверенное лицо", Says: "Можно только видеть", State: web.State{Word: "приглашение ждёт", Tone: web.Info, Icon: "clock"}},
	}}
	return v
}

func homeListSamples() []webtest.Sample {
	v := sampleAccounts()
	one := Accounts{Page: resident("Мой адрес"), Homes: v.Homes[:1], People: &AccountPeople{Address: v.Homes[0].Name}}
	none := Accounts{Page: resident("Адресов нет")}
	return []webtest.Sample{
		{Name: "more", Page: MorePage(More{Page: resident("Ещё"), Groups: []MoreGroup{{"Оплата", []MoreLink{{Title: "Автоплатёж", Text: "Счёт оплачивается сам в выбранный день", Href: "/autopay"}, {Title: "Сообщения", Text: "Что мы вам писали, как и когда писать", Href: "/notices", Unread: 2}}}, {"Дом", []MoreLink{{Title: "Мой дом", Text: "Сколько израсходовал весь дом", Href: "/house"}}}}})},
		{Name: "accounts", Page: AccountsPage(v)}, {Name: "accounts-one", Page: AccountsPage(one)}, {Name: "accounts-none", Page: AccountsPage(none)},
	}
}

func addSamples() []webtest.Sample {
	bad := AccountAdd{Page: stranger("Добавить счёт: проверьте"), Action: "/accounts/add", Number: "1600123456", Code: "2222 2222", Errors: web.Errors{{Field: "code", Message: "По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией."}}}
	bad.WithErrors(bad.Errors)
	roles := web.Choices{Name: "role", Label: "Кто вы этому дому", Items: []web.Choice{{Value: "owner", Label: "Собственник", Chosen: true}, {Value: "tenant", Label: "Наниматель"}, {Value: "payer", Label: "Плачу за близкого", Hint: "вы увидите сумму и сможете платить"}}}
	found := AccountAdd{Page: stranger("Добавить счёт: нашли"), Action: "/accounts/add", Found: &AccountFound{Address: "ул. Л***, 12, кв. *5", Suppliers: []string{"АО «Водоканал»", "ООО «Теплосеть»"}, Roles: roles}}
	signed := found
	signed.Page, signed.Found = resident("Добавить счёт: ваш?"), &AccountFound{Address: "ул. Л***, 12, кв. *5", Suppliers: []string{"АО «Водоканал»"}, Roles: roles, Title: "мама", Signed: true}
	added := AccountAdded{Page: resident("Счёт добавлен"), Address: "ул. Ленина, 12, кв. 5", Due: 621435, DueOn: 20261215, HasDue: true, Meters: 2, Flats: 1}
	paid, pending, empty := added, added, added
	paid.Page, paid.Due, paid.Meters, paid.Flats = resident("Счёт добавлен: оплачен"), 0, 0, 0
	pending.Page, pending.Pending, pending.Address = resident("Счёт добавлен: ждём"), true, "ул. Л***, 12, кв. *5"
	empty.Page, empty.NoData = resident("Счёт добавлен: пусто"), true
	give := AccountGive{
		Page: resident("Дать доступ близкому"), Address: "ул. Ленина, 12, кв. 5", Key: "sample-key-1",
		Scopes: web.Choices{Name: "scope", Label: "Что разрешить", Items: []web.Choice{{Value: "sd", Label: "Видеть счета и документы"}, {Value: "spd", Label: "Видеть и платить", Chosen: true}, {Value: "sprd", Label: "Видеть, платить и передавать показания"}}},
		Terms:  web.Choices{Name: "term", Label: "Надолго ли", Items: []web.Choice{{Value: "", Label: "Пока не закрою сам", Chosen: true}, {Value: "1", Label: "На месяц"}}},
	}
	wrong, given := give, give
	wrong.Page, wrong.Phone, wrong.Errors = resident("Дать доступ: проверьте"), "900", web.Errors{{Field: "phone", Message: "Телефон пишут так: +7 900 123-45-67"}}
	wrong.WithErrors(wrong.Errors)
	given.Page, given.Given = resident("Доступ дан"), "+7 900 ***-**-67: Видеть и платить. Скажите близкому: пусть войдёт на сайт с этим телефоном и примет приглашение. Оно ждёт 30 дней."
	return []webtest.Sample{
		{Name: "add-first", Page: AccountAddPage(AccountAdd{Page: stranger("Добавить счёт"), Action: "/accounts/add"})}, {Name: "add-bad", Page: AccountAddPage(bad)},
		{Name: "add-found", Page: AccountAddPage(found)}, {Name: "add-signed", Page: AccountAddPage(signed)},
		{Name: "added", Page: AccountAddedPage(added)}, {Name: "added-paid", Page: AccountAddedPage(paid)}, {Name: "added-pending", Page: AccountAddedPage(pending)}, {Name: "added-empty", Page: AccountAddedPage(empty)},
		{Name: "give", Page: AccountGivePage(give)}, {Name: "give-bad", Page: AccountGivePage(wrong)}, {Name: "give-done", Page: AccountGivePage(given)},
	}
}

func shareSamples() []webtest.Sample {
	leave := AccountLeave{Page: resident("Выехать"), Action: "/accounts/leave/1", Address: "ул. Ленина, 12, кв. 5", Lives: true, Last: "2026-11-30"}
	bad, drop, left, gone := leave, leave, leave, leave
	bad.Page, bad.Last, bad.Errors = resident("Выехать: проверьте"), "31.02", web.Errors{{Field: "last", Message: "Напишите день цифрами, например 30.11.2026."}}
	bad.WithErrors(bad.Errors)
	drop.Page, drop.Lives = resident("Убрать адрес"), false
	left.Page, left.Done, left.FinalHref = resident("Вы выехали"), "Вы выехали 10 ноября. Итоговый счёт готов", "/accounts/final/1"
	gone.Page, gone.Done = resident("Адрес убран"), "Адрес убран из вашего списка"
	flats := AccountFlats{Page: resident("Другие счета квартиры"), Address: "ул. Ленина, 12, кв. 5", Rows: []AccountFlat{
		{ID: "1", Supplier: "АО «Водоканал»", Tail: "…4417", Reasons: []string{"тот же единый лицевой счёт", "имя плательщика похоже на ваше"}, Sure: true},
		{ID: "2", Supplier: "ООО «Теплосеть»", Tail: "…1234", Reasons: []string{"в файле поставщика указана ваша квартира", "сами не решились: второй счёт этого поставщика, и плательщик другой"}, Number: "123", Error: "Номер не совпал. Введите его целиком, как на квитанции этого поставщика."},
	}, Errors: web.Errors{{Field: "number-2", Message: "Номер не совпал. Введите его целиком, как на квитанции этого поставщика."}}}
	flats.WithErrors(flats.Errors)
	shares := AccountShares{Page: resident("Кто за что платит"), Address: "ул. Ленина, 12, кв. 5", Mine: true, Owner: 71000, Tenant: 550435, Told: "Сохранено. Каждый видит свою часть", Services: []AccountShare{
		{Value: "кр", Service: "Взнос на капитальный ремонт", Owner: true, Due: 71000}, {Value: "хвс", Service: "Холодная вода", Due: 550435},
	}}
	tenants := shares
	tenants.Page, tenants.Mine, tenants.Told = resident("Кто за что платит: наниматель"), false, ""
	return []webtest.Sample{
		{Name: "leave", Page: AccountLeavePage(leave)}, {Name: "leave-bad", Page: AccountLeavePage(bad)}, {Name: "leave-drop", Page: AccountLeavePage(drop)}, {Name: "leave-left", Page: AccountLeavePage(left)}, {Name: "leave-gone", Page: AccountLeavePage(gone)},
		{Name: "flats", Page: AccountFlatsPage(flats)}, {Name: "flats-none", Page: AccountFlatsPage(AccountFlats{Page: resident("Предложений нет"), Told: "Больше не предложим, пока данные не изменятся"})},
		{Name: "shares-owner", Page: AccountSharesPage(shares)}, {Name: "shares-tenant", Page: AccountSharesPage(tenants)},
	}
}

func cardSamples() []webtest.Sample {
	return []webtest.Sample{
		{Name: "cards", Page: CardsPage(Cards{Page: resident("Мои карты"), Cards: []Card{{ID: "1", Title: "Карта ····4477", Consent: "Разрешаю банку запомнить мою карту.", Expires: 202811, Since: at(24, 10, 12)}}})},
		{Name: "cards-none", Page: CardsPage(Cards{Page: resident("Карт нет"), Forgotten: true})},
	}
}
