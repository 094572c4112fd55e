package settlement

import (
	"fmt"
	"io"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/onec"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// BankOrder is a payment order of the centre.
type BankOrder struct {
	No      int
	On      calendar.DayText
	Sum     money.Amount
	Details Details
}

// BankOrder is the payment order of a payout that was sent.
func (p *Payout) BankOrder() BankOrder { return BankOrder{p.OrderNo, p.OrderOn, p.Paid, p.Details} }

// WriteOrders writes payment orders as a file for a client-bank: 1CClientBankExchange 1.03,
// cp1251, CRLF (formats.md 3.7; fields of a payment order by положение Банка России № 762-П).
func WriteOrders(w io.Writer, list []BankOrder, now calendar.Micros) error {
	if len(list) == 0 {
		return fault.New(fault.Conflict, "payout.nothing", "Нет отправленных перечислений: сначала kvit payout send.")
	}
	at := now.Time().In(moscow)
	first, last := list[0].On.Date(), list[0].On.Date()
	for i := range list {
		first, last = min(first, list[i].On.Date()), max(last, list[i].On.Date())
	}
	out := onec.NewWriter(w, plain, []onec.Field{
		{Key: "ВерсияФормата", Value: "1.03"}, {Key: "Кодировка", Value: "Windows"}, {Key: "Отправитель", Value: "Квит"}, {Key: "Получатель", Value: ""},
		{Key: "ДатаСоздания", Value: at.Format("02.01.2006")}, {Key: "ВремяСоздания", Value: at.Format("15:04:05")},
		{Key: "ДатаНачала", Value: first.Dotted()}, {Key: "ДатаКонца", Value: last.Dotted()}, {Key: "РасчСчет", Value: list[0].Details.Payer.BankAccount}, {Key: "Документ", Value: "Платежное поручение"},
	})
	for i := range list {
		out.Document("Платежное поручение", list[i].fields())
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("payment orders: %w", err)
	}
	return nil
}

// plain writes a text in cp1251; a sign it has not is written by one that looks like it: a payment order is not held up
// by a name.
func plain(dst []byte, text string) ([]byte, bool) {
	out, _ := charset.CP1251.Append(dst, text)
	return out, false
}

// fields are the fields of a payment order.
func (o *BankOrder) fields() []onec.Field {
	list := []onec.Field{{Key: "Номер", Value: strconv.Itoa(o.No)}, {Key: "Дата", Value: o.On.Date().Dotted()}, {Key: "Сумма", Value: o.Sum.String()}}
	list = append(list, o.Details.Payer.fields("Плательщик")...)
	list = append(list, o.Details.Payee.fields("Получатель")...)
	return append(list, onec.Field{Key: "ВидПлатежа", Value: ""}, onec.Field{Key: "ВидОплаты", Value: "01"}, onec.Field{Key: "Очередность", Value: "5"}, onec.Field{Key: "Код", Value: "0"},
		onec.Field{Key: "НазначениеПлатежа", Value: o.Details.Purpose})
}

func (p *Party) fields(side string) []onec.Field {
	whole := p.Name
	if p.INN != "" {
		whole = "ИНН " + p.INN + " " + p.Name
	}
	return []onec.Field{
		{Key: side + "Счет", Value: p.BankAccount}, {Key: side, Value: whole}, {Key: side + "ИНН", Value: p.INN}, {Key: side + "КПП", Value: p.KPP}, {Key: side + "1", Value: p.Name},
		{Key: side + "РасчСчет", Value: p.BankAccount}, {Key: side + "Банк1", Value: p.Bank}, {Key: side + "БИК", Value: p.BIC}, {Key: side + "Корсчет", Value: p.CorrAccount},
	}
}
