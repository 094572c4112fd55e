package app

import (
	"path/filepath"

	"kvit/internal/blob"
	"kvit/internal/statement"
)

// newDocuments builds documents of households; pictures of papers thought forged have a folder of their own.
func (a *App) newDocuments() (*statement.Module, error) {
	photos, err := blob.Open(filepath.Join(a.Settings.Data, "forgeries"))
	if err != nil {
		return nil, err
	}
	return statement.New(statement.Deps{DB: a.DB, Bills: a.Bills, Readings: a.Readings, Photos: photos, Zone: a.Zone, Now: a.now}), nil
}
