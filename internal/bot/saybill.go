package bot

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// ref is the household the chat looks at.
func (t *talk) ref() bill.Ref {
	return bill.Ref{Building: t.actor.BuildingID, Household: t.actor.HouseholdID}
}

// current is the live bill of the home, where the person may see it.
func (t *talk) current(ctx context.Context) (*bill.Bill, error) {
	if err := t.actor.Require("bill", "read"); err != nil {
		return nil, err
	}
	b, err := t.m.Bills.At(ctx, t.ref(), 0)
	if err == nil {
		err = t.m.Bills.Divide(ctx, b, t.person)
	}
	if err == nil {
		err = t.m.Bills.Ahead(ctx, b)
	}
	return b, err
}

// homeWords name the home looked at.
func (t *talk) homeWords(ctx context.Context) (string, error) {
	for _, h := range t.homes {
		if h.ID == t.actor.HomeID && h.Title != "" {
			return homeName(h.Title, ""), nil
		}
	}
	b, err := t.m.Bills.At(ctx, t.ref(), 0)
	if fault.Is(err, fault.NotFound) {
		return "ваш адрес", nil
	}
	if err != nil {
		return "", err
	}
	return homeName("", b.Address), nil
}

// bill says what is due, until when, to whom, and why it changed.
func (t *talk) bill(ctx context.Context) error {
	b, err := t.current(ctx)
	if err != nil {
		return err
	}
	home, err := t.homeWords(ctx)
	if err != nil {
		return err
	}
	lines := []string{t.dueWords(b), home + monthWords(b.Month)}
	lines = append(lines, supplierWords(b)...)
	change, err := t.m.Bills.Change(ctx, b, 0)
	if err != nil {
		return err
	}
	if said := whyWords(change); said != "" {
		lines = append(lines, "", said)
	}
	t.say(strings.Join(lines, "\n"), t.menu()...)
	return nil
}

// supplierWords say what is due to each supplier, whatever accounts he has here.
func supplierWords(b *bill.Bill) (lines []string) {
	sums, order := map[int64]money.Amount{}, []bill.SupplierTotal(nil)
	for _, s := range b.Suppliers {
		if _, known := sums[s.SupplierID]; !known {
			order = append(order, s)
		}
		sums[s.SupplierID] += s.Due
	}
	for _, s := range order {
		lines = append(lines, "• "+inert(s.Name)+" – "+dueOf(sums[s.SupplierID]))
	}
	return lines
}

// dueWords say the sum and its day first.
func (t *talk) dueWords(b *bill.Bill) string {
	today := t.m.Today()
	switch {
	case len(b.Lines) == 0:
		return "Счёта пока нет. Он появится, когда поставщики пришлют данные."
	case b.Total == 0 && b.Divided && b.Whole > 0:
		return "Ваша часть оплачена. По всему счёту осталось " + b.Whole.Format() + "."
	case b.Total == 0 && b.Advance > 0:
		return "Всё оплачено. Вперёд внесено " + b.Advance.Format() + "."
	case b.Total == 0:
		return "Всё оплачено."
	case b.DueOn == 0:
		return toPay(b) + "."
	case today > b.DueOn:
		return toPay(b) + ". Срок прошёл " + b.DueOn.Words() + "."
	}
	return toPay(b) + " до " + dayWords(b.DueOn, today) + "."
}

// toPay says the sum; of a home that is shared it is one's part.
func toPay(b *bill.Bill) string {
	if b.Divided {
		return "Ваша часть " + b.Total.Format() + " (весь счёт " + b.Whole.Format() + ")"
	}
	return "К оплате " + b.Total.Format()
}

var weekdays = [...]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"}

// nearDays is within how many days a day is named by its weekday too.
const nearDays = 7

func dayWords(on, today calendar.Date) string {
	if today.AddDays(nearDays) < on {
		return on.Words()
	}
	return on.Words() + ", " + weekdays[on.Weekday()]
}

func monthWords(s string) string {
	m, err := calendar.ParseMonth(s)
	if err != nil {
		return ""
	}
	return ", " + m.Title()
}

func dueOf(sum money.Amount) string {
	if sum < 0 {
		return "переплата " + (-sum).Format()
	}
	return sum.Format()
}

// whyWords say in one sentence how the sum differs and what did most of it.
func whyWords(c *bill.Change) string {
	if c == nil || c.Compared == nil || c.Compared.Delta() == 0 {
		return ""
	}
	delta, word := c.Compared.Delta(), "больше"
	if delta < 0 {
		delta, word = -delta, "меньше"
	}
	said := fmt.Sprintf("На %s %s, чем за %s.", delta.Format(), word, c.Against.Title())
	causes := c.Compared.Sentences()
	if len(causes) == 0 {
		return said
	}
	sign := "+"
	if causes[0].Sum < 0 {
		sign = "−"
	}
	return said + " " + inert(causes[0].Title) + " " + sign + causes[0].Sum.Abs().Format() + ": " + inert(causes[0].Text) + "."
}

// pay gives the one link there is, because the person asked for it: to the start page, never to a sum.
func (t *talk) pay() {
	if t.actor.Reach("payment", "pay") == access.None {
		t.say("Платить за этот адрес вам не разрешали. Попросите собственника открыть вам оплату.", t.menu()...)
		return
	}
	if t.m.Bills.BaseURL == "" || t.channel == SMS {
		t.say("Оплатить можно на сайте расчётного центра. Адрес напечатан на квитанции.", t.menu()...)
		return
	}
	t.say("Оплата – на сайте. Откройте начальную страницу и войдите:\n"+t.m.Bills.BaseURL+"/\n\nКарту и коды вводите только там. Сюда их не пишите.", t.menu()...)
}

// chooseHome lists the homes of a person.
func (t *talk) chooseHome(ctx context.Context) error {
	var rows [][]chat.Button
	for _, h := range t.homes {
		name := h.Title
		if name == "" {
			b, err := t.m.Bills.At(ctx, bill.Ref{Building: h.Building, Household: h.Household}, 0)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			name = homeName("", b.Address)
		}
		if h.ID == t.actor.HomeID {
			name += " – сейчас"
		}
		rows = append(rows, row(t.button(short(name), "home", h.ID)))
	}
	t.say("Какой адрес показать? Чтобы добавить ещё один, пришлите номер лицевого счёта и код с квитанции.", rows...)
	return nil
}

// labelMax bounds the text of a button, in signs.
const labelMax = 60

func short(s string) string {
	if r := []rune(s); len(r) > labelMax {
		return string(r[:labelMax-1]) + "…"
	}
	return s
}

func (t *talk) homeChosen(ctx context.Context, arg string) error {
	for _, h := range t.homes {
		if fmt.Sprint(h.ID) == arg {
			t.state.Home = h.ID
			if err := t.enter(ctx); err != nil {
				return err
			}
			t.ask(asked{})
			return t.refusable(t.bill(ctx))
		}
	}
	t.say("Доступа к этому адресу больше нет.", t.menu()...)
	return nil
}
