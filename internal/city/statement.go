package city

import (
	"fmt"
	"slices"

	"kvit/internal/calendar"
)

type statementTruth struct {
	File   string `json:"file"`
	Orders int    `json:"orders"`
	Credit int64  `json:"credit"`
}

// credit is the money of one door that came on one working day, for one or several days of payments.
type credit struct {
	on          calendar.Date
	door        int
	first, last int
	taken, fee  int64
}

// credits gathers payments by the day their money comes: the next working day. The fee is taken day by day.
func (c *cashbook) credits() []credit {
	m := c.town.month
	byDay := map[[2]int]*credit{} // settlement date, door
	var order [][2]int
	for at := range c.doors {
		days := make([]int64, 32)
		for _, p := range c.lines[at] {
			days[p.day] += p.amount
		}
		for day, taken := range days {
			if taken == 0 {
				continue
			}
			on := calendar.NextWorkday(calendar.NewDate(m.Year(), m.Number(), day).AddDays(1))
			key := [2]int{int(on), at}
			if byDay[key] == nil {
				byDay[key] = &credit{on: on, door: at, first: day}
				order = append(order, key)
			}
			x := byDay[key]
			x.last, x.taken, x.fee = day, x.taken+taken, x.fee+c.doors[at].commissionOf(taken)
		}
	}
	slices.SortFunc(order, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	out := make([]credit, len(order))
	for i, key := range order {
		out[i] = *byDay[key]
	}
	return out
}

// writeStatement writes the bank statement of the settlement centre as banks export it for 1C.
func (c *cashbook) writeStatement(dir string) (statementTruth, *format, error) {
	st := statementTruth{File: "payments/statement_1c.txt"}
	s, err := newSink(dir, st.File, "cp1251")
	if err != nil {
		return st, nil, err
	}
	centre := ownOrganisation()
	m := c.town.month
	list := c.credits()
	last := m.Last()
	if len(list) > 0 {
		last = max(last, list[len(list)-1].on)
	}
	s.text("1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Клиент-банк\r\nПолучатель=Расчётный центр\r\n",
		"ДатаНачала=", m.First().Dotted(), "\r\nДатаКонца=", last.Dotted(), "\r\nРасчСчет=", centre.account, "\r\n")
	for i, x := range list {
		st.Orders++
		st.Credit += x.taken - x.fee
		s.text(c.order(i+1, x, centre))
	}
	s.text("КонецФайла\r\n")
	f := &format{File: st.File, Kind: "1c", Encoding: "cp1251", Money: "rub_dot", Unit: "document", DocStart: "СекцияДокумент", DocEnd: "КонецДокумента",
		Columns: map[string]any{"number": "Номер", "date": "ДатаПоступило", "amount": "Сумма", "purpose": "НазначениеПлатежа"}}
	return st, f, s.close()
}

func (c *cashbook) order(number int, x credit, centre organisation) string {
	d := &c.doors[x.door]
	days := fmt.Sprintf("%02d.%02d.%d", x.first, c.town.month.Number(), c.town.month.Year())
	if x.last > x.first {
		days = fmt.Sprintf("%02d–%02d.%02d.%d", x.first, x.last, c.town.month.Number(), c.town.month.Year())
	}
	return fmt.Sprintf("СекцияДокумент=Платежное поручение\r\nНомер=%d\r\nДата=%s\r\nСумма=%s\r\nДатаПоступило=%s\r\nПлательщик=%s\r\nПолучательСчет=%s\r\n"+
		"НазначениеПлатежа=Платежи населения за ЖКУ, %s, за %s: принято %s, комиссия %s\r\nКонецДокумента\r\n",
		number, x.on.Dotted(), roubles(x.taken-x.fee), x.on.Dotted(), d.payer, centre.account, d.code, days, roubles(x.taken), roubles(x.fee))
}
