package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// stopUse prepares the end of what stood on a consent that is taken back, by the owners of what ends. The rest each use asks for
// itself (privacy.Allowed): messages before they go, paper before it is printed, the house's page before it compares.
func (a *App) stopUse(ctx context.Context, who int64, c privacy.Consent) (func(context.Context, *db.Tx) error, error) {
	var contacts []person.Contact
	if c == privacy.Bots {
		var err error
		if contacts, err = a.People.Contacts(ctx, who); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx *db.Tx) error {
		switch c {
		case privacy.Cards:
			return a.Payments.ForgetAll(ctx, tx, who)
		case privacy.Push:
			return a.Notices.StopPush(ctx, tx, who)
		case privacy.Bots:
			return a.Bots.ForgetPerson(ctx, tx, who, contacts)
		case privacy.Trusted:
			return a.People.TakeBackAll(ctx, tx, who)
		}
		return nil
	}, nil
}
