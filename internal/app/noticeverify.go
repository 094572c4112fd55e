package app

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/notice"
	"kvit/internal/person"
)

// Days before the end of a verification when its people are told.
const (
	verifySoon = 60
	verifyLast = 14
)

// remindVerification orders messages about verifications that end soon. Each meter's end is told of twice at most, whatever
// days the program missed in between.
func (a *App) remindVerification(ctx context.Context) error {
	today := calendar.DateOf(a.now().Time().In(a.Zone))
	if a.remindedVerification == today {
		return nil
	}
	err := a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		list, err := fact.ListExpiring(ctx, tx, today, today.AddDays(verifySoon))
		if err != nil {
			return err
		}
		places := make([]person.Place, len(list))
		for i := range list {
			places[i] = person.Place{Building: list[i].Building, Household: list[i].Household}
		}
		people, err := person.Inhabited(ctx, tx, places)
		for i := 0; i < len(list) && err == nil; i++ {
			if people[places[i]] {
				err = notice.Send(ctx, tx, verifyOrder(&list[i], today, a.now()))
			}
		}
		return err
	})
	if err == nil {
		a.remindedVerification = today
	}
	return err
}

func verifyOrder(x *fact.Expiring, today calendar.Date, now calendar.Micros) notice.Order {
	before := verifySoon
	if x.To <= today.AddDays(verifyLast) {
		before = verifyLast
	}
	return notice.Order{
		Key: fmt.Sprintf("verify:%d:%d:%s:%d", x.Building, x.Household, x.To, before), Topic: notice.Verification, Template: fmt.Sprintf("verification_%d", before),
		Building: x.Building, Household: x.Household, Ask: notice.AskVerified, Words: map[string]string{"срок": x.To.Words(), "до": x.To.String()}, At: now,
	}
}
