package biller

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Listed is an agent with how its day goes.
type Listed struct {
	Settings
	Path   string          `json:"path"`   // of its door
	Count  int             `json:"count"`  // payments dated today
	Sum    money.Amount    `json:"sum"`    // of them, less what was taken back
	Asked  int             `json:"asked"`  // requests since midnight
	Failed int             `json:"failed"` // of them refused, or told to repeat
	Alarms int             `json:"alarms"` // of them for a person to look at
	LastAt calendar.Micros `json:"lastAt"` // of the latest request; 0: none
}

// List gives the agents by code with today's payments and requests.
func (m *Module) List(ctx context.Context, actor access.Actor) ([]Listed, error) {
	if err := actor.Require("agent", "read"); err != nil {
		return nil, err
	}
	totals, err := m.Payments.AgentTotals(ctx, m.today())
	if err != nil {
		return nil, err
	}
	list := []Listed{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = list[:0]
		agents, err := listAgents(ctx, tx, m.Zone)
		if err != nil {
			return err
		}
		for _, a := range agents {
			l := Listed{Settings: a.Settings, Path: "/agents/" + a.Code, Count: totals[a.Code].Count, Sum: totals[a.Code].Sum}
			if err := m.addRequests(ctx, tx, &l); err != nil {
				return err
			}
			list = append(list, l)
		}
		return nil
	})
	return list, err
}

func (m *Module) addRequests(ctx context.Context, tx *db.Tx, l *Listed) error {
	midnight := calendar.MicrosOf(m.today().Time(m.Zone))
	err := tx.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE failed), count(*) FILTER (WHERE alarm) FROM agent_request WHERE agent = $1 AND received_at >= $2`,
		l.Code, int64(midnight)).Scan(&l.Asked, &l.Failed, &l.Alarms)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT coalesce(max(received_at), 0) FROM agent_request WHERE agent = $1", l.Code).Scan(&l.LastAt)
	}
	if err != nil {
		return fmt.Errorf("requests of agent %s: %w", l.Code, err)
	}
	return nil
}
