package payment

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// BackReversed is the kind of a payment taken back because its partner never had the money.
const BackReversed = "reversed"

// Reverse takes back the payment of a client's key, whole: the mirror of its parts is posted and no bank is asked, for no
// bank has the money. Reversing again changes nothing. A payment that was refunded in part, or waits as unidentified, is a
// Conflict.
func (m *Module) Reverse(ctx context.Context, actor, clientKey, reason string) error {
	var o Order
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		o, err = findOrder(ctx, tx, "client_key", clientKey)
		return err
	})
	if err != nil {
		return err
	}
	for i := range o.Parts {
		if o.Parts[i].AccountID == 0 {
			return fault.New(fault.Conflict, "reverse.suspense", "Этот платёж был невыясненным. Верните его плательщику на странице невыясненных.")
		}
	}
	_, err = m.giveBack(ctx, actor, o.PublicID, refund{key: "reverse:" + o.PublicID, kind: BackReversed, sum: o.Sum, reason: reason})
	return err
}
