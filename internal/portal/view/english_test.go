package view

import (
	"testing"

	"kvit/internal/web/webtest"
)

// sampleLang is the language the samples are drawn in.
var sampleLang = "ru"

// sampleNames are names of people, places, suppliers and papers in the samples: they stay as they are, in sentences too.
var sampleNames = []string{
	"Общество с ограниченной ответственностью", "Фонд капитального ремонта", "Рязанское отделение № 8606", "Банк Покров", "АО ", "ООО ",
	"г. Рязань", "ул. Ленина", "ул. Мира", "ул. Садовая", "ул. Л***", "ул. Л…", "ул. М***", "ул. П***", "ул. С***", "кв. ",
	"20АА123456", "9Д4К-", "П-7Д4К2", "К-2610", "мама", "кухня", "Ватериус", "Водоканал:", "Иванова А. П.", "оператор Иванова", "постановление № 118", "постановление № 8",
	"цифра другого региона", "цифра придумана для ряда", "ПАО ",
}

// sampleLetters are what people of a centre write themselves, and what samples make up.
var sampleLetters = []string{
	"Сегодня с 23:00 до 1:00 платежи не проходят", "Банк меняет оборудование. Счета открываются как обычно.", "По этому коду счёта не нашли", "Возьмите новый из приложения",
	"счёт за квартиру, оплата, платежи", "загрузка начислений, протокол", "день, поиск абонента, спорные соединения", "Сколько написано в счёте, столько и спишет банк.",
	"Откройте платёж и нажмите «Вернуть деньги».", "Рядом с суммой есть «Почему?».", "Вверху стоит месяц.", "Адрес, площадь и число жильцов.", "Счётчик, квитанция",
	"Согласен получать счёт в личном кабинете вместо бумаги.", "Снова придёт бумажная квитанция.", "Согласен, чтобы бот отвечал мне в мессенджере.", "расход соседей",
}

// TestEnglishIsComplete draws every sample in English.
func TestEnglishIsComplete(t *testing.T) {
	sampleLang = "en"
	defer func() { sampleLang = "ru" }()
	webtest.English(t, samples(), append(sampleLetters, sampleNames...)...)
}
