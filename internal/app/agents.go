package app

import (
	"context"
	"time"
)

// forgetAgents removes what agents asked longer ago than their contracts keep it, from time to time.
func (a *App) forgetAgents(ctx context.Context) {
	for {
		if _, err := a.Agents.Forget(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("old requests of agents", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(prunePause):
		}
	}
}
