package app

import (
	"context"
)

// forgetAgents removes what agents asked longer ago than their contracts keep it, from time to time.
func (a *App) forgetAgents(ctx context.Context) {
	a.every(ctx, prunePause, "old requests of agents", func() error {
		_, err := a.Agents.Forget(ctx)
		return err
	})
}
