package biller

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/payment/gateway/agent"
)

// Exchange is a request of an agent with what it was answered.
type Exchange struct {
	At      calendar.Micros `json:"at"`
	Network string          `json:"network"`
	Command string          `json:"command"`
	Txn     string          `json:"txn,omitempty"`
	Request string          `json:"request"` // the protocol's parameters, without secrets
	Code    int             `json:"code"`    // in the agent's dialect
	Answer  string          `json:"answer"`
	TookUs  int64           `json:"tookUs"`
	Failed  bool            `json:"failed"` // the agent was refused, or told to repeat
	Alarm   bool            `json:"alarm"`  // a person should look
}

// textMax bounds a text that is kept of a request.
const textMax = 1000

// keep writes a request down. One that cannot be written is still answered: the money is booked, and the log says so.
func (m *Module) keep(ctx context.Context, v *visit, answer []byte, took time.Duration) {
	x := &Exchange{
		At: m.Now(), Network: v.network, Command: string(v.request.Command), Txn: cut(v.request.Txn), Request: v.kept(), Code: v.agent.dialect.Code(v.answer.Outcome),
		Answer: string(answer), TookUs: took.Microseconds(), Failed: !v.answer.Outcome.Done(), Alarm: v.answer.Outcome == agent.OtherData,
	}
	if x.Alarm {
		m.Log.Error("agent repeats a number with other data", "agent", v.agent.Code, "txn", x.Txn)
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err == nil {
		var b db.Batch
		x.add(&b, id, v.agent.Code)
		b.Hasty() // the payment is safe before it is written down that it was asked for
		err = m.DB.WriteBatch(ctx, &b)
	}
	if err != nil {
		m.Log.Error("agent's request is not kept", "agent", v.agent.Code, "txn", x.Txn, "error", err)
	}
}

// kept is the request as it is kept: the protocol's own parameters, never a secret or a name. Of a stranger nothing.
func (v *visit) kept() string {
	if v.answer.Outcome == agent.Stranger {
		return ""
	}
	var list []string
	for _, name := range v.agent.dialect.Kept() {
		for _, value := range v.params[name] {
			list = append(list, name+"="+url.QueryEscape(cut(value)))
		}
	}
	return cut(strings.Join(list, "&"))
}

func cut(s string) string {
	if len(s) > textMax {
		return strings.ToValidUTF8(s[:textMax], "")
	}
	return s
}

func (x *Exchange) add(b *db.Batch, id int64, code string) {
	b.Add(`INSERT INTO agent_request (request_id, agent, received_at, network, command, txn, request, code, answer, took_us, failed, alarm)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, id, code, int64(x.At), x.Network, x.Command, x.Txn, x.Request, int64(x.Code), x.Answer, x.TookUs, x.Failed, x.Alarm)
}

// Requests gives what an agent asked and was answered, latest first; txn narrows to one operation.
func (m *Module) Requests(ctx context.Context, actor access.Actor, code, txn string, limit int) (list []Exchange, err error) {
	if err := actor.Require("agent", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := findAgent(ctx, tx, code, m.Zone); err != nil {
			return err
		}
		list, err = listExchanges(ctx, tx, code, txn, limit)
		return err
	})
	return list, err
}

func listExchanges(ctx context.Context, tx *db.Tx, code, txn string, limit int) ([]Exchange, error) {
	rows, err := tx.QueryContext(ctx, `SELECT received_at, network, command, txn, request, code, answer, took_us, failed, alarm FROM agent_request
		WHERE agent = $1 AND (CAST($2 AS TEXT) = '' OR txn = $2) ORDER BY received_at DESC, request_id DESC LIMIT $3`, code, txn, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	defer rows.Close()
	list := []Exchange{}
	for rows.Next() {
		var x Exchange
		if err := rows.Scan(&x.At, &x.Network, &x.Command, &x.Txn, &x.Request, &x.Code, &x.Answer, &x.TookUs, &x.Failed, &x.Alarm); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// Forget removes requests older than their agents' contracts keep them, and tells how many.
func (m *Module) Forget(ctx context.Context) (n int64, err error) {
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		n = 0
		agents, err := listAgents(ctx, tx, m.Zone)
		if err != nil {
			return err
		}
		for _, a := range agents {
			before := m.Now() - calendar.Micros(time.Duration(a.KeepDays)*24*time.Hour/time.Microsecond)
			res, err := tx.ExecContext(ctx, "DELETE FROM agent_request WHERE agent = $1 AND received_at < $2", a.Code, int64(before))
			if err != nil {
				return fmt.Errorf("forget requests: %w", err)
			}
			gone, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += gone
		}
		return nil
	})
	return n, err
}
