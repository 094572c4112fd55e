package app

import (
	"context"
	"slices"
	"time"

	"kvit/internal/exchange"
	"kvit/internal/fault"
)

// watchPause is how often the watched folder is looked into.
const watchPause = 2 * time.Second

// watch takes in what is put into a folder until the context ends. What fits no profile is said once.
func (a *App) watch(ctx context.Context, dir string) {
	var told []string
	a.every(ctx, watchPause, "watched folder "+dir, func() error {
		report, err := a.Exchange.TakeInbox(ctx, dir)
		if report != nil {
			told = a.sayTaken(dir, report, told)
		}
		if fault.Is(err, fault.Conflict) { // another intake is running
			return nil
		}
		return err
	})
}

// sayTaken logs what was taken in, and what fits no profile unless it was told; it gives what is told now.
func (a *App) sayTaken(dir string, report *exchange.Report, told []string) []string {
	for i := range report.Files {
		f := &report.Files[i]
		a.Log.Info("file taken in", "supplier", f.Supplier, "state", f.State, "rows", f.Rows, "applied", f.Applied, "repaired", f.Repaired, "ignored", f.Ignored, "quarantined", f.Quarantined)
	}
	for _, name := range report.Undeclared {
		if !slices.Contains(told, name) {
			a.Log.Warn("a file of the watched folder fits no profile", "folder", dir)
		}
	}
	return report.Undeclared
}
