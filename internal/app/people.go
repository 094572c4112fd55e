package app

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/exchange"
	"kvit/internal/proposal"
)

// proposals finds the other accounts of people's flats; what they take is a decision of matching.
func (a *App) proposals() *proposal.Module {
	return &proposal.Module{DB: a.DB, People: a.People, Access: a.Access, Now: a.now, Decide: func(ctx context.Context, actor access.Actor, j proposal.Join) error {
		_, err := a.Exchange.Decide(ctx, actor, exchange.Judgement{Kind: exchange.Join, Review: j.Review, Of: j.Of, With: []string{j.With}, Note: "житель узнал свой счёт"})
		return err
	}}
}
