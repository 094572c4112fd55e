package app

import (
	"context"
	"slices"
	"time"

	"kvit/internal/fault"
)

// watchPause is how often the watched folder is looked into.
const watchPause = 2 * time.Second

// watch takes in what is put into a folder until the context ends. What fits no profile is said once.
func (a *App) watch(ctx context.Context, dir string) {
	var told []string
	said := ""
	for {
		report, err := a.Exchange.TakeInbox(ctx, dir)
		switch {
		case fault.Is(err, fault.Conflict): // another intake is running
		case err != nil && ctx.Err() == nil && err.Error() != said:
			said = err.Error()
			a.Log.Error("watched folder", "folder", dir, "error", err)
		}
		if report != nil {
			for i := range report.Files {
				f := &report.Files[i]
				a.Log.Info("file taken in", "supplier", f.Supplier, "state", f.State, "rows", f.Rows, "applied", f.Applied, "repaired", f.Repaired, "ignored", f.Ignored, "quarantined", f.Quarantined)
			}
			for _, name := range report.Undeclared {
				if !slices.Contains(told, name) {
					a.Log.Warn("a file of the watched folder fits no profile", "folder", dir)
				}
			}
			told = report.Undeclared
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchPause):
		}
	}
}
