package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/exchange/statement"
)

func TestReadPurpose(t *testing.T) {
	for _, c := range []struct{ text, code, want string }{
		{"ЛС: 50133547364", "50133547364", "50133547364||"},
		{"ЛС 1234567; ул. Тестовая, д.123/2, кв.321;екатеринова екатерина екатериновна. НДС не облагается", "", "1234567||"},
		{"Оплата ЖКУ л/с № К-0804303 за октябрь 2026", "", "К-0804303||"},
		{"лицевой счет 31-90012345 Петров", "", "31-90012345||"},
		{"За квартиру, лиц.сч. 770012, кв 5", "", "770012||"},
		{"Коммунальные 6200011003800 Иванов И.И.", "0", "|6200011003800|"},
		{"Перечисление платежей за ЖКУ sber за 05.10.2026, принято 1234.56, комиссия 11.11", "", "||2026-10-05 1234.56−11.11 сводный"},
		{"Платежи населения за ЖКУ, bank, за 03–05.10.2026: принято 10.00, комиссия 0.09", "", "||2026-10-03 2026-10-04 2026-10-05 10.00−0.09 сводный"},
		{"Принятые платежи с 30.10.2026 по 01.11.2026 на сумму 1 500-00 руб., вознаграждение банка 15-00", "", "||2026-10-30 2026-10-31 2026-11-01 1500.00−15.00 сводный"},
		{"Реестр № 104512 от 24.11.2026 платежи физ.лиц. комиссия 1%", "", "||реестр 104512 2026-11-24 сводный"},
		{"Возврат платежа по п/п № 15 от 03.11.2026, счёт получателя закрыт", "", "||реестр 15 2026-11-03 сводный возврат"},
		{"Зарплата за октябрь", "", "||"},
	} {
		p := ReadPurpose(c.text, c.code)
		if got := shownPurpose(&p); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func shownPurpose(p *Purpose) string {
	var rest []string
	for _, d := range p.Days {
		rest = append(rest, d.String())
	}
	if p.Register != "" {
		rest = append(rest, "реестр "+p.Register+" "+p.Of.String())
	}
	if p.Gross != 0 || p.HasFee {
		rest = append(rest, fmt.Sprintf("%s−%s", p.Gross, p.Fee))
	}
	if p.Summary {
		rest = append(rest, "сводный")
	}
	if p.Returned {
		rest = append(rest, "возврат")
	}
	return strings.Join(p.Marked, ",") + "|" + strings.Join(p.Bare, ",") + "|" + strings.Join(rest, " ")
}

func TestClassify(t *testing.T) {
	partners := []Partner{{Code: "sber", Name: "Банк-агент", INN: "7707083893"}}
	own := []string{"40702810000000000001", "40702810000000000002"}
	in := func(name, account, inn, purpose string) *statement.Movement {
		return &statement.Movement{Incoming: true, Date: calendar.NewDate(2026, 10, 5), Sum: 100, Payer: statement.Party{Name: name, Account: account, INN: inn}, Purpose: purpose}
	}
	for _, c := range []struct {
		x    *statement.Movement
		want string
	}{
		{in("Иванов Иван Иванович", "40817810000000000002", "", "ЛС 1234567"), classResident},
		{in("Иванов Иван Иванович", "40817810000000000002", "", "за период октябрь"), classResident},
		{in("ПЕТРОВА АННА ИВАНОВНА", "", "", "за квартиру"), classResident},
		{in("Касса расчётного центра", "", "", "Платежи населения, cash, за 05.10.2026"), classCredit},
		{in("ПАО Банк", "30101810000000000001", "7707083893", "л/с 1234567"), classCredit},
		{in("Банк-агент", "", "", "Перечисление sber"), classCredit},
		{in("ООО Ромашка", "40702810000000000077", "7777777777", "Возврат по п/п № 5 от 01.10.2026"), classReturned},
		{in("Мы сами", "40702810000000000002", "", "Перевод собственных средств"), classOwn},
		{in("ООО Ромашка", "40702810000000000077", "7777777777", "Аренда"), classCredit},
		{&statement.Movement{Payee: statement.Party{Account: "40702810000000000077"}, Purpose: "Оплата"}, classPayout},
	} {
		if got := classify(c.x, partners, own); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.x.Payer.Name, c.x.Purpose, got, c.want)
		}
	}
}
