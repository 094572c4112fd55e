package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// feedPage is how many messages of a feed one transaction takes.
const feedPage = 1000

// objectsMax is how many objects one message comes to at most: a refund, what it leaves, and an acknowledgment of each
// service of it.
const objectsMax = 32

// gatherFeed queues payments and refunds in the order the supplier's feed tells of them, and marks the houses of
// whatever else it tells.
func (m *Module) gatherFeed(ctx context.Context, s *supplier.Supplier) error {
	for more := true; more; {
		first, err := m.DB.NextIDs(ctx, objectsMax*feedPage)
		if err != nil {
			return err
		}
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			after, err := cursor(ctx, tx, s.ID, sourceFeed)
			if err != nil {
				return err
			}
			if after == 0 { // who takes part only now begins with what is still told
				if after, err = feed.Oldest(ctx, tx, s.ID); err != nil {
					return err
				}
			}
			page, err := feed.Page(ctx, tx, s.ID, after, feedPage)
			if more = len(page) == feedPage; err != nil || len(page) == 0 {
				return err
			}
			list, err := m.paymentsOf(ctx, tx, s, page)
			if err != nil {
				return err
			}
			if err := m.add(ctx, tx, list, first); err != nil {
				return err
			}
			houses := map[int64]bool{}
			for i := range page {
				houses[page[i].BuildingID] = true
			}
			if err := m.markHouses(ctx, tx, s.ID, houses); err != nil {
				return err
			}
			return moveCursor(ctx, tx, s.ID, sourceFeed, page[len(page)-1].Position)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// paymentsOf turns messages of a feed into objects.
func (m *Module) paymentsOf(ctx context.Context, tx *db.Tx, s *supplier.Supplier, page []feed.Message) (list []object, err error) {
	if !s.GIS.Posts(gis.KindPayment) {
		return nil, nil
	}
	left := map[string]money.Amount{} // what stands of a payment, by its entity
	for i := range page {
		x := &page[i]
		switch x.Kind {
		case event.KindPayment:
			var p event.Payment
			if err := json.Unmarshal(x.Data, &p); err != nil {
				return nil, err
			}
			if p.Day < m.since().String() {
				continue
			}
			o := paymentObject(s.ID, x, p.Operation, p.Day, money.Amount(p.Sum))
			left[o.Entity] = money.Amount(p.Sum)
			list = append(list, o)
			if o.State != stateWaiting {
				continue
			}
			more, err := acks(ctx, tx, s, x, p.Operation, dayOf(p.Day), false)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		case event.KindRefund:
			var r event.Refund
			if err := json.Unmarshal(x.Data, &r); err != nil {
				return nil, err
			}
			some, err := refundObjects(ctx, tx, s, x, &r, left)
			if err != nil {
				return nil, err
			}
			list = append(list, some...)
		}
	}
	return list, nil
}

func paymentEntity(operation string, account int64) string {
	return fmt.Sprintf("payment:%s/%d", operation, account)
}

// reversalReason is why a reversal a bank sent is not told of.
const reversalReason = "Банк прислал возврат без номера платежа: отмените извещение в ГИС ЖКХ вручную."

// paymentObject is the notice of a payment. A reversal that a bank sent names no payment of ours: a person finds it.
func paymentObject(supplierID int64, x *feed.Message, operation, day string, sum money.Amount) object {
	o := newObject(supplierID, gis.KindPayment, paymentEntity(operation, x.AccountID), x.ID, x.AccountID, &gis.Payment{On: day, Amount: sum.String()})
	o.Building = x.BuildingID
	if sum <= 0 {
		o.State, o.Reason = stateRefused, reversalReason
	}
	return o
}

// refundObjects cancel the notice and, after a part was refunded, tell of the rest.
func refundObjects(ctx context.Context, tx *db.Tx, s *supplier.Supplier, x *feed.Message, r *event.Refund, left map[string]money.Amount) ([]object, error) {
	entity := paymentEntity(r.Operation, x.AccountID)
	stood, ok := left[entity]
	if !ok {
		var err error
		if stood, ok, err = lastSum(ctx, tx, s.ID, entity); err != nil || !ok {
			return nil, err // the payment was before ГИС ЖКХ was told of any
		}
	}
	left[entity] = stood - money.Amount(r.Sum)
	list, err := unack(ctx, tx, s, x, entity)
	if err != nil {
		return nil, err
	}
	cancel := newObject(s.ID, gis.KindCancellation, entity, x.ID, x.AccountID, &gis.Cancellation{On: r.Day, Comment: "Возврат плательщику"})
	cancel.Building = x.BuildingID
	if list = append(list, cancel); left[entity] <= 0 {
		return list, nil
	}
	rest := newObject(s.ID, gis.KindPayment, entity, x.ID, x.AccountID, &gis.Payment{On: r.Day, Amount: left[entity].String()})
	rest.Building = x.BuildingID
	more, err := acks(ctx, tx, s, x, r.Operation, dayOf(r.Day), true)
	return append(append(list, rest), more...), err
}

// dayOf reads a day of an event of ours.
func dayOf(text string) calendar.Date {
	day, _ := calendar.ParseDate(text) // an event has no other days
	return day
}

// lastSum is what the last notice of a payment says.
func lastSum(ctx context.Context, tx *db.Tx, supplierID int64, entity string) (money.Amount, bool, error) {
	var text string
	err := tx.QueryRowContext(ctx, "SELECT body FROM gis_object WHERE supplier_id = $1 AND entity = $2 AND kind = 'payment' ORDER BY seq DESC LIMIT 1", supplierID, entity).Scan(&text)
	if err = db.Fold(err); err != nil {
		if fault.Is(err, fault.NotFound) {
			return 0, false, nil
		}
		return 0, false, err
	}
	var p gis.Payment
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return 0, false, err
	}
	sum, err := money.Parse(p.Amount)
	return sum, true, err
}
