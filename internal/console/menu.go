package console

import (
	"slices"
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
		{web.NavItem{Title: "Перечисления", Href: "/c/payouts", Icon: "wallet"}, []string{"/c/requisites", "/c/claims"}},
		{web.NavItem{Title: "Закрытие дня", Href: "/c/days", Icon: "today"}, nil},
		{web.NavItem{Title: "Путь платежа", Href: "/c/trace", Icon: "clock"}, nil},
		{web.NavItem{Title: "Поступления", Href: "/c/money", Icon: "income"}, nil},
		{web.NavItem{Title: "Дома", Href: "/c/houses", Icon: "house"}, nil},
		{web.NavItem{Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, []string{"/s/missing"}},
		{web.NavItem{Title: "Приборы", Href: "/c/devices", Icon: "signal"}, nil},
		{web.NavItem{Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, nil},
		{web.NavItem{Title: "ГИС ЖКХ", Href: "/c/gis", Icon: "up"}, nil},
		{web.NavItem{Title: "Банки и терминалы", Href: "/c/agents", Icon: "bank"}, nil},
		{web.NavItem{Title: "Чеки", Href: "/c/receipts", Icon: "receipt"}, nil},
		{web.NavItem{Title: "Передача домов", Href: "/c/handovers", Icon: "key"}, nil},
		{web.NavItem{Title: "Копии", Href: "/c/copies", Icon: "copy"}, nil},
		{web.NavItem{Title: "Состояние сервиса", Href: "/c/status", Icon: "info"}, nil},
		{web.NavItem{Title: "Возвраты", Href: "/c/refunds", Icon: "back"}, []string{"/c/disputes", "/c/advances"}},
		{web.NavItem{Title: "Справки", Href: "/c/documents", Icon: "down"}, []string{"/c/forgeries"}},
		{web.NavItem{Title: "Сообщения", Href: "/c/notices", Icon: "phone"}, nil},
		{web.NavItem{Title: "Обращения", Href: "/s/appeals", Icon: "talk"}, nil},
	},
}

var supplierMenu = menu{
	daily: []entry{
		{web.NavItem{Title: "Главная", Href: "/s/home", Icon: "home"}, nil},
		{web.NavItem{Title: "Ждут ответа", Href: "/s/waiting", Icon: "clock"}, nil},
		{web.NavItem{Title: "Загрузки", Href: "/s/intakes", Icon: "file"}, nil},
		{web.NavItem{Title: "Платежи", Href: "/s/payments", Icon: "wallet"}, nil},
		{web.NavItem{Title: "Перечисления", Href: "/s/payouts", Icon: "bill"}, []string{"/s/trace"}},
		{web.NavItem{Title: "Счётчики", Href: "/s/meters", Icon: "meter"}, []string{"/s/missing"}},
		{web.NavItem{Title: "Расхождения", Href: "/s/conflicts", Icon: "alert"}, nil},
	},
	rest: []entry{
		{web.NavItem{Title: "Дома", Href: "/s/houses", Icon: "house"}, nil},
		{web.NavItem{Title: "Обмен файлами", Href: "/s/exchange", Icon: "swap"}, nil},
		{web.NavItem{Title: "Обращения", Href: "/s/appeals", Icon: "talk"}, nil},
		{web.NavItem{Title: "Интеграция", Href: "/s/webhooks", Icon: "link"}, nil},
	},
}

// shiftsEntry leads those of the centre who may look on to the shifts of desks.
var shiftsEntry = entry{web.NavItem{Title: "Кассы", Href: "/k/shifts", Icon: "user"}, []string{"/k/receipts"}}

// clerkMenu is what stands on the screen of a desk.
var clerkMenu = menu{daily: []entry{
	{web.NavItem{Title: "Касса", Href: "/k", Icon: "search"}, nil},
	{web.NavItem{Title: "Смена", Href: "/k/shift", Icon: "wallet"}, nil},
	{web.NavItem{Title: "Мои смены", Href: "/k/shifts", Icon: "today"}, nil},
}}

// menuOf is the menu of those who work for a supplier, or that of the centre.
func menuOf(a access.Actor) menu {
	if a.SupplierID != 0 {
		return supplierMenu
	}
	if a.Role == access.Clerk {
		return clerkMenu
	}
	if a.Reach("cash", "read") == access.None {
		return centreMenu
	}
	return menu{centreMenu.daily, append(slices.Clone(centreMenu.rest), shiftsEntry)}
}

// at gives entries for a page, the one it belongs to marked.
func at(entries []entry, path string) (items []web.NavItem) {
	for _, e := range entries {
		item := e.NavItem
		if e.Href == "/k" { // all pages of the desk are below it, and two of them have entries of their own
			item.Current = path == "/k" || strings.HasPrefix(path, "/k/account/")
			items = append(items, item)
			continue
		}
		for _, root := range append([]string{e.Href}, e.below...) {
			item.Current = item.Current || path == root || strings.HasPrefix(path, root+"/")
		}
		items = append(items, item)
	}
	return items
}
