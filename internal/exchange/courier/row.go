package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// item is one row of a file and what it tells of.
type item struct {
	message feed.Message
	row     register.Row
}

// layouts are the columns of files whose supplier has no layout of his own for them.
var layouts = map[string][]string{
	WhatReadings: {"event", "account", "date", "service", "serial", "zone", "reading_cur", "volume", "withdrawn"},
	WhatChanges:  {"event", "account", "date", "change", "living", "temporary", "absent", "owners", "total_area", "living_area", "heated_area", "service", "serial", "what", "verifiedTo", "house"},
	WhatBills:    {"event", "account", "change", "number", "period", "amount", "replaces"},
	WhatCharges:  {"event", "account", "period", "from", "amount", "correction"},
	WhatBalance:  {"account", "fio", "address", "date", "amount"},
}

// layoutOf is the layout of an exchange's files: its own; of payments that of the supplier's registers; else columns by
// name, in the encoding and money form of his registers.
func (m *Module) layoutOf(ctx context.Context, tx *db.Tx, x *exchange) (l register.Layout, err error) {
	usual, err := m.Layout(ctx, tx, x.supplier.ID)
	if err != nil {
		return l, err
	}
	switch {
	case x.Schedule.Layout != nil:
		l = *x.Schedule.Layout
	case x.What == WhatPayments:
		return usual, nil
	default:
		l = register.Layout{Kind: register.KindCSV, Header: true, Quote: `"`, FileName: x.Code + "_{ddmmyyyy}_{serial}.csv"}
		for _, role := range layouts[x.What] {
			l.Columns = append(l.Columns, register.LayoutColumn{Role: role})
		}
	}
	if l.Encoding == "" {
		l.Encoding = usual.Encoding
	}
	if l.Money == "" {
		l.Money = usual.Money
	}
	p := register.Profile{PaymentsOut: &l}
	return p.Layout(), nil
}

// describe makes the rows of items: what is told, and the account as the supplier knows it.
func (m *Module) describe(ctx context.Context, tx *db.Tx, x *exchange, items []item) error {
	members := map[int64]*account.Member{}
	for i := range items {
		it := &items[i]
		if it.message.Kind != "" {
			if err := it.tell(x); err != nil {
				return err
			}
		}
		if it.message.AccountID == 0 {
			continue
		}
		member, known := members[it.message.AccountID]
		if !known {
			found, err := account.FindMember(ctx, tx, it.message.BuildingID, it.message.AccountID, m.Now())
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			member = &found
			members[it.message.AccountID] = member
		}
		if err := it.person(member); err != nil {
			return err
		}
	}
	return nil
}

// person puts the account into a row as the supplier himself told it.
func (it *item) person(member *account.Member) error {
	r := &it.row
	r.Account = it.message.Account
	if member.Claim.Printed != "" {
		r.Account = member.Claim.Printed
	}
	r.Printed = r.Account
	if len(member.Claim.Evidence) == 0 {
		return nil
	}
	e, err := member.Claim.Decode()
	r.FIO, r.Address = e.FIO, e.Address
	return err
}

// tell puts a message into a row: what registers have a column for goes there, the rest under its own name.
func (it *item) tell(x *exchange) error {
	msg, r := &it.message, &it.row
	var data map[string]any
	d := json.NewDecoder(strings.NewReader(string(msg.Data)))
	d.UseNumber()
	if err := d.Decode(&data); err != nil {
		return fmt.Errorf("message %s: %w", msg.ID, err)
	}
	at := msg.At.In(x.zone)
	r.Extra = map[string]string{"event": msg.ID, "kind": string(msg.Kind), "change": event.Titles[msg.Kind]}
	r.Stamp, r.Time, r.Date = at.Format("2006-01-02T15:04:05Z07:00"), at.Format("15:04:05"), calendar.DateOf(at)
	for key, v := range data {
		if err := it.figure(key, plain(v)); err != nil {
			return err
		}
	}
	if msg.Kind == event.KindRefund {
		r.Amount = -r.Amount
	}
	if r.Net = r.Amount; r.Month == 0 {
		r.Month = r.Date.Month()
		r.Period = r.Month.String()
	}
	r.Has |= register.HasDate | register.HasAmount | register.HasNet | register.HasCommission | register.HasPeriod
	return nil
}

// plain is a value of JSON as a text.
func plain(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "1"
		}
		return ""
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = plain(v[i])
		}
		return strings.Join(words, " ")
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// areaColumns are the names of areas in files: «living» alone is how many people live there.
var areaColumns = map[string]string{"total": "total_area", "living": "living_area", "heated": "heated_area"}

func (it *item) figure(key, v string) (err error) {
	r := &it.row
	switch key {
	case "day":
		r.Date, err = calendar.ParseDate(v)
	case "sum":
		var kop int64
		kop, err = strconv.ParseInt(v, 10, 64)
		r.Amount = money.Amount(kop)
	case "month":
		r.Month, err = calendar.ParseMonth(v)
		r.Period = v
	case "operation":
		r.Operation = v
	case "service":
		r.Service = v
	case "number":
		r.Number = v
	case "value":
		r.ReadingCur, err = decimal.Parse(v)
		r.Has |= register.HasReadingCur
	case "volume":
		r.Volume, err = decimal.Parse(v)
		r.Has |= register.HasVolume
	default:
		if it.message.Kind == event.KindArea && areaColumns[key] != "" {
			key = areaColumns[key]
		}
		r.Extra[key] = v
	}
	if err != nil {
		return fmt.Errorf("message %s, %s: %w", it.message.ID, key, err)
	}
	return nil
}
