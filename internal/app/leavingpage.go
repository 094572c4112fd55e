package app

import (
	"context"

	"kvit/internal/console"
	"kvit/internal/console/view"
	"kvit/internal/tariff"
)

// LeaverWays say where the advance of a supplier that left goes, LeaverCauses why it waits.
var (
	LeaverWays   = map[string]string{tariff.LeavingRefund: "вернуть плательщику", tariff.LeavingSuccessor: "перенести преемнику", tariff.LeavingOthers: "перенести на другие счета"}
	LeaverCauses = map[string]string{LeaverLeft: "поставщик ушёл", LeaverEnded: "услуги закончились"}
)

// advancesShown is how the console lists and settles such advances.
func (a *App) advancesShown() console.Advances {
	return console.Advances{
		List: func(ctx context.Context) ([]view.AdvanceRow, error) {
			list, err := a.Leavers(ctx)
			rows := make([]view.AdvanceRow, len(list))
			for i := range list {
				l := &list[i]
				rows[i] = view.AdvanceRow{Supplier: l.Supplier, Account: l.Account, Why: LeaverCauses[l.Cause], Sum: l.Sum, Asked: l.Asked, Way: LeaverWays[l.Way]}
				for _, p := range l.Parts {
					rows[i].Parts = append(rows[i].Parts, view.AdvancePart{To: p.Supplier + ", " + p.Account, Service: p.Service, Sum: p.Amount})
				}
			}
			return rows, err
		},
		Settle: func(ctx context.Context, actor, supplier, account string) error {
			_, err := a.SettleLeavers(ctx, actor, supplier, account)
			return err
		},
	}
}
