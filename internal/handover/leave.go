package handover

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// postings of a hand-over that need ids: out of the house, into the place of those who left, out to the other centre.
const leavePostings = 3

// lateSpare is how many payments may come while a house leaves, beyond those counted just before.
const lateSpare = 200

// leave takes the accounts out of the house in one transaction: they live on in the place of those who left, where money that
// comes late finds them; charging ends with the last month; balances of the cut leave the book; what was paid since goes on.
func (m *Module) leave(ctx context.Context, h *Handover, p *Package, actor string) error {
	first, err := m.DB.NextIDs(ctx, leavePostings)
	if err != nil {
		return err
	}
	late, err := m.lateIn(ctx, h)
	if err != nil {
		return err
	}
	room := len(late) + lateSpare
	ids, err := m.DB.NextIDs(ctx, room)
	if err != nil {
		return err
	}
	measure, err := m.Doors.Measuring(ctx)
	if err != nil {
		return err
	}
	was := *h
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		*h = was // the transaction may be run again
		l := &leaving{m: m, h: h, p: p, measure: measure, gone: account.GoneBuilding(h.Number), at: m.Now(), next: first}
		h.Second, h.MovedAt = actor, l.at
		if err := move(ctx, tx, h, Confirmed, l.at); err != nil {
			return err
		}
		for _, step := range []func(context.Context, *db.Tx) error{l.accounts, l.charges, l.facts, l.balances, l.handOut} {
			if err := step(ctx, tx); err != nil {
				return fmt.Errorf("house %s leaves: %w", h.House, err)
			}
		}
		if err := m.sayJSON(ctx, tx, h, kindConfirm, agreement{PackageDigest: h.PackageDigest, ActDigest: h.ActDigest, Due: h.Due, Book: h.Book, Persons: [2]string{h.First, h.Second}}); err != nil {
			return err
		}
		if err := m.record(ctx, tx, h, actor, "handover.confirmed"); err != nil {
			return err
		}
		return l.forward(ctx, tx, ids, room)
	})
}

// leaving is a house on its way out, inside one transaction.
type leaving struct {
	m       *Module
	h       *Handover
	p       *Package
	measure func(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) error
	gone    int64 // building
	at      calendar.Micros
	next    int64
}

func (l *leaving) id() int64 { l.next++; return l.next - 1 }

// accounts opens the accounts and households in the place of those who left, and closes them in the house.
func (l *leaving) accounts(ctx context.Context, tx *db.Tx) error {
	live, err := account.ListLive(ctx, tx, l.h.BuildingID, l.at)
	if err != nil {
		return err
	}
	claims, err := account.ListClaims(ctx, tx, l.h.BuildingID, l.at)
	if err != nil {
		return err
	}
	links, err := account.ListLinks(ctx, tx, l.h.BuildingID, l.at)
	if err != nil {
		return err
	}
	var b account.Batch
	var events []event.Event
	for i := range live {
		a := live[i]
		claim, link := claims[a.AccountID], links[a.AccountID]
		claim.BuildingID, claim.RecordedAt, link.BuildingID, link.AccountID, link.RecordedAt = l.gone, l.at, l.gone, a.AccountID, l.at
		b.Accounts = append(b.Accounts, account.Account{BuildingID: l.gone, AccountID: a.AccountID, SupplierID: a.SupplierID, Number: a.Number, OpenedAt: l.at, MovedFrom: l.h.BuildingID})
		b.Claims, b.Links = append(b.Claims, claim), append(b.Links, link, account.Link{BuildingID: l.h.BuildingID, AccountID: a.AccountID, RecordedAt: l.at, Rule: "handed_over"})
		events = append(events, event.Event{BuildingID: l.gone, AccountID: a.AccountID, At: l.at, FactID: l.h.Number, Body: event.AccountClosed{Day: l.h.Month.Last().String()}})
		if err := account.Leave(ctx, tx, &a, l.gone, l.at); err != nil {
			return err
		}
	}
	for _, h := range l.p.Households {
		b.Households = append(b.Households, account.Household{BuildingID: l.gone, HouseholdID: h.ID, RecordedAt: l.at, Flat: h.Flat, Room: h.Room})
	}
	if err := b.Write(ctx, tx); err != nil {
		return err
	}
	if err := keepAccounts(ctx, tx, l.h, l.gone, l.p.Accounts, func(a *Account) int64 { return a.ID }); err != nil {
		return err
	}
	if err := l.households(ctx, tx); err != nil {
		return err
	}
	return event.Write(ctx, tx, events)
}

// households notes whose bills are with another centre now; their addresses come with its word that it has them.
func (l *leaving) households(ctx context.Context, tx *db.Tx) error {
	for _, x := range l.p.Households {
		_, err := tx.ExecContext(ctx, "INSERT INTO handover_household (building_id, household_id, number, link) VALUES ($1, $2, $3, '') ON CONFLICT (building_id, household_id) DO UPDATE SET number = excluded.number, link = ''",
			l.h.BuildingID, x.ID, l.h.Number)
		if err != nil {
			return fmt.Errorf("household %d: %w", x.ID, err)
		}
	}
	return nil
}

// keepAccounts notes which accounts went or came, and what they owed. Balances are theirs at the cut.
func keepAccounts(ctx context.Context, tx *db.Tx, h *Handover, building int64, list []Account, id func(*Account) int64) error {
	names := []string{"building_id", "account_id", "number", "side", "last_month", "due_kop", "book_kop"}
	_, err := tx.Copy(ctx, "handover_account", names, db.Rows(list, len(names), func(a *Account, row []any) {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6] = building, id(a), h.Number, h.Side, int64(a.LastMonth), int64(a.due()), int64(a.book())
	}))
	return err
}

// charges copies suppliers' rows: the old bill can still be told to a bank that asks.
func (l *leaving) charges(ctx context.Context, tx *db.Tx) error {
	ids := make([]int64, 0, len(l.p.Accounts))
	for i := range l.p.Accounts {
		ids = append(ids, l.p.Accounts[i].ID)
	}
	lines, err := charge.ListAll(ctx, tx, l.h.BuildingID, ids, l.at)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].BuildingID, lines[i].RecordedAt = l.gone, l.at
	}
	return charge.Write(ctx, tx, lines)
}

// facts ends what is charged from the month after the last one.
func (l *leaving) facts(ctx context.Context, tx *db.Tx) error {
	newest, err := fact.Newest(ctx, tx, l.h.BuildingID)
	if err != nil || newest == 0 {
		return err
	}
	if newest, err = fact.Lock(ctx, tx, l.h.BuildingID, l.at); err != nil {
		return err
	}
	set, err := fact.Gather(ctx, tx, l.h.BuildingID, newest)
	if err != nil {
		return err
	}
	ended := set.EndBefore(l.h.next())
	if ended.Building = l.h.BuildingID; ended.Empty() {
		return nil
	}
	w := fact.NewWriter()
	if err := w.Add(ended, newest+1); err != nil {
		return err
	}
	if err := w.Write(ctx, tx); err != nil {
		return err
	}
	return l.measure(ctx, tx, l.h.BuildingID, newest+1)
}

// balances passes what the accounts' books hold now to the place of those who left.
func (l *leaving) balances(ctx context.Context, tx *db.Tx) error {
	now, err := ledger.ListAt(ctx, tx, l.h.BuildingID, l.at)
	if err != nil {
		return err
	}
	here, there := l.posting(l.h.BuildingID, "leave"), l.posting(l.gone, "leave")
	var total money.Amount
	for _, e := range now {
		total += e.Amount
		there.Entries = append(there.Entries, e)
		e.Amount = -e.Amount
		here.Entries = append(here.Entries, e)
	}
	here.Entries = append(here.Entries, ledger.Entry{Name: ledger.Transfer(l.h.Number), Amount: total})
	there.Entries = append(there.Entries, ledger.Entry{Name: ledger.Transfer(l.h.Number), Amount: -total})
	return l.post(ctx, tx, here, there)
}

// handOut takes the balances of the cut out of the book: they are the other centre's from here on.
func (l *leaving) handOut(ctx context.Context, tx *db.Tx) error {
	out := l.posting(l.gone, "out")
	for i := range l.p.Accounts {
		a := &l.p.Accounts[i]
		for _, b := range a.Book {
			out.Entries = append(out.Entries, ledger.Entry{Name: b.Name, AccountID: a.ID, SupplierID: a.Supplier, ServiceID: b.Service, Amount: -b.Amount})
		}
	}
	out.Entries = append(out.Entries, ledger.Entry{Name: ledger.Handover(l.h.Number), Amount: l.h.Book})
	return l.post(ctx, tx, out)
}

func (l *leaving) posting(building int64, step string) *ledger.Transaction {
	return &ledger.Transaction{ID: l.id(), BuildingID: building, Key: l.h.key(step), Kind: "handover", EffectiveOn: l.h.Month.Last(), RecordedAt: l.at, Reason: l.h.ID}
}

// key is the key of a posting of the hand-over.
func (h *Handover) key(step string) string { return "handover:" + h.ID + ":" + step }

// post writes postings; one without a balance to pass is nothing.
func (l *leaving) post(ctx context.Context, tx *db.Tx, list ...*ledger.Transaction) error {
	for _, t := range list {
		if len(t.Entries) < 2 {
			continue
		}
		if _, err := ledger.Post(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

// bookDigest is the digest of balances that left our book, or came into it: a line a balance, in names both centres have. sign
// turns what left into what it was.
func bookDigest(entries []ledger.Entry, sign money.Amount, account, service map[int64]string) string {
	var rows []string
	for _, e := range entries {
		if e.AccountID != 0 {
			rows = append(rows, fmt.Sprintf("%s|%s|%s|%d", account[e.AccountID], e.Name, service[e.ServiceID], sign*e.Amount))
		}
	}
	slices.Sort(rows)
	return digestOf([]byte(strings.Join(rows, "\n")))
}

// leftDigest is the digest of what left our book.
func leftDigest(ctx context.Context, tx *db.Tx, h *Handover) (string, error) {
	gone := account.GoneBuilding(h.Number)
	entries, err := ledger.ListEntries(ctx, tx, gone, h.key("out"))
	if err != nil {
		return "", err
	}
	n, err := namesOf(ctx, tx, gone)
	return bookDigest(entries, -1, n.accounts, n.services), err
}

// forever is after every moment.
const forever = calendar.Micros(1 << 62)
