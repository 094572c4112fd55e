package charge

import (
	"context"
	"fmt"

	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// preparedMax is how many buildings one transaction of Prepare builds sheets of.
const preparedMax = 20

// Prepare builds the sheets of buildings whose facts changed, so that a run finds them ready. It tells how many.
func (m *Module) Prepare(ctx context.Context) (built int, err error) {
	loader := &fact.Loader{}
	var stale []int64
	if loader.Engine, _, err = m.engineAt(ctx, m.Now()); err != nil {
		return 0, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		stale, err = fact.ListStale(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	for len(stale) > 0 {
		n := min(len(stale), preparedMax)
		var sheets []fact.Sheet
		err := m.DB.Read(ctx, func(tx *db.Tx) error {
			sheets = nil
			for _, building := range stale[:n] {
				list, err := loader.Rebuild(ctx, tx, building, m.Now())
				if err != nil {
					return err
				}
				sheets = append(sheets, list...)
			}
			return nil
		})
		if err == nil {
			err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return fact.Store(ctx, tx, sheets) })
		}
		if err != nil {
			return built, fmt.Errorf("prepare sheets: %w", err)
		}
		built, stale = built+len(sheets), stale[n:]
	}
	return built, nil
}
