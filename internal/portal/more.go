package portal

import (
	"net/http"
	"slices"

	"kvit/internal/access"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// menu are the entries a resident always sees; the rest is behind «Ещё».
var menu = []web.NavItem{
	{Title: "Главная", Href: "/home", Icon: "home"},
	{Title: "Счета", Href: "/bills", Icon: "bill"},
	{Title: "Показания", Href: "/readings", Icon: "meter"},
	{Title: "Обращения", Href: "/appeals", Icon: "talk"},
	{Title: "Ещё", Href: "/more", Icon: "more"},
}

// moreLink is a page behind «Ещё». The resource and action are those of its route: who may not open it does not see it.
type moreLink struct {
	group, title, text, href, resource, action string
}

// moreLinks are those pages, groups together.
var moreLinks = []moreLink{
	{"Оплата", "Платежи", "Что и когда вы заплатили, чеки и возвраты", "/payments", "payment", "read"},
	{"Оплата", "Автоплатёж", "Счёт оплачивается сам в выбранный день", "/autopay", "autopay", "own"},
	{"Оплата", "Моя часть счёта", "Поделить счёт с близкими: каждый платит свою часть", "/accounts/part", "home", "share"},
	{"Оплата", "Мои карты", "Карты, которые вы сохранили", "/cards", "payment", "pay"},
	{"Документы", "Справки, выписки, счета", "Сделать и скачать сразу; отказаться от бумаги", "/documents", "document", "own"},
	{"Документы", "Проверить документ", "Настоящая ли это квитанция или справка", "/check", "check", "read"},
	{"Дом", "Мой дом", "Сколько израсходовал весь дом и куда это ушло", "/house", "bill", "read"},
	{"Дом", "Датчики", "Счётчики, которые передают показания сами", "/devices", "device", "own"},
	{"Я и близкие", "Мои данные", "Согласия, кто смотрел ваши данные, выгрузка и удаление", "/my-data", "person", "own"},
	{"Я и близкие", "Мои адреса", "За что вы платите: своё жильё, родители, гараж", "/accounts", "payment", "pay"},
	{"Я и близкие", "Профиль и вход", "Телефон, почта, ключи доступа, ваши устройства", "/profile", "profile", "own"},
	{"Я и близкие", "Мессенджеры", "Счёт и показания в MAX и Telegram", "/profile/bots", "chat", "own"},
	{"Я и близкие", "Сообщения", "Что мы вам писали, как и когда писать", "/notices", "person", "own"},
}

func (m *Module) more(w http.ResponseWriter, r *http.Request) error {
	v, a := view.More{Page: m.page(r, "Ещё")}, access.FromContext(r.Context())
	for _, l := range moreLinks {
		if a.Reach(l.resource, l.action) == access.None {
			continue
		}
		i := slices.IndexFunc(v.Groups, func(g view.MoreGroup) bool { return g.Title == l.group })
		if i < 0 {
			i, v.Groups = len(v.Groups), append(v.Groups, view.MoreGroup{Title: l.group})
		}
		link := view.MoreLink{Title: l.title, Text: l.text, Href: l.href}
		if l.href == "/notices" {
			link.Unread = m.unread(r)
		}
		v.Groups[i].Links = append(v.Groups[i].Links, link)
	}
	return web.Render(w, r, http.StatusOK, view.MorePage(v))
}

// behindMore are the addresses that belong to «Ещё».
func behindMore() (list []string) {
	for _, l := range moreLinks {
		list = append(list, l.href)
	}
	return list
}
