package console

import (
	"strings"

	"kvit/internal/access"
	"kvit/internal/web"
)

// entry is one entry of a menu. The pages under its address, and under the addresses of below, belong to it.
type entry struct {
	web.NavItem
	below []string
}

// menu is what a role works with: daily work first, the rest behind «Ещё».
type menu struct{ daily, rest []entry }

var centreMenu = menu{
	daily: []entry{
		{web.NavItem{Title: "Сегодня", Href: "/c/today", Icon: "home"}, nil},
		{web.NavItem{Title: "Найти", Href: "/c/find", Icon: "search"}, []string{"/c/account"}},
		{web.NavItem{Title: "Загрузки", Href: "/s/intakes", Icon: "file"}, nil},
		{web.NavItem{Title: "Соединения", Href: "/c/review", Icon: "link"}, nil},
		{web.NavItem{Title: "Расхождения", Href: "/c/conflicts", Icon: "alert"}, nil},
		{web.NavItem{Title: "Начисление", Href: "/c/runs", Icon: "bill"}, []string{"/c/reissues"}},
		{web.NavItem{Title: "Сверка", Href: "/c/reconcile", Icon: "check"}, nil},
	},
	rest: []entry{
		{web.NavItem{Title: "Поступления", Href: "/c/money", Icon: "wallet"}, nil},
		{web.NavItem{Title: "Дома", Href: "/c/houses", Icon: "house"}, nil},
		{web.NavItem{Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, []string{"/s/missing"}},
		{web.NavItem{Title: "Приборы", Href: "/c/devices", Icon: "signal"}, nil},
		{web.NavItem{Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, nil},
		{web.NavItem{Title: "ГИС ЖКХ", Href: "/c/gis", Icon: "up"}, nil},
	},
}

var supplierMenu = menu{
	daily: []entry{
		{web.NavItem{Title: "Главная", Href: "/s/home", Icon: "home"}, nil},
		{web.NavItem{Title: "Загрузки", Href: "/s/intakes", Icon: "file"}, nil},
		{web.NavItem{Title: "Платежи", Href: "/s/payments", Icon: "wallet"}, nil},
		{web.NavItem{Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, []string{"/s/missing"}},
		{web.NavItem{Title: "Расхождения", Href: "/s/conflicts", Icon: "alert"}, nil},
	},
	rest: []entry{
		{web.NavItem{Title: "Дома", Href: "/s/houses", Icon: "house"}, nil},
		{web.NavItem{Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, nil},
		{web.NavItem{Title: "Интеграция", Href: "/s/webhooks", Icon: "link"}, nil},
	},
}

// menuOf is the menu of those who work for a supplier, or that of the centre.
func menuOf(a access.Actor) menu {
	if a.SupplierID != 0 {
		return supplierMenu
	}
	return centreMenu
}

// at gives entries for a page, the one it belongs to marked.
func at(entries []entry, path string) (items []web.NavItem) {
	for _, e := range entries {
		item := e.NavItem
		for _, root := range append([]string{e.Href}, e.below...) {
			item.Current = item.Current || path == root || strings.HasPrefix(path, root+"/")
		}
		items = append(items, item)
	}
	return items
}
