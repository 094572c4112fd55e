package charge

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/money"
)

// Live is a household's month as the facts recorded so far make it: preliminary until the month is charged.
type Live struct {
	Month  string       `json:"month"`
	Lines  []Shown      `json:"lines"`
	Amount money.Amount `json:"amount"`
	Issues []string     `json:"issues"`
}

// Live computes a household's month now and stores nothing of it.
func (m *Module) Live(ctx context.Context, building, household int64, month calendar.Month) (*Live, error) {
	at := m.Now()
	engine, _, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	l := &Live{Month: month.String(), Issues: []string{}}
	err = m.withHousehold(ctx, engine, building, household, month, at, func(h *fact.Household) error {
		bill := &calc.Bill{}
		engine.Month(month).Charge(&h.Premises, bill)
		l.Lines, l.Amount = shown(engine, h, bill)
		for _, x := range bill.Issues {
			l.Issues = append(l.Issues, engine.Of(x.Service).Code+": "+x.Code)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}
