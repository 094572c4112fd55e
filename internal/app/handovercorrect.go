package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/handover"
)

// keepOnward keeps rows about accounts that left, for the centres that have them.
func (a *App) keepOnward(ctx context.Context, tx *db.Tx, list []exchange.Onward) error {
	told := make([]handover.Told, len(list))
	for i := range list {
		x, f := &list[i], &list[i].Figures
		told[i] = handover.Told{Building: x.Building, Account: x.Account, FileID: x.FileID, Pos: x.Row, Correction: handover.Correction{Month: x.Month, Service: x.Service, File: x.FileName, Row: x.Row,
			Opening: f.Opening, Charge: f.Charge, Recalc: f.Recalc, Penalty: f.Penalty, Volume: f.Volume, Rate: f.Rate, Given: f.Given}}
	}
	return a.Handovers.KeepCorrections(ctx, tx, told)
}
