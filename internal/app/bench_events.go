package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
)

// EventsBench is how fast events are written, put into feeds and read, beside the raw limit of the same final rows.
type EventsBench struct {
	Database      string  `json:"database"`
	Events        int     `json:"events"`
	Messages      int     `json:"messages"` // events as suppliers are told of them
	Clients       int     `json:"clients"`
	WriteSeconds  float64 `json:"writeSeconds"`
	FeedSeconds   float64 `json:"feedSeconds"`
	ReadSeconds   float64 `json:"readSeconds"`
	PerSecond     float64 `json:"eventsPerSecond"` // written, fed and read, one after another
	FedPerSecond  float64 `json:"fedPerSecond"`
	ReadPerSecond float64 `json:"messagesReadPerSecond"`
	Called        int     `json:"called"` // messages that a receiver on loopback was called with
	CallPerSecond float64 `json:"calledPerSecond"`
	Disordered    int     `json:"disordered"` // of them: lost, or out of the order of their account
	RawSeconds    float64 `json:"rawSeconds"`
	Ratio         float64 `json:"ratio"` // writing and feeding to raw
	Breaches      int     `json:"breaches"`
}

// The made-up town of the benchmark: so many suppliers have an account each in every household; of ten events nine are
// payments and one is about the household as a whole; a transaction writes so many; an account has so many.
const (
	eventSuppliers = 4
	eventBatch     = 100
	eventsAccount  = 10
	eventClients   = 4
	eventFlats     = 100
	eventPage      = 1000
)

// BenchEvents tells of n made-up facts in an empty database: written by some clients at once as the doors do, given
// their places in feeds, and read by every supplier to the end.
func BenchEvents(ctx context.Context, s Settings, n int) (res EventsBench, err error) {
	a, err := Open(ctx, s)
	if err != nil {
		return res, err
	}
	defer a.Close()
	res.Database, res.Events, res.Clients = a.DB.Dialect.String(), n, eventClients
	suppliers, err := a.benchTown(ctx, max(1, n/eventsAccount/eventSuppliers))
	if err != nil {
		return res, err
	}
	list := a.benchEvents(n)
	batches := (n + eventBatch - 1) / eventBatch
	if res.WriteSeconds, err = timed(func() error {
		return inParallel(eventClients, batches, func(i int) error {
			return a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return event.Write(ctx, tx, list[i*eventBatch:min((i+1)*eventBatch, n)]) })
		})
	}); err != nil {
		return res, err
	}
	if res.FeedSeconds, err = timed(func() error { _, err := a.Feed.Catch(ctx); return err }); err != nil {
		return res, err
	}
	if res.ReadSeconds, err = timed(func() error {
		for _, id := range suppliers {
			told, err := readFeed(ctx, a.Feed, id)
			res.Messages += told
			if err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return res, err
	}
	if err := a.benchCalls(ctx, &res, suppliers[0]); err != nil {
		return res, err
	}
	report, err := a.Check(ctx)
	if err != nil {
		return res, err
	}
	for _, b := range report.Invariants {
		if b.ID != "I18.events_have_facts" { // the payments told of are made up
			res.Breaches += b.Count
		}
	}
	res.RawSeconds, err = a.rawRows(ctx, []rawTable{{"event_subject", ""}, {"event", ""}, {"event_feed", ""}})
	res.PerSecond = float64(n) / (res.WriteSeconds + res.FeedSeconds + res.ReadSeconds)
	res.FedPerSecond, res.ReadPerSecond = float64(n)/res.FeedSeconds, float64(res.Messages)/res.ReadSeconds
	res.Ratio = (res.WriteSeconds + res.FeedSeconds) / res.RawSeconds
	return res, err
}

// benchTown writes so many households, an account of each supplier in each.
func (a *App) benchTown(ctx context.Context, households int) (suppliers []int64, err error) {
	known, err := a.ListSuppliers(ctx)
	if err == nil && len(known) > 0 {
		err = errNotEmpty
	}
	if err != nil {
		return nil, err
	}
	for i := range eventSuppliers {
		s, err := a.Suppliers.Ensure(ctx, fmt.Sprintf("sup%d", i+1))
		if err != nil {
			return nil, err
		}
		suppliers = append(suppliers, s.ID)
	}
	var b account.Batch
	for h := range households {
		building, household := int64(1+h/eventFlats), int64(1_000_000_000+h)
		b.Households = append(b.Households, account.Household{BuildingID: building, HouseholdID: household, RecordedAt: 1})
		for i, id := range suppliers {
			acc := benchAccount(h, i)
			b.Accounts = append(b.Accounts, account.Account{BuildingID: building, AccountID: acc, SupplierID: id, Number: fmt.Sprint(acc), OpenedAt: 1})
			b.Links = append(b.Links, account.Link{BuildingID: building, AccountID: acc, RecordedAt: 1, HouseholdID: household, Rule: "bench"})
		}
	}
	return suppliers, a.DB.WriteLocal(ctx, func(tx *db.Tx) error { return b.Write(ctx, tx) })
}

func benchAccount(household, supplier int) int64 {
	return int64(2_000_000_000 + household*eventSuppliers + supplier)
}

// benchEvents are n events in an order in which neighbours are of different houses.
func (a *App) benchEvents(n int) []event.Event {
	list := make([]event.Event, n)
	households := max(1, n/eventsAccount/eventSuppliers)
	at := a.now()
	for i := range list {
		h := i * 7919 % households
		e := event.Event{BuildingID: int64(1 + h/eventFlats), At: at}
		if i%10 == 9 {
			living := i % 5
			e.HouseholdID, e.Body = int64(1_000_000_000+h), event.Residents{Living: &living, Day: "2026-11-24"}
		} else {
			e.AccountID, e.Body = benchAccount(h, i%eventSuppliers), event.Payment{Operation: "0198c4d2-7a51-7cc0-9d2b-1f0e5a6b7c8d", Day: "2026-11-24", Channel: "online", Sum: int64(i)}
		}
		list[i] = e
	}
	return list
}

// readFeed reads a supplier's feed to its end as the API does.
func readFeed(ctx context.Context, feeds *feed.Module, supplierID int64) (told int, err error) {
	e := json.NewEncoder(io.Discard)
	for after := int64(0); ; {
		page, err := feeds.Page(ctx, supplierID, after, eventPage)
		if err != nil {
			return told, err
		}
		for i := range page {
			after = page[i].Position
			if err := e.Encode(&page[i]); err != nil {
				return told, err
			}
		}
		told += len(page)
		if len(page) < eventPage {
			return told, nil
		}
	}
}

// rawTable is a table, and which of its rows are written again: ” all.
type rawTable struct{ name, where string }

// rawRows takes final rows out of their tables and writes them once more, with nothing else.
func (a *App) rawRows(ctx context.Context, tables []rawTable) (seconds float64, err error) {
	columns, rows := map[string][]string{}, map[string][][]any{}
	err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for _, t := range tables {
			if columns[t.name], rows[t.name], err = readRows(ctx, tx, "SELECT * FROM "+t.name+t.where); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+t.name+t.where); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if a.DB.Dialect == db.Postgres {
		for _, t := range tables {
			if _, err := a.DB.Handle().ExecContext(ctx, "VACUUM FULL "+t.name); err != nil { // dead rows would be counted against the raw writing
				return 0, err
			}
		}
	}
	start := time.Now()
	err = a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for _, t := range tables {
			width := len(columns[t.name])
			if _, err := tx.Copy(ctx, t.name, columns[t.name], db.Rows(rows[t.name], width, func(from *[]any, to []any) { copy(to, *from) })); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(start).Seconds(), err
}
