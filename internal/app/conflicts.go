package app

import (
	"context"
	"strconv"
	"time"

	"kvit/internal/access"
	"kvit/internal/conflict"
	"kvit/internal/money"
)

// DecidedConflict is a decision as the command line tells it; docs/schema/conflicts-decide.schema.json describes its JSON.
type DecidedConflict struct {
	ID     string         `json:"id"`
	DryRun bool           `json:"dryRun"`
	Value  string         `json:"value"`
	From   string         `json:"from,omitempty"`
	State  conflict.State `json:"state"`
	Month  string         `json:"month,omitempty"` // computed now and with the decision; without it the sums say nothing
	Before money.Amount   `json:"before"`
	After  money.Amount   `json:"after"`
}

// DecideConflict decides which of those who disagree is right.
func (a *App) DecideConflict(ctx context.Context, actor access.Actor, j conflict.Judgement) (*DecidedConflict, error) {
	out, err := a.Conflicts.Decide(ctx, actor, j)
	if err != nil {
		return nil, err
	}
	d := &DecidedConflict{ID: strconv.FormatInt(j.ID, 10), DryRun: j.DryRun, Value: out.Case.Value, State: out.Case.State, Before: out.Effect.Before, After: out.Effect.After}
	if out.Effect.Known {
		d.Month = out.Effect.Month.String()
	}
	if out.Case.From != 0 {
		d.From = out.Case.From.String()
	}
	return d, nil
}

// conflictPause is how soon conflicts are looked for in what came.
const conflictPause = 10 * time.Second

// findConflicts looks for what suppliers say differently, as files come in.
func (a *App) findConflicts(ctx context.Context) {
	a.every(ctx, conflictPause, "conflicts", func() error { return a.Conflicts.Refresh(ctx) })
}
