package app

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice"
	"kvit/internal/payment"
	"kvit/internal/reading"
)

// askPayment asks for the whole sum of a payment, whose events tell parts of it; askRefund for what went back.
const (
	askPayment = "payment"
	askRefund  = "refund"
)

// askNotice gives a message the figures of the moment it is sent.
func (a *App) askNotice(ctx context.Context, q notice.Question) (notice.Answer, error) {
	switch q.Ask {
	case askPayment, askRefund:
		o, err := a.Payments.Find(ctx, q.Words["платёж"])
		sum := o.Sum
		if q.Ask == askRefund {
			sum = o.Refunded
		}
		return notice.Answer{Done: sum <= 0, Words: map[string]string{"сумма": sum.Format(), "номер": payment.ShortNumber(o.PublicID)}}, err
	case notice.AskReadings, notice.AskVerified:
		return a.askMeters(ctx, &q)
	}
	b, err := a.Bills.At(ctx, bill.Ref{Building: q.Building, Household: q.Household}, 0)
	if fault.Is(err, fault.NotFound) {
		return notice.Answer{Done: true}, nil // nobody lives there any more
	}
	if err != nil {
		return notice.Answer{}, err
	}
	if err := a.Bills.Divide(ctx, b, q.Person); err != nil { // who shares the home is told of his part
		return notice.Answer{}, err
	}
	words := map[string]string{"сумма": b.Total.Format(), "срок": b.DueOn.Words(), "адрес": bill.MaskAddress(b.Address), "пени": b.DueOn.AddDays(penaltyAfter).Words()}
	if month, err := calendar.ParseMonth(b.Month); err == nil {
		words["месяц"] = month.Word()
	}
	answer := notice.Answer{Done: b.Total <= 0, Words: words}
	switch q.Ask {
	case notice.AskBill:
		return answer, a.addChange(ctx, b, words)
	case notice.AskUnpaid, notice.AskOverdue:
		if !answer.Done {
			answer.Done, err = a.beingPaid(ctx, b)
		}
	}
	return answer, err
}

// penaltyAfter is how many days after the last day of payment penalties begin: from the 31st day of the delay (ч. 14 ст. 155 ЖК).
const penaltyAfter = 31

// beingPaid tells whether a payment of the household waits for its bank.
func (a *App) beingPaid(ctx context.Context, b *bill.Bill) (waits bool, err error) {
	ids := make([]int64, 0, len(b.Suppliers))
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := a.Payments.FindWaiting(ctx, tx, b.BuildingID, ids, 0)
		waits = o != nil
		return err
	})
	return waits, err
}

// addChange says by how much the month costs more or less than the one before, and why most of all.
func (a *App) addChange(ctx context.Context, b *bill.Bill, words map[string]string) error {
	c, err := a.Bills.Change(ctx, b, 0)
	if err != nil || c.Compared == nil || c.Compared.Delta() == 0 {
		return err
	}
	delta, way := c.Compared.Delta(), "больше"
	if delta < 0 {
		way = "меньше"
	}
	words["изменение"] = "на " + delta.Abs().Format() + " " + way
	if causes := c.Compared.Sentences(); len(causes) > 0 {
		words["причина"] = causes[0].Title + " – " + strings.TrimRight(causes[0].Text, ".")
	}
	return nil
}

// askMeters are the meters of a household that wait for a reading, or whose verification ends on the day asked about.
func (a *App) askMeters(ctx context.Context, q *notice.Question) (notice.Answer, error) {
	actor := access.Actor{Role: access.Resident, BuildingID: q.Building, HouseholdID: q.Household}
	sheet, err := a.Readings.Sheet(ctx, actor, reading.Home{Building: q.Building, Household: q.Household})
	if fault.Is(err, fault.NotFound) {
		return notice.Answer{Done: true}, nil
	}
	if err != nil {
		return notice.Answer{}, err
	}
	var names []string
	until := calendar.Date(0)
	for i := range sheet.Cards {
		c := &sheet.Cards[i]
		wanted := len(c.Sent) == 0 && c.Automatic() == 0
		if q.Ask == notice.AskVerified {
			wanted = c.Verified.String() == q.Words["до"]
		}
		if name := strings.ToLower(c.Name); wanted && !slices.Contains(names, name) {
			names = append(names, name)
			until = max(until, c.Until)
		}
	}
	words := map[string]string{"счётчики": strings.Join(names, ", "), "срок": until.Words()}
	if q.Ask == notice.AskVerified {
		delete(words, "срок") // the order says it
	}
	return notice.Answer{Done: len(names) == 0, Words: words}, nil
}
