package biller

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway/agent"
)

// Agent is a bank or a network that pays to us.
type Agent struct {
	Settings
	CreatedAt calendar.Micros
	dialect   *agent.Dialect
	digest    string
	sealed    []byte
}

// same tells whether a stored agent says the same.
func (a *Agent) same(was *Agent) bool {
	now, _ := json.Marshal(a.Settings) // plain values of ours
	then, _ := json.Marshal(was.Settings)
	return bytes.Equal(now, then) && a.digest == was.digest && bytes.Equal(a.sealed, was.sealed)
}

const agentColumns = "code, settings, secret_digest, secret_sealed, created_at"

func scanAgent(scan func(...any) error, region *time.Location) (*Agent, error) {
	a := &Agent{}
	var code, settings string
	if err := scan(&code, &settings, &a.digest, &a.sealed, &a.CreatedAt); err != nil {
		return a, db.Fold(err)
	}
	if err := json.Unmarshal([]byte(settings), &a.Settings); err != nil {
		return a, fmt.Errorf("settings of agent %s: %w", code, err)
	}
	a.dialect = agent.Find(a.Dialect)
	return a, a.prepare(region)
}

// findAgent gives an agent by its code; NotFound when there is none.
func findAgent(ctx context.Context, tx *db.Tx, code string, region *time.Location) (*Agent, error) {
	a, err := scanAgent(tx.QueryRowContext(ctx, oneAgent, code).Scan, region)
	if fault.Is(err, fault.NotFound) {
		return a, errNoAgent.Because(err)
	}
	return a, err
}

// oneAgent asks for an agent by his code.
const oneAgent = "SELECT " + agentColumns + " FROM agent WHERE code = $1"

var errNoAgent = fault.New(fault.NotFound, "agent.unknown", "Такого агента нет. Список: kvit agents list.")

func listAgents(ctx context.Context, tx *db.Tx, region *time.Location) (list []*Agent, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+agentColumns+" FROM agent ORDER BY code")
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAgent(rows.Scan, region)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

func saveAgent(ctx context.Context, tx *db.Tx, a *Agent, now calendar.Micros) error {
	settings, err := json.Marshal(a.Settings)
	if err != nil {
		return err
	}
	if a.sealed == nil {
		a.sealed = []byte{}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO agent (code, settings, secret_digest, secret_sealed, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (code) DO UPDATE SET settings = excluded.settings, secret_digest = excluded.secret_digest, secret_sealed = excluded.secret_sealed, changed_at = excluded.changed_at`,
		a.Code, string(settings), a.digest, a.sealed, int64(a.CreatedAt), int64(now))
	return err
}

// operation is a payment as the agent told of it.
type operation struct {
	Txn     string
	OrderID int64
	Account string
	ToldAt  calendar.Micros
	Fee     int64 // kopecks
}

func addOperation(b *db.Batch, code string, o *operation) {
	b.Add("INSERT INTO agent_operation (agent, txn, order_id, account, told_at, fee_kop) VALUES ($1, $2, $3, $4, $5, $6)",
		code, o.Txn, o.OrderID, o.Account, int64(o.ToldAt), o.Fee)
}

// listOperations gives what an agent told of its payments dated by a stretch of days, by number.
func listOperations(ctx context.Context, tx *db.Tx, code string, from, to calendar.Date) (map[string]operation, error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.txn, a.order_id, a.account, a.told_at, a.fee_kop FROM agent_operation a
		JOIN payment_order o ON o.order_id = a.order_id WHERE a.agent = $1 AND o.paid_on BETWEEN $2 AND $3`, code, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("list operations: %w", err)
	}
	defer rows.Close()
	list := map[string]operation{}
	for rows.Next() {
		var o operation
		if err := rows.Scan(&o.Txn, &o.OrderID, &o.Account, &o.ToldAt, &o.Fee); err != nil {
			return nil, err
		}
		list[o.Txn] = o
	}
	return list, rows.Err()
}
