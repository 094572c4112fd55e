package statement

import (
	"context"
	"strconv"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/money"
)

// answerDays is how many working days a supplier has to tell what he charges, when a document waits for it (п. 31 «р» Правил
// № 354: three working days from the request).
const answerDays = 3

// noDebt certifies that nothing is owed past its time. What the current month asks for and is not late is no debt (ЖК РФ
// ст. 155 ч. 1); it is told beside.
func (c *composing) noDebt(ctx context.Context) (*Refusal, error) {
	list, err := c.Bills.Overdue(ctx, c.bill)
	if err != nil {
		return nil, err
	}
	list = ofSupplier(list, c.supplier.ID)
	if r := c.silent(list); r != nil {
		return r, nil
	}
	if r := owed(list); r != nil {
		return r, nil
	}
	c.c.Lead = "Просроченной задолженности за жильё и коммунальные услуги нет " + c.c.Period + "."
	c.c.SumName = "Просроченный долг"
	t := Table{Title: "Лицевые счета", Columns: []string{"Поставщик", "Лицевой счёт", "Учтено по", "Просрочено", "К оплате, срок не наступил"}, Numbers: 2, Total: true}
	var due money.Amount
	for i := range list {
		o := &list[i]
		notLate := max(0, c.dueOf(o.AccountID)-o.Sum())
		due += notLate
		t.Rows = append(t.Rows, []string{o.Supplier, o.Account, o.Month.Title(), o.Sum().FormatBare(), notLate.FormatBare()})
	}
	t.Rows = append(t.Rows, []string{"Всего", "", "", money.Amount(0).FormatBare(), due.FormatBare()})
	c.c.Tables = []Table{t}
	c.c.Notes = append(c.c.Notes, "Долгом считается то, что не оплачено в срок: до 15-го числа следующего месяца включительно (ст. 155 Жилищного кодекса), и пени. Текущий счёт, срок которого не прошёл, – не долг.")
	return nil, nil
}

func ofSupplier(list []bill.Overdue, supplier int64) (own []bill.Overdue) {
	for i := range list {
		if supplier == 0 || list[i].SupplierID == supplier {
			own = append(own, list[i])
		}
	}
	return own
}

func (c *composing) dueOf(account int64) (due money.Amount) {
	for i := range c.bill.Suppliers {
		if s := &c.bill.Suppliers[i]; s.AccountID == account {
			due = s.Due
		}
	}
	return due
}

// owed refuses when something is owed past its time.
func owed(list []bill.Overdue) *Refusal {
	r := &Refusal{}
	var sum money.Amount
	for i := range list {
		if o := &list[i]; o.Sum() > 0 {
			sum += o.Sum()
			r.Debts = append(r.Debts, Debt{o.Supplier, o.Account, o.Since, o.Principal, o.Penalty})
		}
	}
	if sum == 0 {
		return nil
	}
	r.Why = "Справку не даём: просрочено " + sum.Format() + ". Оплатите, и справка будет готова сразу."
	return r
}

// silent refuses while a supplier has not told what others have: a month that may be owed already.
func (c *composing) silent(list []bill.Overdue) *Refusal {
	var newest calendar.Month
	for i := range list {
		newest = max(newest, list[i].Month)
	}
	if newest == 0 {
		return &Refusal{Why: "Начислений ещё нет: справку пока не из чего сделать."}
	}
	today := c.today()
	for i := range list {
		o := &list[i]
		if o.Month >= newest || bill.DueDay(o.Month.Add(1)) >= today {
			continue
		}
		c.waitsFor = o.SupplierID
		next := o.Month.Add(1)
		if o.Month == 0 {
			next = newest
		}
		return &Refusal{Why: o.Supplier + " ещё не сообщил начисления за " + next.Word() + " " + strconv.Itoa(next.Year()) + " года.", Supplier: o.Supplier, AnswerBy: workdays(today, answerDays), waitsFor: o.SupplierID}
	}
	return nil
}

// workdays is the day n working days after one.
func workdays(day calendar.Date, n int) calendar.Date {
	for range n {
		day = calendar.NextWorkday(day.AddDays(1))
	}
	return day
}
