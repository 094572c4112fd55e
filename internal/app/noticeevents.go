package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/money"
	"kvit/internal/notice"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/supplier"
)

// toldKinds are the events people are told of.
var toldKinds = map[event.Kind]bool{event.KindBillPublished: true, event.KindPayment: true, event.KindRefund: true, event.KindAutopay: true, event.KindRequisites: true}

// noticeDays is how long after an event there is still a reason to tell of it.
const noticeDays = calendar.Micros(3 * 24 * time.Hour / time.Microsecond)

// tellEvents orders messages about events as they are fed, in the same transaction: each event is told of once. Homes without
// people cost one look.
func (a *App) tellEvents(ctx context.Context, tx *db.Tx, list []feed.Fed) error {
	var wanted []feed.Fed
	keys := []account.Key{}
	for _, f := range list {
		if toldKinds[f.Kind] {
			wanted = append(wanted, f)
			if f.Household == 0 && f.Account != 0 {
				keys = append(keys, account.Key{BuildingID: f.Building, ID: f.Account})
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	households, err := account.ListHouseholdsOf(ctx, tx, keys)
	if err != nil {
		return err
	}
	places := make([]person.Place, len(wanted))
	for i := range wanted {
		f := &wanted[i]
		f.Household = cmp.Or(f.Household, households[account.Key{BuildingID: f.Building, ID: f.Account}])
		places[i] = person.Place{Building: f.Building, Household: f.Household}
	}
	people, err := person.Inhabited(ctx, tx, places)
	for i := 0; i < len(wanted) && err == nil; i++ {
		switch {
		case wanted[i].Kind == event.KindRequisites:
			err = a.tellRequisites(ctx, tx, &wanted[i])
		case people[places[i]]:
			err = a.tellHome(ctx, tx, &wanted[i])
		}
	}
	return err
}

// tellHome orders the message about an event to the people of its household.
func (a *App) tellHome(ctx context.Context, tx *db.Tx, f *feed.Fed) error {
	text, err := event.Find(ctx, tx, f.Building, f.Subject, f.Seq)
	if err != nil {
		return err
	}
	o := notice.Order{Building: f.Building, Household: f.Household, At: f.At, Until: f.At + noticeDays}
	switch f.Kind {
	case event.KindBillPublished:
		err = billOrder(&o, text)
	case event.KindAutopay:
		err = autopayOrder(&o, text)
	default:
		err = paidOrder(&o, f.Kind, text)
	}
	if err != nil || o.Key == "" {
		return err
	}
	return notice.Send(ctx, tx, o)
}

func billOrder(o *notice.Order, text []byte) error {
	var b event.BillPublished
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	o.Topic, o.Template, o.Ask, o.Wave = notice.Bill, "bill", notice.AskBill, "Счета за "+b.Month
	if b.Replaces != "" {
		o.Template = "bill_replaced"
	}
	o.Key = "bill:" + b.Number
	return nil
}

// paidOrder is one message of a payment, whose accounts have an event each: it asks for the whole.
func paidOrder(o *notice.Order, kind event.Kind, text []byte) error {
	var p event.Payment
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	if kind == event.KindPayment && (p.Sum <= 0 || p.Channel != payment.ChannelOnline && !strings.HasPrefix(p.Channel, payment.ChannelCash)) {
		return nil // of banks' registers the bank told, and a whole bill is a payment of each account there
	}
	o.Topic, o.Template, o.Ask, o.Words = notice.Payment, "paid", askPayment, map[string]string{"платёж": p.Operation}
	if kind == event.KindRefund {
		o.Template, o.Ask = "refunded", askRefund
	}
	o.Key = fmt.Sprintf("%s:%s:%d", o.Template, p.Operation, o.Household)
	return nil
}

func autopayOrder(o *notice.Order, text []byte) error {
	var b event.Autopay
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	template := map[string]string{"told": "autopay_told", "asks": "autopay_asks", "failed": "autopay_failed", "gave_up": "autopay_failed", "paid": "autopay_paid"}[b.What]
	if template == "" {
		return nil
	}
	o.Topic, o.Template = notice.Payment, template
	o.Words = map[string]string{"сумма": money.Amount(b.Sum).Format(), "предел": money.Amount(b.Limit).Format(), "причина": cmp.Or(b.Reason, "банк не сказал почему")}
	if day, err := calendar.ParseDate(b.Day); err == nil {
		o.Words["день"] = day.Words()
	}
	if b.Operation != "" {
		o.Words["номер"] = payment.ShortNumber(b.Operation)
	}
	o.Key = fmt.Sprintf("%s:%d:%s:%s", template, o.Household, b.Month, b.Day)
	if b.Person != 0 { // his own part, or his own card: nobody else is told
		o.Person, o.Key = b.Person, fmt.Sprintf("%s:of:%d", o.Key, b.Person)
	}
	return nil
}

// tellRequisites tells the telephone a supplier had before that his bank details are to change.
func (a *App) tellRequisites(ctx context.Context, tx *db.Tx, f *feed.Fed) error {
	text, err := event.Find(ctx, tx, f.Building, f.Subject, f.Seq)
	if err != nil {
		return err
	}
	var b event.Requisites
	if err := json.Unmarshal(text, &b); err != nil || b.State != supplier.ChangeProposed && b.State != supplier.ChangeApproved {
		return err
	}
	changes, err := supplier.ListChanges(ctx, tx, -f.Subject, true)
	if err != nil {
		return err
	}
	for i := range changes {
		c := &changes[i]
		phone, err := person.Normal(person.Phone, c.Contact)
		if c.ID != b.Change || err != nil {
			continue // without a telephone there is nobody to tell: the audit log and his feed have it
		}
		s, err := supplier.FindByID(ctx, tx, c.SupplierID)
		if err != nil {
			return err
		}
		day := "после утверждения"
		if at := c.EffectiveAt.Micros(); at != 0 {
			day = calendar.DateOf(at.Time().In(a.Zone)).Words()
		}
		return a.Notices.SendTo(ctx, tx, notice.Order{
			Key: fmt.Sprintf("requisites:%d:%s", c.ID, b.State), Topic: notice.Security, Template: "requisites", At: f.At,
			Words: map[string]string{"поставщик": s.Name, "прежний": cmp.Or(b.Former, "нет"), "счёт": b.Account, "день": day},
		}, person.Phone, phone)
	}
	return nil
}
