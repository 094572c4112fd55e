package app

import (
	"context"
	"strconv"
	"time"

	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/settlement"
)

// SettlementBench is how long the close of a day and the payouts of so many payments take.
type SettlementBench struct {
	Database      string  `json:"database"`
	Payments      int     `json:"payments"`
	TakeSeconds   float64 `json:"takeSeconds"`   // the payments themselves, by registers
	CheckSeconds  float64 `json:"checkSeconds"`  // the invariants of money alone
	CloseSeconds  float64 `json:"closeSeconds"`  // counting, sums, document and signature, with the invariants before
	PayoutSeconds float64 `json:"payoutSeconds"` // working all suppliers' payouts out, with all invariants before
	Payouts       int     `json:"payouts"`
	Breaches      int     `json:"breaches"`
}

// BenchSettlement takes n payments of today by registers, closes the day and prepares payouts. It needs data with accounts
// and a day that is not closed.
func (a *App) BenchSettlement(ctx context.Context, n int) (res SettlementBench, err error) {
	res = SettlementBench{Database: a.DB.Dialect.String(), Payments: n}
	lines, err := a.benchLines(ctx, n, strconv.FormatInt(int64(now()), 36))
	if err != nil {
		return res, err
	}
	if res.TakeSeconds, err = timed(func() error { return a.takeBench(ctx, lines) }); err != nil {
		return res, err
	}
	if res.CheckSeconds, err = timed(func() error { _, err := a.checkMoney(ctx); return err }); err != nil {
		return res, err
	}
	if res.CloseSeconds, err = timed(func() error { _, err := a.Settlement.CloseDay(ctx, benchAgent, a.benchDay()); return err }); err != nil {
		return res, err
	}
	start := time.Now()
	prepared, err := a.Settlement.Prepare(ctx, benchAgent, settlement.PrepareRequest{Cutoff: a.benchDay()})
	if err != nil {
		return res, err
	}
	res.PayoutSeconds, res.Payouts = time.Since(start).Seconds(), len(prepared.Payouts)
	list, err := a.checkMoney(ctx)
	for _, b := range list {
		res.Breaches += b.Count
	}
	return res, err
}

func (a *App) takeBench(ctx context.Context, lines []payment.Line) error {
	alias := func(_ context.Context, _ *db.Tx, _ int64, number string, _ money.Amount) (string, error) {
		return number, nil
	}
	for i := 0; i < len(lines); i += benchBatch {
		if _, err := a.Payments.TakeLines(ctx, payment.Source{FileID: 1, Channel: benchAgent}, lines[i:min(i+benchBatch, len(lines))], alias); err != nil {
			return err
		}
	}
	return nil
}
