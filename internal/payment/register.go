package payment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Source is the register that lines come from.
type Source struct {
	FileID  int64
	Channel string // sber, sbp, cash …
}

// Line is one payment of a register: a negative amount is a reversal.
type Line struct {
	Row          int
	Operation    string
	SupplierCode string
	Number       string
	Date         calendar.Date
	Amount       money.Amount
	Commission   money.Amount
	Key          string // of an operation that another door may still bring under it; '': made of the line
	Payer        string // and Address: as the register tells them, hints should nobody know the account
	Address      string
}

// Verdict is what became of a line.
type Verdict int

// Verdicts.
const (
	Applied   Verdict = iota
	Duplicate         // the same operation, account and sum came before
	Suspense          // nobody knows the account: the money waits
)

// Alias leads a number as a payer gives it to the number an account is kept under; amount is what was paid.
type Alias func(ctx context.Context, tx *db.Tx, supplierID int64, number string, amount money.Amount) (string, error)

// registerKey begins the keys of orders made of register lines; a client's key may not begin so, or it would pass for
// an operation of a bank that is still to come.
const registerKey = "reg:"

// MovementKey is the client key of the order made of a movement on our bank account.
func MovementKey(operation string) string { return registerKey + "bank:" + operation }

// OrderKey is the client key of the order made of a line of a channel: the sender's operation id, whose account and how
// much. A row number is no identity (formats.md 0.1).
func (l *Line) OrderKey(channel string) string {
	if l.Key != "" {
		return l.Key
	}
	if l.Operation == "" {
		return fmt.Sprintf(registerKey+"%s:%v:%s:%s:%d:row%d", channel, l.Date, l.SupplierCode, l.Number, l.Amount, l.Row)
	}
	return fmt.Sprintf(registerKey+"%s:%s:%s:%s:%d", channel, l.Operation, l.SupplierCode, l.Number, l.Amount)
}

// TakeLines credits a few hundred lines of a register in one transaction: each operation once, whatever file it
// comes in; money of unknown accounts to suspense. Taking the same lines again changes nothing and gives the same
// verdicts.
func (m *Module) TakeLines(ctx context.Context, s Source, lines []Line, alias Alias) ([]Verdict, error) {
	first, err := m.db.NextIDs(ctx, 2*len(lines))
	if err != nil {
		return nil, err
	}
	var verdicts []Verdict
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		t := &taking{m: m, ctx: ctx, tx: tx, source: s, next: first, now: m.now(), seen: seenBefore()}
		verdicts, err = t.take(lines, alias)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take payments: %w", err)
	}
	return verdicts, nil
}

// taking is one batch of lines inside one transaction.
type taking struct {
	m        *Module
	ctx      context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx       *db.Tx
	source   Source
	next     int64
	now      calendar.Micros
	accounts map[string]place // «supplier code:number»
	earlier  map[string]earlier
	seen     func(key string) bool // whether a key came before in this run; from then on it did
	known    Known                 // of a trial: accounts that would be there; else nil
	homes    map[string]*Home      // by code; nil: it is no code of a household
	shares   map[string][]PlanPart // of lines of this batch, by their keys
}

// seenBefore tells of a key whether it was asked about before.
func seenBefore() func(key string) bool {
	seen := map[string]bool{}
	return func(key string) bool {
		before := seen[key]
		seen[key] = true
		return before
	}
}

// place is where an account is.
type place struct{ supplier, account, building int64 }

// earlier is an order that has the key of a line already.
type earlier struct {
	file     int64
	row      int
	suspense bool
}

func (t *taking) judge(lines []Line, alias Alias) ([]Verdict, [][]PlanPart, error) {
	if err := t.findAccounts(lines, alias); err != nil {
		return nil, nil, err
	}
	if err := t.findEarlier(lines); err != nil {
		return nil, nil, err
	}
	verdicts, shares := make([]Verdict, len(lines)), make([][]PlanPart, len(lines))
	for i := range lines {
		key := lines[i].OrderKey(t.source.Channel)
		e, before := t.earlier[key]
		if t.seen(key) || before && !(e.file == t.source.FileID && e.row == lines[i].Row) {
			verdicts[i] = Duplicate
			continue
		}
		if before {
			if e.suspense {
				verdicts[i] = Suspense
			}
			continue
		}
		known, err := t.knows(&lines[i], &shares[i])
		if err != nil {
			return nil, nil, err
		}
		if !known {
			verdicts[i] = Suspense
		}
	}
	return verdicts, shares, nil
}

// knows tells whether the account of a line is there, or would be; the line of a whole household is shared.
func (t *taking) knows(l *Line, shared *[]PlanPart) (ok bool, err error) {
	if _, ok = t.accounts[l.SupplierCode+":"+l.Number]; ok {
		return true, nil
	}
	if *shared, err = t.share(l); err != nil || len(*shared) > 0 || t.known == nil {
		return len(*shared) > 0, err
	}
	return t.known(t.ctx, t.tx, l)
}

func (t *taking) take(lines []Line, alias Alias) ([]Verdict, error) {
	verdicts, shares, err := t.judge(lines, alias)
	if err != nil {
		return nil, err
	}
	var w written
	for i := range lines {
		l := &lines[i]
		if verdicts[i] == Duplicate {
			w.duplicates = append(w.duplicates, duplicate{l.Row, l.OrderKey(t.source.Channel), l.Amount})
			continue
		}
		if _, before := t.earlier[l.OrderKey(t.source.Channel)]; before {
			continue
		}
		if len(shares[i]) > 0 {
			t.addShared(&w, l, shares[i])
			continue
		}
		if err := t.add(&w, l, verdicts[i]); err != nil {
			return nil, err
		}
	}
	return verdicts, t.write(&w)
}

// written is what a batch writes.
type written struct {
	orders     []Order
	rows       []int
	partsOf    []int // how many parts each order has
	parts      []Part
	postings   []ledger.Transaction
	duplicates []duplicate
	suspense   []suspense
}

type duplicate struct {
	row    int
	key    string
	amount money.Amount
}

func (t *taking) id() int64 { t.next++; return t.next - 1 }

func (t *taking) add(w *written, l *Line, v Verdict) error {
	at := t.accounts[l.SupplierCode+":"+l.Number]
	name, kind := ledger.Receivable, PartDebt
	if v == Suspense {
		building, err := channelBuilding(t.ctx, t.tx, t.source.Channel)
		if err != nil {
			return err
		}
		at, name, kind = place{building: building}, ledger.Suspense, ledger.Suspense
	}
	o := t.order(l)
	w.orders, w.rows, w.partsOf = append(w.orders, o), append(w.rows, l.Row), append(w.partsOf, 1)
	w.parts = append(w.parts, Part{BuildingID: at.building, OrderID: o.ID, No: 1, AccountID: at.account, SupplierID: at.supplier, Kind: kind, Amount: l.Amount, PaidOn: l.Date,
		Channel: t.source.Channel, PostedAt: t.now, RecordedAt: t.now})
	w.postings = append(w.postings, ledger.Transaction{ID: t.id(), BuildingID: at.building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: l.Date, RecordedAt: t.now,
		Entries: []ledger.Entry{{Name: ledger.Clearing(t.source.Channel, l.Date), Amount: l.Amount}, {Name: name, AccountID: at.account, SupplierID: at.supplier, Amount: -l.Amount}}})
	if v == Suspense {
		w.suspense = append(w.suspense, suspense{order: o.ID, building: at.building, code: l.SupplierCode, number: l.Number, payer: l.Payer, address: l.Address, amount: l.Amount, day: l.Date})
	}
	return nil
}

func postingKey(order int64) string { return "order:" + strconv.FormatInt(order, 10) }

func (t *taking) write(w *written) error {
	if err := insertOrders(t.ctx, t.tx, w.orders, t.source.FileID, func(i int) int { return w.rows[i] }); err != nil {
		return err
	}
	if err := insertParts(t.ctx, t.tx, w.parts); err != nil {
		return err
	}
	if err := ledger.PostMany(t.ctx, t.tx, w.postings); err != nil {
		return err
	}
	for _, d := range w.duplicates {
		if _, err := t.tx.ExecContext(t.ctx, `INSERT INTO payment_duplicate (file_id, row_no, client_key, amount_kop) VALUES ($1, $2, $3, $4) ON CONFLICT (file_id, row_no) DO NOTHING`,
			t.source.FileID, d.row, d.key, int64(d.amount)); err != nil {
			return err
		}
	}
	if err := insertSuspense(t.ctx, t.tx, t.source.Channel, w.suspense, t.now); err != nil {
		return err
	}
	var events []event.Event
	first := 0
	for i := range w.orders {
		events = append(events, eventsOf(&w.orders[i], w.parts[first:first+w.partsOf[i]], t.now)...)
		first += w.partsOf[i]
	}
	return event.Write(t.ctx, t.tx, events)
}

// findAccounts looks the numbers up, supplier by supplier; a number unknown as it is may be known by an alias.
func (t *taking) findAccounts(lines []Line, alias Alias) error {
	t.accounts = map[string]place{}
	bySupplier := map[string]map[string]money.Amount{}
	for i := range lines {
		if bySupplier[lines[i].SupplierCode] == nil {
			bySupplier[lines[i].SupplierCode] = map[string]money.Amount{}
		}
		bySupplier[lines[i].SupplierCode][lines[i].Number] = lines[i].Amount
	}
	for code, numbers := range bySupplier {
		var supplierID int64
		err := t.tx.QueryRowContext(t.ctx, "SELECT supplier_id FROM supplier WHERE code = $1", code).Scan(&supplierID)
		if err != nil {
			if err = ignoreMissing(err); err != nil {
				return err
			}
			continue
		}
		if err := t.lookUp(code, supplierID, numbers); err != nil {
			return err
		}
		for number, amount := range numbers {
			if _, ok := t.accounts[code+":"+number]; ok || alias == nil {
				continue
			}
			if h, err := t.home(number); err != nil || h != nil {
				if err != nil {
					return err
				}
				continue
			}
			if err := t.byAlias(code, supplierID, number, amount, alias); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *taking) lookUp(code string, supplierID int64, numbers map[string]money.Amount) error {
	args := []any{supplierID}
	of := db.In("number", slices.Collect(maps.Keys(numbers)), &args)
	rows, err := t.tx.QueryContext(t.ctx, "SELECT number, account_id, building_id FROM account_route WHERE supplier_id = $1 AND "+of, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		p := place{supplier: supplierID}
		if err := rows.Scan(&number, &p.account, &p.building); err != nil {
			return err
		}
		t.accounts[code+":"+number] = p
	}
	return rows.Err()
}

func (t *taking) byAlias(code string, supplierID int64, number string, amount money.Amount, alias Alias) error {
	known, err := alias(t.ctx, t.tx, supplierID, number, amount)
	if err != nil || known == number {
		return err
	}
	if err := t.lookUp(code, supplierID, map[string]money.Amount{known: amount}); err != nil {
		return err
	}
	if p, ok := t.accounts[code+":"+known]; ok {
		t.accounts[code+":"+number] = p
	}
	return nil
}

func (t *taking) findEarlier(lines []Line) error {
	t.earlier = map[string]earlier{}
	keys, told := make([]string, 0, 2*len(lines)), map[string][]*Line{}
	for i := range lines {
		key := AgentKey(t.source.Channel, lines[i].Operation)
		keys, told[key] = append(keys, lines[i].OrderKey(t.source.Channel), key), append(told[key], &lines[i])
	}
	var args []any
	of := db.In("o.client_key", keys, &args)
	rows, err := t.tx.QueryContext(t.ctx, `SELECT o.client_key, o.file_id, o.row_no, o.refunded_kop, CASE WHEN s.order_id IS NULL THEN 0 ELSE 1 END
		FROM payment_order o LEFT JOIN payment_suspense s ON s.order_id = o.order_id WHERE `+of, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var e earlier
		var refunded, waits int
		if err := rows.Scan(&key, &e.file, &e.row, &refunded, &waits); err != nil {
			return err
		}
		e.suspense = waits == 1
		if told[key] == nil {
			t.earlier[key] = e
		}
		for _, l := range told[key] { // the agent told of it when it was made: its register repeats it
			if l.Amount > 0 || refunded > 0 {
				t.earlier[l.OrderKey(t.source.Channel)] = e
			}
		}
	}
	return rows.Err()
}
