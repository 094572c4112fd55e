package whole

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestTasksWithKeysOnly walks the tasks of a resident with Tab, Enter, digits and arrows (ux.md 17): every step has the focus seen,
// in the order of the page, and nothing traps it.
func TestTasksWithKeysOnly(t *testing.T) {
	w := smallDemo(t, "127.0.0.1")
	link, number, code := quickLink(t, w.base)
	w.linkByKeys(number, code)
	w.saveByKeys(link)
	w.door(0)
	for _, path := range []string{"/home", "/bill/pay", "/readings"} {
		w.noTrap(path)
	}
	w.seeByKeys()
	w.readByKeys()
	w.documentByKeys()
	w.disputeByKeys()
	w.accessByKeys()
	w.partByKeys()
	w.call("Network.clearBrowserCookies", nil)
	w.quickByKeys(link)
	w.door(0)
	w.allByKeys()
	w.aheadByKeys()
	w.autopayByKeys()
}

// linkByKeys is T1: a stranger adds an account by its paper and signs in by his telephone.
func (w *walk) linkByKeys(number, code string) {
	w.t.Helper()
	w.open("/accounts/add")
	w.fill("Номер лицевого счёта", number)
	w.fill("Код с квитанции", code)
	w.enter("Продолжить")
	w.see("Нашли")
	before := w.codes()
	w.fill("Ваш телефон", "9051112244")
	w.enter("Получить код и добавить")
	w.see("Код не пришёл?")
	w.fill("Код", w.told(before))
	w.send()
	w.see("Что сделаем сначала")
}

// saveByKeys is T1q: the same from the page that the code of a paper opens.
func (w *walk) saveByKeys(link string) {
	w.t.Helper()
	w.open(link)
	w.enter("Сохранить в мои счета")
	w.see("Счёт добавлен")
}

// seeByKeys is T9: why the sum grew.
func (w *walk) seeByKeys() {
	w.t.Helper()
	w.open("/home")
	w.enter("Почему")
	w.see("Почему изменилась сумма")
	w.see("Главные причины")
}

// readByKeys is T3: a figure for every meter, a little above the one before; those asked about are said to be right.
func (w *walk) readByKeys() {
	w.t.Helper()
	w.open("/readings")
	fields, err := strconv.Atoi(w.run(`String(document.querySelectorAll("input[data-last]").length)`))
	if err != nil || fields == 0 {
		w.t.Fatalf("%d figures to give, %v:\n%.900s", fields, err, w.text())
	}
	for range fields {
		for w.tab(); w.run(`document.activeElement.dataset.last || ""`) == ""; w.tab() {
			if w.run(`document.activeElement === document.body ? "end" : ""`) == "end" {
				w.t.Fatalf("Tab does not come to all of %d figures", fields)
			}
		}
		w.keys(w.run(`String(Math.floor(Number(document.activeElement.dataset.last)) + 3)`))
	}
	w.enter("Отправить показания")
	asked, err := strconv.Atoi(w.run(`String(document.querySelectorAll("input[type=radio][value='']:checked").length)`))
	if err != nil {
		w.t.Fatal(err)
	}
	for range asked {
		w.tabTo("Исправлю")
		w.keys(kb.ArrowDown)
	}
	if asked > 0 {
		w.enter("Отправить показания")
	}
	w.see("Принято")
}

// documentByKeys is T8: a statement of a period, and its file.
func (w *walk) documentByKeys() {
	w.t.Helper()
	w.open("/documents")
	w.choose("Справка", "Выписка")
	w.fill("С какого месяца", kb.ArrowDown)
	w.enter("Сделать документ")
	w.see("Документ готов")
	w.tabTo("Скачать PDF")
	w.until("the link with the focus is a file", `fetch(document.activeElement.href).then(r => r.headers.get("Content-Type")).then(t => t === "application/pdf" ? "yes" : t)`)
}

// disputeByKeys is T10: from a line of the bill to a number.
func (w *walk) disputeByKeys() {
	w.t.Helper()
	w.open("/bill/lines/1")
	w.enter("Не согласен")
	w.choose("Показания взяты", "Тариф не тот")
	w.fill("Напишите", "Тариф выше, чем в постановлении")
	w.enter("Продолжить")
	w.see("Проверьте и отправьте")
	w.enter("Отправить")
	w.see("Отозвать обращение")
	w.see("№")
}

// accessByKeys is T13: access is given to a relative and taken back.
func (w *walk) accessByKeys() {
	w.t.Helper()
	w.open("/accounts")
	w.enter("Дать доступ близкому")
	w.fill("Телефон близкого", "9051112233")
	w.enter("Дать доступ")
	w.see("Приглашение отправлено")
	w.enter("К моим адресам")
	w.enter("Закрыть доступ: +7 905 ***-**-33") // he has not come yet
	w.see("Приглашение отозвано")
	w.enter("Закрыть доступ: +7 905 ***-**-44") // who came by the paper, T1
	w.see("Доступ закрыт")
}

// partByKeys is T5: a part of the sum.
func (w *walk) partByKeys() {
	w.t.Helper()
	w.open("/home")
	w.enter("Оплатить")
	w.see("Кому")
	w.enter("Другая сумма")
	w.fill("Сколько", "1000")
	w.enter("Показать")
	w.see("Останется")
	w.payAtTheBank()
}

// payAtTheBank pays what is shown by card, and at the training bank.
func (w *walk) payAtTheBank() {
	w.t.Helper()
	w.choose("СБП", "Банковская карта")
	w.enter("Оплатить")
	w.see("Учебный банк")
	w.enter("Оплатить")
	w.see("оплачено")
}

// quickByKeys is T2: the bill by the code of its paper, paid without signing in; the bank declines, then does not.
func (w *walk) quickByKeys(link string) {
	w.t.Helper()
	w.open(link)
	w.see("К оплате")
	w.choose("СБП", "Банковская карта")
	w.enter("Оплатить")
	w.see("Учебный банк")
	w.enter("Отказать")
	w.see("отклонено")
	w.enter("Попробовать ещё раз")
	w.payAtTheBank()
}

// autopayByKeys is T7: autopay is put on, changed and off.
func (w *walk) autopayByKeys() {
	w.t.Helper()
	w.open("/autopay")
	w.ruleByKeys("10")
	w.see("Учебный банк")
	w.enter("Оплатить")
	w.see("оплачено")
	w.open("/autopay")
	w.ruleByKeys("15")
	w.see("Автоплатёж подключён")
	w.see("15-го числа спишем")
	w.enter("Отключить")
	w.see("Отключён")
}

// ruleByKeys sets the day and the limit of autopay and consents.
func (w *walk) ruleByKeys(day string) {
	w.t.Helper()
	w.fill("Какого числа списывать", day)
	w.fill("Не больше", "9000")
	w.enter("Дальше")
	w.see("-го числа спишем")
	w.tabTo("Разрешаю банку")
	w.keys(" ")
	w.enter("Подключить")
}

// aheadByKeys is T6: more than is due.
func (w *walk) aheadByKeys() {
	w.t.Helper()
	w.open("/bill/pay")
	w.enter("Вперёд")
	w.fill("Сколько", "20000")
	w.enter("Показать")
	w.see("аванс")
	w.payAtTheBank()
}

// allByKeys is T4: everything that is due in all homes of a person.
func (w *walk) allByKeys() {
	w.t.Helper()
	w.open("/accounts")
	w.enter("Оплатить всё")
	if strings.Contains(w.text(), "уже оплачивается") { // the demo has left a payment at the bank
		w.enter("Оплатить ещё раз всё равно")
	}
	w.see("Кому")
	w.payAtTheBank()
}
