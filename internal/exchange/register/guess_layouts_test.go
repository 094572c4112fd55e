package register

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kvit/internal/exchange/charset"
)

// owner is one line of the made-up registers below, in kopecks.
type owner struct {
	account, fio, street               string
	house, flat                        int
	opening, charge, recalc, fine, pay int64
}

func (o owner) due() int64 { return o.opening + o.charge + o.recalc + o.fine - o.pay }
func (o owner) address() string {
	return fmt.Sprintf("г. Тула, %s, д. %d, кв. %d", o.street, o.house, o.flat)
}

func owners() (list []owner) {
	names := []string{"Сидоров Олег Ильич", "Юдина Анна Юрьевна", "Щукин Пётр Львович"}
	streets := []string{"ул. Мира", "пер. Речной", "пр-кт Победы"}
	for i := range int64(30) {
		o := owner{
			account: fmt.Sprint(700100 + i*7), fio: names[i%3], street: streets[i*7%3], house: int(i%13) + 1, flat: int(i*5%70) + 1,
			opening: i * 1309 % 90_000, charge: 10_000 + i*7919%300_000,
		}
		if i%5 == 0 {
			o.recalc = -700
		}
		if i%4 == 0 {
			o.fine = 311
		}
		if i%2 == 0 {
			o.pay = o.opening
		}
		list = append(list, o)
	}
	return list
}

func dot(kopecks int64) string {
	sign := ""
	if kopecks < 0 {
		sign, kopecks = "-", -kopecks
	}
	return fmt.Sprintf("%s%d.%02d", sign, kopecks/100, kopecks%100)
}

func comma(kopecks int64) string { return strings.ReplaceAll(dot(kopecks), ".", ",") }

// each writes a line for every owner.
func each(line func(i int, o owner) string) string {
	var b strings.Builder
	for i, o := range owners() {
		b.WriteString(line(i, o))
	}
	return b.String()
}

func sumDue() (sum int64) {
	for _, o := range owners() {
		sum += o.due()
	}
	return sum
}

func sumCharge() (sum int64) {
	for _, o := range owners() {
		sum += o.charge
	}
	return sum
}

func TestGuessFindsRolesInLayoutsItHasNotSeen(t *testing.T) {
	document, err := json.Marshal(map[string]any{"meta": map[string]any{"pages": []int{1, 2}}, "data": map[string]any{"accounts": jsonOwners()}})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, body string
		enc        charset.Encoding
		roles      map[string]string
		check      func(p Profile, s Summary) string
	}{
		{"no header: the closing balance stands behind what was paid", each(func(_ int, o owner) string {
			return strings.Join([]string{o.account, o.fio, o.address(), dot(o.opening), dot(o.charge), dot(o.recalc), dot(o.fine), dot(o.pay), dot(o.due())}, "|") + "\n"
		}), charset.KOI8R, map[string]string{"account": "0", "fio": "1", "address": "2", "opening": "3", "charge": "4", "paid": "7", "due": "8"}, nil},
		{"balances called остаток and баланс", "\"Договор\";\"Клиент\";\"Адрес\";\"Баланс на начало\";\"Начислено за услуги\";\"Поступило\";\"Баланс на конец\"\n" + each(func(_ int, o owner) string {
			return fmt.Sprintf("\"%s\";\"%s\";\"%s\";\"%s\";\"%s\";\"%s\";\"%s\"\n", o.account, o.fio, o.address(), dot(o.opening), dot(o.charge), dot(o.pay), dot(o.opening+o.charge-o.pay))
		}), charset.UTF8, map[string]string{"account": "0", "opening": "3", "charge": "4", "paid": "5", "due": "6"}, nil},
		{"month and year apart", "LS;FIO;ADRES;MES;GOD;NACH;SALDO\n" + each(func(_ int, o owner) string {
			return fmt.Sprintf("%s;%s;%s;10;2026;%s;%s\n", o.account, o.fio, o.address(), dot(o.charge), dot(o.due()))
		}), charset.CP866, map[string]string{"period": "[3 4]", "charge": "5", "due": "6"}, nil},
		{"typed lines with their own total", "H|АО Водоканал|10.2026\n" + each(func(_ int, o owner) string {
			return fmt.Sprintf("D|%s|%s|%s|10.2026|%s|\n", o.account, o.fio, o.address(), dot(o.due()))
		}) + fmt.Sprintf("T|30|%s|\n", dot(sumDue())), charset.CP1251, map[string]string{"account": "1", "due": "5"}, controlled},
		{"a debt and a total above the captions", "Итого;" + comma(sumDue()) + "\nлс;услуга;начислено;долг\n" + each(func(_ int, o owner) string {
			return fmt.Sprintf("%s;Газоснабжение;%s;%s\n", o.account, comma(o.charge), comma(o.due()))
		}), charset.UTF8, map[string]string{"account": "0", "service": "1", "charge": "2", "due": "3"}, controlled},
		{"a total in words below", "Номер операции;Дата;ЛС;Сумма платежа;Описание\n" + each(func(i int, o owner) string {
			return fmt.Sprintf("op-%d;12.10.2026;%s;%s;Заказ %d\n", i, o.account, dot(o.charge), i)
		}) + "\nСумма принятых платежей: " + dot(sumCharge()) + " RUB\nЧисло платежей: 30\n", charset.UTF8, map[string]string{"operation": "0", "date": "1", "account": "2", "amount": "3", "purpose": "4"}, controlled},
		{"a pack of payments: what was charged is zero at times", each(func(i int, o owner) string {
			return fmt.Sprintf("|%d|%s|23.10.2026|10.2026|%s|%s|0.00|\n", i, o.account, dot(o.charge*int64(i%3)), dot(o.charge+1))
		}), charset.CP866, map[string]string{"account": "2", "date": "3", "period": "4", "amount": "6", "due": "[]", "net": "[]"}, nil},
		{"records deep in a document, keys in camel case", string(document), charset.UTF8, map[string]string{
			"account": "accountNumber", "fio": "owner.fullName", "address": "premise.address", "opening": "money.startBalance", "charge": "money.accrued", "paid": "money.payments", "due": "money.endBalance",
		}, nil},
		{"attributes in single quotes", "<?xml version='1.0' encoding='windows-1251'?>\n<ROOT>" + each(func(_ int, o owner) string {
			return fmt.Sprintf("<ROW LSCHET='%s' ADDR='%s' SUMM_N='%s' SUMM_D='%s'/>\n", o.account, o.address(), dot(o.charge), dot(o.due()))
		}) + "<TOTAL SUMM_D='" + dot(sumDue()) + "'/></ROOT>", charset.CP1251, map[string]string{"account": "LSCHET", "address": "ADDR", "due": "SUMM_D"}, controlled},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := bytesFile("f", encoded(c.enc, c.body))
			p, e, err := GuessFile(f)
			if err != nil {
				t.Fatalf("%v %+v", err, e)
			}
			for role, want := range c.roles {
				if got := p.roles()[role].String(); got != want {
					t.Errorf("%s: %s, want %s", role, got, want)
				}
			}
			sum, found, err := readBytes(p, encoded(c.enc, c.body))
			if err != nil || sum.Rows != 30 || len(found) > 0 {
				t.Errorf("%d rows, %v, %v", sum.Rows, found, err)
			}
			if c.check != nil {
				if wrong := c.check(p, sum); wrong != "" {
					t.Error(wrong)
				}
			}
		})
	}
}

func controlled(p Profile, s Summary) string {
	if !s.Control.Equal {
		return fmt.Sprintf("the total of the file was not found: %+v %+v", p.ControlTotal, s.Control)
	}
	return ""
}

func jsonOwners() (list []any) {
	for _, o := range owners() {
		list = append(list, map[string]any{
			"accountNumber": o.account, "owner": map[string]any{"fullName": o.fio}, "premise": map[string]any{"address": o.address()},
			"money": map[string]any{"startBalance": dot(o.opening), "accrued": dot(o.charge), "recalculation": dot(o.recalc), "fine": dot(o.fine), "payments": dot(o.pay), "endBalance": dot(o.due())},
		})
	}
	return list
}

func TestReadingsAreNotTakenForMoney(t *testing.T) {
	body := "#DATE_BEGIN01.12.2023\n" + each(func(i int, o owner) string {
		return fmt.Sprintf("%s;%s;;%s;9;%d;ХВС;[];%d,%d;31.12.2023;;8;%d;ГВС;[];%d.5;31.12.2023;\n", o.account, o.fio, o.address(), 12341234+i, 750+i, i%10, 99000+i, 310+i)
	})
	p, _, err := GuessFile(bytesFile("f", []byte(body)))
	if err == nil {
		t.Errorf("readings became sums: %v", p.roles())
	}
	captioned := "Лицевой счет;Адрес;Номер счетчика;Показание 1;Дата\n" + each(func(i int, o owner) string {
		return fmt.Sprintf("%s;%s;%d;%d,5;31.12.2023\n", o.account, o.address(), 12341234+i, 310+i)
	})
	_, _, err = GuessFile(bytesFile("f", []byte(captioned)))
	if wantCode(t, err, "guess.failed"); !strings.Contains(err.Error(), "показания") {
		t.Errorf("the message does not say what the file is: %v", err)
	}
}

func TestGuessSaysWhenItIsNotSure(t *testing.T) {
	body := each(func(_ int, o owner) string { return o.account + ";" + dot(o.charge) + ";" + dot(o.due()) + "\n" })
	_, e, err := GuessFile(bytesFile("f", []byte(body)))
	if err != nil || e.Confidence > .5 {
		t.Errorf("confidence %v, %v", e.Confidence, err)
	}
}
