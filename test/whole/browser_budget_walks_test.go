package whole

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// figures are the fields of meters on the page.
func (v *visitor) figures() (list []*html.Node) {
	for _, in := range elements(v.page, "input") {
		if has(in, "data-last") {
			list = append(list, in)
		}
	}
	return list
}

// readMeters types a figure a little above the last one into so many fields of meters.
func (v *visitor) readMeters(most int) int {
	v.t.Helper()
	list := v.figures()
	list = list[:min(most, len(list))]
	for _, in := range list {
		last, err := strconv.ParseFloat(attribute(in, "data-last"), 64)
		if err != nil {
			v.t.Fatal(err)
		}
		v.enter(attribute(in, "name"), strconv.Itoa(int(last)+3))
	}
	return len(list)
}

// readWithin is T3. A figure may be asked about: then it is said to be right on one more screen.
func readWithin(t *testing.T, base string) {
	v := newVisitor(t, base).through("Житель")
	v.follow("Показания")
	v.begin()
	n := v.readMeters(4)
	if n == 0 {
		t.Fatal("no meter to read")
	}
	v.press("Отправить показания")
	asked := 0
	for _, in := range elements(v.page, "input") {
		if attribute(in, "type") == "radio" && attribute(in, "value") == "right" {
			v.tick(attribute(in, "name"), "right")
			asked++
		}
	}
	if asked > 0 {
		v.press("Отправить показания")
	}
	v.sees("Принято")
	v.within("T3", 2, n, min(1, asked))
}

// autopayWithin is T7: on, changed, off.
func autopayWithin(t *testing.T, base string) {
	v := newVisitor(t, base).through("Житель")
	v.open("/autopay")
	v.begin()
	v.enter("day", "10")
	v.enter("cap", "90000")
	v.press("Дальше")
	v.sees("-го числа спишем")
	v.tick("consent", "yes")
	v.press("Подключить")
	v.press("Оплатить") // at the bank
	v.sees("оплачено")
	v.within("T7 on", 4, 2, 0)
	v.open("/autopay")
	v.begin()
	v.enter("day", "15")
	v.press("Дальше")
	v.tick("consent", "yes")
	v.press("Подключить")
	v.sees("15-го числа спишем")
	v.within("T7 change", 3, 1, 0)
	v.begin()
	v.press("Отключить")
	v.sees("Отключён")
	v.within("T7 off", 2, 0, 0)
}

// documentsWithin is T8: a certificate of no debt, and a statement for a period.
func documentsWithin(t *testing.T, base string) {
	for _, kind := range []string{"nodebt", "account"} {
		v := newVisitor(t, base).through("Житель")
		v.open("/documents")
		v.begin()
		v.tick("kind", kind)
		v.press("Сделать документ")
		v.sees("Документ готов")
		v.within("T8 "+kind, 2, 2, 0)
		v.follow("Скачать PDF")
	}
}

// disputeWithin is T10, from a line of the bill.
func disputeWithin(t *testing.T, base string) {
	v := newVisitor(t, base).through("Житель")
	v.open("/bill/lines/1")
	v.follow("Не согласен")
	v.begin()
	v.tick("reason", "rate")
	v.enter("words", "Тариф выше, чем в постановлении")
	v.press("Продолжить")
	v.sees("Проверьте и отправьте")
	v.press("Отправить")
	v.sees("Ответ")
	v.within("T10", 3, 2, 0)
}

// dayWithin is T16: the books of the day are compared and the day is closed.
func dayWithin(t *testing.T, base string) {
	v := newVisitor(t, base).through("Бухгалтер")
	v.open("/c/reconcile")
	v.begin()
	v.press("Сверить сейчас")
	v.sees("Книги сверены")
	v.follow("Закрытие дня")
	v.press("Закрыть день")
	v.sees("PDF закрытия № 1")
	v.within("T16", 3, 0, 2)
}

// deskWithin is T18: a person is found, four figures are taken, then cash, and the receipt stands ready for the printer.
func deskWithin(t *testing.T, base, dir string) {
	v := newVisitor(t, base).through("Кассир")
	v.open("/k/shift")
	v.enter("desk", "7")
	v.enter("cash", "1000")
	v.press("Открыть смену")
	number, n := withMeters(v, dir)
	v.open("/k")
	v.begin()
	v.enter("q", number)
	v.press("Найти")
	v.readMeters(4)
	v.press("Принять показания")
	v.sees("Показания приняты")
	v.follow("Принять деньги")
	v.tick("mode", "sum")
	v.enter("sum", "500")
	v.press("Показать, кому сколько")
	v.press("Деньги получены")
	v.sees("Квитанция №")
	v.within("T18", 4, 2+n, 2)
}

// withMeters finds a number of the city's power whose household has most figures to give, up to four.
func withMeters(v *visitor, dir string) (number string, most int) {
	v.t.Helper()
	file, err := os.Open(filepath.Join(dir, "city", "energy_202610.jsonl"))
	if err != nil {
		v.t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for i := 0; i < 30 && most < 4 && lines.Scan(); i++ {
		var row map[string]any
		if json.Unmarshal(lines.Bytes(), &row) != nil {
			continue
		}
		account := fmt.Sprint(row["contract"])
		v.open("/k?q=" + url.QueryEscape(account))
		if n := min(4, len(v.figures())); strings.HasPrefix(v.at.Path, "/k/account/") && n > most {
			number, most = account, n
		}
	}
	if most == 0 {
		v.t.Fatal("no household has figures to give")
	}
	return number, most
}
